//! Changing values of `config.toml` where they stand: comments, unknown keys and the order of lines stay.

use toml_edit::{Array, Item, Table, TableLike, Value};

/// Sets a value; what surrounds the one before, such as a comment behind it, stays.
pub(super) fn set(table: &mut dyn TableLike, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    let Some(Item::Value(before)) = table.get_mut(key) else {
        table.insert(key, Item::Value(value));
        return;
    };
    if let (Value::Array(before), Value::Array(wanted)) = (&*before, &value) {
        value = Value::Array(merged(before, wanted));
    }
    *value.decor_mut() = before.decor().clone();
    *before = value;
}

/// Makes a section say `now` where it said `before`, both as this program writes them; what is the
/// same in both stays as a person wrote it.
pub(super) fn change(section: &mut dyn TableLike, before: &Table, now: &Table) {
    for (key, _) in before.iter().filter(|(key, _)| !now.contains_key(key)) {
        section.remove(key);
    }
    let text = |table: &Table, key: &str| table.get(key).map(ToString::to_string);
    for (key, item) in now {
        let Some(value) = item.as_value() else { continue };
        if text(before, key) != text(now, key) {
            set(section, key, value.clone());
        }
    }
}

/// The wanted list, laid out as the one before: an entry that stays keeps its line and comments, and
/// the comments of one that goes move on to what follows it.
fn merged(before: &Array, wanted: &Array) -> Array {
    let mut entries: Vec<Value> = before.iter().cloned().collect();
    // As wide as the last of several; a single one stands right behind its bracket.
    let layout = entries.last().map(|last| last_line(prefix(last)).to_owned());
    let layout = layout.filter(|layout| !layout.is_empty());
    let mut array = before.clone();
    array.clear();
    let mut comments = String::new();
    for value in wanted {
        let same = |one: &Value| one.as_str().is_some() && one.as_str() == value.as_str();
        let entry = if let Some(found) = entries.iter().position(same) {
            comments.extend(entries.drain(..found).map(|gone| commented(&gone).to_owned()));
            let mut kept = entries.remove(0);
            let mut prefix = std::mem::take(&mut comments) + prefix(&kept);
            if prefix.is_empty() && !array.is_empty() {
                // It was the first.
                prefix.push(' ');
            }
            kept.decor_mut().set_prefix(prefix);
            kept
        } else {
            let mut added = Value::from(value.as_str().unwrap_or_default());
            if let Some(layout) = layout.as_ref().filter(|_| !array.is_empty()) {
                added.decor_mut().set_prefix(layout);
            }
            added
        };
        array.push_formatted(entry);
    }
    comments.extend(entries.iter().map(commented));
    array.set_trailing(comments + before.trailing().as_str().unwrap_or_default());
    array
}

fn prefix(value: &Value) -> &str {
    value.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default()
}

/// What stands before an entry, if it holds a comment: that of the entry before, or one above it.
fn commented(entry: &Value) -> &str {
    Some(prefix(entry)).filter(|prefix| prefix.contains('#')).unwrap_or_default()
}

fn last_line(prefix: &str) -> &str {
    prefix.rfind('\n').map_or(prefix, |at| &prefix[at..])
}

#[cfg(test)]
mod tests {
    use toml_edit::DocumentMut;

    use super::*;

    #[test]
    fn a_list_keeps_the_lines_and_comments_of_what_stays() {
        let check = |text: &str, wanted: &[&str], expected: &str| {
            let mut document: DocumentMut = text.parse().unwrap();
            let wanted: Array = wanted.iter().copied().collect();
            set(document.as_table_mut(), "a", wanted.clone());
            assert_eq!(document.to_string(), expected);
            let read: DocumentMut = document.to_string().parse().unwrap();
            let read = read["a"].as_array().unwrap().iter().map(|one| one.as_str().unwrap());
            assert_eq!(read.collect::<Array>().to_string(), wanted.to_string());
        };
        check("a = ['x', \"y\"] # of a\n", &["x", "z"], "a = ['x', \"z\"] # of a\n");
        let lines = "a = [\n  \"x\", # of x\n  \"y\", # of y\n  # the last\n  \"z\",\n]\n";
        check(
            lines,
            &["x", "z", "new"],
            "a = [\n  \"x\", # of x\n   # of y\n  # the last\n  \"z\",\n  \"new\",\n]\n",
        );
        check(lines, &["x"], "a = [\n  \"x\", # of x\n   # of y\n  # the last\n  \n]\n");
        check(lines, &["z", "x"], "a = [ # of x\n   # of y\n  # the last\n  \"z\",\n  \"x\",\n]\n");
        check("a = ['x']\n", &["z", "x"], "a = [\"z\", 'x']\n");
        check("a = []\n", &["x", "y"], "a = [\"x\", \"y\"]\n");
    }
}
