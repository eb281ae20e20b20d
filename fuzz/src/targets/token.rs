//! An answer of the token endpoint: the status in the first line, then the body.

use birdkey::failure::Failure;
use birdkey::protocol::message::Answer;
use birdkey::protocol::secret::Secret;
use birdkey::protocol::token::read_token_answer;
use serde_json::Value;

use crate::Target;
use crate::expect::can_be_told;

pub(crate) const TARGET: Target = Target {
    name: "token",
    words: &[
        "200\n",
        "400\n",
        "401\n",
        "503\n",
        "\"access_token\":",
        "\"refresh_token\":",
        "\"token_type\":",
        "\"bearer\"",
        "\"expires_in\":",
        "7200",
        "\"scope\":",
        "\"error\":",
        "\"invalid_grant\"",
        "\"error_description\":",
        "{",
        "}",
        "[",
        "]",
        ",",
        "\"AT\"",
        "null",
        "\\u001b",
        "\\n",
        "\\ud800",
    ],
    run,
};

fn run(text: &str) -> String {
    let (status, body) = text.split_once('\n').unwrap_or(("200", text));
    let status =
        status.trim().parse().ok().filter(|status| (100..600).contains(status)).unwrap_or(200);
    let is_success = (200..300).contains(&status);
    let body = body.to_owned();
    let sent: Option<Value> = serde_json::from_str(body.trim_start_matches('\u{feff}')).ok();
    let sent = sent.filter(Value::is_object);
    let field = |name: &str| sent.as_ref().and_then(|sent| sent[name].as_str()).map(str::to_owned);
    let answer = Answer {
        status,
        content_type: None,
        retry_after_seconds: None,
        rate_limit_reset_unix: None,
        clock_ahead_seconds: None,
        header_names: Vec::new(),
        body: Secret::new(body),
    };
    match read_token_answer(&answer) {
        Ok(read) => {
            assert!(is_success, "no grant with status {status}");
            let token = read.access_token.expose();
            is_a_token(token);
            assert!(sent.is_none() || field("access_token").as_deref() == Some(token), "as sent");
            assert!(token.len() < 8 || !format!("{read:?}").contains(token), "redacted");
            if let Some(refresh) = &read.refresh_token {
                is_a_token(refresh.expose());
            }
            let kind =
                (read.refresh_token.is_some(), read.expires_in.is_some(), read.scope.is_some());
            format!("grant {kind:?}")
        }
        Err(failure) => {
            let kind = format!("{failure:?}");
            let kind = kind.split(['{', '(']).next().unwrap_or_default().to_owned();
            let bearer =
                field("token_type").is_none_or(|given| given.eq_ignore_ascii_case("bearer"));
            let token =
                field("access_token").filter(|token| is_visible(token) && !token.is_empty());
            let refresh = sent.as_ref().and_then(|sent| sent["refresh_token"].as_str());
            let refresh = refresh.is_none_or(is_visible);
            assert!(
                !(is_success && bearer && refresh && token.is_some()),
                "a grant was lost: {kind}"
            );
            can_be_told(&Failure::from(failure));
            format!("{kind} {status}")
        }
    }
}

/// RFC 6749 A.12: what else it held could end a header or a line of the environment.
fn is_a_token(text: &str) {
    assert!(!text.is_empty(), "no token is empty");
    assert!(is_visible(text), "a token of other characters than those of RFC 6749 A.12: {text:?}");
}

fn is_visible(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
