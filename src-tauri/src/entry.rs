//! Programs in desktop entries, for links and for the start with the session.
//!
//! Readers of entries differ: without a desktop environment `xdg-open` splits `Exec` at blanks and
//! knows no quotes, and `GLib` looks for the program before it has made `%%` a `%`. A path that needs
//! neither works with all of them, so a program elsewhere gets a link in a plain place.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager as _};

/// Writes a file of the desktop whole or not at all: a reader must never see half of it.
pub(crate) fn write(place: &Path, entry: &str) -> io::Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder)?;
    }
    let half = place.with_extension("new");
    fs::write(&half, entry)?;
    fs::rename(&half, place)
}

/// Removes a file of the desktop, if it is there.
pub(crate) fn remove(place: &Path) -> io::Result<()> {
    match fs::remove_file(place) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// The line that starts this program.
pub(crate) fn exec_line(app: &AppHandle, arguments: &str) -> io::Result<String> {
    let program = started_by(app)?;
    let link = app.path().data_dir().map_err(io::Error::other)?.join("birdkey/birdkey-desktop");
    Ok(format!("Exec={} {arguments}", word(&in_a_plain_place(&program, &link)?)?))
}

/// What a person starts: in a bundle of one file that file, not what is unpacked from it.
fn started_by(app: &AppHandle) -> io::Result<PathBuf> {
    app.env().appimage.map_or_else(std::env::current_exe, |bundle| Ok(bundle.into()))
}

/// `program`, or where its path is not plain but that of `link` is, a link to it.
fn in_a_plain_place(program: &Path, link: &Path) -> io::Result<PathBuf> {
    if is_plain(program.as_os_str()) || !is_plain(link.as_os_str()) {
        return Ok(program.to_owned());
    }
    if fs::read_link(link).is_ok_and(|target| target == program) {
        return Ok(link.to_owned());
    }
    if let Some(folder) = link.parent() {
        birdkey::effects::files::private_folder(folder).map_err(io::Error::other)?;
    }
    // A file that is no link is not ours.
    if fs::symlink_metadata(link).is_ok_and(|found| !found.is_symlink()) {
        return Ok(program.to_owned());
    }
    let new = link.with_extension("new");
    remove(&new)?;
    std::os::unix::fs::symlink(program, &new)?;
    fs::rename(&new, link)?;
    Ok(link.to_owned())
}

/// Whether every reader takes it as it is written.
fn is_plain(path: &OsStr) -> bool {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || "/._-+,:@".contains(c) || !c.is_ascii() && c.is_alphanumeric()
    };
    path.to_str().is_some_and(|path| path.chars().all(plain))
}

/// As the Desktop Entry Specification has it: quotes around, what means something escaped, and that
/// once more because it is a string of the file.
fn word(program: &Path) -> io::Result<String> {
    let not_text = || io::Error::other("the path of this program is not UTF-8");
    let path = program.to_str().ok_or_else(not_text)?;
    if is_plain(program.as_os_str()) {
        return Ok(path.to_owned());
    }
    let mut word = String::from("\"");
    for letter in path.chars() {
        match letter {
            '"' | '`' | '$' => word.extend(["\\\\", &letter.to_string()]),
            '\\' => word.push_str("\\\\\\\\"),
            '%' => word.push_str("%%"),
            '\n' => word.push_str("\\n"),
            '\t' => word.push_str("\\t"),
            '\r' => word.push_str("\\r"),
            _ => word.push(letter),
        }
    }
    Ok(word + "\"")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use gtk::glib;

    use super::{in_a_plain_place, word};

    /// What `GLib` starts for a word of `Exec`.
    fn read_back(word: &str) -> Vec<String> {
        let entry = glib::KeyFile::new();
        let text = format!("[Desktop Entry]\nExec={word} --hidden\n");
        entry.load_from_data(&text, glib::KeyFileFlags::NONE).unwrap();
        let exec = entry.string("Desktop Entry", "Exec").unwrap();
        let words = glib::shell_parse_argv(exec.replace("%%", "%")).unwrap();
        words.into_iter().map(|word| word.into_string().unwrap()).collect()
    }

    #[test]
    fn any_path_is_read_back_as_it_is_and_a_plain_one_has_no_quotes() {
        for path in [
            "/my apps/birdkey-desktop",
            "/100%/b",
            "/%u/b",
            r#"/a"b/c"#,
            "/a'b",
            "/a$HOME/`id`",
            r"/a\b\\c",
            "/tab\there",
            "/line\nend",
            "/a;b&c|d<e>(f)*?#~=[g]",
            "/grüße/b",
        ] {
            let word = word(Path::new(path)).unwrap();
            assert_eq!(read_back(&word), [path, "--hidden"], "{word}");
            assert!(!word.replace("%%", "").contains('%'), "no field code: {word}");
        }
        for plain in ["/usr/bin/birdkey-desktop", "/home/ada/Birdkey_1.0-x86+a/grüße"] {
            assert_eq!(word(Path::new(plain)).unwrap(), plain);
        }
        assert_eq!(word(Path::new("/a$b")).unwrap(), r#""/a\\$b""#);
    }

    #[test]
    fn a_program_in_an_odd_place_gets_a_link_in_a_plain_one() {
        let root = tempfile::tempdir().unwrap();
        let link = root.path().join("data/birdkey-desktop");
        for odd in ["my apps", "100%", "a\"$`\\b"] {
            let program = root.path().join(odd).join("b");
            assert_eq!(in_a_plain_place(&program, &link).unwrap(), link, "{odd}");
            assert_eq!(fs::read_link(&link).unwrap(), program, "{odd}");
        }
        let plain = root.path().join("apps/b");
        assert_eq!(in_a_plain_place(&plain, &link).unwrap(), plain, "it needs none");

        let program = root.path().join("my apps/b");
        let no_better = root.path().join("my data/birdkey-desktop");
        assert_eq!(in_a_plain_place(&program, &no_better).unwrap(), program);
        assert!(!no_better.exists(), "and makes none");
        fs::remove_file(&link).unwrap();
        fs::write(&link, "not ours").unwrap();
        assert_eq!(in_a_plain_place(&program, &link).unwrap(), program);
        assert_eq!(fs::read_to_string(&link).unwrap(), "not ours");
    }
}
