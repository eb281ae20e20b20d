//! `birdkey doctor`: what is right, what is wrong, and what to do about it.

use serde_json::json;

use birdkey::Engine;
use birdkey::engine::Servers;
use birdkey::view::{Check, FindingView, Level};

use super::Ending;
use crate::args::Doctor;
use crate::output::Output;

pub(crate) async fn run(arguments: &Doctor, output: &Output) -> Result<(), Ending> {
    if let Some(file) = &arguments.record {
        return super::record::run(file, arguments, output).await;
    }
    let engine = super::engine()?;
    let servers = if arguments.offline { Servers::LeftAlone } else { Servers::Asked };
    let mut findings = engine.examine(servers).await;
    if arguments.fix && mend(&engine, &findings, output).await {
        findings = engine.examine(servers).await;
    }
    if output.is_json() {
        output.json(json!({
            "birdkey": env!("CARGO_PKG_VERSION"),
            "system": system(),
            "findings": findings,
        }))?;
    } else {
        print(&findings, output)?;
    }
    match exit_code(&findings) {
        0 => Ok(()),
        code => Err(Ending::Said(code)),
    }
}

/// Mends each kind of finding once; whether anything was tried.
async fn mend(engine: &Engine, findings: &[FindingView], output: &Output) -> bool {
    let mut checks: Vec<Check> =
        findings.iter().filter(|it| it.can_mend).map(|it| it.check).collect();
    checks.dedup();
    for check in &checks {
        match engine.mend(*check).await {
            Ok(()) => output.say(&format!("{}: mended.", name(*check))),
            Err(problem) => output.say(&format!(
                "{}: not mended. {} {} {}",
                name(*check),
                problem.what,
                problem.why,
                problem.fix
            )),
        }
    }
    !checks.is_empty()
}

fn print(findings: &[FindingView], output: &Output) -> Result<(), Ending> {
    output.data(&format!("birdkey {} on {}\n", env!("CARGO_PKG_VERSION"), system()))?;
    for finding in findings {
        let about = finding.about.as_ref().map(|about| format!(" of {about}")).unwrap_or_default();
        let level = level(finding.level);
        output.data(&format!("{level:8} {}{about}: {}", name(finding.check), finding.what))?;
        if let Some(fix) = &finding.fix {
            output.data(&format!("         -> {fix}"))?;
        }
    }
    output.data(&format!("\n{}", sum(findings)))
}

/// The whole in one line.
fn sum(findings: &[FindingView]) -> String {
    let count = |level: Level| findings.iter().filter(|it| it.level == level).count();
    let mendable = findings.iter().filter(|it| it.can_mend).count();
    let words =
        |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let fix = match mendable {
        0 => String::new(),
        _ => format!(" {mendable} can be mended by: birdkey doctor --fix"),
    };
    match (count(Level::Problem), count(Level::Warning)) {
        (0, 0) => "Everything is as it should be.".to_owned(),
        (problems, warnings) => {
            format!("{}, {}.{fix}", words(problems, "problem"), words(warnings, "warning"))
        }
    }
}

/// That of the first problem; warnings are no failure.
fn exit_code(findings: &[FindingView]) -> u8 {
    let first = findings.iter().find(|it| it.level == Level::Problem);
    first.map_or(0, |it| it.code.map_or(1, birdkey::problem::Code::exit_code))
}

fn system() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Ok => "ok",
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Problem => "problem",
    }
}

fn name(check: Check) -> &'static str {
    match check {
        Check::Files => "Files",
        Check::Access => "Access",
        Check::Vault => "Vault",
        Check::Browser => "Browser",
        Check::Links => "Links",
        Check::Network => "Network",
        Check::Registration => "Registration",
        Check::Clock => "Clock",
        Check::Ports => "Ports",
        Check::RedirectUris => "Redirect URIs",
        Check::Conflict => "Conflict",
        Check::Account => "Account",
        Check::Api => "API",
        Check::Leftovers => "Leftovers",
    }
}
