//! Names that documents and programs use for scopes of X, although X has no such scopes.

use birdkey::protocol::provider::ProviderKind;
use birdkey::protocol::scope::Scopes;
use birdkey_messages::scopes;

/// A warning for each wrong name, with the right one. Other servers may have scopes of these names.
pub(super) fn warnings(kind: ProviderKind, asked: &Scopes) -> Vec<String> {
    match kind {
        ProviderKind::X | ProviderKind::Sandbox => {
            asked.names().iter().filter_map(|name| warning(name)).collect()
        }
        ProviderKind::Custom => Vec::new(),
    }
}

fn warning(name: &str) -> Option<String> {
    let wrong = scopes::never_sent(name)?;
    let hint = match &wrong.instead {
        Some(right) => format!("Ask for {right} instead."),
        None => "Remove it from the scopes.".to_owned(),
    };
    Some(format!("warning: X has no scope {}.\nhint: {hint}", wrong.name))
}

#[cfg(test)]
mod tests {
    use birdkey::protocol::provider::ProviderKind;
    use birdkey::protocol::scope::Scopes;

    use super::warnings;

    #[test]
    fn a_wrong_name_is_warned_of_with_the_right_one() {
        let asked = Scopes::parse("tweet.read offline_access billing.write offline.access");
        let expected = [
            "warning: X has no scope offline_access.\nhint: Ask for offline.access instead.",
            "warning: X has no scope billing.write.\nhint: Remove it from the scopes.",
        ];
        assert_eq!(warnings(ProviderKind::X, &asked), expected);
        assert_eq!(warnings(ProviderKind::Sandbox, &asked), expected);
    }

    #[test]
    fn another_server_may_have_a_scope_of_that_name() {
        let asked = Scopes::parse("openid offline_access");
        assert!(warnings(ProviderKind::Custom, &asked).is_empty());
    }
}
