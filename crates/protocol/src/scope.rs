//! Scopes, compared as sets because X shuffles their order.

use std::fmt;

/// The scope that makes X send a refresh token.
pub const OFFLINE_ACCESS: &str = "offline.access";

/// A list of scopes without repeats, in the order given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// Reads a space-separated list (RFC 6749 §3.3); any white space separates.
    pub fn parse(text: &str) -> Self {
        Self::from_names(text.split_whitespace())
    }

    /// Takes single names, each of which may itself be a list.
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut scopes = Vec::<String>::new();
        for name in names.into_iter().flat_map(str::split_whitespace) {
            if !scopes.iter().any(|known| known == name) {
                scopes.push(name.to_owned());
            }
        }
        Self(scopes)
    }

    /// The names, in the order given.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `name` is among them.
    pub fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|known| known == name)
    }

    /// Those of `self` that `granted` lacks.
    pub fn missing_in(&self, granted: &Self) -> Vec<String> {
        self.0.iter().filter(|name| !granted.contains(name)).cloned().collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::Scopes;

    #[test]
    fn order_and_repeats_do_not_matter() {
        let asked = Scopes::parse("tweet.read users.read  offline.access users.read");
        let granted = Scopes::parse("offline.access tweet.read");
        assert_eq!(asked.names().len(), 3);
        assert_eq!(asked.missing_in(&granted), ["users.read"]);
        assert!(granted.missing_in(&asked).is_empty());
    }
}
