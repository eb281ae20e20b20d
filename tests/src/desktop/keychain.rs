//! The keychain, seen from outside by `secret-tool`.

use birdkey::effects::vault::service_name;

use super::private::PrivateDesktop;

/// An item as `secret-tool search` shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// What the keychain's own UI shows.
    pub label: String,
    /// The item's name.
    pub username: String,
    /// The item's text.
    pub secret: String,
}

/// All items of a service.
pub fn items_of(desktop: &PrivateDesktop, service: &str) -> Vec<Item> {
    let mut search = desktop.command("secret-tool");
    let output = search.args(["search", "--all", "--unlock", "service", service]).output().unwrap();
    // The attributes go to stderr, the rest to stdout; items come in the same order in both.
    let (out, attributes) = (text(&output.stdout), text(&output.stderr));
    let mut items: Vec<Item> = Vec::new();
    for line in out.lines() {
        if line.starts_with("[/") {
            items.push(Item::default());
        }
        let Some(item) = items.last_mut() else { continue };
        if let Some(label) = line.strip_prefix("label = ") {
            label.clone_into(&mut item.label);
        }
        if let Some(secret) = line.strip_prefix("secret = ") {
            secret.clone_into(&mut item.secret);
        }
    }
    let names = attributes.lines().filter_map(|line| line.strip_prefix("attribute.username = "));
    for (item, name) in items.iter_mut().zip(names) {
        name.clone_into(&mut item.username);
    }
    items
}

/// The service name of a desktop's data folder.
pub fn service_of(desktop: &PrivateDesktop) -> String {
    service_name(&desktop.data(), &[])
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
