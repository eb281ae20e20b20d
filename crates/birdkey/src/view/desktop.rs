//! The desktop app as it is shown.

use serde::Serialize;
use ts_rs::TS;

use super::{LanguageSetting, LanguageView};
use crate::problem::Problem;

/// The desktop app: what it can do on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct DesktopView {
    /// Its version.
    pub version: String,
    /// What it speaks now.
    pub language: LanguageView,
    /// What it is set to speak.
    pub language_setting: LanguageSetting,
    /// The redirect URI by deep link, as it has to be registered.
    pub deep_link_uri: String,
    /// What the self-test of links said.
    pub deep_link: DeepLinkTest,
    /// Why links don't work, after the test said so.
    pub deep_link_problem: Option<Problem>,
    /// Whether it starts with the session; unknown where the system does not tell.
    pub starts_at_login: Option<bool>,
    /// Whether a newer version was installed over the running one.
    pub newer_installed: bool,
}

/// What is known about links on this machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DeepLinkTest {
    /// Not tried since the app started.
    #[default]
    Untested,
    /// The test page is open.
    Waiting,
    /// A link came back.
    Works,
    /// None came back in time.
    Failed,
}
