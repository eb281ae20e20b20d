//! What has to hold after each step, and when everything has settled.

use std::collections::HashSet;
use std::sync::Arc;

use crate::book::Grant;
use crate::fuse::Fuse;
use crate::machine::{Listed, Machine};
use crate::process::{self, Said};
use crate::steps::Act;
use crate::world::World;

/// What does not hold.
#[derive(Debug, Clone)]
pub struct Violation {
    /// Which rule, in one word, for the list of those to ignore.
    pub rule: &'static str,
    pub text: String,
}

impl Violation {
    pub fn new(rule: &'static str, text: String) -> Self {
        Self { rule, text }
    }
}

/// Whether unfinished refreshes and logins account for tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notes {
    Count,
    /// Everything has ended: nothing may be left to be finished.
    CountNoMore,
}

pub fn check(world: &mut World) -> Result<(), Violation> {
    check_tokens(world, Notes::Count)?;
    for at in 0..world.machines.len() {
        check_accounts(world, at)?;
        check_states(world, at)?;
        let lost = world.machines[at].lost_markers();
        if !lost.is_empty() {
            return Err(Violation::new("config_text_lost", lost.join(", ")));
        }
    }
    Ok(())
}

pub fn check_settled(world: &World) -> Result<(), Violation> {
    check_tokens(world, Notes::CountNoMore)
}

/// What a command said has to be true.
pub fn check_said(
    world: &World,
    machine: usize,
    act: Act,
    account: Option<&Listed>,
    said: &Said,
) -> Result<(), Violation> {
    let book = world.network.book.lock().unwrap();
    if let Some(token) = &said.token
        && book.is_known_dead(machine, token)
    {
        return Err(Violation::new("dead_token", format!("{token} was handed out")));
    }
    let (Act::LoginFor(..), Some(wanted), None, Some(settled)) =
        (act, account, said.code, &said.account)
    else {
        return Ok(());
    };
    // Somebody else coming back is told; a user whose name is not known is no one else.
    if wanted.user_id.is_none() && *settled != wanted.id && said.also.is_empty() {
        let named = world.machines[machine].accounts().into_iter().find(|it| it.id == *settled);
        let moved = world.machines[machine].accounts().iter().all(|it| it.id != wanted.id);
        if named.is_none_or(|it| it.user_id.is_none()) || !moved {
            let text = format!("a login for {} went to {settled}", wanted.id);
            return Err(Violation::new("second_account", text));
        }
    }
    Ok(())
}

/// Every token that lives is held, noted, or was named in a message.
fn check_tokens(world: &World, notes: Notes) -> Result<(), Violation> {
    let book = world.network.book.lock().unwrap();
    let held: HashSet<String> =
        world.machines.iter().flat_map(|it| it.items().into_values().flatten()).collect();
    for grant in book.grants.iter().filter(|grant| !grant.told && !grant.withheld) {
        let Some(newest) = grant.pairs.last() else { continue };
        let lives = |token: &&String| world.network.server.lives(token);
        // Earlier access tokens end by themselves, with nothing that could bring new ones.
        let refresh = newest.refresh.as_ref().filter(lives);
        let (rule, token) = match (refresh, Some(&newest.access).filter(lives)) {
            (Some(refresh), _) => ("unaccounted_refresh", refresh),
            (None, Some(access)) => ("unaccounted_access", access),
            (None, None) => continue,
        };
        let noted = notes == Notes::Count && is_noted(&world.machines[grant.machine], grant);
        if !held.contains(token) && !noted {
            let text = format!("{token} of {:?} lives, and nobody knows it", grant.user);
            return Err(Violation::new(rule, text));
        }
    }
    Ok(())
}

/// Whether a note of the machine says that this grant's refresh, or its login, is unresolved.
fn is_noted(machine: &Machine, grant: &Grant) -> bool {
    let open = process::open_refreshes(&machine.data());
    let items = machine.items();
    let refresh = open.iter().any(|(account, serial)| {
        let item = items.iter().find(|(name, _)| name.ends_with(&format!("/{account}")));
        item.is_some_and(|(_, texts)| {
            let is_of_item = serial.as_ref().is_none_or(|serial| texts.contains(serial));
            is_of_item && texts.iter().any(|text| grant.has(text))
        })
    });
    refresh || process::is_login_open(&machine.data())
}

/// One account for each user that is known, and none lost that nobody removed.
fn check_accounts(world: &mut World, at: usize) -> Result<(), Violation> {
    let machine = &world.machines[at];
    let mut named = HashSet::new();
    for account in machine.accounts() {
        let Some(user) = account.user_id else { continue };
        if !named.insert((account.app_id, user.clone())) {
            return Err(Violation::new("two_accounts_of_one_user", user));
        }
    }
    for (app, user) in machine.named.difference(&named) {
        if !world.let_go.contains(&(at, app.clone(), user.clone())) {
            let text = format!("the account of {user} is gone");
            return Err(Violation::new("account_lost", text));
        }
    }
    world.machines[at].named = named;
    Ok(())
}

/// No account wants a new login while its own grant lives and lies in its keychain.
fn check_states(world: &World, at: usize) -> Result<(), Violation> {
    let machine = &world.machines[at];
    let ground = world.ground(&Arc::new(Fuse::new(None, None)));
    let book = world.network.book.lock().unwrap();
    for shown in process::shown(machine, &ground).into_iter().filter(|it| it.log_in_again) {
        let (id, app_id) = (shown.id, shown.app_id);
        let item = machine.item(&Listed { id: id.clone(), app_id, user_id: None });
        let newest = book.grants.iter().filter_map(|grant| grant.pairs.last()?.refresh.as_ref());
        let mut of_item = newest.filter(|refresh| item.contains(refresh));
        if of_item.any(|refresh| world.network.server.lives(refresh)) {
            let rule = if machine.is_commented_out() {
                "log_in_again_without_app"
            } else {
                "log_in_again"
            };
            return Err(Violation::new(rule, format!("{id} says so ({:?})", shown.code)));
        }
    }
    Ok(())
}
