//! The system browser.

pub(crate) mod commands;
mod environment;
mod installed;
mod launch;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::ffi::OsString;
use std::sync::Arc;

use url::Url;

use self::commands::CommandLine;
use self::environment::Environment;
use self::launch::Start;
use super::BoxFuture;
use super::clock::Clock;

pub use installed::Installed;

/// Opens pages in the user's browser.
pub trait Browser: Send + Sync {
    /// Hands `url` to the browser and returns once that was handed over.
    fn open(&self, url: &str) -> BoxFuture<'_, Result<(), BrowserError>>;

    /// The program that would open one now; starts nothing.
    ///
    /// # Errors
    ///
    /// [`BrowserError::NotFound`].
    fn found(&self) -> Result<String, BrowserError>;

    /// The browsers of this machine, one entry for each profile.
    fn installed(&self) -> Vec<Installed> {
        Vec::new()
    }

    /// Hands `url` to the browser with this id.
    fn open_in(&self, _id: &str, _url: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        Box::pin(std::future::ready(Err(BrowserError::NotFound)))
    }
}

/// Why no browser was opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// No browser command was found, or there is no display to show one on.
    #[error("no browser was found")]
    NotFound,
    /// The browser command could not be started or failed at once.
    #[error("the browser command {program} failed")]
    Failed {
        /// The program, without its arguments.
        program: String,
    },
    /// The address is no `http` or `https` one.
    #[error("only http and https pages are opened")]
    NotWeb,
}

/// The browser that `BROWSER` names, else the one the desktop opens pages with.
///
/// `BROWSER` is a list of commands separated by `:` (`;` on Windows), tried in order until one starts
/// and does not fail within a second. Words are split at blanks; quotes and, on Unix, backslashes
/// keep them together; no shell is involved and nothing is interpolated. `%s` stands for the address,
/// which is the last argument otherwise. When `BROWSER` is set, nothing else is tried.
pub struct SystemBrowser {
    clock: Arc<dyn Clock>,
    environment: Environment,
}

impl SystemBrowser {
    /// Takes the variables of this process, as `std::env::vars_os` gives them.
    pub fn new(
        clock: Arc<dyn Clock>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Self {
        Self { clock, environment: Environment::new(variables) }
    }

    /// Takes the variables of this process as they are now.
    pub fn of_this_machine(clock: Arc<dyn Clock>) -> Self {
        Self::new(clock, std::env::vars_os())
    }

    fn commands(&self) -> Vec<CommandLine> {
        match self.environment.text("BROWSER") {
            Some(list) => commands::read(&list),
            None if self.environment.has_display() => commands::of_the_desktop(),
            // A text browser on a terminal somewhere would only hang.
            None => Vec::new(),
        }
    }

    async fn open_first(&self, commands: Vec<CommandLine>, url: &str) -> Result<(), BrowserError> {
        if !is_web(url) {
            return Err(BrowserError::NotWeb);
        }
        let mut failure = BrowserError::NotFound;
        for command in commands {
            match launch::start(&command, url, &self.environment, self.clock.as_ref()).await {
                Start::Running => return Ok(()),
                Start::NotFound => {}
                Start::Failed => failure = BrowserError::Failed { program: command.program },
            }
        }
        Err(failure)
    }
}

impl Browser for SystemBrowser {
    fn open(&self, url: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        let url = url.to_owned();
        Box::pin(async move { self.open_first(self.commands(), &url).await })
    }

    fn installed(&self) -> Vec<Installed> {
        installed::all(&self.environment)
    }

    fn open_in(&self, id: &str, url: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        let chosen = self.installed().into_iter().find(|installed| installed.id == id);
        let (commands, url) = (chosen.map(|it| it.command).into_iter().collect(), url.to_owned());
        Box::pin(async move { self.open_first(commands, &url).await })
    }

    fn found(&self) -> Result<String, BrowserError> {
        let programs = self.commands().into_iter().map(|command| command.program);
        let mut there = programs.filter(|program| self.environment.has_program(program));
        there.next().ok_or(BrowserError::NotFound)
    }
}

/// Whether `url` is one a browser may be handed: nothing that a command could take for an option or a file.
fn is_web(url: &str) -> bool {
    let has_scheme = ["http://", "https://"].iter().any(|scheme| {
        url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    has_scheme && Url::parse(url).is_ok() && !url.chars().any(char::is_control)
}
