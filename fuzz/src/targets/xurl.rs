//! The file of xurl: read, and written without the logins that were taken over.

use birdkey::failure::Failure;
use birdkey::fuzzing::{XurlError, take_out_of_xurl};
use serde_norway::Value;

use crate::Target;
use crate::expect::{can_be_told, in_a_folder};

pub(crate) const TARGET: Target = Target {
    name: "xurl",
    words: &[
        "apps:",
        "oauth2_tokens:",
        "oauth2:",
        "access_token:",
        "refresh_token:",
        "expiration_time:",
        "client_id:",
        "client_secret:",
        "\n",
        "\n  ",
        "\n    ",
        "{",
        "}",
        ",",
        ": ",
        "\"",
        "AT",
        "ada",
        "null",
        "1767225600",
        "&a ",
        "*a",
        "<<: *a",
        "!t ",
        "- ",
        "# c\n",
        "default",
        "oauth1_token:",
    ],
    run,
};

fn run(text: &str) -> String {
    in_a_folder(|folder| {
        let path = folder.join("auth.yml");
        std::fs::write(&path, text).unwrap();
        let logins = match take_out_of_xurl(&path) {
            Ok(logins) => logins,
            Err(error) => {
                let kind = format!("{error:?}");
                let kind = kind.split([' ', '{', '(']).next().unwrap_or_default().to_owned();
                // The path is ours here.
                can_be_told(&Failure::from(error));
                assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "it stays as it is");
                return kind;
            }
        };
        let mut expected: Value = serde_norway::from_str(text).unwrap();
        for (app, user) in &logins {
            forget(&mut expected, app, user);
        }
        let left = std::fs::read_to_string(&path).unwrap();
        let found: Value = serde_norway::from_str(&left).unwrap();
        assert_eq!(found, expected, "everything else stays");
        let empty = matches!(take_out_of_xurl(&path), Err(XurlError::Empty { .. }));
        assert!(empty, "what was taken over is not there any more:\n{left}");
        format!("{} logins, json {}", logins.len().min(3), left.starts_with('{'))
    })
}

/// Takes a login out of the parsed file.
fn forget(file: &mut Value, app: &str, user: &str) {
    let holders = [Some(&mut *file).filter(|_| app.is_empty())];
    let older = holders.into_iter().flatten().any(|holder| removed(holder, user));
    if !older && let Some(app) = file.get_mut("apps").and_then(|apps| apps.get_mut(app)) {
        removed(app, user);
    }
}

fn removed(holder: &mut Value, user: &str) -> bool {
    let is_login =
        |entry: &Value| entry.get("oauth2").is_some_and(|it| it.get("access_token").is_some());
    let tokens = holder.get_mut("oauth2_tokens").and_then(Value::as_mapping_mut);
    tokens.is_some_and(|tokens| {
        tokens.get(user).is_some_and(is_login) && tokens.remove(user).is_some()
    })
}
