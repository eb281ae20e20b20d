//! A second start hands over before GTK and Tauri begin: ending amid their threads crashed now and then.

use zbus::blocking::Connection;

/// Whether an app runs under this name and has accepted the arguments. The plugin asks once more,
/// for whoever starts at the same moment.
pub(crate) fn accepted(name: &str) -> bool {
    let Ok(bus) = Connection::session() else { return false };
    let name = format!("{name}.SingleInstance");
    let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
    let arguments: Vec<String> =
        std::env::args_os().filter_map(|it| it.into_string().ok()).collect();
    let called = bus.call_method(
        Some(name.as_str()),
        path.as_str(),
        Some("org.SingleInstance.DBus"),
        "ExecuteCallback",
        &(arguments, "/"),
    );
    called.is_ok()
}
