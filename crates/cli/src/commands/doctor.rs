//! `birdkey doctor`: what is right, what is wrong, and what to do about it.

use birdkey::Engine;
use birdkey::engine::Servers;
use birdkey::view::{Check, FindingView, Level, report, system};

use crate::args::Doctor;
use crate::json;
use crate::output::Ending;
use crate::output::Output;

pub(crate) async fn run(arguments: &Doctor, output: &Output) -> Result<(), Ending> {
    if let Some(file) = &arguments.record {
        return super::record::run(file, arguments, output).await;
    }
    let engine = super::engine()?;
    let servers = if arguments.offline { Servers::LeftAlone } else { Servers::Asked };
    let mut findings = engine.examine(servers).await;
    let mut fixed = Vec::new();
    if arguments.fix {
        let can_fix = findings.iter().filter(|it| it.can_fix);
        fixed = can_fix.cloned().collect();
        let fixing = async { Ok(fix(&engine, &fixed, output).await) };
        if super::finished(&engine, output, fixing).await? {
            findings = engine.examine(servers).await;
        }
    }
    if output.is_json() {
        output.json(&json::Report::new(&system(), &findings, &fixed))?;
    } else {
        output.data(&report(&findings))?;
    }
    match exit_code(&findings) {
        0 => Ok(()),
        code => Err(Ending::Said(code)),
    }
}

/// Fixes each kind of finding once; whether anything was tried.
async fn fix(engine: &Engine, findings: &[FindingView], output: &Output) -> bool {
    let mut checks: Vec<Check> = findings.iter().map(|it| it.check).collect();
    checks.dedup();
    // What is dismissed is said first: these are about tokens that may live at a server.
    for finding in findings.iter().filter(|it| it.code.is_some()) {
        let hint = finding.hint.as_ref().map(|hint| format!(" {hint}")).unwrap_or_default();
        output.say(&format!("note: {}{hint}", finding.what));
    }
    for check in &checks {
        match engine.fix(*check).await {
            Ok(()) => output.say(&format!("{}: fixed.", check.name())),
            Err(problem) => output.say(&format!(
                "{}: not fixed. {} {} {}",
                check.name(),
                problem.what,
                problem.why,
                problem.hint
            )),
        }
    }
    !checks.is_empty()
}

/// That of the first problem; warnings are no failure.
fn exit_code(findings: &[FindingView]) -> u8 {
    let first = findings.iter().find(|it| it.level == Level::Problem);
    first.map_or(0, |it| it.code.map_or(1, birdkey::problem::Code::exit_code))
}
