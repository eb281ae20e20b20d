//! Everything that can go wrong, by cause; `problem` has the words for each.

use birdkey_foreign::Foreign;
use birdkey_messages::Words;

use crate::effects::browser::BrowserError;
use crate::effects::files::FileError;
use crate::effects::folders::NoHome;
use crate::effects::http::HttpError;
use crate::effects::loopback::RedirectError;
use crate::effects::random::NoRandomness;
use crate::effects::vault::VaultError;
use crate::model::elsewhere::Elsewhere;
use crate::protocol::callback::Malformed;
use crate::protocol::client::ClientIdError;
use crate::protocol::endpoint::EndpointError;
use crate::protocol::failure::TokenFailure;
use crate::store::accounts::{AccountsError, Ended};
use crate::store::config::ConfigError;
use crate::store::xurl::XurlError;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The account list.
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// Another file of ours.
    #[error(transparent)]
    File(#[from] FileError),
    /// No folders.
    #[error(transparent)]
    NoHome(#[from] NoHome),
    /// The vault did not answer.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// What lies in the vault can't be used.
    #[error(transparent)]
    Stored(#[from] StoredError),
    /// It is not clear which app or account is meant.
    #[error(transparent)]
    Choice(#[from] ChoiceError),
    /// An app can't be added as given.
    #[error(transparent)]
    App(#[from] AppError),
    /// Nothing listens for the redirect.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
    /// The login ended without a code.
    #[error(transparent)]
    Login(#[from] LoginFailure),
    /// No browser.
    #[error(transparent)]
    Browser(#[from] BrowserError),
    /// No randomness.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The provider was not reached, or its answer not read.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The provider refused.
    #[error(transparent)]
    Token(#[from] TokenFailure),
    /// The refresh.
    #[error(transparent)]
    Refresh(#[from] RefreshError),
    /// The file of xurl.
    #[error(transparent)]
    Xurl(#[from] XurlError),
    /// A login would end one that another folder of this user holds.
    #[error("{} holds a login of this app", .0.folder())]
    Elsewhere(Elsewhere),
}

/// Why a refresh did not give a new grant, beside what network and server say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// Another process is refreshing and does not get done.
    #[error("another process refreshes this account")]
    Busy {
        /// Its process id, when known.
        pid: Option<u32>,
        /// How long was waited, in seconds.
        waited_seconds: u64,
    },
    /// The server said that the grant is dead.
    #[error("the grant is dead")]
    Dead(Ended),
    /// The server's new grant could not be stored.
    #[error("the new grant is not in the vault: {reason:?}")]
    NotStored {
        /// Why not, in words.
        reason: Words,
        /// Whether it waits, encrypted, for the vault to work again.
        kept: bool,
    },
    /// Earlier attempts brought no answer, and the next one has to wait.
    #[error("the last refresh brought no answer; the next one may begin in {seconds} s")]
    Unanswered {
        /// How much longer, in seconds.
        seconds: u64,
    },
    /// The program is ending, so that it would not see the answer.
    #[error("the program is ending")]
    Closing,
    /// The task of the refresh was stopped with its program.
    #[error("the refresh was cut off")]
    CutOff,
}

/// Why a login ended without a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoginFailure {
    /// The user cancelled it in Birdkey.
    #[error("the login was cancelled")]
    Cancelled,
    /// The user, or the server on its own, refused access.
    #[error("access was denied")]
    Denied,
    /// Nothing came back in time.
    #[error("nothing came back in time")]
    TimedOut {
        /// How long was waited, in seconds.
        waited_seconds: u64,
        /// Why Birdkey opened no browser, if it was to.
        unopened: Option<BrowserError>,
    },
    /// The server sent another error.
    #[error("the server refused with {error:?}")]
    Refused {
        /// `error`.
        error: Foreign,
        /// `error_description`.
        description: Option<Foreign>,
    },
    /// The redirect had the right state but was not valid.
    #[error("the redirect was not valid")]
    Malformed(Malformed),
    /// `iss` is not the configured issuer.
    #[error("the issuer is {issuer:?}")]
    IssuerMismatch {
        /// `iss`.
        issuer: Foreign,
    },
    /// Another login is running in this program.
    #[error("another login is running")]
    Running,
}

/// Why what lies in the vault can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// There is no grant for this account.
    #[error("there is no grant in the vault")]
    GrantMissing,
    /// The item is not a grant.
    #[error("the grant can't be read")]
    GrantUnreadable,
    /// A newer version wrote the item.
    #[error("the grant was written by a newer version")]
    GrantNewer,
    /// The access token has expired, or is about to, and there is nothing to refresh it with.
    #[error("the access token has expired")]
    Expired,
    /// The grant lacks scopes that the caller needs.
    #[error("the grant lacks {}", missing.join(" "))]
    ScopeMissing {
        /// The account's id.
        account_id: String,
        /// What it lacks.
        missing: Vec<String>,
        /// What a login would have to ask for.
        together: Vec<String>,
    },
    /// There is no client secret for this app.
    #[error("there is no client secret in the vault")]
    ClientSecretMissing,
    /// The app's addresses or client id are not those the item was made for.
    #[error("the {what:?} changed from {bound:?} to {now:?}")]
    EndpointsChanged {
        /// What changed.
        what: Words,
        /// What the item was made for.
        bound: Words,
        /// What the configuration says.
        now: Words,
    },
}

/// Why it is not clear which app or account is meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChoiceError {
    /// There is no app.
    #[error("there is no app")]
    NoApp,
    /// No app is called so.
    #[error("there is no app {given:?}")]
    AppUnknown {
        /// The name or id given.
        given: Foreign,
        /// The apps there are.
        known: Vec<Foreign>,
    },
    /// Several apps fit.
    #[error("several apps fit")]
    AppAmbiguous {
        /// The ids that fit.
        fitting: Vec<Foreign>,
    },
    /// Nobody is logged in.
    #[error("nobody is logged in")]
    NoAccount,
    /// No account is called so.
    #[error("there is no account {given:?}")]
    AccountUnknown {
        /// The name or id given.
        given: Foreign,
        /// The accounts there are.
        known: Vec<Foreign>,
    },
    /// Several accounts fit.
    #[error("several accounts fit")]
    AccountAmbiguous {
        /// The accounts that fit.
        fitting: Vec<Foreign>,
    },
}

/// Why an app can't be added as given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppError {
    /// The client id.
    #[error(transparent)]
    ClientId(#[from] ClientIdError),
    /// An address.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// A redirect URI is not usable.
    #[error("the redirect URI {given:?} is not usable")]
    RedirectUri {
        /// As given.
        given: String,
    },
    /// A client secret for a public app.
    #[error("a public app has no client secret")]
    NotConfidential,
    /// The client id of an app that accounts are logged in through.
    #[error("accounts are logged in through this client id")]
    ClientIdInUse,
    /// The client secret is empty, too long, not one line, or the client id.
    #[error("this is not a client secret")]
    ClientSecret,
    /// A confidential app without its secret.
    #[error("a confidential app needs its secret")]
    SecretNeeded,
}
