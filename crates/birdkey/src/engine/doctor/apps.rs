//! An app: its registration at the server, and the way the browser comes back.

use super::super::Engine;
use super::Servers;
use crate::app::App;
use crate::effects::loopback::RedirectError;
use crate::effects::ports;
use crate::failure::Failure;
use crate::problem::{About, Code, Problem};
use crate::view::{AppView, Check, FindingView, Level, ProviderView};

/// Clocks that differ by less do no harm: the shortest margin of ours is a minute.
const CLOCK_LIMIT_SECONDS: i64 = 60;

impl Engine {
    pub(super) async fn examine_app(&self, view: &AppView, servers: Servers) -> Vec<FindingView> {
        let Ok(app) = self.app(Some(&view.id)) else { return Vec::new() };
        let mut findings = Vec::new();
        if servers == Servers::Asked {
            findings.extend(self.examine_registration(&app).await);
        }
        if let Some(problem) = &view.problem {
            let shared = problem.code == Code::RedirectUriShared;
            let check = if shared { Check::RedirectUris } else { Check::Conflict };
            findings.push(FindingView::from_problem(check, Level::Warning, problem));
        }
        findings.extend(self.examine_ports(&app).await);
        if view.provider != ProviderView::Sandbox {
            let all = app.redirect_uris.join(", ");
            findings.push(FindingView::note(
                Check::RedirectUris,
                format!("Registered at {} have to be, byte for byte: {all}", view.host),
            ));
        }
        findings.into_iter().map(|finding| finding.about(&app.name)).collect()
    }

    async fn examine_registration(&self, app: &App) -> Vec<FindingView> {
        let probed = match self.probe(app).await {
            Ok(probed) => probed,
            Err(failure) => return vec![self.unreachable(&failure, app)],
        };
        let mut findings = vec![match probed.refusal {
            None => FindingView::ok(
                Check::Registration,
                "The server knows its client id, and its type is right.",
            ),
            Some(refusal) => {
                let problem = self.problem(&refusal.into(), Some(app));
                FindingView::from_problem(Check::Registration, Level::Problem, &problem)
            }
        }];
        findings.extend(probed.clock_ahead_seconds.map(clock));
        findings
    }

    fn unreachable(&self, failure: &Failure, app: &App) -> FindingView {
        let problem = self.problem(failure, Some(app));
        FindingView::from_problem(Check::Registration, Level::Problem, &problem)
    }

    /// Opens and closes each port by itself, as a login would.
    async fn examine_ports(&self, app: &App) -> Option<FindingView> {
        if app.takes_links() {
            return None;
        }
        let (mut free, mut taken) = (Vec::new(), Vec::new());
        for uri in &app.redirect_uris {
            match self.world.effects.redirects.listen(std::slice::from_ref(uri)).await {
                Ok(listener) => free.push(listener.redirect_uri().to_owned()),
                Err(RedirectError::PortsTaken { tried }) => taken.extend(tried),
                Err(RedirectError::NoLoopback) => {}
                Err(error) => {
                    let problem = Problem::new(&error.into(), &About::app(app));
                    return Some(FindingView::from_problem(Check::Ports, Level::Problem, &problem));
                }
            }
        }
        let held: Vec<_> = taken.iter().map(|port| held(*port)).collect();
        let held = held.join(", ");
        Some(match free.first() {
            Some(uri) if taken.is_empty() => {
                FindingView::ok(Check::Ports, format!("A login would come back to {uri}."))
            }
            Some(uri) => FindingView::note(
                Check::Ports,
                format!("A login would come back to {uri}, because port {held}."),
            ),
            None if taken.is_empty() => {
                let problem = Problem::new(&RedirectError::NoLoopback.into(), &About::app(app));
                FindingView::from_problem(Check::Ports, Level::Problem, &problem)
            }
            None => {
                let error = RedirectError::PortsTaken { tried: taken };
                let mut problem = Problem::new(&error.into(), &About::app(app));
                problem.why = format!("No registered port is free: port {held}.").into();
                FindingView::from_problem(Check::Ports, Level::Problem, &problem)
            }
        })
    }
}

/// Who holds a port, as far as the system tells.
fn held(port: u16) -> String {
    match ports::holder(port) {
        Some(holder) => format!("{port} is held by {} (process {})", holder.name, holder.pid),
        None => format!("{port} is held by a program that the system does not name"),
    }
}

/// Ours against the server's, in seconds.
fn clock(ahead: i64) -> FindingView {
    let seconds = ahead.abs();
    if seconds < CLOCK_LIMIT_SECONDS {
        return FindingView::ok(Check::Clock, "The clocks of this machine and the server agree.");
    }
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    FindingView::warning(
        Check::Clock,
        format!(
            "The clock of this machine is {seconds} seconds {way} the server's, so that tokens seem to expire {}.",
            if ahead > 0 { "early" } else { "late" }
        ),
        "Set the clock, and let the system keep it right (timedatectl set-ntp true).",
    )
}

#[cfg(test)]
mod tests {
    use super::clock;
    use crate::view::Level;

    #[test]
    fn clocks_may_differ_by_less_than_a_minute() {
        for (ahead, level, word) in [
            (0, Level::Ok, "agree"),
            (59, Level::Ok, "agree"),
            (-59, Level::Ok, "agree"),
            (60, Level::Warning, "60 seconds ahead of"),
            (-3_600, Level::Warning, "3600 seconds behind"),
        ] {
            let finding = clock(ahead);
            assert_eq!(finding.level, level, "{ahead}");
            assert!(finding.what.contains(word), "{}", finding.what);
        }
    }
}
