//! The windows of a display, as a window manager sees and closes them.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::desktop::PrivateDesktop;

pub(super) struct Display {
    connection: RustConnection,
    root: Window,
}

impl Display {
    pub(super) fn of(desktop: &PrivateDesktop) -> Self {
        let (connection, screen) = x11rb::connect(Some(&desktop.display())).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// The visible window with this title.
    pub(super) fn shows(&self, title: &str) -> Option<Window> {
        let tree = self.connection.query_tree(self.root).unwrap().reply().ok()?;
        tree.children.into_iter().find(|window| self.is_shown(*window, title).unwrap_or(false))
    }

    fn is_shown(&self, window: Window, title: &str) -> Option<bool> {
        let attributes = self.connection.get_window_attributes(window).ok()?.reply().ok()?;
        let (name, any) = (AtomEnum::WM_NAME, AtomEnum::ANY);
        let name = self.connection.get_property(false, window, name, any, 0, 64).ok()?;
        let name = name.reply().ok()?.value;
        Some(attributes.map_state == MapState::VIEWABLE && name == title.as_bytes())
    }

    /// Asks a window to close, as its title bar does.
    pub(super) fn close(&self, window: Window) {
        let atom = |name: &str| {
            let asked = self.connection.intern_atom(false, name.as_bytes()).unwrap();
            asked.reply().unwrap().atom
        };
        let data = [atom("WM_DELETE_WINDOW"), 0, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), data);
        self.connection.send_event(false, window, EventMask::NO_EVENT, message).unwrap();
        self.connection.flush().unwrap();
    }
}
