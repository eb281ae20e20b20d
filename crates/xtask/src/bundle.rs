//! `cargo xtask bundle`: the packages of this system, with app and command, and their sizes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::command::{cargo, npm, program};
use crate::failure::Failure;
use crate::place;
use crate::setup::{self, Consent, Purpose};

/// A deb with both programs must not be larger.
const MAX_DEB_BYTES: u64 = 6 * 1024 * 1024;

/// Builds deb and rpm; the feature that opens the window to automation is never on here.
pub(crate) fn bundle(consent: Consent) -> Result<ExitCode, Failure> {
    setup::set_up(Purpose::Headless, consent)?;
    npm(&["run", "build"]).run("ui")?;
    cargo(&["build", "--release", "--locked", "-p", "birdkey-cli", "--bin", "birdkey"])
        .run("command")?;
    let tauri = place::ui().join("node_modules/.bin/tauri");
    let command = place::released("birdkey").display().to_string();
    // Where the command was built is known here only.
    let files = format!(r#"{{"/usr/bin/birdkey":"{command}"}}"#);
    let config = format!(
        r#"{{"bundle":{{"linux":{{"deb":{{"files":{files}}},"rpm":{{"files":{files}}}}}}}}}"#
    );
    let line = ["build", "--ci", "--bundles", "deb,rpm", "--config", &config, "--", "--locked"];
    program(tauri, &line).within(&place::root().join("src-tauri")).run("bundle")?;
    let packages = packages(&place::target().join("release/bundle"));
    let mut large = false;
    println!();
    for (path, size) in &packages {
        println!("{:>10} bytes  {}", size, path.display());
        large |= path.extension().is_some_and(|end| end == "deb") && *size > MAX_DEB_BYTES;
    }
    if large {
        eprintln!("\nerror: the deb is larger than {MAX_DEB_BYTES} bytes");
    }
    Ok(ExitCode::from(u8::from(large || packages.is_empty())))
}

/// The packages with their sizes.
fn packages(folder: &Path) -> Vec<(PathBuf, u64)> {
    let below = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
    let files = ["deb", "rpm"].into_iter().flat_map(|kind| below(folder.join(kind)));
    let mut packages: Vec<_> = files
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|end| end == "deb" || end == "rpm"))
        .filter_map(|path| Some((path.clone(), path.metadata().ok()?.len())))
        .collect();
    packages.sort();
    packages
}
