//! The system browser.

use super::BoxFuture;

/// Opens pages in the user's browser.
pub trait Browser: Send + Sync {
    /// Hands `url` to the browser and returns once that was handed over.
    fn open(&self, url: &str) -> BoxFuture<'_, Result<(), BrowserError>>;
}

/// Why no browser was opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// No browser command was found.
    #[error("no browser was found")]
    NotFound,
    /// The browser command could not be started or failed at once.
    #[error("the browser command {program} failed")]
    Failed {
        /// The program, without its arguments.
        program: String,
    },
}
