//! A login as it is shown.

use birdkey_foreign::Foreign;
use serde::Serialize;
use ts_rs::TS;

use crate::problem::Problem;

/// A login in progress or just ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "camelCase")]
#[serde(rename_all = "camelCase")]
pub struct LoginView {
    /// The app logged in through.
    pub app_id: String,
    /// That app's name.
    #[ts(type = "string")]
    pub app_name: Foreign,
    /// How far it is.
    pub stage: LoginStage,
    /// The redirect URI sent, byte for byte.
    pub redirect_uri: String,
    /// The client id sent.
    pub client_id: String,
    /// When it is given up, Unix milliseconds.
    #[ts(type = "number")]
    pub deadline_ms: i64,
    /// Whether 20 s passed and nothing came back, so that the likely causes should be shown.
    pub nothing_came_back: bool,
    /// Why no browser was opened, when none was.
    pub browser_problem: Option<Problem>,
    /// Why it failed, in stage `failed`.
    pub problem: Option<Problem>,
    /// The account, in stage `done`.
    pub account_id: Option<String>,
    /// The account that is to be renewed, when one is.
    pub wanted_account_id: Option<String>,
    /// Why the account asked for is still without a login, in stage `done`.
    pub not_renewed: Option<Problem>,
    /// What else there is to say about it, in stage `done`.
    pub remarks: Vec<Problem>,
}

/// How far a login is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[ts(export, rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum LoginStage {
    /// The browser is open; waiting for the user.
    Waiting,
    /// The redirect came; the code is being exchanged.
    Exchanging,
    /// The grant is in the vault.
    Done,
    /// It failed.
    Failed,
}
