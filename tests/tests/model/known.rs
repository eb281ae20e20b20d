//! The shortest sequences that the model has found, one for each kind of defect; the row of issue 17
//! it belongs to stands before it.

use crate::config_file::Edit;
use crate::faults::{Fault, Odd, Route, UNTIL_CALM};
use crate::server::{Knobs, User};
use crate::setting::{Client, Kind, Offered, Setting};
use crate::steps::{Act, Run, Step, Who};
use crate::world::World;

const KNOBS: Knobs =
    Knobs { grace: 0, family: false, old_access_dies: false, kills_pair: false, one_grant: true };
const SANDBOX: Setting =
    Setting { kind: Kind::Sandbox, offered: Offered::All, client: Client::Public, knobs: KNOBS };
const PLAIN: Setting = Setting { kind: Kind::Plain, ..SANDBOX };
/// As most servers are: a user may log in several times.
const SEVERAL: Setting = Setting { knobs: Knobs { one_grant: false, ..KNOBS }, ..PLAIN };

/// The server offers no revocation: what a logout leaves there has to be said.
const NO_REVOCATION: Setting = Setting { offered: Offered::NoRevocation, ..SEVERAL };
/// More instants than any one command has.
const ANY_INSTANT: std::ops::Range<usize> = 0..36;

const LOGIN: Act = Act::Login(User::Ada);

fn a(act: Act) -> Step {
    Step::Run(Run { who: Who::A, act, killed_after: None })
}

fn b(act: Act) -> Step {
    Step::Run(Run { who: Who::B, act, killed_after: None })
}

fn killed(act: Act, after: usize) -> Step {
    Step::Run(Run { who: Who::A, act, killed_after: Some(after) })
}

fn both(first: Act, second: Act, pauses: u64) -> Step {
    let run = |who, act| Run { who, act, killed_after: None };
    Step::Both(run(Who::A, first), run(Who::B, second), pauses)
}

fn holds(setting: Setting, steps: &[Step]) {
    let mut world = World::new(setting);
    for step in steps {
        let found = world.step(step);
        assert!(found.is_empty(), "{step:?}: {found:?}\n{:#?}", world.log);
    }
    let found = world.settle();
    assert!(found.is_empty(), "when all had settled: {found:?}\n{:#?}", world.log);
}

/// L1
#[test]
fn a_command_waits_for_the_answer_that_holds_new_tokens() {
    let noted = [a(LOGIN), Step::Fault(Route::Token, Fault::Slow, 2), a(Act::Refresh(0))];
    holds(SANDBOX, &[&noted[..], &[Step::Wait(70), b(Act::Token(0))]].concat());
}

/// L2
#[test]
fn a_login_for_an_account_without_a_name_settles_into_it() {
    let nameless = Step::Fault(Route::Profile, Fault::Refused(402), 2);
    holds(SANDBOX, &[nameless, a(LOGIN), a(Act::LoginFor(0, User::Ada))]);
}

/// L3
#[test]
fn a_login_survives_an_odd_answer() {
    for odd in [Odd::ScopeList, Odd::TokenTypeNumber, Odd::DoubledTokens, Odd::Created] {
        holds(SANDBOX, &[Step::Fault(Route::Token, Fault::Odd(odd), 1), a(LOGIN)]);
    }
}

/// L3
#[test]
fn a_refresh_survives_an_odd_answer() {
    for odd in [Odd::ScopeFalse, Odd::ByteOrderMark, Odd::DoubledScope, Odd::RefreshNumber] {
        let fault = Step::Fault(Route::Token, Fault::Odd(odd), 1);
        holds(SANDBOX, &[a(LOGIN), fault, a(Act::Refresh(0)), a(Act::Logout(0))]);
    }
}

/// L4
#[test]
fn two_logins_at_once_leave_one_account() {
    holds(SANDBOX, &[both(LOGIN, LOGIN, 27)]);
    holds(SEVERAL, &[both(LOGIN, LOGIN, 83)]);
}

/// L4
#[test]
fn of_two_logins_at_once_the_newer_pair_stays() {
    for pauses in 0..40 {
        holds(PLAIN, &[both(LOGIN, LOGIN, pauses)]);
    }
}

/// L5
#[test]
fn a_login_killed_after_its_exchange_is_not_forgotten() {
    for after in ANY_INSTANT {
        holds(SANDBOX, &[killed(LOGIN, after)]);
        holds(NO_REVOCATION, &[a(LOGIN), killed(LOGIN, after)]);
    }
}

/// L5
#[test]
fn a_login_whose_answer_was_lost_is_not_forgotten() {
    holds(SANDBOX, &[Step::Fault(Route::Token, Fault::CutAfter, 1), a(LOGIN)]);
}

/// L7
#[test]
fn tokens_of_a_removed_app_are_accounted_for() {
    let away = Step::Fault(Route::Revoke, Fault::Away, UNTIL_CALM);
    holds(SANDBOX, &[a(LOGIN), away, a(Act::RemoveApp)]);
    let offered = Offered::NoRevocation;
    holds(Setting { offered, ..PLAIN }, &[a(LOGIN), a(Act::RemoveApp)]);
}

/// L8
#[test]
fn a_replaced_pair_is_revoked_where_a_user_may_log_in_several_times() {
    holds(SEVERAL, &[a(LOGIN), a(LOGIN)]);
}

/// L9
#[test]
fn an_old_revocation_does_not_end_the_new_login() {
    let knobs = Knobs { kills_pair: true, ..KNOBS };
    let away = Step::Fault(Route::Revoke, Fault::Unavailable(0), UNTIL_CALM);
    let steps = [a(LOGIN), away, a(Act::Logout(0)), a(LOGIN), Step::Calm, b(Act::FinishLogouts)];
    holds(Setting { knobs, ..PLAIN }, &steps);
}

/// L10
#[test]
fn a_waiting_revocation_outlives_an_edit_of_the_config_file() {
    for edit in [Edit::Toggle, Edit::TypoInHost] {
        let away = Step::Fault(Route::Revoke, Fault::Away, 2);
        let waiting = [a(LOGIN), away, a(Act::Logout(0)), Step::Edit(0, edit)];
        holds(PLAIN, &[&waiting[..], &[a(Act::FinishLogouts)]].concat());
    }
}

/// L11
#[test]
fn a_logout_after_a_lost_rotation_says_what_may_live_on() {
    let lost = Step::Fault(Route::Token, Fault::CutAfter, 1);
    holds(SANDBOX, &[a(LOGIN), lost, a(Act::Refresh(0)), a(Act::Logout(0))]);
}

/// L12
#[test]
fn no_token_is_handed_out_that_the_server_called_dead() {
    let elsewhere = Step::Run(Run { who: Who::Elsewhere, act: LOGIN, killed_after: None });
    holds(SANDBOX, &[a(LOGIN), elsewhere, a(Act::Refresh(0)), a(Act::Token(0))]);
}

/// L13
#[test]
fn after_a_killed_refresh_the_replaced_token_is_not_handed_out() {
    let knobs = Knobs { old_access_dies: true, grace: 120, ..KNOBS };
    for after in ANY_INSTANT {
        let steps = [a(LOGIN), killed(Act::Refresh(0), after), b(Act::Token(0))];
        holds(Setting { knobs, ..SANDBOX }, &steps);
    }
}

/// L16: only the server's word, or a grant that can't be read, means a new login.
#[test]
fn an_app_that_is_commented_out_asks_for_no_login() {
    holds(SANDBOX, &[a(LOGIN), Step::Edit(0, Edit::Toggle)]);
}

/// Not in the list: the account of a login that ends after its app was removed.
#[test]
fn a_login_and_the_removal_of_its_app_at_once_leave_no_account_without_app() {
    for pauses in 0..20 {
        holds(SANDBOX, &[both(LOGIN, Act::RemoveApp, pauses)]);
    }
}

/// Not in the list: a comment of its own, with an empty line behind it, is not the section's.
#[test]
fn the_removal_of_an_app_keeps_the_comment_above_its_section() {
    holds(SANDBOX, &[Step::Edit(0, Edit::Remark), a(Act::RemoveApp)]);
}

/// L11: what a logout that was killed found out is said by a later command, not written over.
#[test]
fn a_logout_killed_at_any_instant_leaves_its_word() {
    for after in ANY_INSTANT {
        for act in [Act::Logout(0), Act::RemoveApp] {
            let steps = [a(LOGIN), killed(act, after), b(Act::Logout(0)), b(Act::RemoveApp)];
            holds(NO_REVOCATION, &steps);
        }
        let lost = Step::Fault(Route::Token, Fault::CutAfter, 2);
        let steps = [a(LOGIN), lost, a(Act::Refresh(0)), killed(Act::Logout(0), after)];
        holds(SANDBOX, &[&steps[..], &[b(Act::Logout(0))]].concat());
    }
}

/// L11: a logout that waited while another process finished the one that was killed.
#[test]
fn a_logout_beside_one_that_finishes_another_leaves_its_word() {
    for pauses in 0..20 {
        let killed = killed(Act::Logout(0), 8);
        let at_once = both(Act::Refresh(0), Act::Logout(0), pauses);
        holds(NO_REVOCATION, &[a(LOGIN), killed, at_once]);
    }
}

/// L10: an app that is commented out comes back, and needs its secret then.
#[test]
fn the_secret_of_an_app_that_is_commented_out_stays() {
    let confidential = Setting { client: Client::Confidential, ..PLAIN };
    let away = Step::Fault(Route::Revoke, Fault::Away, 2);
    let waiting = [a(LOGIN), away, a(Act::Logout(0)), Step::Edit(0, Edit::Toggle)];
    holds(confidential, &[&waiting[..], &[a(Act::FinishLogouts)]].concat());
}

/// L7: the secret of a removed app stays until nothing that waits needs it.
#[test]
fn an_app_removed_at_any_instant_keeps_the_secret_that_is_needed() {
    let confidential = Setting { client: Client::Confidential, ..PLAIN };
    for after in ANY_INSTANT {
        let away = Step::Fault(Route::Revoke, Fault::Away, 5);
        let steps = [a(LOGIN), away, killed(Act::RemoveApp, after), b(Act::FinishLogouts)];
        holds(confidential, &steps);
    }
}
