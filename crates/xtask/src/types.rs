//! The IPC types: Rust writes them, the UI holds a copy, and both must be the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::command::cargo;
use crate::failure::Failure;
use crate::place;

/// Where the UI keeps its copy.
fn copy() -> PathBuf {
    place::ui().join("src/lib/backend/generated")
}

/// Where the tests of the engine write the types; see `.cargo/config.toml`.
fn exported() -> PathBuf {
    place::root().join("target/types")
}

/// Writes the types anew into the UI.
pub(crate) fn write() -> Result<ExitCode, Failure> {
    let stale = exported();
    if stale.exists() {
        std::fs::remove_dir_all(&stale).map_err(|why| file(&stale, why))?;
    }
    let of_both = ["test", "--locked", "-p", "birdkey", "-p", "birdkey-desktop", "export_bindings"];
    cargo(&of_both).run("types")?;
    let types = texts(&exported())?;
    if types.is_empty() {
        return Err(Failure::NoTypes);
    }
    for name in texts(&copy())?.keys().filter(|name| !types.contains_key(*name)) {
        let path = copy().join(name);
        std::fs::remove_file(&path).map_err(|why| file(&path, why))?;
    }
    for (name, text) in &types {
        let path = copy().join(name);
        std::fs::write(&path, text).map_err(|why| file(&path, why))?;
    }
    println!("    {} types are in {}", types.len(), copy().display());
    Ok(ExitCode::SUCCESS)
}

/// Compares the types that the tests just wrote with the UI's copy.
pub(crate) fn compare() -> Result<(), Failure> {
    let (ours, theirs) = (texts(&exported())?, texts(&copy())?);
    if ours.is_empty() {
        return Err(Failure::NoTypes);
    }
    let names = ours.keys().chain(theirs.keys());
    let mut differing: Vec<_> = names.filter(|name| ours.get(*name) != theirs.get(*name)).collect();
    differing.sort();
    differing.dedup();
    if differing.is_empty() {
        println!("\n==> types: {} types, the same in Rust and UI", ours.len());
        return Ok(());
    }
    for name in &differing {
        eprintln!("    {name} differs");
    }
    eprintln!("    To take the types of Rust over, run: cargo xtask types");
    Err(Failure::Failed { name: "types".into(), code: Some(1) })
}

/// The TypeScript files of a folder, by name.
fn texts(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut texts = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(texts);
    }
    for entry in std::fs::read_dir(folder).map_err(|why| file(folder, why))?.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "ts") {
            let text = std::fs::read_to_string(&path).map_err(|why| file(&path, why))?;
            texts.insert(entry.file_name().to_string_lossy().into_owned(), text);
        }
    }
    Ok(texts)
}

fn file(path: &Path, why: std::io::Error) -> Failure {
    Failure::File { path: path.display().to_string(), why }
}
