//! Our own files, and what of a Rust file is there without tests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

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
    path.starts_with("tests/")
        || path.contains("/tests/") && !path.contains("/src/")
        || tests.contains(path)
        || folders.any(|folder| tests.contains(folder))
}

/// The names after `prefix::` in a text that it says and does not only compare with: not those of
/// patterns, comments and strings.
pub(crate) fn names_said(prefix: &str, text: &str) -> Vec<String> {
    let mut words = vec![String::new(); 2];
    flatten(text.parse().unwrap(), &mut words);
    words.extend([String::new(), String::new()]);
    let said = words.windows(8).filter(|words| {
        let [first, before, start, colon, other, _, after, end] = words else { unreachable!() };
        let is_name = start == prefix && colon == ":" && other == ":";
        let is_pattern = after == "|" || before == "|" || after == "=" && end == ">";
        let is_compared = before == "=" && (first == "=" || first == "!");
        is_name && !is_pattern && !is_compared
    });
    said.map(|words| words[5].clone()).collect()
}

/// Our own files with one of these endings, relative to the top.
pub(crate) fn tracked(endings: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["crates", "src-tauri", "tests", "ui/src", "ui/tests"] {
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

/// Where the items lie that only tests see.
fn tests_in(text: &str) -> Vec<Range<usize>> {
    let mut gone = Vec::new();
    if text.contains("(test") {
        find_tests(text.parse().unwrap(), &mut gone);
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

/// Finds the items that only tests see, in the order of the text.
fn find_tests(stream: TokenStream, gone: &mut Vec<Range<usize>>) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if is_test_attribute(&tokens[at..]) {
            let end = end_of_item(&tokens, at + 2);
            let last = &tokens[end.min(tokens.len() - 1)];
            gone.push(token.span().byte_range().start..last.span().byte_range().end);
            at = end;
        } else if let TokenTree::Group(group) = token {
            find_tests(group.stream(), gone);
        }
        at += 1;
    }
}

/// `#[cfg(test)]`, or `#[cfg(all(test, …))]`.
fn is_test_attribute(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(hash), TokenTree::Group(group), ..] = tokens else { return false };
    let text: String = group.stream().to_string().split_whitespace().collect();
    let named = |test: &str| {
        text == format!("cfg({test})") || text.starts_with(&format!("cfg(all({test},"))
    };
    hash.as_char() == '#' && group.delimiter() == Delimiter::Bracket && named("test")
}

/// Where the item ends that begins at `at`, other attributes before it.
fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    let mut kind = None;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                let is_kind = |kinds: &[&str]| kinds.contains(&word.as_str());
                // `const fn` is a function.
                if kind.is_none() && is_kind(&ENDS_AT_SEMICOLON)
                    || kind.as_deref().is_none_or(|kind| kind == "const") && is_kind(&ENDS_AT_BRACE)
                {
                    kind = Some(word);
                }
            }
            TokenTree::Punct(mark) if mark.as_char() == ';' => return index,
            // Of a field, an arm or an element of a list.
            TokenTree::Punct(mark) if mark.as_char() == ',' && kind.is_none() => return index,
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if !kind.as_deref().is_some_and(|kind| ENDS_AT_SEMICOLON.contains(&kind)) {
                    return index;
                }
            }
            TokenTree::Punct(_) | TokenTree::Group(_) | TokenTree::Literal(_) => {}
        }
    }
    tokens.len()
}

/// All words in their order, but those of `matches!`.
fn flatten(stream: TokenStream, words: &mut Vec<String>) {
    for token in stream {
        match token {
            TokenTree::Group(_) if words.ends_with(&["matches".into(), "!".into()]) => {}
            TokenTree::Group(group) => {
                // Keeps what is inside apart from what is beside.
                words.push("(".into());
                flatten(group.stream(), words);
                words.push(")".into());
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {
                words.push(token.to_string());
            }
        }
    }
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
