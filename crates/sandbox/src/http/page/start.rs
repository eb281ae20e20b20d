//! The start page and the page for unknown addresses.

use birdkey_messages::{Language, Words, words};

use super::{document, escaped, said};
use crate::knobs::Knobs;
use crate::registration::{ClientType, Registration};
use crate::rules::user::{self, User};

/// What the sandbox is, which requests it takes, and which apps it knows.
pub(in crate::http) fn start(language: Language, apps: &[Registration], knobs: &Knobs) -> String {
    let say = |words: Words| said(language, &words);
    let known: String = apps.iter().map(|one| app(language, one)).collect();
    let none = || format!("<p>{}</p>", say(words!("sandbox.none")));
    let known = if known.is_empty() { none() } else { known };
    let bodies = if knobs.json_bodies {
        words!("sandbox.start.json")
    } else {
        words!("sandbox.start.no_json")
    };
    let users: String = user::USERS.iter().map(account).collect();
    let body = format!(
        "<h1>{}</h1><p>{}</p>\
         <dl><dt>Authorize</dt><dd><code>/i/oauth2/authorize</code></dd>\
         <dt>Token</dt><dd><code>/2/oauth2/token</code></dd>\
         <dt>Revoke</dt><dd><code>/2/oauth2/revoke</code></dd>\
         <dt>Profile</dt><dd><code>/2/users/me</code></dd></dl>\
         <p>{}</p><p><a href=\"/sandbox/log\">{}</a></p>\
         <h2>{}</h2>{known}<h2>{}</h2><ul>{users}</ul>",
        say(words!("sandbox.start.heading")),
        say(words!("sandbox.start.what")),
        say(bodies),
        say(words!("sandbox.start.log")),
        say(words!("sandbox.start.apps")),
        say(words!("sandbox.start.accounts")),
    );
    document(language, &words!("sandbox.start.title"), &body)
}

/// The page for an address that X does not have here.
pub(in crate::http) fn not_found(language: Language) -> String {
    let title = words!("sandbox.nothing.title");
    let body = format!(
        "<h1>{}</h1><p>{} <a href=\"/\">{}</a></p>",
        said(language, &title),
        said(language, &words!("sandbox.nothing.what")),
        said(language, &words!("sandbox.nothing.which")),
    );
    document(language, &title, &body)
}

fn app(language: Language, app: &Registration) -> String {
    let say = |words: Words| said(language, &words);
    let kind = match app.client_type {
        ClientType::Public => words!("sandbox.start.public"),
        ClientType::Confidential => words!("sandbox.start.confidential"),
    };
    let uris: String = app.redirect_uris.iter().map(|uri| redirect_uri(language, uri)).collect();
    format!(
        "<section class=\"app\"><h3>{}</h3><p>{}</p>\
         <dl><dt>{}</dt><dd><code>{}</code></dd>{uris}</dl></section>",
        escaped(&app.name),
        say(kind),
        say(words!("sandbox.start.client_id")),
        escaped(&app.client_id)
    )
}

fn redirect_uri(language: Language, uri: &str) -> String {
    let label = said(language, &words!("sandbox.start.redirect_uri"));
    format!("<dt>{label}</dt><dd><code>{}</code></dd>", escaped(uri))
}

fn account(user: &User) -> String {
    format!("<li>{} <small>@{}</small></li>", user.name, user.username)
}
