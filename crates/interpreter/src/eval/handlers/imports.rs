//! `import`.

use super::attributes::name_at;
use super::calls::raw;
use crate::{next, op, peek, push, throw};
use taipan_object::Python;
use taipan_object::types::frame::StackRef;

op!(IMPORT_NAME(ip, sp, frame, ts, oparg) {
    // Stack: the level, the names wanted of the module.
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let (level, fromlist) = (peek!(sp, 2), peek!(sp, 1));
    let result = raw(crate::import::import_name(Python::assume(), frame, name_at(frame, oparg), fromlist.get(), level.get()));
    super::calls::close_all(sp.sub(2), 2);
    sp = sp.sub(2);
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});
op!(IMPORT_FROM(ip, sp, frame, ts, oparg) {
    frame.instr_ptr.set(ip);
    frame.stackpointer.set(sp);
    let result = raw(crate::import::import_from(Python::assume(), peek!(sp, 1).get(), name_at(frame, oparg)));
    if result.is_null() {
        throw!(ip, sp, frame, ts)
    }
    push!(sp, StackRef::steal(result));
    next!(ip, sp, frame, ts)
});
