//! Who the system hands links to, and whether one arrives there.

use std::time::Duration;

use birdkey_messages::words;

use super::super::Engine;
use crate::effects::browser::BrowserError;
use crate::effects::deep_link::{SCHEME, test_link};
use crate::effects::link_handler;
use crate::model::app::App;
use crate::store::link_check::LinkCheck;
use crate::view::{Check, FindingView};

/// The app only has to start and to take a file away.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What became of a link that was opened for a try.
enum Tried {
    Arrived,
    Lost,
    /// There is no display, no opener, or no file can be written.
    Untried,
}

impl Engine {
    /// Who gets links matters to apps whose redirect is one.
    pub(super) async fn examine_links(&self) -> Option<FindingView> {
        let handler = link_handler::of(SCHEME, &*self.context.effects.clock).await?;
        let used = self.config().is_ok_and(|config| config.apps.iter().any(App::takes_links));
        Some(match handler.as_deref() {
            Some(entry) if entry.contains("birdkey") => self.examine_entry(entry).await,
            Some(entry) => FindingView::warning(
                Check::Links,
                words!("doctor.links.others", scheme = SCHEME, entry = entry),
                words!("doctor.links.others.hint"),
            ),
            None if used => FindingView::warning(
                Check::Links,
                words!("doctor.links.nobody", scheme = SCHEME),
                words!("doctor.links.nobody.hint"),
            ),
            None => FindingView::note(Check::Links, words!("doctor.links.unused", scheme = SCHEME)),
        })
    }

    /// An entry may name a program that is gone, or name it so that the desktop can't start it.
    async fn examine_entry(&self, entry: &str) -> FindingView {
        match self.try_link().await {
            Tried::Arrived => FindingView::ok(
                Check::Links,
                words!("doctor.links.ours", scheme = SCHEME, entry = entry),
            ),
            Tried::Lost => FindingView::warning(
                Check::Links,
                words!("doctor.links.lost", scheme = SCHEME, entry = entry),
                words!("doctor.links.lost.hint"),
            ),
            Tried::Untried => FindingView::note(
                Check::Links,
                words!("doctor.links.untried", scheme = SCHEME, entry = entry),
            ),
        }
    }

    /// Opens a link as programs of the desktop do, and waits until the app has it.
    async fn try_link(&self) -> Tried {
        let Ok(nonce) = self.nonce() else { return Tried::Untried };
        let data = &self.context.folders.data;
        let Some(Ok(check)) = LinkCheck::begin(data, &nonce) else { return Tried::Untried };
        match self.context.effects.browser.open_link(&test_link(&nonce)).await {
            Ok(()) => {}
            Err(BrowserError::NotFound) => return Tried::Untried,
            Err(BrowserError::Failed { .. } | BrowserError::NotWeb) => return Tried::Lost,
        }
        let clock = &self.context.effects.clock;
        let began = clock.elapsed();
        while !check.is_answered() {
            if clock.elapsed().saturating_sub(began) > ANSWERS_WITHIN {
                return Tried::Lost;
            }
            clock.sleep(LOOK_EVERY).await;
        }
        Tried::Arrived
    }
}
