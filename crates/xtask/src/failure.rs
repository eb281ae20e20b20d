//! Why a chore did not get done, and what to do about it.

use std::fmt;

/// What went wrong.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A program could not be started.
    NotStarted { program: String, why: std::io::Error },
    /// A program ended with a failure.
    Failed { name: String, code: Option<i32> },
    /// A file could not be read or written.
    File { path: String, why: std::io::Error },
    /// Packages are missing and may not be installed here.
    Missing { line: String },
    /// The person at the terminal said no.
    Declined { line: String },
    /// Node.js is missing or too old.
    Node { found: Option<String> },
    /// It can't be done on this machine, and the others go on without it.
    NotHere { why: &'static str },
    /// The IPC types were not exported.
    NoTypes,
    /// There is no stage of this name.
    NoStage { name: String, known: String },
}

impl Failure {
    /// What to do.
    pub(crate) fn fix(&self) -> String {
        match self {
            Self::NotStarted { program, .. } => format!("install {program}, then try again"),
            Self::Failed { .. } => "read what it printed above, then try again".into(),
            Self::File { .. } => "check that the folder is yours and has free space".into(),
            Self::Missing { line } | Self::Declined { line } => {
                format!("run this yourself, then try again:\n  {line}")
            }
            Self::Node { .. } => {
                "install Node.js 20 or newer (https://nodejs.org), then try again".into()
            }
            Self::NotHere { .. } => "run it where that is there".into(),
            Self::NoTypes => "run: cargo test -p birdkey export_bindings".into(),
            Self::NoStage { known, .. } => format!("the stages are {known}"),
        }
    }

    /// The exit code of the chore.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Missing { .. } | Self::Declined { .. } | Self::Node { .. } => 3,
            Self::NoStage { .. } => 2,
            Self::NotStarted { .. }
            | Self::Failed { .. }
            | Self::File { .. }
            | Self::NotHere { .. }
            | Self::NoTypes => 1,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted { program, why } => {
                write!(formatter, "{program} could not be started: {why}")
            }
            Self::Failed { name, code: Some(code) } => {
                write!(formatter, "{name} ended with exit code {code}")
            }
            Self::Failed { name, code: None } => write!(formatter, "{name} was ended by a signal"),
            Self::File { path, why } => write!(formatter, "{path}: {why}"),
            Self::Missing { .. } => write!(
                formatter,
                "system packages are missing, and nobody can be asked to install them"
            ),
            Self::Declined { .. } => write!(formatter, "system packages are missing"),
            Self::Node { found: None } => write!(formatter, "Node.js is missing"),
            Self::Node { found: Some(found) } => write!(formatter, "Node.js {found} is too old"),
            Self::NotHere { why } => formatter.write_str(why),
            Self::NoTypes => write!(formatter, "no IPC types were exported"),
            Self::NoStage { name, .. } => write!(formatter, "there is no stage called {name}"),
        }
    }
}
