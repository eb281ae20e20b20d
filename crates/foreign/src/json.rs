//! JSON in lines: the server's order, its numbers as they were sent, and nothing that moves a cursor.

use std::iter::Peekable;
use std::str::Chars;

use serde::de::IgnoredAny;

use crate::sink::push_visible;

/// One level.
const INDENT: &str = "  ";
/// What line breaks and indents may take in any case, in bytes.
const MIN_ROOM: usize = 8 * 1024 * 1024;
/// What they may take of a larger answer, as a multiple of its size.
const ROOM: usize = 2;

/// What a window or a terminal shows of a body, when it is JSON: by its text, whatever its type is said
/// to be.
pub fn shown(body: &[u8]) -> Option<String> {
    // A byte-order mark before it says nothing (RFC 8259 §8.1).
    let text = str::from_utf8(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).ok()?;
    serde_json::from_str::<IgnoredAny>(text).is_ok().then(|| indented(text))
}

/// Valid JSON with line breaks and indents. Characters that control, turn or hide are escaped, which
/// means the same in JSON; all else stays as it was sent.
///
/// An answer that is nested so deep that the indents would outgrow it many times is shown without them
/// from there on. Neither memory nor stack grows with the depth.
fn indented(json: &str) -> String {
    let mut lines = Lines {
        text: String::with_capacity(json.len() + json.len() / 2),
        room: MIN_ROOM.max(json.len().saturating_mul(ROOM)),
        depth: 0,
    };
    let mut characters = json.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            c if c.is_ascii_whitespace() => {}
            '"' => lines.string(&mut characters),
            '{' | '[' => lines.open(c, &mut characters),
            '}' | ']' => {
                lines.depth = lines.depth.saturating_sub(1);
                lines.next();
                lines.text.push(c);
            }
            ',' => {
                lines.text.push(c);
                lines.next();
            }
            ':' => lines.text.push_str(": "),
            other => push_visible(&mut lines.text, other),
        }
    }
    lines.text
}

struct Lines {
    text: String,
    /// How many bytes more may go into line breaks and indents.
    room: usize,
    depth: usize,
}

impl Lines {
    /// What an empty pair of brackets holds stays on its line.
    fn open(&mut self, bracket: char, rest: &mut Peekable<Chars<'_>>) {
        while rest.next_if(char::is_ascii_whitespace).is_some() {}
        self.text.push(bracket);
        if let Some(closing) = rest.next_if(|c| matches!(c, '}' | ']')) {
            self.text.push(closing);
        } else {
            self.depth += 1;
            self.next();
        }
    }

    /// Begins a line, or stays on this one where there is no room for its indent, and none for any after it.
    fn next(&mut self) {
        let needed = self.depth.saturating_mul(INDENT.len()).saturating_add(1);
        self.room = self.room.saturating_sub(needed);
        if self.room > 0 {
            self.text.push('\n');
            (0..self.depth).for_each(|_| self.text.push_str(INDENT));
        }
    }

    /// The rest of a string, up to the quote that ends it.
    fn string(&mut self, rest: &mut Peekable<Chars<'_>>) {
        self.text.push('"');
        let mut escaped = false;
        for c in rest.by_ref() {
            push_visible(&mut self.text, c);
            if c == '"' && !escaped {
                return;
            }
            escaped = !escaped && c == '\\';
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MIN_ROOM, indented, shown};

    #[test]
    fn json_is_indented_and_nothing_else_of_it_is_changed() {
        let given = "{\"z\":1.0e5,\"a\":[ ],\"b\" : { \"t\":\"x \\\"{,}\\\\\" } ,\n\"c\":[1,{}]}";
        let expected = "{\n  \"z\": 1.0e5,\n  \"a\": [],\n  \"b\": {\n    \"t\": \"x \\\"{,}\\\\\"\n  },\n  \"c\": [\n    1,\n    {}\n  ]\n}";
        assert_eq!(indented(given), expected);
        assert_eq!(
            indented("123456789012345678901234567890.10"),
            "123456789012345678901234567890.10"
        );
    }

    #[test]
    fn what_is_no_json_is_not_touched() {
        for body in [&b"{\"a\":1"[..], b"hello", b"", b"\xff", b"{} {}"] {
            assert_eq!(shown(body), None, "{body:?}");
        }
        assert_eq!(shown(b"\xef\xbb\xbf[1]").as_deref(), Some("[\n  1\n]"));
    }

    #[test]
    fn what_would_move_a_cursor_is_escaped_and_means_the_same() {
        let given =
            "{\"a\":\"\u{9b}2J\u{7f}\u{202e}\u{e0041}\u{2028} \u{1f469}\u{200d}\u{1f4bb}\"}";
        let shown = indented(given);
        let expected =
            "\"\\u009b2J\\u007f\\u202e\\udb40\\udc41\\u2028 \u{1f469}\u{200d}\u{1f4bb}\"";
        assert!(shown.contains(expected), "{shown}");
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(value(given), value(&shown));
    }

    #[test]
    fn an_answer_of_nested_arrays_does_not_outgrow_memory() {
        let depth = 200_000;
        let nested = "[".repeat(depth) + &"]".repeat(depth);
        let flat = format!("[{}1]", "1,".repeat(1_000_000));
        for given in [nested, flat] {
            let shown = shown(given.as_bytes()).unwrap();
            assert!(
                shown.len() <= 3 * given.len() + MIN_ROOM,
                "{} of {}",
                shown.len(),
                given.len()
            );
            let sent: usize = shown.bytes().filter(|byte| !b" \n".contains(byte)).count();
            assert_eq!(sent, given.len(), "all of it is there");
        }
    }
}
