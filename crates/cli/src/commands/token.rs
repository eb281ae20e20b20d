//! `birdkey token`: the access token on stdout, and nothing else.

use birdkey::token::{FreshToken, Needs};

use crate::args::{Format, TOKEN_VARIABLE, Token};
use crate::json;
use crate::output::Ending;
use crate::output::Output;

pub(crate) async fn run(arguments: &Token, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let account = super::account(&engine, &arguments.chosen)?;
    let needs = Needs { min_valid: arguments.min_valid, scopes: arguments.scopes.clone() };
    let handed_out =
        super::finished(&engine, output, engine.token(account.as_deref(), &needs)).await?;
    warn(&handed_out, output);
    let token = handed_out.access_token.expose();
    let format = if output.is_json() { Format::Json } else { arguments.format };
    if format == Format::Json {
        return output.json(&json::FreshToken::new(json::Revealed(token), &handed_out));
    }
    if output.stdout_is_terminal() {
        output.say("warning: this token gives access to your account; do not share it.");
    }
    match format {
        Format::Header => output.data(&format!("Authorization: Bearer {token}")),
        Format::Env => output.data(&format!("{TOKEN_VARIABLE}={}", quoted(token))),
        Format::Raw | Format::Json => output.data(token),
    }
}

/// Says why the server may not take a token although it is valid by its clock.
pub(super) fn warn(handed_out: &FreshToken, output: &Output) {
    if let Some(problem) = &handed_out.warning {
        output.warn(problem);
    }
}

/// As a shell reads it back; X's tokens need no quotes.
fn quoted(token: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~+/=:".contains(c);
    if token.chars().all(plain) {
        return token.to_owned();
    }
    format!("'{}'", token.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_shell_reads_the_token_back() {
        assert_eq!(quoted("aB3-._~+/=:"), "aB3-._~+/=:");
        assert_eq!(quoted("a b$c"), "'a b$c'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
