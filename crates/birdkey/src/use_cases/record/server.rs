//! What the server shows without a login: its documents, and how it takes a header it did not ask for.

use super::{Recording, is_ok};
use crate::protocol::experiment;

/// A refresh token that no server ever issued.
const JUNK: &str = "birdkey-recording-junk";
/// Where discovery documents lie: RFC 8414 §3, and OpenID Connect Discovery §4.
const DOCUMENTS: [&str; 2] =
    ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"];

impl Recording<'_> {
    pub(super) async fn metadata(&mut self) {
        let mut origins = vec![self.endpoints.token.clone()];
        if self.endpoints.authorize.origin() != self.endpoints.token.origin() {
            origins.push(self.endpoints.authorize.clone());
        }
        let mut found = Vec::new();
        for (origin, path) in origins.iter().flat_map(|origin| DOCUMENTS.map(|path| (origin, path)))
        {
            let answer = self.send(experiment::read(&origin.at(path))).await;
            found.push(format!("{}{path}: {}", origin.host(), self.outcome(answer.as_ref())));
        }
        self.answers.add(9, "discovery document", found.join("; "));
    }

    pub(super) async fn basic_header(&mut self) {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", JUNK)];
        let (token, client_id) = (self.endpoints.token.clone(), self.app.client_id.clone());
        let usual = experiment::post(&token, &self.authentication, &client_id, &fields);
        let usual = self.send(usual).await;
        let with_header = experiment::post_with_basic(&token, &client_id, &fields);
        let with_header = self.send(with_header).await;
        let same = usual.as_ref().zip(with_header.as_ref()).is_some_and(|(usual, other)| {
            usual.status == other.status && usual.body.is_same_as(&other.body)
        });
        let (usual, other) = (self.outcome(usual.as_ref()), self.outcome(with_header.as_ref()));
        let words = if same {
            format!("tolerated, as without it: {other}")
        } else {
            format!("not tolerated: {other} in place of {usual}")
        };
        self.answers.add(10, "junk refresh with Basic", words);
    }

    pub(super) async fn revoke_unknown(&mut self) {
        let with_hint = [("token", JUNK), ("token_type_hint", "refresh_token")];
        for (asked, fields) in [
            ("unknown token, with a hint", with_hint.as_slice()),
            ("unknown token, without a hint", &with_hint[..1]),
        ] {
            let Some(request) = self.revocation(fields) else { return };
            let answer = self.send(request).await;
            let taken = if is_ok(answer.as_ref()) { "taken" } else { "refused" };
            self.answers.add(4, asked, format!("{taken}: {}", self.outcome(answer.as_ref())));
        }
    }
}
