//! Whether the user who came back is the one that was asked for.

use super::LoginRequest;
use crate::failure::Failure;
use crate::present::who;
use crate::problem::{About, Became, Problem, other_user as words};
use crate::store::accounts;
use crate::world::World;

/// Says that somebody else came back; `None` when nobody was asked for, or it is not known who came.
pub(super) fn other_user(
    world: &World,
    request: &LoginRequest,
    settled: &str,
    became: Became,
) -> Result<Option<Problem>, Failure> {
    let Some(wanted) = request.account.as_deref().filter(|wanted| *wanted != settled) else {
        return Ok(None);
    };
    let list = accounts::read(&world.folders.data)?;
    let (Some(wanted), Some(came)) = (list.find(wanted), list.find(settled)) else {
        return Ok(None);
    };
    if came.user_id.is_none() || wanted.user_id.is_none() {
        return Ok(None);
    }
    Ok(Some(words(&who(wanted), &who(came), became, &About::app(&request.app))))
}
