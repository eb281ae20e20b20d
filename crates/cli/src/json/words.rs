//! Values of a fixed set, and the word that stands for each.

/// A function that gives the word for a value. A value that is added to the set needs a word here
/// before anything compiles, and in the document before the tests pass.
macro_rules! words {
    ($function:ident($set:ty), $all:ident: $($value:pat => $word:literal),+ $(,)?) => {
        pub(super) fn $function(value: $set) -> &'static str {
            match value {
                $($value => $word),+
            }
        }

        #[cfg(test)]
        pub(super) const $all: &[&str] = &[$($word),+];
    };
}

use birdkey::activity::What;
use birdkey::effects::vault::VaultKind;
use birdkey::view::{AccountState, Check, ClientTypeView, Level, ProviderView, RevocationView};

words! { account_state(AccountState), ACCOUNT_STATES:
    AccountState::Ready => "ready",
    AccountState::Refreshable => "refreshable",
    AccountState::Expired => "expired",
    AccountState::LogInAgain => "log_in_again",
    AccountState::VaultUnavailable => "vault_unavailable",
    AccountState::SandboxOff => "sandbox_off",
    AccountState::Blocked => "blocked",
}

words! { provider(ProviderView), PROVIDERS:
    ProviderView::X => "x",
    ProviderView::Sandbox => "sandbox",
    ProviderView::Custom => "custom",
}

words! { client_type(ClientTypeView), CLIENT_TYPES:
    ClientTypeView::Public => "public",
    ClientTypeView::Confidential => "confidential",
}

words! { revocation_state(&RevocationView), REVOCATION_STATES:
    RevocationView::None => "none",
    RevocationView::Revoked => "revoked",
    RevocationView::Unsupported => "unsupported",
    RevocationView::Waiting { .. } => "waiting",
    RevocationView::Failed { .. } => "failed",
}

words! { vault_kind(VaultKind), VAULT_KINDS:
    VaultKind::Keychain => "keychain",
    VaultKind::File => "file",
}

words! { event(What), EVENTS:
    What::Login => "login",
    What::Refresh => "refresh",
    What::Token => "token",
    What::Import => "import",
    What::Logout => "logout",
    What::Failure => "failure",
}

words! { level(Level), LEVELS:
    Level::Ok => "ok",
    Level::Note => "note",
    Level::Warning => "warning",
    Level::Problem => "problem",
}

words! { check(Check), CHECKS:
    Check::Files => "files",
    Check::Access => "access",
    Check::Vault => "vault",
    Check::Browser => "browser",
    Check::Command => "command",
    Check::Links => "links",
    Check::Network => "network",
    Check::Registration => "registration",
    Check::Clock => "clock",
    Check::Ports => "ports",
    Check::RedirectUris => "redirect_uris",
    Check::Conflict => "conflict",
    Check::Account => "account",
    Check::Api => "api",
    Check::Leftovers => "leftovers",
}
