//! What the process itself must not do.

/// Turns core dumps off: a crash must not write tokens to a disk.
pub fn no_core_dumps() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit { current: Some(0), maximum: Some(0) };
        // A system that refuses has a limit of its own; nothing else depends on it.
        if let Err(error) = setrlimit(Resource::Core, none) {
            tracing::debug!(%error, "core dumps could not be turned off");
        }
    }
}
