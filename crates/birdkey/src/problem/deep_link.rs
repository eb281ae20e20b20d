//! Words for redirects by deep link, which only the desktop app receives.

use birdkey_foreign::Foreign;

use super::{About, Code, Problem};

/// Nothing on this machine but the desktop app receives the redirect.
pub(super) fn needs_desktop_app(about: &About) -> Problem {
    no_desktop_app(&about.app_name)
}

/// The desktop app is not there, or did not take the login.
pub fn no_desktop_app(app_name: &Foreign) -> Problem {
    problem!(Code::NoLoopbackRedirect, "no_desktop_app", app = app_name)
}

/// The page is to be opened by hand, which the desktop app can't hand over.
pub fn page_by_the_app(app_name: &Foreign) -> Problem {
    problem!(Code::NoLoopbackRedirect, "page_by_the_app", app = app_name)
}

/// A link came back that no login waits for.
pub fn login_gone(about: &About) -> Problem {
    problem!(Code::LoginGone, "login_gone"; hint = about.log_in_again())
}

/// The self-test's link did not come back.
pub fn deep_link_unusable() -> Problem {
    problem!(Code::DeepLinkUnusable, "deep_link_unusable")
}

/// No test has said yet that links work.
pub fn deep_link_untested() -> Problem {
    problem!(Code::DeepLinkUnusable, "deep_link_untested")
}

/// The browser never asked for the test page.
pub fn test_page_unopened() -> Problem {
    problem!(Code::DeepLinkUnusable, "test_page_unopened")
}

/// The desktop app ended before the login did.
pub(crate) fn desktop_app_ended() -> Problem {
    problem!(Code::LoginCancelled, "desktop_app_ended")
}

/// The desktop app is about to end and begins nothing any more.
pub fn desktop_app_ends() -> Problem {
    problem!(Code::LoginCancelled, "desktop_app_ends")
}
