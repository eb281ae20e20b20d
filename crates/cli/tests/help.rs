//! What `--help` says, of each command: a changed word shows in a review.
//!
//! After a change: `INSTA_UPDATE=always cargo test -p birdkey-cli --test help`, then look at the diff.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use clap::Command;

/// A terminal of the usual height shows it whole, prompt included.
const MOST_LINES: usize = 50;

#[test]
fn each_help_is_as_it_was_and_fits_a_screen() {
    look_at(&birdkey_cli::command(), "birdkey");
}

fn look_at(command: &Command, path: &str) {
    let words = path.split(' ').chain(["--help"]);
    let birdkey = birdkey_cli::command().term_width(100);
    let help = birdkey.try_get_matches_from(words).unwrap_err().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    assert!(help.len() <= MOST_LINES, "{path}: {} lines", help.len());
    insta::assert_snapshot!(path.replace(' ', "_"), help.join("\n"));
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        look_at(sub, &format!("{path} {}", sub.get_name()));
    }
}

#[test]
fn a_mistyped_command_or_option_is_suggested() {
    let error = |line: &str| {
        let words = line.split(' ').map(str::to_owned);
        birdkey_cli::command().try_get_matches_from(words).unwrap_err().to_string()
    };
    for (line, meant) in [
        ("birdkey tokn", "'token'"),
        ("birdkey log-out", "'logout'"),
        ("birdkey token --acount @ada", "'--account'"),
        ("birdkey app lst", "'list'"),
    ] {
        let said = error(line);
        assert!(said.contains("similar") && said.contains(meant), "{line}: {said}");
    }
}
