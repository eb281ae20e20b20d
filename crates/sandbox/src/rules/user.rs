//! The two demo users.

/// A user of the pretend X.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// X's ids are strings of digits.
    pub(crate) id: &'static str,
    pub(crate) username: &'static str,
    pub(crate) name: &'static str,
}

/// Everyone who can give access.
pub(crate) static USERS: [User; 2] = [
    User { id: "1000000000000000001", username: "demo_ada", name: "Ada Demo" },
    User { id: "1000000000000000002", username: "demo_grace", name: "Grace Demo" },
];

pub(crate) fn by_username(username: &str) -> Option<&'static User> {
    USERS.iter().find(|user| user.username == username)
}

pub(crate) fn by_id(id: &str) -> Option<&'static User> {
    USERS.iter().find(|user| user.id == id)
}
