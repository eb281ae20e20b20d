//! Stories against a real gnome-keyring, each on a session bus of its own, and against a pretend one that prompts.

mod buses;
pub(in crate::effects) mod desktop;
mod prompts;
mod stories;
