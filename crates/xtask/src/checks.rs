//! What is checked without being run: the workflows, the bundler's configuration, the crates.

use crate::command::program;
use crate::failure::Failure;
use crate::setup;

/// The stage whose result changes without a change of ours.
pub(crate) const ADVISORIES: &str = "advisories";

/// What can't be run here is checked by its schema, and the workflows for what makes them unsafe too.
pub(crate) fn workflows() -> Result<(), Failure> {
    let schema = setup::tool("check-jsonschema")?;
    let workflows = ["--builtin-schema", "vendor.github-workflows"];
    let files = [
        ".github/workflows/ci.yml",
        ".github/workflows/advisories.yml",
        ".github/workflows/release.yml",
    ];
    program(&schema, &[&workflows[..], &files].concat()).run("workflows")?;
    let dependabot = ["--builtin-schema", "vendor.dependabot", ".github/dependabot.yml"];
    program(&schema, &dependabot).run("dependabot")?;
    let bundler = "ui/node_modules/@tauri-apps/cli/config.schema.json";
    let bundler = ["--regex-variant", "python", "--schemafile", bundler];
    program(&schema, &[&bundler[..], &["src-tauri/tauri.conf.json"]].concat()).run("bundler")?;
    let zizmor = ["--offline", "--no-progress", "--quiet", "--persona=auditor", ".github"];
    program(setup::tool("zizmor")?, &zizmor).run("zizmor")
}

/// Licenses, banned crates, sources and second versions of every crate, by `deny.toml`. A rule there
/// that nothing needs any more is a failure as well.
pub(crate) fn dependencies() -> Result<(), Failure> {
    let what = ["--locked", "check", "--deny", "warnings", "licenses", "bans", "sources"];
    program(setup::tool("cargo-deny")?, &what).run("cargo-deny")
}

/// What became known of the crates since they were chosen; their list has to be fetched first.
pub(crate) fn advisories() -> Result<(), Failure> {
    let cargo_deny = setup::tool("cargo-deny")?;
    if program(&cargo_deny, &["fetch", "db"]).run("fetch").is_err() {
        return Err(Failure::NotHere { why: "the list of advisories can't be fetched here" });
    }
    let what = ["--locked", "check", "--disable-fetch", "advisories"];
    program(&cargo_deny, &what).run("cargo-deny")
}
