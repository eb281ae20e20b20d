//! The book of the world: which tokens the server issued, to whom, and what each machine was told.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::server::{Asked, Reply, User};

/// One answer of the token endpoint.
#[derive(Debug, Clone)]
pub struct Pair {
    pub access: String,
    pub refresh: Option<String>,
}

/// What one login brought, with all its pairs, newest last.
#[derive(Debug, Clone)]
pub struct Grant {
    pub user: User,
    pub machine: usize,
    pub pairs: Vec<Pair>,
    /// The newest refresh token was never sent in a form that anybody could read.
    pub withheld: bool,
    /// A message said that tokens of this grant may live on.
    pub told: bool,
}

impl Grant {
    pub fn has(&self, token: &str) -> bool {
        let refresh = |pair: &Pair| pair.refresh.as_deref() == Some(token);
        self.pairs.iter().any(|pair| pair.access == token || refresh(pair))
    }
}

#[derive(Debug, Default)]
pub struct Book {
    pub grants: Vec<Grant>,
    codes: HashMap<String, User>,
    /// Access tokens of pairs that the server had told a machine are dead.
    dead: HashSet<(usize, String)>,
}

/// What one command met, to be written into the book when it lived to its end.
#[derive(Debug, Default)]
pub struct Trail {
    /// Grants whose tokens it sent or received.
    pub touched: HashSet<usize>,
    /// Grants that its login brought.
    pub brought: Vec<usize>,
    /// Requests for tokens whose answers it has not read yet.
    pub under_way: usize,
    /// Access tokens of pairs that the server refused.
    dead: Vec<String>,
}

impl Trail {
    /// Whether the command itself has read that the pair of this access token is dead.
    pub fn read_dead(&self, access: &str) -> bool {
        self.dead.iter().any(|dead| dead == access)
    }
}

impl Book {
    pub fn note_code(&mut self, code: &str, user: User) {
        self.codes.insert(code.to_owned(), user);
    }

    /// Takes down what the server did, whether or not its answer arrives.
    pub fn note(&mut self, machine: usize, asked: &Asked, reply: &Reply, trail: &mut Trail) {
        for sent in ["refresh_token", "token"] {
            let grant = asked.field(sent).and_then(|token| self.grant_of(&token));
            trail.touched.extend(grant);
        }
        if reply.status != 200 {
            return;
        }
        let Some(pair) = pair_in(&reply.body) else { return };
        let at = match asked.field("code") {
            Some(code) => {
                let user = self.codes[&code];
                let (withheld, told) = (false, false);
                self.grants.push(Grant { user, machine, pairs: Vec::new(), withheld, told });
                trail.brought.push(self.grants.len() - 1);
                self.grants.len() - 1
            }
            None => asked.field("refresh_token").and_then(|it| self.grant_of(&it)).unwrap(),
        };
        trail.touched.insert(at);
        self.grants[at].withheld = false;
        self.grants[at].pairs.push(pair);
    }

    /// Takes down what the command has read: the server's word that a refresh token is dead.
    pub fn note_read(&self, asked: &Asked, reply: &Reply, trail: &mut Trail) {
        let Some(refresh) = asked.field("refresh_token") else { return };
        let is_refused = reply.status == 400
            && (reply.body.contains("invalid_grant")
                || reply.body.contains("Value passed for the token was invalid"));
        if is_refused {
            let pairs = self.grants.iter().flat_map(|grant| &grant.pairs);
            let dead = pairs.filter(|pair| pair.refresh.as_ref() == Some(&refresh));
            trail.dead.extend(dead.map(|pair| pair.access.clone()));
        }
    }

    /// The machine knows now what the command was told.
    pub fn keep(&mut self, machine: usize, trail: &Trail) {
        self.dead.extend(trail.dead.iter().map(|token| (machine, token.clone())));
    }

    pub fn is_known_dead(&self, machine: usize, access: &str) -> bool {
        self.dead.contains(&(machine, access.to_owned()))
    }

    pub fn grant_of(&self, token: &str) -> Option<usize> {
        self.grants.iter().position(|grant| grant.has(token))
    }
}

fn pair_in(body: &str) -> Option<Pair> {
    let answer: Value = serde_json::from_str(body).ok()?;
    let text = |name: &str| answer[name].as_str().map(str::to_owned);
    Some(Pair { access: text("access_token")?, refresh: text("refresh_token") })
}
