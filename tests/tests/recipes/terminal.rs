//! What a person types at a terminal.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use birdkey_tests::desktop::{leads_to, text};

use crate::ground::{Ground, out};
use crate::page::Block;

/// A block that runs in a terminal of its own.
pub struct Terminal {
    script: Child,
    keyboard: ChildStdin,
    screen: BufReader<ChildStdout>,
    seen: String,
}

impl Terminal {
    pub fn open(ground: &Ground, block: &str) -> Self {
        let block = ground.write("block.sh", block);
        let mut script = ground.command("script");
        script.args(["-qefc", &format!("sh {}", block.display()), "/dev/null"]);
        let mut script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (keyboard, screen) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
        Self { script, keyboard, screen: BufReader::new(screen), seen: String::new() }
    }

    pub fn types(&mut self, line: &str) {
        writeln!(self.keyboard, "{line}").unwrap();
    }

    /// The address of the consent page, once it is shown.
    pub fn address(&mut self) -> String {
        loop {
            let mut line = String::new();
            let read = self.screen.read_line(&mut line).unwrap();
            assert!(read > 0, "no address was shown: {}", self.seen);
            self.seen.push_str(&line);
            if line.starts_with("http") {
                return line.trim().to_owned();
            }
        }
    }

    /// Plays the browser on another machine, whose user pastes what its address bar shows.
    pub async fn approves_elsewhere(&mut self) {
        let back = leads_to(&self.address()).await;
        self.types(&back);
    }

    /// Waits for its end; what was shown.
    pub fn ends_well(mut self) -> String {
        // An error of the terminal, rather than an end, is how some systems tell that it was closed.
        let _ = self.screen.read_to_string(&mut self.seen);
        let ended = self.script.wait().unwrap();
        assert!(ended.success(), "{ended}: {}", self.seen);
        self.seen
    }
}

pub async fn a_login_here_or_over_ssh_may_post([here, paste, tunnel]: [Block; 3]) {
    let ground = Ground::with_app().await;
    let mut login = ground.command("sh");
    let login = login.args(["-c", &here.text]).stderr(Stdio::piped()).spawn().unwrap();
    visit(&ground.desktop.browser_url().await).await;
    let login = login.wait_with_output().unwrap();
    assert!(text(&login.stderr).contains("@demo_ada"), "{}", text(&login.stderr));
    out(&ground.sh("birdkey token --scope tweet.write"));

    let mut terminal = Terminal::open(&ground, &paste.text);
    terminal.approves_elsewhere().await;
    let seen = terminal.ends_well();
    assert!(seen.contains("@demo_ada"), "{seen}");

    let mut terminal = Terminal::open(&ground, &tunnel.text);
    visit(&terminal.address()).await;
    let seen = terminal.ends_well();
    assert!(seen.contains("@demo_ada"), "{seen}");
    let ports = "8731:127.0.0.1:8731";
    assert!(ground.note("ssh").contains(&format!("-L {ports} HOST")), "{}", ground.note("ssh"));
    let apps = "birdkey app add --client-id ID 2>/dev/null; birdkey app list --json";
    assert!(out(&ground.sh(apps)).contains("http://127.0.0.1:8731/callback\""), "the port at X");
}

/// Plays the browser.
async fn visit(page: &str) {
    let browser = reqwest::Client::builder().no_proxy().build().unwrap();
    browser.get(page).send().await.unwrap();
}
