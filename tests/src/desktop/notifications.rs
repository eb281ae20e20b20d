//! A service that shows notifications: owns its name on the session bus and keeps what it was given
//! (`org.freedesktop.Notifications`).
#![expect(clippy::used_underscore_binding, reason = "the macro passes on what is not used, too")]

use std::collections::HashMap;

use tokio::sync::watch;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, connection, interface};

use super::private::PrivateDesktop;

const SERVICE: &str = "org.freedesktop.Notifications";

/// The service.
pub struct Notifications {
    shown: watch::Receiver<Vec<String>>,
    _bus: Connection,
}

struct Service(watch::Sender<Vec<String>>);

#[interface(name = "org.freedesktop.Notifications")]
#[expect(clippy::too_many_arguments, clippy::unused_self, reason = "the form of the specification")]
impl Service {
    fn get_capabilities(&self) -> Vec<String> {
        ["body", "body-markup"].map(str::to_owned).to_vec()
    }

    fn notify(
        &self,
        _app: &str,
        _replaces: u32,
        _icon: &str,
        summary: &str,
        body: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _expires: i32,
    ) -> u32 {
        self.0.send_modify(|all| all.push(format!("{summary}\n{body}")));
        u32::try_from(self.0.borrow().len()).unwrap()
    }
}

impl Notifications {
    /// Begins to show them.
    pub async fn start(desktop: &PrivateDesktop) -> Self {
        let (sender, shown) = watch::channel(Vec::new());
        let address = desktop.bus_address();
        let bus = connection::Builder::address(address.as_str())
            .unwrap()
            .serve_at("/org/freedesktop/Notifications", Service(sender))
            .unwrap()
            .name(SERVICE)
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { shown, _bus: bus }
    }

    /// All so far: each its summary, and its body on the next line.
    pub fn shown(&self) -> Vec<String> {
        self.shown.borrow().clone()
    }
}
