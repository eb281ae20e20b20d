//! Words for redirects by deep link, which only the desktop app receives.

use super::{About, Code, Problem};

/// Nothing on this machine but the desktop app receives the redirect.
pub(super) fn needs_desktop_app(about: &About) -> Problem {
    no_desktop_app(&about.app_name)
}

/// The desktop app is not there, or did not take the login.
pub fn no_desktop_app(app_name: &str) -> Problem {
    Problem::of(
        Code::NoLoopbackRedirect,
        format!("“{app_name}” can't be logged in from here."),
        "Its browser comes back by a link that only Birdkey's desktop app receives, and no desktop app took the login.",
        "Start Birdkey and try again, or add http://127.0.0.1:8731/callback to the app's redirect_uris in config.toml and in the developer console.",
    )
}

/// The page is to be opened by hand, which the desktop app can't hand over.
pub fn page_by_the_app(app_name: &str) -> Problem {
    Problem::of(
        Code::NoLoopbackRedirect,
        format!("The address of a login through “{app_name}” can't be printed."),
        "Its browser comes back by a link to Birdkey's desktop app, which opens the page itself.",
        "Leave --no-browser out, or add http://127.0.0.1:8731/callback to the app's redirect_uris in config.toml and in the developer console.",
    )
}

/// A link came back that no login waits for.
pub(crate) fn login_gone(about: &About) -> Problem {
    Problem::of(
        Code::LoginGone,
        "The login that this link belongs to is gone.",
        "Birdkey was closed meanwhile, or the login was ended. Nothing was sent; the link is worthless now.",
        about.log_in_again(),
    )
}

/// The self-test's link did not come back.
pub fn deep_link_unusable() -> Problem {
    Problem::of(
        Code::DeepLinkUnusable,
        "Your browser does not hand links over to Birdkey.",
        "The test page was opened, but its link did not come back within 10 seconds. A browser from a snap or flatpak may refuse links to other programs.",
        "Go on with the redirect to 127.0.0.1, which works everywhere, or try again and allow the page to open Birdkey.",
    )
}

/// No test has said yet that links work.
pub fn deep_link_untested() -> Problem {
    Problem::of(
        Code::DeepLinkUnusable,
        "It is not known whether links work with your browser.",
        "They were not tried since Birdkey started.",
        "Select Try whether links work first.",
    )
}

/// The browser never asked for the test page.
pub fn test_page_unopened() -> Problem {
    Problem::of(
        Code::DeepLinkUnusable,
        "The test page was not opened.",
        "No browser asked for it within 20 seconds, so nothing is known about links.",
        "Check that your browser opens pages, then try again.",
    )
}

/// The desktop app ended before the login did.
pub(crate) fn desktop_app_ended() -> Problem {
    Problem::of(
        Code::LoginCancelled,
        "The login was cut off.",
        "Birdkey's desktop app ended before it did.",
        "Run: birdkey login",
    )
}

/// The desktop app is about to end and begins nothing any more.
pub fn desktop_app_ends() -> Problem {
    Problem::of(
        Code::LoginCancelled,
        "The login was not begun.",
        "Birdkey's desktop app is ending.",
        "Run birdkey login again in a moment.",
    )
}
