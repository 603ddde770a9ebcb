//! Relative names, and the errors of imports.

use taipan_object::exceptions::{self, set_import_error_fields};
use taipan_object::types::traceback::PyTraceback;
use taipan_object::{Py, PyDict, PyObject, PyResult, PyStr, Python, Raised, err, id, raise};

/// The absolute name of a relative import (`resolve_name`).
pub fn resolve(py: Python, name: &PyStr, globals: Option<&PyObject>, level: i32) -> PyResult<Py<PyStr>> {
    let Some(globals) = globals.filter(|g| !g.is_none()) else {
        return Err(raise!(py, KeyError, "'__name__' not in globals"));
    };
    let Some(globals) = globals.downcast::<PyDict>() else {
        return Err(raise!(py, TypeError, "globals must be a dict"));
    };
    let package = globals.get_str(py, id!(py, "__package__"))?.filter(|p| !p.is_none());
    let spec = globals.get_str(py, id!(py, "__spec__"))?.filter(|s| !s.is_none());
    let package: Py<PyStr> = if let Some(p) = package {
        let Some(p) = p.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "package must be a string"));
        };
        Py::new_ref(p)
    } else if let Some(spec) = spec {
        let parent = spec.getattr(py, id!(py, "parent"))?;
        let Some(p) = parent.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "__spec__.parent must be a string"));
        };
        Py::new_ref(p)
    } else {
        let Some(n) = globals.get_str(py, id!(py, "__name__"))? else {
            return Err(raise!(py, KeyError, "'__name__' not in globals"));
        };
        let Some(n) = n.downcast::<PyStr>() else {
            return Err(raise!(py, TypeError, "__name__ must be a string"));
        };
        if globals.get_str(py, id!(py, "__path__"))?.is_some() {
            Py::new_ref(n)
        } else {
            let text = n.to_string_lossy();
            PyStr::new(py, text.rsplit_once('.').map_or("", |(front, _)| front))?
        }
    };
    if package.len() == 0 {
        return Err(raise!(py, ImportError, "attempted relative import with no known parent package"));
    }
    let text = package.to_string_lossy();
    let mut base: &str = &text;
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((front, _)) => base = front,
            None => return Err(raise!(py, ImportError, "attempted relative import beyond top-level package")),
        }
    }
    if name.len() == 0 {
        return PyStr::new(py, base);
    }
    PyStr::new(py, &format!("{base}.{name}"))
}

/// Cuts importlib's own frames out of the traceback of an ImportError, or of any exception that came from running the
/// module (`remove_importlib_frames`).
pub fn remove_importlib_frames(py: Python) {
    let Some(exc) = err::take(py) else { return };
    let always = exc.ty().is_subtype(exceptions::ImportError());
    if let Some(base) = exceptions::as_base(&exc) {
        let mut chunk: Vec<Py<PyTraceback>> = Vec::new();
        let mut kept: Vec<Py<PyTraceback>> = Vec::new();
        let mut tb = base.traceback.get();
        let mut any_removed = false;
        while let Some(entry) = tb {
            let next = entry.tb_next.get();
            let code_names = entry.tb_frame.get().and_then(|f| {
                // SAFETY: a traceback's frame object stands for a live frame or its copy.
                let frame = unsafe { f.f_frame.get().as_ref()? };
                let code = frame.code();
                Some((
                    code.co_filename.get()?.to_string_lossy().into_owned(),
                    code.co_name.get()?.to_string_lossy().into_owned(),
                ))
            });
            let (in_importlib, ends_chunk) = match &code_names {
                Some((file, name)) => (
                    file == "<frozen importlib._bootstrap>" || file == "<frozen importlib._bootstrap_external>",
                    name == "_call_with_frames_removed",
                ),
                None => (false, false),
            };
            if in_importlib {
                chunk.push(entry);
                if always || ends_chunk {
                    any_removed = true;
                    chunk.clear();
                }
            } else {
                kept.append(&mut chunk);
                kept.push(entry);
            }
            tb = next;
        }
        kept.append(&mut chunk);
        if any_removed {
            for pair in kept.windows(2) {
                pair[0].tb_next.set(Some(pair[1].clone()));
            }
            if let Some(last) = kept.last() {
                last.tb_next.set(None);
            }
            base.traceback.set(kept.into_iter().next());
        }
    }
    let _ = err::restore(py, exc);
}

/// "cannot import name 'x' from 'm' (path)".
#[cold]
pub fn cannot_import_name(py: Python, module: &PyObject, package: Option<&PyStr>, name: &PyStr) -> Raised {
    let shown = match package {
        Some(p) => match p.repr(py) {
            Ok(r) => r.to_string(),
            Err(raised) => return raised,
        },
        None => "'<unknown module name>'".to_owned(),
    };
    let file = match module.getattr_opt(py, id!(py, "__file__")) {
        Ok(f) => f.filter(|f| f.downcast::<PyStr>().is_some()),
        Err(raised) => return raised,
    };
    let initializing = match module.getattr_opt(py, id!(py, "__spec__")) {
        Ok(Some(spec)) => spec
            .getattr_opt(py, id!(py, "_initializing"))
            .ok()
            .flatten()
            .is_some_and(|v| v.is(taipan_object::singletons::true_())),
        Ok(None) => false,
        Err(raised) => return raised,
    };
    err::clear(py);
    let place = file
        .as_ref()
        .and_then(|f| f.downcast::<PyStr>())
        .map_or_else(|| "unknown location".to_owned(), |f| f.to_string_lossy().into_owned());
    let raised = if initializing {
        raise!(
            py,
            ImportError,
            "cannot import name '{name}' from partially initialized module {shown} (most likely due to a circular import) ({place})"
        )
    } else {
        raise!(py, ImportError, "cannot import name '{name}' from {shown} ({place})")
    };
    if let Some(exc) = err::take(py) {
        set_import_error_fields(&exc, package.map(|p| p as &PyObject), file.as_deref());
        exceptions::set_import_error_name_from(&exc, name);
        return err::restore(py, exc);
    }
    raised
}
