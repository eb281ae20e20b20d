//! Which module imports which: only from below, and in no circle.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{production, tokens};

/// The modules of the engine from the ground up; each may import those before it. The use cases are
/// named one by one, so that a login, a refresh and a logout know nothing of each other.
const ENGINE: [&str; 22] = [
    "model",
    "effects",
    "store",
    "failure",
    "problem",
    "use_cases::context",
    "use_cases::choose",
    "use_cases::locks",
    "use_cases::grants",
    "use_cases::refresh",
    "use_cases::identity::profile",
    "use_cases::revocation",
    "use_cases::identity",
    "use_cases::logout",
    "use_cases::login",
    "use_cases::unfinished",
    "use_cases::token",
    "use_cases::import",
    "use_cases::move_vault",
    "use_cases::elsewhere",
    "use_cases::record",
    "view",
];

/// The top of the engine.
const FACADE: &str = "engine";

/// Circles that stay, as one of their imports, and why.
const ALLOWED: [(&str, &str, &str, &str); 0] = [];

#[test]
fn modules_of_the_engine_import_from_below_alone() {
    let floors: Vec<&str> = ENGINE.into_iter().chain([FACADE]).collect();
    let floor = |path: &str| {
        let within = |room: &&str| path == *room || path.starts_with(&format!("{room}::"));
        let named = floors.iter().enumerate().filter(|(_, room)| within(room));
        named.max_by_key(|(_, room)| room.len()).map(|(at, _)| at)
    };
    let mut upward = Vec::new();
    for (from, to) in imports_of("crates/birdkey/src/") {
        // The top re-exports, and the fuzz targets reach in from outside.
        let (Some(here), from_top) = (floor(&from), from.is_empty() || from == "fuzzing") else {
            if !["", "fuzzing", "use_cases"].contains(&from.as_str()) {
                upward.push(format!("{from} stands on no floor"));
            }
            continue;
        };
        match floor(&to) {
            Some(there) if there > here && !from_top => upward.push(format!("{from} -> {to}")),
            Some(_) => {}
            None if to == "protocol" || to.starts_with("protocol::") => {}
            None => upward.push(format!("{from} -> {to}, which is on no floor")),
        }
    }
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn no_crate_has_a_circle_of_modules() {
    let mut circles = Vec::new();
    for root in roots() {
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in imports_of(&root) {
            let (from, to) = (room(&from), room(&to));
            let allowed =
                ALLOWED.iter().any(|(krate, a, b, _)| root == *krate && from == *a && to == *b);
            if !from.is_empty() && from != to && !allowed {
                imports.entry(from.to_owned()).or_default().insert(to.to_owned());
            }
        }
        circles.extend(circle(&imports).map(|circle| format!("{root}: {}", circle.join(" -> "))));
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

/// The folders of sources of our crates.
fn roots() -> BTreeSet<String> {
    let files = production().keys();
    files
        .filter_map(|path| path.split_once("/src/").map(|(krate, _)| format!("{krate}/src/")))
        .collect()
}

/// The topmost module of a path.
fn room(path: &str) -> &str {
    path.split("::").next().unwrap_or_default()
}

/// A circle among modules, if there is one.
fn circle(imports: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut known = BTreeSet::new();
    imports.keys().find_map(|start| back_to_one(imports, start, &mut Vec::new(), &mut known))
}

fn back_to_one(
    imports: &BTreeMap<String, BTreeSet<String>>,
    at: &str,
    way: &mut Vec<String>,
    known: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(begin) = way.iter().position(|one| one == at) {
        return Some(way[begin..].iter().cloned().chain([at.to_owned()]).collect());
    }
    if !known.insert(at.to_owned()) {
        return None;
    }
    way.push(at.to_owned());
    let found = imports.get(at).into_iter().flatten();
    let found = found.into_iter().find_map(|next| back_to_one(imports, next, way, known));
    way.pop();
    found
}

/// Each import below a folder of sources: the module that imports, and the path it names in its crate.
fn imports_of(root: &str) -> Vec<(String, String)> {
    let files = production().iter().filter_map(|(path, text)| {
        let module = path.strip_prefix(root)?.strip_suffix(".rs")?.replace('/', "::");
        let module = module.strip_suffix("mod").map_or(module.as_str(), |rest| rest);
        Some((module.trim_end_matches("::").to_owned(), text))
    });
    files
        .flat_map(|(module, text)| {
            let module = if ["lib", "main"].contains(&module.as_str()) { "" } else { &module };
            let named = paths_named(module, text).into_iter();
            named.map(|path| (module.to_owned(), path)).collect::<Vec<_>>()
        })
        .collect()
}

/// Every path of its own crate that a module names, by `crate::` or `super::`, in `use` or elsewhere.
fn paths_named(module: &str, text: &str) -> Vec<String> {
    let words: Vec<&str> = tokens(text).into_iter().map(|(_, word)| word).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let follows = |at: usize| words.get(at + 1..at + 3) == Some(&[":", ":"]);
        let is_first = at < 2 || words[at - 2..at] != [":", ":"];
        if !(is_first && follows(at)) {
            at += 1;
            continue;
        }
        let mut base: Vec<&str> = module.split("::").filter(|name| !name.is_empty()).collect();
        match words[at] {
            "crate" => base.clear(),
            "super" => {
                while words[at] == "super" && follows(at) {
                    base.pop();
                    at += 3;
                }
                at -= 3;
            }
            _ => {
                at += 1;
                continue;
            }
        }
        at = branches(&words, at + 3, base, &mut found);
    }
    found
}

/// Reads the rest of a path, or the tree of a `use`; where it ends.
fn branches<'a>(
    words: &[&'a str],
    mut at: usize,
    mut path: Vec<&'a str>,
    found: &mut Vec<String>,
) -> usize {
    while let Some(word) = words.get(at) {
        if *word == "{" {
            at += 1;
            while words.get(at).is_some_and(|word| *word != "}") {
                at = branches(words, at, path.clone(), found);
                while words.get(at).is_some_and(|word| ![",", "}"].contains(word)) {
                    at += 1;
                }
                at += usize::from(words.get(at) == Some(&","));
            }
            return at + 1;
        }
        if *word != "self" && *word != "*" {
            path.push(word);
        }
        at += 1;
        if words.get(at..at + 2) != Some(&[":", ":"]) {
            break;
        }
        at += 2;
    }
    found.push(path.join("::"));
    at
}

#[test]
fn the_paths_of_a_module_are_read_as_the_compiler_reads_them() {
    let table = [
        (
            "a::b",
            "use crate::c::{self, d::{E, f}, g as h};",
            vec!["c", "c::d::E", "c::d::f", "c::g"],
        ),
        ("a::b", "use super::c; fn d() { super::super::e::f(1) }", vec!["a::c", "e::f"]),
        ("", "pub use crate::a::*; // crate::b", vec!["a"]),
        ("a", "fn b(c: crate::d::E<'_>) { x::crate_::f(); }", vec!["d::E"]),
    ];
    for (module, text, expected) in table {
        assert_eq!(paths_named(module, text), expected, "{text}");
    }
}

#[test]
fn a_circle_is_found_and_a_staircase_is_none() {
    let graph = |pairs: &[(&str, &str)]| {
        let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in pairs {
            imports.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        circle(&imports)
    };
    assert_eq!(graph(&[("c", "b"), ("c", "a"), ("b", "a")]), None);
    let found = graph(&[("a", "b"), ("b", "c"), ("c", "b")]);
    assert_eq!(found.unwrap(), ["b", "c", "b"]);
}
