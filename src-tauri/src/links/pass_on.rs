//! A start by a link and nothing else: it goes to the app that runs. Where none runs no login waits, so
//! that no window opens and nothing is written; the person is told that the login is gone.

use std::process::ExitCode;

use birdkey::app::App;
use birdkey::effects::deep_link::is_redirect;
use birdkey::effects::folders::Folders;
use birdkey::problem::{About, login_gone};
use birdkey::protocol::secret::Secret;
use birdkey::store::{config, link_check};

use crate::{notices, second_start, start};

/// Hands a link to the app of this name. The exit code tells the desktop only whether that worked.
pub(crate) fn pass_on(link: &Secret, name: &str, folders: &Folders) -> ExitCode {
    if link_check::answer(&folders.data, link) {
        return ExitCode::SUCCESS;
    }
    match second_start::accepted(name) {
        Ok(false) if is_redirect(link) => tell_login_gone(folders),
        Ok(true | false) => {}
        Err(problem) => return start::refused(&problem),
    }
    ExitCode::SUCCESS
}

/// Without an app that takes links the link is nobody's, and there is nothing to say.
fn tell_login_gone(folders: &Folders) {
    let Ok(config) = config::read(&folders.config) else { return };
    let default = |app: &&App| config.default_app.as_deref() == Some(app.id.as_str());
    let mut taking = config.apps.iter().filter(|app| app.takes_links());
    let Some(app) = taking.clone().find(default).or_else(|| taking.next()) else { return };
    let problem = login_gone(&About::app(app));
    start::tell(&problem);
    if config.notify {
        notices::before_all(&problem, second_start::NOTIFIES_WITHIN);
    }
}
