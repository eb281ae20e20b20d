//! Ending commands by force at chosen instants.

use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use super::ground::Ground;
use crate::desktop::address_said;

/// Prints the token that it was given.
pub(super) const EXEC: [&str; 5] = ["exec", "--", "sh", "-c", "printf %s \"$X_ACCESS_TOKEN\""];

/// What a command that was killed left behind.
pub(super) struct Killed {
    /// Whether it was still running.
    pub(super) hit: bool,
    pub(super) output: Output,
}

/// A sequence that spreads evenly over 0..1, the same in every run.
pub(super) fn spread(n: usize) -> f64 {
    (f64::from(u32::try_from(n).unwrap()) * 0.618_033_988_75).fract()
}

pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Starts a command and kills it after a while; of a login that begins when its browser sets out.
pub(super) fn killed(ground: &Ground, arguments: &[&str], after: Duration) -> Killed {
    let mut command = ground.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut command = command.spawn().unwrap();
    let is_login = arguments[0] == "login";
    let (address, said) = if is_login { address_said(&mut command) } else { (None, String::new()) };
    let browser = address.map(browse);
    // The instant of the kill is the thing under test; nothing is waited for.
    std::thread::sleep(after);
    let hit = command.try_wait().unwrap().is_none();
    command.kill().unwrap();
    let output = command.wait_with_output().unwrap();
    if let Some(browser) = browser {
        browser.abort();
    }
    let output = Output { stderr: [said.into_bytes(), output.stderr].concat(), ..output };
    Killed { hit, output }
}

/// How long a command takes that nobody kills.
pub(super) fn whole(ground: &Ground, arguments: &[&str]) -> Duration {
    let mut command = ground.command(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let began = Instant::now();
    let mut command = command.spawn().unwrap();
    if arguments[0] != "login" {
        command.wait_with_output().unwrap();
        return began.elapsed();
    }
    let address = address_said(&mut command).0.unwrap();
    let began = Instant::now();
    let browser = browse(address);
    command.wait_with_output().unwrap();
    browser.abort();
    began.elapsed()
}

/// A browser that follows the consent page wherever it leads.
fn browse(address: String) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let browser = reqwest::Client::builder().no_proxy().build().unwrap();
        // Who it comes back to may have been killed.
        drop(browser.get(address).send().await);
    })
}
