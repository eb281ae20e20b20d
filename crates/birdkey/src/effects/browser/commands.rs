//! Command lines that open a page: those of `BROWSER` and those of the desktop.

/// Stands for the address in a command of `BROWSER`.
pub(super) const PLACEHOLDER: &str = "%s";

const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };

/// A program and its arguments; the address is not among them yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommandLine {
    pub(crate) program: String,
    arguments: Vec<String>,
}

impl CommandLine {
    /// The arguments with the address in its place.
    pub(crate) fn arguments_for(&self, url: &str) -> Vec<String> {
        let mut arguments: Vec<String> =
            self.arguments.iter().map(|argument| argument.replace(PLACEHOLDER, url)).collect();
        if !self.arguments.iter().any(|argument| argument.contains(PLACEHOLDER)) {
            arguments.push(url.to_owned());
        }
        arguments
    }

    pub(super) fn from_words(mut words: Vec<String>) -> Option<Self> {
        // "In the background", as other readers of BROWSER know it: everything is, here.
        if words.last().is_some_and(|word| word == "&") {
            words.pop();
        }
        let mut words = words.into_iter();
        let program = words.next().filter(|program| !program.is_empty())?;
        Some(Self { program, arguments: words.collect() })
    }
}

/// Reads a `BROWSER` list.
pub(crate) fn read(list: &str) -> Vec<CommandLine> {
    let mut reading = Reading::default();
    let mut characters = list.chars();
    while let Some(character) = characters.next() {
        match (reading.quote, character) {
            (Some('\''), '\'') | (Some('"'), '"') => reading.quote = None,
            (quote, '\\') if cfg!(unix) && quote != Some('\'') => {
                reading.keep(characters.next().unwrap_or('\\'));
            }
            (None, '\'' | '"') => reading.open_quote(character),
            (None, SEPARATOR) => reading.end_command(),
            (None, blank) if blank.is_whitespace() => reading.end_word(),
            (_, other) => reading.keep(other),
        }
    }
    reading.end_command();
    reading.commands
}

/// The words of one command; `None` when it is empty.
#[cfg(not(any(windows, target_os = "macos")))]
pub(super) fn words_of(command: &str) -> Option<Vec<String>> {
    let mut reading = Reading::default();
    let mut characters = command.chars();
    while let Some(character) = characters.next() {
        match (reading.quote, character) {
            (Some('"'), '"') => reading.quote = None,
            (_, '\\') => reading.keep(characters.next().unwrap_or('\\')),
            (None, '"') => reading.open_quote(character),
            (None, blank) if blank.is_whitespace() => reading.end_word(),
            (_, other) => reading.keep(other),
        }
    }
    reading.end_word();
    Some(reading.words).filter(|words| !words.is_empty())
}

/// What the platform opens pages with, in order.
pub(super) fn of_the_desktop() -> Vec<CommandLine> {
    let openers: &[&[&str]] = if cfg!(windows) {
        &[&["rundll32", "url.dll,FileProtocolHandler"]]
    } else if cfg!(target_os = "macos") {
        &[&["open"]]
    } else {
        &[&["xdg-open"], &["gio", "open"], &["sensible-browser"], &["x-www-browser"]]
    };
    let words = openers.iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect());
    words.filter_map(CommandLine::from_words).collect()
}

#[derive(Default)]
struct Reading {
    commands: Vec<CommandLine>,
    words: Vec<String>,
    word: Option<String>,
    quote: Option<char>,
}

impl Reading {
    fn keep(&mut self, character: char) {
        self.word.get_or_insert_default().push(character);
    }

    fn open_quote(&mut self, quote: char) {
        self.word.get_or_insert_default();
        self.quote = Some(quote);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn end_command(&mut self) {
        self.end_word();
        self.commands.extend(CommandLine::from_words(std::mem::take(&mut self.words)));
    }
}

// The lists are written for unix: the separator differs elsewhere.
#[cfg(all(test, unix))]
mod tests {
    use super::read;

    const URL: &str = "https://x.com/a?b=1&c='%s$(id)";

    fn words(list: &str) -> Vec<Vec<String>> {
        let all = read(list).into_iter();
        all.map(|command| [vec![command.program.clone()], command.arguments_for(URL)].concat())
            .collect()
    }

    #[test]
    fn a_list_is_split_into_commands_and_words() {
        let cases: [(&str, &[&[&str]]); 10] = [
            ("firefox", &[&["firefox", URL]]),
            ("a:b -n", &[&["a", URL], &["b", "-n", URL]]),
            ("a --url=%s -x", &[&["a", &format!("--url={URL}"), "-x"]]),
            ("'my browser' \"--a b\" c\\ d", &[&["my browser", "--a b", "c d", URL]]),
            ("'/a:b/c' \"%s\"", &[&["/a:b/c", URL]]),
            ("a '' b", &[&["a", "", "b", URL]]),
            ("firefox &", &[&["firefox", URL]]),
            (
                "a $HOME `id` ; b > c | d",
                &[&["a", "$HOME", "`id`", ";", "b", ">", "c", "|", "d", URL]],
            ),
            (" : :", &[]),
            ("a 'open end", &[&["a", "open end", URL]]),
        ];
        for (list, expected) in cases {
            assert_eq!(words(list), expected, "{list}");
        }
    }
}
