//! A login of the command that only the desktop app can do: handing it over and waiting for its end.

use std::time::Duration;

use birdkey_messages::Language;

use super::Engine;
use super::hand_over_files::{Place, Said, Told, Wanted};
use crate::effects::files::FileLock;
use crate::problem::{Problem, desktop_app_ended, no_desktop_app};
use crate::protocol::scope::Scopes;
use crate::use_cases::login::{LoginRequest, Page};

/// How often the other side is looked at while a login is handed over.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Until the app has begun: it may have to start, on a slow machine.
const BEGUN_WITHIN: Duration = Duration::from_secs(15);
/// What the app needs beyond the user's time: exchange, vault and profile.
const BEYOND: Duration = Duration::from_mins(1);

/// A login that the desktop app is asked to do; dropping it takes the request back.
#[derive(Debug)]
pub struct HandedOver {
    /// What the app is to be told.
    pub id: String,
    wanted: Wanted,
    place: Place,
}

impl HandedOver {
    /// Tells the app that nobody wants the login any more; what it then says is how it ended.
    pub fn give_up(&self) {
        let wanted = Wanted { given_up: true, ..self.wanted.clone() };
        if let Err(error) = self.place.want(&wanted) {
            tracing::warn!(%error, "the desktop app goes on with a login that was given up");
        }
    }
}

impl Drop for HandedOver {
    fn drop(&mut self) {
        self.place.clear();
    }
}

impl Engine {
    /// Asks for a login by the desktop app, which has yet to be told the id.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: no randomness, or the data folder can't be written.
    pub fn hand_over(&self, request: &LoginRequest) -> Result<HandedOver, Problem> {
        let app = Some(&request.app);
        let id = self.context.new_id().map_err(|error| self.problem(&error.into(), app))?;
        let wanted = Wanted {
            app: request.app.id.clone(),
            target: request.target.clone(),
            scopes: request.scopes.names().to_vec(),
            timeout_seconds: request.timeout.as_secs(),
            given_up: false,
        };
        let Some(place) = self.place(&id) else { return Err(no_desktop_app(&request.app.name)) };
        place.want(&wanted).map_err(|error| self.problem(&error.into(), app))?;
        Ok(HandedOver { id, wanted, place })
    }

    /// Waits for the end of a login that was handed over; the account's id, and what else there is to
    /// say.
    ///
    /// # Errors
    ///
    /// The [`Problem`] of the login, or that no desktop app took it.
    pub async fn handed_back(
        &self,
        handed_over: &HandedOver,
        request: &LoginRequest,
    ) -> Result<(String, Told), Problem> {
        let began = self.context.effects.clock.elapsed();
        loop {
            let waited = self.context.effects.clock.elapsed().saturating_sub(began);
            match handed_over.place.said() {
                Some(Said::Done { account, told }) => return Ok((account, told)),
                Some(Said::Failed { problem }) => return Err(problem),
                // Only a program that ended lets go of its lock without having said more.
                Some(Said::Begun) if handed_over.place.hold().is_some() => {
                    if handed_over.place.said() == Some(Said::Begun) {
                        return Err(desktop_app_ended());
                    }
                    continue;
                }
                Some(Said::Begun) if waited < request.timeout + BEYOND => {}
                None if waited < BEGUN_WITHIN => {}
                Some(Said::Begun) | None => return Err(no_desktop_app(&request.app.name)),
            }
            self.context.effects.clock.sleep(LOOK_EVERY).await;
        }
    }

    /// Reads what a command wants of this app; `None` when it wants nothing any more.
    pub fn taken_over(&self, id: &str) -> Option<(TakenOver, Result<LoginRequest, Problem>)> {
        let place = self.place(id)?;
        let wanted = place.wanted().filter(|wanted| !wanted.given_up)?;
        // Before the first word, so that whoever reads it finds the lock held.
        let held = place.hold();
        place.say(&Said::Begun);
        let request = match wanted.target.account() {
            Some(account) => self.login_again_request(account, Page::Open),
            None => self.login_request(Some(&wanted.app), Page::Open),
        };
        let request = request.map(|mut request| {
            request.target = wanted.target.clone();
            request.scopes = Scopes::from_names(wanted.scopes.iter().map(String::as_str));
            request.timeout = Duration::from_secs(wanted.timeout_seconds);
            request
        });
        Some((TakenOver { place, _held: held }, request))
    }

    /// Ends when the command no longer waits.
    pub async fn given_up(&self, taken_over: &TakenOver) {
        while taken_over.place.is_wanted() {
            self.context.effects.clock.sleep(LOOK_EVERY).await;
        }
    }

    fn place(&self, id: &str) -> Option<Place> {
        Place::of(&self.context.folders.data, id)
    }
}

/// A login that this app does for a command.
#[derive(Debug)]
pub struct TakenOver {
    place: Place,
    _held: Option<FileLock>,
}

impl TakenOver {
    /// Tells the command how it ended, in English, whatever this app speaks.
    pub fn ended(&self, ended: &Result<String, Problem>, told: &Told) {
        let english = |problem: &Problem| problem.in_language(Language::English);
        if !self.place.is_awaited() {
            return;
        }
        self.place.say(&match ended {
            Ok(account) => Said::Done {
                account: account.clone(),
                told: Told {
                    remarks: told.remarks.iter().map(english).collect(),
                    not_renewed: told.not_renewed.as_ref().map(english),
                },
            },
            Err(problem) => Said::Failed { problem: english(problem) },
        });
    }
}
