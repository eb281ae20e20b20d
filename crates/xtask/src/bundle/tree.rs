//! The files as they lie on the user's machine.

use std::path::{Path, PathBuf};

use super::{file, packaging, read, releases, write};
use crate::command::{cargo, program};
use crate::failure::Failure;
use crate::place;

/// The file of the packages that software centers read.
pub(super) const METAINFO: &str = "app.birdkey.desktop.metainfo.xml";

/// Sizes that desktops look for.
const ICON_SIZES: [u32; 8] = [16, 24, 32, 48, 64, 128, 256, 512];

/// What goes where: a program or text, its place, its mode.
fn files() -> Vec<(PathBuf, &'static str, u32)> {
    let icon = place::root().join("src-tauri/icons/key.svg");
    vec![
        (place::shipped("birdkey"), "usr/bin/birdkey", 0o755),
        (place::released("birdkey-desktop"), "usr/bin/birdkey-desktop", 0o755),
        (packaging("birdkey.desktop"), "usr/share/applications/birdkey.desktop", 0o644),
        (packaging("copyright"), "usr/share/doc/birdkey/copyright", 0o644),
        (icon, "usr/share/icons/hicolor/scalable/apps/birdkey.svg", 0o644),
    ]
}

/// Puts everything that both packages hold below `folder`, anew.
pub(super) fn stage(folder: &Path, version: &str) -> Result<PathBuf, Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|why| file(folder, why))?;
    }
    for (from, to, mode) in files() {
        put(&from, &folder.join(to), mode)?;
    }
    for size in ICON_SIZES {
        icon(folder, size)?;
    }
    metainfo(folder, version)?;
    manual(folder)?;
    completions(folder)?;
    third_party(folder)?;
    Ok(folder.to_owned())
}

/// What software centers show, with the releases of the changelog.
fn metainfo(folder: &Path, version: &str) -> Result<(), Failure> {
    let to = folder.join("usr/share/metainfo").join(METAINFO);
    above(&to)?;
    write(&to, template(METAINFO, &[("releases", &releases::metainfo(version)?)])?)?;
    allow(&to, 0o644)
}

pub(super) fn put(from: &Path, to: &Path, mode: u32) -> Result<(), Failure> {
    above(to)?;
    std::fs::copy(from, to).map_err(|why| file(from, why))?;
    allow(to, mode)
}

/// Makes the folder of a file; whatever the user's mask is, others may read it.
fn above(path: &Path) -> Result<(), Failure> {
    let Some(parent) = path.parent() else { return Ok(()) };
    std::fs::create_dir_all(parent).map_err(|why| file(parent, why))?;
    let mut folders = parent.ancestors().take_while(|folder| !folder.ends_with("bundle"));
    folders.try_for_each(|folder| allow(folder, 0o755))
}

#[cfg(unix)]
fn allow(path: &Path, mode: u32) -> Result<(), Failure> {
    let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(path, mode).map_err(|why| file(path, why))
}

/// Elsewhere neither package is built, but this program is.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the other can fail")]
fn allow(_path: &Path, _mode: u32) -> Result<(), Failure> {
    Ok(())
}

fn icon(folder: &Path, size: u32) -> Result<(), Failure> {
    let to = folder.join(format!("usr/share/icons/hicolor/{size}x{size}/apps/birdkey.png"));
    above(&to)?;
    let (pixels, svg) = (size.to_string(), place::root().join("src-tauri/icons/key.svg"));
    let (svg, png) = (svg.display().to_string(), to.display().to_string());
    let line = ["--width", &pixels, "--height", &pixels, "--output", &png, &svg];
    quietly("rsvg-convert", &line)?;
    allow(&to, 0o644)
}

/// The pages of the command are written from its arguments.
fn manual(folder: &Path) -> Result<(), Failure> {
    let pages = folder.join("usr/share/man/man1");
    put(&packaging("birdkey-desktop.1"), &pages.join("birdkey-desktop.1"), 0o644)?;
    let written = program(place::released("manual"), &[&pages.display().to_string()]).output();
    written.ok_or(Failure::Failed { name: "manual".into(), code: None })?;
    for page in std::fs::read_dir(&pages).map_err(|why| file(&pages, why))?.flatten() {
        compressed(&page.path())?;
    }
    Ok(())
}

fn completions(folder: &Path) -> Result<(), Failure> {
    for (shell, to) in [
        ("bash", "usr/share/bash-completion/completions/birdkey"),
        ("zsh", "usr/share/zsh/vendor-completions/_birdkey"),
        ("fish", "usr/share/fish/vendor_completions.d/birdkey.fish"),
    ] {
        let script = program(place::shipped("birdkey"), &["completions", shell]).output();
        let script = script.ok_or(Failure::Failed { name: "completions".into(), code: None })?;
        let to = folder.join(to);
        above(&to)?;
        write(&to, script)?;
        allow(&to, 0o644)?;
    }
    Ok(())
}

/// The libraries inside both programs, with their licenses; compressed as Debian wants documents.
fn third_party(folder: &Path) -> Result<(), Failure> {
    let tree = ["tree", "--locked", "-e", "normal", "--prefix", "none", "--format", "{p}\t{l}"];
    let programs = ["-p", "birdkey-cli", "-p", "birdkey-desktop"];
    let listed = cargo(&[&tree[..], &programs].concat()).output().unwrap_or_default();
    let mut lines: Vec<String> = listed.lines().filter_map(library).collect();
    lines.sort();
    lines.dedup();
    let to = folder.join("usr/share/doc/birdkey/third-party.txt");
    let heading = "The libraries inside birdkey and birdkey-desktop, and their licenses.\n\
                   Their sources, with the full texts, are at https://crates.io by name and version.\n\n";
    write(&to, format!("{heading}{}\n", lines.join("\n")))?;
    compressed(&to)
}

/// A line of `cargo tree` without the mark of what was listed before; our own crates have a path.
fn library(line: &str) -> Option<String> {
    let (package, license) = line.split_once('\t')?;
    let license = license.trim_end_matches(" (*)");
    let package = package.trim_end_matches(" (proc-macro)");
    (!package.contains(" (/")).then(|| format!("{package}: {license}"))
}

/// Compresses a document in its place; without a name and time inside, so that builds are alike.
pub(super) fn compressed(path: &Path) -> Result<(), Failure> {
    let name = path.display().to_string();
    quietly("gzip", &["--best", "--no-name", "--force", &name])?;
    allow(Path::new(&format!("{name}.gz")), 0o644)
}

fn quietly(name: &str, arguments: &[&str]) -> Result<(), Failure> {
    let done = program(name, arguments).output();
    done.map(drop).ok_or(Failure::Failed { name: name.to_owned(), code: None })
}

/// Every file of the tree, relative to it, sorted.
pub(super) fn listed(tree: &Path) -> Result<Vec<String>, Failure> {
    let top = tree.display().to_string();
    let all = program("find", &[&top, "-type", "f", "-printf", "%P\\n"]).output();
    let all = all.ok_or(Failure::Failed { name: "find".into(), code: None })?;
    let mut all: Vec<String> = all.lines().map(str::to_owned).collect();
    all.sort();
    Ok(all)
}

/// A text with `{{name}}` replaced.
pub(super) fn filled(text: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{{{name}}}}}"), value)
    })
}

/// Reads a template of `src-tauri/packaging` and fills it.
pub(super) fn template(name: &str, values: &[(&str, &str)]) -> Result<String, Failure> {
    Ok(filled(&read(&packaging(name))?, values))
}

#[cfg(test)]
mod tests {
    use super::{filled, library};

    #[test]
    fn libraries_are_listed_once_with_their_license() {
        let table = [
            ("serde v1.0.229\tMIT OR Apache-2.0", Some("serde v1.0.229: MIT OR Apache-2.0")),
            ("serde v1.0.229\tMIT OR Apache-2.0 (*)", Some("serde v1.0.229: MIT OR Apache-2.0")),
            ("serde_derive v1.0.229 (proc-macro)\tMIT", Some("serde_derive v1.0.229: MIT")),
            ("birdkey v0.1.0 (/home/a/birdkey)\tMIT", None),
            ("", None),
        ];
        for (line, expected) in table {
            assert_eq!(library(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn a_template_is_filled() {
        assert_eq!(filled("a {{b}} {{c}}", &[("b", "1"), ("c", "2")]), "a 1 2");
    }
}
