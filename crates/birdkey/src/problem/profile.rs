//! Words for why an account's names are not known.

use birdkey_messages::{Words, words};

use super::{About, Code, Problem};
use crate::protocol::provider::ProviderKind;
use crate::store::accounts::ProfileNote;

/// Words for why an account's names are not known; the grant is not less valid for it.
pub fn profile(note: ProfileNote, about: &About) -> Problem {
    let server = about.server();
    let (code, why, hint) = match note {
        ProfileNote::Unauthorized => (
            Code::ProfileUnauthorized,
            match about.provider {
                Some(ProviderKind::X) => words!("profile_unauthorized.why", server = server),
                Some(ProviderKind::Sandbox | ProviderKind::Custom) | None => {
                    words!("profile_unauthorized.why_elsewhere", server = server)
                }
            },
            words!("profile_unauthorized.hint"),
        ),
        ProfileNote::NoCredits => {
            let (why, hint) = no_credits(about);
            (Code::ProfileNoCredits, why, hint)
        }
        ProfileNote::NotEnrolled => {
            let (why, hint) = not_enrolled(about);
            (Code::ProfileNotEnrolled, why, hint)
        }
        ProfileNote::Forbidden => {
            let (why, hint) = forbidden(about);
            (Code::ProfileForbidden, why, hint)
        }
        ProfileNote::RateLimited => (
            Code::ProfileRateLimited,
            words!("profile_rate_limited.why", server = server),
            words!("profile.hint_later"),
        ),
        ProfileNote::Slow => (
            Code::ProfileSlow,
            words!("profile_slow.why", server = server),
            words!("profile.hint_later"),
        ),
        ProfileNote::Unavailable => (
            Code::ProfileUnavailable,
            words!("profile_unavailable.why", server = server),
            words!("profile.hint_later"),
        ),
        ProfileNote::NotOffered => (
            Code::ProfileNotOffered,
            words!("profile_not_offered.why"),
            words!("profile_not_offered.hint"),
        ),
    };
    Problem::of(code, words!("profile.what"), why, hint)
}

fn no_credits(about: &About) -> (Words, Words) {
    let server = about.server();
    match about.provider {
        Some(ProviderKind::X) => {
            (words!("profile_no_credits.why", server = server), words!("profile_no_credits.hint"))
        }
        Some(ProviderKind::Sandbox) => {
            (words!("profile_no_credits.why_in_sandbox", server = server), imitated())
        }
        Some(ProviderKind::Custom) | None => (
            words!("profile_no_credits.why_elsewhere", server = server),
            words!("profile_no_credits.hint_elsewhere", host = about.host_inside()),
        ),
    }
}

fn not_enrolled(about: &About) -> (Words, Words) {
    let server = about.server();
    match about.provider {
        Some(ProviderKind::X) => (
            words!("profile_not_enrolled.why", server = server),
            words!("profile_not_enrolled.hint"),
        ),
        Some(ProviderKind::Sandbox) => {
            (words!("profile_not_enrolled.why_in_sandbox", server = server), imitated())
        }
        // Packages are X's; of another server only the 403 means something.
        Some(ProviderKind::Custom) | None => forbidden(about),
    }
}

fn forbidden(about: &About) -> (Words, Words) {
    let server = about.server();
    match about.provider {
        Some(ProviderKind::X | ProviderKind::Sandbox) => {
            (words!("profile_forbidden.why", server = server), words!("profile_forbidden.hint"))
        }
        Some(ProviderKind::Custom) | None => (
            words!("profile_forbidden.why_elsewhere", server = server),
            words!("profile_forbidden.hint_elsewhere"),
        ),
    }
}

/// The sandbox answers as X does, where there is nothing to buy.
fn imitated() -> Words {
    Words::sentences([words!("profile.valid"), words!("imitated.hint")])
}
