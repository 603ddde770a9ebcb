//! Disassembly: code objects as text, laid out as by Python's `dis` module.
//!
//! Only the way code objects are shown differs: without address and file, so that the text of a
//! program is always the same.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use crate::code::{CodeObject, PyStr};
use crate::opcode::{Opcode, Opcode::*};
use crate::operand::{
    BinaryOp, COMPARE_OP_TO_BOOL, CommonConstant, CompareOp, ConvertValue, Intrinsic1, Intrinsic2, SpecialMethod,
};

/// An instruction as it stands in the code. Prefixes (`EXTENDED_ARG`) are instructions of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instruction {
    /// The code unit it stands at.
    pub unit: usize,
    /// What it does; a specialised or instrumented one as it is.
    pub opcode: Opcode,
    /// Its operand with what the prefixes add.
    pub oparg: u32,
}

impl Instruction {
    /// Where it jumps to, as a code unit. Meaningless for the instructions without a jump.
    pub fn target(&self) -> usize {
        let next = self.unit + 1 + self.opcode.base().caches();
        if self.opcode.base().is_backwards_jump() || self.opcode.base() == END_ASYNC_FOR {
            next.wrapping_sub(self.oparg as usize)
        } else {
            next.wrapping_add(self.oparg as usize)
        }
    }
}

/// Iterator over instructions; ends at a byte that is none.
#[derive(Clone, Debug)]
pub struct Instructions<'a> {
    code: &'a [u8],
    unit: usize,
    prefix: u32,
}

/// The instructions of code, without their inline caches.
pub fn instructions(code: &[u8]) -> Instructions<'_> {
    Instructions { code, unit: 0, prefix: 0 }
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        let unit = self.unit;
        let &[opcode, arg] = self.code.get(unit * 2..unit * 2 + 2)? else { return None };
        let opcode = Opcode::from_u8(opcode)?;
        let oparg = self.prefix << 8 | u32::from(arg);
        self.prefix = if opcode == EXTENDED_ARG { oparg } else { 0 };
        self.unit = unit + 1 + opcode.base().caches();
        Some(Instruction { unit, opcode, oparg })
    }
}

/// The text of a code object and of those among its constants.
pub fn disassemble(code: &CodeObject) -> String {
    let mut out = String::new();
    // Nothing fails to be written to a string.
    let _ = write_recursively(code, &mut out);
    out
}

fn write_recursively(code: &CodeObject, out: &mut String) -> fmt::Result {
    let mut pending = vec![code];
    let mut first = true;
    while let Some(code) = pending.pop() {
        if !std::mem::take(&mut first) {
            write!(out, "\nDisassembly of <code object {}, line {}>:\n", code.name, code.firstlineno)?;
        }
        write_code(code, out)?;
        let mut nested: Vec<&CodeObject> = code.nested().map(|code| &**code).collect();
        nested.reverse();
        pending.extend(nested);
    }
    Ok(())
}

/// Appends the text of one code object.
pub fn write_code(code: &CodeObject, out: &mut dyn Write) -> fmt::Result {
    let lines = line_starts(code);
    let labels = labels(code);
    let highest = lines.values().copied().flatten().max().filter(|&line| line != 0);
    let line_width = highest.map_or(0, |line| {
        let width = line.to_string().len().max(3);
        if lines.values().any(Option::is_none) { width.max(4) } else { width }
    });
    let label_width = 4 + labels.len().to_string().len();

    for instruction in instructions(&code.code) {
        let Instruction { unit, opcode, oparg } = instruction;
        let mut text = String::new();
        if line_width > 0 {
            match lines.get(&unit) {
                Some(line) => {
                    if unit > 0 {
                        writeln!(out)?;
                    }
                    match line {
                        Some(line) => write!(text, "{line:line_width$} ")?,
                        None => write!(text, "{:>line_width$} ", "--")?,
                    }
                }
                None => write!(text, "{:line_width$} ", "")?,
            }
        }
        let label = labels.get(&unit).map_or(String::new(), |label| format!("L{label}:"));
        write!(text, "{label:>label_width$}     {:20}", opcode.name())?;
        if opcode.has_arg() {
            let width = 5usize.saturating_sub(opcode.name().len().saturating_sub(20));
            write!(text, " {oparg:width$}")?;
            let detail = operand_text(code, &instruction, &labels);
            if !detail.is_empty() {
                write!(text, " ({detail})")?;
            }
        }
        writeln!(out, "{}", text.trim_end())?;
    }

    if !code.exceptiontable.is_empty() {
        writeln!(out, "ExceptionTable:")?;
        for handler in code.handlers() {
            let label = |unit: u32| labels.get(&(unit as usize)).copied().unwrap_or(0);
            let (start, end, target) = (label(handler.start), label(handler.end), label(handler.target));
            let lasti = if handler.lasti { " lasti" } else { "" };
            writeln!(out, "  L{start} to L{end} -> L{target} [{}]{lasti}", handler.depth)?;
        }
    }
    Ok(())
}

/// The code units where another line starts, with the line if they have one.
fn line_starts(code: &CodeObject) -> BTreeMap<usize, Option<i32>> {
    let mut starts = BTreeMap::new();
    let mut last = Some(i32::MIN);
    for (start, _, line) in code.co_lines() {
        if line != last {
            starts.insert(start / 2, line);
            last = line;
        }
    }
    starts
}

/// The numbers of the labels: jump targets, and what the exception table refers to.
fn labels(code: &CodeObject) -> BTreeMap<usize, usize> {
    let mut labels = BTreeMap::new();
    for instruction in instructions(&code.code) {
        if instruction.opcode.base().has_jump() {
            labels.insert(instruction.target(), 0);
        }
    }
    for handler in code.handlers() {
        for unit in [handler.start, handler.end, handler.target] {
            labels.insert(unit as usize, 0);
        }
    }
    for (number, label) in labels.values_mut().enumerate() {
        *label = number + 1;
    }
    labels
}

/// What an operand means; empty if the number says it all.
fn operand_text(code: &CodeObject, instruction: &Instruction, labels: &BTreeMap<usize, usize>) -> String {
    let oparg = instruction.oparg;
    let name_of = |names: &[PyStr], index: u32| match names.get(index as usize) {
        Some(name) => name.to_string_lossy(),
        None => "?".to_owned(),
    };
    let name = |index: u32| name_of(&code.names, index);
    let local = |index: u32| name_of(&code.localsplusnames, index);
    let if_odd = |text: &str| if oparg & 1 != 0 { text.to_owned() } else { String::new() };
    let known = |text: Option<&'static str>| text.unwrap_or("?").to_owned();
    match instruction.opcode.base() {
        LOAD_CONST => code.consts.get(oparg as usize).map_or("?".into(), |c| format!("{c:?}")),
        LOAD_GLOBAL => name(oparg >> 1) + &if_odd(" + NULL"),
        LOAD_ATTR => name(oparg >> 1) + &if_odd(" + NULL|self"),
        LOAD_SUPER_ATTR => name(oparg >> 2) + &if_odd(" + NULL|self"),
        LOAD_FAST_LOAD_FAST | LOAD_FAST_BORROW_LOAD_FAST_BORROW | STORE_FAST_LOAD_FAST | STORE_FAST_STORE_FAST => {
            format!("{}, {}", local(oparg >> 4), local(oparg & 15))
        }
        COMPARE_OP => {
            let text = known(CompareOp::from_oparg(oparg).map(CompareOp::text));
            if oparg & COMPARE_OP_TO_BOOL != 0 { format!("bool({text})") } else { text }
        }
        CONVERT_VALUE => known(ConvertValue::from_u32(oparg).map(ConvertValue::text)),
        SET_FUNCTION_ATTRIBUTE => {
            let names = ["defaults", "kwdefaults", "annotations", "closure", "annotate"];
            let set = names.iter().enumerate().filter(|(bit, _)| oparg >> bit & 1 != 0);
            set.map(|(_, name)| *name).collect::<Vec<_>>().join(", ")
        }
        BINARY_OP => known(BinaryOp::from_u32(oparg).map(BinaryOp::text)),
        CALL_INTRINSIC_1 => known(Intrinsic1::from_u32(oparg).map(Intrinsic1::text)),
        CALL_INTRINSIC_2 => known(Intrinsic2::from_u32(oparg).map(Intrinsic2::text)),
        LOAD_COMMON_CONSTANT => match CommonConstant::from_u32(oparg) {
            Some(constant @ (CommonConstant::CONSTANT_BUILTIN_ALL | CommonConstant::CONSTANT_BUILTIN_ANY)) => {
                format!("<built-in function {}>", constant.text())
            }
            constant => known(constant.map(CommonConstant::text)),
        },
        LOAD_SPECIAL => known(SpecialMethod::from_u32(oparg).map(SpecialMethod::text)),
        IS_OP => if oparg != 0 { "is not" } else { "is" }.to_owned(),
        CONTAINS_OP => if oparg != 0 { "not in" } else { "in" }.to_owned(),
        opcode if opcode.has_jump() => {
            let label = labels.get(&instruction.target()).copied().unwrap_or(0);
            format!("{} L{label}", if opcode == END_ASYNC_FOR { "from" } else { "to" })
        }
        opcode if opcode.has_name() => name(oparg),
        opcode if opcode.has_local() || opcode.has_free() => local(oparg),
        _ => String::new(),
    }
}
