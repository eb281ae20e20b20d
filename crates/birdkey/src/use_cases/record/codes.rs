//! Codes: exchanged at once, too late, after a failure, and twice.

use std::time::Duration;

use super::{Done, Pair, Recording, is_ok};
use crate::protocol::experiment;
use crate::protocol::message::Answer;
use crate::protocol::secret::Secret;
use crate::protocol::token::read_token_answer;

/// X's codes are said to live for 30 s.
const TOO_LATE: Duration = Duration::from_secs(35);
/// A valid verifier of another login.
const OTHER_VERIFIER: &str = "birdkey-recording-wrong-verifier-0123456789";

/// A code with what it is exchanged with.
pub(super) struct Code {
    code: Secret,
    verifier: Secret,
}

impl Recording<'_> {
    pub(super) async fn burned_code(&mut self) -> Done {
        let Some(code) = self.code_of_consent().await? else { return Ok(()) };
        let other = Secret::new(OTHER_VERIFIER.to_owned());
        let wrong = self.exchange(&code.code, &other).await;
        self.answers.add(7, "a wrong verifier", self.outcome(wrong.as_ref()));
        if is_ok(wrong.as_ref()) {
            self.adopt(wrong.as_ref());
            return Ok(());
        }
        let right = self.exchange(&code.code, &code.verifier).await;
        let words = if self.adopt(right.as_ref()) { "still works" } else { "is used up" };
        let words = format!("{words}: {}", self.outcome(right.as_ref()));
        self.answers.add(7, "the code after a failed exchange", words);
        Ok(())
    }

    pub(super) async fn late_code(&mut self) -> Done {
        let Some(code) = self.code_of_consent().await? else { return Ok(()) };
        self.or_stopped(self.context.effects.clock.sleep(TOO_LATE)).await?;
        let answer = self.exchange(&code.code, &code.verifier).await;
        let words = if self.adopt(answer.as_ref()) { "still works" } else { "is refused" };
        let words = format!("{words}: {}", self.outcome(answer.as_ref()));
        self.answers.add(7, "the code after 35 seconds", words);
        Ok(())
    }

    pub(super) async fn login(&mut self) -> Done {
        let Some(code) = self.code_of_consent().await? else { return Ok(()) };
        let answer = self.exchange(&code.code, &code.verifier).await;
        self.adopt(answer.as_ref());
        self.answers.add(3, "lifetime of an access token", self.lifetime(answer.as_ref()));
        let refresh = self.live.as_ref().and_then(|pair| pair.refresh.as_ref());
        let words = if refresh.is_some() { "sent" } else { "not sent" };
        self.answers.add(3, "refresh token", words);
        self.answers.add(3, "lifetime of a refresh token", "can't be seen in one session");
        self.code = Some(code);
        Ok(())
    }

    pub(super) async fn code_replay(&mut self) {
        let Some(Code { code, verifier }) = self.code.take() else { return };
        let again = self.exchange(&code, &verifier).await;
        self.answers.add(7, "the same code again", self.outcome(again.as_ref()));
        if self.adopt(again.as_ref()) || self.live.is_none() {
            return;
        }
        let words = match self.access_works().await {
            Some(true) => "still works",
            Some(false) => "is revoked",
            None => "not known: there is no profile to read",
        };
        self.answers.add(7, "the token of a code used twice", words);
    }

    async fn code_of_consent(&mut self) -> Result<Option<Code>, super::Stopped> {
        let came = self.consent().await?;
        Ok(came.map(|(code, verifier)| Code { code, verifier }))
    }

    async fn exchange(&mut self, code: &Secret, verifier: &Secret) -> Option<Answer> {
        let redirect_uri = self.redirect_uri.clone();
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", redirect_uri.as_str()),
            ("code_verifier", verifier.expose()),
        ];
        let (token, client_id) = (&self.endpoints.token, &self.app.client_id);
        let request = experiment::post(token, &self.authentication, client_id, &fields);
        self.send(request).await
    }

    fn lifetime(&self, answer: Option<&Answer>) -> String {
        match answer.map(read_token_answer) {
            Some(Ok(response)) => match response.expires_in {
                Some(seconds) => format!("{seconds} seconds"),
                None => "not told".to_owned(),
            },
            _ => format!("no token: {}", self.outcome(answer)),
        }
    }

    /// Takes the tokens of an answer for those of the recording; whether there were any.
    pub(super) fn adopt(&mut self, answer: Option<&Answer>) -> bool {
        let Some(Ok(response)) = answer.map(read_token_answer) else { return false };
        self.issued.push((response.access_token.clone(), "access_token"));
        let refresh = response.refresh_token.clone();
        self.issued.extend(refresh.map(|refresh| (refresh, "refresh_token")));
        let old = self.live.take().and_then(|pair| pair.refresh);
        let refresh = response.refresh_token.or(old);
        self.live = Some(Pair { access: response.access_token, refresh });
        true
    }
}
