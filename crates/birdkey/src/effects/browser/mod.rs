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

    /// Hands a link to the desktop, as a browser does with one that is not its own;
    /// [`BrowserError::NotFound`] where that can't be done.
    fn open_link(&self, _link: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        Box::pin(std::future::ready(Err(BrowserError::NotFound)))
    }

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
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// No browser command was found, or there is no display to show one on.
    #[error("no browser was found")]
    NotFound,
    /// A command of `BROWSER` is not there, or a browser command failed at once.
    #[error("the browser command {program} failed")]
    Failed {
        /// The program, without its arguments.
        program: String,
    },
    /// The address is no `http` or `https` one.
    #[error("only http and https pages are opened")]
    NotWeb,
}

/// The browser that `BROWSER` names, else, or when that can't be started, the one the desktop opens
/// pages with.
///
/// `BROWSER` is a list of commands separated by `:` (`;` on Windows), tried in order until one starts
/// and does not fail within a second. Words are split at blanks; quotes and, on Unix, backslashes
/// keep them together; no shell is involved and nothing is interpolated. `%s` stands for the address,
/// which is the last argument otherwise.
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

    /// Those of `BROWSER`; none when it is not set.
    fn named(&self) -> Vec<CommandLine> {
        self.environment.text("BROWSER").map(|list| commands::read(&list)).unwrap_or_default()
    }

    fn of_the_desktop(&self) -> Vec<CommandLine> {
        // A text browser on a terminal somewhere would only hang.
        if self.environment.has_display() { commands::of_the_desktop() } else { Vec::new() }
    }

    async fn open_usual(&self, url: &str) -> Result<(), BrowserError> {
        let named = self.named();
        let first = named.first().map(|command| command.program.clone());
        let failure = match self.open_first(named, &self.environment, url).await {
            Err(BrowserError::NotFound) => first.map(|program| BrowserError::Failed { program }),
            Err(failed @ BrowserError::Failed { .. }) => Some(failed),
            ended @ (Ok(()) | Err(BrowserError::NotWeb)) => return ended,
        };
        // The desktop's openers know the variable too, and would try the same again.
        let without = self.environment.without("BROWSER");
        let opened = self.open_first(self.of_the_desktop(), &without, url).await;
        // The user named a browser, so why that one did not open is what helps.
        opened.map_err(|error| failure.unwrap_or(error))
    }

    async fn open_first(
        &self,
        commands: Vec<CommandLine>,
        environment: &Environment,
        url: &str,
    ) -> Result<(), BrowserError> {
        if !is_web(url) {
            return Err(BrowserError::NotWeb);
        }
        let mut failure = BrowserError::NotFound;
        for command in commands {
            match launch::start(&command, url, environment, self.clock.as_ref()).await {
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
        Box::pin(async move { self.open_usual(&url).await })
    }

    fn open_link(&self, link: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        let link = link.to_owned();
        Box::pin(async move {
            let opener = self.of_the_desktop().into_iter().next().ok_or(BrowserError::NotFound)?;
            let environment = self.environment.without("BROWSER");
            match launch::start(&opener, &link, &environment, self.clock.as_ref()).await {
                Start::Running => Ok(()),
                Start::NotFound => Err(BrowserError::NotFound),
                Start::Failed => Err(BrowserError::Failed { program: opener.program }),
            }
        })
    }

    fn installed(&self) -> Vec<Installed> {
        installed::all(&self.environment)
    }

    fn open_in(&self, id: &str, url: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        let chosen = self.installed().into_iter().find(|installed| installed.id == id);
        let (commands, url) = (chosen.map(|it| it.command).into_iter().collect(), url.to_owned());
        Box::pin(async move { self.open_first(commands, &self.environment, &url).await })
    }

    fn found(&self) -> Result<String, BrowserError> {
        let commands = self.named().into_iter().chain(self.of_the_desktop());
        let programs = commands.map(|command| command.program);
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
