//! `birdkey token`: the access token on stdout, and nothing else.

use birdkey::hand_out::Needs;
use serde_json::json;

use super::Ending;
use crate::args::Token;
use crate::output::Output;

pub(crate) async fn run(arguments: &Token, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let needs = Needs { min_valid: arguments.min_valid };
    let handed_out =
        super::finished(output, engine.token(arguments.account.as_deref(), &needs)).await?;
    if output.is_json() {
        return output.json(&json!({
            "accessToken": handed_out.access_token.expose(),
            "accountId": handed_out.account_id,
            "expiresAtMs": handed_out.expires_at_ms,
            "scopes": handed_out.scopes,
        }));
    }
    if output.stdout_is_terminal() {
        output.say("warning: this token gives access to your account; do not share it.");
    }
    output.data(handed_out.access_token.expose())
}
