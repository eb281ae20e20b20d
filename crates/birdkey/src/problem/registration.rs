//! Words for where an app is registered: X has a console, the sandbox knows the apps that it was
//! started with, and a custom server keeps the settings of its apps.

use birdkey_messages::{Words, words};

use super::About;
use crate::protocol::provider::ProviderKind;

/// Where to take the client secret from, and what to do next.
pub(super) fn copy_secret_and(about: &About, next: Words) -> Words {
    let copy = match about.provider {
        Some(ProviderKind::X) => words!("client_secret.copy_at_x"),
        Some(ProviderKind::Sandbox) => words!("client_secret.copy_in_sandbox"),
        Some(ProviderKind::Custom) | None => {
            words!("client_secret.copy_elsewhere", host = about.host_inside())
        }
    };
    Words::sentences([copy, next])
}

/// The same for an app that is there.
pub(super) fn copy_and_store_secret(about: &About) -> Words {
    copy_secret_and(about, words!("client_secret.store", app_id = &about.app_id))
}

/// Where to take the client id from.
pub(super) fn copy_client_id(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("client_id.hint_at_x"),
        Some(ProviderKind::Sandbox) => words!("client_id.hint_in_sandbox"),
        Some(ProviderKind::Custom) | None => {
            words!("client_id.hint_elsewhere", host = about.host_inside())
        }
    }
}

/// What to compare a client id with that the server does not know.
pub(super) fn compare_client_id(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("client_id_wrong.hint_at_x"),
        Some(ProviderKind::Sandbox) => words!("client_id_wrong.hint_in_sandbox"),
        Some(ProviderKind::Custom) | None => {
            words!("client_id_wrong.hint_elsewhere", host = about.host_inside())
        }
    }
}

/// Where to add a redirect URI on this machine.
pub(super) fn add_loopback(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("no_loopback_redirect.hint_at_x"),
        Some(ProviderKind::Sandbox) => words!("no_loopback_redirect.hint_in_sandbox"),
        Some(ProviderKind::Custom) | None => {
            words!("no_loopback_redirect.hint_elsewhere", host = about.host_inside())
        }
    }
}

/// Where to add the redirect URI that the server refused.
pub(super) fn add_redirect_uri(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("redirect_uri_wrong.hint_at_x"),
        Some(ProviderKind::Sandbox) => {
            words!("redirect_uri_wrong.hint_in_sandbox", uri = &about.redirect_uri)
        }
        Some(ProviderKind::Custom) | None => {
            words!("redirect_uri_wrong.hint_elsewhere", host = about.host_inside())
        }
    }
}

/// What to look at after a refused login.
pub(super) fn check(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("login_refused.hint_at_x"),
        Some(ProviderKind::Sandbox) => words!("login_refused.hint_in_sandbox"),
        Some(ProviderKind::Custom) | None => {
            words!("login_refused.hint_elsewhere", host = about.host_inside())
        }
    }
}

/// What to change for an app that is confidential here and public at the server.
pub(super) fn make_public_here(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("app_type_wrong.public.hint_at_x"),
        Some(ProviderKind::Sandbox) => words!("app_type_wrong.public.hint_in_sandbox"),
        Some(ProviderKind::Custom) | None => {
            words!("app_type_wrong.public.hint_elsewhere", host = about.host_inside())
        }
    }
}

/// What to change for an app that is public here and confidential at the server.
pub(super) fn make_confidential_here(about: &About) -> Words {
    match about.provider {
        Some(ProviderKind::X) => words!("app_type_wrong.confidential.hint_at_x"),
        Some(ProviderKind::Sandbox) => words!("app_type_wrong.confidential.hint_in_sandbox"),
        Some(ProviderKind::Custom) | None => {
            words!("app_type_wrong.confidential.hint_elsewhere", host = about.host_inside())
        }
    }
}
