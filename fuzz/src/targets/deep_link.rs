//! A link that the system hands to the app; any page can open one.

use std::sync::Arc;

use birdkey::effects::deep_link::{Arrived, DeepLinks, REDIRECT_URI, SCHEME};
use birdkey::effects::loopback::RedirectSource as _;
use birdkey::effects::manual_clock::ManualClock;
use birdkey::protocol::secret::Secret;

use super::paste::take;
use crate::Target;
use crate::expect::wait;

pub(crate) const TARGET: Target = Target {
    name: "deep_link",
    words: &[
        SCHEME,
        ":",
        "/",
        "//",
        "/callback",
        "callback",
        "?",
        "state=s&code=c",
        "#",
        "%2F",
        "app.birdkey:/self-test?",
        REDIRECT_URI,
        "APP.BIRDKEY",
        "..",
        "@",
        "http://",
    ],
    run,
};

/// As much as the listener takes in a request line.
const MAX_LINK_BYTES: usize = 8 * 1024;

fn run(link: &str) -> String {
    let (arrived, query) = wait(arrive(link));
    assert_ne!(arrived, Arrived::Test, "no test was begun");
    assert_eq!(query.is_some(), arrived == Arrived::Taken, "what is taken reached the login");
    let is_ours = link.get(..=SCHEME.len()).is_some_and(|start| {
        start.strip_suffix(':').is_some_and(|scheme| scheme.eq_ignore_ascii_case(SCHEME))
    });
    if !is_ours || link.len() > MAX_LINK_BYTES {
        assert_eq!(arrived, Arrived::Foreign, "neither another scheme nor a longer link");
    }
    if let Some(query) = &query {
        let (address, _) = link.split_once('#').unwrap_or((link, ""));
        let (path, behind) = address.split_once('?').unwrap_or((address, ""));
        assert_eq!(query, behind, "the query as it came");
        assert!(path.trim_end_matches('/').ends_with("/callback"), "no other path: {path:?}");
        let longer = format!("{address}#{}", "a".repeat(8));
        if longer.len() <= MAX_LINK_BYTES {
            assert_eq!(
                wait(arrive(&longer)).1.as_deref(),
                Some(behind),
                "a fragment changes nothing"
            );
        }
    }
    format!("{arrived:?} {}", query.is_some_and(|query| query.is_empty()))
}

async fn arrive(link: &str) -> (Arrived, Option<String>) {
    let links = DeepLinks::new(Arc::new(ManualClock::at(0)));
    let mut redirects = links.listen(&[REDIRECT_URI.to_owned()]).await.unwrap();
    let mut query = None;
    let link = Secret::new(link.to_owned());
    let arrived = tokio::select! {
        arrived = links.arrive(&link) => arrived,
        never = take(redirects.as_mut(), &mut query) => never,
    };
    (arrived, query)
}
