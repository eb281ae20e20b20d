//! Which account a grant belongs to: the account is the identity, and the profile confirms or
//! contradicts it.

use crate::protocol::profile::Profile;
use crate::store::accounts::Account;
use crate::store::login_notes::Target;

/// Where a new grant belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Destination {
    /// Into the account with this id.
    Existing {
        /// The account.
        id: String,
        /// Why.
        because: Because,
    },
    /// It stays an account of its own.
    Separate(WhySeparate),
}

/// Why a grant goes into an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Because {
    /// The profile says that it is that user's.
    SameUser,
    /// The user asked for that account, whose user was not known until now.
    Asked,
    /// It is the only account of the app, and its user was not known until now.
    OnlyOne,
}

/// Why a grant stays an account of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhySeparate {
    /// There is none that it could be.
    New,
    /// The account asked for is another user's.
    OtherUser,
    /// The account asked for has a user, and the server did not say who logged in.
    Unconfirmed,
}

/// Finds the destination of a grant that is stored as `from`.
pub(crate) fn destination(
    accounts: &[Account],
    app_id: &str,
    from: &str,
    target: &Target,
    profile: Option<&Profile>,
) -> Destination {
    let others: Vec<&Account> =
        accounts.iter().filter(|one| one.app_id == app_id && one.id != from).collect();
    let into =
        |account: &Account, because| Destination::Existing { id: account.id.clone(), because };
    let wanted = match target {
        Target::Account(id) => others.iter().find(|one| one.id == *id).copied(),
        Target::Unsaid | Target::New => None,
    };
    let is_theirs = |account: &Account| profile.is_some_and(|profile| is_user(account, profile));
    // The one asked for first.
    let theirs = wanted.into_iter().chain(others.iter().copied()).find(|one| is_theirs(one));
    if let Some(account) = theirs {
        return into(account, Because::SameUser);
    }
    match (wanted, target) {
        (Some(account), _) if !is_named(account) => into(account, Because::Asked),
        (Some(_), _) if profile.is_some() => Destination::Separate(WhySeparate::OtherUser),
        (Some(_), _) => Destination::Separate(WhySeparate::Unconfirmed),
        (None, Target::Unsaid) => match others.as_slice() {
            [only] if !is_named(only) => into(only, Because::OnlyOne),
            _ => Destination::Separate(WhySeparate::New),
        },
        (None, Target::New | Target::Account(_)) => Destination::Separate(WhySeparate::New),
    }
}

/// Whether it is known whose account it is.
fn is_named(account: &Account) -> bool {
    account.user_id.is_some() || account.username.is_some()
}

/// Whether an account may be this user's: of an unknown one, any may.
pub(crate) fn may_be_user(account: &Account, profile: Option<&Profile>) -> bool {
    profile.is_none_or(|profile| !is_named(account) || is_user(account, profile))
}

/// Whether an account is this user's: by the id, or by the name where no id is known yet.
fn is_user(account: &Account, profile: &Profile) -> bool {
    match &account.user_id {
        Some(user_id) => *user_id == profile.user_id,
        None => account
            .username
            .as_ref()
            .zip(profile.username.as_ref())
            .is_some_and(|(ours, theirs)| ours.eq_ignore_case(theirs)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, user_id: Option<&str>) -> Account {
        serde_json::from_value(serde_json::json!({
            "id": id, "app_id": "app", "token_type": "bearer", "obtained_at_ms": 0,
            "scopes_requested": "", "access_token_chars": 91, "user_id": user_id,
        }))
        .unwrap()
    }

    fn placed(accounts: &[(&str, Option<&str>)], target: &Target, user_id: Option<&str>) -> String {
        let mut accounts: Vec<_> = accounts.iter().map(|(id, user)| account(id, *user)).collect();
        accounts.push(account("from", None));
        accounts.push(Account { app_id: "other".into(), ..account("far", None) });
        let profile =
            user_id.map(|user_id| Profile { user_id: user_id.into(), username: None, name: None });
        match destination(&accounts, "app", "from", target, profile.as_ref()) {
            Destination::Existing { id, because } => format!("{id} {because:?}"),
            Destination::Separate(apart) => format!("{apart:?}"),
        }
    }

    #[test]
    fn the_account_is_the_identity_and_the_profile_confirms_or_contradicts_it() {
        let on = |id: &str| Target::Account(id.into());
        let (ada, nameless) = (("a", Some("ada")), ("n", None));
        let table = [
            (vec![ada], Target::Unsaid, Some("ada"), "a SameUser"),
            (vec![ada], Target::New, Some("ada"), "a SameUser"),
            (vec![ada], on("a"), Some("ada"), "a SameUser"),
            (vec![ada], on("a"), Some("bob"), "OtherUser"),
            (vec![ada], on("a"), None, "Unconfirmed"),
            (vec![ada], Target::Unsaid, None, "New"),
            (vec![nameless], on("n"), None, "n Asked"),
            (vec![nameless], on("n"), Some("ada"), "n Asked"),
            (vec![ada, nameless], on("n"), Some("ada"), "a SameUser"),
            (vec![nameless], Target::Unsaid, None, "n OnlyOne"),
            (vec![nameless], Target::Unsaid, Some("ada"), "n OnlyOne"),
            (vec![nameless], Target::New, None, "New"),
            (vec![nameless, ("m", None)], Target::Unsaid, None, "New"),
            (vec![ada, nameless], Target::Unsaid, None, "New"),
            (vec![], on("gone"), None, "New"),
            (vec![], Target::Unsaid, None, "New"),
        ];
        for (accounts, target, user, expected) in table {
            assert_eq!(placed(&accounts, &target, user), expected, "{accounts:?} {target:?}");
        }
    }
}
