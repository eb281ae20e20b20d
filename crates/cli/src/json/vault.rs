//! Where grants are kept.

use birdkey::effects::vault::VaultKind;
use birdkey::engine::MovedVault;
use birdkey::problem::Problem as EngineProblem;
use serde::Serialize;

use super::problem::Problem;
use super::{Revealed, words};

/// Where grants are kept.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Vault<'a> {
    /// Which kind; null: the configuration names another one than the one that holds the grants.
    kind: Option<&'static str>,
    /// The place, in words.
    place: &'a str,
}

impl<'a> Vault<'a> {
    pub(crate) fn new(kind: Option<VaultKind>, place: &'a str) -> Self {
        Self { kind: kind.map(words::vault_kind), place }
    }
}

/// What `birdkey vault show` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VaultShown<'a> {
    /// Which kind.
    kind: &'static str,
    /// The place, in words.
    place: &'a str,
    /// Why it can't be read and written now; null: it can.
    problem: Option<Problem>,
}

impl<'a> VaultShown<'a> {
    pub(crate) fn new(kind: VaultKind, place: &'a str, problem: Option<&EngineProblem>) -> Self {
        Self { kind: words::vault_kind(kind), place, problem: problem.map(Problem::from) }
    }
}

/// What `birdkey vault use` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct VaultUsed<'a> {
    /// Which kind is used now.
    kind: &'static str,
    /// The place, in words.
    place: &'a str,
    /// How many grants and client secrets were moved.
    moved: usize,
    /// Why copies are left where they were before; null: none is.
    left_behind: Option<Problem>,
}

impl<'a> VaultUsed<'a> {
    pub(crate) fn new(kind: VaultKind, place: &'a str, moved: &MovedVault) -> Self {
        Self {
            kind: words::vault_kind(kind),
            place,
            moved: moved.items,
            left_behind: moved.left_behind.as_ref().map(Problem::from),
        }
    }
}

/// What `birdkey vault identity` prints.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Identity<'a> {
    /// What opens the encrypted files: a secret.
    pub(crate) identity: Revealed<'a>,
}
