//! What the browser shows: static pages without scripts, third parties or anything of the request.

use std::fmt::Write as _;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::Full;

use super::Outcome;
use crate::problem::Problem;

const STYLE: &str = include_str!("page.css");

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
pub(super) fn outcome(outcome: &Outcome) -> Page {
    let html = match outcome {
        Outcome::Done => document(&Text {
            class: "good",
            mark: TICK,
            title: "Logged in",
            heading: "You are logged in.",
            paragraphs: &["You can close this tab and go back to Birdkey."],
        }),
        Outcome::Recorded => document(&Text {
            class: "calm",
            mark: DASH,
            title: "Recorded",
            heading: "That is recorded.",
            paragraphs: &["You can close this tab and go back to the terminal."],
        }),
        Outcome::Denied(problem) => problem_document("calm", DASH, "Access not allowed", problem),
        Outcome::Failed(problem) => problem_document("bad", EXCLAMATION, "Not logged in", problem),
    };
    Page { status: StatusCode::OK, header: None, html }
}

/// The page for everything that is not part of the login.
pub(super) fn calm(status: StatusCode) -> Page {
    let html = document(&Text {
        class: "calm",
        mark: DASH,
        title: "Not part of the login",
        heading: "This page is not part of the login.",
        paragraphs: &["A login that is under way goes on undisturbed. \
             Finish it in the tab that Birdkey opened, or go back to Birdkey."],
    });
    let header = (status == StatusCode::METHOD_NOT_ALLOWED).then_some((header::ALLOW, "GET"));
    Page { status, header, html }
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

struct Text<'a> {
    class: &'a str,
    mark: &'a str,
    title: &'a str,
    heading: &'a str,
    paragraphs: &'a [&'a str],
}

fn problem_document(class: &str, mark: &str, title: &str, problem: &Problem) -> Bytes {
    let paragraphs = [problem.why.as_str(), problem.fix.as_str()];
    document(&Text { class, mark, title, heading: &problem.what, paragraphs: &paragraphs })
}

fn document(text: &Text<'_>) -> Bytes {
    let mut paragraphs = String::new();
    for paragraph in text.paragraphs.iter().filter(|paragraph| !paragraph.is_empty()) {
        // Writing to a string can't fail.
        let _ = write!(paragraphs, "<p>{}</p>", escaped(paragraph));
    }
    let html = format!(
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>\
         <meta name='viewport' content='width=device-width, initial-scale=1'>\
         <meta name='color-scheme' content='light dark'>\
         <title>{title} – Birdkey</title><style>{STYLE}</style></head>\
         <body><main class='{class}'>\
         <svg viewBox='0 0 60 60' aria-hidden='true'>{KEY}{mark}</svg>\
         <h1>{heading}</h1>{paragraphs}\
         <footer>Birdkey, on this computer</footer></main></body></html>",
        title = escaped(text.title),
        class = text.class,
        mark = text.mark,
        heading = escaped(text.heading),
    );
    Bytes::from(html)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest as _, Sha256};

    use super::{POLICY, STYLE, calm, outcome};
    use crate::effects::loopback::Outcome;
    use crate::problem::Problem;

    fn problem() -> Problem {
        Problem {
            code: crate::problem::Code::CodeRefused,
            what: "<b>what</b>".into(),
            why: "it's \"why\" & <script>alert(1)</script>".into(),
            fix: "fix".into(),
        }
    }

    fn html(result: &Outcome) -> String {
        String::from_utf8(outcome(result).html.to_vec()).unwrap()
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
    fn a_problem_is_shown_as_text_with_what_why_and_fix() {
        for result in [Outcome::Denied(problem()), Outcome::Failed(problem())] {
            let html = html(&result);
            assert!(html.contains("<h1>&lt;b&gt;what&lt;/b&gt;</h1>"), "{html}");
            assert!(
                html.contains(
                    "it&#39;s &quot;why&quot; &amp; &lt;script&gt;alert(1)&lt;/script&gt;"
                ),
                "{html}"
            );
            assert!(html.contains("<p>fix</p>"), "{html}");
        }
    }

    #[test]
    fn every_page_stands_alone() {
        let stray = String::from_utf8(calm(http::StatusCode::NOT_FOUND).html.to_vec()).unwrap();
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
