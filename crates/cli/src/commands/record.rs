//! `birdkey doctor --record`: asks before each step, and keeps what was found out in a file.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::Mutex;

use birdkey::Engine;
use birdkey::effects::BoxFuture;
use birdkey::problem::{Code, Problem};
use birdkey::protocol::secret::Secret;
use birdkey::record::{Choice, Interviewer, Looks, Step};
use birdkey_foreign::Foreign;
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use super::pasting;
use crate::args::{APP_VARIABLE, Doctor, variable};
use crate::output::Ending;
use crate::output::Output;

pub(super) async fn run(file: &Path, arguments: &Doctor, output: &Output) -> Result<(), Ending> {
    if !io::stdin().is_terminal() {
        output.say("error: Recording asks before each step, and there is no terminal to ask at.\n\nhint: run it in a terminal, without a pipe");
        return Err(Ending::Said(2));
    }
    let engine = super::engine()?;
    let app = arguments.app.clone().or_else(|| variable(APP_VARIABLE));
    introduce(&engine, app.as_deref(), output)?;
    let opened = OpenOptions::new().write(true).create_new(true).open(file);
    let opened = opened.map_err(|error| unusable(file, &error))?;
    let terminal = Terminal {
        output,
        typed: tokio::sync::Mutex::new(pasting::lines()),
        file: Mutex::new(opened),
        failed: Mutex::default(),
    };
    let (ended, code) = record(&engine, app.as_deref(), &terminal).await;
    if let Err(problem) = ended {
        // Nothing was recorded: an empty file would be in the way of the next try.
        std::fs::remove_file(file).ok();
        return Err(problem.into());
    }
    if let Some(error) = terminal.failed.into_inner().ok().flatten() {
        return Err(unusable(file, &error).into());
    }
    output.say(&format!(
        "What was found out is in {}. It holds no token, code or id: read it, and send it along.",
        file.display()
    ));
    code.map_or(Ok(()), |code| Err(Ending::Said(code)))
}

/// How the recording ended, and the exit code when a signal ended it.
async fn record(
    engine: &Engine,
    app: Option<&str>,
    terminal: &Terminal<'_>,
) -> (Result<(), Problem>, Option<u8>) {
    let (stop, stopped) = watch::channel(false);
    let recording = engine.record(app, terminal, stopped);
    tokio::pin!(recording);
    tokio::select! {
        ended = &mut recording => (ended, None),
        code = super::interrupted() => {
            stop.send_replace(true);
            (recording.await, Some(code))
        }
    }
}

/// Says what will happen, and whose login it ends.
fn introduce(engine: &Engine, app: Option<&str>, output: &Output) -> Result<(), Problem> {
    let app = engine.login_request(app, birdkey::login::Page::Open)?.app;
    output.say(&format!(
        "This records what the server of {} does: one login, refresh and logout, in {} steps.\n\
         Each step is asked for. The tokens are kept in memory alone and revoked at the end.",
        app.name.terminal(),
        Step::ALL.len()
    ));
    let view = engine.view();
    let accounts = view.accounts.iter().filter(|account| account.app_id == app.id);
    let names: Vec<_> = accounts.filter_map(|account| account.username.clone()).collect();
    if !names.is_empty() {
        output.say(&format!(
            "warning: A server like X keeps one grant for each app and user. Log in as another user than @{}, \
             or run birdkey login for them again afterwards.",
            Foreign::list(&names, ", @").terminal()
        ));
    }
    Ok(())
}

fn unusable(file: &Path, error: &io::Error) -> Problem {
    let exists = error.kind() == io::ErrorKind::AlreadyExists;
    Problem {
        code: Code::FileUnusable,
        what: format!("The record can't be written to {}.", file.display()).into(),
        why: if exists {
            "There is a file already.".into()
        } else {
            format!("The system reports: {error}.").into()
        },
        hint: "Name another file.".into(),
    }
}

/// Asks the person at the terminal.
struct Terminal<'a> {
    output: &'a Output,
    typed: tokio::sync::Mutex<mpsc::Receiver<Secret>>,
    file: Mutex<File>,
    failed: Mutex<Option<io::Error>>,
}

impl Terminal<'_> {
    /// The first letter of what is typed, in lower case; `None` when nobody types any more.
    async fn letter(&self) -> Option<char> {
        let line = self.typed.lock().await.recv().await?;
        line.expose().trim().chars().next().map(|letter| letter.to_ascii_lowercase())
    }

    fn write(&self, record: &Value) -> io::Result<()> {
        let Ok(mut file) = self.file.lock() else { return Ok(()) };
        file.seek(SeekFrom::Start(0))?;
        file.write_all(format!("{record:#}\n").as_bytes())?;
        let end = file.stream_position()?;
        file.set_len(end)
    }
}

impl Interviewer for Terminal<'_> {
    fn may(&self, step: Step) -> BoxFuture<'_, Choice> {
        let number = Step::ALL.iter().position(|it| *it == step).unwrap_or_default() + 1;
        let (all, what) = (Step::ALL.len(), step.what());
        self.output.say(&format!("\n[{number}/{all}] {what}"));
        if let Some(to_do) = step.to_do() {
            self.output.say(&format!("        {to_do}"));
        }
        Box::pin(async move {
            loop {
                self.output.say("        y = do it, s = skip it, q = stop here");
                match self.letter().await {
                    Some('y') => return Choice::Go,
                    Some('s') => return Choice::Skip,
                    Some('q') | None => return Choice::Stop,
                    Some(_) => {}
                }
            }
        })
    }

    fn looks(&self, _: Step) -> BoxFuture<'_, Looks> {
        Box::pin(async move {
            loop {
                self.output.say(
                    "        Waiting for the browser. Or say what it shows: c = consent page, e = error page, o = other",
                );
                match self.letter().await {
                    Some('c') => return Looks::Consent,
                    Some('e') => return Looks::Error,
                    Some('o') => return Looks::Other,
                    Some(_) => {}
                    None => std::future::pending().await,
                }
            }
        })
    }

    fn recorded(&self, record: &Value) -> bool {
        let Err(error) = self.write(record) else { return true };
        if let Ok(mut failed) = self.failed.lock() {
            *failed = Some(error);
        }
        false
    }
}
