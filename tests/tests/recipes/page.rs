//! The page, as its reader has it: headings, and below them blocks to copy.

use std::path::{Path, PathBuf};

const PAGE: &str = "docs/recipes.md";

/// A heading and the blocks below it.
pub struct Section {
    pub heading: String,
    pub blocks: Vec<Block>,
}

/// What stands between two fences.
#[derive(Debug)]
pub struct Block {
    /// Its number in the page, for people.
    pub place: String,
    pub language: String,
    pub text: String,
}

impl Block {
    /// The text, with what the reader has to put in; each must be there.
    pub fn with(&self, replaced: &[(&str, &str)]) -> String {
        replaced.iter().fold(self.text.clone(), |text, (from, to)| {
            assert!(text.contains(from), "{} does not say {from}", self.place);
            text.replace(from, to)
        })
    }
}

/// The top of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All sections, also those without a block.
pub fn sections() -> Vec<Section> {
    let text = std::fs::read_to_string(root().join(PAGE)).unwrap();
    let mut sections = vec![Section { heading: "before the first heading".into(), blocks: vec![] }];
    let mut open: Option<Block> = None;
    let mut count = 0;
    for line in text.lines() {
        let fence = line.trim_start().strip_prefix("```");
        match (fence, open.take()) {
            (Some(language), None) => {
                count += 1;
                let heading = &sections.last().unwrap().heading;
                let place = format!("block {count} of {PAGE}, in “{heading}”,");
                open = Some(Block { place, language: language.to_owned(), text: String::new() });
            }
            (Some(_), Some(block)) => sections.last_mut().unwrap().blocks.push(block),
            (None, Some(mut block)) => {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            }
            (None, None) => sections.extend(heading(line)),
        }
    }
    assert!(open.is_none(), "the last block of {PAGE} has no end");
    sections
}

fn heading(line: &str) -> Option<Section> {
    let heading = line.strip_prefix('#')?.trim_start_matches('#').trim().to_owned();
    Some(Section { heading, blocks: Vec::new() })
}

/// All blocks below a heading: as many as its test runs.
pub fn blocks<const N: usize>(heading: &str) -> [Block; N] {
    let section = sections().into_iter().find(|section| section.heading == heading);
    let section = section.unwrap_or_else(|| panic!("{PAGE} has no heading “{heading}”"));
    if let Some(beyond) = section.blocks.get(N) {
        panic!("{} is run by no test", beyond.place);
    }
    let found = section.blocks.len();
    let blocks = section.blocks.try_into();
    blocks.unwrap_or_else(|_| panic!("“{heading}” of {PAGE} has {found} of {N} blocks"))
}
