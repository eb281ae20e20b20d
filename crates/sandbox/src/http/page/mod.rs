//! The pages: static HTML without scripts, every value escaped.

mod fault;
mod log;
mod start;

use crate::rules::{scope, user};

pub(super) use fault::went_wrong;
pub(super) use log::log;
pub(super) use start::{not_found, start};

const STYLE: &str = include_str!("style.css");

/// The consent page for a waiting authorize request.
pub(super) fn consent(consent_id: &str, app_name: &str, scopes: &[String]) -> String {
    let app = escaped(app_name);
    let wishes: String = scopes.iter().map(|scope| wish(scope)).collect();
    let users: String = user::USERS.iter().enumerate().map(choice).collect();
    let id = escaped(consent_id);
    let body = format!(
        "<h1>Give <em>{app}</em> access to a demo account?</h1>\
         <form method=\"post\" action=\"/i/oauth2/authorize/decision\">\
         <input type=\"hidden\" name=\"consent\" value=\"{id}\">\
         <fieldset><legend>Which account</legend>{users}</fieldset>\
         <h2>{app} will be able to</h2><ul>{wishes}</ul>\
         <div class=\"buttons\">\
         <button id=\"authorize\" class=\"main\" name=\"decision\" value=\"authorize\">Authorize</button>\
         <button id=\"cancel\" name=\"decision\" value=\"cancel\">Cancel</button>\
         </div></form>"
    );
    document("Give access", &body)
}

fn wish(name: &str) -> String {
    let words = scope::in_words(name).unwrap_or_default();
    format!("<li>{} <code>{}</code></li>", escaped(words), escaped(name))
}

fn choice((at, user): (usize, &user::User)) -> String {
    let checked = if at == 0 { " checked" } else { "" };
    let user::User { username, name, .. } = user;
    format!(
        "<label><input type=\"radio\" name=\"user\" id=\"user-{username}\" \
         value=\"{username}\"{checked}><span>{name} <small>@{username}</small></span></label>"
    )
}

fn document(title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title} · sandbox</title><style>{STYLE}</style></head><body>\
         <p class=\"banner\"><strong>Sandbox, not X.</strong> \
         This page runs on this computer. Nothing here reaches X.</p>\
         <main>{body}</main></body></html>"
    )
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
    use super::consent;

    #[test]
    fn an_app_named_like_markup_stays_text() {
        let html = consent("id", "<script>alert('\"&')</script>", &["users.read".to_owned()]);
        assert!(!html.contains("<script"));
        assert!(html.contains("&lt;script&gt;alert(&#39;&quot;&amp;&#39;)"));
    }
}
