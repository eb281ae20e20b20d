//! A panel that shows tray icons: owns the watcher's name on the session bus and reads the menu as a
//! panel does (`StatusNotifierItem`, com.canonical.dbusmenu).

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::watch;
use zbus::message::Header;
use zbus::names::BusName;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};
use zbus::{Connection, Proxy, connection, interface};

use super::private::PrivateDesktop;
use super::wait::until_some;

const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const NO_REPLY: &str = "org.freedesktop.DBus.Error.NoReply";
const PATIENCE: Duration = Duration::from_secs(10);

/// One entry of the menu, with those below it behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    id: i32,
    /// Its text.
    pub label: String,
    /// Whether it can be selected.
    pub enabled: bool,
    /// Whether it is checked.
    pub checked: bool,
}

/// Its id, its properties, what is below it.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The panel.
pub struct Panel {
    bus: Connection,
    item: watch::Receiver<Option<(String, String)>>,
}

struct Watcher(watch::Sender<Option<(String, String)>>);

#[interface(name = "org.kde.StatusNotifierWatcher")]
#[expect(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    reason = "the form that the macro takes"
)]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().unwrap().to_string();
        // A path is passed, not a name.
        let path = if service.starts_with('/') { service } else { "/StatusNotifierItem" };
        self.0.send_replace(Some((sender, path.to_owned())));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

impl Panel {
    /// Begins to show icons.
    pub async fn start(desktop: &PrivateDesktop) -> Self {
        let (sender, item) = watch::channel(None);
        let address = desktop.bus_address();
        let bus = connection::Builder::address(address.as_str())
            .unwrap()
            .serve_at("/StatusNotifierWatcher", Watcher(sender))
            .unwrap()
            .name(WATCHER)
            .unwrap()
            .build()
            .await
            .unwrap();
        Self { bus, item }
    }

    /// The whole menu, flat, in its order.
    pub async fn entries(&self) -> Option<Vec<Entry>> {
        let menu = self.menu().await?;
        let answer: (u32, Node) =
            menu.call("GetLayout", &(0, -1, Vec::<&str>::new())).await.ok()?;
        let mut entries = Vec::new();
        for child in answer.1.2 {
            collect(&child, &mut entries);
        }
        Some(entries)
    }

    /// Waits until an entry has this text, or begins with it.
    pub async fn entry(&self, label: &str) -> Entry {
        until_some(&format!("the entry {label}"), PATIENCE, async || {
            self.entries().await?.into_iter().find(|entry| entry.label.starts_with(label))
        })
        .await
    }

    /// Waits until no entry begins with this text.
    pub async fn gone(&self, label: &str) {
        until_some(&format!("the entry {label} to go"), PATIENCE, async || {
            let entries = self.entries().await?;
            (!entries.iter().any(|entry| entry.label.starts_with(label))).then_some(())
        })
        .await;
    }

    /// Selects an entry, once it can be.
    pub async fn click(&self, label: &str) {
        let entry = until_some(&format!("{label} to be selectable"), PATIENCE, async || {
            let entries = self.entries().await?;
            entries.into_iter().find(|entry| entry.label.starts_with(label) && entry.enabled)
        })
        .await;
        let menu = self.menu().await.unwrap();
        let nothing = Value::from(0);
        let said: zbus::Result<()> =
            menu.call("Event", &(entry.id, "clicked", nothing, 0_u32)).await;
        match said {
            // An app that is told to quit may be gone before it answers; the tests look at what the
            // click did, not at this.
            Err(zbus::Error::MethodError(name, ..)) if name.as_str() == NO_REPLY => {}
            said => said.unwrap(),
        }
    }

    /// The icon's file, which changes with its shape.
    pub async fn icon(&self) -> Option<String> {
        let (name, path) = self.item.borrow().clone()?;
        let item = proxy(&self.bus, name, path, "org.kde.StatusNotifierItem").await?;
        item.get_property("IconName").await.ok()
    }

    async fn menu(&self) -> Option<Proxy<'static>> {
        let (name, path) = self.item.borrow().clone()?;
        let item = proxy(&self.bus, name.clone(), path, "org.kde.StatusNotifierItem").await?;
        let menu: OwnedObjectPath = item.get_property("Menu").await.ok()?;
        proxy(&self.bus, name, menu.to_string(), "com.canonical.dbusmenu").await
    }
}

/// Other names may never answer: the sender alone is asked.
async fn proxy(
    bus: &Connection,
    name: String,
    path: String,
    of: &'static str,
) -> Option<Proxy<'static>> {
    let name = BusName::try_from(name).ok()?;
    let path = ObjectPath::try_from(path).ok()?;
    zbus::proxy::Builder::new(bus)
        .destination(name)
        .ok()?
        .path(path)
        .ok()?
        .interface(of)
        .ok()?
        .cache_properties(zbus::proxy::CacheProperties::No)
        .build()
        .await
        .ok()
}

fn collect(value: &OwnedValue, entries: &mut Vec<Entry>) {
    let Ok(node) = value.clone().try_into() else { return };
    let node: Node = node;
    let text = |name: &str| node.1.get(name).and_then(|it| String::try_from(it.clone()).ok());
    // An underscore marks the letter for the keyboard.
    if let Some(label) = text("label") {
        let enabled = node.1.get("enabled").and_then(|it| bool::try_from(it.clone()).ok());
        let checked = node.1.get("toggle-state").and_then(|it| i32::try_from(it.clone()).ok());
        entries.push(Entry {
            id: node.0,
            label: label.replace("__", "_"),
            enabled: enabled.unwrap_or(true),
            checked: checked == Some(1),
        });
    }
    for child in &node.2 {
        collect(child, entries);
    }
}
