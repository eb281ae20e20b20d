//! The steps that a sequence is made of, and how they are drawn.

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Union};
use proptest_state_machine::ReferenceStateMachine;

use crate::config_file::Edit;
use crate::faults::{Fault, Odd, Route, UNTIL_CALM};
use crate::server::{Knobs, User};
use crate::setting::{Client, Kind, Offered, Setting};

/// Who runs a command: two processes of one user, and one on another machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    A,
    B,
    Elsewhere,
}

/// What a command is to do; accounts by their place in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    Login(User),
    LoginFor(usize, User),
    Refresh(usize),
    Token(usize),
    Exec(usize),
    /// The second number: how many answers of the API are 401 for reasons of its own.
    Api(usize, u32),
    Logout(usize),
    RemoveApp,
    FinishLogouts,
    /// The desktop app runs for this many minutes.
    Stay(u64),
}

/// One command, killed after so many effects if it has not ended before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub who: Who,
    pub act: Act,
    pub killed_after: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Run(Run),
    /// Two at once; the number decides how they interleave.
    Both(Run, Run, u64),
    Fault(Route, Fault, u32),
    Calm,
    Knobs(Knobs),
    /// The keychain of a machine: locked, not taking changes, or well again.
    Vault(usize, Keys),
    Edit(usize, Edit),
    /// Seconds.
    Wait(u64),
    /// The wall clock of a machine jumps, in seconds.
    SetClock(usize, i64),
    /// Everything is put right, and what is unfinished ends.
    Settle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    Locked,
    NoChanges,
    Open,
}

/// What the drawing of steps has to know: how many logins there were on each machine.
#[derive(Debug, Clone)]
pub struct Reference {
    pub setting: Setting,
    logins: [usize; 2],
    begun: bool,
}

impl ReferenceStateMachine for Reference {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        setting().prop_map(|setting| Self { setting, logins: [0; 2], begun: false }).boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Step> {
        if !state.begun {
            // Nothing happens to nobody.
            return user().prop_map(|user| Step::Run(plainly(Who::A, Act::Login(user)))).boxed();
        }
        let logged_in = 1 + u32::from(state.logins[1] > 0);
        Union::new_weighted(vec![
            (30 * logged_in, one(state).prop_map(Step::Run).boxed()),
            (12, both().boxed()),
            (18, fault().boxed()),
            (3, Just(Step::Calm).boxed()),
            (4, other_knobs(state.setting).prop_map(Step::Knobs).boxed()),
            (3, (0..2_usize, keys()).prop_map(|(at, keys)| Step::Vault(at, keys)).boxed()),
            (6, (0..2_usize, edit()).prop_map(|(at, edit)| Step::Edit(at, edit)).boxed()),
            (10, wait().prop_map(Step::Wait).boxed()),
            (2, (0..2_usize, wall()).prop_map(|(at, by)| Step::SetClock(at, by)).boxed()),
            (2, Just(Step::Settle).boxed()),
        ])
        .boxed()
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        state.begun = true;
        if let Step::Run(Run { who, act: Act::Login(_) | Act::LoginFor(..), .. }) = step {
            state.logins[usize::from(*who == Who::Elsewhere)] += 1;
        }
        state
    }
}

fn plainly(who: Who, act: Act) -> Run {
    Run { who, act, killed_after: None }
}

fn setting() -> impl Strategy<Value = Setting> {
    let kind = prop_oneof![Just(Kind::Sandbox), Just(Kind::Plain)];
    let offered = prop_oneof![
        4 => Just(Offered::All),
        1 => Just(Offered::NoProfile),
        1 => Just(Offered::NoRevocation),
    ];
    let client = prop_oneof![2 => Just(Client::Public), 1 => Just(Client::Confidential)];
    (kind, offered, client).prop_flat_map(|(kind, offered, client)| {
        knobs(kind).prop_map(move |knobs| Setting { kind, offered, client, knobs })
    })
}

fn knobs(kind: Kind) -> impl Strategy<Value = Knobs> {
    let grace = prop_oneof![2 => Just(0_u64), 1 => Just(120)];
    (grace, any::<[bool; 4]>()).prop_map(
        move |(grace, [family, old_access_dies, kills_pair, one])| {
            let one_grant = one || kind == Kind::Sandbox;
            Knobs { grace, family, old_access_dies, kills_pair, one_grant }
        },
    )
}

/// How many grants a user has is the nature of a server, and does not change.
fn other_knobs(setting: Setting) -> impl Strategy<Value = Knobs> {
    let one_grant = setting.knobs.one_grant;
    knobs(setting.kind).prop_map(move |knobs| Knobs { one_grant, ..knobs })
}

fn user() -> impl Strategy<Value = User> + Clone {
    prop_oneof![2 => Just(User::Ada), 1 => Just(User::Grace)]
}

fn act() -> impl Strategy<Value = Act> + Clone {
    let at = 0..3_usize;
    prop_oneof![
        3 => user().prop_map(Act::Login),
        2 => (at.clone(), user()).prop_map(|(at, user)| Act::LoginFor(at, user)),
        4 => at.clone().prop_map(Act::Refresh),
        6 => at.clone().prop_map(Act::Token),
        1 => at.clone().prop_map(Act::Exec),
        2 => (at.clone(), 0..3_u32).prop_map(|(at, refusals)| Act::Api(at, refusals)),
        3 => at.prop_map(Act::Logout),
        1 => Just(Act::RemoveApp),
        1 => Just(Act::FinishLogouts),
        1 => (5..200_u64).prop_map(Act::Stay),
    ]
}

fn killed() -> impl Strategy<Value = Option<usize>> + Clone {
    // A login or logout has about thirty points, most other commands a handful.
    let points = prop_oneof![0..8_usize, 8..36_usize];
    prop_oneof![3 => Just(None), 1 => points.prop_map(Some)]
}

fn one(state: &Reference) -> impl Strategy<Value = Run> + use<> {
    let elsewhere = if state.logins[1] > 0 { 3 } else { 1 };
    let who = prop_oneof![
        6 => Just(Who::A),
        2 => Just(Who::B),
        elsewhere => Just(Who::Elsewhere),
    ];
    (who, act(), killed()).prop_map(|(who, act, killed_after)| Run { who, act, killed_after })
}

fn both() -> impl Strategy<Value = Step> {
    let run = move |who| {
        (act(), killed()).prop_map(move |(act, killed_after)| Run { who, act, killed_after })
    };
    let twice = user()
        .prop_map(|user| [plainly(Who::A, Act::Login(user)), plainly(Who::B, Act::Login(user))]);
    let any_two = (run(Who::A), run(Who::B)).prop_map(<[Run; 2]>::from);
    let runs = prop_oneof![1 => twice, 3 => any_two];
    (runs, 0..1_000_u64).prop_map(|([a, b], seed)| Step::Both(a, b, seed))
}

fn fault() -> impl Strategy<Value = Step> {
    let anywhere = prop_oneof![
        2 => Just(Fault::Away),
        1 => Just(Fault::CutBefore),
        3 => Just(Fault::CutAfter),
        2 => Just(Fault::Slow),
        2 => Just(Fault::Unavailable(0)),
        1 => Just(Fault::Unavailable(90)),
        1 => Just(Fault::GatewayLost),
    ];
    let odd = prop_oneof![
        Just(Odd::ScopeList),
        Just(Odd::ScopeFalse),
        Just(Odd::TokenTypeNumber),
        Just(Odd::DoubledTokens),
        Just(Odd::DoubledScope),
        Just(Odd::ByteOrderMark),
        Just(Odd::Created),
        Just(Odd::LifetimeFraction),
        Just(Odd::RefreshNumber),
    ];
    let refused = prop_oneof![Just(402_u16), Just(403), Just(429)];
    let what = prop_oneof![
        5 => anywhere.clone().prop_map(|fault| (Route::Token, fault)),
        2 => anywhere.clone().prop_map(|fault| (Route::Revoke, fault)),
        1 => anywhere.clone().prop_map(|fault| (Route::Profile, fault)),
        1 => anywhere.prop_map(|fault| (Route::Api, fault)),
        2 => odd.prop_map(|odd| (Route::Token, Fault::Odd(odd))),
        3 => refused.prop_map(|status| (Route::Profile, Fault::Refused(status))),
    ];
    let times = prop_oneof![4 => 1..3_u32, 1 => Just(UNTIL_CALM)];
    (what, times).prop_map(|((route, fault), times)| Step::Fault(route, fault, times))
}

fn keys() -> impl Strategy<Value = Keys> {
    prop_oneof![1 => Just(Keys::Locked), 1 => Just(Keys::NoChanges), 2 => Just(Keys::Open)]
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => Just(Edit::Toggle),
        2 => Just(Edit::TypoInHost),
        1 => Just(Edit::TypoInPath),
        3 => Just(Edit::Correct),
        1 => Just(Edit::Remark),
    ]
}

fn wait() -> impl Strategy<Value = u64> {
    prop_oneof![Just(5_u64), Just(35), Just(70), Just(700), Just(3_700), Just(7_300), Just(100_000),]
}

fn wall() -> impl Strategy<Value = i64> {
    prop_oneof![Just(-30_i64), Just(30), Just(-4_000), Just(4_000), Just(9_000)]
}
