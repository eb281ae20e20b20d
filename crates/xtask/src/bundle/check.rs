//! What the systems' own tools say of the packages: no error of theirs is one of ours.

use super::tree::METAINFO;
use super::{Packages, packaging};
use crate::command::program;
use crate::failure::Failure;
use crate::place;

/// Runs every tool, each to its end; the first failure is what is returned.
pub(crate) fn check(packages: &Packages) -> Result<(), Failure> {
    let (deb, rpm) = (packages.deb.display().to_string(), packages.rpm.display().to_string());
    let desktop = packaging("birdkey.desktop").display().to_string();
    let staged = place::target().join("bundle/tree/usr/share/metainfo").join(METAINFO);
    let metainfo = staged.display().to_string();
    let rules = packaging("rpmlint.toml").display().to_string();
    [
        program("lintian", &["--allow-root", "--fail-on", "error", &deb]).run("lintian"),
        program("rpmlint", &["--config", &rules, &rpm]).run("rpmlint"),
        program("desktop-file-validate", &[&desktop]).run("desktop-file-validate"),
        // It would ask the network for the pictures of other packages' stores.
        program("appstreamcli", &["validate", "--no-net", &metainfo]).run("appstreamcli"),
    ]
    .into_iter()
    .collect()
}
