//! Writing: data to stdout, everything else to stderr.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use birdkey::problem::{Code, Problem};

use crate::json;

/// How a command ended other than well.
pub(crate) enum Ending {
    /// With a problem that still has to be shown.
    Problem(Problem),
    /// With everything said already, and this exit code.
    Said(u8),
    /// The reader of the output has gone.
    OutputClosed,
}

impl From<Problem> for Ending {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Where and in which form things are shown.
pub(crate) struct Output {
    json: bool,
}

#[expect(clippy::unused_self, reason = "one place decides where things are shown")]
impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether JSON was asked for.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Writes a line of data.
    pub(crate) fn data(&self, line: &str) -> Result<(), Ending> {
        written(writeln!(io::stdout(), "{line}").and_then(|()| io::stdout().flush()))
    }

    /// Writes a line that is data by itself; where stdout is to hold one JSON document, a person or
    /// program that needs it before the end finds it on stderr.
    pub(crate) fn data_ahead(&self, line: &str) -> Result<(), Ending> {
        if self.json {
            self.say(line);
            return Ok(());
        }
        self.data(line)
    }

    /// Writes an object as JSON in several lines.
    pub(crate) fn json(&self, object: &impl json::Object) -> Result<(), Ending> {
        self.serialized(json::indented(object))
    }

    /// Writes an object as JSON in one line.
    pub(crate) fn json_line(&self, object: &impl json::Object) -> Result<(), Ending> {
        self.serialized(json::line(object))
    }

    fn serialized(&self, text: serde_json::Result<String>) -> Result<(), Ending> {
        self.data(&written(text.map_err(io::Error::from))?)
    }

    /// Tells a person something that is no data.
    pub(crate) fn say(&self, line: &str) {
        // Nothing is left to tell when stderr is gone.
        writeln!(io::stderr(), "{line}").ok();
    }

    /// Shows a Problem that does not end the command; not in JSON, which has a place of its own for it.
    pub(crate) fn warn(&self, problem: &Problem) {
        if !self.json {
            let Problem { what, why, hint, .. } = problem;
            self.say(&format!("warning: {what} {why}\nhint: {hint}"));
        }
    }

    /// Asks a person something; the answer is for the caller to read.
    pub(crate) fn ask(&self, question: &str) {
        // Nothing is left to tell when stderr is gone.
        write!(io::stderr(), "{question}").ok();
    }

    /// Whether a person sees what is printed on stdout.
    pub(crate) fn stdout_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// Shows why a command failed, and gives its exit code.
    pub(crate) fn failed(&self, ending: &Ending) -> ExitCode {
        let problem = match ending {
            Ending::Problem(problem) => problem,
            Ending::Said(code) => return ExitCode::from(*code),
            Ending::OutputClosed => return ExitCode::SUCCESS,
        };
        if self.json {
            // None of our types fails to serialize.
            self.say(&json::indented(&json::Failure::from(problem)).unwrap_or_default());
        } else {
            self.say(&format!("error: {} {}\n\nhint: {}", problem.what, problem.why, problem.hint));
        }
        ExitCode::from(problem.code.exit_code())
    }

    /// The system did not let the command start.
    pub(crate) fn no_runtime(&self, error: &io::Error) -> ExitCode {
        self.say(&format!(
            "error: the system did not let birdkey start: {error}\n\nhint: try again"
        ));
        ExitCode::from(1)
    }
}

/// A reader that has seen enough (`| head -c 1`) is no failure; a full disk is one.
pub(crate) fn written<T>(result: io::Result<T>) -> Result<T, Ending> {
    result.map_err(|error| {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Ending::OutputClosed;
        }
        // The command alone says this, so it is in no catalogue.
        Ending::Problem(Problem::of(
            Code::FileUnusable,
            "The output could not be written.",
            format!("Standard output said: {error}."),
            "Check where the output goes and that there is free space, then try again.",
        ))
    })
}
