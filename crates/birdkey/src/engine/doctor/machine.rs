//! Files, folders, browser, links and network of this machine.

use std::path::Path;

use super::super::Engine;
use crate::app::App;
use crate::effects::deep_link::SCHEME;
use crate::effects::{files, link_handler};
use crate::problem::Problem;
use crate::view::{Check, FindingView, Level};

impl Engine {
    pub(super) fn examine_files(&self) -> Vec<FindingView> {
        let folders = &self.world.folders;
        let apps = self.config().map(|config| config.apps.len());
        let accounts = self.accounts().map(|list| list.accounts.len());
        let mut findings = vec![
            self.counted(&folders.config.join("config.toml"), "app", apps),
            self.counted(&folders.data.join("accounts.json"), "account", accounts),
        ];
        if let Err(error) = files::try_writing(&folders.data) {
            let problem = self.problem(&error.into(), None);
            findings.push(FindingView::from_problem(Check::Files, Level::Problem, &problem));
        }
        findings.extend(self.open_folders().into_iter().map(|folder| self.too_open(folder)));
        findings
    }

    fn counted(&self, file: &Path, what: &str, count: Result<usize, Problem>) -> FindingView {
        let file = self.shown(file);
        match count {
            Ok(1) => FindingView::ok(Check::Files, format!("{file} holds 1 {what}.")),
            Ok(count) => FindingView::ok(Check::Files, format!("{file} holds {count} {what}s.")),
            Err(problem) => FindingView::from_problem(Check::Files, Level::Problem, &problem),
        }
    }

    fn too_open(&self, folder: &Path) -> FindingView {
        let what = format!("Other users of this machine can look into {}.", self.shown(folder));
        let fix = format!("Take their rights away: chmod 700 {}", self.shown(folder));
        FindingView::warning(Check::Access, what, fix).mendable()
    }

    fn open_folders(&self) -> Vec<&Path> {
        let folders = &self.world.folders;
        let ours = [folders.config.as_path(), folders.data.as_path()];
        ours.into_iter().filter(|folder| files::is_open_to_others(folder)).collect()
    }

    pub(super) fn close_folders(&self) -> Result<(), Problem> {
        for folder in self.open_folders() {
            files::close_to_others(folder).map_err(|error| self.problem(&error.into(), None))?;
        }
        Ok(())
    }

    pub(super) async fn examine_machine(&self) -> Vec<FindingView> {
        let mut findings = Vec::new();
        findings.push(match self.world.effects.browser.found() {
            Ok(program) => {
                FindingView::ok(Check::Browser, format!("Pages are opened by {program}."))
            }
            Err(_) => FindingView::warning(
                Check::Browser,
                "No browser was found that could show the consent page.",
                "Name one in the variable BROWSER, or log in with: birdkey login --paste",
            ),
        });
        findings.extend(self.examine_links().await);
        if !self.world.effects.http.has_network() {
            findings.push(FindingView::warning(
                Check::Network,
                "This machine has no way to any other.",
                "Check the network. The sandbox works without one.",
            ));
        }
        findings
    }

    /// Who gets links matters to apps whose redirect is one.
    async fn examine_links(&self) -> Option<FindingView> {
        let handler = link_handler::of(SCHEME, &*self.world.effects.clock).await?;
        let used = self.config().is_ok_and(|config| config.apps.iter().any(App::takes_links));
        let scheme = format!("Links that begin with {SCHEME}:");
        Some(match handler.as_deref() {
            Some(entry) if entry.contains("birdkey") => {
                FindingView::ok(Check::Links, format!("{scheme} go to Birdkey ({entry})."))
            }
            Some(entry) => FindingView::warning(
                Check::Links,
                format!("{scheme} go to another program ({entry})."),
                "Start the desktop app once, or set the default in your desktop's settings.",
            ),
            None if used => FindingView::warning(
                Check::Links,
                format!("{scheme} go to nobody, and an app's login comes back by one."),
                "Start the desktop app once: it registers itself.",
            ),
            None => FindingView::note(
                Check::Links,
                format!("{scheme} go to nobody; no app needs them."),
            ),
        })
    }
}
