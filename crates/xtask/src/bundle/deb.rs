//! The deb, by `dpkg-deb`.

use std::path::{Path, PathBuf};

use super::{file, packaging, releases, text, tree, write};
use crate::command::program;
use crate::failure::Failure;

/// Loaded at run time, so that the linker knows nothing of it.
const LOADED_LATER: &str = "libayatana-appindicator3-1";

/// Builds `birdkey_VERSION_ARCHITECTURE.deb` in `folder`.
pub(super) fn build(folder: &Path, tree: &Path, version: &str) -> Result<PathBuf, Failure> {
    changelog(tree, version)?;
    let overrides = tree.join("usr/share/lintian/overrides/birdkey");
    tree::put(&packaging("lintian-overrides"), &overrides, 0o644)?;
    let architecture = program("dpkg", &["--print-architecture"]).output().unwrap_or_default();
    let architecture = architecture.trim();
    let control = tree.join("DEBIAN");
    std::fs::create_dir_all(&control).map_err(|why| file(&control, why))?;
    write(
        &control.join("control"),
        tree::template(
            "control",
            &[
                ("version", version),
                ("architecture", architecture),
                ("size", &kibibytes(tree)),
                ("depends", &depends(folder)?),
                ("description", &description()?),
            ],
        )?,
    )?;
    write(&control.join("md5sums"), md5sums(tree)?)?;
    let deb = folder.join(format!("birdkey_{version}_{architecture}.deb"));
    let (from, to) = (tree.display().to_string(), deb.display().to_string());
    let line = ["--root-owner-group", "-Zxz", "-z9", "-Sextreme", "--build", &from, &to];
    program("dpkg-deb", &line).run("deb")?;
    // They are the deb's alone.
    for folder in [control, tree.join("usr/share/lintian")] {
        std::fs::remove_dir_all(&folder).map_err(|why| file(&folder, why))?;
    }
    Ok(deb)
}

fn changelog(tree: &Path, version: &str) -> Result<(), Failure> {
    let to = tree.join("usr/share/doc/birdkey/changelog");
    write(&to, releases::debian(version)?)?;
    tree::compressed(&to)
}

/// What the linker says that both programs need, in the words of the system's packages.
fn depends(folder: &Path) -> Result<String, Failure> {
    // The tool wants to be called where a source package lies.
    let source = folder.join("debian");
    std::fs::create_dir_all(&source).map_err(|why| file(&source, why))?;
    let control = source.join("control");
    std::fs::copy(packaging("control.source"), &control).map_err(|why| file(&control, why))?;
    let programs = ["tree/usr/bin/birdkey", "tree/usr/bin/birdkey-desktop"];
    let found =
        program("dpkg-shlibdeps", &[&["-O", "--ignore-missing-info"], &programs[..]].concat());
    let found = found.within(folder).output().unwrap_or_default();
    let Some(found) = found.trim().strip_prefix("shlibs:Depends=") else {
        return Err(Failure::Failed { name: "dpkg-shlibdeps".into(), code: None });
    };
    Ok(format!("{found}, {LOADED_LATER}"))
}

fn kibibytes(tree: &Path) -> String {
    let total = program("du", &["-sk", "--apparent-size", &tree.display().to_string()]).output();
    let total = total.unwrap_or_default();
    total.split_whitespace().next().unwrap_or("0").to_owned()
}

/// Each line indented, empty ones with a dot.
fn description() -> Result<String, Failure> {
    let lines = text("description")?;
    let line = |line: &str| if line.is_empty() { " .".to_owned() } else { format!(" {line}") };
    Ok(lines.lines().map(line).collect::<Vec<_>>().join("\n"))
}

fn md5sums(tree: &Path) -> Result<String, Failure> {
    let files = tree::listed(tree)?;
    let files: Vec<&str> =
        files.iter().map(String::as_str).filter(|file| !file.starts_with("DEBIAN/")).collect();
    let sums = program("md5sum", &files).within(tree).output();
    sums.ok_or(Failure::Failed { name: "md5sum".into(), code: None })
}
