//! An account: what can be done with it, and whether the API answers its token.

use birdkey_foreign::{Foreign, Part};
use birdkey_messages::{Words, words};

use super::super::Engine;
use super::Servers;
use crate::problem::{About, profile};
use crate::protocol::provider::ProviderKind;
use crate::store::accounts::at;
use crate::use_cases::grants;
use crate::use_cases::identity;
use crate::view::{AccountState, AccountView, Check, FindingView, Level};

impl Engine {
    pub(super) async fn examine_account(
        &self,
        view: &AccountView,
        servers: Servers,
    ) -> Vec<FindingView> {
        let mut findings = Vec::new();
        let state = view.state.words();
        findings.push(match &view.problem {
            Some(problem) if view.state.needs_the_user() => {
                FindingView::from_problem(Check::Account, Level::Problem, problem)
            }
            Some(problem) => FindingView::from_problem(Check::Account, Level::Warning, problem),
            None if view.state == AccountState::Expired => FindingView::warning(
                Check::Account,
                words!("doctor.account.expired"),
                self.get_a_refresh_token(&view.app_id),
            ),
            None => FindingView::ok(Check::Account, words!("doctor.account.ok", state = state)),
        });
        if servers == Servers::Asked && view.state == AccountState::Ready {
            findings.extend(self.examine_api(view).await);
        }
        let about = called(view.username.as_ref(), &view.id, &view.app_name);
        findings.into_iter().map(|finding| finding.about(&about)).collect()
    }

    /// Of X and the sandbox the scope is known that a refresh token comes with.
    fn get_a_refresh_token(&self, app_id: &str) -> Words {
        match self.app(Some(app_id)).map(|app| app.provider.kind()) {
            Ok(ProviderKind::X | ProviderKind::Sandbox) => {
                words!("doctor.account.expired.hint", app = app_id)
            }
            Ok(ProviderKind::Custom) | Err(_) => {
                words!("doctor.account.expired.hint_elsewhere", app = app_id)
            }
        }
    }

    /// Tells an app in no package and an account without credits from a login that does not work.
    async fn examine_api(&self, view: &AccountView) -> Option<FindingView> {
        let app = self.app(Some(&view.app_id)).ok()?;
        app.provider.endpoints().ok()?.profile?;
        let grant = grants::read_grant(&self.context, &app, &view.id).await.ok()?;
        Some(match identity::profile(&self.context, &app, &grant).await {
            Ok(_) => FindingView::ok(Check::Api, words!("doctor.api.ok")),
            Err(note) => {
                let mut problem = profile(note, &About::app(&app));
                problem.what = words!("doctor.api.silent");
                FindingView::from_problem(Check::Api, Level::Warning, &problem)
            }
        })
    }
}

/// An account with its app, as a person knows them; by its id where the name is not known.
pub(super) fn called(username: Option<&Foreign>, id: &str, app: &Foreign) -> Foreign {
    let app = [Part::Own(" ("), Part::Foreign(app), Part::Own(")")];
    match username {
        Some(username) => Foreign::joined([Part::Foreign(&at(username))].into_iter().chain(app)),
        None => Foreign::joined([Part::Own(id)].into_iter().chain(app)),
    }
}
