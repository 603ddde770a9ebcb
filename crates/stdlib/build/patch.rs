//! The declared corrections: `overlay/patches.toml`.
//!
//! A correction names the text it replaces; where the library does not hold that text exactly as
//! often as declared, the build fails, so a correction that has become void is noticed.

use crate::File;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A file or folder that is left out.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Omit {
    pub path: String,
    #[expect(dead_code, reason = "for the reader of the file; required there")]
    pub reason: String,
}

/// A substitution in one file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Patch {
    file: String,
    find: String,
    /// Where `find` only marks a beginning: the text up to and including this is replaced too.
    through: Option<String>,
    replace: String,
    #[expect(dead_code, reason = "for the reader of the file; required there")]
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrections {
    pub omit: Vec<Omit>,
    patch: Vec<Patch>,
}

impl Corrections {
    pub fn read(path: &Path) -> Result<Self, String> {
        let fail = |e: &dyn std::fmt::Display| format!("{}: {e}", path.display());
        let text = std::fs::read_to_string(path).map_err(|e| fail(&e))?;
        toml::from_str(&text).map_err(|e| fail(&e))
    }

    pub fn apply(&self, files: &mut BTreeMap<String, File>) -> Result<(), String> {
        for patch in &self.patch {
            let what = || format!("patches.toml, {}: {:?}", patch.file, patch.find);
            let file = files.get_mut(&patch.file).ok_or_else(|| format!("{}: no file", what()))?;
            let text = std::str::from_utf8(&file.source).map_err(|e| format!("{}: {e}", what()))?;
            let mut places = text.match_indices(&patch.find);
            let start = places.next().ok_or_else(|| format!("{}: not found", what()))?.0;
            if places.next().is_some() {
                return Err(format!("{}: found more than once", what()));
            }
            let mut end = start + patch.find.len();
            if let Some(through) = &patch.through {
                let rest = text[end..].find(through.as_str());
                end += rest.ok_or_else(|| format!("{}: no {through:?} after it", what()))?;
                end += through.len();
            }
            let corrected = [&text[..start], &patch.replace, &text[end..]].concat();
            file.source = corrected.into_bytes();
        }
        Ok(())
    }
}
