//! `birdkey app`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCandidates;

use super::examples;
use crate::candidates::apps;

#[derive(Debug, Subcommand)]
pub(crate) enum App {
    /// Add an app, or store the client secret of an existing one
    #[command(after_help = examples::APP_ADD)]
    Add(Box<AppAdd>),
    /// List the apps
    List,
    /// Show an app, and what to register for it
    Show(AppName),
    /// Check client ID, secret, type and ports without a login
    Check(AppName),
    /// Remove an app and log out its accounts
    Remove(AppName),
}

#[derive(Debug, Args)]
pub(crate) struct AppName {
    /// The app, by id or name
    #[arg(add = ArgValueCandidates::new(apps))]
    pub(crate) app: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AppAdd {
    /// Where the app is registered: X, a sandbox, or any RFC 6749 and RFC 7636 server
    #[arg(long, value_enum, default_value = "x")]
    pub(crate) provider: ProviderName,
    /// The OAuth 2.0 client ID
    #[arg(long, required_unless_present = "id")]
    pub(crate) client_id: Option<String>,
    /// A name for the app, for you
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) name: String,
    /// The app has a client secret (Web App, Automated App or Bot at X)
    #[arg(long)]
    pub(crate) confidential: bool,
    /// Read the client secret from a file, or from standard input with -
    #[arg(long, value_name = "FILE")]
    pub(crate) client_secret_file: Option<PathBuf>,
    /// A redirect URI, exactly as registered; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub(crate) redirect_uris: Vec<String>,
    /// A scope to ask for; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Only store the client secret of this app, by id or name
    #[arg(long, requires = "client_secret_file", conflicts_with = "client_id")]
    pub(crate) id: Option<String>,
    #[command(flatten)]
    pub(crate) addresses: Addresses,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Addresses of a sandbox or custom server")]
pub(crate) struct Addresses {
    /// Where the sandbox listens
    #[arg(long, value_name = "URL", default_value = birdkey::app::SANDBOX_ADDRESS)]
    pub(crate) sandbox_url: String,
    /// The authorization endpoint, where the browser goes
    #[arg(long, value_name = "URL", required_if_eq("provider", "custom"))]
    pub(crate) authorize_url: Option<String>,
    /// The token endpoint
    #[arg(long, value_name = "URL", required_if_eq("provider", "custom"))]
    pub(crate) token_url: Option<String>,
    /// The revocation endpoint
    #[arg(long, value_name = "URL")]
    pub(crate) revoke_url: Option<String>,
    /// The address of the user's profile, e.g. OpenID Connect userinfo
    #[arg(long, value_name = "URL")]
    pub(crate) profile_url: Option<String>,
    /// The issuer that the server's answers must name
    #[arg(long)]
    pub(crate) issuer: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProviderName {
    X,
    Sandbox,
    Custom,
}
