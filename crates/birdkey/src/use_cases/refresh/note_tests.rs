use super::*;

const NOW_MS: i64 = 1_000_000_000;

fn here() -> Host {
    Host { machine: "m1".into(), boot: "b1".into() }
}

fn stands(data: &Path, now_ms: i64) -> Standing {
    standing(data, "a", "s1", &here(), now_ms)
}

#[test]
fn a_note_counts_only_for_the_pair_in_the_vault() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "a", &Note::new("s0", NOW_MS, &here(), None)).unwrap();
    assert_eq!(stands(root.path(), NOW_MS), Standing::Quiet);
    assert_eq!(of_pair(root.path(), "a", "s1").unwrap(), None);
    assert!(!exists(root.path(), "a"), "the holder of the lock erases a stale one");
}

#[test]
fn the_rest_doubles_with_each_attempt_without_an_answer_up_to_ten_minutes() {
    let root = tempfile::tempdir().unwrap();
    let mut before = None;
    for expected in [30, 60, 120, 240, 480, 600, 600] {
        let note = Note::new("s1", NOW_MS, &here(), before.as_ref());
        write(root.path(), "a", &note).unwrap();
        assert_eq!(
            stands(root.path(), NOW_MS),
            Standing::Open,
            "cut off, as long as it has no end"
        );
        end(root.path(), "a", &note, Left::Unknown, None, NOW_MS);
        let left = Duration::from_secs(expected);
        assert_eq!(stands(root.path(), NOW_MS), Standing::Resting { left, doubtful: true });
        before = of_pair(root.path(), "a", "s1").unwrap();
    }
    assert_eq!(stands(root.path(), NOW_MS + 600_000), Standing::Open, "then it may be tried again");
}

#[test]
fn what_the_server_asks_for_wins_up_to_a_day() {
    let root = tempfile::tempdir().unwrap();
    let note = Note::new("s1", NOW_MS, &here(), None);
    for (asked, left, doubtful) in [
        (5, Left::Unknown, true),
        (3_600, Left::Unknown, true),
        (5, Left::Unspent, false),
        (86_400, Left::Unspent, false),
    ] {
        end(root.path(), "a", &note, left, Some(Duration::from_secs(asked)), NOW_MS);
        let expected = Standing::Resting { left: Duration::from_secs(asked), doubtful };
        assert_eq!(stands(root.path(), NOW_MS), expected);
    }
    assert_eq!(
        stands(root.path(), NOW_MS - 1),
        Standing::Quiet,
        "more than a day: a clock was set"
    );
}

#[test]
fn an_attempt_that_left_the_token_as_it_was_leaves_a_note_only_if_an_earlier_one_did_not() {
    let root = tempfile::tempdir().unwrap();
    let first = Note::new("s1", NOW_MS, &here(), None);
    write(root.path(), "a", &first).unwrap();
    end(root.path(), "a", &first, Left::Unspent, None, NOW_MS);
    assert!(!exists(root.path(), "a"));

    let second = Note::new("s1", NOW_MS, &here(), Some(&first));
    end(root.path(), "a", &second, Left::Unspent, None, NOW_MS);
    let left = Duration::from_mins(1);
    assert_eq!(stands(root.path(), NOW_MS), Standing::Resting { left, doubtful: true });
}

#[test]
fn a_note_of_another_machine_or_boot_is_left_for_the_time_of_one_request() {
    let root = tempfile::tempdir().unwrap();
    let there = Host { machine: "m2".into(), ..here() };
    let before = Host { boot: "b0".into(), ..here() };
    for host in [there, before] {
        write(root.path(), "a", &Note::new("s1", NOW_MS, &host, None)).unwrap();
        let left = Duration::from_secs(25);
        assert_eq!(stands(root.path(), NOW_MS + 10_000), Standing::Elsewhere { left });
        for later in [NOW_MS + 35_000, NOW_MS - 3_600_000] {
            assert_eq!(stands(root.path(), later), Standing::Open, "{later}");
        }
    }
}
