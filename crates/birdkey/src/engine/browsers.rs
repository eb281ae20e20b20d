//! The login in another browser or profile than usual: for another user than the one logged in there.

use birdkey_foreign::Foreign;

use super::Engine;
use crate::effects::browser::Installed;
use crate::view::BrowserView;

impl Engine {
    /// The browsers of this machine, one entry for each profile; reads files of theirs.
    pub fn browsers(&self) -> Vec<BrowserView> {
        let installed = self.context.effects.browser.installed().into_iter();
        let shown = |it: Installed| BrowserView {
            id: it.id,
            name: it.name.into(),
            profile: it.profile.map(Foreign::from),
        };
        installed.map(shown).collect()
    }
}
