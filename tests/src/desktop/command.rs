//! The command, as a script or a person at a terminal runs it.

use std::io::{Read, Write as _};
use std::process::{Child, Command, Output, Stdio};

use super::app::binary;
use super::private::PrivateDesktop;

/// Runs `birdkey` to its end.
pub fn birdkey(desktop: &PrivateDesktop, arguments: &[&str]) -> Output {
    let program = binary("birdkey").display().to_string();
    desktop.command(&program).args(arguments).output().unwrap()
}

/// What a program printed.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// Starts `birdkey` with pipes all around.
pub fn start(desktop: &PrivateDesktop, arguments: &[&str]) -> Child {
    let program = binary("birdkey").display().to_string();
    let mut command = desktop.command(&program);
    command.args(arguments);
    piped(command)
}

fn piped(mut command: Command) -> Child {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// The next line of its output.
pub fn line(child: &mut Child) -> String {
    line_of(child.stdout.as_mut().unwrap())
}

/// Byte by byte, so that nothing behind the line is taken.
fn line_of(stream: &mut impl Read) -> String {
    let (mut line, mut byte) = (String::new(), [0]);
    while stream.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
        line.push(char::from(byte[0]));
    }
    line
}

/// The address that a login with `--json` says on stderr, and what it said before; no address when it
/// ended without one.
pub fn address_said(login: &mut Child) -> (Option<String>, String) {
    let mut said = String::new();
    loop {
        let line = line_of(login.stderr.as_mut().unwrap());
        if line.starts_with("http") {
            return (Some(line), said);
        }
        if line.is_empty() && login.try_wait().unwrap().is_some() {
            return (None, said);
        }
        said.push_str(&line);
        said.push('\n');
    }
}

/// Logs in by `--no-browser`: what else was said, and the page the browser ended on.
pub async fn log_in(desktop: &PrivateDesktop, arguments: &[&str]) -> (Output, String) {
    log_in_by(start(desktop, &[&["login", "--no-browser"], arguments].concat())).await
}

/// The same with a login that was started by any other command line, which may end before it waits.
async fn log_in_by(mut login: Child) -> (Output, String) {
    let url = line(&mut login);
    if !url.starts_with("http") {
        return (login.wait_with_output().unwrap(), String::new());
    }
    let browser = reqwest::Client::builder().no_proxy().build().unwrap();
    let page = browser.get(url).send().await.unwrap().text().await.unwrap();
    (login.wait_with_output().unwrap(), page)
}

/// Starts a command line that logs in, and plays the browser for it.
pub async fn log_in_with(command: Command) -> Output {
    if !command.get_args().any(|argument| argument == "--json") {
        return log_in_by(piped(command)).await.0;
    }
    let mut login = piped(command);
    let (address, said) = address_said(&mut login);
    if let Some(address) = address {
        let browser = reqwest::Client::builder().no_proxy().build().unwrap();
        browser.get(address).send().await.unwrap();
    }
    let output = login.wait_with_output().unwrap();
    Output { stderr: [said.into_bytes(), output.stderr].concat(), ..output }
}

/// Runs the command with something on stdin.
pub fn give(desktop: &PrivateDesktop, arguments: &[&str], input: &str) -> Output {
    let mut child = start(desktop, arguments);
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

/// Starts a command line with something on stdin, which stays open as a terminal does.
pub fn start_with(command: Command, input: &str) -> Child {
    let mut child = piped(command);
    child.stdin.as_mut().unwrap().write_all(input.as_bytes()).unwrap();
    child
}

/// Where a page of a server that approves at once sends the browser, without going there.
pub async fn leads_to(page: &str) -> String {
    let client = reqwest::Client::builder().no_proxy();
    let client = client.redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = client.get(page).send().await.unwrap();
    answer.headers()["location"].to_str().unwrap().to_owned()
}
