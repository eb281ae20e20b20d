//! Why there is no connection, as facts; `problem` has the words for each.

/// The proxy between this machine and a server, without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyName {
    /// `scheme://host:port`.
    pub address: String,
    /// Where its address comes from.
    pub origin: ProxyOrigin,
    /// Whether its address holds a user name.
    pub with_login: bool,
}

/// Where a proxy's address comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyOrigin {
    /// This variable of the environment.
    Variable(&'static str),
    /// The settings of the system.
    System,
    /// The caller of the engine.
    Given,
}

/// A variable of the environment that is set, but to nothing that can be used as a proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableProxy {
    /// Its name; its value may hold a password.
    pub variable: &'static str,
    /// The scheme of the address, when that is what can't be used.
    pub scheme: Option<String>,
}

/// Why no connection came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoConnection {
    /// The address answered with a refusal.
    Refused,
    /// Not within 10 s.
    Slow,
    /// The system knows no way there.
    NoRoute,
    /// The other side hung up before the connection was secure.
    HungUp,
    /// The system failed in another way.
    Failed,
    /// At the proxy.
    Proxy(ProxyFault),
}

/// What went wrong at the proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyFault {
    /// Its name has no address.
    NotFound,
    /// Its address answered with a refusal.
    Refused,
    /// The system knows no way to it.
    NoRoute,
    /// No connection to it came about, for another reason.
    Unreached,
    /// It answered CONNECT with this status.
    Status(u16),
    /// It hung up without an answer.
    HungUp,
    /// What answers there is no proxy of the kind that was configured.
    NotAProxy,
    /// The SOCKS proxy made no connection.
    Socks,
    /// Its address, given by the caller, can't be used.
    Unusable,
}
