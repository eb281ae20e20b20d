//! What a person pastes of the address that the browser ended on. `ADDRESS` stands for a whole one.

use std::future::pending;
use std::sync::Arc;

use birdkey::effects::loopback::{Arrival, RedirectSource as _, Redirects, Verdict};
use birdkey::effects::manual_clock::ManualClock;
use birdkey::effects::paste::{Paste, Pasted};
use birdkey::protocol::secret::Secret;

use crate::Target;
use crate::expect::wait;

pub(crate) const TARGET: Target = Target {
    name: "paste",
    words: &[
        "ADDRESS",
        URI,
        "https://",
        "login.example/callback",
        "?state=s&code=c",
        "&amp;",
        "\n",
        " ",
        "\"",
        "<",
        ">",
        "(",
        ")",
        ".",
        "#",
        "\r\n",
        "https://login.example/other?state=s",
    ],
    run,
};

/// Nothing listens there, as no port of this machine is meant.
const URI: &str = "https://login.example/callback";
const QUERY: &str = "state=s-t_8&code=a.b%2Bc~d";
const MAX_PASTED_BYTES: usize = 8 * 1024;

fn run(text: &str) -> String {
    let text = text.replace("ADDRESS", &format!("{URI}?{QUERY}"));
    let (pasted, query) = wait(paste(&text));
    if let Some(query) = &query {
        assert!(query.len() <= text.len().min(MAX_PASTED_BYTES), "nothing is added");
        let odd = query.chars().find(|c| !fits_into_a_query(*c));
        assert!(odd.is_none(), "{odd:?} is in no address, but went on to the login: {query:?}");
    }
    assert_eq!(
        query.is_some(),
        pasted == Pasted::Taken,
        "the login has it, or it is asked for again"
    );
    if text.trim() == format!("{URI}?{QUERY}") && text.len() <= MAX_PASTED_BYTES {
        assert_eq!(query.as_deref(), Some(QUERY), "an address that stands alone is taken");
    }
    format!("{pasted:?} {}", query.is_some_and(|query| query == QUERY))
}

/// RFC 3986 §3.4.
fn fits_into_a_query(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?[]@!$&'()*+,;=%".contains(c)
}

/// What became of a text, and the query that reached the login, which takes whatever comes.
async fn paste(text: &str) -> (Pasted, Option<String>) {
    let paste = Paste::new(Arc::new(ManualClock::at(0)));
    let mut redirects = paste.listen(&[URI.to_owned()]).await.unwrap();
    let mut query = None;
    let text = Secret::new(text.to_owned());
    let pasted = tokio::select! {
        pasted = paste.paste(&text) => pasted,
        never = take(redirects.as_mut(), &mut query) => never,
    };
    (pasted, query)
}

pub(super) async fn take<T>(redirects: &mut dyn Redirects, query: &mut Option<String>) -> T {
    let Arrival { query: arrived, verdict } = redirects.next().await;
    *query = Some(arrived.expose().to_owned());
    verdict.send(Verdict::Accepted).unwrap();
    pending().await
}
