//! Which language a page is written in: what the browser asks for.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use birdkey_messages::Language;
use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;
use http::request::Parts;

/// The language of whoever reads the page.
pub(in crate::http) struct Reader(pub(in crate::http) Language);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(asked_for(&parts.headers)))
    }
}

/// The spoken one that weighs most, the first of equals (RFC 9110 §12.5.4); English where none is.
fn asked_for(headers: &HeaderMap) -> Language {
    let listed = headers.get(ACCEPT_LANGUAGE).and_then(|list| list.to_str().ok());
    let mut best = (0.0, Language::English);
    for range in listed.unwrap_or_default().split(',') {
        let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|it| it.parse::<f32>().ok());
        if let (Some(weight), Some(language)) = (weight, Language::from_tag(tag.trim()))
            && weight > best.0
        {
            best = (weight, language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use birdkey_messages::Language::{self, English, German};
    use http::HeaderMap;
    use http::header::ACCEPT_LANGUAGE;

    use super::asked_for;

    #[test]
    fn the_heaviest_language_that_is_spoken_wins() {
        let table: [(&str, Language); 8] = [
            ("de-DE,de;q=0.9,en;q=0.8", German),
            ("en-US, en;q=0.9, de;q=0.8", English),
            ("de;q=0.2, en;q=0.7", English),
            ("fr, de;q=0.5", German),
            ("fr, *;q=0.5", English),
            ("de;q=0", English),
            ("de;q=much, ;;,", English),
            ("", English),
        ];
        for (list, language) in table {
            let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, list.parse().unwrap())]);
            assert_eq!(asked_for(&headers), language, "{list}");
        }
        assert_eq!(asked_for(&HeaderMap::new()), English);
    }
}
