//! The routes that faults and answers can be planned for.

/// A path of X that can be made to answer something else once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// `GET /i/oauth2/authorize`
    Authorize,
    /// `POST /2/oauth2/token`
    Token,
    /// `POST /2/oauth2/revoke`
    Revoke,
    /// `GET /2/users/me`
    UsersMe,
}

impl Route {
    const NAMED: [(Self, &'static str, &'static str); 4] = [
        (Self::Authorize, "authorize", "/i/oauth2/authorize"),
        (Self::Token, "token", "/2/oauth2/token"),
        (Self::Revoke, "revoke", "/2/oauth2/revoke"),
        (Self::UsersMe, "me", "/2/users/me"),
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, known, _)| *known == name).map(|(route, ..)| *route)
    }

    pub(crate) fn at(path: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(.., known)| *known == path).map(|(route, ..)| *route)
    }
}
