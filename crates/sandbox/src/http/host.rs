//! Only requests to this machine by its own names: a page of the internet that points its name here
//! (DNS rebinding) must not read grants or plan faults.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::StatusCode;
use http::header::HOST;

use super::answer;

const NAMES: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

pub(super) async fn check(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(is_here) {
        return next.run(request).await;
    }
    answer::text(
        StatusCode::FORBIDDEN,
        "The sandbox answers at 127.0.0.1, localhost and [::1] only.\n".to_owned(),
    )
}

fn is_here(host: &str) -> bool {
    NAMES.iter().any(|name| {
        host.strip_prefix(name).is_some_and(|rest| {
            rest.is_empty()
                || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn only_names_of_this_machine_are_here() {
        for host in ["127.0.0.1", "127.0.0.1:8730", "localhost:1", "[::1]:8730"] {
            assert!(is_here(host), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example", "localhost:evil", "", "127.0.0.1:"] {
            assert!(!is_here(host), "{host}");
        }
    }
}
