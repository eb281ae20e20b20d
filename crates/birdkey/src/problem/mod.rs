//! What a failure looks like from the outside: the same for window, tray, browser page and command.

/// A Problem of a [`Code`], whose words are at a key with `.what`, `.why` and `.hint`; each may put in
/// what is given. Key and names are literals, as in [`birdkey_messages::words`]. After `; hint =`
/// stands what to do when that is said elsewhere.
macro_rules! problem {
    ($code:expr, $key:literal $(, $name:ident = $value:expr)*; hint = $hint:expr) => {{
        let values = vec![$((stringify!($name), birdkey_messages::Words::from($value))),*];
        let say = |key| birdkey_messages::Words::message(key, values.clone());
        $crate::problem::Problem::of(
            $code,
            say(concat!($key, ".what")),
            say(concat!($key, ".why")),
            $hint,
        )
    }};
    ($code:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {{
        let values = vec![$((stringify!($name), birdkey_messages::Words::from($value))),*];
        let say = |key| birdkey_messages::Words::message(key, values.clone());
        $crate::problem::Problem::of(
            $code,
            say(concat!($key, ".what")),
            say(concat!($key, ".why")),
            say(concat!($key, ".hint")),
        )
    }};
}

mod api;
mod certificates;
mod code;
mod deep_link;
mod grants;
mod import;
mod login;
mod network;
mod profile;
mod provider;
mod proxy;
mod refresh;
mod registration;
pub mod sandbox;
mod storage;
mod unauthorized;
mod vault;

#[cfg(test)]
mod catalogue_tests;

use birdkey_foreign::Foreign;
use birdkey_messages::{Language, Words, words};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::effects::loopback::Explanation;
use crate::failure::Failure;
use crate::model::app::App;
use crate::protocol::client::ClientType;
use crate::protocol::provider::ProviderKind;

pub use api::api_answer;
pub(crate) use api::api_refused;
pub use code::Code;
pub(crate) use deep_link::desktop_app_ended;
pub use deep_link::{
    deep_link_untested, deep_link_unusable, desktop_app_ends, login_gone, no_desktop_app,
    page_by_the_app, test_page_unopened,
};
pub(crate) use grants::{
    account_elsewhere, account_renewed, login_cut_off, login_overtaken, logout_held_back,
    more_elsewhere, newer_tokens_may_live, older_tokens_live, user_unconfirmed, where_to_end,
};
pub(crate) use import::{login_elsewhere, twin};
pub(crate) use login::{LoginEffect, other_user, shared_redirect};
pub use login::{browser, client_id, grant_note};
pub use profile::profile;
pub(crate) use refresh::{ended_words, scopes_lost};
pub use unauthorized::Unauthorized;

/// A failure in the user's words, said in the language of the moment it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Stable name.
    pub code: Code,
    /// What happened, one sentence.
    #[ts(type = "string")]
    pub what: Words,
    /// Why, one or two sentences with the fact.
    #[ts(type = "string")]
    pub why: Words,
    /// What to do, as an action that exists.
    #[ts(type = "string")]
    pub hint: Words,
}

/// What a failure is about: the facts that its words need.
#[derive(Debug, Clone, Default)]
pub struct About {
    /// The app's id.
    pub app_id: String,
    /// The app's name.
    pub app_name: Foreign,
    /// Which kind of server.
    pub provider: Option<ProviderKind>,
    /// The host of its consent page, where the app is registered.
    pub host: String,
    /// The address of the sandbox.
    pub sandbox_address: Option<String>,
    /// The client id sent.
    pub client_id: String,
    /// The type the app is configured as.
    pub client_type: Option<ClientType>,
    /// The redirect URI sent.
    pub redirect_uri: String,
    /// Where grants are kept.
    pub vault: String,
    /// Which other program may hold a login of the same app.
    pub elsewhere: Option<Foreign>,
}

impl About {
    /// The facts of an app.
    pub fn app(app: &App) -> Self {
        let sandbox_address = match &app.provider {
            crate::model::app::Provider::Sandbox(address) => Some(address.origin()),
            crate::model::app::Provider::X | crate::model::app::Provider::Custom(_) => None,
        };
        let host = app.provider.endpoints().map(|endpoints| endpoints.authorize.host().to_owned());
        Self {
            app_id: app.id.clone(),
            app_name: app.name.clone(),
            provider: Some(app.provider.kind()),
            host: host.unwrap_or_default(),
            sandbox_address,
            client_id: app.client_id.clone(),
            client_type: Some(app.client_type),
            redirect_uri: app.redirect_uris.first().cloned().unwrap_or_default(),
            vault: String::new(),
            elsewhere: None,
        }
    }

    /// What the server is called at the beginning of a sentence.
    fn server(&self) -> Words {
        match self.provider {
            Some(ProviderKind::X) => "X".into(),
            Some(ProviderKind::Sandbox) => words!("server.sandbox"),
            Some(ProviderKind::Custom) | None => words!("server.other"),
        }
    }

    /// The same inside a sentence, where other languages have the dative.
    fn server_inside(&self) -> Words {
        match self.provider {
            Some(ProviderKind::X) => "X".into(),
            Some(ProviderKind::Sandbox) => words!("server.sandbox_inside"),
            Some(ProviderKind::Custom) | None => words!("server.other_inside"),
        }
    }

    /// Where the app is registered, inside a sentence.
    fn host_inside(&self) -> Words {
        if self.host.is_empty() { self.server_inside() } else { self.host.as_str().into() }
    }

    /// That a login ends the same user's other logins; nothing where that is not known.
    fn one_grant(&self) -> Option<Words> {
        match self.provider {
            Some(ProviderKind::X | ProviderKind::Sandbox) => {
                Some(words!("one_grant", server = self.server()))
            }
            Some(ProviderKind::Custom) | None => None,
        }
    }

    /// How to log in again.
    fn log_in_again(&self) -> Words {
        if self.app_id.is_empty() {
            words!("log_in_again")
        } else {
            words!("log_in_again.app", app_id = &self.app_id)
        }
    }
}

impl Problem {
    /// The words for a failure: one exhaustive function for all places that show one.
    pub fn new(failure: &Failure, about: &About) -> Self {
        match failure {
            Failure::Config(error) => storage::config(error),
            Failure::Accounts(error) => storage::accounts(error),
            Failure::File(error) => storage::file(error),
            Failure::NoHome(_) => storage::no_home(),
            Failure::Vault(error) => vault::vault(error),
            Failure::Stored(error) => storage::stored(error, about),
            Failure::Choice(error) => login::choice(error),
            Failure::App(error) => login::app(error, about),
            Failure::Redirect(error) => login::redirect(error, about),
            Failure::Login(error) => login::login(error, about),
            Failure::Browser(error) => login::browser(error),
            Failure::Randomness(_) => login::no_randomness(),
            Failure::Http(error) => network::http(error, about),
            Failure::Token(error) => provider::token(error, about),
            Failure::Refresh(error) => refresh::refresh(error, about),
            Failure::Xurl(error) => import::xurl(error),
            Failure::Elsewhere(elsewhere) => {
                grants::would_end_elsewhere(&elsewhere.folder(), &elsewhere.line())
            }
        }
    }

    /// A failure in words of one's own.
    pub fn of(
        code: Code,
        what: impl Into<Words>,
        why: impl Into<Words>,
        hint: impl Into<Words>,
    ) -> Self {
        Self { code, what: what.into(), why: why.into(), hint: hint.into() }
    }

    /// The words alone, for the page that ends a login.
    pub(crate) fn explanation(&self) -> Explanation {
        let Self { what, why, hint, .. } = self.clone();
        Explanation { what, why, hint }
    }

    /// The same in words that stay in this language, for whoever reads another than this process speaks.
    #[must_use]
    pub fn in_language(&self, language: Language) -> Self {
        let said = |words: &Words| words.in_language(language);
        Self::of(self.code, said(&self.what), said(&self.why), said(&self.hint))
    }
}
