//! The words that window, tray, notifications and browser page show, in the languages of Birdkey.
//!
//! The texts are in `catalogue/<language>/*.json`: flat keys, `{name}` for what is put in, and
//! `{"one": …, "other": …}` where `{count}` decides. The same files are compiled into this crate and
//! into the window; those of the folder `window` are the window's alone, and both say
//! `codes.json`. What X's scopes allow is in `catalogue/scopes.json`, for all languages and with the
//! other facts about them: see [`scopes`].
//!
//! Words are told apart from text: [`Words`] keep the key and the facts, and become text when they
//! are shown, in the [`Language`] of that moment. So whatever was said stays right when the language
//! changes, and the command and the log, which stay English, can be told what the window shows in
//! another language. Nothing is read before the first word is shown.
//!
//! The third language is a pretend one that is computed from English: longer, accented, in brackets,
//! and written from right to left. What stays plain in it is in no catalogue.

mod catalogue;
mod language;
mod pseudo;
pub mod scopes;
mod words;

pub use language::{Direction, Language};
pub use words::Words;

/// Words of the catalogue, with what is put in: `words!("ports_taken.why", ports = "1, 2")`.
///
/// The key is a literal, and so are the names, so that a test can find all of them in the sources.
#[macro_export]
macro_rules! words {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::Words::message($key, vec![$((stringify!($name), $crate::Words::from($value))),*])
    };
}
