//! The engine of Birdkey.

pub mod effects;
pub mod problem;
pub mod protocol;
pub mod view;
