//! The start page and the page for unknown addresses.

use super::{document, escaped};
use crate::registration::{ClientType, Registration};
use crate::rules::user::{self, User};

/// What the sandbox is, and which apps it knows.
pub(in crate::http) fn start(apps: &[Registration]) -> String {
    let known: String = apps.iter().map(app).collect();
    let known = if known.is_empty() { "<p>None yet.</p>".to_owned() } else { known };
    let users: String = user::USERS.iter().map(account).collect();
    let body = format!(
        "<h1>A pretend X for trying out logins</h1>\
         <p>It answers at X’s paths with X’s errors, token shapes and quirks. \
         Point an app’s endpoints here instead of at X.</p>\
         <dl><dt>Authorize</dt><dd><code>/i/oauth2/authorize</code></dd>\
         <dt>Token</dt><dd><code>/2/oauth2/token</code></dd>\
         <dt>Revoke</dt><dd><code>/2/oauth2/revoke</code></dd>\
         <dt>Profile</dt><dd><code>/2/users/me</code></dd></dl>\
         <p><a href=\"/sandbox/log\">Grants and requests so far</a></p>\
         <h2>Apps</h2>{known}<h2>Demo accounts</h2><ul>{users}</ul>"
    );
    document("Sandbox", &body)
}

/// The page for an address that X does not have here.
pub(in crate::http) fn not_found() -> String {
    let body = "<h1>Nothing here</h1><p>The sandbox has only the paths that a login needs. \
                <a href=\"/\">See which</a>.</p>";
    document("Nothing here", body)
}

fn app(app: &Registration) -> String {
    let kind = match app.client_type {
        ClientType::Public => "public, no secret",
        ClientType::Confidential => "confidential, with a secret",
    };
    let uris: String = app.redirect_uris.iter().map(|uri| redirect_uri(uri)).collect();
    format!(
        "<section class=\"app\"><h3>{}</h3><p>{kind}</p>\
         <dl><dt>Client id</dt><dd><code>{}</code></dd>{uris}</dl></section>",
        escaped(&app.name),
        escaped(&app.client_id)
    )
}

fn redirect_uri(uri: &str) -> String {
    format!("<dt>Redirect URI</dt><dd><code>{}</code></dd>", escaped(uri))
}

fn account(user: &User) -> String {
    format!("<li>{} <small>@{}</small></li>", user.name, user.username)
}
