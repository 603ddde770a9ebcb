//! Signature and documentation out of the internal docstrings of native functions: `name($self, …)\n--\n\ntext`.

use crate::{PyResult, PyStr, Python};

/// What ends the signature.
const END: &str = ")\n--\n\n";

/// Splits a docstring that starts with a signature of `name` into the signature, parentheses included, and the rest.
fn split<'a>(name: &str, doc: &'a str) -> Option<(&'a str, &'a str)> {
    let plain = name.rsplit('.').next().unwrap_or(name);
    let after_name = doc.strip_prefix(plain)?;
    if !after_name.starts_with('(') {
        return None;
    }
    let end = after_name.find(END)?;
    // A blank line before the mark means that the mark belongs to something else.
    if after_name[..end].contains("\n\n") {
        return None;
    }
    Some((&after_name[..end + 1], &after_name[end + END.len()..]))
}

/// The documentation alone.
pub fn without_signature<'a>(name: &str, doc: &'a str) -> &'a str {
    split(name, doc).map_or(doc, |(_, rest)| rest)
}

/// The signature alone.
pub fn signature<'a>(name: &str, doc: &'a str) -> Option<&'a str> {
    split(name, doc).map(|(s, _)| s)
}

/// The signature as a Python string, or None.
pub fn signature_object(py: Python, name: &str, doc: &str) -> PyResult {
    match signature(name, doc) {
        Some(s) => Ok(PyStr::new(py, s)?.into_object()),
        None => Ok(py.none()),
    }
}

/// The documentation as a Python string, or None if there is none.
pub fn doc_object(py: Python, name: &str, doc: &str) -> PyResult {
    let text = without_signature(name, doc);
    if text.is_empty() {
        return Ok(py.none());
    }
    Ok(PyStr::new(py, text)?.into_object())
}
