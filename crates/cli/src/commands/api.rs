//! `birdkey api`: a request to the API with the token of an account, which never shows.

use std::io::{IsTerminal as _, Read as _, Write as _};

use birdkey::effects::http::Streamed;
use birdkey::engine::ApiRequest;
use birdkey::problem::{About, Problem};
use birdkey_foreign::json;
use birdkey_foreign::sink::TerminalText;
use serde_json::Value;

use crate::args::Api;
use crate::output::Ending;
use crate::output::{Output, written as written_out};

/// Of what is only looked at, or shown in lines: the answer of a failure, JSON on a terminal.
const MAX_HELD_BYTES: usize = 8 * 1024 * 1024;
/// Larger uploads go in parts, as X wants them anyway.
const MAX_BODY_BYTES: u64 = 64 * 1024 * 1024;

pub(crate) async fn run(arguments: &Api, output: &Output) -> Result<(), Ending> {
    let engine = super::engine()?;
    let account = super::account(&engine, &arguments.chosen)?;
    let request = request(arguments, output)?;
    let mut answered =
        super::finished(&engine, output, engine.api(account.as_deref(), &request)).await?;
    if let Some(problem) = &answered.warning {
        output.warn(problem);
    }
    let answer = &mut answered.answer;
    if arguments.include {
        output.data_ahead(&format!("HTTP {}", answer.status))?;
        for (name, value) in &answer.headers {
            output.data_ahead(&format!("{name}: {value}"))?;
        }
        output.data_ahead("")?;
    }
    let status = answer.status;
    // The handler that waited for the token has taken Ctrl-C from the system for good.
    let body = tokio::select! {
        shown = show(answer) => shown?,
        code = super::interrupted() => return Err(Ending::Said(code)),
    };
    if status < 400 {
        return Ok(());
    }
    Err(answered.problem(&body, engine.now_unix_ms()).into())
}

/// Fields are the query of a GET, and the JSON of anything else.
fn request(arguments: &Api, output: &Output) -> Result<ApiRequest, Ending> {
    let mut body = arguments.data.as_deref().map(|data| read(data, output)).transpose()?;
    let writes = body.is_some() || !arguments.fields.is_empty();
    let method = arguments.method.clone().unwrap_or_else(|| {
        let method = if writes { "POST" } else { "GET" };
        method.to_owned()
    });
    let mut query = Vec::new();
    if method.eq_ignore_ascii_case("GET") || body.is_some() {
        query.clone_from(&arguments.fields);
    } else if !arguments.fields.is_empty() {
        let fields =
            arguments.fields.iter().map(|(name, value)| (name.clone(), value.clone().into()));
        body = Some(Value::Object(fields.collect()).to_string().into_bytes());
    }
    let mut headers = arguments.headers.clone();
    let names = |wanted: &str| {
        let name = |line: &String| line.split(':').next().unwrap_or_default().trim().to_owned();
        arguments.headers.iter().any(|line| name(line).eq_ignore_ascii_case(wanted))
    };
    if body.is_some() && !names("content-type") {
        headers.push("Content-Type: application/json".to_owned());
    }
    if !names("accept") {
        headers.push("Accept: application/json".to_owned());
    }
    let (target, scopes) = (arguments.path.clone(), arguments.scopes.clone());
    Ok(ApiRequest { method, target, query, headers, body, scopes })
}

/// A body: itself, a file after @, or standard input.
fn read(data: &str, output: &Output) -> Result<Vec<u8>, Ending> {
    let read = |mut from: Box<dyn std::io::Read>| {
        let mut bytes = Vec::new();
        from.by_ref().take(MAX_BODY_BYTES + 1).read_to_end(&mut bytes).map(|_| bytes)
    };
    let bytes = match data.strip_prefix('@') {
        _ if data == "-" || data == "@-" => read(Box::new(std::io::stdin())),
        Some(path) => std::fs::File::open(path).and_then(|file| read(Box::new(file))),
        None => return Ok(data.as_bytes().to_vec()),
    };
    let bytes = bytes.map_err(|error| {
        output.say(&format!("error: “{data}” could not be read: {error}.\n\nhint: check its name"));
        Ending::Said(2)
    })?;
    if bytes.len() as u64 > MAX_BODY_BYTES {
        output.say("error: The body is larger than 64 MiB.\n\nhint: upload it in parts");
        return Err(Ending::Said(2));
    }
    Ok(bytes)
}

/// Writes the body as it comes, byte for byte, unless a person looks on. Returns what it began with.
async fn show(answer: &mut Streamed) -> Result<Vec<u8>, Ending> {
    if std::io::stdout().is_terminal() {
        return show_to_a_person(answer).await;
    }
    let mut held = Vec::new();
    let mut stdout = std::io::stdout().lock();
    while let Some(piece) = next(answer).await? {
        hold(&mut held, &piece);
        written_out(stdout.write_all(&piece))?;
    }
    written_out(stdout.flush())?;
    Ok(held)
}

/// JSON in lines, as the window shows it, once all of it is here; what is no JSON, or too large to
/// wait for, as it comes. Nothing of it moves the cursor.
async fn show_to_a_person(answer: &mut Streamed) -> Result<Vec<u8>, Ending> {
    let is_json = answer.header("content-type").is_some_and(|kind| kind.contains("json"));
    let (mut held, mut waits, mut text) = (Vec::new(), is_json, TerminalText::default());
    let mut stdout = std::io::stdout().lock();
    while let Some(piece) = next(answer).await? {
        hold(&mut held, &piece);
        if waits && held.len() >= MAX_HELD_BYTES {
            waits = false;
            // What was held back, and this piece with it.
            written_out(stdout.write_all(text.push(&held).as_bytes()))?;
        } else if !waits {
            written_out(stdout.write_all(text.push(&piece).as_bytes()))?;
        }
    }
    let lines = if waits { json::shown(&held).map(|lines| lines + "\n") } else { None };
    let rest = match lines {
        Some(lines) => lines,
        None if waits => text.push(&held) + &text.finish(),
        None => text.finish(),
    };
    written_out(stdout.write_all(rest.as_bytes()).and_then(|()| stdout.flush()))?;
    Ok(held)
}

/// Keeps the beginning of a body.
fn hold(held: &mut Vec<u8>, piece: &[u8]) {
    if held.len() < MAX_HELD_BYTES {
        held.extend_from_slice(piece);
    }
}

async fn next(answer: &mut Streamed) -> Result<Option<Vec<u8>>, Ending> {
    let next = answer.body.next().await;
    next.map_err(|error| Ending::Problem(Problem::new(&error.into(), &About::default())))
}
