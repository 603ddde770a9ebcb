//! Which files make up the library.

use crate::File;
use crate::patch::Omit;
use std::collections::BTreeMap;
use std::path::Path;

/// Every file of `library` but those that `omit` names, then every file of `overlay`, which wins.
pub fn collect(library: &Path, overlay: &Path, omit: &[Omit]) -> Result<BTreeMap<String, File>, String> {
    let mut files = BTreeMap::new();
    walk(library, "", &mut files)?;
    for Omit { path, .. } in omit {
        let before = files.len();
        let folder = format!("{path}/");
        files.retain(|name, _| name != path && !name.starts_with(&folder));
        if files.len() == before {
            return Err(format!("patches.toml omits {path}, which the library does not have"));
        }
    }
    if let Some(licence) = files.remove("PSF-LICENSE") {
        // Under the name that `site` looks for when it sets up `license()`.
        let path = "LICENSE.txt".to_owned();
        files.insert(path.clone(), File { path, ..licence });
    }
    walk(overlay, "", &mut files)?;
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut BTreeMap<String, File>) -> Result<(), String> {
    let fail = |e: std::io::Error| format!("{}: {e}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name();
        let name = name.to_str().ok_or_else(|| format!("{name:?} is not UTF-8"))?;
        if name == "__pycache__" || name.ends_with(".pyc") {
            continue;
        }
        let path = format!("{prefix}{name}");
        if entry.path().is_dir() {
            walk(&entry.path(), &format!("{path}/"), files)?;
        } else {
            let source = std::fs::read(entry.path()).map_err(fail)?;
            files.insert(path.clone(), File { path, source, code: None });
        }
    }
    Ok(())
}
