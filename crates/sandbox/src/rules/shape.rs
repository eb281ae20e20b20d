//! Codes and tokens of X's shape: base64url of
//! `<45 characters>:<ms since epoch>:1:<0 or 1>:<kind>:1`, 91 characters.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::clock::{Random, UnixMs};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const UNIQUE_CHARS: usize = 45;
/// Keeps the time at 13 digits, which every moment from 2001 to 2286 has.
const THIRTEEN_DIGITS: u64 = 10_000_000_000_000;

/// What a secret of X's shape is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    AuthorizationCode,
    AccessToken,
    RefreshToken,
}

impl Kind {
    fn letters(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "ac",
            Self::AccessToken => "at",
            Self::RefreshToken => "rt",
        }
    }
}

/// A new secret; 270 random bits.
pub(crate) fn secret(kind: Kind, random: &dyn Random, now: UnixMs) -> String {
    let unique = unique(random);
    let flag = u8::from(unique.starts_with(|first: char| first.is_ascii_lowercase()));
    let ms = now.0 % THIRTEEN_DIGITS;
    let kind = kind.letters();
    URL_SAFE_NO_PAD.encode(format!("{unique}:{ms:013}:1:{flag}:{kind}:1"))
}

/// 45 random characters of base64url.
pub(crate) fn unique(random: &dyn Random) -> String {
    let mut bytes = [0; UNIQUE_CHARS];
    random.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 63)])).collect()
}

/// The scopes in another order than asked for, as X answers them.
pub(crate) fn shuffled(scopes: &[String], random: &dyn Random) -> Vec<String> {
    let mut shuffled = scopes.to_vec();
    let mut bytes = vec![0; shuffled.len()];
    random.fill(&mut bytes);
    for at in (1..shuffled.len()).rev() {
        shuffled.swap(at, usize::from(bytes[at]) % (at + 1));
    }
    if shuffled == scopes && shuffled.len() > 1 {
        shuffled.rotate_left(1);
    }
    shuffled
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::{Kind, secret, shuffled};
    use crate::clock::{OsRandom, UnixMs};

    #[test]
    fn secrets_have_the_91_characters_of_x() {
        let kinds = [
            (Kind::AuthorizationCode, ":ac:1"),
            (Kind::AccessToken, ":at:1"),
            (Kind::RefreshToken, ":rt:1"),
        ];
        for (kind, tail) in kinds {
            let secret = secret(kind, &OsRandom, UnixMs(1_700_000_000_000));
            let decoded = URL_SAFE_NO_PAD.decode(&secret).unwrap();
            let text = String::from_utf8(decoded).unwrap();
            assert_eq!((secret.len(), text.len()), (91, 68));
            assert!(text.ends_with(tail), "{text}");
            assert!(text.contains(":1700000000000:1:"), "{text}");
        }
    }

    #[test]
    fn scopes_come_back_complete_and_in_another_order() {
        let asked = ["tweet.read", "users.read", "offline.access"].map(str::to_owned);
        let mut answered = shuffled(&asked, &OsRandom);
        assert_ne!(answered, asked);
        answered.sort_unstable();
        assert_eq!(answered, ["offline.access", "tweet.read", "users.read"]);
    }
}
