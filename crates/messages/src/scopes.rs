//! X's scopes: what they allow, what calls cost, and which names never to send.
//!
//! All of it is in `catalogue/scopes.json`, in the order of the window's scope picker. The window reads
//! the same file, which also has the group of each scope; `docs/scopes.md` is written from it.

use std::sync::OnceLock;

use serde::Deserialize;

/// A scope of X.
#[derive(Debug, Deserialize)]
pub struct Scope {
    /// Its name, such as `tweet.read`.
    pub name: String,
    /// What it lets a program do.
    pub access: Access,
    /// What X charges for the calls it allows, as far as X says so.
    pub prices: Vec<Price>,
    /// Whether X offers it.
    pub state: State,
    #[serde(rename = "words")]
    texts: Texts,
    #[serde(skip)]
    key: String,
}

/// What a scope lets a program do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Read something.
    Read,
    /// Change something in the user's name.
    Write,
    /// Neither: it is about the login itself.
    Login,
}

/// Whether X offers a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// To every app.
    Offered,
    /// X grants it, but its endpoints are not on the self-serve plans.
    NotSelfServe,
    /// X's documents do not describe it.
    Undocumented,
}

/// What X charges.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Price {
    /// The amount in US dollars.
    pub usd: f64,
    /// What it is charged for.
    pub per: Unit,
}

/// What X charges for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A post, read or written.
    Post,
    /// A new post that contains a link.
    PostWithLink,
    /// A profile that is read.
    Profile,
    /// A direct message that is sent.
    Message,
    /// A bookmark that is set or removed.
    Bookmark,
}

/// A wrong name that documents and programs use; X seems to ignore it without an error.
#[derive(Debug, Deserialize)]
pub struct NeverSent {
    /// The wrong name.
    pub name: String,
    /// The right one, if there is one.
    pub instead: Option<String>,
}

/// What a scope allows, in each language.
#[derive(Debug, Deserialize)]
pub(crate) struct Texts {
    pub(crate) en: String,
    pub(crate) de: String,
}

/// The file.
#[derive(Default, Deserialize)]
struct File {
    scopes: Vec<Scope>,
    prices_as_of: String,
    never: Vec<NeverSent>,
}

/// Every scope, in the order of the picker.
pub fn all() -> &'static [Scope] {
    &file().scopes
}

/// The scope with this name.
pub fn of(name: &str) -> Option<&'static Scope> {
    all().iter().find(|scope| scope.name == name)
}

/// The year and month of X's price list.
pub fn prices_as_of() -> &'static str {
    &file().prices_as_of
}

/// The names never to send.
pub fn never() -> &'static [NeverSent] {
    &file().never
}

/// The entry for a name never to send.
pub fn never_sent(name: &str) -> Option<&'static NeverSent> {
    never().iter().find(|wrong| wrong.name == name)
}

impl Scope {
    /// The key of its words in the catalogue.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }

    pub(crate) fn texts(&self) -> &Texts {
        &self.texts
    }
}

/// A file that can't be read has no scopes; a test reads all of them.
fn file() -> &'static File {
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| {
        let text = include_str!("../catalogue/scopes.json");
        let mut file: File = serde_json::from_str(text).unwrap_or_default();
        for scope in &mut file.scopes {
            scope.key = format!("scope.{}", scope.name);
        }
        file
    })
}
