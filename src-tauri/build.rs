//! Declares the commands of the window, and a capability that lets it call these and nothing of Tauri or
//! its plugins.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

macro_rules! window_commands {
    ($($module:ident: $($name:ident)+;)+) => {
        /// What the window may call.
        const COMMANDS: &[&str] = &[$($(stringify!($name),)+)+];
    };
}

include!("src/window_commands.rs");

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=src/window_commands.rs");
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("cargo::error=the Tauri configuration is not usable: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&std::env::var("OUT_DIR")?).join("capabilities");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("main.json"), capability())?;
    let pattern = folder.join("*.json").display().to_string();
    let attributes = tauri_build::Attributes::new()
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS))
        .capabilities_path_pattern(Box::leak(pattern.into_boxed_str()));
    Ok(tauri_build::try_build(attributes)?)
}

/// The only one there is: each command by its name, for the one window.
fn capability() -> String {
    let permissions: Vec<String> = COMMANDS
        .iter()
        .map(|command| format!(r#""allow-{}""#, command.replace('_', "-")))
        .collect();
    format!(
        r#"{{
            "identifier": "main",
            "description": "The window may call our own commands and nothing of Tauri or its plugins.",
            "local": true,
            "windows": ["main"],
            "permissions": [{}]
        }}"#,
        permissions.join(", ")
    )
}
