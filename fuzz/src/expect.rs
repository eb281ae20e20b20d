//! What must hold of more than one reader.

use std::cell::RefCell;
use std::future::Future;
use std::path::Path;

use birdkey::failure::Failure;
use birdkey::problem::{About, Problem};
use tempfile::TempDir;

/// The longest sentence that a failure may be told in, whatever others wrote into it.
const MAX_SENTENCE_CHARS: usize = 1_500;

/// Asserts that a failure can be told: in one line each that moves no cursor, and not without end.
pub(crate) fn can_be_told(failure: &Failure) {
    let problem = Problem::new(failure, &About::default());
    for words in [&problem.what, &problem.why, &problem.hint] {
        is_plain(&words.in_english(), MAX_SENTENCE_CHARS);
    }
}

/// Asserts that a text can be shown as it is: one line, nothing that moves the cursor or turns the line.
pub(crate) fn is_plain(text: &str, max_chars: usize) {
    assert!(text.chars().count() <= max_chars, "{} characters", text.chars().count());
    let odd = text.chars().find(|c| c.is_control() || turns_or_hides(*c));
    assert!(odd.is_none(), "{odd:?} in {text:?}");
}

fn turns_or_hides(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Runs what waits for nothing outside.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime =
            tokio::runtime::Builder::new_current_thread().build().unwrap();
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

/// A folder in memory where there is such a place, emptied after each use.
pub(crate) fn in_a_folder<T>(with: impl FnOnce(&Path) -> T) -> T {
    thread_local! {
        static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
    }
    let fast = Path::new("/dev/shm");
    let new = || if fast.is_dir() { TempDir::new_in(fast) } else { TempDir::new() };
    // A run that panics keeps its folder from the next one.
    let folder = FOLDER.take().unwrap_or_else(|| new().unwrap());
    let result = with(folder.path());
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
    }
    FOLDER.set(Some(folder));
    result
}
