//! The browser runs elsewhere: its last address is pasted, beside a listener that goes on listening.

use std::sync::Arc;

use birdkey::Engine;
use birdkey::effects::paste::{Paste, Pasted};
use birdkey::engine::LiveLogin;
use birdkey::login::Page;
use birdkey::problem::Problem;
use birdkey::protocol::secret::Secret;
use tokio::task::JoinHandle;

use crate::browser::{Manner, location, visit};
use crate::stage::Stage;

async fn pasting(stage: &Stage) -> (Arc<Engine>, Arc<Paste>) {
    stage.browser.behave(Manner::Keep);
    stage.add_public().await;
    let paste = Arc::new(Paste::new(Arc::new(stage.clock.clone())));
    (stage.engine_receiving(Arc::clone(&paste) as _), paste)
}

fn begin(engine: &Arc<Engine>) -> JoinHandle<Result<String, Problem>> {
    let engine = Arc::clone(engine);
    let request = engine.login_request(None, Page::Open).unwrap();
    tokio::spawn(async move { engine.login_in_view(&request, &LiveLogin::default()).await })
}

async fn pasted(paste: &Paste, text: &str) -> Pasted {
    paste.paste(&Secret::new(text.to_owned())).await
}

#[tokio::test]
async fn the_pasted_address_is_the_answer_and_nothing_else_is() {
    // The stage's own listener has the port, so that only pasting is left.
    let mut stage = Stage::new().await;
    let (engine, paste) = pasting(&stage).await;
    assert_eq!(pasted(&paste, "http://127.0.0.1:1/callback?state=s").await, Pasted::Stray);
    let login = begin(&engine);
    let back = location(&stage.watched.opened.recv().await.unwrap()).await;
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();
    for (text, expected) in [
        (code.to_owned(), Pasted::BareCode),
        (back.replace("state=", "state=x"), Pasted::Stray),
        (format!("{}?code={code}", stage.redirect_uri), Pasted::Incomplete),
        (format!("{back}&code=another"), Pasted::Incomplete),
        (format!("{back}%ff"), Pasted::Incomplete),
        (back.replace("/callback/", "/elsewhere/"), Pasted::Elsewhere),
        ("no address at all".into(), Pasted::NotAnAddress),
    ] {
        assert_eq!(pasted(&paste, &text).await, expected, "{text}");
        assert!(!login.is_finished(), "{text}");
    }

    // As a page's source has it, in brackets, broken over lines that come one by one.
    let (first, last) = back.split_at(back.len() / 2);
    let first = format!("It ended on ({}", first.replace('&', "&amp;"));
    assert!(matches!(pasted(&paste, &first).await, Pasted::Incomplete | Pasted::Stray));
    assert!(!login.is_finished(), "the rest may follow");
    let last = format!("{}).", last.replace('&', "&amp;"));
    assert_eq!(pasted(&paste, &last).await, Pasted::Taken);

    let account = login.await.unwrap().unwrap();
    assert_eq!(engine.view().accounts[0].id, account);
    assert_eq!(pasted(&paste, &back).await, Pasted::Stray, "it is over");
}

#[tokio::test]
async fn the_listener_goes_on_listening_and_may_be_first() {
    let mut stage = Stage::new().await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    stage.redirect_uri = format!("http://127.0.0.1:{port}/callback");
    stage.sandbox.register(birdkey_sandbox::Registration {
        name: "Test app".into(),
        client_id: crate::stage::PUBLIC.into(),
        client_type: birdkey_sandbox::ClientType::Public,
        client_secret: None,
        redirect_uris: vec![stage.redirect_uri.clone()],
    });
    let (engine, paste) = pasting(&stage).await;
    let login = begin(&engine);
    let back = location(&stage.watched.opened.recv().await.unwrap()).await;
    assert_eq!(pasted(&paste, "nothing.yet").await, Pasted::BareCode);

    let page = visit(&back).await;

    assert!(page.text.contains("You are logged in"), "{}", page.text);
    login.await.unwrap().unwrap();
}
