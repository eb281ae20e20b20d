//! What is not known of the server, and what the recording has found out of it.

use serde_json::{Value, json};

/// The open questions, numbered from 1.
pub const QUESTIONS: [&str; 10] = [
    "What comes back on Cancel, and on a state that is too long?",
    "What happens without state, scope or code challenge, with a plain one, or with an unknown scope?",
    "How long do tokens live, and what becomes of old ones after a refresh?",
    "Which token dies on revocation, what of unknown tokens, and is the hint mandatory?",
    "Are other ports, localhost, [::1] and schemes of one's own taken as redirect URIs?",
    "What do rate limits look like?",
    "Does a failed exchange use the code up, and does using a code twice revoke its tokens?",
    "Is the profile billed, and does it answer without credits?",
    "Is there a discovery document, and does the redirect name its issuer?",
    "Does a public app's request with an Authorization header work?",
];

/// What was found out, in the order of the questions.
#[derive(Default)]
pub(super) struct Answers(Vec<(usize, &'static str, String)>);

impl Answers {
    /// Answers a part of question `number`.
    pub(super) fn add(&mut self, number: usize, asked: &'static str, answer: impl Into<String>) {
        debug_assert!((1..=QUESTIONS.len()).contains(&number));
        self.0.push((number, asked, answer.into()));
    }

    /// Every question with its answers; one without any was skipped.
    pub(super) fn told(&self) -> Vec<Value> {
        let questions = QUESTIONS.iter().zip(1..);
        questions
            .map(|(question, number)| {
                let answers = self.0.iter().filter(|(of, _, _)| *of == number);
                let answers: Vec<_> = answers
                    .map(|(_, asked, answer)| json!({ "asked": asked, "answer": answer }))
                    .collect();
                json!({ "number": number, "question": question, "answers": answers })
            })
            .collect()
    }
}
