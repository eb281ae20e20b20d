//! A link that the doctor opens as a browser would, to see whether it reaches the desktop app: a file
//! that the app takes away when it gets the link. The link itself says nothing but the file's name.

use std::path::Path;
use std::time::Duration;

use crate::effects::deep_link::test_nonce;
use crate::effects::files::{self, FileError, OurFile};
use crate::protocol::secret::Secret;

const NONCE_CHARS: usize = 16;
/// A check takes seconds.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

/// A check that waits for its link; dropping it ends it.
#[derive(Debug)]
pub(crate) struct LinkCheck(OurFile);

impl LinkCheck {
    /// Begins to wait for the link with this nonce; `None` for what is no nonce.
    pub(crate) fn begin(data: &Path, nonce: &str) -> Option<Result<Self, FileError>> {
        let file = place(data, nonce)?;
        Some(files::write_text(&file, "").map(|()| Self(file)))
    }

    /// Whether the app got the link.
    pub(crate) fn is_answered(&self) -> bool {
        !files::exists(&self.0)
    }
}

impl Drop for LinkCheck {
    fn drop(&mut self) {
        if let Err(error) = files::remove(&self.0) {
            tracing::debug!(%error, "the file of a check stays");
        }
    }
}

/// Answers the check that waits for this link; false when none does.
pub fn answer(data: &Path, link: &Secret) -> bool {
    let waiting = test_nonce(link).and_then(|nonce| place(data, nonce));
    waiting.is_some_and(|file| files::exists(&file) && files::remove(&file).is_ok())
}

/// The files of checks that were killed.
pub(crate) fn abandoned(data: &Path) -> Vec<OurFile> {
    let names = files::names_in(&files::hand_overs(data)).into_iter();
    let checks = names.filter_map(|name| place(data, name.strip_suffix(".link")?));
    checks.filter(|file| files::age(file).is_some_and(|age| age > ABANDONED_AFTER)).collect()
}

fn place(data: &Path, nonce: &str) -> Option<OurFile> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let is_nonce = nonce.len() == NONCE_CHARS && nonce.bytes().all(plain);
    is_nonce.then(|| OurFile::hand_over(data, nonce, ".link"))
}

#[cfg(test)]
mod tests {
    use super::{ABANDONED_AFTER, LinkCheck, abandoned, answer};
    use crate::effects::deep_link::test_link;
    use crate::protocol::secret::Secret;

    #[test]
    fn only_the_link_of_the_check_answers_it_and_a_link_names_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        std::fs::create_dir(data.join("hand-over")).unwrap();
        std::fs::write(data.join("accounts.json"), "{}").unwrap();
        let arrives = |link: String| answer(data, &Secret::new(link));
        let check = LinkCheck::begin(data, "ab2defghab2defgh").unwrap().unwrap();
        for nonce in
            ["ab2defghab2defgi", "", "../accounts.json", "../../data/a.jso", "AB2DEFGHAB2DEFGH"]
        {
            assert!(!arrives(test_link(nonce)), "{nonce}");
        }
        assert!(!check.is_answered() && data.join("accounts.json").exists());
        assert!(!arrives("app.birdkey:/callback?ab2defghab2defgh".into()));

        assert!(arrives(test_link("ab2defghab2defgh")));

        assert!(check.is_answered());
        assert!(!arrives(test_link("ab2defghab2defgh")), "once");
    }

    #[test]
    fn only_the_file_of_an_old_check_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let hand_over = folder.path().join("hand-over");
        std::fs::create_dir(&hand_over).unwrap();
        for name in ["ab2defghab2defgh.link", "mine.link", "ab2defghab2defgh.txt"] {
            let file = std::fs::File::create(hand_over.join(name)).unwrap();
            file.set_modified(std::time::SystemTime::now() - 2 * ABANDONED_AFTER).unwrap();
        }
        let _running = LinkCheck::begin(folder.path(), "zzzzzzzzzzzzzzzz").unwrap().unwrap();
        let left = abandoned(folder.path());
        assert_eq!(left.len(), 1);
        assert!(left[0].ends_with("ab2defghab2defgh.link"));
    }
}
