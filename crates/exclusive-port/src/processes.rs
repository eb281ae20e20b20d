//! Processes, as a snapshot of the system shows them.

use windows_sys::Win32::Foundation::{CloseHandle, HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::System::Diagnostics::ToolHelp::{
    CreateToolhelp32Snapshot, PROCESSENTRY32W, Process32FirstW, Process32NextW, TH32CS_SNAPPROCESS,
};

/// A running process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its process id.
    pub pid: u32,
    /// The file name of its executable, without the folder.
    pub name: String,
}

/// The process that started this one; `None` when it has ended or Windows does not say.
///
/// Windows may have given the id of a parent that has ended to a new process, which is then named instead.
#[must_use]
pub fn parent() -> Option<Process> {
    let all = all();
    let this = std::process::id();
    let (_, parent) = all.iter().find(|(process, _)| process.pid == this)?;
    all.iter().find(|(process, _)| process.pid == *parent).map(|(process, _)| process.clone())
}

/// Every process, with the id of its parent.
fn all() -> Vec<(Process, u32)> {
    let mut found = Vec::new();
    let Some(snapshot) = Snapshot::take() else { return found };
    // SAFETY: a structure of numbers, for which zeroes are valid.
    let mut entry: PROCESSENTRY32W = unsafe { std::mem::zeroed() };
    entry.dwSize = u32::try_from(size_of::<PROCESSENTRY32W>()).unwrap_or_default();
    // SAFETY: the handle is open; `entry` states its size and outlives the call.
    let mut more = unsafe { Process32FirstW(snapshot.0, &raw mut entry) };
    while more != 0 {
        let process = Process { pid: entry.th32ProcessID, name: text(&entry.szExeFile) };
        found.push((process, entry.th32ParentProcessID));
        // SAFETY: as above.
        more = unsafe { Process32NextW(snapshot.0, &raw mut entry) };
    }
    found
}

fn text(name: &[u16]) -> String {
    let end = name.iter().position(|unit| *unit == 0).unwrap_or(name.len());
    String::from_utf16_lossy(&name[..end])
}

/// The processes at one moment; closed when dropped.
struct Snapshot(HANDLE);

impl Snapshot {
    fn take() -> Option<Self> {
        // SAFETY: no pointer is passed; the handle is closed by `drop`.
        let handle = unsafe { CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0) };
        (handle != INVALID_HANDLE_VALUE).then_some(Self(handle))
    }
}

impl Drop for Snapshot {
    fn drop(&mut self) {
        // SAFETY: the handle is open, and nothing uses it afterwards.
        unsafe { CloseHandle(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_listed_by_the_name_of_its_executable() {
        let path = std::env::current_exe().unwrap();
        let all = all();
        let (this, _) = all.iter().find(|(one, _)| one.pid == std::process::id()).unwrap();
        assert_eq!(this.name, path.file_name().unwrap().to_string_lossy());
    }
}
