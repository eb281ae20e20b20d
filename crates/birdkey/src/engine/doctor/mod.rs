//! The doctor: looks at everything a login or a token needs, changes nothing, and fixes on demand.

mod accounts;
mod apps;
mod leftovers;
mod links;
mod machine;
mod vault;

use super::Engine;
use crate::problem::Problem;
use crate::view::{Check, FindingView, Level};

/// Whether servers are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Servers {
    /// The token endpoint of each app gets a junk refresh, and its API one read for a valid token.
    Asked,
    /// Nothing leaves this machine.
    LeftAlone,
}

impl Engine {
    /// Looks at files, vault, machine, apps and accounts, the broad things first. Neither stores nor
    /// refreshes nor revokes anything, and tells no secret.
    pub async fn examine(&self, servers: Servers) -> Vec<FindingView> {
        let mut findings = self.examine_files();
        findings.extend(self.examine_vault().await);
        findings.extend(self.examine_machine().await);
        self.look_for_sandbox().await;
        self.look_again().await;
        let view = self.view();
        for app in &view.apps {
            findings.extend(self.examine_app(app, servers).await);
        }
        for account in &view.accounts {
            findings.extend(self.examine_account(account, servers).await);
        }
        for problem in self.kept_elsewhere() {
            findings.push(FindingView::from_problem(Check::Conflict, Level::Warning, &problem));
        }
        findings.extend(self.examine_leftovers());
        findings
    }

    /// Mends what a finding of this kind says, where Birdkey can.
    ///
    /// # Errors
    ///
    /// A [`Problem`] that says why it is as it was.
    pub async fn fix(&self, check: Check) -> Result<(), Problem> {
        match check {
            Check::Access => self.close_folders(),
            Check::Vault => self.unlock_vault().await,
            Check::Leftovers => self.finish_leftovers().await,
            Check::Files
            | Check::Browser
            | Check::Command
            | Check::Links
            | Check::Network
            | Check::Registration
            | Check::Clock
            | Check::Ports
            | Check::RedirectUris
            | Check::Conflict
            | Check::Account
            | Check::Api => Ok(()),
        }
    }

    /// A path for a person, and for a report that may be shown around: without the home folder.
    fn shown(&self, path: &std::path::Path) -> String {
        match path.strip_prefix(&self.context.folders.home) {
            Ok(rest) if !self.context.folders.home.as_os_str().is_empty() => {
                format!("~/{}", rest.display())
            }
            _ => path.display().to_string(),
        }
    }
}
