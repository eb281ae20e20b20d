//! Requests of the engine, brought to the server in process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use birdkey::effects::BoxFuture;
use birdkey::effects::http::{Http, HttpError, NoConnection, Pieces, Streamed};
use birdkey::protocol::api::Call;
use birdkey::protocol::message::{Answer, Method, Request};
use birdkey::protocol::secret::Secret;

use crate::book::{Book, Trail};
use crate::clock::Time;
use crate::faults::{Fault, Faults, Odd, Route};
use crate::fuse::Fuse;
use crate::server::{Asked, Reply, Server};

/// The limit of the real client.
const TOTAL_LIMIT: Duration = Duration::from_secs(30);

/// The server and what surrounds it; all commands share it.
pub struct Network {
    pub time: Time,
    pub server: Box<dyn Server>,
    /// The hosts that there are; any other name is not found.
    pub host: &'static str,
    pub faults: Mutex<Faults>,
    pub book: Mutex<Book>,
}

/// The way of one command to the server.
pub struct Wire {
    pub network: Arc<Network>,
    pub machine: usize,
    pub fuse: Arc<Fuse>,
    pub trail: Arc<Mutex<Trail>>,
    /// How many requests of the user the API answers with 401 for reasons of its own.
    pub refusals: Mutex<u32>,
}

impl Wire {
    async fn bring(&self, route: Route, asked: Asked) -> Result<Reply, HttpError> {
        let is_token = usize::from(route == Route::Token);
        self.trail.lock().unwrap().under_way += is_token;
        let brought = self.answered(route, asked).await;
        // Not reached when the caller has gone away meanwhile.
        self.trail.lock().unwrap().under_way -= is_token;
        brought
    }

    async fn answered(&self, route: Route, asked: Asked) -> Result<Reply, HttpError> {
        self.fuse.point().await;
        let host = asked.url.host_str().unwrap_or_default().to_owned();
        if host != self.network.host {
            return Err(HttpError::Dns { host, unusable: None });
        }
        let fault = self.network.faults.lock().unwrap().take(route);
        let reply = match fault {
            Some(Fault::Away) => {
                let cause = NoConnection::Refused;
                return Err(HttpError::Connect { host, proxy: None, cause, unusable: None });
            }
            Some(Fault::CutBefore) => return Err(HttpError::BrokeOff { host }),
            Some(Fault::Unavailable(seconds)) => unavailable(seconds),
            Some(Fault::Refused(status)) => Reply { status, ..Reply::default() },
            Some(Fault::CutAfter | Fault::Slow | Fault::GatewayLost | Fault::Odd(_)) | None => {
                self.commit(&asked, fault)
            }
        };
        self.fuse.point().await;
        match fault {
            Some(Fault::CutAfter) => return Err(HttpError::BrokeOff { host }),
            Some(Fault::Slow) => {
                self.network.time.sleep(TOTAL_LIMIT).await;
                return Err(HttpError::TimedOut { host });
            }
            _ => {}
        }
        let reply = if fault == Some(Fault::GatewayLost) { unavailable(0) } else { reply };
        let trail = &mut self.trail.lock().unwrap();
        self.network.book.lock().unwrap().note_read(&asked, &reply, trail);
        Ok(reply)
    }

    /// The server does what is asked.
    fn commit(&self, asked: &Asked, fault: Option<Fault>) -> Reply {
        let mut reply = self.network.server.answer(asked);
        let (mut book, mut trail) = (self.network.book.lock().unwrap(), self.trail.lock().unwrap());
        book.note(self.machine, asked, &reply, &mut trail);
        if let Some(Fault::Odd(odd)) = fault
            && reply.status == 200
        {
            (reply.status, reply.body) = odd.of(&reply.body);
            if odd == Odd::RefreshNumber {
                trail.touched.iter().for_each(|at| book.grants[*at].withheld = true);
            }
        }
        reply
    }
}

impl Http for Wire {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Answer, HttpError>> {
        Box::pin(async move {
            let (method, form) = match &request.method {
                Method::Get => ("GET", None),
                Method::PostForm(form) => ("POST", Some(form.expose().to_owned())),
            };
            let authorization = request.authorization.as_ref().map(|it| it.expose().to_owned());
            let route = match request.url.path() {
                "/token" | "/2/oauth2/token" => Route::Token,
                "/revoke" | "/2/oauth2/revoke" => Route::Revoke,
                _ => Route::Profile,
            };
            let asked = Asked { method: method.into(), url: request.url, authorization, form };
            Ok(answer(self.bring(route, asked).await?))
        })
    }

    fn call(&self, call: Call, token: Secret) -> BoxFuture<'_, Result<Streamed, HttpError>> {
        Box::pin(async move {
            let refuses = {
                let mut left = self.refusals.lock().unwrap();
                let refuses = *left > 0;
                *left = left.saturating_sub(1);
                refuses
            };
            let authorization = Some(format!("Bearer {}", token.expose()));
            let asked = Asked { method: call.method, url: call.url, authorization, form: None };
            let mut reply = self.bring(Route::Api, asked).await?;
            if refuses {
                reply = Reply { status: 401, ..Reply::default() };
            }
            let body = Box::new(Whole(Some(reply.body.into_bytes())));
            let headers = reply.headers.into_iter().collect();
            Ok(Streamed { status: reply.status, headers, body })
        })
    }

    fn has_network(&self) -> bool {
        true
    }
}

/// A body that is there at once.
struct Whole(Option<Vec<u8>>);

impl Pieces for Whole {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, HttpError>> {
        Box::pin(std::future::ready(Ok(self.0.take())))
    }
}

fn unavailable(seconds: u64) -> Reply {
    let asked = (seconds > 0).then(|| ("retry-after".to_owned(), seconds.to_string()));
    Reply { status: 503, headers: HashMap::from_iter(asked), body: String::new() }
}

fn answer(reply: Reply) -> Answer {
    let mut header_names: Vec<_> = reply.headers.keys().cloned().collect();
    header_names.sort();
    let number = |name: &str| reply.headers.get(name).and_then(|value| value.parse().ok());
    Answer {
        status: reply.status,
        content_type: reply.headers.get("content-type").cloned(),
        retry_after_seconds: number("retry-after"),
        rate_limit_reset_unix: number("x-rate-limit-reset"),
        clock_ahead_seconds: None,
        header_names,
        body: Secret::new(reply.body),
    }
}
