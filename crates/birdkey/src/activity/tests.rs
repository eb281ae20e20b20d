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
    let program = Caller { name: "\u{5b57}".repeat(40), pid: Some(7) };
    count(root.path(), 1, Counted::Failure("vault_locked"), &whose(&long), &program);
    count(root.path(), 2, Counted::Failure("vault_locked"), &whose(&long), &program);
    let entry = read(root.path()).remove(0);
    assert_eq!((entry.account.as_deref(), entry.count), (Some(long.as_str()), 2));
    assert_eq!(entry.code.as_deref(), Some("vault_locked"));
    assert!(entry.program.unwrap().starts_with('\u{5b57}'));
}

#[test]
fn an_hour_that_was_being_closed_when_its_program_ended_is_closed_later() {
    let root = tempfile::tempdir().unwrap();
    count(root.path(), 10 * HOUR_MS, Counted::Token, &whose("@ada"), &python(7));
    let hours = folder(root.path()).join("hours");
    std::fs::rename(hours.join("10"), hours.join("10.closing")).unwrap();
    count(root.path(), 14 * HOUR_MS, Counted::Token, &whose("@ada"), &python(7));
    assert_eq!(std::fs::read_dir(&hours).unwrap().count(), 1);
    assert_eq!(read(root.path()).len(), 2);
}

#[test]
fn hours_that_are_over_become_lines_and_their_files_go() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path();
    for hour in [10, 10, 11, 12, 13] {
        count(data, hour * HOUR_MS, Counted::Token, &whose("@ada"), &python(7));
    }
    let hours = std::fs::read_dir(folder(data).join("hours")).unwrap().count();
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
    let long = "x".repeat(4_096);
    for n in 0..600 {
        note(root.path(), n, What::Login, whose(&long), None);
    }
    let files = std::fs::read_dir(folder(root.path())).unwrap();
    let files: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    assert_eq!(files.len(), 5);
    let entries = read(root.path());
    assert_eq!(entries.last().unwrap().at_ms, 599, "the newest is there");
    assert!(entries.len() < 400, "{} entries", entries.len());
}

#[test]
fn a_folder_that_can_t_be_written_costs_the_activity_only() {
    let root = tempfile::tempdir().unwrap();
    files::write_text(&folder(root.path()), "a file in its place").unwrap();
    note(root.path(), 1, What::Login, whose("@ada"), None);
    count(root.path(), 1, Counted::Token, &whose("@ada"), &python(7));
    assert!(read(root.path()).is_empty());
}
