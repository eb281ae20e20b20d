//! The recipes of the documents, block by block, against the sandbox; and their client library alone.
//!
//! A test gets the blocks from the page itself, so neither can change without the other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unreachable_pub,
    reason = "tests and their harness fail by panicking; modules of one binary"
)]

mod api;
mod beside;
mod client;
mod ground;
mod page;
mod scripts;
mod terminal;
mod unattended;

/// The headings whose blocks are run, and the tests that run them.
macro_rules! recipes {
    ($($heading:literal => $module:ident::$name:ident,)*) => {
        const RUN: &[&str] = &[$($heading),*];

        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                crate::$module::$name(crate::page::blocks($heading)).await;
            }
        )*
    };
}

recipes! {
    "Log in" => terminal::a_login_here_or_over_ssh_may_post,
    "curl" => scripts::curl_gets_the_header_and_no_argument_holds_it,
    "Python" => scripts::a_script_in_python_asks_and_posts,
    "Node.js" => scripts::a_script_for_node_asks_and_posts,
    "systemd" => unattended::a_service_posts_by_the_credential_alone,
    "cron" => unattended::a_job_of_cron_posts_with_the_bus_or_with_the_identity,
    "Beside xurl and xr" => beside::a_login_of_xurl_moves_over,
}

#[test]
fn each_block_of_the_page_is_run_by_a_test() {
    for section in page::sections() {
        let place = section.blocks.first().map(|block| block.place.clone()).unwrap_or_default();
        let run = RUN.contains(&section.heading.as_str());
        assert!(section.blocks.is_empty() || run, "{place} is run by no test");
    }
}
