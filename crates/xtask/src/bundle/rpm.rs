//! The rpm, by `rpmbuild`.

use std::path::{Path, PathBuf};

use super::{releases, text, tree, write};
use crate::command::program;
use crate::failure::Failure;

/// Builds `birdkey-VERSION-1.ARCHITECTURE.rpm` in `folder`.
pub(super) fn build(folder: &Path, tree: &Path, version: &str) -> Result<PathBuf, Failure> {
    let spec = folder.join("birdkey.spec");
    let files: Vec<String> = tree::listed(tree)?.iter().map(|file| entry(file)).collect();
    let values = [
        ("version", version),
        ("description", &text("description")?),
        ("tree", &tree.display().to_string()),
        ("files", &files.join("\n")),
        ("changelog", &releases::rpm(version)?),
    ];
    write(&spec, tree::template("birdkey.spec", &values)?)?;
    let top = format!("_topdir {}", folder.join("rpmbuild").display());
    let to = format!("_rpmdir {}", folder.display());
    let name = "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm";
    let spec = spec.display().to_string();
    let line = ["-bb", "--quiet", "--define", &top, "--define", &to, "--define", name, &spec];
    program("rpmbuild", &line).run("rpm")?;
    Ok(folder.join(format!("birdkey-{version}-1.{}.rpm", std::env::consts::ARCH)))
}

fn entry(file: &str) -> String {
    let (kind, path) = (if file.contains("/share/doc/") { "%doc " } else { "" }, file);
    format!("{kind}\"/{path}\"")
}
