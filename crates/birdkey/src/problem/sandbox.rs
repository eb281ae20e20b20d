//! Words for the sandbox, for whoever runs it.

use std::io;

use super::{Code, Problem};

/// Another program uses the port.
pub fn port_taken(port: u16) -> Problem {
    Problem::of(
        Code::SandboxPortTaken,
        "The sandbox could not start.",
        format!("Port {port} is in use by another program."),
        "Close that program and start the sandbox again, or pick another port: birdkey sandbox --port 0",
    )
}

/// It runs already, in another program.
pub fn in_use(address: Option<&str>) -> Problem {
    let place = address.unwrap_or("an address it has not told yet");
    Problem::of(
        Code::SandboxPortTaken,
        "The sandbox is running already.",
        format!("It listens at {place}."),
        "Use that one, or stop it first: press Ctrl-C in its terminal, or quit the desktop app.",
    )
}

/// The system does not let it listen.
pub fn cannot_listen(error: &io::Error) -> Problem {
    Problem::of(
        Code::ListenRefused,
        "The sandbox could not listen.",
        format!("The system said: {error}."),
        "Check whether a firewall or a container keeps programs from listening on 127.0.0.1.",
    )
}

/// Its file can't be read or written; `reason` without a full stop.
pub fn file_unusable(reason: &str) -> Problem {
    Problem::of(
        Code::SandboxBroken,
        "The sandbox's file can't be used.",
        format!("{reason}."),
        "Correct or remove the file. It holds no secrets, only hashes of demo grants.",
    )
}
