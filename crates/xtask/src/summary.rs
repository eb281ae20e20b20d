//! What passed, what failed, what was skipped and why, and how long each took.

use std::fmt;
use std::time::Duration;

/// How a stage ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed,
    Skipped(String),
}

/// The stages so far.
#[derive(Debug, Default)]
pub(crate) struct Summary(Vec<(String, Outcome, Duration)>);

impl Summary {
    /// Adds a stage that ran.
    pub(crate) fn add(&mut self, name: &str, outcome: Outcome, took: Duration) {
        self.0.push((name.to_owned(), outcome, took));
    }

    /// Adds a stage that did not run.
    pub(crate) fn skip(&mut self, name: &str, why: &str) {
        self.add(name, Outcome::Skipped(why.to_owned()), Duration::ZERO);
    }

    /// Whether a stage failed or was skipped because another one did.
    pub(crate) fn has_failed(&self, name: &str) -> bool {
        self.0.iter().any(|(one, outcome, _)| {
            one == name
                && match outcome {
                    Outcome::Passed => false,
                    Outcome::Failed => true,
                    Outcome::Skipped(why) => why.ends_with("failed"),
                }
        })
    }

    /// How many stages failed.
    pub(crate) fn failed(&self) -> usize {
        self.count(|outcome| *outcome == Outcome::Failed)
    }

    fn count(&self, which: impl Fn(&Outcome) -> bool) -> usize {
        self.0.iter().filter(|(_, outcome, _)| which(outcome)).count()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, outcome, took) in &self.0 {
            let seconds = took.as_secs_f32();
            match outcome {
                Outcome::Passed => writeln!(formatter, "passed   {name:<12} {seconds:>7.1} s")?,
                Outcome::Failed => writeln!(formatter, "FAILED   {name:<12} {seconds:>7.1} s")?,
                Outcome::Skipped(why) => writeln!(formatter, "skipped  {name:<12} ({why})")?,
            }
        }
        let (passed, failed) = (self.count(|outcome| *outcome == Outcome::Passed), self.failed());
        write!(formatter, "\n{passed} passed, {failed} failed")?;
        match self.0.len() - passed - failed {
            0 => Ok(()),
            skipped => write!(formatter, ", {skipped} skipped"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_the_stages() {
        let mut summary = Summary::default();
        summary.add("ui", Outcome::Passed, Duration::from_secs(3));
        assert!(summary.to_string().ends_with("\n\n1 passed, 0 failed"));
        summary.add("build", Outcome::Failed, Duration::from_secs(3));
        summary.skip("desktop", "build failed");
        assert!(summary.to_string().ends_with("\n\n1 passed, 1 failed, 1 skipped"));
        assert!(summary.has_failed("desktop"), "what depends on it is skipped too");
    }
}
