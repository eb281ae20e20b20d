//! `cargo xtask bundle`: deb and rpm with app and command, and their sizes.
//!
//! Both are made from one staged tree by the systems' own tools, `dpkg-deb` and `rpmbuild`: those know
//! the libraries a program needs, and let us name every file. dmg and msi are made by Tauri's bundler
//! in the release workflow.

mod check;
mod deb;
mod releases;
mod rpm;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::command::{cargo, npm};
use crate::failure::Failure;
use crate::packages::Purpose;
use crate::place;
use crate::setup::{self, Consent};

pub(crate) use check::check;

/// A deb with both programs must not be larger.
const MAX_DEB_BYTES: u64 = 6 * 1024 * 1024;

/// The packages of one version.
pub(crate) struct Packages {
    pub(crate) deb: PathBuf,
    pub(crate) rpm: PathBuf,
}

/// Builds both packages, prints their sizes and holds the deb to its limit.
pub(crate) fn bundle(consent: Consent) -> Result<ExitCode, Failure> {
    setup::set_up(Purpose::Packages, consent)?;
    npm(&["run", "build"]).run("ui")?;
    let packages = packages(&version()?)?;
    println!();
    print_sizes(&packages)?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the sizes and holds the deb to its limit.
pub(crate) fn print_sizes(packages: &Packages) -> Result<(), Failure> {
    for path in [&packages.deb, &packages.rpm] {
        println!("{:>10} bytes  {}", size(path), path.display());
    }
    if size(&packages.deb) <= MAX_DEB_BYTES {
        return Ok(());
    }
    println!("error: the deb is larger than {MAX_DEB_BYTES} bytes");
    Err(Failure::Failed { name: "size of the deb".into(), code: None })
}

/// Builds the packages of a version; the feature that opens the window to automation is never on.
pub(crate) fn packages(version: &str) -> Result<Packages, Failure> {
    let command = ["build", "--profile", "command", "--locked", "-p", "birdkey-cli"];
    cargo(&command).run(&format!("build the command {version}"))?;
    let build = ["build", "--release", "--locked", "-p", "birdkey-desktop", "-p", "birdkey-manual"];
    cargo(&build)
        .with("TAURI_CONFIG", format!(r#"{{"version":"{version}"}}"#))
        .run(&format!("build {version}"))?;
    let folder = place::target().join("bundle");
    let tree = tree::stage(&folder.join("tree"), version)?;
    Ok(Packages {
        deb: deb::build(&folder, &tree, version)?,
        rpm: rpm::build(&folder, &tree, version)?,
    })
}

/// The version after this one, as far as packages count.
pub(crate) fn newer(version: &str) -> String {
    let (before, last) = version.rsplit_once('.').unwrap_or((version, "0"));
    format!("{before}.{}", last.parse::<u32>().unwrap_or(0) + 1)
}

/// The version of the workspace.
pub(crate) fn version() -> Result<String, Failure> {
    let manifest = read(&place::root().join("Cargo.toml"))?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    let version = line.and_then(|rest| rest.strip_suffix('"'));
    Ok(version.unwrap_or("0.0.0").to_owned())
}

fn size(path: &Path) -> u64 {
    path.metadata().map_or(0, |file| file.len())
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|why| file(path, why))
}

fn write(path: &Path, text: impl AsRef<[u8]>) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|why| file(path, why))
}

fn file(path: &Path, why: std::io::Error) -> Failure {
    Failure::File { path: path.display().to_string(), why }
}

/// A text of the folder `src-tauri/packaging`.
fn text(name: &str) -> Result<String, Failure> {
    read(&packaging(name))
}

fn packaging(name: &str) -> PathBuf {
    place::root().join("src-tauri/packaging").join(name)
}
