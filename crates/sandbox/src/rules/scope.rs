//! X's scopes in words.
//!
//! Source: <https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code>.

use birdkey_messages::{Words, words};

/// The scope that gives a refresh token.
pub(crate) const OFFLINE_ACCESS: &str = "offline.access";

/// What `scope` allows, if there is such a scope.
pub(crate) fn in_words(scope: &str) -> Option<Words> {
    let words = match scope {
        "tweet.read" => words!("scope.tweet.read"),
        "tweet.write" => words!("scope.tweet.write"),
        "tweet.moderate.write" => words!("scope.tweet.moderate.write"),
        "users.read" => words!("scope.users.read"),
        "users.email" => words!("scope.users.email"),
        "offline.access" => words!("scope.offline.access"),
        "follows.read" => words!("scope.follows.read"),
        "follows.write" => words!("scope.follows.write"),
        "space.read" => words!("scope.space.read"),
        "mute.read" => words!("scope.mute.read"),
        "mute.write" => words!("scope.mute.write"),
        "block.read" => words!("scope.block.read"),
        "block.write" => words!("scope.block.write"),
        "like.read" => words!("scope.like.read"),
        "like.write" => words!("scope.like.write"),
        "list.read" => words!("scope.list.read"),
        "list.write" => words!("scope.list.write"),
        "bookmark.read" => words!("scope.bookmark.read"),
        "bookmark.write" => words!("scope.bookmark.write"),
        "dm.read" => words!("scope.dm.read"),
        "dm.write" => words!("scope.dm.write"),
        "media.write" => words!("scope.media.write"),
        "timeline.read" => words!("scope.timeline.read"),
        "broadcast.read" => words!("scope.broadcast.read"),
        "broadcast.write" => words!("scope.broadcast.write"),
        "ads.read" => words!("scope.ads.read"),
        "ads.write" => words!("scope.ads.write"),
        "account.follows.read" => words!("scope.account.follows.read"),
        _ => return None,
    };
    Some(words)
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
