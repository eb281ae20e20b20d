//! What the process itself must not do, and who started it.

use std::path::PathBuf;

/// The program that asks for something, as far as the system tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name of its executable, without its folder; any program can have any name.
    pub name: String,
    /// Its process id.
    pub pid: Option<u32>,
}

impl Caller {
    /// The program that started this one; never its arguments.
    pub fn parent() -> Self {
        #[cfg(unix)]
        let pid = Some(std::os::unix::process::parent_id());
        #[cfg(not(unix))]
        let pid = None;
        let name = pid.and_then(executable_of).unwrap_or_else(|| "a program".to_owned());
        Self { name, pid }
    }

    /// This program itself.
    pub fn this(name: &str) -> Self {
        Self { name: name.to_owned(), pid: Some(std::process::id()) }
    }
}

#[cfg(target_os = "linux")]
fn executable_of(pid: u32) -> Option<String> {
    let name = match std::fs::read_link(format!("/proc/{pid}/exe")) {
        Ok(path) => path.file_name()?.to_string_lossy().into_owned(),
        // Of another user's program the system tells only this.
        Err(_) => std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?,
    };
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(40).collect();
    Some(name).filter(|name| !name.is_empty())
}

#[cfg(not(target_os = "linux"))]
fn executable_of(_pid: u32) -> Option<String> {
    None
}

/// Where a shell with this program's `PATH` finds a program.
pub fn on_the_path(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|file| file.is_file())
}

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

#[cfg(all(test, unix))]
mod tests {
    use super::on_the_path;

    #[test]
    fn a_program_is_found_where_a_shell_would_find_it() {
        let shell = on_the_path("sh").unwrap();
        assert!(shell.is_absolute() && shell.ends_with("sh"), "{}", shell.display());
        assert_eq!(on_the_path("no-program-is-called-this"), None);
    }
}
