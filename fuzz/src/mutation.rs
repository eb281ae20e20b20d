//! New inputs from those that are there.

use crate::dice::Dice;

/// The longest input made; longer than any limit that is to be met.
const MAX_BYTES: usize = 40 * 1024;

/// What readers stumble over.
const ODD: [&str; 24] = [
    "\0",
    "\u{1b}[2J",
    "\u{1b}]0;",
    "\u{7}",
    "\u{85}",
    "\u{9b}",
    "\u{202e}",
    "\u{61c}",
    "\u{ad}",
    "\u{2028}",
    "\u{e0041}",
    "\u{feff}",
    "é",
    "😀",
    "%",
    "%ff",
    "%00",
    "%0a",
    "\\",
    "\r\n",
    "\n",
    "-1",
    "18446744073709551616",
    "1e999",
];

/// One input, changed in a few places.
pub(crate) fn of(dice: &mut Dice, pool: &[String], words: &[&str]) -> String {
    let mut text: Vec<char> = dice.one_of(pool).chars().collect();
    for _ in 0..=dice.roll(4) {
        let at = dice.roll(text.len() + 1);
        let end = (at + 1 + dice.roll(8)).min(text.len());
        match dice.roll(8) {
            0 | 1 => insert(&mut text, at, dice.one_of::<&str>(words)),
            2 => insert(&mut text, at, dice.one_of::<&str>(&ODD)),
            3 => drop(text.drain(at..end)),
            4 => {
                let piece = String::from_iter(&text[at..end]);
                insert(&mut text, at, &piece.repeat(1 + dice.roll(3)));
            }
            5 => {
                let other: Vec<char> = dice.one_of(pool).chars().collect();
                text.truncate(at);
                text.extend(&other[dice.roll(other.len() + 1)..]);
            }
            6 => {
                let moved: String = text.drain(at..end).collect();
                let to = dice.roll(text.len() + 1);
                insert(&mut text, to, &moved);
            }
            // Seldom, as it is slow: past every limit.
            _ if dice.once_in(50) => {
                let piece = String::from_iter(&text[at..end]);
                insert(&mut text, at, &piece.repeat(MAX_BYTES / piece.len().max(1)));
            }
            _ => {
                if let Some(one) = text.get_mut(at) {
                    *one = char::from(u8::try_from(dice.roll(0x80)).unwrap());
                }
            }
        }
    }
    let mut text = String::from_iter(text);
    while text.len() > MAX_BYTES {
        text.pop();
    }
    text
}

fn insert(text: &mut Vec<char>, at: usize, piece: &str) {
    text.splice(at..at, piece.chars());
}
