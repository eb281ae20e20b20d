//! The variable `BROWSER`: commands, which no shell reads.

use birdkey::fuzzing::browser_commands;

use crate::Target;

pub(crate) const TARGET: Target = Target {
    name: "browser",
    words: &[
        "firefox",
        "%s",
        ":",
        ";",
        "'",
        "\"",
        "\\",
        " ",
        "&",
        "--new-window",
        "$HOME",
        "$(id)",
        "`id`",
        "sh -c",
        "|",
        "=",
        "\t",
        "/usr/bin/",
        "%%s",
        "lynx",
    ],
    run,
};

/// What a shell would take apart.
const HOSTILE: &str = "https://x.com/i?a='b\"&c=$(id);`id` %s:|\\d";
const PLAIN: &str = "https://x.com/";

fn run(list: &str) -> String {
    let commands = browser_commands(list, HOSTILE);
    let others = browser_commands(list, PLAIN);
    assert_eq!(commands.len(), others.len(), "the address adds no command");
    let separators = list.matches([':', ';']).count();
    assert!(commands.len() <= separators + 1, "{} commands", commands.len());
    for (command, other) in commands.iter().zip(&others) {
        assert!(!command[0].is_empty(), "a program has a name: {list:?}");
        assert_eq!(command[0], other[0], "the address names no program");
        let with =
            |command: &[String], url: &str| command.iter().filter(|it| it.contains(url)).count();
        assert!(with(&command[1..], HOSTILE) > 0, "the address is handed over whole");
        let exchanged: Vec<_> = other.iter().map(|word| word.replace(PLAIN, HOSTILE)).collect();
        if !list.contains(PLAIN) {
            assert_eq!(*command, exchanged, "the address alone differs");
        }
        let own: usize = other.iter().map(|word| word.replace(PLAIN, "").len()).sum();
        assert!(own <= list.len(), "nothing is added");
    }
    quoted_words_come_back(&others);
    let words: Vec<_> = commands.iter().map(|command| command.len().min(4)).take(4).collect();
    format!("{words:?}")
}

/// Written down again, word by word in quotes, a command is read as the same.
fn quoted_words_come_back(commands: &[Vec<String>]) {
    let can_be_quoted = |word: &String| !word.contains('\'') && !word.contains(PLAIN);
    for command in commands {
        let words: Vec<_> = command.iter().filter(|word| can_be_quoted(word)).cloned().collect();
        // "In the background", where it stands last.
        if words.first() != command.first() || words.iter().any(|word| word.contains(['&', '%'])) {
            continue;
        }
        let list: Vec<_> = words.iter().map(|word| format!("'{word}'")).collect();
        let mut expected = words;
        expected.push(PLAIN.to_owned());
        assert_eq!(browser_commands(&list.join(" "), PLAIN), [expected]);
    }
}
