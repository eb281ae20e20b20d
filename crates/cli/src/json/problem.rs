//! What went wrong.

use birdkey::problem::Problem as EngineProblem;
use serde::Serialize;

/// A problem. The texts are for people.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Problem {
    /// Its name, which stays the same.
    code: &'static str,
    /// What happened.
    what: String,
    /// Why.
    why: String,
    /// What to do.
    hint: String,
}

impl From<&EngineProblem> for Problem {
    fn from(problem: &EngineProblem) -> Self {
        Self {
            code: problem.code.as_str(),
            what: problem.what.to_string(),
            why: problem.why.to_string(),
            hint: problem.hint.to_string(),
        }
    }
}

/// Why a command failed; on stderr.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Failure {
    /// What the command exits with.
    exit_code: u8,
    /// Why.
    problem: Problem,
}

impl From<&EngineProblem> for Failure {
    fn from(problem: &EngineProblem) -> Self {
        Self { exit_code: problem.code.exit_code(), problem: problem.into() }
    }
}
