//! The engine of Birdkey.

pub mod app;
mod choose;
mod client_secret;
pub mod effects;
pub mod engine;
pub mod failure;
pub mod grant;
pub mod hand_out;
pub mod login;
mod logout;
mod present;
pub mod problem;
pub mod protocol;
pub mod store;
pub mod view;
mod world;

pub use engine::Engine;
pub use world::Effects;
