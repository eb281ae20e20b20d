//! The browsers that a login can be opened in.

use birdkey_foreign::Foreign;
use serde::Serialize;
use ts_rs::TS;

/// A browser of this machine, or one profile of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct BrowserView {
    /// Tells it apart from the others on this machine.
    pub id: String,
    /// As the system calls it, e.g. `Firefox`.
    #[ts(type = "string")]
    pub name: Foreign,
    /// As the browser calls the profile; `None` when it has but one.
    #[ts(type = "string | null")]
    pub profile: Option<Foreign>,
}
