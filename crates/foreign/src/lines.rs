//! A long text, handed out by lines.

/// Longer lines are shown as several: no window draws a line of a million characters in time.
const LINE_CHARS: usize = 1_000;
/// Where each of so many lines begins is remembered.
const STEP: usize = 256;

/// A text that stays in one piece, however many lines it has.
#[derive(Debug, Default)]
pub struct Lines {
    text: String,
    count: usize,
    /// Where every [`STEP`]th line begins, in bytes.
    marks: Vec<usize>,
}

impl Lines {
    /// Finds the lines of a text.
    pub fn of(text: String) -> Self {
        let (mut count, mut marks, mut at) = (0, Vec::new(), 0);
        while let Some((_, next)) = line(&text, at) {
            if count % STEP == 0 {
                marks.push(at);
            }
            count += 1;
            at = next;
        }
        Self { text, count, marks }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// `count` of them from the one with this number on, counted from 0.
    pub fn some(&self, from: usize, count: usize) -> impl Iterator<Item = &str> {
        let mut at = self.marks.get(from / STEP).copied().unwrap_or(self.text.len());
        let lines = std::iter::from_fn(move || {
            let (found, next) = line(&self.text, at)?;
            at = next;
            Some(found)
        });
        lines.skip(from % STEP).take(count)
    }
}

/// The line that begins at a byte, and where the next one does; `None` at the end of the text.
fn line(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
    let mut characters = rest.char_indices();
    let end = characters.by_ref().take(LINE_CHARS).find(|(_, c)| *c == '\n').map(|(end, _)| end);
    let (end, next) = match end {
        Some(end) => (end, end + 1),
        None => match characters.next() {
            // A line of just that length ends here, too.
            Some((end, '\n')) => (end, end + 1),
            Some((end, _)) => (end, end),
            None => (rest.len(), rest.len()),
        },
    };
    let (found, _) = rest.split_at(end);
    Some((found.strip_suffix('\r').unwrap_or(found), at + next))
}

#[cfg(test)]
mod tests {
    use super::{LINE_CHARS, Lines, STEP};

    #[test]
    fn long_lines_are_split_between_characters() {
        let bird = "\u{1f426}";
        let long = bird.repeat(LINE_CHARS + 1);
        let lines = Lines::of(format!("{long}\r\n\n{}\nend", bird.repeat(LINE_CHARS)));
        let all: Vec<_> = lines.some(0, 10).collect();
        let whole = bird.repeat(LINE_CHARS);
        assert_eq!(all, [whole.as_str(), bird, "", whole.as_str(), "end"]);
        assert_eq!(lines.count(), 5);
    }

    #[test]
    fn any_lines_are_found_without_the_ones_before() {
        let count = 3 * STEP + 7;
        let numbers: Vec<_> = (0..count).map(|n| n.to_string()).collect();
        let lines = Lines::of(numbers.join("\n"));
        assert_eq!(lines.count(), count);
        for from in [0, 1, STEP - 1, STEP, 2 * STEP + 3, count - 1] {
            let some: Vec<_> = lines.some(from, 2).collect();
            assert_eq!(some, numbers[from..].iter().take(2).collect::<Vec<_>>(), "{from}");
        }
        assert_eq!(lines.some(count, 1).count() + lines.some(10 * count, 1).count(), 0);
        assert_eq!(Lines::default().some(0, 1).count(), 0);
    }
}
