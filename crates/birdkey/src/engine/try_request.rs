//! A request that the user tries in the window: its answer, ready to be shown however large it is.

use birdkey_foreign::lines::Lines;
use birdkey_foreign::sink::TerminalText;
use birdkey_foreign::{Foreign, json};

use super::{ApiRequest, Engine};
use crate::effects::http::Streamed;
use crate::problem::{About, Problem};
use crate::view::AnswerView;

/// What of a body is kept; the rest is not fetched.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;

/// An answer and its text in lines.
#[derive(Debug)]
pub struct Tried {
    /// What is shown of it at once.
    pub view: AnswerView,
    /// The body.
    pub text: Lines,
}

impl Engine {
    /// Sends a request as [`Engine::api`] does, and makes its answer ready to be shown.
    ///
    /// # Errors
    ///
    /// A [`Problem`]: not sent, no token, or no answer. A failure that the server answers is no error.
    pub async fn try_request(
        &self,
        account: Option<&str>,
        request: &ApiRequest,
    ) -> Result<Tried, Problem> {
        let began = self.context.effects.clock.elapsed();
        let mut answered = self.api(account, request).await?;
        let (body, is_cut) = body(&mut answered.answer).await?;
        let answer = &answered.answer;
        let took = self.context.effects.clock.elapsed().saturating_sub(began);
        let json = (!is_cut).then(|| json::shown(&body)).flatten();
        let is_json = json.is_some();
        let text = Lines::of(json.unwrap_or_else(|| TerminalText::of(&body)));
        let problem = (answer.status >= 400).then(|| answered.problem(&body, self.now_unix_ms()));
        let view = AnswerView {
            status: answer.status,
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            bytes: body.len() as u64,
            lines: text.count() as u64,
            is_json,
            is_cut,
            content_type: answer.header("content-type").map(Foreign::new),
            rate_limit: answered.rate_limit(),
            problem,
        };
        Ok(Tried { view, text })
    }
}

async fn body(answer: &mut Streamed) -> Result<(Vec<u8>, bool), Problem> {
    let mut body = Vec::new();
    loop {
        let piece = answer.body.next().await;
        let piece = piece.map_err(|error| Problem::new(&error.into(), &About::default()))?;
        let Some(piece) = piece else { return Ok((body, false)) };
        body.extend_from_slice(&piece);
        if body.len() > MAX_BODY_BYTES {
            body.truncate(MAX_BODY_BYTES);
            return Ok((body, true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BODY_BYTES, body};
    use crate::effects::BoxFuture;
    use crate::effects::http::{HttpError, Pieces, Streamed};

    /// An answer without end, and how much of it was fetched.
    struct Endless(usize);

    impl Pieces for Endless {
        fn next(&mut self) -> BoxFuture<'_, Result<Option<Vec<u8>>, HttpError>> {
            assert!(self.0 <= MAX_BODY_BYTES, "{} bytes are here, and more is fetched", self.0);
            let piece = vec![b'x'; 1_000_000];
            self.0 += piece.len();
            Box::pin(std::future::ready(Ok(Some(piece))))
        }
    }

    #[tokio::test]
    async fn an_answer_without_end_is_cut_and_the_rest_is_not_fetched() {
        let endless = Box::new(Endless(0));
        let mut answer = Streamed { status: 200, headers: Vec::new(), body: endless };

        let (kept, is_cut) = body(&mut answer).await.unwrap();

        assert_eq!((kept.len(), is_cut), (MAX_BODY_BYTES, true));
    }
}
