//! What the browser shows: static pages without scripts, third parties or anything of the request.

use std::fmt::Write as _;

use birdkey_foreign::sink;
use birdkey_messages::{Direction, Language, Words, words};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

use super::{Explanation, Outcome};

/// How pages in the browser look.
pub const STYLE: &str = include_str!("page.css");

/// The hash is of `page.css`; a test compares them.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

const POLICY: &str = concat!(
    "default-src 'none'; ",
    "style-src 'sha256-hrAXiVSsigPVcTZ4vQ+olKN4BtNeND7ZyxGA/nqiEoM='; ",
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
);

/// A key, with the mark of how things went beside it.
const KEY: &str = "<circle cx='19' cy='37' r='12'/><path d='M28 28 51 5M43 13l7 7M35 21l5 5'/>";
const TICK: &str = "<path d='m38 48 6 6 11-13'/>";
const DASH: &str = "<path d='M39 48h16'/>";
const EXCLAMATION: &str = "<path d='M47 36v11M47 54v.01'/>";

/// A page with its status and the headers that differ between pages.
#[derive(Debug, Clone)]
pub(super) struct Page {
    status: StatusCode,
    header: Option<(HeaderName, &'static str)>,
    html: Bytes,
}

/// The page that tells how the login ended.
pub(super) fn outcome(outcome: &Outcome, language: Language) -> Page {
    let text = match outcome {
        Outcome::Done => Text {
            class: "good",
            mark: TICK,
            title: words!("page.done.title"),
            heading: words!("page.done.heading"),
            paragraphs: vec![words!("page.done.body")],
        },
        Outcome::Recorded => Text {
            class: "calm",
            mark: DASH,
            title: words!("page.recorded.title"),
            heading: words!("page.recorded.heading"),
            paragraphs: vec![words!("page.recorded.body")],
        },
        Outcome::Denied(why) => explained("calm", DASH, words!("page.denied.title"), why),
        Outcome::Failed(why) => explained("bad", EXCLAMATION, words!("page.failed.title"), why),
    };
    Page { status: StatusCode::OK, header: None, html: document(&text, language) }
}

/// The page for everything that is not part of the login.
pub(super) fn calm(status: StatusCode, language: Language) -> Page {
    let text = Text {
        class: "calm",
        mark: DASH,
        title: words!("page.stray.title"),
        heading: words!("page.stray.heading"),
        paragraphs: vec![words!("page.stray.body")],
    };
    let header = (status == StatusCode::METHOD_NOT_ALLOWED).then_some((header::ALLOW, "GET"));
    Page { status, header, html: document(&text, language) }
}

/// Sends the browser on, so that neither address bar nor history keeps the code.
pub(super) fn see_other(path: &'static str) -> Page {
    Page {
        status: StatusCode::SEE_OTHER,
        header: Some((header::LOCATION, path)),
        html: Bytes::new(),
    }
}

impl Page {
    /// The reply that carries the page.
    pub(super) fn into_response(self) -> Response<Full<Bytes>> {
        let mut response = Response::new(Full::new(self.html));
        *response.status_mut() = self.status;
        for (name, value) in HEADERS.into_iter().chain(self.header) {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

struct Text {
    class: &'static str,
    mark: &'static str,
    title: Words,
    heading: Words,
    paragraphs: Vec<Words>,
}

fn explained(
    class: &'static str,
    mark: &'static str,
    title: Words,
    explanation: &Explanation,
) -> Text {
    let Explanation { what, why, hint } = explanation.clone();
    Text { class, mark, title, heading: what, paragraphs: vec![why, hint] }
}

fn document(text: &Text, language: Language) -> Bytes {
    let said = |words: &Words| sink::html(&words.in_language(language));
    let mut paragraphs = String::new();
    for paragraph in text.paragraphs.iter().map(said).filter(|paragraph| !paragraph.is_empty()) {
        // Writing to a string can't fail.
        let _ = write!(paragraphs, "<p>{paragraph}</p>");
    }
    let html = format!(
        "<!doctype html><html {language}><head><meta charset='utf-8'>\
         <meta name='viewport' content='width=device-width, initial-scale=1'>\
         <meta name='color-scheme' content='light dark'>\
         <title>{title}</title><style>{STYLE}</style></head>\
         <body><main class='{class}'>\
         <svg viewBox='0 0 60 60' aria-hidden='true'>{KEY}{mark}</svg>\
         <h1>{heading}</h1>{paragraphs}\
         <footer>{footer}</footer></main></body></html>",
        language = attributes(language),
        title = said(&words!("page.title", title = &text.title)),
        class = text.class,
        mark = text.mark,
        heading = said(&text.heading),
        footer = said(&words!("page.footer")),
    );
    Bytes::from(html)
}

/// What the page says about its language.
fn attributes(language: Language) -> String {
    let direction = match language.direction() {
        Direction::LeftToRight => "",
        Direction::RightToLeft => " dir='rtl'",
    };
    format!("lang='{}'{direction}", language.html_tag())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest as _, Sha256};

    use super::{Language, POLICY, STYLE, calm, outcome};
    use crate::effects::loopback::{Explanation, Outcome};

    fn problem() -> Explanation {
        Explanation {
            what: "<b>what</b>".into(),
            why: "it's \"why\" & <script>alert(1)</script>".into(),
            hint: "hint".into(),
        }
    }

    fn html(result: &Outcome) -> String {
        html_in(Language::English, result)
    }

    fn html_in(language: Language, result: &Outcome) -> String {
        String::from_utf8(outcome(result, language).html.to_vec()).unwrap()
    }

    #[test]
    fn a_page_says_which_language_it_is_in_and_where_that_begins() {
        let table = [
            (Language::English, "<html lang='en'>", "You are logged in."),
            (Language::German, "<html lang='de'>", "Die Anmeldung ist gelungen."),
            (Language::Pseudo, "<html lang='en-XA' dir='rtl'>", "⟦"),
        ];
        for (language, begin, heading) in table {
            let html = html_in(language, &Outcome::Done);
            assert!(html.contains(begin) && html.contains(&format!("<h1>{heading}")), "{html}");
        }
    }

    #[test]
    fn the_policy_allows_this_style_and_nothing_else() {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        assert!(
            POLICY.contains(&format!("style-src 'sha256-{hash}';")),
            "page.css has hash {hash}"
        );
        assert!(POLICY.starts_with("default-src 'none'; "));
    }

    #[test]
    fn an_explanation_is_shown_as_text() {
        for result in [Outcome::Denied(problem()), Outcome::Failed(problem())] {
            let html = html(&result);
            assert!(html.contains("<h1>&lt;b&gt;what&lt;/b&gt;</h1>"), "{html}");
            assert!(
                html.contains(
                    "it&#39;s &quot;why&quot; &amp; &lt;script&gt;alert(1)&lt;/script&gt;"
                ),
                "{html}"
            );
            assert!(html.contains("<p>hint</p>"), "{html}");
        }
    }

    #[test]
    fn every_page_stands_alone() {
        let stray =
            String::from_utf8(calm(http::StatusCode::NOT_FOUND, Language::English).html.to_vec())
                .unwrap();
        for html in [html(&Outcome::Done), html(&Outcome::Failed(problem())), stray] {
            assert_eq!(html.matches("<h1>").count(), 1, "{html}");
            assert_eq!(html.matches("<title>").count(), 1, "{html}");
            assert!(html.contains("<html lang='en'>"), "{html}");
            for foreign in ["<script", "http://", "https://", "url(", "@import", " style=", "src="]
            {
                assert!(!html.contains(foreign), "{foreign} in {html}");
            }
        }
    }
}
