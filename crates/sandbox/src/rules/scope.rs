//! X's scopes in words.
//!
//! Source: <https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code>.

use birdkey_messages::Words;
use birdkey_messages::scopes::{self, Scope};

/// The scope that gives a refresh token.
pub(crate) const OFFLINE_ACCESS: &str = "offline.access";

/// What `scope` allows, if there is such a scope.
pub(crate) fn in_words(scope: &str) -> Option<Words> {
    scopes::of(scope).map(Scope::words)
}

/// The name that was meant, if `scope` is a known wrong one.
pub(crate) fn right_name(scope: &str) -> Option<&'static str> {
    scopes::never_sent(scope)?.instead.as_deref()
}

/// The single scopes of a list (RFC 6749 §3.3), without repeats.
pub(crate) fn parse(list: &str) -> Vec<String> {
    let mut scopes = Vec::<String>::new();
    for scope in list.split_whitespace() {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}
