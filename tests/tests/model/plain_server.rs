//! A plain authorization server after RFC 6749, 7009 and 7636, which shares no code with the sandbox.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::clock::Time;
use crate::server::{Asked, Knobs, REDIRECT_URI, Reply, Server, User};
use crate::setting::{Client, SECRET};

pub const PLAIN: &str = "https://plain.example";
pub const PLAIN_CLIENT: &str = "plain-app";

const CODE_LIFETIME: Duration = Duration::from_mins(1);
const ACCESS_LIFETIME: Duration = Duration::from_hours(1);

pub struct PlainServer {
    time: Time,
    client: Client,
    state: Mutex<State>,
}

struct State {
    knobs: Knobs,
    issued: u64,
    codes: HashMap<String, Code>,
    grants: Vec<Grant>,
}

struct Code {
    user: User,
    challenge: String,
    until: Duration,
}

/// What one user allowed the app, once.
struct Grant {
    user: User,
    refresh: Option<String>,
    replaced: HashMap<String, Duration>,
    /// Access tokens with their ends.
    access: HashMap<String, Duration>,
    /// Refresh tokens of earlier logins that this one goes on from, where a user has one grant.
    earlier: Vec<String>,
}

#[derive(Clone, Copy)]
enum Refused {
    Request,
    Client,
    Grant,
    GrantType,
}

impl PlainServer {
    pub fn new(time: &Time, client: Client, knobs: Knobs) -> Self {
        let state = State { knobs, issued: 0, codes: HashMap::new(), grants: Vec::new() };
        Self { time: time.clone(), client, state: Mutex::new(state) }
    }

    /// RFC 6749 §2.3.1 and §3.2.1: a confidential app shows its secret, any other names itself.
    fn check_client(&self, asked: &Asked) -> Result<(), Refused> {
        let shown = match self.client {
            Client::Public => asked.field("client_id").as_deref() == Some(PLAIN_CLIENT),
            Client::Confidential => {
                let basic = STANDARD.encode(format!("{PLAIN_CLIENT}:{SECRET}"));
                asked.authorization.as_deref() == Some(&format!("Basic {basic}"))
            }
        };
        if shown { Ok(()) } else { Err(Refused::Client) }
    }
}

impl Server for PlainServer {
    fn answer(&self, asked: &Asked) -> Reply {
        let now = self.time.elapsed();
        let mut state = self.state.lock().unwrap();
        state.forget(now);
        match asked.url.path() {
            "/token" => {
                let known = self.check_client(asked);
                known.and_then(|()| state.token(asked, now)).unwrap_or_else(refusal)
            }
            "/revoke" => {
                let known = self.check_client(asked);
                known.and_then(|()| state.revoke(asked)).unwrap_or_else(refusal)
            }
            "/userinfo" => state.userinfo(asked),
            _ => Reply { status: 404, ..Reply::default() },
        }
    }

    fn consent(&self, authorize: &Url, user: User) -> Option<String> {
        let given: HashMap<_, _> = authorize.query_pairs().into_owned().collect();
        let fits = given.get("client_id")? == PLAIN_CLIENT
            && given.get("redirect_uri")? == REDIRECT_URI
            && given.get("response_type")? == "code"
            && given.get("code_challenge_method")? == "S256";
        if !fits || authorize.path() != "/authorize" {
            return None;
        }
        let mut state = self.state.lock().unwrap();
        let code = state.new_text("code");
        let (challenge, until) =
            (given.get("code_challenge")?.clone(), self.time.elapsed() + CODE_LIFETIME);
        state.codes.insert(code.clone(), Code { user, challenge, until });
        Some(format!("code={code}&state={}", given.get("state")?))
    }

    fn lives(&self, token: &str) -> bool {
        let mut state = self.state.lock().unwrap();
        state.forget(self.time.elapsed());
        state.grants.iter().any(|grant| {
            grant.refresh.as_deref() == Some(token) || grant.access.contains_key(token)
        })
    }

    fn set(&self, knobs: Knobs) {
        self.state.lock().unwrap().knobs = knobs;
    }
}

impl State {
    fn new_text(&mut self, what: &str) -> String {
        self.issued += 1;
        format!("plain-{what}-{}", self.issued)
    }

    fn forget(&mut self, now: Duration) {
        self.codes.retain(|_, code| now < code.until);
        for grant in &mut self.grants {
            grant.access.retain(|_, until| now < *until);
        }
        self.grants.retain(|grant| grant.refresh.is_some() || !grant.access.is_empty());
    }

    /// RFC 6749 §4.1.3 and §6.
    fn token(&mut self, asked: &Asked, now: Duration) -> Result<Reply, Refused> {
        match asked.field("grant_type").as_deref() {
            Some("authorization_code") => self.exchange(asked, now),
            Some("refresh_token") => self.refresh(asked, now),
            Some(_) => Err(Refused::GrantType),
            None => Err(Refused::Request),
        }
    }

    fn exchange(&mut self, asked: &Asked, now: Duration) -> Result<Reply, Refused> {
        let code = asked.field("code").ok_or(Refused::Request)?;
        let code = self.codes.remove(&code).ok_or(Refused::Grant)?;
        let verifier = asked.field("code_verifier").ok_or(Refused::Request)?;
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        if proof != code.challenge || asked.field("redirect_uri").as_deref() != Some(REDIRECT_URI) {
            return Err(Refused::Grant);
        }
        let mut earlier = Vec::new();
        if self.knobs.one_grant {
            let of_user = |grant: &mut Grant| grant.user == code.user;
            for grant in self.grants.extract_if(.., of_user) {
                earlier.extend(grant.earlier.into_iter().chain(grant.refresh));
            }
        }
        let (replaced, access) = (HashMap::new(), HashMap::new());
        self.grants.push(Grant { user: code.user, refresh: None, replaced, access, earlier });
        Ok(self.issue(self.grants.len() - 1, now))
    }

    fn refresh(&mut self, asked: &Asked, now: Duration) -> Result<Reply, Refused> {
        let sent = asked.field("refresh_token").ok_or(Refused::Request)?;
        let newest = |grant: &Grant| grant.refresh.as_ref() == Some(&sent);
        if let Some(at) = self.grants.iter().position(newest) {
            return Ok(self.issue(at, now));
        }
        let at = self.grants.iter().position(|grant| grant.replaced.contains_key(&sent));
        let at = at.ok_or(Refused::Grant)?;
        let age = now.saturating_sub(self.grants[at].replaced[&sent]);
        if age < Duration::from_secs(self.knobs.grace) {
            return Ok(self.issue(at, now));
        }
        if self.knobs.family {
            self.grants.remove(at);
        }
        Err(Refused::Grant)
    }

    fn issue(&mut self, at: usize, now: Duration) -> Reply {
        let (access, refresh) = (self.new_text("access"), self.new_text("refresh"));
        let old_access_dies = self.knobs.old_access_dies;
        let grant = &mut self.grants[at];
        if old_access_dies {
            grant.access.clear();
        }
        grant.access.insert(access.clone(), now + ACCESS_LIFETIME);
        if let Some(replaced) = grant.refresh.replace(refresh.clone()) {
            grant.replaced.insert(replaced, now);
        }
        let body = json!({
            "access_token": access, "refresh_token": refresh, "token_type": "Bearer",
            "expires_in": ACCESS_LIFETIME.as_secs(), "scope": "openid profile",
        });
        Reply::json(200, body.to_string())
    }

    /// RFC 7009 §2.2: a token that is not known is no error.
    fn revoke(&mut self, asked: &Asked) -> Result<Reply, Refused> {
        let token = asked.field("token").ok_or(Refused::Request)?;
        let whole = self.knobs.kills_pair;
        let has = |grant: &Grant| {
            grant.refresh.as_ref() == Some(&token)
                || grant.access.contains_key(&token)
                || whole && grant.earlier.contains(&token)
        };
        if let Some(at) = self.grants.iter().position(has) {
            self.grants[at].access.remove(&token);
            self.grants[at].refresh.take_if(|refresh| *refresh == token);
            if whole {
                self.grants.remove(at);
            }
        }
        Ok(Reply { status: 200, ..Reply::default() })
    }

    fn userinfo(&self, asked: &Asked) -> Reply {
        let bearer = asked.authorization.as_deref().and_then(|it| it.strip_prefix("Bearer "));
        let known = |grant: &&Grant| bearer.is_some_and(|it| grant.access.contains_key(it));
        match self.grants.iter().find(known).map(|grant| grant.user) {
            Some(User::Ada) => {
                Reply::json(200, r#"{"sub":"u-1","preferred_username":"ada","name":"Ada"}"#.into())
            }
            Some(User::Grace) => {
                Reply::json(200, r#"{"sub":"u-2","preferred_username":"grace"}"#.into())
            }
            None => {
                let mut reply = Reply::json(401, r#"{"error":"invalid_token"}"#.into());
                let why = r#"Bearer error="invalid_token""#.to_owned();
                reply.headers.insert("www-authenticate".into(), why);
                reply
            }
        }
    }
}

/// RFC 6749 §5.2.
fn refusal(refused: Refused) -> Reply {
    let (status, error) = match refused {
        Refused::Request => (400, "invalid_request"),
        Refused::Client => (401, "invalid_client"),
        Refused::Grant => (400, "invalid_grant"),
        Refused::GrantType => (400, "unsupported_grant_type"),
    };
    Reply::json(status, json!({ "error": error }).to_string())
}
