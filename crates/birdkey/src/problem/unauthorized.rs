//! Words for a 401 of the API: whether a new token was tried, and what came of it.

use birdkey_messages::{Words, words};

use super::{Code, Problem};

/// What Birdkey did about a 401 of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unauthorized {
    /// A new token was refused too, now or at an earlier request.
    NewTokenRefused,
    /// The token was less than a minute old, so that no new one was asked for.
    TokenIsNew,
    /// The server named another reason than the token.
    OtherReason,
    /// There is no new token, and this is why.
    NoNewToken(Box<Problem>),
}

impl Unauthorized {
    /// The Problem of the answer; `why` is what the server said.
    pub fn problem(&self, why: &Words) -> Problem {
        let (what, hint) = match self {
            Self::NewTokenRefused => {
                (words!("api_unauthorized.new_refused"), words!("api_unauthorized.hint"))
            }
            Self::TokenIsNew => {
                (words!("api_unauthorized.is_new"), words!("api_unauthorized.hint"))
            }
            Self::OtherReason => {
                (words!("api_unauthorized.other_reason"), words!("api_unauthorized.other_fix"))
            }
            Self::NoNewToken(problem) => {
                let what = words!("api_unauthorized.no_new");
                let why =
                    Words::sentences([why.clone(), problem.what.clone(), problem.why.clone()]);
                return Problem::of(problem.code, what, why, problem.hint.clone());
            }
        };
        Problem::of(Code::ApiUnauthorized, what, why.clone(), hint)
    }
}
