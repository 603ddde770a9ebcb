//! The assembler: from a row of instructions to a code object.

use crate::ast::{Location, Name};
use crate::code::Names;
use crate::codegen::Metadata;
use crate::error::{CompileError, CompileResult, ErrorKind};
use crate::flowgraph::{Final, Handler, Optimized};
use crate::sequence::NEXT_LOCATION;
use taipan_bytecode::code::{
    CO_FAST_ARG_KW, CO_FAST_ARG_POS, CO_FAST_ARG_VAR, CO_FAST_CELL, CO_FAST_FREE, CO_FAST_HIDDEN, CO_FAST_LOCAL,
};
use taipan_bytecode::exception_table::{self, write_handler};
use taipan_bytecode::location::{self, LocationWriter};
use taipan_bytecode::{CodeFlags, CodeObject, Opcode, PyStr};

/// Code units from a `SEND` to its `END_SEND`.
const END_SEND_OFFSET: usize = 5;

/// Makes the code object of a unit (`_PyAssemble_MakeCodeObject`).
pub(crate) fn assemble(
    optimized: Optimized,
    metadata: &Metadata,
    flags: CodeFlags,
    filename: &PyStr,
    names: &mut Names,
) -> CompileResult<CodeObject> {
    let mut instructions = optimized.instructions;
    resolve_jumps(&mut instructions);
    resolve_next_locations(&mut instructions);
    let offsets = offsets(&instructions);
    let code = emit(&instructions, offsets.last().copied().unwrap_or(0));
    let linetable = line_table(&instructions, metadata.firstlineno);
    let exceptiontable = exception_table(&instructions, &offsets)?;
    let (localsplusnames, localspluskinds) = localsplus(metadata, optimized.nlocalsplus, flags, names);
    let anonymous = Name::from("");
    let name = metadata.name.as_ref().unwrap_or(&anonymous);
    Ok(CodeObject {
        argcount: metadata.posonlyargcount + metadata.argcount,
        posonlyargcount: metadata.posonlyargcount,
        kwonlyargcount: metadata.kwonlyargcount,
        // A frame has room for one value at least.
        stacksize: optimized.stacksize.max(1),
        flags,
        code: code.into(),
        consts: optimized.consts.into(),
        names: metadata.names.iter().map(|name| names.get(name)).collect(),
        localsplusnames,
        localspluskinds,
        filename: filename.clone(),
        name: names.get(name),
        qualname: names.get(metadata.qualname.as_ref().unwrap_or(name)),
        firstlineno: metadata.firstlineno,
        linetable,
        exceptiontable,
    })
}

/// How many code units an instruction takes, with its prefixes and caches.
fn size(instr: &Final) -> usize {
    let extended = match instr.oparg {
        0..0x100 => 0,
        0x100..0x1_0000 => 1,
        0x1_0000..0x100_0000 => 2,
        _ => 3,
    };
    extended + 1 + instr.opcode.caches()
}

/// Where each instruction begins, and behind them all where the code ends.
fn offsets(instructions: &[Final]) -> Vec<usize> {
    let mut offsets = Vec::with_capacity(instructions.len() + 1);
    let mut offset = 0;
    for instr in instructions {
        offsets.push(offset);
        offset += size(instr);
    }
    offsets.push(offset);
    offsets
}

/// Gives jumps their direction and their distance. A distance that needs a prefix makes other
/// distances longer, so that this goes on until nothing changes.
fn resolve_jumps(instructions: &mut [Final]) {
    for (at, instr) in instructions.iter_mut().enumerate() {
        let Some(target) = instr.target else { continue };
        let forward = target > at;
        instr.opcode = match instr.opcode {
            Opcode::JUMP | Opcode::JUMP_NO_INTERRUPT if forward => Opcode::JUMP_FORWARD,
            Opcode::JUMP => Opcode::JUMP_BACKWARD,
            Opcode::JUMP_NO_INTERRUPT => Opcode::JUMP_BACKWARD_NO_INTERRUPT,
            opcode => opcode,
        };
        // Where to begin decides where this ends: a jump over 255 code units is as good with a
        // prefix as without if the prefix itself is jumped over.
        instr.oparg = target as u32;
    }
    loop {
        let offsets = offsets(instructions);
        let mut changed = false;
        for (at, instr) in instructions.iter_mut().enumerate() {
            let Some(target) = instr.target else { continue };
            let before = size(instr);
            let (behind, target) = (offsets[at + 1], offsets[target]);
            let distance = if instr.opcode == Opcode::END_ASYNC_FOR {
                // For monitoring, which wants to find where the value of the `await` arrives.
                behind.saturating_sub(target + END_SEND_OFFSET)
            } else {
                behind.abs_diff(target)
            };
            instr.oparg = distance as u32;
            changed |= size(instr) != before;
        }
        if !changed {
            return;
        }
    }
}

fn resolve_next_locations(instructions: &mut [Final]) {
    let mut next = Location::NONE;
    for instr in instructions.iter_mut().rev() {
        if instr.loc == NEXT_LOCATION {
            let terminator = instr.opcode.has_jump() || instr.opcode.is_scope_exit();
            instr.loc = if terminator { Location::NONE } else { next };
        }
        next = instr.loc;
    }
}

fn emit(instructions: &[Final], units: usize) -> Vec<u8> {
    let mut code = Vec::with_capacity(units * 2);
    for instr in instructions {
        let bytes = instr.oparg.to_be_bytes();
        let first = bytes[..3].iter().position(|&byte| byte != 0).unwrap_or(3);
        for &byte in &bytes[first..3] {
            code.extend_from_slice(&[Opcode::EXTENDED_ARG.to_u8(), byte]);
        }
        code.extend_from_slice(&[instr.opcode.to_u8(), bytes[3]]);
        code.resize(code.len() + instr.opcode.caches() * 2, 0);
    }
    code
}

fn line_table(instructions: &[Final], firstlineno: i32) -> Box<[u8]> {
    let mut writer = LocationWriter::new(firstlineno);
    for instr in instructions {
        let loc = instr.loc;
        let location = location::Location {
            line: loc.lineno,
            end_line: loc.end_lineno,
            column: loc.col_offset,
            end_column: loc.end_col_offset,
        };
        writer.push(size(instr), location);
    }
    writer.finish()
}

fn exception_table(instructions: &[Final], offsets: &[usize]) -> CompileResult<Box<[u8]>> {
    let mut table = Vec::new();
    let mut start = 0;
    let mut current: Option<Handler> = None;
    let mut flush = |start: usize, end: usize, handler: Option<Handler>| {
        let Some(handler) = handler else { return Ok(()) };
        // The exception is above what is kept, and below it perhaps where it was raised.
        let depth = handler.startdepth - 1 - i64::from(handler.preserve_lasti);
        let depth = u32::try_from(depth)
            .map_err(|_| CompileError::new(ErrorKind::SystemError, "a handler without its exception"))?;
        let entry = exception_table::Handler {
            start: start as u32,
            end: end as u32,
            target: offsets[handler.index] as u32,
            depth,
            lasti: handler.preserve_lasti,
        };
        write_handler(&mut table, &entry);
        Ok(())
    };
    for (at, instr) in instructions.iter().enumerate() {
        if instr.handler.map(|handler| handler.index) != current.map(|handler| handler.index) {
            flush(start, offsets[at], current)?;
            start = offsets[at];
            current = instr.handler;
        }
    }
    flush(start, offsets[instructions.len()], current)?;
    Ok(table.into())
}

/// The names of locals, cells and free variables, with their kinds.
fn localsplus(metadata: &Metadata, count: usize, flags: CodeFlags, names: &mut Names) -> (Box<[PyStr]>, Box<[u8]>) {
    let mut all = Vec::with_capacity(count);
    let mut kinds = Vec::with_capacity(count);
    let positional = metadata.posonlyargcount;
    let by_name = positional + metadata.argcount;
    let keyword = by_name + metadata.kwonlyargcount;
    let varargs = keyword + u32::from(flags.contains(CodeFlags::VARARGS));
    let varkeywords = varargs + u32::from(flags.contains(CodeFlags::VARKEYWORDS));
    for (at, name) in metadata.varnames.iter().enumerate() {
        let at = at as u32;
        let mut kind = CO_FAST_LOCAL
            | if at < positional {
                CO_FAST_ARG_POS
            } else if at < by_name {
                CO_FAST_ARG_POS | CO_FAST_ARG_KW
            } else if at < keyword {
                CO_FAST_ARG_KW
            } else if at < varargs {
                CO_FAST_ARG_VAR | CO_FAST_ARG_POS
            } else if at < varkeywords {
                CO_FAST_ARG_VAR | CO_FAST_ARG_KW
            } else {
                0
            };
        if metadata.fasthidden.contains_key(name) {
            kind |= CO_FAST_HIDDEN;
        }
        if metadata.cellvars.contains(name) {
            kind |= CO_FAST_CELL;
        }
        all.push(names.get(name));
        kinds.push(kind);
    }
    for name in &metadata.cellvars {
        if !metadata.varnames.contains(name) {
            all.push(names.get(name));
            kinds.push(CO_FAST_CELL);
        }
    }
    for name in &metadata.freevars {
        all.push(names.get(name));
        kinds.push(CO_FAST_FREE);
    }
    (all.into(), kinds.into())
}
