//! The releases of CHANGELOG.md, as each kind of package wants them.

use super::{read, version};
use crate::command::program;
use crate::failure::Failure;
use crate::place;

/// Who made them.
const MAINTAINER: &str = "The Birdkey authors <birdkey@users.noreply.github.com>";

/// The longest line of Debian's changelog.
const MAX_COLUMNS: usize = 80;

/// A release and what it changed.
#[derive(Debug, PartialEq, Eq)]
struct Release {
    version: String,
    /// As `2026-11-24`; today for what is not released.
    date: String,
    changes: Vec<String>,
}

/// Debian's changelog; the newest entry has the version that is built.
pub(super) fn debian(built: &str) -> Result<String, Failure> {
    let entry = |release: &Release| {
        let changes: Vec<_> = release.changes.iter().map(|change| wrapped(change)).collect();
        let (version, changes) = (&release.version, changes.join("\n"));
        let when = date(&release.date, "+%a, %d %b %Y %H:%M:%S +0000");
        format!(
            "birdkey ({version}) stable; urgency=medium\n\n{changes}\n\n -- {MAINTAINER}  {when}\n"
        )
    };
    Ok(releases(built)?.iter().map(entry).collect::<Vec<_>>().join("\n"))
}

/// The `%changelog` of the spec.
pub(super) fn rpm(built: &str) -> Result<String, Failure> {
    let entry = |release: &Release| {
        let when = date(&release.date, "+%a %b %d %Y");
        let changes: Vec<_> = release.changes.iter().map(|it| format!("- {it}")).collect();
        // A percent sign begins a macro there.
        let changes = changes.join("\n").replace('%', "%%");
        format!("* {when} {MAINTAINER} - {}-1\n{changes}\n", release.version)
    };
    Ok(releases(built)?.iter().map(entry).collect::<Vec<_>>().join("\n"))
}

/// The releases of the metainfo.
pub(super) fn metainfo(built: &str) -> Result<String, Failure> {
    let entry = |Release { version, date, changes }: &Release| {
        let item = |change: &String| format!("          <li>{}</li>\n", escaped(change));
        let changes: String = changes.iter().map(item).collect();
        format!(
            "    <release version=\"{version}\" date=\"{date}\">\n      <description>\n        \
             <ul>\n{changes}        </ul>\n      </description>\n    </release>"
        )
    };
    Ok(releases(built)?.iter().map(entry).collect::<Vec<_>>().join("\n"))
}

fn releases(built: &str) -> Result<Vec<Release>, Failure> {
    let text = read(&place::root().join("CHANGELOG.md"))?;
    let today = date("now", "+%Y-%m-%d");
    let mut releases = parsed(&text, &today);
    let unreleased = version()?;
    if let Some(newest) = releases.iter_mut().find(|release| release.version == unreleased) {
        built.clone_into(&mut newest.version);
    }
    Ok(releases)
}

/// Reads `## [VERSION] - DATE` and the points below, whatever heading they stand under.
fn parsed(text: &str, today: &str) -> Vec<Release> {
    let mut releases: Vec<Release> = Vec::new();
    for line in text.lines() {
        let heading = line.strip_prefix("## [").and_then(|rest| rest.split_once("] - "));
        if let Some((version, date)) = heading {
            let date = if date == "unreleased" { today } else { date }.to_owned();
            releases.push(Release { version: version.to_owned(), date, changes: Vec::new() });
        } else if let Some(change) = line.strip_prefix("- ")
            && let Some(release) = releases.last_mut()
        {
            release.changes.push(plain(change));
        }
    }
    releases
}

/// Without the marks of Markdown: of a link its words stay, of code what it says.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut rest = markdown;
    while let Some((before, link)) = rest.split_once('[') {
        let Some((words, after)) = link.split_once("](") else { break };
        let Some((_, after)) = after.split_once(')') else { break };
        text.extend([before, words]);
        rest = after;
    }
    (text + rest).replace(['`', '*'], "")
}

/// A point of Debian's changelog in lines that are not too long.
fn wrapped(change: &str) -> String {
    let mut lines = vec!["  *".to_owned()];
    for word in change.split_whitespace() {
        let fits = lines.last().is_some_and(|line| line.len() + 1 + word.len() <= MAX_COLUMNS);
        if !fits {
            lines.push("   ".to_owned());
        }
        if let Some(line) = lines.last_mut() {
            line.extend([" ", word]);
        }
    }
    lines.join("\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A date in another form, by the system's `date`, in English.
fn date(date: &str, format: &str) -> String {
    let read = program("date", &["-u", "-d", date, format]).with("LC_ALL", "C").output();
    read.unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Release, parsed, plain, wrapped};

    #[test]
    fn releases_are_read_with_their_points_alone() {
        let text = "# Changelog\n- none\n## [0.2.0] - unreleased\n### Added\n- One `x`.\n\n\
                    Prose.\n### Fixed\n- Two.\n## [0.1.0] - 2026-11-24\n- First.\n";
        let release = |version: &str, date: &str, changes: &[&str]| Release {
            version: version.into(),
            date: date.into(),
            changes: changes.iter().map(|&change| change.into()).collect(),
        };
        let expected = [
            release("0.2.0", "2026-12-01", &["One x.", "Two."]),
            release("0.1.0", "2026-11-24", &["First."]),
        ];
        assert_eq!(parsed(text, "2026-12-01"), expected);
    }

    #[test]
    fn markdown_becomes_plain_text() {
        assert_eq!(plain("See [the page](docs/a.md), `--fix` [sic]"), "See the page, --fix [sic]");
    }

    #[test]
    fn no_line_of_debians_changelog_is_too_long() {
        let text = wrapped(&"word ".repeat(50));
        assert!(text.starts_with("  * word") && text.lines().count() > 3);
        assert!(text.lines().all(|line| line.len() <= 80), "{text}");
        assert!(text.lines().skip(1).all(|line| line.starts_with("    word")), "{text}");
    }
}
