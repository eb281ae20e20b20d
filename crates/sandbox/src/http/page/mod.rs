//! The pages: static HTML without scripts, every value escaped, in the language of the browser.

mod fault;
mod language;
mod log;
mod start;

use birdkey_messages::{Direction, Language, Words, words};

use crate::rules::{scope, user};

pub(super) use fault::went_wrong;
pub(super) use language::Reader;
pub(super) use log::log;
pub(super) use start::{not_found, start};

const STYLE: &str = include_str!("style.css");

/// The consent page for a waiting authorize request.
pub(super) fn consent(
    language: Language,
    consent_id: &str,
    app_name: &str,
    scopes: &[String],
) -> String {
    let say = |words: Words| said(language, &words);
    let wishes: String = scopes.iter().map(|scope| wish(language, scope)).collect();
    let users: String = user::USERS.iter().enumerate().map(choice).collect();
    let body = format!(
        "<h1>{}</h1>\
         <form method=\"post\" action=\"/i/oauth2/authorize/decision\">\
         <input type=\"hidden\" name=\"consent\" value=\"{}\">\
         <fieldset><legend>{}</legend>{users}</fieldset>\
         <h2>{}</h2><ul>{wishes}</ul>\
         <div class=\"buttons\">\
         <button id=\"authorize\" class=\"main\" name=\"decision\" value=\"authorize\">{}</button>\
         <button id=\"cancel\" name=\"decision\" value=\"cancel\">{}</button>\
         </div></form>",
        say(words!("sandbox.consent.heading", app = app_name)),
        escaped(consent_id),
        say(words!("sandbox.consent.who")),
        say(words!("sandbox.consent.able", app = app_name)),
        say(words!("sandbox.consent.authorize")),
        say(words!("sandbox.consent.cancel")),
    );
    document(language, &words!("sandbox.consent.title"), &body)
}

fn wish(language: Language, name: &str) -> String {
    let words = scope::in_words(name).map(|words| said(language, &words));
    format!("<li>{} <code>{}</code></li>", words.unwrap_or_default(), escaped(name))
}

fn choice((at, user): (usize, &user::User)) -> String {
    let checked = if at == 0 { " checked" } else { "" };
    let user::User { username, name, .. } = user;
    format!(
        "<label><input type=\"radio\" name=\"user\" id=\"user-{username}\" \
         value=\"{username}\"{checked}><span>{name} <small>@{username}</small></span></label>"
    )
}

fn document(language: Language, title: &Words, body: &str) -> String {
    let direction = match language.direction() {
        Direction::LeftToRight => "ltr",
        Direction::RightToLeft => "rtl",
    };
    format!(
        "<!doctype html><html lang=\"{}\" dir=\"{direction}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{}</title><style>{STYLE}</style></head><body>\
         <p class=\"banner\"><strong>{}</strong> {}</p>\
         <main>{body}</main></body></html>",
        language.html_tag(),
        said(language, &words!("sandbox.title", title = title)),
        said(language, &words!("sandbox.not_x")),
        said(language, &words!("sandbox.here")),
    )
}

/// Words for a page.
fn said(language: Language, words: &Words) -> String {
    escaped(&words.in_language(language))
}

/// Text that stays text inside elements and quoted attributes.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            plain => safe.push(plain),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use birdkey_messages::Language;

    use super::consent;

    #[test]
    fn an_app_named_like_markup_stays_text() {
        let name = "<script>alert('\"&')</script>";
        for language in Language::ALL {
            let html = consent(language, "id", name, &["users.read".to_owned()]);
            assert!(!html.contains("<script"));
            assert!(html.contains("&lt;script&gt;alert(&#39;&quot;&amp;&#39;)"));
        }
    }
}
