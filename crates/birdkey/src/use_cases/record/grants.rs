//! A grant's life: profile, refresh, reuse, revocation.

use super::{Recording, is_ok};
use crate::protocol::experiment;
use crate::protocol::message::{Answer, Request};
use crate::protocol::profile::profile_request;
use crate::protocol::secret::Secret;

impl Recording<'_> {
    pub(super) async fn profile(&mut self) {
        let Some(access) = self.live.as_ref().map(|pair| pair.access.clone()) else { return };
        let answer = self.read_profile(&access).await;
        let words = match answer.as_ref().map(|answer| answer.status) {
            Some(200) => {
                "answers; only the developer console shows whether it was billed".to_owned()
            }
            Some(402) => "402: no credits".to_owned(),
            _ => self.outcome(answer.as_ref()),
        };
        self.answers.add(8, "the profile", words);
    }

    pub(super) async fn refresh(&mut self) {
        let Some(pair) = &self.live else { return };
        let (access, Some(refresh)) = (pair.access.clone(), pair.refresh.clone()) else { return };
        let answer = self.send_refresh(&refresh).await;
        if !self.adopt(answer.as_ref()) {
            self.answers.add(3, "a refresh", format!("refused: {}", self.outcome(answer.as_ref())));
            return;
        }
        let newest = self.live.as_ref().and_then(|pair| pair.refresh.as_ref());
        let rotated = newest.is_some_and(|newest| !newest.is_same_as(&refresh));
        let words = if rotated { "gives a new refresh token" } else { "keeps the refresh token" };
        self.answers.add(3, "a refresh", words);
        self.retired = rotated.then_some(refresh);
        if self.endpoints.profile.is_some() {
            let answer = self.read_profile(&access).await;
            let words = if is_ok(answer.as_ref()) { "still works" } else { "is dead" };
            let words = format!("{words}: {}", self.outcome(answer.as_ref()));
            self.answers.add(3, "the old access token", words);
        }
    }

    pub(super) async fn reuse(&mut self) {
        let Some(retired) = self.retired.take() else { return };
        let newest = self.live.as_ref().and_then(|pair| pair.refresh.clone());
        let again = self.send_refresh(&retired).await;
        if self.adopt(again.as_ref()) {
            self.answers.add(3, "the old refresh token", "is taken once more: there is a grace");
            return;
        }
        let words = format!("is refused: {}", self.outcome(again.as_ref()));
        self.answers.add(3, "the old refresh token", words);
        let Some(newest) = newest else { return };
        let answer = self.send_refresh(&newest).await;
        let words = if self.adopt(answer.as_ref()) {
            "still works: reuse ends no family"
        } else {
            self.live = None;
            "is dead: reuse ends the whole grant"
        };
        self.answers.add(3, "the newest refresh token after that", words);
    }

    pub(super) async fn revoke_access(&mut self) {
        let Some(pair) = &self.live else { return };
        let (access, refresh) = (pair.access.clone(), pair.refresh.clone());
        let revoked = self.revoke(&access, "access_token").await;
        self.answers.add(4, "revoking an access token", self.outcome(revoked.as_ref()));
        let Some(refresh) = refresh else {
            self.live = None;
            return;
        };
        let answer = self.send_refresh(&refresh).await;
        let words = if self.adopt(answer.as_ref()) {
            "still works"
        } else {
            self.live = None;
            "is dead, too"
        };
        self.answers.add(4, "its refresh token after that", words);
    }

    pub(super) async fn revoke_refresh(&mut self) {
        let Some(pair) = self.live.take() else { return };
        let Some(refresh) = &pair.refresh else { return };
        let revoked = self.revoke(refresh, "refresh_token").await;
        self.answers.add(4, "revoking a refresh token", self.outcome(revoked.as_ref()));
        self.live = Some(pair);
        let words = match self.access_works().await {
            Some(true) => "still works",
            Some(false) => "is dead, too",
            None => "not known: there is no profile to read",
        };
        self.answers.add(4, "its access token after that", words);
    }

    /// Revokes every token of the recording, the newest first, however far it got: which of them still
    /// live is what nobody knows.
    pub(super) async fn revoke_the_rest(&mut self) {
        self.part = "end";
        for (token, hint) in std::mem::take(&mut self.issued).into_iter().rev() {
            self.revoke(&token, hint).await;
        }
    }

    /// Whether the access token is taken; `None` where there is no profile to try it at.
    pub(super) async fn access_works(&mut self) -> Option<bool> {
        let access = self.live.as_ref()?.access.clone();
        self.endpoints.profile.as_ref()?;
        let answer = self.read_profile(&access).await;
        // 402 and 403 come after the token was recognized.
        Some(answer?.status != 401)
    }

    async fn read_profile(&mut self, access: &Secret) -> Option<Answer> {
        let request = profile_request(self.endpoints.profile.as_ref()?, access);
        self.send(request).await
    }

    async fn send_refresh(&mut self, refresh: &Secret) -> Option<Answer> {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh.expose())];
        let (token, client_id) = (&self.endpoints.token, &self.app.client_id);
        let request = experiment::post(token, &self.authentication, client_id, &fields);
        self.send(request).await
    }

    async fn revoke(&mut self, token: &Secret, hint: &str) -> Option<Answer> {
        let request = self.revocation(&[("token", token.expose()), ("token_type_hint", hint)])?;
        let answer = self.send(request).await;
        if is_ok(answer.as_ref()) {
            self.issued.retain(|(issued, _)| !issued.is_same_as(token));
        }
        answer
    }

    /// A revocation with just these fields; `None` where tokens can't be revoked.
    pub(super) fn revocation(&self, fields: &[(&str, &str)]) -> Option<Request> {
        let revoke = self.endpoints.revoke.as_ref()?;
        Some(experiment::post(revoke, &self.authentication, &self.app.client_id, fields))
    }
}
