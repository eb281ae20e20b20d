//! Finding the address in what was pasted: mails, chats and terminals wrap, quote and bracket it.

use super::Pasted;
use crate::protocol::callback;
use crate::protocol::secret::Secret;

/// Longer than any address a browser ends on, with some text around it.
pub(super) const MAX_PASTED_BYTES: usize = 8 * 1024;

/// Sentences and markup end with these; addresses of servers do not.
const PUNCTUATION: [char; 8] = ['.', ',', ';', ':', '!', '?', '\'', '*'];

/// The query of the address in `text` that begins with the redirect URI.
pub(super) fn query_of(text: &str, uri: &str) -> Result<Secret, Pasted> {
    if text.len() > MAX_PASTED_BYTES {
        return Err(Pasted::NotAnAddress);
    }
    let (scheme, rest) = parts(uri);
    let joined = joined(text, rest);
    let mut pieces = joined.split(rest).skip(1).map(|piece| without_scheme(piece, scheme));
    let Some(first) = pieces.next() else { return Err(other(&joined)) };
    // Pasted more than once, the last that is whole counts.
    pieces.fold(query(first), |read, piece| match query(piece) {
        Err(_) if read.is_ok() => read,
        newer => newer,
    })
}

/// The query of an address from behind its redirect URI.
fn query(rest: &str) -> Result<Secret, Pasted> {
    let address = end_cut(rest);
    let address = address.strip_prefix('/').unwrap_or(address);
    let Some(query) = address.strip_prefix('?') else {
        return Err(if address.is_empty() { Pasted::Incomplete } else { Pasted::Elsewhere });
    };
    let query = without_entities(query);
    let query = query.split_once('#').map_or(query.as_str(), |(query, _)| query);
    if !callback::is_whole(query) {
        return Err(Pasted::Incomplete);
    }
    Ok(Secret::new(query.to_owned()))
}

/// A piece without the beginning of the next address.
fn without_scheme<'a>(piece: &'a str, scheme: &str) -> &'a str {
    piece.strip_suffix("://").and_then(|it| it.strip_suffix(scheme)).unwrap_or(piece)
}

/// Whether an address begins in `text`, so that it continues nothing pasted before.
pub(super) fn begins_in(text: &str, uri: &str) -> bool {
    text.contains("://") || text.contains(parts(uri).1)
}

/// What a text is that does not hold the redirect URI.
fn other(text: &str) -> Pasted {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if text.contains("://") || text.contains('?') {
        Pasted::Elsewhere
    } else if !text.is_empty() && text.chars().all(plain) {
        Pasted::BareCode
    } else {
        Pasted::NotAnAddress
    }
}

/// The scheme and the rest, as some browsers leave the scheme out of what they copy.
fn parts(uri: &str) -> (&str, &str) {
    let (scheme, rest) = uri.split_once("://").unwrap_or(("", uri));
    (scheme, rest.trim_end_matches('/'))
}

/// The lines as one, up to words below the address; without characters that only say where to wrap.
fn joined(text: &str, uri: &str) -> String {
    let mut joined = String::new();
    let lines = text.lines().map(str::trim);
    for line in lines {
        if joined.contains(uri) && line.contains(char::is_whitespace) {
            break;
        }
        joined.extend(line.chars().filter(|c| !is_invisible(*c)));
    }
    joined
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// The text up to what no address can hold (RFC 3986 §2), without punctuation and closing brackets
/// behind it.
fn end_cut(text: &str) -> &str {
    let fits = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let mut text = &text[..text.find(|c| !fits(c)).unwrap_or(text.len())];
    loop {
        let closes = [('(', ')'), ('[', ']')].iter().any(|(open, close)| {
            text.ends_with(*close) && text.matches(*close).count() > text.matches(*open).count()
        });
        // A lone question mark begins the query.
        let punctuated = text.len() > 1 && text.ends_with(PUNCTUATION);
        if !closes && !punctuated {
            return text;
        }
        text = &text[..text.len() - 1];
    }
}

/// Copied from the source of a page or from a mail in HTML.
fn without_entities(query: &str) -> String {
    let mut query = query.to_owned();
    while query.contains("&amp;") {
        query = query.replace("&amp;", "&");
    }
    query.replace("&#38;", "&").replace("&#x26;", "&")
}

#[cfg(test)]
mod tests {
    use super::{Pasted, query_of};
    use crate::protocol::secret::Secret;

    const URI: &str = "http://127.0.0.1:8731/callback";
    const WHOLE: &str = "state=s-t&code=a_b~c";

    #[test]
    fn the_address_is_found_however_it_was_copied() {
        let it = format!("{URI}?{WHOLE}");
        let bare = it.trim_start_matches("http://");
        let [entities, number, hexadecimal] =
            ["&amp;", "&#38;", "&#x26;"].map(|entity| it.replace('&', entity));
        let twice = it.replace('&', "&amp;amp;");
        let (first, last) = it.split_at(it.len() - 4);
        let (in_port, rest) = it.split_at(19);
        let table = [
            it.clone(),
            format!("  \"{it}\"\r\n"),
            format!("'{it}'"),
            format!("<{it}>"),
            format!("<{it}|here>"),
            format!("({it})"),
            format!("({it})."),
            format!("[back]({it}), then"),
            format!("[{it}]"),
            format!("**{it}**"),
            format!("`{it}`"),
            format!("{{{it}}}"),
            format!("{it}."),
            format!("{it}, …"),
            format!("{it}!"),
            format!("{it}  text after it"),
            format!("{it}\ttext"),
            format!("{it}\u{a0}text"),
            format!("it ends on {it}"),
            format!("It ends on:\n\n{it}\n\nThanks, Ada"),
            format!("{it}#_=_"),
            format!("{it}{it}"),
            format!("{it}\n{it}"),
            format!("{URI}?state=other&code=c\n{it}"),
            format!("{it}\n{URI}?sta"),
            format!("\u{1b}[200~{it}\u{1b}[201~"),
            bare.to_owned(),
            format!("({bare})"),
            it.replace("callback?", "callback/?"),
            entities,
            number,
            hexadecimal,
            twice,
            format!("{first}\n{last}"),
            format!("{first} \r\n    {last}\r\n"),
            format!("{in_port}\n{rest}"),
            format!("{first}\u{200b}{last}\u{feff}"),
        ];
        for text in table {
            let read = query_of(&text, URI);
            assert_eq!(read.as_ref().map(Secret::expose), Ok(WHOLE), "{text:?}");
        }
    }

    #[test]
    fn what_belongs_to_the_address_stays() {
        for query in [
            "code=a%20b&state=s",
            "code=a(b)&state=s[1]",
            "error=access_denied&state=s",
            "state=s&code=YQ==",
            "state=s&code=a.b",
            "state=s&code=a&iss=https://x.example/",
        ] {
            let read = query_of(&format!("({URI}?{query})."), URI);
            assert_eq!(read.as_ref().map(Secret::expose), Ok(query));
        }
    }

    #[test]
    fn anything_else_is_told_apart() {
        let table = [
            (URI.to_owned(), Pasted::Incomplete),
            (format!("{URI}?"), Pasted::Incomplete),
            (format!("{URI}?state=s"), Pasted::Incomplete),
            (format!("{URI}?code=c"), Pasted::Incomplete),
            (format!("{URI}?state=s&code="), Pasted::Incomplete),
            (format!("{URI}?state=s&code=c&code=d"), Pasted::Incomplete),
            (format!("{URI}?state=s&code=%ff"), Pasted::Incomplete),
            (format!("{URI}/done?state=s&code=c"), Pasted::Elsewhere),
            (format!("{URI}s?state=s&code=c"), Pasted::Elsewhere),
            ("http://127.0.0.1:18731/callback?state=s&code=c".into(), Pasted::Elsewhere),
            ("https://x.com/i/oauth2/authorize?state=s".into(), Pasted::Elsewhere),
            ("VGhpc0lzQUNvZGU6MTphYzox".into(), Pasted::BareCode),
            ("state=s&code=c".into(), Pasted::NotAnAddress),
            ("what now".into(), Pasted::NotAnAddress),
            (String::new(), Pasted::NotAnAddress),
            (format!("{URI}?{WHOLE}{}", "a".repeat(10_000)), Pasted::NotAnAddress),
        ];
        for (text, expected) in table {
            assert_eq!(query_of(&text, URI).unwrap_err(), expected, "{text:?}");
        }
    }
}
