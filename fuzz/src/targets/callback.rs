//! The query at the redirect URI. `STATE` stands for the state of the login.

use birdkey::failure::{Failure, LoginFailure};
use birdkey::protocol::authorize::{AuthorizationRequest, LoginRandom, PendingLogin, begin};
use birdkey::protocol::callback::Reading;
use birdkey::protocol::client::ClientAuthentication;
use birdkey::protocol::endpoint::Endpoint;
use birdkey::protocol::message::Method;
use birdkey::protocol::scope::Scopes;

use crate::Target;
use crate::expect::can_be_told;

pub(crate) const TARGET: Target = Target {
    name: "callback",
    words: &[
        "state=",
        "STATE",
        "code=",
        "error=",
        "error_description=",
        "iss=",
        "access_denied",
        "&",
        "=",
        "&state=STATE",
        "&code=c",
        "+",
        "%20",
        "https://x.com",
        "state=STATE&code=c",
    ],
    run,
};

const ISSUER: &str = "https://x.com";

fn run(text: &str) -> String {
    let labels = [None, Some(ISSUER)].map(|issuer| {
        let (state, pending) = begun(issuer);
        read(&text.replace("STATE", &state), &state, issuer, pending)
    });
    labels.join(" ")
}

fn read(query: &str, state: &str, issuer: Option<&str>, pending: PendingLogin) -> String {
    let all: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let given = |name: &str| -> Vec<&str> {
        all.iter().filter(|(one, _)| one == name).map(|(_, value)| value.as_ref()).collect()
    };
    let reading = pending.read(query);
    let knows = given("state").contains(&state);
    assert_eq!(matches!(reading, Reading::Stray), !knows, "the state alone decides");
    let label = label(&reading);
    match reading {
        Reading::Stray | Reading::Denied => {}
        Reading::Code { code, issuer: sent } => {
            assert_eq!(given("state"), [state], "one state");
            assert_eq!(given("error"), [""; 0], "no error");
            assert_eq!(given("iss").len(), usize::from(sent.is_some()), "one issuer");
            assert!(issuer.is_none() || given("iss").iter().all(|iss| Some(*iss) == issuer));
            let token = Endpoint::parse("https://api.x.com/2/oauth2/token").unwrap();
            let request = pending.redeem(code, &token, &ClientAuthentication::Public);
            let Method::PostForm(body) = request.method else { panic!("a form is posted") };
            let fields = form_urlencoded::parse(body.expose().as_bytes());
            let sent: Vec<_> = fields.filter(|(name, _)| name == "code").collect();
            assert_eq!(sent.len(), 1, "nothing in a code adds a field");
            assert_eq!(given("code"), [sent[0].1.as_ref()], "the code as it came");
        }
        Reading::Refused { error, description } => {
            can_be_told(&Failure::from(LoginFailure::Refused { error, description }));
        }
        Reading::IssuerMismatch { issuer } => {
            can_be_told(&Failure::from(LoginFailure::IssuerMismatch { issuer }));
        }
        Reading::Malformed(malformed) => {
            can_be_told(&Failure::from(LoginFailure::Malformed(malformed)));
        }
    }
    label
}

fn label(reading: &Reading) -> String {
    match reading {
        Reading::Stray => "stray".into(),
        Reading::Denied => "denied".into(),
        Reading::Refused { description, .. } => format!("refused {}", description.is_some()),
        Reading::Malformed(malformed) => format!("{malformed:?}"),
        Reading::IssuerMismatch { .. } => "issuer".into(),
        Reading::Code { issuer, .. } => format!("code {}", issuer.is_some()),
    }
}

/// A login that waits, and its state.
fn begun(issuer: Option<&str>) -> (String, PendingLogin) {
    let request = AuthorizationRequest {
        authorize: &Endpoint::parse("https://x.com/i/oauth2/authorize").unwrap(),
        issuer,
        client_id: "client",
        redirect_uri: "http://127.0.0.1:8731/callback",
        scopes: &Scopes::parse("tweet.read"),
    };
    let (address, pending) = begin(&request, LoginRandom { verifier: [1; 32], state: [2; 32] });
    let (_, state) = address.expose().split_once("&state=").unwrap();
    (state.split('&').next().unwrap().to_owned(), pending)
}
