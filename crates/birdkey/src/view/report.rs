//! What the doctor found, as a text that can be shown to anybody; in English, for who reads bug reports.

use std::fmt::Write as _;

use super::{Check, FindingView, Level};

/// The system and the kind of processor.
pub fn system() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}

/// All findings, one below the other, and the whole in one line.
pub fn report(findings: &[FindingView]) -> String {
    let mut report = format!("birdkey {} on {}\n\n", env!("CARGO_PKG_VERSION"), system());
    for finding in findings {
        let about = finding.about.as_ref().map(|about| format!(" of {}", about.terminal()));
        let about = about.unwrap_or_default();
        let (level, check) = (level(finding.level), finding.check.name());
        // Writing to a string can't fail.
        let _ = writeln!(report, "{level:8} {check}{about}: {}", finding.what.in_english());
        if let Some(hint) = &finding.hint {
            let _ = writeln!(report, "         -> {}", hint.in_english());
        }
    }
    let _ = write!(report, "\n{}", sum(findings));
    report
}

/// The whole in one line.
fn sum(findings: &[FindingView]) -> String {
    let count = |level: Level| findings.iter().filter(|it| it.level == level).count();
    let fixable = findings.iter().filter(|it| it.can_fix).count();
    let words =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let hint = match fixable {
        0 => String::new(),
        _ => format!(" {fixable} can be fixed by: birdkey doctor --fix"),
    };
    match (count(Level::Problem), count(Level::Warning)) {
        (0, 0) => "Everything is as it should be.".to_owned(),
        (problems, warnings) => {
            format!("{}, {}.{hint}", words(problems, "problem"), words(warnings, "warning"))
        }
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Ok => "ok",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Problem => "problem",
    }
}

impl Check {
    /// What was looked at, in a word or two.
    pub fn name(self) -> &'static str {
        match self {
            Self::Files => "Files",
            Self::Access => "Access",
            Self::Vault => "Vault",
            Self::Browser => "Browser",
            Self::Command => "Command",
            Self::Links => "Links",
            Self::Network => "Network",
            Self::Registration => "Registration",
            Self::Clock => "Clock",
            Self::Ports => "Ports",
            Self::RedirectUris => "Redirect URIs",
            Self::Conflict => "Conflict",
            Self::Account => "Account",
            Self::Api => "API",
            Self::Leftovers => "Leftovers",
        }
    }
}
