//! Which app or account is meant.

use birdkey_foreign::{Foreign, Part};

use crate::failure::ChoiceError;
use crate::model::app::App;
use crate::store::accounts::Account;

/// Finds an app by id or name; without either there must be exactly one.
pub(crate) fn app<'a>(apps: &'a [App], given: Option<&str>) -> Result<&'a App, ChoiceError> {
    let fitting: Vec<&App> = match given {
        None => apps.iter().collect(),
        Some(given) => match apps.iter().find(|app| app.id == given) {
            Some(app) => vec![app],
            None => apps.iter().filter(|app| app.name.is_named(given)).collect(),
        },
    };
    let named = |apps: &[&App]| {
        apps.iter().map(|app| named(&app.id, &[Part::Foreign(&app.name)])).collect()
    };
    match (fitting.as_slice(), given) {
        ([app], _) => Ok(app),
        ([], None) => Err(ChoiceError::NoApp),
        ([], Some(given)) => Err(ChoiceError::AppUnknown {
            given: Foreign::new(given),
            known: named(&apps.iter().collect::<Vec<_>>()),
        }),
        (several, _) => Err(ChoiceError::AppAmbiguous { fitting: named(several) }),
    }
}

/// Finds an account by id, `@username` or `app/@username`; without any there must be exactly one.
pub(crate) fn account<'a>(
    accounts: &'a [Account],
    apps: &[App],
    given: Option<&str>,
) -> Result<&'a Account, ChoiceError> {
    let fitting: Vec<&Account> = match given {
        None => accounts.iter().collect(),
        Some(given) => accounts.iter().filter(|account| fits(account, apps, given)).collect(),
    };
    let named = |accounts: &[&Account]| accounts.iter().map(|account| words(account)).collect();
    match (fitting.as_slice(), given) {
        ([account], _) => Ok(account),
        ([], None) => Err(ChoiceError::NoAccount),
        ([], Some(_)) if accounts.is_empty() => Err(ChoiceError::NoAccount),
        ([], Some(given)) => Err(ChoiceError::AccountUnknown {
            given: Foreign::new(given),
            known: named(&accounts.iter().collect::<Vec<_>>()),
        }),
        (several, _) => Err(ChoiceError::AccountAmbiguous { fitting: named(several) }),
    }
}

/// What an account is called in messages: `id (@username)`.
pub(crate) fn words(account: &Account) -> Foreign {
    match &account.username {
        Some(username) => named(&account.id, &[Part::Own("@"), Part::Foreign(username)]),
        None => Foreign::new(&account.id),
    }
}

/// An id, and in brackets what a person knows it by.
fn named(id: &str, by: &[Part<'_>]) -> Foreign {
    let parts = [&[Part::Own(id), Part::Own(" (")], by, &[Part::Own(")")]];
    Foreign::joined(parts.into_iter().flatten().copied())
}

fn fits(account: &Account, apps: &[App], given: &str) -> bool {
    if account.id == given {
        return true;
    }
    let (app, user) = given.split_once('/').map_or((None, given), |(app, user)| (Some(app), user));
    let of_app = app.is_none_or(|app| {
        account.app_id == app
            || apps.iter().any(|one| one.id == account.app_id && one.name.is_named(app))
    });
    let user = user.strip_prefix('@').unwrap_or(user);
    let of_user =
        account.id == user || account.username.as_ref().is_some_and(|name| name.is_named(user));
    of_app && of_user
}

#[cfg(test)]
#[path = "choose_tests.rs"]
mod tests;
