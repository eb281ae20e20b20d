//! A request that the user tries in the window: its answer, ready to be shown however large it is.

use super::{ApiRequest, Engine};
use crate::effects::http::Streamed;
use crate::problem::{About, Problem, api_answer};
use crate::view::{AnswerView, RateLimitView};

/// What of a body is kept; the rest is not fetched.
const MAX_BODY_BYTES: usize = 32 * 1024 * 1024;
/// Longer lines are shown as several: no window draws a line of a million characters in time.
const LINE_CHARS: usize = 1_000;
/// One level of an indented JSON.
const INDENT: &str = "  ";

/// An answer and its text in lines.
#[derive(Debug)]
pub struct Tried {
    /// What is shown of it at once.
    pub view: AnswerView,
    /// The body.
    pub lines: Vec<String>,
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
        let began = self.world.effects.clock.elapsed();
        let mut answer = self.api(account, request).await?;
        let (body, is_cut) = body(&mut answer).await?;
        let took = self.world.effects.clock.elapsed().saturating_sub(began);
        let rate_limit = rate_limit(&answer);
        let text = String::from_utf8_lossy(&body);
        let is_json = !is_cut && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        let lines = if is_json { in_lines(&indented(&text)) } else { in_lines(&text) };
        let problem = (answer.status >= 400)
            .then(|| self.refused(&answer, &body, rate_limit, &self.about_account(account)));
        let view = AnswerView {
            status: answer.status,
            milliseconds: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            bytes: body.len() as u64,
            lines: lines.len() as u64,
            is_json,
            is_cut,
            content_type: answer.header("content-type").map(str::to_owned),
            rate_limit,
            problem,
        };
        Ok(Tried { view, lines })
    }

    /// What [`api_answer`] needs of an account's app; nothing when the account is not known.
    pub fn about_account(&self, account: Option<&str>) -> About {
        self.choose_account(account).map(|(_, app)| About::app(&app)).unwrap_or_default()
    }

    fn refused(
        &self,
        answer: &Streamed,
        body: &[u8],
        limit: Option<RateLimitView>,
        about: &About,
    ) -> Problem {
        let left_ms = limit.and_then(|it| it.resets_at_ms).map(|at| at - self.now_unix_ms());
        let seconds = left_ms.and_then(|left| u64::try_from(left / 1_000).ok());
        api_answer(answer.status, body, answer.header("x-rate-limit-limit"), seconds, about)
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

fn rate_limit(answer: &Streamed) -> Option<RateLimitView> {
    let number = |name: &str| answer.header(name)?.trim().parse::<u64>().ok();
    let resets_at = number("x-rate-limit-reset").and_then(|at| i64::try_from(at).ok());
    Some(RateLimitView {
        limit: number("x-rate-limit-limit")?,
        remaining: number("x-rate-limit-remaining")?,
        resets_at_ms: resets_at.and_then(|seconds| seconds.checked_mul(1_000)),
    })
}

/// Valid JSON with line breaks and indents, all else byte for byte: names keep their order and numbers
/// their digits.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    let mut characters = json.chars().filter(|c| !c.is_control() || *c == ' ').peekable();
    while let Some(c) = characters.next() {
        if in_text {
            out.push(c);
            in_text = escaped || c != '"';
            escaped = !escaped && c == '\\';
            continue;
        }
        match c {
            ' ' => {}
            '"' => {
                in_text = true;
                out.push(c);
            }
            '{' | '[' => {
                while characters.next_if_eq(&' ').is_some() {}
                out.push(c);
                if let Some(closing) = characters.next_if(|c| matches!(c, '}' | ']')) {
                    out.push(closing);
                } else {
                    depth += 1;
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            other => out.push(other),
        }
    }
    out
}

fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    (0..depth).for_each(|_| out.push_str(INDENT));
}

/// Line by line, long ones in pieces.
fn in_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some((at, _)) = rest.char_indices().nth(LINE_CHARS) {
            let (piece, after) = rest.split_at(at);
            lines.push(piece.to_owned());
            rest = after;
        }
        lines.push(rest.to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{LINE_CHARS, in_lines, indented};

    #[test]
    fn json_is_indented_and_nothing_else_of_it_is_changed() {
        let given = "{\"z\":1.0e5,\"a\":[ ],\"b\" : { \"t\":\"x \\\"{,}\\\\\" } ,\n\"c\":[1,{}]}";
        let expected = "{\n  \"z\": 1.0e5,\n  \"a\": [],\n  \"b\": {\n    \"t\": \"x \\\"{,}\\\\\"\n  },\n  \"c\": [\n    1,\n    {}\n  ]\n}";
        assert_eq!(indented(given), expected);
        let again: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(again, serde_json::from_str::<serde_json::Value>(given).unwrap());
    }

    #[test]
    fn long_lines_are_split_between_characters() {
        let long = "\u{1f426}".repeat(LINE_CHARS + 1);
        let lines = in_lines(&format!("{long}\n\nend"));
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[0].chars().count(), LINE_CHARS);
        assert_eq!(
            (lines[1].as_str(), lines[2].as_str(), lines[3].as_str()),
            ("\u{1f426}", "", "end")
        );
    }
}
