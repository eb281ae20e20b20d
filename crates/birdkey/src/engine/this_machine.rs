//! The composition root: the engine with the real effects.

use std::sync::Arc;

use super::Engine;
use crate::effects::browser::SystemBrowser;
use crate::effects::clock::{Clock, SystemClock};
use crate::effects::deep_link::DeepLinks;
use crate::effects::folders::Folders;
use crate::effects::host::Host;
use crate::effects::http::ReqwestHttp;
use crate::effects::loopback::Loopback;
use crate::effects::paste::Paste;
use crate::effects::process::Caller;
use crate::effects::random::SystemRandom;
use crate::effects::vault::{KeyringVault, service_name};
use crate::use_cases::context::Effects;

impl Effects {
    /// The effects of this machine; each starts at its first use.
    pub fn of_this_machine(folders: &Folders) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let service = service_name(&folders.data, &folders.usual_data);
        Self {
            random: Arc::new(SystemRandom),
            http: Arc::new(ReqwestHttp::new(Arc::clone(&clock))),
            vault: Arc::new(KeyringVault::new(service, Arc::clone(&clock))),
            browser: Arc::new(SystemBrowser::of_this_machine(Arc::clone(&clock))),
            redirects: Arc::new(Loopback::new(Arc::clone(&clock))),
            caller: Caller::parent(),
            host: Host::this(),
            clock,
        }
    }
}

impl Engine {
    /// The engine with the effects of this machine.
    pub fn of_this_machine(folders: Folders) -> Self {
        Self::new(Effects::of_this_machine(&folders), folders)
    }

    /// The same for a program that asks for tokens itself, as the window does.
    pub fn of_this_program(folders: Folders, name: &str) -> Self {
        let effects = Effects { caller: Caller::this(name), ..Effects::of_this_machine(&folders) };
        Self::new(effects, folders)
    }

    /// The same for the desktop app, which receives links as well.
    pub fn of_this_app(folders: Folders, name: &str, links: Arc<DeepLinks>) -> Self {
        let (redirects, caller) = (links, Caller::this(name));
        let effects = Effects { redirects, caller, ..Effects::of_this_machine(&folders) };
        Self::new(effects, folders)
    }

    /// The same for a login whose browser may be on another machine.
    pub fn with_pasted_redirects(folders: Folders, paste: Arc<Paste>) -> Self {
        let effects = Effects { redirects: paste, ..Effects::of_this_machine(&folders) };
        Self::new(effects, folders)
    }

    /// Milliseconds since the Unix epoch by the engine's clock.
    pub fn now_unix_ms(&self) -> i64 {
        self.context.effects.clock.now_unix_ms()
    }
}
