//! What `docs/json.md` says.

use std::collections::BTreeMap;

use serde_json::Value;

/// The document. Its tables have four columns: object or command, field, type and meaning; a row
/// without the first goes on with that of the row above.
pub(super) struct Document {
    text: &'static str,
    fields: BTreeMap<String, Vec<Field>>,
}

/// One row.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) name: String,
    /// The type, without that it may be null.
    pub(super) kind: String,
    pub(super) may_be_null: bool,
    meaning: String,
}

impl Document {
    pub(super) fn read() -> Self {
        let text = include_str!("../../../../../docs/json.md");
        let mut fields: BTreeMap<String, Vec<Field>> = BTreeMap::new();
        let mut object = String::new();
        for row in text.lines().filter_map(cells) {
            let [of, name, kind, meaning] = row;
            if !of.is_empty() {
                object = of.replace('`', "");
            }
            let without_null = kind.strip_suffix(" or null");
            let field = Field {
                name: name.replace('`', ""),
                kind: without_null.unwrap_or(kind).to_owned(),
                may_be_null: without_null.is_some(),
                meaning: meaning.to_owned(),
            };
            fields.entry(object.clone()).or_default().push(field);
        }
        Self { text, fields }
    }

    pub(super) fn text(&self) -> &'static str {
        self.text
    }

    /// The names of all objects and commands.
    pub(super) fn objects(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }

    pub(super) fn fields_of(&self, object: &str) -> Vec<Field> {
        let fields = self.fields.get(object);
        fields.unwrap_or_else(|| panic!("{object} is not in docs/json.md")).clone()
    }

    /// Every field, with its place as `object.field`.
    pub(super) fn all(&self) -> impl Iterator<Item = (String, &Field)> {
        self.fields.iter().flat_map(|(object, fields)| {
            fields.iter().map(move |field| (format!("{object}.{}", field.name), field))
        })
    }

    /// The outputs it shows.
    pub(super) fn examples<const N: usize>(&self) -> [Value; N] {
        let blocks = self.text.split("```json\n").skip(1);
        let blocks = blocks.filter_map(|block| Some(block.split_once("```")?.0));
        let blocks: Vec<_> = blocks.map(|block| serde_json::from_str(block).unwrap()).collect();
        blocks.try_into().unwrap()
    }
}

impl Field {
    /// The words in its meaning that stand in backticks, in their order.
    pub(super) fn quoted(&self) -> Vec<String> {
        self.meaning.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }
}

/// The cells of a row of a table that describes a field.
fn cells(line: &str) -> Option<[&str; 4]> {
    let row = line.strip_prefix('|')?.strip_suffix('|')?;
    let cells: [&str; 4] = row.split('|').map(str::trim).collect::<Vec<_>>().try_into().ok()?;
    cells[1].starts_with('`').then_some(cells)
}
