//! Removing a section of `config.toml` without the comments above it, which may be about more.

use toml_edit::{DocumentMut, Item, Table};

/// Removes the section of an app; what stands above it stays, above what comes next.
pub(super) fn remove_app(document: &mut DocumentMut, id: &str) {
    let Some(apps) = document.get_mut("apps").and_then(Item::as_table_like_mut) else { return };
    let Some(Item::Table(removed)) = apps.remove(id) else { return };
    let above = removed.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
    let Some(position) = removed.position().filter(|_| above.contains('#')) else { return };
    let above = above.trim_end_matches('\n').to_owned() + "\n";
    let next = first_after(document.as_table(), position);
    if let Some(table) = next.and_then(|next| at_position(document.as_table_mut(), next)) {
        let below = table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or("\n");
        let both = format!("{above}{below}");
        table.decor_mut().set_prefix(both);
    } else {
        let below = document.trailing().as_str().unwrap_or_default().to_owned();
        document.set_trailing(format!("{above}{below}"));
    }
}

/// The position of the first table that stands behind `position` in the file.
fn first_after(table: &Table, position: isize) -> Option<isize> {
    let tables = table.iter().filter_map(|(_, item)| item.as_table());
    let behind = tables.flat_map(|table| {
        let own = table.position().filter(|at| *at > position && !table.is_implicit());
        own.into_iter().chain(first_after(table, position))
    });
    behind.min()
}

fn at_position(table: &mut Table, position: isize) -> Option<&mut Table> {
    for (_, item) in table.iter_mut() {
        let Item::Table(table) = item else { continue };
        if table.position() == Some(position) && !table.is_implicit() {
            return Some(table);
        }
        if let Some(found) = at_position(table, position) {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_above_a_removed_section_stay_where_they_are() {
        let one = "# mine\nversion = 1\n\n# of both\n\n# of a\n[apps.a]\nname = \"a\" # gone\n";
        let two = "\n# of b\n[apps.b]\nname = \"b\"\n# last\n";
        let removed = |text: &str, id: &str| {
            let mut document: DocumentMut = text.parse().unwrap();
            remove_app(&mut document, id);
            document.to_string()
        };
        let whole = format!("{one}{two}");
        let left = removed(&whole, "a");
        assert_eq!(left, format!("# mine\nversion = 1\n\n# of both\n\n# of a\n{two}"));
        let left = removed(&whole, "b");
        assert_eq!(left, format!("{one}\n# of b\n# last\n"));
        assert_eq!(removed(one, "a"), "# mine\nversion = 1\n\n# of both\n\n# of a\n");
    }
}
