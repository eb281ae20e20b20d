//! The steps of a recording, in their order, as the person who is asked before each reads them.

/// One thing that is tried at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described to the person in `what`")]
pub enum Step {
    Metadata,
    BasicHeader,
    /// Only the page matters.
    Look(Page),
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

/// A consent page that is opened in a way a login does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is described to the person in `Step::what`")]
pub enum Page {
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
        Self::Look(Page::Cancel),
        Self::Look(Page::LongState),
        Self::Look(Page::NoState),
        Self::Look(Page::NoScope),
        Self::Look(Page::UnknownScope),
        Self::Look(Page::NoChallenge),
        Self::Look(Page::PlainChallenge),
        Self::Look(Page::OtherPort),
        Self::Look(Page::Localhost),
        Self::Look(Page::Ipv6),
        Self::Look(Page::OwnScheme),
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
            Self::Look(Page::Cancel) => "cancel",
            Self::Look(Page::LongState) => "long-state",
            Self::Look(Page::NoState) => "no-state",
            Self::Look(Page::NoScope) => "no-scope",
            Self::Look(Page::UnknownScope) => "unknown-scope",
            Self::Look(Page::NoChallenge) => "no-challenge",
            Self::Look(Page::PlainChallenge) => "plain-challenge",
            Self::Look(Page::OtherPort) => "other-port",
            Self::Look(Page::Localhost) => "localhost",
            Self::Look(Page::Ipv6) => "ipv6",
            Self::Look(Page::OwnScheme) => "own-scheme",
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
            Self::Look(Page::Cancel) => "Open the consent page, for you to press Cancel.",
            Self::Look(Page::LongState) => "Open the consent page with a state of 501 characters.",
            Self::Look(Page::NoState) => "Open the consent page without a state.",
            Self::Look(Page::NoScope) => "Open the consent page without scopes.",
            Self::Look(Page::UnknownScope) => {
                "Open the consent page with a scope that there is not."
            }
            Self::Look(Page::NoChallenge) => "Open the consent page without a code challenge.",
            Self::Look(Page::PlainChallenge) => {
                "Open the consent page with a plain code challenge."
            }
            Self::Look(Page::OtherPort) => {
                "Open the consent page with the redirect URI at another port."
            }
            Self::Look(Page::Localhost) => {
                "Open the consent page with the redirect URI at localhost."
            }
            Self::Look(Page::Ipv6) => "Open the consent page with the redirect URI at [::1].",
            Self::Look(Page::OwnScheme) => "Open the consent page with the redirect URI of a link.",
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
            Self::Look(Page::Cancel) => Some("Press Cancel on the consent page."),
            Self::Look(Page::OwnScheme) => {
                Some("Do not approve: close the page, and say here what it showed.")
            }
            Self::Look(_) => Some(LOOK),
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
