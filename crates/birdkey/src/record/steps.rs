//! The steps of a recording, in their order, as the person who is asked before each reads them.

/// One thing that is tried at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described to the person in `what`")]
pub enum Step {
    Metadata,
    BasicHeader,
    Cancel,
    LongState,
    NoState,
    NoScope,
    UnknownScope,
    NoChallenge,
    PlainChallenge,
    OtherPort,
    Localhost,
    Ipv6,
    OwnScheme,
    BurnedCode,
    LateCode,
    Login,
    CodeReplay,
    Profile,
    Refresh,
    Reuse,
    RevokeUnknown,
    RevokeAccess,
    RevokeRefresh,
}

/// What a person does in the browser when only the page matters.
const LOOK: &str =
    "If a consent page appears, press Cancel on it. If nothing comes back, say here what you see.";
const APPROVE: &str = "Approve on the consent page.";

impl Step {
    /// All, in their order: what needs no login first, and the revocations last.
    pub const ALL: [Self; 23] = [
        Self::Metadata,
        Self::BasicHeader,
        Self::Cancel,
        Self::LongState,
        Self::NoState,
        Self::NoScope,
        Self::UnknownScope,
        Self::NoChallenge,
        Self::PlainChallenge,
        Self::OtherPort,
        Self::Localhost,
        Self::Ipv6,
        Self::OwnScheme,
        Self::BurnedCode,
        Self::LateCode,
        Self::Login,
        Self::CodeReplay,
        Self::Profile,
        Self::Refresh,
        Self::Reuse,
        Self::RevokeUnknown,
        Self::RevokeAccess,
        Self::RevokeRefresh,
    ];

    /// The name in the record.
    pub fn name(self) -> &'static str {
        match self {
            Self::Metadata => "metadata",
            Self::BasicHeader => "basic-header",
            Self::Cancel => "cancel",
            Self::LongState => "long-state",
            Self::NoState => "no-state",
            Self::NoScope => "no-scope",
            Self::UnknownScope => "unknown-scope",
            Self::NoChallenge => "no-challenge",
            Self::PlainChallenge => "plain-challenge",
            Self::OtherPort => "other-port",
            Self::Localhost => "localhost",
            Self::Ipv6 => "ipv6",
            Self::OwnScheme => "own-scheme",
            Self::BurnedCode => "burned-code",
            Self::LateCode => "late-code",
            Self::Login => "login",
            Self::CodeReplay => "code-replay",
            Self::Profile => "profile",
            Self::Refresh => "refresh",
            Self::Reuse => "reuse",
            Self::RevokeUnknown => "revoke-unknown",
            Self::RevokeAccess => "revoke-access",
            Self::RevokeRefresh => "revoke-refresh",
        }
    }

    /// What is about to be done, in one sentence.
    pub fn what(self) -> &'static str {
        match self {
            Self::Metadata => "Look for a discovery document (RFC 8414); nothing secret is sent.",
            Self::BasicHeader => {
                "Refresh with a junk token, once as always and once with an Authorization header."
            }
            Self::Cancel => "Open the consent page, for you to press Cancel.",
            Self::LongState => "Open the consent page with a state of 501 characters.",
            Self::NoState => "Open the consent page without a state.",
            Self::NoScope => "Open the consent page without scopes.",
            Self::UnknownScope => "Open the consent page with a scope that there is not.",
            Self::NoChallenge => "Open the consent page without a code challenge.",
            Self::PlainChallenge => "Open the consent page with a plain code challenge.",
            Self::OtherPort => "Open the consent page with the redirect URI at another port.",
            Self::Localhost => "Open the consent page with the redirect URI at localhost.",
            Self::Ipv6 => "Open the consent page with the redirect URI at [::1].",
            Self::OwnScheme => "Open the consent page with the redirect URI of a link.",
            Self::BurnedCode => {
                "Log in, and exchange the code with a wrong verifier before the right one."
            }
            Self::LateCode => "Log in, wait 35 seconds, and exchange the code then.",
            Self::Login => "Log in, and exchange the code at once.",
            Self::CodeReplay => {
                "Exchange the same code again, and see whether the token still works."
            }
            Self::Profile => "Read your profile with the token; X may bill one read.",
            Self::Refresh => {
                "Refresh, and see whether the old access token still works (one read)."
            }
            Self::Reuse => "Send the replaced refresh token again, then the newest one.",
            Self::RevokeUnknown => "Revoke a junk token, with and without a hint.",
            Self::RevokeAccess => {
                "Revoke the access token, and see whether the refresh token still works."
            }
            Self::RevokeRefresh => {
                "Revoke the refresh token, and see whether the access token still works (one read)."
            }
        }
    }

    /// What the person does in the browser, where there is anything to do.
    pub fn to_do(self) -> Option<&'static str> {
        match self {
            Self::Cancel => Some("Press Cancel on the consent page."),
            Self::LongState
            | Self::NoState
            | Self::NoScope
            | Self::UnknownScope
            | Self::NoChallenge
            | Self::PlainChallenge
            | Self::OtherPort
            | Self::Localhost
            | Self::Ipv6 => Some(LOOK),
            Self::OwnScheme => Some("Do not approve: close the page, and say here what it showed."),
            Self::BurnedCode | Self::LateCode | Self::Login => Some(APPROVE),
            Self::Metadata
            | Self::BasicHeader
            | Self::CodeReplay
            | Self::Profile
            | Self::Refresh
            | Self::Reuse
            | Self::RevokeUnknown
            | Self::RevokeAccess
            | Self::RevokeRefresh => None,
        }
    }
}
