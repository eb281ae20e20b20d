//! The arguments, as clap reads them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Log in to X once; every program on this machine that needs a token gets a fresh one.
#[derive(Debug, Parser)]
#[command(name = "birdkey", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  birdkey login                 log in through the browser
  birdkey token                 print the access token
  curl -H \"Authorization: Bearer $(birdkey token)\" https://api.x.com/2/users/me
  birdkey sandbox               run a pretend X on this machine

Not affiliated with or endorsed by X Corp.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Log in through the browser
    Login(Login),
    /// Print the access token of an account, and nothing else
    Token(Token),
    /// Show apps, accounts and how long their tokens are valid
    Status,
    /// Choose the account (or app) that is meant when none is named
    Switch(Switch),
    /// Show who got what when: logins, refreshes, tokens handed out, failures
    Activity(Activity),
    /// Exchange the refresh token of an account for a new grant now
    Refresh(Refresh),
    /// Revoke both tokens of an account and erase it
    Logout(Logout),
    /// Add, list, show and remove apps (client registrations)
    #[command(subcommand)]
    App(App),
    /// Choose where grants are kept, and unlock it
    #[command(subcommand)]
    Vault(Vault),
    /// Take logins over from another program
    #[command(subcommand)]
    Import(Import),
    /// Run the sandbox: a pretend X on this machine
    Sandbox(Sandbox),
}

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The app to log in through, by id or name; else the default or the only one
    #[arg(long)]
    pub(crate) app: Option<String>,
    /// The account to log in to again: @username, an id, or app/@username; says if another came back
    #[arg(long, conflicts_with = "app")]
    pub(crate) account: Option<String>,
    /// A scope to ask for in place of the app's own; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Print the address of the consent page on stdout instead of opening a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// How long to wait for the browser, e.g. 90s or 5m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Debug, Args)]
pub(crate) struct Token {
    /// The account: @username, an id, or app/@username; else the default or the only one
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// Refresh the token first when it is valid for less than this, e.g. 60s or 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) min_valid: Duration,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Switch {
    /// The account: @username, an id, or app/@username
    pub(crate) account: Option<String>,
    /// The app that a login means, by id or name
    #[arg(long)]
    pub(crate) app: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Activity {
    /// Go on showing what happens, until Ctrl-C
    #[arg(long)]
    pub(crate) follow: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Refresh {
    /// The account: @username, an id, or app/@username; else the default or the only one
    #[arg(long)]
    pub(crate) account: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Logout {
    /// The account: @username, an id, or app/@username; else the default or the only one
    #[arg(long, conflicts_with = "all")]
    pub(crate) account: Option<String>,
    /// Log all accounts out
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum App {
    /// Add an app, or store the secret of one that is there
    Add(Box<AppAdd>),
    /// List the apps
    List,
    /// Show one app, with what has to be registered for it
    Show(AppName),
    /// Log its accounts out and remove an app
    Remove(AppName),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Take apps and OAuth 2.0 logins over from X's command xurl (~/.xurl/auth.yml or ~/.xurl)
    Xurl(ImportXurl),
}

#[derive(Debug, Args)]
pub(crate) struct ImportXurl {
    /// Remove the logins from xurl's file once they are stored, without asking
    #[arg(long, conflicts_with = "keep")]
    pub(crate) remove: bool,
    /// Leave xurl's file as it is, without asking
    #[arg(long)]
    pub(crate) keep: bool,
    /// The client id of the logins, when xurl's file has the older layout that does not name it
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Vault {
    /// Show where grants are kept, and whether it can be read and written
    Show,
    /// Move all grants and client secrets into the keychain or into encrypted files, and stay there
    Use(VaultUse),
    /// Unlock the keychain, or the encrypted files with their passphrase
    Unlock(VaultUnlock),
    /// Lock the encrypted files again
    Lock,
    /// Print the identity that opens the encrypted files, for a service that runs unattended
    #[command(after_help = IDENTITY)]
    Identity,
}

const IDENTITY: &str = "\
The identity opens the encrypted files without a passphrase. Birdkey takes it from, in this order:
  the file that identity_file names in the section [vault] of the configuration
  the file that BIRDKEY_VAULT_IDENTITY names, e.g. /dev/fd/3 for a file descriptor
  the credential birdkey-vault-identity that systemd gives a service

Examples:
  birdkey vault identity | systemd-creds encrypt --name=birdkey-vault-identity - /etc/credstore.encrypted/birdkey-vault-identity
  BIRDKEY_VAULT_IDENTITY=/dev/fd/3 birdkey token 3< identity";

#[derive(Debug, Args)]
pub(crate) struct VaultUse {
    /// Which
    #[arg(value_enum)]
    pub(crate) vault: VaultName,
    /// Read the passphrase from a file, or from standard input with -, instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Open the encrypted files with this identity (as age-keygen writes it) and no passphrase
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    pub(crate) identity_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VaultUnlock {
    /// Read the passphrase from a file, or from standard input with -, instead of asking
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// How long the encrypted files stay open for your programs, e.g. 30m or 12h
    #[arg(long = "for", value_name = "TIME", default_value = "12h", value_parser = days)]
    pub(crate) keep: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VaultName {
    /// The keychain of the system
    Keychain,
    /// Encrypted files in Birdkey's data folder
    File,
}

#[derive(Debug, Args)]
pub(crate) struct AppName {
    /// The app, by id or name
    pub(crate) app: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AppAdd {
    /// Where the app is registered
    #[arg(long, value_enum, default_value = "x")]
    pub(crate) provider: ProviderName,
    /// The OAuth 2.0 client id
    #[arg(long, required_unless_present = "id")]
    pub(crate) client_id: Option<String>,
    /// Your name for the app
    #[arg(long, default_value = "")]
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
    /// Only store the client secret of the app with this id or name
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
    /// Where the browser goes
    #[arg(long, value_name = "URL", required_if_eq("provider", "custom"))]
    pub(crate) authorize_url: Option<String>,
    /// Where codes are exchanged
    #[arg(long, value_name = "URL", required_if_eq("provider", "custom"))]
    pub(crate) token_url: Option<String>,
    /// Where tokens are revoked
    #[arg(long, value_name = "URL")]
    pub(crate) revoke_url: Option<String>,
    /// Where the profile is read, e.g. OpenID Connect userinfo
    #[arg(long, value_name = "URL")]
    pub(crate) profile_url: Option<String>,
    /// The issuer that the server's answers must name
    #[arg(long)]
    pub(crate) issuer: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProviderName {
    /// X
    X,
    /// A sandbox on this machine
    Sandbox,
    /// Any RFC 6749 and RFC 7636 server
    Custom,
}

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The port on 127.0.0.1; 0 picks a free one
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// Show the consent page, or approve at once
    #[arg(long, value_enum, default_value = "ask")]
    pub(crate) approve: ApproveName,
    /// A redirect URI to register besides Birdkey's own; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub(crate) redirect_uris: Vec<String>,
    /// Register a confidential demo app too, and print its secret once
    #[arg(long)]
    pub(crate) confidential: bool,
    /// Misbehave: e.g. token:drop-after, token:refuse=5*3, revoke:unavailable*always, family-revoke,
    /// rotation-grace=10, expires-in=3; may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<birdkey_sandbox::Plan>,
    /// Forget all apps, users and grants of the sandbox, and end
    #[arg(long)]
    pub(crate) remove: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApproveName {
    /// Show the consent page
    Ask,
    /// Skip it
    Auto,
}

/// Reads `90`, `90s`, `5m` or `1h`; one second to one hour.
fn duration(text: &str) -> Result<Duration, String> {
    seconds(text, 3_600).ok_or_else(|| "give a time from 1s to 1h, e.g. 90s or 5m".to_owned())
}

/// The same up to a week.
fn days(text: &str) -> Result<Duration, String> {
    seconds(text, 7 * 86_400)
        .ok_or_else(|| "give a time from 1s to 168h, e.g. 30m or 12h".to_owned())
}

fn seconds(text: &str, most: u64) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix(['s', 'm', 'h']) {
        Some(number) => (number, &text[number.len()..]),
        None => (text, "s"),
    };
    let factor = match unit {
        "m" => 60,
        "h" => 3_600,
        _ => 1,
    };
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    seconds.filter(|seconds| (1..=most).contains(seconds)).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_time_has_a_unit_or_is_in_seconds() {
        let table = [
            ("90", Some(90)),
            ("90s", Some(90)),
            ("5m", Some(300)),
            ("1h", Some(3_600)),
            ("2h", None),
            ("0", None),
            ("-1", None),
            ("m", None),
            ("", None),
        ];
        for (text, expected) in table {
            assert_eq!(duration(text).ok().map(|time| time.as_secs()), expected, "{text:?}");
        }
    }
}
