//! A private desktop: display, session bus and keychain of its own, all in temporary folders.

mod api_server;
mod app;
mod browser;
mod command;
mod keychain;
mod notifications;
mod panel;
mod person;
mod private;
mod processes;
mod provider;
mod seen;
mod wait;
mod webdriver;
mod x11;

pub use api_server::{ApiServer, HOSTILE, LARGE_BYTES, Seen};
pub use app::{AppWindow, binary, screenshots};
pub use browser::Chromium;
pub use command::{
    address_said, birdkey, give, leads_to, line, log_in, log_in_with, start, start_with, text,
};
pub use keychain::{Item, items_of, service_of};
pub use notifications::Notifications;
pub use panel::{Entry, Panel};
pub use private::PrivateDesktop;
pub use provider::{CLIENT_SECRET, CONFIDENTIAL, Provider, logged_in};
pub use seen::{arguments_of_all, environments_of_all};
pub use wait::{until, until_some};
pub use webdriver::{Session, WebDriverError};
pub use x11::{Display, Picture};
