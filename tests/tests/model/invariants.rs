//! What has to hold after each step, and when everything has settled.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use birdkey::problem::Code;

use crate::book::Grant;
use crate::fuse::Fuse;
use crate::machine::Machine;
use crate::process::{self, Said};
use crate::setting::Client;
use crate::steps::{Act, Run};
use crate::world::{Begun, World, machine_of};

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

/// What a check looks at, read once.
struct Seen(Vec<HashMap<String, Vec<String>>>);

/// Whether unfinished refreshes and logins account for tokens.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notes {
    Count,
    /// Everything has ended: nothing may be left to be finished.
    CountNoMore,
}

pub fn check(world: &mut World) {
    let seen = Seen::of(world);
    let mut found = check_tokens(world, &seen, Notes::Count);
    for at in 0..world.machines.len() {
        found.extend(check_accounts(world, at));
        found.extend(check_secrets(world, &seen, at));
        if world.machines[at].has_changed() {
            found.extend(check_states(world, &seen, at));
        }
        let lost = world.machines[at].lost_markers();
        let lost = (!lost.is_empty()).then(|| lost.join(", "));
        found.extend(lost.map(|lost| Violation::new("config_text_lost", lost)));
    }
    world.found.extend(found);
}

pub fn check_settled(world: &mut World) {
    let found = check_tokens(world, &Seen::of(world), Notes::CountNoMore);
    world.found.extend(found);
}

impl Seen {
    fn of(world: &World) -> Self {
        Self(world.machines.iter().map(Machine::items).collect())
    }
}

/// What a command said has to be true.
pub fn check_said(world: &World, begun: &Begun, said: &Said) -> Vec<Violation> {
    let book = world.network.book.lock().unwrap();
    let mut found = Vec::new();
    if let Some(token) = &said.token {
        if book.is_known_dead(begun.machine, token) || begun.trail.lock().unwrap().read_dead(token)
        {
            found.push(Violation::new("dead_token", format!("{token} was handed out")));
        } else if begun.is_alone
            && begun.was_noted
            && said.also.is_empty()
            && !world.network.server.lives(token)
        {
            let text = format!("{token} was handed out without a word, although a note doubts it");
            found.push(Violation::new("doubtful_token", text));
        }
    }
    if begun.trail.lock().unwrap().under_way > 0 {
        let text = format!("{:?} ended before the answer came", begun.run);
        found.push(Violation::new("answer_not_awaited", text));
    }
    found.extend(check_target(world, begun, said));
    found
}

/// A login for an account whose user is not known settles into it.
fn check_target(world: &World, begun: &Begun, said: &Said) -> Option<Violation> {
    let Act::LoginFor(..) = begun.run.act else { return None };
    let (wanted, settled) = (begun.account.as_ref()?, said.account.as_ref()?);
    let accounts = world.machines[begun.machine].accounts();
    // That somebody else came back is said; of an account without a user nobody can know that.
    let is_named = accounts.iter().any(|it| it.id == *settled && it.user_id.is_some());
    let is_said = is_named && !said.also.is_empty();
    if wanted.user_id.is_some() || *settled == wanted.id || is_said {
        return None;
    }
    // Moved into the account of its user, or logged out meanwhile.
    if accounts.iter().all(|it| it.id != wanted.id) {
        return None;
    }
    // Another process learned its user meanwhile, and this one could not: then it says so.
    let has_name_now = accounts.iter().any(|it| it.id == wanted.id && it.user_id.is_some());
    if has_name_now && said.also.contains(&Code::UserUnconfirmed) {
        return None;
    }
    let text = format!("a login for {} went to {settled}", wanted.id);
    Some(Violation::new("second_account", text))
}

/// The grants that nothing of what is about to run may end: those whose newest tokens an account
/// holds, unless a command logs in or out.
pub fn kept_logins(world: &World, runs: &[Run]) -> Vec<usize> {
    let ends = |run: &Run| match run.act {
        Act::Login(_) | Act::LoginFor(..) | Act::Logout(_) | Act::RemoveApp => true,
        Act::Refresh(_)
        | Act::Token(_)
        | Act::Exec(_)
        | Act::Api(..)
        | Act::FinishLogouts
        | Act::Stay(_) => false,
    };
    // A refresh may find out that two accounts are one user's: then one pair goes.
    let merges = |run: &Run| {
        let accounts = world.machines[machine_of(run.who)].accounts();
        matches!(run.act, Act::Refresh(_)) && accounts.iter().any(|it| it.user_id.is_none())
    };
    // So may one that finishes a login or logout which was cut off.
    let finishes = |run: &Run| process::is_login_open(&world.machines[machine_of(run.who)].data());
    if runs.iter().any(|run| ends(run) || merges(run) || finishes(run)) {
        return Vec::new();
    }
    let machines = runs.iter().map(|run| &world.machines[machine_of(run.who)]);
    let of_accounts = |items: HashMap<String, Vec<String>>| {
        items.into_iter().filter(|(name, _)| name.split('/').count() == 2).flat_map(|it| it.1)
    };
    let held: HashSet<String> = machines.flat_map(|it| of_accounts(it.items())).collect();
    let book = world.network.book.lock().unwrap();
    let lives = |at: &usize| {
        let refresh = book.grants[*at].pairs.last().and_then(|pair| pair.refresh.as_ref());
        refresh.is_some_and(|it| held.contains(it) && world.network.server.lives(it))
    };
    (0..book.grants.len()).filter(lives).collect()
}

/// They live on, with whatever pair; one whose newest pair never arrived is not ours to keep.
///
/// At a server of unknown nature that keeps one grant, ends all of it with one token, and did not say
/// who logged in, nobody can tell whose login a logout ends.
pub fn check_kept(world: &mut World, kept: &[usize]) {
    if world.has_unknown_users() {
        return;
    }
    let held: HashSet<String> =
        world.machines.iter().flat_map(|it| it.items().into_values().flatten()).collect();
    let book = world.network.book.lock().unwrap();
    let ended = kept.iter().find(|at| {
        let refresh = book.grants[**at].pairs.last().and_then(|pair| pair.refresh.as_ref());
        refresh.is_some_and(|it| held.contains(it) && !world.network.server.lives(it))
    });
    let text = ended.map(|at| {
        format!("a login of {:?} was ended by a request of its own machine", book.grants[*at].user)
    });
    drop(book);
    world.found.extend(text.map(|text| Violation::new("own_login_ended", text)));
}

/// Whether a note of this machine doubts one of these grants.
pub fn is_any_noted(world: &World, machine: usize, grants: &[usize]) -> bool {
    let (book, machine) = (world.network.book.lock().unwrap(), &world.machines[machine]);
    let items = machine.items();
    // A pair that waits for the vault is known, and comes before the one that the note is about.
    let open = process::open_refreshes(&machine.data());
    !open.iter().any(|(_, serial)| serial.is_none())
        && grants.iter().any(|at| is_refresh_noted(machine, &items, &book.grants[*at]))
}

/// Every token that lives is held, noted, or was named in a message.
fn check_tokens(world: &World, seen: &Seen, notes: Notes) -> Vec<Violation> {
    let mut found = Vec::new();
    let book = world.network.book.lock().unwrap();
    let of_machines = world.machines.iter().zip(&seen.0);
    let known = of_machines.flat_map(|(machine, items)| {
        items.iter().filter(|(name, _)| machine.is_known(name)).flat_map(|(_, texts)| texts)
    });
    let held: HashSet<&String> = known.collect();
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
        let machine = &world.machines[grant.machine];
        let items = &seen.0[grant.machine];
        // Of a login that was cut off, status and doctor say so until it is dismissed.
        let is_doubted = || match notes {
            Notes::Count => is_noted(machine, items, grant),
            Notes::CountNoMore => {
                is_cut_off_login(machine, grant)
                    || is_sealed(machine, items, grant)
                    || is_stuck(items, grant) && is_refresh_noted(machine, items, grant)
            }
        };
        if !held.contains(token) && !is_doubted() {
            let text = format!("{token} of {:?} lives, and nobody knows it", grant.user);
            found.push(Violation::new(rule, text));
        }
    }
    found
}

/// Whether a note of the machine says that this grant's refresh, or its login, is unresolved.
fn is_noted(machine: &Machine, items: &HashMap<String, Vec<String>>, grant: &Grant) -> bool {
    is_refresh_noted(machine, items, grant) || is_cut_off_login(machine, grant)
}

/// Whether the grant was made under a mistyped address: corrected, it is used nowhere, and its note
/// stays until a logout.
fn is_stuck(items: &HashMap<String, Vec<String>>, grant: &Grant) -> bool {
    let of_grant = items.values().filter(|texts| texts.iter().any(|text| grant.has(text)));
    let mistyped = |text: &String| text.contains("plian.example") || text.contains(":8370");
    of_grant.flatten().any(mistyped)
}

/// Whether a newer pair of this grant waits, encrypted to the one in the keychain.
fn is_sealed(machine: &Machine, items: &HashMap<String, Vec<String>>, grant: &Grant) -> bool {
    let sealed = process::open_refreshes(&machine.data());
    sealed.iter().filter(|(_, serial)| serial.is_none()).any(|(account, _)| {
        let item = items.iter().find(|(name, _)| name.ends_with(&format!("/{account}")));
        item.is_some_and(|(_, texts)| texts.iter().any(|text| grant.has(text)))
    })
}

fn is_refresh_noted(
    machine: &Machine,
    items: &HashMap<String, Vec<String>>,
    grant: &Grant,
) -> bool {
    let open = process::open_refreshes(&machine.data());
    open.iter().any(|(account, serial)| {
        let item = items.iter().find(|(name, _)| name.ends_with(&format!("/{account}")));
        item.is_some_and(|(_, texts)| {
            let is_of_item = serial.as_ref().is_none_or(|serial| texts.contains(serial));
            is_of_item && texts.iter().any(|text| grant.has(text))
        })
    })
}

/// Whether this can be the grant of a login that was cut off: it never was refreshed.
fn is_cut_off_login(machine: &Machine, grant: &Grant) -> bool {
    grant.pairs.len() == 1 && process::is_login_open(&machine.data())
        || process::says_that_tokens_may_live(&machine.data())
}

/// The secret of an app stays in the keychain as long as anything needs it.
fn check_secrets(world: &World, seen: &Seen, at: usize) -> Option<Violation> {
    let needed = world.machines[at].apps_in_need();
    let lost = needed.iter().find(|app| !seen.0[at].contains_key(&format!("{app}/secret")));
    let is_needed = world.setting.client == Client::Confidential;
    let text = lost.filter(|_| is_needed).map(|app| format!("the client secret of {app} is gone"));
    Some(Violation::new("secret_lost", text?))
}

/// One account for each user that is known, and none lost that nobody removed.
fn check_accounts(world: &mut World, at: usize) -> Vec<Violation> {
    let mut found = Vec::new();
    let machine = &world.machines[at];
    let mut named = HashSet::new();
    for account in machine.accounts() {
        let Some(user) = account.user_id else { continue };
        if !named.insert((account.app_id, user.clone())) {
            found.push(Violation::new("two_accounts_of_one_user", user));
        }
    }
    let lost = machine.named.difference(&named).filter(|it| !machine.let_go.contains(*it));
    found.extend(
        lost.map(|(_, user)| {
            Violation::new("account_lost", format!("the account of {user} is gone"))
        }),
    );
    world.machines[at].named = named;
    found
}

/// No account wants a new login while its own grant lives and lies in its keychain.
fn check_states(world: &World, seen: &Seen, at: usize) -> Vec<Violation> {
    let mut found = Vec::new();
    let machine = &world.machines[at];
    if process::is_login_open(&machine.data()) {
        // The next command finishes it before it shows anything.
        return found;
    }
    let ground = world.ground(&Arc::new(Fuse::new(None, None)));
    let book = world.network.book.lock().unwrap();
    for shown in process::shown(machine, &ground).into_iter().filter(|it| it.log_in_again) {
        let id = shown.id;
        let Some(item) = seen.0[at].get(&format!("{}/{id}", shown.app_id)) else { continue };
        let newest = book.grants.iter().filter_map(|grant| grant.pairs.last()?.refresh.as_ref());
        let mut of_item = newest.filter(|refresh| item.contains(refresh));
        if of_item.any(|refresh| world.network.server.lives(refresh)) {
            let rule = if machine.is_commented_out() {
                "log_in_again_without_app"
            } else {
                "log_in_again"
            };
            found.push(Violation::new(rule, format!("{id} says so ({:?})", shown.code)));
        }
    }
    found
}
