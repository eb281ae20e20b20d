//! A request from a shell, from Python and from Node.js.

use crate::api::POST;
use crate::ground::{Ground, is_a_post, out};
use crate::page::Block;

/// What a person posts: nothing of it may be taken for syntax on its way.
const TEXT: &str = "Grüße, \"X\" & $HOME";

pub async fn curl_gets_the_header_and_no_argument_holds_it([alone, with_curl]: [Block; 2]) {
    let ground = Ground::logged_in().await;
    let [read, post] = alone.text.lines().collect::<Vec<_>>().try_into().unwrap();
    assert!(out(&ground.sh(read)).contains("\"demo_ada\""));
    ground.asked("GET /2/users/me");
    is_a_post(&out(&ground.sh(post)));
    ground.posted("Hello");

    assert!(out(&ground.sh(&with_curl.text)).contains("\"demo_ada\""));
    ground.asked("GET /2/users/me");
    ground.ends_as_birdkey_does(|| ground.sh(&with_curl.text));
}

pub async fn a_script_in_python_asks_and_posts([script]: [Block; 1]) {
    let ground = Ground::logged_in().await;
    ground.has_python("tweepy");
    let post = ground.write_program("post.py", &script.text).display().to_string();
    assert_eq!(script.language, "python");
    asks_and_posts(&ground, &[&post]);
}

pub async fn a_script_for_node_asks_and_posts([script]: [Block; 1]) {
    let ground = Ground::logged_in().await;
    ground.with_libraries("twitter-api-v2");
    let post = ground.write("post.mjs", &script.text).display().to_string();
    asks_and_posts(&ground, &["node", &post]);
}

/// Says who is logged in, posts its argument, and ends as Birdkey does.
fn asks_and_posts(ground: &Ground, script: &[&str]) {
    let run = |argument: &[&str]| {
        ground.command(script[0]).args(&script[1..]).args(argument).output().unwrap()
    };
    assert_eq!(out(&run(&[])), "@demo_ada");
    ground.asked("GET /2/users/me");
    assert_eq!(out(&run(&[TEXT])), POST);
    ground.posted(TEXT);
    ground.ends_as_birdkey_does(|| run(&[]));
}
