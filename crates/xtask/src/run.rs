//! `cargo xtask run`: the window, or one login on a private desktop where there is no display.

use std::process::ExitCode;

use crate::command::{cargo, npm, program};
use crate::failure::Failure;
use crate::packages::Purpose;
use crate::place;
use crate::setup::{self, Consent};

pub(crate) fn run(consent: Consent) -> Result<ExitCode, Failure> {
    if has_display() {
        setup::set_up(Purpose::Window, consent)?;
        npm(&["run", "build"]).run("ui")?;
        cargo(&["build", "--locked", "-p", "birdkey-desktop", "-p", "birdkey-cli"]).run("build")?;
        println!(
            "\n==> the window is opening; Quit in the menu of the tray icon, or Ctrl-C here, ends it"
        );
        return start("birdkey-desktop");
    }
    println!("==> there is no display on this machine: one login is shown on a private desktop");
    setup::set_up(Purpose::Headless, consent)?;
    npm(&["run", "build"]).run("ui")?;
    let all = ["build", "--workspace", "--locked", "--features", "birdkey-desktop/automation"];
    cargo(&all).run("build")?;
    println!();
    start("desktop-demo")
}

fn start(name: &str) -> Result<ExitCode, Failure> {
    Ok(ExitCode::from(program(place::built(name), &[]).replace()?))
}

fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
