//! The browser and the place it comes back to, without sockets: opening a page asks the server.

use std::sync::{Arc, Mutex};

use birdkey::effects::BoxFuture;
use birdkey::effects::browser::{Browser, BrowserError};
use birdkey::effects::loopback::{Arrival, Outcome, RedirectError, RedirectSource, Redirects};
use birdkey::protocol::secret::Secret;
use tokio::sync::{mpsc, oneshot};
use url::Url;

use crate::fuse::Fuse;
use crate::server::User;
use crate::wire::Network;

/// The desk of one process, with one user before it.
pub struct Desk {
    pub network: Arc<Network>,
    pub user: User,
    pub fuse: Arc<Fuse>,
    pub waiting: Mutex<Option<mpsc::UnboundedSender<String>>>,
}

impl Browser for Desk {
    fn open(&self, url: &str) -> BoxFuture<'_, Result<(), BrowserError>> {
        let url = Url::parse(url).unwrap();
        Box::pin(async move {
            self.fuse.point().await;
            let reachable = url.host_str() == Some(self.network.host);
            let query = reachable.then(|| self.network.server.consent(&url, self.user)).flatten();
            // Else the person sees the page of an error, and nothing comes back.
            if let Some(query) = query {
                let code = form_urlencoded::parse(query.as_bytes())
                    .find_map(|(name, value)| (name == "code").then(|| value.into_owned()));
                self.network.book.lock().unwrap().note_code(&code.unwrap(), self.user);
                if let Some(waiting) = &*self.waiting.lock().unwrap() {
                    waiting.send(query).ok();
                }
            }
            Ok(())
        })
    }

    fn found(&self) -> Result<String, BrowserError> {
        Ok("firefox".to_owned())
    }
}

impl RedirectSource for Desk {
    fn listen(
        &self,
        redirect_uris: &[String],
    ) -> BoxFuture<'_, Result<Box<dyn Redirects>, RedirectError>> {
        let (sender, queries) = mpsc::unbounded_channel();
        *self.waiting.lock().unwrap() = Some(sender);
        let open = Open { uri: redirect_uris[0].clone(), queries };
        Box::pin(std::future::ready(Ok(Box::new(open) as Box<dyn Redirects>)))
    }
}

struct Open {
    uri: String,
    queries: mpsc::UnboundedReceiver<String>,
}

impl Redirects for Open {
    fn redirect_uri(&self) -> &str {
        &self.uri
    }

    fn next(&mut self) -> BoxFuture<'_, Arrival> {
        Box::pin(async {
            let Some(query) = self.queries.recv().await else {
                return std::future::pending().await;
            };
            let (verdict, _) = oneshot::channel();
            Arrival { query: Secret::new(query), verdict }
        })
    }

    fn finish(self: Box<Self>, _outcome: Outcome) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}
