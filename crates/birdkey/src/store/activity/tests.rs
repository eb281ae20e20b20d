use birdkey_foreign::Foreign;

use super::*;
use crate::effects::files;
use crate::effects::process::Caller;

const HOUR_MS: i64 = 3_600_000;

fn whose(name: &str) -> Whose {
    Whose { id: Some("a1".into()), called: Some(name.into()) }
}

fn python(pid: u32) -> Caller {
    Caller { name: "python3.11".into(), pid: Some(pid) }
}

#[test]
fn hand_outs_are_counted_by_program_account_and_hour() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path();
    for pid in [7, 8, 9] {
        count(data, 10 * HOUR_MS + i64::from(pid), Counted::Token, &whose("@ada"), &python(pid));
    }
    let cron = Caller { name: "cron job/2".into(), pid: None };
    count(data, 10 * HOUR_MS + 20, Counted::Token, &whose("@ada"), &cron);
    count(data, 10 * HOUR_MS + 30, Counted::Failure("vault_locked"), &whose("@ada"), &cron);
    count(data, 11 * HOUR_MS, Counted::Token, &whose("@ada"), &python(9));
    let seen: Vec<_> = read(data)
        .into_iter()
        .map(|entry| (entry.what, entry.program.unwrap(), entry.pid, entry.count, entry.code))
        .collect();
    assert_eq!(
        seen,
        [
            (What::Token, "python3.11".into(), Some(9), 3, None),
            (What::Token, "cron job/2".into(), None, 1, None),
            (What::Failure, "cron job/2".into(), None, 1, Some("vault_locked".into())),
            (What::Token, "python3.11".into(), Some(9), 1, None),
        ]
    );
}

#[test]
fn long_names_of_people_and_programs_are_counted_too() {
    let root = tempfile::tempdir().unwrap();
    let long = "\u{540d}".repeat(60);
    let program = Caller { name: "\u{5b57}".repeat(40).into(), pid: Some(7) };
    count(root.path(), 1, Counted::Failure("vault_locked"), &whose(&long), &program);
    count(root.path(), 2, Counted::Failure("vault_locked"), &whose(&long), &program);
    let entry = read(root.path()).remove(0);
    assert_eq!((entry.account, entry.count), (Some(long.into()), 2));
    assert_eq!(entry.code.as_deref(), Some("vault_locked"));
    assert!(entry.program.unwrap().raw().starts_with('\u{5b57}'));
}

#[test]
fn an_hour_takes_no_more_than_its_file_however_often_and_by_whomever() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path();
    let counted = |program: String, at_ms: i64| {
        let by = Caller { name: Foreign::long(&program), pid: Some(7) };
        count(data, at_ms, Counted::Token, &whose("@ada"), &by);
    };
    // A full hour of as many programs, without writing each of them.
    let mut kept = Vec::new();
    for n in 0..400 {
        let program = Some(Foreign::long(&format!("p{n}").repeat(200)));
        counts::added(&mut kept, Entry { program, ..entry(n) });
    }
    files::write_soon(&files::OurFile::counts(data, 0), &log::lines(&kept)).unwrap();
    counted("one more".into(), 5);
    counted("p7".repeat(200), 6);
    let size = |hour| files::size(&files::OurFile::counts(data, hour)).unwrap();
    assert!((200_000..=256 * 1024).contains(&size(0)), "{} bytes", size(0));
    let all = read(data);
    assert_eq!(all.iter().map(|entry| entry.count).sum::<u64>(), 402, "none is lost");
    let named =
        |name: &str| all.iter().find(|one| one.program == Some(Foreign::long(name))).unwrap();
    assert_eq!((named(&"p7".repeat(200)).count, named(&"p7".repeat(200)).at_ms), (2, 6));
    assert!(named(counts::OTHERS).count > 1 && named(counts::OTHERS).account.is_none());

    counted("p7".into(), 3 * HOUR_MS);
    assert!(files::size(&files::OurFile::activity(data, 0)).unwrap() <= 256 * 1024);
    assert_eq!(read(data).iter().map(|entry| entry.count).sum::<u64>(), 403);
    for _ in 0..50 {
        counted("p7".into(), 3 * HOUR_MS);
    }
    assert!(size(3) < 300, "a loop takes one line: {} bytes", size(3));
}

/// One by an older version, or by hand, may be larger than this one lets it become.
#[test]
fn an_hour_that_is_too_large_is_closed_in_files_of_the_usual_size() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path();
    let counted = (0..6_000).map(|at_ms| Entry { program: Some("p".into()), ..entry(at_ms) });
    let lines = log::lines(&counted.collect::<Vec<_>>());
    assert!((600_000..1_000_000).contains(&lines.len()), "{} bytes", lines.len());
    files::write_soon(&files::OurFile::counts(data, 0), &lines).unwrap();

    count(data, 3 * HOUR_MS, Counted::Token, &whose("@ada"), &python(7));

    let sizes: Vec<_> =
        (0..5).filter_map(|age| files::size(&files::OurFile::activity(data, age))).collect();
    assert!(sizes.len() > 2 && sizes.iter().all(|size| *size <= 256 * 1024), "{sizes:?}");
    assert_eq!(read(data).len(), 6_001, "none is lost");
}

#[test]
fn counts_of_several_threads_add_up() {
    let root = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for at in 0..25 {
                    count(root.path(), at, Counted::Token, &whose("@ada"), &python(7));
                }
            });
        }
    });
    assert_eq!(read(root.path())[0].count, 100);
}

fn entry(at_ms: i64) -> Entry {
    let (account_id, account) = (Some("a1".into()), Some("@ada".into()));
    let what = What::Token;
    Entry { at_ms, what, account_id, account, program: None, pid: Some(7), count: 1, code: None }
}

#[test]
fn hours_that_are_over_become_lines_and_their_files_go() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path();
    for hour in [10, 10, 11, 12, 13] {
        count(data, hour * HOUR_MS, Counted::Token, &whose("@ada"), &python(7));
    }
    let hours = std::fs::read_dir(files::counts(data)).unwrap().count();
    assert_eq!(hours, 2, "this one and the one before");
    let counts: Vec<_> = read(data).iter().map(|entry| entry.count).collect();
    assert_eq!(counts, [2, 1, 1, 1]);
}

#[test]
fn a_clock_set_back_by_hours_loses_no_count() {
    let root = tempfile::tempdir().unwrap();
    for hour in [20, 5, 6] {
        count(root.path(), hour * HOUR_MS, Counted::Token, &whose("@ada"), &python(7));
    }
    assert_eq!(read(root.path()).len(), 3);
}

#[test]
fn old_lines_go_and_five_files_stay() {
    let root = tempfile::tempdir().unwrap();
    let long = Whose { called: Some(Foreign::long(&"x".repeat(4_096))), ..whose("@ada") };
    for n in 0..600 {
        note(root.path(), n, What::Login, long.clone(), None);
    }
    let files = std::fs::read_dir(folder(root.path())).unwrap();
    let files: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    assert_eq!(files.len(), 5);
    let sizes = files.iter().map(|path| std::fs::metadata(path).unwrap().len());
    assert!(sizes.max() <= Some(256 * 1024));
    let entries = read(root.path());
    assert_eq!(entries.last().unwrap().at_ms, 599, "the newest is there");
    assert!(entries.len() < 400, "{} entries", entries.len());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "puts in the way what no code of ours writes")]
fn a_folder_that_can_t_be_written_costs_the_activity_only() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(folder(root.path()), "a file in its place").unwrap();
    note(root.path(), 1, What::Login, whose("@ada"), None);
    count(root.path(), 1, Counted::Token, &whose("@ada"), &python(7));
    assert!(read(root.path()).is_empty());
}
