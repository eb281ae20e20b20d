//! The windows of a display, as a window manager sees and closes them.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ClientMessageEvent, ConnectionExt as _,
    EventMask, ImageFormat, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT,
    MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use super::PrivateDesktop;

/// The key that moves the focus, by its number on a PC keyboard.
const TAB: u8 = 23;
/// The button that a wheel turned down is, by the convention of X11.
const WHEEL_DOWN: u8 = 5;

/// What a window shows at one moment.
#[derive(PartialEq, Eq)]
pub struct Picture(Vec<u8>);

impl Picture {
    /// Whether it is more than one plain surface.
    pub fn shows_anything(&self) -> bool {
        let mut pixels = self.0.chunks_exact(4);
        let first = pixels.next();
        pixels.any(|pixel| Some(pixel) != first)
    }
}

/// The display of a private desktop, as whoever sits before it uses it.
pub struct Display {
    connection: RustConnection,
    root: Window,
}

impl Display {
    /// Connects to it.
    pub fn of(desktop: &PrivateDesktop) -> Self {
        let (connection, screen) = x11rb::connect(Some(&desktop.display())).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// The visible window with this title.
    pub fn shows(&self, title: &str) -> Option<Window> {
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
    pub fn close(&self, window: Window) {
        let atom = |name: &str| {
            let asked = self.connection.intern_atom(false, name.as_bytes()).unwrap();
            asked.reply().unwrap().atom
        };
        let data = [atom("WM_DELETE_WINDOW"), 0, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, atom("WM_PROTOCOLS"), data);
        self.connection.send_event(false, window, EventMask::NO_EVENT, message).unwrap();
        self.connection.flush().unwrap();
    }

    /// Gives the keyboard to a window, as a window manager does.
    pub fn focus(&self, window: Window) {
        self.connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME).unwrap();
        self.connection.flush().unwrap();
    }

    /// Presses and releases the key that moves the focus.
    pub fn press_tab(&self) {
        self.fake(KEY_PRESS_EVENT, TAB, (0, 0));
        self.fake(KEY_RELEASE_EVENT, TAB, (0, 0));
        self.connection.flush().unwrap();
    }

    /// Turns the wheel of the mouse down by a notch, at the middle of a window.
    pub fn turn_wheel(&self, window: Window) {
        let size = self.connection.get_geometry(window).unwrap().reply().unwrap();
        let (x, y) = ((size.width / 2).cast_signed(), (size.height / 2).cast_signed());
        let middle = self.connection.translate_coordinates(window, self.root, x, y);
        let middle = middle.unwrap().reply().unwrap();
        self.fake(MOTION_NOTIFY_EVENT, 0, (middle.dst_x, middle.dst_y));
        self.fake(BUTTON_PRESS_EVENT, WHEEL_DOWN, (0, 0));
        self.fake(BUTTON_RELEASE_EVENT, WHEEL_DOWN, (0, 0));
        self.connection.flush().unwrap();
    }

    fn fake(&self, kind: u8, detail: u8, (x, y): (i16, i16)) {
        let now = x11rb::CURRENT_TIME;
        self.connection.xtest_fake_input(kind, detail, now, self.root, x, y, 0).unwrap();
    }

    /// What a window shows now; `None` while it can't be read.
    pub fn picture(&self, window: Window) -> Option<Picture> {
        let size = self.connection.get_geometry(window).ok()?.reply().ok()?;
        let (format, all) = (ImageFormat::Z_PIXMAP, !0);
        let image = self.connection.get_image(format, window, 0, 0, size.width, size.height, all);
        Some(Picture(image.ok()?.reply().ok()?.data))
    }
}
