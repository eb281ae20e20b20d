//! Handing out an access token.

use std::time::Duration;

use crate::failure::{Failure, RefreshError, StoredError};
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::problem::Problem;
use crate::protocol::secret::Secret;
use crate::store::accounts::Account;
use crate::use_cases::context::Context;
use crate::use_cases::grants::read_grant;
use crate::use_cases::refresh::{self, Standing};

/// A token that is shorter than this is refreshed unless the caller says otherwise.
pub const MIN_VALID: Duration = Duration::from_mins(1);
/// No account is refreshed twice within this time only because a token is short, in milliseconds.
pub(crate) const NOT_AGAIN_WITHIN_MS: i64 = 60_000;

/// What a caller needs of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// How long it has to be valid at least.
    pub min_valid: Duration,
    /// The scopes it has to have.
    pub scopes: Vec<String>,
}

impl Default for Needs {
    fn default() -> Self {
        Self { min_valid: MIN_VALID, scopes: Vec::new() }
    }
}

/// An access token and what it is good for.
#[derive(Debug)]
pub struct FreshToken {
    /// The access token.
    pub access_token: Secret,
    /// The id of the account it belongs to.
    pub account_id: String,
    /// When it expires, Unix milliseconds; `None` when unknown.
    pub expires_at_ms: Option<i64>,
    /// The scopes granted; `None` when unknown.
    pub scopes: Option<Vec<String>>,
    /// Tells token pairs apart without showing them.
    pub serial: String,
    /// When the pair came, Unix milliseconds.
    pub obtained_at_ms: i64,
    /// Why the server may not take this token although it is valid by its clock.
    pub warning: Option<Problem>,
}

/// Hands out the access token of an account, refreshed first when it is too short; with it, why it is
/// in doubt, when it is.
///
/// A token that came for this very call, or within the last minute, is handed out whatever is left
/// of it, as long as it is valid. One that the server declared dead never is, whatever its clock says.
pub(crate) async fn token(
    context: &Context,
    app: &App,
    account: &Account,
    needs: &Needs,
) -> Result<(FreshToken, Option<Failure>), Failure> {
    let grant = read_grant(context, app, &account.id).await?;
    has_scopes(&grant, account, &needs.scopes)?;
    let now_ms = context.effects.clock.now_unix_ms();
    let data = &context.folders.data;
    refresh::note_use(data, &account.id, now_ms);
    let waits = refresh::is_left(data, &account.id);
    // The server's word on this very pair stands; asking again would bring the same answer.
    if let Some(ended) = account.ended.filter(|_| account.serial == grant.serial && !waits) {
        return Err(RefreshError::Dead(ended).into());
    }
    let at_least_ms = i64::try_from(needs.min_valid.as_millis()).unwrap_or(i64::MAX);
    let just_came =
        grant.is_newer_than(now_ms, NOT_AGAIN_WITHIN_MS) && !grant.expires_within(now_ms, 0);
    if !waits && (just_came || !grant.expires_within(now_ms, at_least_ms)) {
        let (grant, doubt) = answered(context, app, account, grant).await?;
        return Ok((handed_out(grant, &account.id), doubt));
    }
    // What waits only has to be taken over: any pair that is not too short then does.
    let seen = if waits { "" } else { &grant.serial };
    let grant = refresh::unless_newer(context, app, &account.id, seen).await?;
    Ok((handed_out(grant, &account.id), None))
}

/// Settles what an earlier refresh or a later login left open about a token that is valid by its clock;
/// the token itself with the reason for doubt where that is not possible now.
async fn answered(
    context: &Context,
    app: &App,
    account: &Account,
    grant: Grant,
) -> Result<(Grant, Option<Failure>), Failure> {
    let overtaken = account.overtaken && account.serial == grant.serial;
    if !overtaken && !refresh::is_noted(&context.folders.data, &account.id) {
        return Ok((grant, None));
    }
    match refresh::standing(context, &account.id, &grant.serial) {
        // Only the server knows whether that login ended this one.
        Standing::Quiet if overtaken => {
            let (grant, _) = asked(context, app, account, grant).await?;
            Ok((grant, None))
        }
        Standing::Quiet
        | Standing::Elsewhere { .. }
        | Standing::Resting { doubtful: false, .. } => Ok((grant, None)),
        Standing::Resting { doubtful: true, left } => {
            let seconds = left.as_secs().max(1);
            Ok((grant, Some(RefreshError::Unanswered { seconds }.into())))
        }
        Standing::Open => asked(context, app, account, grant).await,
    }
}

/// Asks the server by a refresh.
async fn asked(
    context: &Context,
    app: &App,
    account: &Account,
    grant: Grant,
) -> Result<(Grant, Option<Failure>), Failure> {
    match refresh::unless_busy(context, app, &account.id, &grant.serial).await {
        Ok(next) => Ok((next, None)),
        // Another process is at it, and the token at hand is as good as it was.
        Err(Failure::Refresh(RefreshError::Busy { .. })) => Ok((grant, None)),
        Err(failure @ Failure::Refresh(RefreshError::Dead(_) | RefreshError::NotStored { .. })) => {
            Err(failure)
        }
        Err(failure) => {
            tracing::info!(%failure, account = account.id, "a refresh stays unanswered");
            Ok((grant, Some(failure)))
        }
    }
}

/// Whether a grant has the scopes a caller needs; a refresh never brings more. Of unknown scopes the
/// server decides.
fn has_scopes(grant: &Grant, account: &Account, needed: &[String]) -> Result<(), StoredError> {
    let Some(granted) = grant.scopes_granted() else { return Ok(()) };
    let missing: Vec<String> =
        needed.iter().filter(|scope| !granted.names().contains(scope)).cloned().collect();
    if missing.is_empty() {
        return Ok(());
    }
    // What another program asked for is not known, but what came of it is.
    let requested = &grant.scopes_requested;
    let earlier = if requested.is_empty() { &granted } else { requested };
    let asked = earlier.names().iter().chain(&missing);
    let mut together: Vec<String> = Vec::new();
    for scope in asked {
        if !together.contains(scope) {
            together.push(scope.clone());
        }
    }
    Err(StoredError::ScopeMissing { account_id: account.id.clone(), missing, together })
}

fn handed_out(grant: Grant, account_id: &str) -> FreshToken {
    FreshToken {
        scopes: grant.scopes_granted().map(|scopes| scopes.names().to_vec()),
        expires_at_ms: grant.expires_at_ms,
        serial: grant.serial,
        obtained_at_ms: grant.obtained_at_ms,
        warning: None,
        access_token: grant.access_token,
        account_id: account_id.to_owned(),
    }
}
