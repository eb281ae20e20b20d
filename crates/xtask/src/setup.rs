//! What is missing on this machine, and installing it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use crate::command::{is_ci, npm_in, program};
use crate::failure::Failure;
use crate::packages::{self, Purpose};
use crate::place;

/// How often a package manager that breaks off is tried.
const TRIES: usize = 3;
/// The oldest Node.js that the UI's tools run on.
const OLDEST_NODE: u32 = 20;

/// Whether packages may be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consent {
    /// A person is asked once.
    Ask,
    /// It was said on the command line.
    Given,
}

/// Makes sure that everything is there; quick when it is.
pub(crate) fn set_up(purpose: Purpose, consent: Consent) -> Result<(), Failure> {
    println!("==> set-up: looking what is missing");
    if cfg!(target_os = "linux") {
        system(purpose, consent)?;
    }
    node()?;
    node_packages(&place::ui())
}

fn system(purpose: Purpose, consent: Consent) -> Result<(), Failure> {
    let needed = packages::needed(purpose);
    let mut query = vec!["-W", "-f", "${Package} ${db:Status-Status}\n"];
    query.extend(&needed);
    // dpkg-query fails when it knows nothing of one package, but lists the others all the same.
    let Some(listing) = program("dpkg-query", &query).any_output() else {
        println!(
            "    This system has no dpkg. If the build fails, install the counterparts of:\n    {}",
            needed.join(" ")
        );
        return Ok(());
    };
    let missing = packages::missing(&needed, &listing);
    if missing.is_empty() {
        return Ok(());
    }
    println!("    missing: {}", missing.join(" "));
    may_install(&missing, consent)?;
    install(&missing)
}

/// The line a person would type.
fn apt_line(missing: &[&str]) -> String {
    format!("sudo apt-get install --no-install-recommends {}", missing.join(" "))
}

fn may_install(missing: &[&str], consent: Consent) -> Result<(), Failure> {
    if consent == Consent::Given || (!std::io::stdin().is_terminal() && (is_ci() || is_root())) {
        return Ok(());
    }
    let line = apt_line(missing);
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Missing { line });
    }
    print!("    Install them with apt-get now? [y/N] ");
    let mut answer = String::new();
    let asked = std::io::stdout().flush().and_then(|()| std::io::stdin().read_line(&mut answer));
    if asked.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(());
    }
    Err(Failure::Declined { line })
}

fn is_root() -> bool {
    program("id", &["-u"]).output().is_some_and(|id| id.trim() == "0")
}

/// One long install was seen to break off half-way; the same line again went through.
fn install(missing: &[&str]) -> Result<(), Failure> {
    let mut line = vec!["install", "-y", "--no-install-recommends"];
    line.extend(missing);
    retried("apt-get", || {
        apt(&["update"])?;
        apt(&["-f", "install", "-y"])?;
        apt(&line)
    })
}

fn apt(arguments: &[&str]) -> Result<(), Failure> {
    let mut line = vec!["-o", "DPkg::Lock::Timeout=120", "-q"];
    line.extend(arguments);
    let run = if is_root() {
        program("apt-get", &line)
    } else {
        line.insert(0, "apt-get");
        program("sudo", &line)
    };
    run.with("DEBIAN_FRONTEND", "noninteractive").run("apt-get")
}

fn retried(name: &str, mut attempt: impl FnMut() -> Result<(), Failure>) -> Result<(), Failure> {
    for number in 1..TRIES {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(failure) => {
                println!("    {failure}; trying {name} again ({number} of {})", TRIES - 1);
            }
        }
    }
    attempt()
}

fn node() -> Result<(), Failure> {
    let found = program("node", &["--version"]).output().map(|version| version.trim().to_owned());
    let major = found.as_deref().and_then(major_version);
    if major.is_some_and(|major| major >= OLDEST_NODE) {
        Ok(())
    } else {
        Err(Failure::Node { found })
    }
}

fn major_version(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The packages of a folder, by its lock file.
fn node_packages(folder: &Path) -> Result<(), Failure> {
    let stamp = folder.join("node_modules/.birdkey-stamp");
    when_changed(&folder.join("package-lock.json"), &stamp, || {
        retried("npm", || {
            npm_in(folder, &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).run("npm")
        })
    })
}

/// What the recipes of the documents use, for the test that runs them.
pub(crate) fn recipes() -> Result<(), Failure> {
    node_packages(&place::recipes())?;
    python_packages(&place::recipes(), &python())
}

/// Where the Python packages of the recipes go, apart from those of the system.
pub(crate) fn python() -> PathBuf {
    place::target().join("venv")
}

/// A program that checks what is in the repository; installed when it is missing.
pub(crate) fn tool(name: &str) -> Result<PathBuf, Failure> {
    let tools = place::target().join("tools");
    python_packages(&place::root().join("crates/xtask/tools"), &tools)?;
    Ok(tools.join("bin").join(name))
}

/// The Python packages of a folder's `requirements.txt`, each by its hash, as they are built: nothing
/// of them runs while they are installed.
fn python_packages(folder: &Path, venv: &Path) -> Result<(), Failure> {
    let wanted = folder.join("requirements.txt");
    when_changed(&wanted, &venv.join(".birdkey-stamp"), || {
        let pip = venv.join("bin/pip");
        if !pip.exists() {
            program("python3", &["-m", "venv", &venv.display().to_string()]).run("venv")?;
        }
        let install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
        let which = ["--only-binary", ":all:", "-r", &wanted.display().to_string()];
        retried("pip", || program(&pip, &[&install[..], &which].concat()).run("pip"))
    })
}

/// Installs what a file names; a stamp says for which text of it that was done.
fn when_changed(
    file: &Path,
    stamp: &Path,
    install: impl FnOnce() -> Result<(), Failure>,
) -> Result<(), Failure> {
    let failed = |path: &Path, why| Failure::File { path: path.display().to_string(), why };
    let text = std::fs::read(file).map_err(|why| failed(file, why))?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let wanted = format!("{:016x}", hasher.finish());
    if std::fs::read_to_string(stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    install()?;
    std::fs::write(stamp, wanted).map_err(|why| failed(stamp, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_manager_that_breaks_off_is_tried_again() {
        let mut left = 2;
        let broken = || Failure::Failed { name: "apt-get".into(), code: Some(100) };
        let attempt = || {
            if left == 0 {
                Ok(())
            } else {
                left -= 1;
                Err(broken())
            }
        };
        assert!(retried("apt-get", attempt).is_ok());

        let mut tries = 0;
        let never = || {
            tries += 1;
            Err(broken())
        };
        assert!(retried("apt-get", never).is_err());
        assert_eq!(tries, TRIES);
    }

    #[test]
    fn the_version_of_node_is_read() {
        let table = [("v20.20.2", Some(20)), ("v9.1.0", Some(9)), ("20.1", None), ("", None)];
        for (version, expected) in table {
            assert_eq!(major_version(version), expected, "{version}");
        }
    }
}
