//! Importing from xurl, and knowing of a login that another program holds.

use std::path::PathBuf;

use birdkey_foreign::Foreign;

use super::{Engine, NewApp, NewProvider};
use crate::failure::Failure;
use crate::model::app::{App, Provider};
use crate::problem::Problem;
use crate::protocol::client::{AtX, ClientType, parse_client_id};
use crate::store::accounts::at;
use crate::store::activity::{What, Whose};
use crate::store::xurl::{self, XurlApp, XurlError};
use crate::use_cases::import::{self, Taken};
use crate::view::XurlView;
use crate::view::present::of_xurl;

/// What xurl registers at X unless told otherwise.
const XURL_REDIRECT_URI: &str = "http://localhost:8080/callback";

/// What an import did.
#[derive(Debug)]
pub struct Imported {
    /// The ids of the new accounts.
    pub accounts: Vec<String>,
    /// Who is logged in here already; that login was tried and works.
    pub known: Vec<Foreign>,
    /// Who is logged in here already, and whether that login works could not be told: nothing was
    /// taken over and nothing removed.
    pub unclear: Vec<Foreign>,
    /// Whether the logins are out of xurl's file.
    pub removed: bool,
    /// The file.
    pub path: PathBuf,
}

impl Engine {
    /// What xurl holds on this machine, without secrets; `None` when nothing.
    pub fn xurl(&self) -> Option<XurlView> {
        let path = xurl::path_in(&self.context.folders.home);
        let apps = xurl::read(&path).ok()?;
        let users = apps.iter().flat_map(|app| app.logins.iter().map(|login| at(&login.username)));
        let ids = apps.iter().filter_map(|app| app.client_id.as_deref());
        Some(XurlView {
            path: Foreign::long(&path.display().to_string()),
            users: users.collect(),
            // Another program's file may hold anything in their place.
            client_ids: ids.filter_map(|id| parse_client_id(id, AtX::Yes).ok()).collect(),
        })
    }

    /// Takes apps and logins of xurl over into the vault; `remove` takes the logins out of its file
    /// once they are stored. `client_id` is for the older layout, which does not name its app.
    ///
    /// # Errors
    ///
    /// A [`Problem`]; what was taken over before it is kept, and xurl's file is as it was.
    pub async fn import_xurl(
        &self,
        client_id: Option<&str>,
        remove: bool,
    ) -> Result<Imported, Problem> {
        let imported = self.import_all(client_id, remove).await;
        if let Err(problem) = &imported {
            self.context.note(What::Failure, Whose::default(), Some(problem.code));
        }
        self.look_for_xurl();
        imported
    }

    async fn import_all(&self, client_id: Option<&str>, remove: bool) -> Result<Imported, Problem> {
        let path = xurl::path_in(&self.context.folders.home);
        let read = xurl::read(&path).map_err(|error| self.problem(&error.into(), None))?;
        let mut imported = Imported {
            accounts: Vec::new(),
            known: Vec::new(),
            unclear: Vec::new(),
            removed: false,
            path: path.clone(),
        };
        let mut taken = Vec::new();
        for mut from in read {
            let app = self.app_of(&mut from, client_id, &path).await?;
            for login in &from.logins {
                let stored = import::take_over(&self.context, &app, login).await;
                self.touch();
                let who = at(&login.username);
                match stored.map_err(|failure| self.problem(&failure, Some(&app)))? {
                    Taken::Stored(id) => imported.accounts.push(id),
                    Taken::Known => imported.known.push(who),
                    Taken::Unclear => {
                        imported.unclear.push(who);
                        continue;
                    }
                }
                taken.push((from.name.clone(), login.clone()));
            }
        }
        if remove {
            let removed = xurl::remove(&path, &taken);
            removed.map_err(|error| self.problem(&error.into(), None))?;
            imported.removed = true;
        }
        Ok(imported)
    }

    /// The app with this client id, added when there is none.
    async fn app_of(
        &self,
        from: &mut XurlApp,
        given: Option<&str>,
        path: &std::path::Path,
    ) -> Result<App, Problem> {
        let client_id = from.client_id.clone().or_else(|| given.map(str::to_owned));
        let Some(client_id) = client_id else {
            let error = XurlError::NoClientId { path: path.to_owned() };
            return Err(self.problem(&Failure::Xurl(error), None));
        };
        if let Some(app) = self.config()?.apps.into_iter().find(|app| app.client_id == client_id) {
            // Tokens of X must not go to whatever server an edited line names.
            if !is_at_x(&app) {
                let error = XurlError::OtherServer { app: app.name };
                return Err(self.problem(&Failure::Xurl(error), None));
            }
            return Ok(app);
        }
        let secret = from.client_secret.take();
        let new = NewApp {
            name: if from.name.is_empty() { "xurl".to_owned() } else { from.name.clone() },
            provider: NewProvider::X,
            client_id,
            client_type: if secret.is_some() {
                ClientType::Confidential
            } else {
                ClientType::Public
            },
            redirect_uris: vec![XURL_REDIRECT_URI.to_owned()],
            scopes: Vec::new(),
            client_secret: secret,
        };
        let id = self.add_app(new).await?.id;
        self.app(Some(&id))
    }

    /// Looks for xurl's file again.
    pub fn look_for_xurl(&self) {
        let found = self.xurl();
        self.change_live(|live| live.xurl = found);
    }

    /// Where a second login of this app may be.
    pub(super) fn elsewhere(&self, app: &App) -> Option<Foreign> {
        let xurl = self.xurl()?;
        xurl.client_ids.contains(&app.client_id).then(|| of_xurl(&xurl))
    }
}

/// Whether an app is at X, or at a pretend X on this machine.
fn is_at_x(app: &App) -> bool {
    match &app.provider {
        Provider::X => true,
        Provider::Sandbox(address) => address.is_loopback(),
        Provider::Custom(_) => false,
    }
}
