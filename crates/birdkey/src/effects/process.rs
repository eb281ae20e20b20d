//! What the process itself must not do, and who started it and how.

use std::ffi::OsStr;
use std::path::PathBuf;

use birdkey_foreign::Foreign;

/// The longest name of a program that is kept, in characters.
#[cfg(any(target_os = "linux", windows))]
const MAX_NAME_CHARS: usize = 40;

/// The program that asks for something, as far as the system tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name of its executable, without its folder; any program can have any name.
    pub name: Foreign,
    /// Its process id.
    pub pid: Option<u32>,
}

impl Caller {
    /// The program that started this one; never its arguments.
    pub fn parent() -> Self {
        let (pid, name) = parent();
        Self { name: name.unwrap_or_else(|| "a program".into()), pid }
    }

    /// This program itself.
    pub fn this(name: &str) -> Self {
        Self { name: name.into(), pid: Some(std::process::id()) }
    }
}

#[cfg(unix)]
fn parent() -> (Option<u32>, Option<Foreign>) {
    let pid = std::os::unix::process::parent_id();
    (Some(pid), executable_of(pid))
}

#[cfg(windows)]
fn parent() -> (Option<u32>, Option<Foreign>) {
    match birdkey_exclusive_port::processes::parent() {
        Some(process) => (Some(process.pid), short(&process.name)),
        None => (None, None),
    }
}

#[cfg(target_os = "linux")]
fn executable_of(pid: u32) -> Option<Foreign> {
    let name = match std::fs::read_link(format!("/proc/{pid}/exe")) {
        Ok(path) => path.file_name()?.to_string_lossy().into_owned(),
        // Of another user's program the system tells only this.
        Err(_) => std::fs::read_to_string(format!("/proc/{pid}/comm")).ok()?,
    };
    short(&name)
}

/// The beginning of a program's name; `None` when nothing is left to show.
#[cfg(any(target_os = "linux", windows))]
fn short(name: &str) -> Option<Foreign> {
    let name: String = name.chars().take(MAX_NAME_CHARS).collect();
    Some(Foreign::new(&name)).filter(|name| !name.is_empty())
}

#[cfg(all(unix, not(target_os = "linux")))]
fn executable_of(_pid: u32) -> Option<Foreign> {
    None
}

/// What a shell may add to a name to find a program, in the order of Windows' own shell.
const ENDINGS: &[&str] = if cfg!(windows) { &[".com", ".exe", ".bat", ".cmd"] } else { &[""] };

/// Where a shell with this program's `PATH` finds a program.
pub fn on_the_path(name: impl AsRef<OsStr>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    found_in(&path, name.as_ref())
}

fn found_in(path: &OsStr, name: &OsStr) -> Option<PathBuf> {
    let named = |ending: &&str| {
        let mut file = name.to_owned();
        file.push(ending);
        file
    };
    let files: Vec<_> = ENDINGS.iter().map(named).collect();
    // On unix an empty entry is the current folder; Windows takes no notice of it, and a token must not
    // go to a program that happens to lie there.
    let means_nothing = |folder: &PathBuf| cfg!(windows) && folder.as_os_str().is_empty();
    std::env::split_paths(path)
        .filter(|folder| !means_nothing(folder))
        .flat_map(|folder| files.iter().map(move |file| folder.join(file)))
        .find(|file| file.is_file())
}

/// Turns core dumps off: a crash must not write tokens to a disk, or hand them to a program that collects crashes.
///
/// On Linux the process is no longer dumpable: no program is given its memory, also where dumps are piped to one and
/// the limit on their size counts for nothing, and other programs of the user can't trace it. Programs that this one
/// starts are dumpable again, as the kernel sees to at their start, so that nothing has to be restored.
pub fn no_core_dumps() {
    #[cfg(target_os = "linux")]
    let done = {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        set_dumpable_behavior(DumpableBehavior::NotDumpable)
    };
    #[cfg(all(unix, not(target_os = "linux")))]
    let done = {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        // The upper limit stays, for programs that this one starts to raise theirs.
        setrlimit(Resource::Core, Rlimit { current: Some(0), ..getrlimit(Resource::Core) })
    };
    #[cfg(unix)]
    if let Err(error) = done {
        // A system that refuses has rules of its own; nothing else depends on it.
        tracing::debug!(%error, "core dumps could not be turned off");
    }
}

/// Whether this process ignores a signal, as one does that `nohup` or a script started in the background. A program
/// that catches it all the same takes it from the program that takes its place. False where the system does not tell.
pub fn ignores(signal: i32) -> bool {
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
        let bit = u32::try_from(signal - 1).ok().and_then(|shift| 1_u64.checked_shl(shift));
        bit.is_some_and(|bit| mask & bit != 0)
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = signal;
        false
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// Rust's own start-up ignores this one, and nothing in here catches the other.
    #[cfg(target_os = "linux")]
    #[test]
    fn an_ignored_signal_is_told_from_the_others() {
        let (pipe, hangup) = (13, 1);
        assert!(ignores(pipe));
        assert!(!ignores(hangup) && !ignores(0) && !ignores(65) && !ignores(-1));
    }

    #[test]
    fn a_program_is_found_where_a_shell_would_find_it() {
        let shell = on_the_path("sh").unwrap();
        assert!(shell.is_absolute() && shell.ends_with("sh"), "{}", shell.display());
        assert_eq!(on_the_path("no-program-is-called-this"), None);
    }
}

#[cfg(all(test, windows))]
mod windows_tests {
    use super::*;

    #[test]
    fn a_script_is_found_by_its_bare_name_after_programs_of_the_same_folder() {
        let root = tempfile::tempdir().unwrap();
        let (first, second) = (root.path().join("first"), root.path().join("second"));
        for file in [first.join("npm"), first.join("npm.cmd"), second.join("npm.exe")] {
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "").unwrap();
        }
        let path = std::env::join_paths([&first, &second]).unwrap();
        let found = || found_in(&path, OsStr::new("npm"));
        assert_eq!(found(), Some(first.join("npm.cmd")), "the first folder wins");
        std::fs::write(first.join("npm.exe"), "").unwrap();
        assert_eq!(found(), Some(first.join("npm.exe")));
        assert_eq!(found_in(&path, OsStr::new("other")), None);
    }

    #[test]
    fn the_program_that_started_this_one_has_a_name_and_an_id() {
        let caller = Caller::parent();
        assert!(caller.pid.is_some_and(|pid| pid != std::process::id()), "{caller:?}");
        assert_ne!(caller.name, "a program");
    }
}
