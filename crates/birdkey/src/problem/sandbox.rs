//! Words for the sandbox, for whoever runs it.

use std::io;

use birdkey_messages::{Words, words};

use super::{Code, Problem};

/// Another program uses the port.
pub fn port_taken(port: u16) -> Problem {
    problem!(Code::SandboxPortTaken, "sandbox_port_taken", port = port)
}

/// It runs already, in another program.
pub fn in_use(address: Option<&str>) -> Problem {
    let place = match address {
        Some(address) => address.into(),
        None => words!("sandbox_in_use.somewhere"),
    };
    problem!(Code::SandboxPortTaken, "sandbox_in_use", place = place)
}

/// The system does not let it listen.
pub fn cannot_listen(error: &io::Error) -> Problem {
    problem!(Code::ListenRefused, "sandbox_cannot_listen", error = error.to_string())
}

/// Its file can't be read or written; `reason` without a full stop.
pub fn file_unusable(reason: impl Into<Words>) -> Problem {
    problem!(Code::SandboxBroken, "sandbox_broken", reason = reason.into())
}
