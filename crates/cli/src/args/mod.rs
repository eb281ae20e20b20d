//! The arguments, as clap reads them.

mod api;
mod app;
mod chosen;
mod doctor;
mod examples;
mod vault;

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::time::Duration;

use birdkey::store::config::LOGIN_TIMEOUT_SECONDS;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCandidates;

use crate::candidates::{accounts, apps};

pub(crate) use api::Api;
pub(crate) use app::{App, AppAdd, ProviderName};
pub(crate) use chosen::{ACCOUNT_VARIABLE, APP_VARIABLE, Chosen, variable};
pub(crate) use doctor::Doctor;
pub(crate) use vault::{Vault, VaultIdentity, VaultName, VaultUnlock, VaultUse};

/// Log in to X once; every program on this machine gets a fresh access token when it asks for one.
#[derive(Debug, Parser)]
#[command(name = "birdkey", version, max_term_width = 100, after_help = examples::BIRDKEY)]
pub(crate) struct Arguments {
    /// Print JSON instead of text
    #[arg(long, global = true, display_order = 900)]
    pub(crate) json: bool,
    /// Log each step to stderr, requests included; secrets are redacted
    #[arg(long, short = 'v', global = true, display_order = 901)]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Log in through the browser
    #[command(after_help = examples::LOGIN)]
    Login(Login),
    /// Print the access token of an account, and nothing else
    #[command(after_help = examples::TOKEN)]
    Token(Token),
    /// Run a program with the access token in its environment
    #[command(after_help = examples::EXEC)]
    Exec(Exec),
    /// Send a request to the API with the token of an account
    #[command(after_help = examples::API)]
    Api(Box<Api>),
    /// Show apps, accounts and how long their tokens are valid
    Status,
    /// Set the default account or app
    #[command(after_help = examples::SWITCH)]
    Switch(Switch),
    /// Show recent logins, refreshes, tokens handed out and failures
    Activity(Activity),
    /// Diagnose problems and suggest fixes
    #[command(after_help = examples::DOCTOR)]
    Doctor(Doctor),
    /// Refresh the tokens of an account now
    Refresh(Refresh),
    /// Revoke the tokens of an account and delete them
    #[command(after_help = examples::LOGOUT)]
    Logout(Logout),
    /// Add, list, show and remove apps (client registrations)
    #[command(subcommand, after_help = examples::APP)]
    App(App),
    /// Choose where tokens are kept, and unlock them
    #[command(subcommand, after_help = examples::VAULT)]
    Vault(Vault),
    /// Import logins from another program
    #[command(subcommand)]
    Import(Import),
    /// Run the sandbox, a local server that behaves like X
    #[command(after_help = examples::SANDBOX)]
    Sandbox(Sandbox),
    /// Print the shell script that completes commands, accounts and apps
    #[command(after_help = examples::COMPLETIONS)]
    Completions(Completions),
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: ShellName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellName {
    Bash,
    Zsh,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
}

impl ShellName {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::PowerShell => "powershell",
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The app to log in with, by id or name [default: the default app, or the only one]
    #[arg(long, add = ArgValueCandidates::new(apps))]
    pub(crate) app: Option<String>,
    /// Log in again to this account: @username, an id, or app/@username; warns if another user approves
    #[arg(long, conflicts_with = "app", add = ArgValueCandidates::new(accounts))]
    pub(crate) account: Option<String>,
    /// Add another account, even if the user of an existing one is not known
    #[arg(long, conflicts_with = "account")]
    pub(crate) new: bool,
    /// A scope to ask for instead of the app's scopes; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// Print the address of the consent page on stdout instead of opening a browser
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Print the address, and ask for the one the browser ends on; for a browser on another machine,
    /// and the default over SSH
    #[arg(long, conflicts_with = "no_browser")]
    pub(crate) paste: bool,
    /// How long to wait for the browser, e.g. 90s or 5m
    #[arg(long, value_name = "TIME", value_parser = login_timeout)]
    pub(crate) timeout: Option<Duration>,
}

#[derive(Debug, Args)]
pub(crate) struct Token {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Refresh the token first if it is valid for less than this, e.g. 60s or 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) min_valid: Duration,
    /// A scope that the token must have; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// The token alone, as an HTTP header, as NAME=value, or as JSON with expiry and scopes
    #[arg(long, value_enum, default_value = "raw")]
    pub(crate) format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Raw,
    Header,
    Env,
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct Exec {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// The environment variable for the token
    #[arg(long, value_name = "NAME", default_value = TOKEN_VARIABLE, value_parser = variable_name)]
    pub(crate) env: String,
    /// Refresh the token first if it is valid for less than this, e.g. 60s or 5m
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub(crate) min_valid: Duration,
    /// A scope that the token must have; may be repeated
    #[arg(long = "scope", value_name = "SCOPE")]
    pub(crate) scopes: Vec<String>,
    /// The program and its arguments
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// The variable that programs look for a token in.
pub(crate) const TOKEN_VARIABLE: &str = "X_ACCESS_TOKEN";

fn variable_name(name: &str) -> Result<String, String> {
    if name.is_empty() || name.contains(['=', '\0']) {
        return Err("a variable's name holds neither = nor a null character".to_owned());
    }
    Ok(name.to_owned())
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Switch {
    /// The account: @username, an id, or app/@username
    #[arg(add = ArgValueCandidates::new(accounts))]
    pub(crate) account: Option<String>,
    /// The app to use for logins, by id or name
    #[arg(long, add = ArgValueCandidates::new(apps))]
    pub(crate) app: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Activity {
    /// Keep showing new entries until Ctrl-C
    #[arg(long)]
    pub(crate) follow: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Refresh {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
}

#[derive(Debug, Args)]
pub(crate) struct Logout {
    #[command(flatten)]
    pub(crate) chosen: Chosen,
    /// Log all accounts out
    #[arg(long, conflicts_with_all = ["account", "app"])]
    pub(crate) all: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Import apps and OAuth 2.0 logins from xurl, X's own command (~/.xurl/auth.yml or ~/.xurl)
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
    /// The client ID of the logins, if xurl's file is of the older format that does not have it
    #[arg(long, value_name = "ID")]
    pub(crate) client_id: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// The port on 127.0.0.1; 0 picks a free one
    #[arg(long)]
    pub(crate) port: Option<u16>,
    /// Show the consent page (ask), or approve at once (auto)
    #[arg(long, value_enum, default_value = "ask")]
    pub(crate) approve: ApproveName,
    /// A redirect URI to register in addition to Birdkey's; may be repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    pub(crate) redirect_uris: Vec<String>,
    /// Also register a confidential demo app, and print its secret once
    #[arg(long)]
    pub(crate) confidential: bool,
    /// Simulate a fault, e.g. token:drop-after, token:refuse=5*3, revoke:unavailable*always, family-revoke,
    /// rotation-grace=10, expires-in=3, json-bodies=off; may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    pub(crate) faults: Vec<birdkey_sandbox::Plan>,
    /// Delete all apps, users and grants of the sandbox, and exit
    #[arg(long)]
    pub(crate) remove: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ApproveName {
    Ask,
    Auto,
}

/// Reads `90`, `90s`, `5m` or `1h`, as long as config.toml takes the same.
fn login_timeout(text: &str) -> Result<Duration, String> {
    within(text, LOGIN_TIMEOUT_SECONDS)
}

/// The same for how long a token has to be valid.
fn duration(text: &str) -> Result<Duration, String> {
    within(text, 1..=3_600)
}

/// The same for how long encrypted files stay open.
fn days(text: &str) -> Result<Duration, String> {
    within(text, 1..=7 * 86_400)
}

fn within(text: &str, range: RangeInclusive<u64>) -> Result<Duration, String> {
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
    let seconds = seconds.filter(|seconds| range.contains(seconds));
    seconds.map(Duration::from_secs).ok_or_else(|| {
        let (least, most) = (range.start(), range.end() / 3_600);
        format!("give a time from {least}s to {most}h, e.g. 90s or 5m")
    })
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
