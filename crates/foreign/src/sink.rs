//! Where text is shown: each place with its own escaping and length.

use std::fmt::Write as _;

use crate::characters::{is_control, is_hidden, is_joiner};

/// The longest entry of a menu, in characters.
const MAX_MENU_CHARS: usize = 100;
/// Stands where a text was cut.
const ELLIPSIS: char = '\u{2026}';

/// For a page in the browser, between tags and inside quoted attributes.
pub fn html(text: &str) -> String {
    escaped(text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\'' => Some("&#39;"),
        _ => None,
    })
}

/// For the body of a notification at a service that reads markup there. Quotes stay: they mean nothing
/// outside a tag, and not every service knows their names.
pub fn markup(text: &str) -> String {
    escaped(text, |c| match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    })
}

/// For an entry of a menu, where an ampersand marks the letter for the keyboard.
pub fn menu(text: &str) -> String {
    let mut characters = text.chars();
    let mut entry: String = characters.by_ref().take(MAX_MENU_CHARS).collect();
    if characters.next().is_some() {
        entry.pop();
        entry.push(ELLIPSIS);
    }
    escaped(&entry, |c| (c == '&').then_some("&&"))
}

fn escaped(text: &str, escape: impl Fn(char) -> Option<&'static str>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match escape(c) {
            Some(escape) => escaped.push_str(escape),
            None => escaped.push(c),
        }
    }
    escaped
}

/// Writes a character for a terminal or a window: what controls, turns or hides as the escape that JSON
/// has for it.
pub(crate) fn push_visible(text: &mut String, c: char) {
    if !is_control(c) && (!is_hidden(c) || is_joiner(c)) {
        return text.push(c);
    }
    for unit in c.encode_utf16(&mut [0; 2]) {
        // Writing to a string can't fail.
        let _ = write!(text, "\\u{unit:04x}");
    }
}

/// The body of an answer on its way to a terminal, in pieces that may end inside a character.
#[derive(Debug, Default)]
pub struct TerminalText {
    /// The beginning of a character whose end is still to come.
    begun: Vec<u8>,
}

impl TerminalText {
    /// What can be shown of a body that is all there.
    pub fn of(body: &[u8]) -> String {
        let mut text = Self::default();
        let shown = text.push(body);
        shown + &text.finish()
    }

    /// What of it can be shown after this piece: lines and tabs stay, other controls are spelled out,
    /// and what is no UTF-8 becomes U+FFFD.
    pub fn push(&mut self, piece: &[u8]) -> String {
        self.begun.extend_from_slice(piece);
        let bytes = std::mem::take(&mut self.begun);
        let mut text = String::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        loop {
            let (valid, broken) = match std::str::from_utf8(rest) {
                Ok(valid) => (valid, None),
                Err(error) => {
                    let (valid, broken) = rest.split_at(error.valid_up_to());
                    (std::str::from_utf8(valid).unwrap_or_default(), Some((broken, error)))
                }
            };
            push_text(&mut text, valid);
            match broken.map(|(broken, error)| (broken, error.error_len())) {
                None => return text,
                Some((broken, None)) => {
                    self.begun = broken.to_vec();
                    return text;
                }
                Some((broken, Some(length))) => {
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = broken.get(length..).unwrap_or_default();
                }
            }
        }
    }

    /// What is left at the end of the body.
    pub fn finish(self) -> String {
        String::from_utf8_lossy(&self.begun).into_owned()
    }
}

fn push_text(text: &mut String, valid: &str) {
    let mut characters = valid.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\n' | '\t' => text.push(c),
            '\r' if characters.peek() == Some(&'\n') => {}
            other => push_visible(text, other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{TerminalText, html, markup, menu};

    #[test]
    fn each_place_escapes_what_it_would_read() {
        let name = "<a href=\"x\">Ada's & B</a>";
        assert_eq!(html(name), "&lt;a href=&quot;x&quot;&gt;Ada&#39;s &amp; B&lt;/a&gt;");
        assert_eq!(markup(name), "&lt;a href=\"x\"&gt;Ada's &amp; B&lt;/a&gt;");
        assert_eq!(menu("A & B"), "A && B");
        let long = menu(&"x".repeat(500));
        assert_eq!((long.chars().count(), long.ends_with("x\u{2026}")), (100, true));
    }

    #[test]
    fn a_body_moves_no_cursor_wherever_its_pieces_end() {
        let body =
            "a\x1b[2J\u{9b}\u{202e}b\u{e0041}\r\n\tc\u{1f469}\u{200d}\u{1f4bb}\r\0".as_bytes();
        let body = [body, b"\xff!\xe2\x82"].concat();
        let shown = "a\\u001b[2J\\u009b\\u202eb\\udb40\\udc41\n\tc\u{1f469}\u{200d}\u{1f4bb}\\u000d\\u0000\u{fffd}!\u{fffd}";
        for size in [1, 2, 3, 7, 1_000] {
            let mut text = TerminalText::default();
            let mut all: String = body.chunks(size).map(|piece| text.push(piece)).collect();
            all.push_str(&text.finish());
            assert_eq!(all.replace("\\u000d\n", "\n"), shown, "{size}");
        }
    }
}
