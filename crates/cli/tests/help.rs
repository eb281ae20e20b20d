//! What `--help` says, of each command: a changed word shows in a review.
//!
//! After a change: `INSTA_UPDATE=always cargo test -p birdkey-cli --test help`, then look at the diff. It
//! writes `docs/commands.md`, too.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::fmt::Write as _;

use clap::Command;

/// A terminal of the usual height shows it whole, prompt included.
const MOST_LINES: usize = 50;

#[test]
fn each_help_is_as_it_was_and_fits_a_screen() {
    look_at(&birdkey_cli::command(), "birdkey");
}

fn look_at(command: &Command, path: &str) {
    let help = help_of(path);
    assert!(help.lines().count() <= MOST_LINES, "{path}: {} lines", help.lines().count());
    insta::assert_snapshot!(path.replace(' ', "_"), help);
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        look_at(sub, &format!("{path} {}", sub.get_name()));
    }
}

/// What `--help` prints, without spaces at the ends of lines.
fn help_of(path: &str) -> String {
    let words = path.split(' ').chain(["--help"]);
    let birdkey = birdkey_cli::command().term_width(100);
    let help = birdkey.try_get_matches_from(words).unwrap_err().to_string();
    help.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_page_of_all_commands_says_what_their_help_says() {
    let place = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md");
    let page = std::fs::read_to_string(place).unwrap();
    let (written_by_hand, _) = page.split_once("## `birdkey`").unwrap();
    let mut expected = written_by_hand.to_owned();
    add_section(&birdkey_cli::command(), "birdkey", &mut expected);
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        std::fs::write(place, &expected).unwrap();
        return;
    }
    assert!(page == expected, "docs/commands.md is not up to date: see the top of this test");
}

fn add_section(command: &Command, path: &str, page: &mut String) {
    let level = if path.contains(' ') { "###" } else { "##" };
    let help = help_of(path);
    writeln!(page, "{level} `{path}`\n\n```text\n{}\n```", help.trim_end()).unwrap();
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        page.push('\n');
        add_section(sub, &format!("{path} {}", sub.get_name()), page);
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
