//! Every kept input, as a plain test.

use birdkey_fuzz::{TARGETS, corpus};

#[test]
fn every_kept_input_holds() {
    let mut failed = Vec::new();
    for target in TARGETS {
        let inputs = corpus::of(target.name);
        assert!(inputs.len() >= 5, "{}: {} inputs", target.name, inputs.len());
        for (name, text) in inputs {
            if std::panic::catch_unwind(|| (target.run)(&text)).is_err() {
                failed.push(format!("fuzz/corpus/{}/{name}", target.name));
            }
        }
    }
    assert!(failed.is_empty(), "these inputs don't hold, see above: {failed:#?}");
}

#[test]
fn every_folder_of_the_corpus_has_its_target() {
    let mut folders: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/corpus"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut targets: Vec<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    folders.sort();
    targets.sort();
    assert_eq!(folders, targets);
}
