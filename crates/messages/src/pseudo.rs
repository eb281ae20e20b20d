//! The pretend language: English that can still be read, but is told from it at a glance.

/// Puts a whole message in brackets, so that a text that is cut off shows.
pub(crate) fn bracketed(text: &str) -> String {
    format!("⟦{text}⟧")
}

/// Accents the letters, and doubles the vowels: about a third longer, as translations get.
pub(crate) fn accented(text: &str) -> String {
    let mut accented = String::with_capacity(text.len() * 3);
    for letter in text.chars() {
        let other = other(letter);
        accented.push(other);
        if "aeiouAEIOU".contains(letter) {
            accented.push(other);
        }
    }
    accented
}

fn other(letter: char) -> char {
    const PLAIN: &str = "aceginorsuyzACEGINORSUYZ";
    const OTHER: &str = "áçéğíñóŕšúýžÁÇÉĞÍÑÓŔŠÚÝŽ";
    let place = PLAIN.chars().position(|plain| plain == letter);
    place.and_then(|place| OTHER.chars().nth(place)).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::accented;
    use crate::language::Language;
    use crate::words;

    #[test]
    fn a_text_gets_about_a_third_longer() {
        let text = "Programs get a fresh token, and none of them holds a secret.";
        let longer = accented(text).chars().count() * 100 / text.chars().count();
        assert!((125..=145).contains(&longer), "{longer} %");
    }

    #[test]
    fn what_is_put_in_stays_as_it_is() {
        let words = words!("test.around", inner = "Ada", path = "/home/ada");
        assert_eq!(words.in_language(Language::Pseudo), "⟦ÍÍt šááýš Ada áát /home/ada.⟧");
    }
}
