//! The HTTP client of the tests: never through a proxy.

/// A client to be set up further.
pub fn http() -> reqwest::ClientBuilder {
    // The client wants to know who does the cryptography even where there is none; whoever was
    // first has said so.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().no_proxy()
}
