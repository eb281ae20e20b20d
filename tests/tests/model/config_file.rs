//! A person at work on `config.toml`.

use std::path::PathBuf;

use crate::machine::Machine;

/// What a line of a section that is commented out begins with.
const OUT: &str = "#~ ";

/// One edit by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Comments the app's section out, or puts it back.
    Toggle,
    /// Mistypes the host of the revocation address (of the server, where there is but one address).
    TypoInHost,
    /// Mistypes the path of the revocation address.
    TypoInPath,
    /// Puts everything right that was mistyped.
    Correct,
    /// Adds a comment of one's own above the app's section, and a key that no program knows.
    Remark,
}

impl Machine {
    fn config(&self) -> PathBuf {
        self.root().join("config/config.toml")
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.config()).unwrap_or_default()
    }

    fn write(&self, text: &str) {
        std::fs::create_dir_all(self.config().parent().unwrap()).unwrap();
        std::fs::write(self.config(), text).unwrap();
    }

    /// The app whose section is there, commented out or not.
    pub fn app(&self) -> Option<String> {
        let text = self.text();
        let header = text.lines().find_map(|line| {
            line.trim_start_matches(OUT).strip_prefix("[apps.")?.strip_suffix(']')
        });
        header.map(str::to_owned)
    }

    pub fn is_commented_out(&self) -> bool {
        self.text().lines().any(|line| line.starts_with(OUT))
    }

    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Toggle if self.is_commented_out() => {
                let text = self.text();
                let lines = text.lines().map(|line| line.strip_prefix(OUT).unwrap_or(line));
                self.write(&joined(lines.map(str::to_owned)));
            }
            Edit::Toggle => self.comment_out(),
            Edit::TypoInHost => {
                self.mistype(
                    "revoke_url = \"https://plain.example/",
                    "revoke_url = \"https://plian.example/",
                );
                self.mistype(
                    "address = \"http://127.0.0.1:8730",
                    "address = \"http://127.0.0.1:8370",
                );
            }
            Edit::TypoInPath => {
                self.mistype("plain.example/revoke\"", "plain.example/revoek\"");
            }
            Edit::Correct => {
                let mut text = self.text();
                for (wrong, right) in std::mem::take(&mut self.typos) {
                    text = text.replace(&wrong, &right);
                }
                self.write(&text);
            }
            Edit::Remark => self.remark(),
        }
    }

    /// Puts the whole file right.
    pub fn restore_config(&mut self) {
        if self.is_commented_out() {
            self.edit(Edit::Toggle);
        }
        self.edit(Edit::Correct);
    }

    /// What a person writes into a new file: comments and keys that no program knows.
    pub fn plant(&mut self) {
        let text = self.text();
        let text = format!(
            "# marker-first\n{text}color = \"marker-in-app\" # marker-behind\n\n\
             [notes]\n# marker-in-notes\nkeep = \"marker-kept\"\n# marker-last\n"
        );
        self.write(&text);
        let app = self.app();
        let of_app = ["marker-in-app", "marker-behind"].map(|it| (it.to_owned(), app.clone()));
        let others = ["marker-first", "marker-in-notes", "marker-kept", "marker-last"];
        self.markers.extend(of_app);
        self.markers.extend(others.map(|it| (it.to_owned(), None)));
    }

    /// The texts that are gone although nobody removed them.
    pub fn lost_markers(&mut self) -> Vec<String> {
        let (text, app) = (self.text(), self.app());
        self.markers.retain(|(_, of)| of.is_none() || *of == app);
        let lost = self.markers.iter().filter(|(marker, _)| !text.contains(marker));
        lost.map(|(marker, _)| marker.clone()).collect()
    }

    fn comment_out(&self) {
        let mut inside = false;
        let text = self.text();
        let lines = text.lines().map(|line| {
            if line.starts_with('[') {
                inside = line.starts_with("[apps.");
            }
            let comment = line.is_empty() || line.starts_with('#');
            if inside && !comment { format!("{OUT}{line}") } else { line.to_owned() }
        });
        self.write(&joined(lines));
    }

    fn mistype(&mut self, right: &str, wrong: &str) {
        let text = self.text();
        if text.contains(right) {
            self.write(&text.replace(right, wrong));
            self.typos.push((wrong.to_owned(), right.to_owned()));
        }
    }

    fn remark(&mut self) {
        let number = self.markers.len();
        let (above, key) = (format!("marker-above-{number}"), format!("marker-key-{number}"));
        let text = self.text();
        let at = text.find("[apps.").map_or(text.len(), |at| {
            // Where a line begins, also when it is commented out.
            text[..at].rfind('\n').map_or(0, |end| end + 1)
        });
        let (before, behind) = text.split_at(at);
        let text = format!("{before}# {above}\n\n{behind}");
        self.write(&text.replace("[notes]\n", &format!("[notes]\nkey_{number} = \"{key}\"\n")));
        self.markers.extend([(above, None), (key, None)]);
    }
}

fn joined(lines: impl Iterator<Item = String>) -> String {
    lines.map(|line| line + "\n").collect()
}
