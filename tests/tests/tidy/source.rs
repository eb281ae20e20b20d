//! Our own files, and what of a Rust file is there without tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use ra_ap_rustc_lexer::{FrontmatterAllowed, TokenKind, tokenize};

/// What an item begins with whose end is a semicolon even where a brace comes before.
const ENDS_AT_SEMICOLON: [&str; 5] = ["use", "static", "let", "type", "const"];

/// What an item begins with whose end is a semicolon or a brace, whichever comes first.
const ENDS_AT_BRACE: [&str; 9] =
    ["fn", "mod", "struct", "enum", "union", "impl", "trait", "macro_rules", "extern"];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

pub(crate) fn rust_files() -> Vec<String> {
    tracked(&["rs"])
}

/// The Rust files that are built without tests as well, and each without its tests: all of it but the
/// items that `#[cfg(test)]` stands at.
pub(crate) fn production() -> &'static BTreeMap<String, String> {
    static PRODUCTION: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
        let mut tests = BTreeSet::new();
        let mut files = BTreeMap::new();
        for path in rust_files() {
            let text = read(&path);
            let gone = tests_in(&text);
            tests.extend(modules_among(&gone, &path, &text));
            files.insert(path, without(gone, text));
        }
        files.retain(|path, _| !is_test(path, &tests));
        files
    });
    &PRODUCTION
}

fn is_test(path: &str, tests: &BTreeSet<String>) -> bool {
    let mut folders = path.rmatch_indices('/').map(|(end, _)| &path[..end]);
    ["tests/", "fuzz/"].iter().any(|folder| path.starts_with(folder))
        || path.contains("/tests/") && !path.contains("/src/")
        || tests.contains(path)
        || folders.any(|folder| tests.contains(folder))
}

/// The names after `prefix::` in a text that it says and does not only compare with: not those of
/// patterns, comments and strings.
pub(crate) fn names_said(prefix: &str, text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut words = vec![""; 2];
    let mut at = 0;
    while let Some((_, word)) = tokens.get(at) {
        if *word == "(" && words.ends_with(&["matches", "!"]) {
            at = end_of_group(&tokens, at);
        } else {
            words.push(word);
        }
        at += 1;
    }
    words.extend(["", ""]);
    let said = words.windows(8).filter(|words| {
        let [first, before, start, colon, other, _, after, end] = **words else { unreachable!() };
        let is_name = start == prefix && colon == ":" && other == ":";
        let is_pattern = after == "|" || before == "|" || after == "=" && end == ">";
        let is_compared = before == "=" && (first == "=" || first == "!");
        is_name && !is_pattern && !is_compared
    });
    said.map(|words| words[5].to_owned()).collect()
}

/// Our own files with one of these endings, relative to the top.
pub(crate) fn tracked(endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["crates", "fuzz", "src-tauri", "tests", "ui/src", "ui/tests"] {
        collect(&root().join(folder), endings, &mut found);
    }
    found.sort();
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "node_modules", "gen", "generated"].contains(&name.as_str()) {
                collect(&path, endings, found);
            }
        } else if path.extension().is_some_and(|end| endings.iter().any(|one| end == *one)) {
            found.push(path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"));
        }
    }
}

/// What a text is made of but blanks and comments, each with its place; marks one by one.
pub(crate) fn tokens(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut found = Vec::new();
    for token in tokenize(text, FrontmatterAllowed::No) {
        let start = at;
        at += usize::try_from(token.len).unwrap();
        let is_blank = matches!(
            token.kind,
            TokenKind::Whitespace | TokenKind::LineComment { .. } | TokenKind::BlockComment { .. }
        );
        if !is_blank {
            found.push((start, &text[start..at]));
        }
    }
    found
}

/// The bracket that closes the one at `at`.
fn end_of_group(tokens: &[(usize, &str)], at: usize) -> usize {
    let mut depth = 0_usize;
    for (index, (_, word)) in tokens.iter().enumerate().skip(at) {
        match *word {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    tokens.len() - 1
}

/// Where the items lie that only tests see, in the order of the text.
fn tests_in(text: &str) -> Vec<Range<usize>> {
    let mut gone = Vec::new();
    if !text.contains("(test") {
        return gone;
    }
    let tokens = tokens(text);
    let mut at = 0;
    while at + 1 < tokens.len() {
        if (tokens[at].1, tokens[at + 1].1) == ("#", "[") {
            let close = end_of_group(&tokens, at + 1);
            if is_for_tests(&tokens[at + 2..close]) {
                let end = end_of_item(&tokens, close + 1);
                gone.push(tokens[at].0..tokens[end].0 + tokens[end].1.len());
                at = end;
            }
        }
        at += 1;
    }
    gone
}

fn without(gone: Vec<Range<usize>>, mut text: String) -> String {
    for range in gone.into_iter().rev() {
        text.replace_range(range, "");
    }
    text
}

/// The files, and the folders of files, that a file's `#[cfg(test)] mod name;` bring in.
fn modules_among(gone: &[Range<usize>], path: &str, text: &str) -> Vec<String> {
    let (folder, file) = path.rsplit_once('/').unwrap();
    let below = match file {
        "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
        other => format!("{folder}/{}", other.trim_end_matches(".rs")),
    };
    let mut found = Vec::new();
    for item in gone.iter().map(|range| &text[range.clone()]) {
        let Some((before, name)) = item.strip_suffix(';').and_then(|item| item.rsplit_once("mod "))
        else {
            continue;
        };
        let named = before.split_once("#[path = \"").and_then(|(_, rest)| rest.split_once('"'));
        match named {
            Some((file, _)) => found.push(format!("{folder}/{file}")),
            None => found.extend([format!("{below}/{name}"), format!("{below}/{name}.rs")]),
        }
    }
    found
}

/// `cfg(test)`, or `cfg(all(test, …))`.
fn is_for_tests(attribute: &[(usize, &str)]) -> bool {
    let text: String = attribute.iter().map(|(_, word)| *word).collect();
    text == "cfg(test)" || text.starts_with("cfg(all(test,")
}

/// The last token of the item that begins at `start`, other attributes before it.
fn end_of_item(tokens: &[(usize, &str)], start: usize) -> usize {
    let mut kind = "";
    let mut at = start;
    while let Some((_, word)) = tokens.get(at) {
        match *word {
            ";" => return at,
            // Of a field, an arm or an element of a list.
            "," if kind.is_empty() => return at,
            ")" | "]" | "}" => return at - 1,
            "(" | "[" => at = end_of_group(tokens, at),
            "{" => {
                at = end_of_group(tokens, at);
                if !ENDS_AT_SEMICOLON.contains(&kind) {
                    return at;
                }
            }
            word if kind.is_empty() && ENDS_AT_SEMICOLON.contains(&word) => kind = word,
            // `const fn` is a function.
            word if ["", "const"].contains(&kind) && ENDS_AT_BRACE.contains(&word) => kind = word,
            _ => {}
        }
        at += 1;
    }
    tokens.len() - 1
}

#[test]
fn what_is_only_compared_with_is_not_said() {
    let text = "fn a() -> A { let b = A::Said; A::Told(b) } // A::Comment\n fn b() { match c { A::One | A::Two => d,
        A::Three => e } if f == A::Four || matches!(g, A::Five) || g != A::Six {}; \"A::Seven\" }";
    assert_eq!(names_said("A", text), ["Said", "Told"]);
}

#[test]
fn only_the_items_of_tests_are_left_out() {
    let table = [
        ("fn a() {} #[cfg(test)] mod tests { fn b() { '}' } } fn c() {}", "fn a() {}  fn c() {}"),
        ("#[cfg(test)] mod tests; fn c() {}", " fn c() {}"),
        ("#[cfg(test)] #[path = \"x.rs\"] pub(in crate::a) mod tests; fn c() {}", " fn c() {}"),
        ("#[cfg(test)] use a::{b, c}; fn c() {}", " fn c() {}"),
        ("#[cfg(all(test, unix))] const A: [B; 2] = [B { c: 1 }, D]; fn c() {}", " fn c() {}"),
        ("#[cfg(test)] const fn a<B, C>() -> D { e } fn c() {}", " fn c() {}"),
        ("struct A { #[cfg(test)] b: C, d: E }", "struct A {  d: E }"),
        ("f(&[a, #[cfg(test)] b!(c)]);", "f(&[a, ]);"),
        ("impl A { #[cfg(test)] fn b(&self) {} fn c() {} }", "impl A {  fn c() {} }"),
        (
            "#[cfg(not(test))] fn a() {} // #[cfg(test)]\nfn b() {}",
            "#[cfg(not(test))] fn a() {} // #[cfg(test)]\nfn b() {}",
        ),
        ("#[cfg(any(test, unix))] fn a() {}", "#[cfg(any(test, unix))] fn a() {}"),
        (
            "const A: &str = \"#[cfg(test)]\"; fn b() {}",
            "const A: &str = \"#[cfg(test)]\"; fn b() {}",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(without(tests_in(text), text.into()), expected, "{text}");
    }
}
