//! Consent pages that are asked for in a wrong way, and what comes of them in the browser.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::{Done, Looks, Page, Recording, Step, Stopped};
use crate::effects::loopback::{Outcome, RedirectError, Redirects, Verdict};
use crate::failure::Failure;
use crate::protocol::experiment;
use crate::protocol::pkce::{RANDOM_BYTES, Verifier};
use crate::protocol::secret::Secret;

/// One more than X takes.
const LONG_STATE: usize = 501;
/// No server of the world has it.
const UNKNOWN_SCOPE: &str = "birdkey.no.such.scope";
/// A scheme of our own, as RFC 8252 §7.1 wants it.
const OWN_SCHEME: &str = "app.birdkey:/callback";
/// Ports that are tried for one that is not registered.
const OTHER_PORTS: u16 = 20;

/// What came of a page.
pub(super) enum Came {
    /// The browser came back with these parameters.
    Back(Vec<(String, Secret)>),
    /// It did not, and this is what the person sees.
    Shows(Looks),
    /// The page was not opened, and why.
    NotOpened(String),
}

/// What an authorization request is made of, before anything of it is left out or changed.
struct Request {
    redirect_uri: String,
    scope: Option<String>,
    state: Option<Secret>,
    challenge: Option<(String, &'static str)>,
}

impl Recording<'_> {
    pub(super) async fn look_at(&mut self, page: Page) -> Done {
        let Some(mut request) = self.usual_request() else { return Ok(()) };
        match page {
            Page::Cancel => {}
            Page::LongState => request.state = Some(Secret::new("s".repeat(LONG_STATE))),
            Page::NoState => request.state = None,
            Page::NoScope => request.scope = None,
            Page::UnknownScope => {
                let scope = request.scope.unwrap_or_default();
                request.scope = Some(format!("{scope} {UNKNOWN_SCOPE}"));
            }
            Page::NoChallenge => request.challenge = None,
            Page::PlainChallenge => {
                request.challenge = request.challenge.map(|(value, _)| (value, "plain"));
            }
            Page::OtherPort => request.redirect_uri = self.at_another_port().await,
            Page::Localhost => request.redirect_uri = self.at_host("localhost"),
            Page::Ipv6 => request.redirect_uri = self.at_host("[::1]"),
            Page::OwnScheme => OWN_SCHEME.clone_into(&mut request.redirect_uri),
        }
        let registered = self.app.redirect_uris.contains(&request.redirect_uri);
        let came = self.open(&request).await?;
        let words = self.words(&came);
        let redirects =
            matches!(page, Page::OtherPort | Page::Localhost | Page::Ipv6 | Page::OwnScheme);
        let words = match (redirects, registered) {
            (false, _) => words,
            (true, true) => format!("{words} (it is registered)"),
            (true, false) => format!("{words} (it is not registered)"),
        };
        self.answers.add(question(page), Step::Look(page).name(), words);
        Ok(())
    }

    /// Opens the consent page as a login does; the code that came, with its verifier.
    pub(super) async fn consent(&mut self) -> Result<Option<(Secret, Secret)>, Stopped> {
        let Some(request) = self.usual_request() else { return Ok(None) };
        let Some(verifier) = self.random() else { return Ok(None) };
        let challenge = Verifier::new(verifier).challenge();
        let verifier = Secret::new(URL_SAFE_NO_PAD.encode(verifier));
        self.seen.note(&verifier);
        let request = Request { challenge: Some((challenge, "S256")), ..request };
        let state = request.state.clone();
        let came = self.open(&request).await?;
        let Came::Back(parameters) = came else { return Ok(None) };
        let value = |name: &str| parameters.iter().find(|(it, _)| it == name).map(|(_, it)| it);
        let ours = state.zip(value("state")).is_some_and(|(ours, it)| ours.is_same_as(it));
        let issuer = value("iss").map(|it| self.seen.masked(it.expose()));
        let code = value("code").filter(|_| ours).cloned();
        if self.step == Step::Login {
            let words = issuer.map_or_else(|| "none".to_owned(), |iss| format!("iss={iss}"));
            self.answers.add(9, "issuer in the redirect", words);
        }
        Ok(code.map(|code| (code, verifier)))
    }

    fn usual_request(&mut self) -> Option<Request> {
        let (state, challenge) = (self.random()?, self.random()?);
        let state = Secret::new(URL_SAFE_NO_PAD.encode(state));
        self.seen.note(&state);
        Some(Request {
            redirect_uri: self.redirect_uri.clone(),
            scope: Some(self.scopes().to_string()),
            state: Some(state),
            challenge: Some((Verifier::new(challenge).challenge(), "S256")),
        })
    }

    fn random(&self) -> Option<[u8; RANDOM_BYTES]> {
        let mut bytes = [0; RANDOM_BYTES];
        self.context.effects.random.fill(&mut bytes).ok().map(|()| bytes)
    }

    async fn open(&mut self, request: &Request) -> Result<Came, Stopped> {
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", self.app.client_id.as_str()),
            ("redirect_uri", request.redirect_uri.as_str()),
        ];
        fields.extend(request.scope.as_deref().map(|scope| ("scope", scope)));
        fields.extend(request.state.as_ref().map(|state| ("state", state.expose())));
        if let Some((challenge, method)) = &request.challenge {
            fields.extend([
                ("code_challenge", challenge.as_str()),
                ("code_challenge_method", method),
            ]);
        }
        let address = experiment::page(&self.endpoints.authorize, &fields);
        let names: Vec<_> = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
        let came = self.follow(&address, &request.redirect_uri).await?;
        if let Came::Back(parameters) = &came {
            let values = parameters.iter().filter(|(name, _)| name == "code" || name == "state");
            values.for_each(|(_, value)| self.seen.note(value));
        }
        let redirect_uri = request.redirect_uri.split('?').next().unwrap_or_default().to_owned();
        self.events.push(json!({
            "step": self.step.name(),
            "page": names,
            "redirectUri": redirect_uri,
            "came": self.words(&came),
        }));
        Ok(came)
    }

    /// Opens an address, and waits for the browser to come back or for the person to say what it shows.
    async fn follow(&self, address: &Secret, redirect_uri: &str) -> Result<Came, Stopped> {
        let listener = match self.listener(redirect_uri).await {
            Ok(listener) => listener,
            Err(error) => return Ok(Came::NotOpened(error.to_string())),
        };
        if let Err(error) = self.context.effects.browser.open(address.expose()).await {
            return Ok(Came::NotOpened(Failure::from(error).to_string()));
        }
        let Some(mut listener) = listener else {
            let looks = self.or_stopped(self.interviewer.looks(self.step)).await?;
            return Ok(Came::Shows(looks));
        };
        let came = tokio::select! {
            parameters = answered(listener.as_mut()) => Came::Back(parameters),
            looks = self.interviewer.looks(self.step) => Came::Shows(looks),
            stopped = self.or_stopped(std::future::pending::<()>()) => {
                stopped?;
                Came::Shows(Looks::Other)
            }
        };
        listener.finish(Outcome::Recorded).await;
        Ok(came)
    }

    /// None for a redirect URI that only the system can bring back.
    async fn listener(
        &self,
        redirect_uri: &str,
    ) -> Result<Option<Box<dyn Redirects>>, RedirectError> {
        let redirects = &self.context.effects.redirects;
        match redirects.listen(&[redirect_uri.to_owned()]).await {
            Ok(listener) => Ok(Some(listener)),
            Err(RedirectError::NoLoopback) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The redirect URI at a port that is free and not registered.
    async fn at_another_port(&self) -> String {
        let own = url::Url::parse(&self.redirect_uri).ok();
        let Some((own, port)) = own.and_then(|url| url.port().map(|port| (url, port))) else {
            return self.redirect_uri.clone();
        };
        let others = (1..=OTHER_PORTS).filter_map(|step| {
            let mut url = own.clone();
            url.set_port(Some(port.checked_add(step)?)).ok()?;
            Some(url.to_string()).filter(|uri| !self.app.redirect_uris.contains(uri))
        });
        let others: Vec<_> = others.collect();
        match self.context.effects.redirects.listen(&others).await {
            Ok(listener) => {
                let uri = listener.redirect_uri().to_owned();
                listener.finish(Outcome::Recorded).await;
                uri
            }
            Err(_) => others.into_iter().next().unwrap_or_default(),
        }
    }

    /// The redirect URI at another name of this machine.
    fn at_host(&self, host: &str) -> String {
        let Ok(mut url) = url::Url::parse(&self.redirect_uri) else { return String::new() };
        // Each of the hosts given is a valid one.
        let _ = url.set_host(Some(host));
        url.to_string()
    }

    fn words(&self, came: &Came) -> String {
        match came {
            Came::Back(parameters) => {
                format!("redirect with {}", self.seen.parameters(parameters).join(", "))
            }
            Came::Shows(Looks::Consent) => "the consent page".to_owned(),
            Came::Shows(Looks::Error) => "an error page, no redirect".to_owned(),
            Came::Shows(Looks::Other) => "neither a redirect nor a known page".to_owned(),
            Came::NotOpened(why) => format!("not opened: {why}"),
        }
    }
}

/// The first request that is an answer to any authorization request; anyone can send others.
async fn answered(listener: &mut dyn Redirects) -> Vec<(String, Secret)> {
    loop {
        let arrival = listener.next().await;
        let parameters = experiment::parameters(&arrival.query);
        let is_answer = parameters.iter().any(|(name, _)| name == "code" || name == "error");
        let verdict = if is_answer { Verdict::Accepted } else { Verdict::Stray };
        // The browser may be gone already; what it brought counts all the same.
        arrival.verdict.send(verdict).ok();
        if is_answer {
            return parameters;
        }
    }
}

fn question(page: Page) -> usize {
    match page {
        Page::Cancel | Page::LongState => 1,
        Page::OtherPort | Page::Localhost | Page::Ipv6 | Page::OwnScheme => 5,
        Page::NoState
        | Page::NoScope
        | Page::UnknownScope
        | Page::NoChallenge
        | Page::PlainChallenge => 2,
    }
}
