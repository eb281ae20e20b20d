//! What the doctor found.

use birdkey::problem::Code;
use birdkey::view::FindingView;
use birdkey_foreign::Foreign;
use serde::Serialize;

use super::{each, words};

/// What `birdkey doctor` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report<'a> {
    /// The version of Birdkey.
    birdkey: &'static str,
    /// The system and the kind of processor.
    system: &'a str,
    /// What was looked at, and how it is.
    findings: Vec<Finding<'a>>,
    /// What `--fix` acted on, as it was found before.
    fixed: Vec<Finding<'a>>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(
        system: &'a str,
        findings: &'a [FindingView],
        fixed: &'a [FindingView],
    ) -> Self {
        let birdkey = env!("CARGO_PKG_VERSION");
        Self { birdkey, system, findings: each(findings), fixed: each(fixed) }
    }
}

/// One thing that was looked at.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Finding<'a> {
    /// What was looked at.
    check: &'static str,
    /// How it is.
    level: &'static str,
    /// The name of the app or account; null: this machine as a whole.
    about: Option<&'a Foreign>,
    /// What was found.
    what: String,
    /// What to do; null: nothing.
    hint: Option<String>,
    /// The code of the problem it leads to; null: none.
    code: Option<&'static str>,
    /// Whether `--fix` can fix it.
    can_fix: bool,
}

impl<'a> From<&'a FindingView> for Finding<'a> {
    fn from(finding: &'a FindingView) -> Self {
        Self {
            check: words::check(finding.check),
            level: words::level(finding.level),
            about: finding.about.as_ref(),
            what: finding.what.to_string(),
            hint: finding.hint.as_ref().map(ToString::to_string),
            code: finding.code.map(Code::as_str),
            can_fix: finding.can_fix,
        }
    }
}
