//! Calls to Windows that have no safe wrapper, in a crate of their own because the rest of the workspace forbids
//! unsafe code; empty on other systems.
//!
//! Exclusive use of a TCP port, which is exclusive already elsewhere: on Windows another program can bind a port that is taken, by asking for `SO_REUSEADDR`, and then gets some of its
//! connections. `SO_EXCLUSIVEADDRUSE` forbids that
//! (<https://learn.microsoft.com/windows/win32/winsock/using-so-reuseaddr-and-so-exclusiveaddruse>). Neither std,
//! socket2, tokio nor rustix offer it.
//!
//! The process that started this one, which std offers on unix alone: see `processes`.

#[cfg(windows)]
mod windows {
    use std::io;
    use std::mem::size_of_val;
    use std::os::windows::io::{AsRawSocket as _, AsSocket};

    use windows_sys::Win32::Networking::WinSock::{
        SO_EXCLUSIVEADDRUSE, SOCKET, SOL_SOCKET, setsockopt,
    };

    /// Makes the address that `socket` is bound to next its own; no other program can bind it too.
    ///
    /// # Errors
    ///
    /// What Windows said; the socket must not be bound yet.
    pub fn claim(socket: &impl AsSocket) -> io::Result<()> {
        let socket = socket.as_socket();
        let handle = SOCKET::try_from(socket.as_raw_socket()).map_err(io::Error::other)?;
        let on = 1_i32;
        let length = i32::try_from(size_of_val(&on)).map_err(io::Error::other)?;
        let value = std::ptr::addr_of!(on).cast::<u8>();
        // SAFETY: the handle is open, because `socket` borrows it; `value` points to `length` bytes that outlive
        // the call, which only reads them.
        let ended = unsafe { setsockopt(handle, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, value, length) };
        if ended == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }
}

#[cfg(windows)]
pub use windows::claim;

#[cfg(windows)]
pub mod processes;
