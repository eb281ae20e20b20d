//! The language of the process, in a process of its own: it is one for all threads, so tests that set
//! it can share a process with no others. All others name the language they ask for.

use birdkey_messages::{Language, words};

#[test]
fn a_process_speaks_english_until_told_otherwise_and_words_said_before_follow() {
    let said = words!("tray.need_you", count = 2_u64);
    let table = [
        (Language::English, "2 accounts need you"),
        (Language::German, "Bei 2 Konten ist etwas zu tun"),
        (Language::Pseudo, "⟦2 ááççóóúúñtš ñééééd ýóóúú⟧"),
    ];
    for (language, expected) in table {
        // English comes first, and nobody has set it.
        if language != Language::English {
            language.set();
        }
        assert_eq!(Language::current(), language);
        assert_eq!(said.to_string(), expected);
        assert_eq!(serde_json::to_string(&said).unwrap(), format!("{expected:?}"));
        assert_eq!(said.in_english(), "2 accounts need you");
        assert_eq!(format!("{said:?}"), "\"2 accounts need you\"", "a log stays English");
    }
}
