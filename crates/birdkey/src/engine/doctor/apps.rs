//! An app: its registration at the server, and the way the browser comes back.

use birdkey_messages::{Words, words};

use super::super::Engine;
use super::Servers;
use crate::effects::loopback::RedirectError;
use crate::effects::ports;
use crate::failure::Failure;
use crate::model::app::App;
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
                words!("doctor.redirect_uris.all", host = &view.host, all = all),
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
            None => FindingView::ok(Check::Registration, words!("doctor.registration.ok")),
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
            match self.context.effects.redirects.listen(std::slice::from_ref(uri)).await {
                Ok(listener) => free.push(listener.redirect_uri().to_owned()),
                Err(RedirectError::PortsTaken { tried }) => taken.extend(tried),
                Err(RedirectError::NoLoopback) => {}
                Err(error) => {
                    let problem = Problem::new(&error.into(), &About::app(app));
                    return Some(FindingView::from_problem(Check::Ports, Level::Problem, &problem));
                }
            }
        }
        let held = Words::sentences(taken.iter().map(|port| held(*port)));
        Some(match free.first() {
            Some(uri) if taken.is_empty() => {
                FindingView::ok(Check::Ports, words!("doctor.ports.free", uri = uri))
            }
            Some(uri) => FindingView::note(
                Check::Ports,
                words!("doctor.ports.some_held", uri = uri, held = held),
            ),
            None if taken.is_empty() => {
                let problem = Problem::new(&RedirectError::NoLoopback.into(), &About::app(app));
                FindingView::from_problem(Check::Ports, Level::Problem, &problem)
            }
            None => {
                let error = RedirectError::PortsTaken { tried: taken };
                let mut problem = Problem::new(&error.into(), &About::app(app));
                problem.why = words!("doctor.ports.all_held", held = held);
                FindingView::from_problem(Check::Ports, Level::Problem, &problem)
            }
        })
    }
}

/// Who holds a port, as far as the system tells.
fn held(port: u16) -> Words {
    match ports::holder(port) {
        Some(holder) => {
            words!("doctor.ports.held", port = port, name = holder.name, pid = holder.pid)
        }
        None => words!("doctor.ports.held_by_unknown", port = port),
    }
}

/// Ours against the server's, in seconds.
fn clock(ahead: i64) -> FindingView {
    let seconds = ahead.abs();
    if seconds < CLOCK_LIMIT_SECONDS {
        return FindingView::ok(Check::Clock, words!("doctor.clock.ok"));
    }
    let seconds = seconds.unsigned_abs();
    let what = if ahead > 0 {
        words!("doctor.clock.ahead", seconds = seconds)
    } else {
        words!("doctor.clock.behind", seconds = seconds)
    };
    FindingView::warning(Check::Clock, what, words!("doctor.clock.hint"))
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
