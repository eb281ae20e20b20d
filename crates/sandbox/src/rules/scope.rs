//! X's scopes in words.
//!
//! Source: <https://docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code>.

/// The scope that gives a refresh token.
pub(crate) const OFFLINE_ACCESS: &str = "offline.access";

const SCOPES: [(&str, &str); 28] = [
    ("tweet.read", "See the posts you can see, protected ones included"),
    ("tweet.write", "Post and repost for you"),
    ("tweet.moderate.write", "Hide and unhide replies to your posts"),
    ("users.read", "See the accounts you can see"),
    ("users.email", "See your email address"),
    (OFFLINE_ACCESS, "Keep access until you take it back"),
    ("follows.read", "See who you follow and who follows you"),
    ("follows.write", "Follow and unfollow accounts for you"),
    ("space.read", "See the Spaces you can see"),
    ("mute.read", "See the accounts you mute"),
    ("mute.write", "Mute and unmute accounts for you"),
    ("block.read", "See the accounts you block"),
    ("block.write", "Block and unblock accounts for you"),
    ("like.read", "See the posts you like"),
    ("like.write", "Like and unlike posts for you"),
    ("list.read", "See your Lists, private ones included"),
    ("list.write", "Create and change Lists for you"),
    ("bookmark.read", "See your bookmarks"),
    ("bookmark.write", "Add and remove bookmarks for you"),
    ("dm.read", "Read your direct messages"),
    ("dm.write", "Send direct messages for you"),
    ("media.write", "Upload pictures and videos for you"),
    ("timeline.read", "See your custom timelines"),
    ("broadcast.read", "See your live broadcasts"),
    ("broadcast.write", "Go live for you"),
    ("ads.read", "See your ads"),
    ("ads.write", "Create and change ads for you"),
    ("account.follows.read", "See who your account follows"),
];

/// What `scope` allows, if there is such a scope.
pub(crate) fn in_words(scope: &str) -> Option<&'static str> {
    SCOPES.iter().find(|(name, _)| *name == scope).map(|(_, words)| *words)
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
