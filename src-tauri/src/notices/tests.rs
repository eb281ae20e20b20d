use birdkey_messages::Language;

use super::*;

fn problem(code: Code, what: &str, hint: &str) -> Problem {
    Problem::of(code, what.to_owned(), "Because.".to_owned(), hint.to_owned())
}

fn logout(access_token: RevocationView) -> LogoutView {
    LogoutView {
        account_id: "account".into(),
        account: "Ada".into(),
        refresh_token: RevocationView::Revoked,
        access_token,
        newer_tokens: None,
        hint: None,
    }
}

#[test]
fn a_logout_says_what_may_still_work_and_how_to_end_it() {
    let away = problem(Code::NoConnection, "X is away.", "Wait.");
    let newer = problem(Code::NewerTokensMayLive, "Newer tokens may work.", "End them at X.");
    let waiting = RevocationView::Waiting { problem: away };
    let hint = Some(Words::from("End them at X."));
    let table = [
        (logout(RevocationView::Revoked), "Both tokens are revoked and erased."),
        (
            logout(RevocationView::Unsupported),
            "Erased here. The provider offers no revocation, so the tokens work until they expire.",
        ),
        (
            LogoutView { hint: hint.clone(), ..logout(waiting.clone()) },
            "Erased here, but not revoked yet: X is away. Because. End them at X.",
        ),
        (
            LogoutView { newer_tokens: Some(newer.clone()), ..logout(RevocationView::Revoked) },
            "Newer tokens may work. End them at X.",
        ),
        (
            LogoutView { newer_tokens: Some(newer), hint, ..logout(waiting) },
            "Erased here, but not revoked yet: X is away. Because. End them at X.",
        ),
    ];
    for (logout, expected) in table {
        assert_eq!(how_ended(&logout).in_language(Language::English), expected);
    }
}

#[test]
fn a_name_puts_no_markup_into_a_notification() {
    let name = "<a href=\"https://evil.example\">Ada</a> & <b>Co</b>";
    let body = words!("notice.logged_in.body", who = name, command = "birdkey token");

    let shown = body_text(&body, true);
    let escaped =
        "&lt;a href=\"https://evil.example\"&gt;Ada&lt;/a&gt; &amp; &lt;b&gt;Co&lt;/b&gt;";
    assert!(shown.contains(escaped) && !shown.contains('<'), "{shown}");
    assert!(body_text(&body, false).contains(name), "a service without markup shows it as it is");
}

#[test]
fn a_service_that_does_not_say_what_it_can_is_taken_to_read_markup() {
    let can = |names: &[&str]| -> Vec<String> { names.iter().map(|&it| it.into()).collect() };
    assert!(may_read_markup(None));
    assert!(may_read_markup(Some(&can(&["body", "body-markup"]))));
    assert!(!may_read_markup(Some(&can(&["body", "actions"]))));
}
