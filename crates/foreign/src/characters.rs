//! Characters that do something else than being seen.
//!
//! Hidden are Unicode's format characters (`Cf`) and everything it lists as default ignorable. Two
//! kinds stay: the Arabic, Syriac and Kaithi signs that are `Cf` but drawn, and the joiners and emoji
//! selectors behind a character that is not ASCII, without which names of many scripts and most emoji
//! fall apart. Flags of regions and rare ideographic variants lose their invisible part.

/// Whether it ends a line or controls a terminal: C0, DEL, C1, and the separators of lines.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether it is never drawn itself: it turns, joins, splits or tags what stands around it.
pub(crate) fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether it joins or shapes its neighbors and can't turn a line around: ZWNJ, ZWJ, and the selectors
/// of text and emoji style.
pub(crate) fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
}

/// One line of at most `most` characters: controls become spaces, hidden characters are left out.
pub(crate) fn clean(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len().min(most));
    let (mut left, mut last) = (most, ' ');
    for c in text.chars() {
        let c = if is_control(c) { ' ' } else { c };
        let joins = is_joiner(c) && !last.is_ascii() && !is_joiner(last);
        if is_hidden(c) && !joins || line.is_empty() && c.is_whitespace() {
            continue;
        }
        if left == 0 {
            break;
        }
        left -= 1;
        line.push(c);
        last = c;
    }
    line.truncate(line.trim_end_matches(|c: char| c.is_whitespace() || is_joiner(c)).len());
    line
}

#[cfg(test)]
mod tests {
    use regex_syntax::hir::{Class, HirKind};

    use super::{clean, is_control, is_hidden};

    #[test]
    fn what_unicode_calls_a_format_character_or_ignorable_is_hidden() {
        let rule = r"[\p{Cf}\p{Default_Ignorable_Code_Point}--\p{Prepended_Concatenation_Mark}]";
        let HirKind::Class(Class::Unicode(class)) = regex_syntax::parse(rule).unwrap().into_kind()
        else {
            unreachable!("a class")
        };
        for c in char::MIN..=char::MAX {
            let listed = class.ranges().iter().any(|it| (it.start()..=it.end()).contains(&c));
            assert_eq!(is_hidden(c), listed, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn a_line_is_cleaned() {
        let table = [
            ("a\r\nb\u{202e}c", "a  bc"),
            ("\u{1b}]0;x\u{7}\u{9b}2Jy", "]0;x  2Jy"),
            ("a\u{61c}b\u{ad}c\u{2028}d\u{2029}e", "abc d e"),
            ("x\u{e0001}\u{e0041}\u{e007f}", "x"),
            ("ada\u{200d}", "ada"),
            ("a\u{200d}d\u{200c}a\u{fe0f}", "ada"),
            ("\u{1f469}\u{200d}\u{1f4bb} Ada", "\u{1f469}\u{200d}\u{1f4bb} Ada"),
            ("\u{645}\u{6cc}\u{200c}\u{62e}", "\u{645}\u{6cc}\u{200c}\u{62e}"),
            ("\u{2764}\u{fe0f}\u{fe0f}\u{fe0f}", "\u{2764}"),
            ("  \u{202e} a b  ", "a b"),
        ];
        for (given, expected) in table {
            assert_eq!(clean(given, 200), expected, "{given:?}");
        }
        assert_eq!(clean(&"x".repeat(5_000), 200).len(), 200);
        assert!(is_control('\u{2028}') && is_control('\u{85}') && !is_control('\u{a0}'));
    }
}
