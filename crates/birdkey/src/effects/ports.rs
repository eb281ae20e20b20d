//! Who holds a port of this machine.

use birdkey_foreign::Foreign;
use listeners::Protocol;

/// A program that listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The name of its executable.
    pub name: Foreign,
    /// Its process id.
    pub pid: u32,
}

/// The program that listens at a TCP port; `None` when nobody does or the system does not tell, as
/// for other users' programs.
pub fn holder(port: u16) -> Option<Holder> {
    let found = listeners::get_process_by_port(port, Protocol::TCP).ok()?;
    Some(Holder { name: found.name.into(), pid: found.pid })
}

#[cfg(test)]
mod tests {
    use super::holder;

    #[test]
    fn a_port_of_ours_names_us() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(holder(port).unwrap().pid, std::process::id());
        drop(listener);
        assert_eq!(holder(port), None);
    }
}
