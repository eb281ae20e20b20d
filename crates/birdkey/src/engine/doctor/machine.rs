//! Files, folders, browser and network of this machine.

use std::path::Path;

use birdkey_messages::words;

use super::super::Engine;
use crate::effects::files::OurFile;
use crate::effects::process::on_the_path;
use crate::effects::{files, lock};
use crate::problem::{Code, Problem};
use crate::view::{Check, FindingView, Level};

/// What scripts call.
const COMMAND: &str = "birdkey";

/// What is counted in a file.
#[derive(Clone, Copy)]
enum Listed {
    Apps,
    Accounts,
}

impl Engine {
    pub(super) fn examine_files(&self) -> Vec<FindingView> {
        let folders = &self.context.folders;
        let apps = self.config().map(|config| config.apps.len());
        let accounts = self.accounts().map(|list| list.accounts.len());
        let mut findings = vec![
            self.counted(&OurFile::config(&folders.config), Listed::Apps, apps),
            self.counted(&OurFile::accounts(&folders.data), Listed::Accounts, accounts),
        ];
        if let Err(error) = files::try_writing(&folders.data) {
            let problem = self.problem(&error.into(), None);
            findings.push(FindingView::from_problem(Check::Files, Level::Problem, &problem));
        }
        findings.extend(self.examine_locks());
        findings.extend(self.open_folders().into_iter().map(|folder| self.too_open(folder)));
        findings
    }

    /// Refreshes of one account take turns by locks on files.
    fn examine_locks(&self) -> Option<FindingView> {
        let data = &self.context.folders.data;
        let (folder, hint) = (self.shown(data), words!("doctor.files.no_locks.hint"));
        let error = match lock::work_in(data) {
            Ok(true) => return None,
            Ok(false) => {
                let what = words!("doctor.files.no_locks", folder = folder);
                return Some(FindingView::warning(Check::Files, what, hint));
            }
            Err(error) => error,
        };
        let problem = if lock::is_unsupported(&error) {
            let what = words!("doctor.files.locks_refused", folder = folder);
            let why = words!("doctor.files.locks_refused.why", error = error.source.to_string());
            Problem::of(Code::FileUnusable, what, why, hint)
        } else {
            self.problem(&error.into(), None)
        };
        Some(FindingView::from_problem(Check::Files, Level::Problem, &problem))
    }

    fn counted(&self, file: &Path, listed: Listed, count: Result<usize, Problem>) -> FindingView {
        let file = self.shown(file);
        match count {
            Ok(count) => {
                let what = match listed {
                    Listed::Apps => words!("doctor.files.apps", file = file, count = count),
                    Listed::Accounts => words!("doctor.files.accounts", file = file, count = count),
                };
                FindingView::ok(Check::Files, what)
            }
            Err(problem) => FindingView::from_problem(Check::Files, Level::Problem, &problem),
        }
    }

    fn too_open(&self, folder: &Path) -> FindingView {
        let what = words!("doctor.access.open", folder = self.shown(folder));
        let hint = words!("doctor.access.hint", folder = self.shown(folder));
        FindingView::warning(Check::Access, what, hint).fixable()
    }

    fn open_folders(&self) -> Vec<&Path> {
        let folders = &self.context.folders;
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
        findings.push(match self.context.effects.browser.found() {
            Ok(program) => {
                FindingView::ok(Check::Browser, words!("doctor.browser.found", program = program))
            }
            Err(_) => FindingView::warning(
                Check::Browser,
                words!("doctor.browser.none"),
                words!("doctor.browser.hint"),
            ),
        });
        findings.push(match on_the_path(COMMAND) {
            Some(file) => {
                let file = self.shown(&file);
                FindingView::ok(Check::Command, words!("doctor.command.found", file = file))
            }
            None => FindingView::note(Check::Command, words!("doctor.command.none")),
        });
        findings.extend(self.examine_links().await);
        if !self.context.effects.http.has_network() {
            findings.push(FindingView::warning(
                Check::Network,
                words!("doctor.network.none"),
                words!("doctor.network.hint"),
            ));
        }
        findings
    }
}
