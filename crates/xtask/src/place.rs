//! Where things lie.

use std::path::{Path, PathBuf};

/// The top of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The folder of the UI.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// What the recipes of the documents use.
pub(crate) fn recipes() -> PathBuf {
    root().join("tests/recipes")
}

/// Where cargo builds to: `CARGO_TARGET_DIR`, or `target` in the workspace.
pub(crate) fn target() -> PathBuf {
    let named = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    named.map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// A program of the release build.
pub(crate) fn released(program: &str) -> PathBuf {
    target().join("release").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// A program of the build that the command is shipped from.
pub(crate) fn shipped(program: &str) -> PathBuf {
    target().join("command").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}

/// A program of the debug build.
pub(crate) fn built(program: &str) -> PathBuf {
    target().join("debug").join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
}
