//! Whose a grant is, by the server's word.

use std::time::Duration;

use crate::effects::clock::within;
use crate::model::app::App;
use crate::model::grant::Grant;
use crate::protocol::profile::{Profile, profile_request, read_profile};
use crate::store::accounts::ProfileNote;
use crate::use_cases::context::{Context, endpoints_of};

/// How long the profile may take; it never decides a login.
const PROFILE_LIMIT: Duration = Duration::from_secs(5);

/// Asks whose a grant is, or says why that is not known.
pub(crate) async fn profile(
    context: &Context,
    app: &App,
    grant: &Grant,
) -> Result<Profile, ProfileNote> {
    let endpoint = endpoints_of(app).ok().and_then(|endpoints| endpoints.profile);
    let Some(endpoint) = endpoint else { return Err(ProfileNote::NotOffered) };
    let request = profile_request(&endpoint, &grant.access_token);
    let effects = &context.effects;
    match within(effects.clock.as_ref(), PROFILE_LIMIT, effects.http.send(request)).await {
        Ok(Ok(answer)) => Ok(read_profile(&answer)?),
        Ok(Err(error)) => {
            tracing::debug!(%error, "the profile was not answered");
            Err(ProfileNote::Slow)
        }
        Err(_) => Err(ProfileNote::Slow),
    }
}
