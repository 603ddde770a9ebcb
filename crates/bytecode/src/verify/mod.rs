//! The verifier: which code objects an interpreter may run without checking as it goes.
//!
//! [`verify`] accepts everything CPython's compiler makes, and what it accepts has these properties
//! in every frame, whatever path control takes:
//!
//! - Instructions are base instructions with their (zero) inline caches; jumps, handlers and the
//!   exception table's ranges meet the start of instructions; control never runs off the end.
//! - Indexes into constants, names and locals are in range, as are the numbers of operators,
//!   intrinsics, common constants, special methods and conversions.
//! - The stack has one depth at each instruction, between 0 and `co_stacksize`. What an instruction
//!   takes never reaches below what the handler around it keeps. A function returns with an empty stack.
//! - A stack entry is NULL only where the instruction that takes it says it may be.
//! - `LOAD_FAST` finds a bound local. The instructions for cells find a cell.
//! - A borrowed reference (`LOAD_FAST_BORROW`) is gone from the stack before its local changes, and
//!   does not cross a jump or a handler.
//! - What the instructions for exceptions, comprehensions and calls take for granted was put there by
//!   the instruction they belong to: exceptions, the previous exception, `lasti`, the lists, sets and
//!   dicts that are added to, the keyword names of `CALL_KW`, the code of `MAKE_FUNCTION`.
//! - `lasti` is never taken for an object, so it can be a tagged number.
//! - A function made here has a closure of as many cells as its code has free variables.
//! - `YIELD_VALUE` only comes behind the `RETURN_GENERATOR` of a generator or coroutine.
//!
//! Not proven, so to be checked by the instruction itself:
//!
//! - `FOR_ITER`: that there is a `tp_iternext` (a generator expression gets its iterator as an argument).
//! - `SET_ADD`: that it is a set (the one for conditional annotations is a global).
//! - `SET_FUNCTION_ATTRIBUTE`: the type of the attribute, unless it is the closure (the defaults of a
//!   generic function are arguments).
//! - The intrinsics for generics: the types of their arguments (but for the function that gets type
//!   parameters).
//! - `RERAISE`: that it is no `None` (what `except*` leaves).
//! - Conditional jumps and `UNARY_NOT`: that they get a `bool`.
//!
//! `LOAD_SPECIAL` has to leave a reference of its own even if it took a borrowed one.

mod flow;

use std::collections::HashSet;
use std::fmt;

use crate::code::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL, CodeFlags, CodeObject, Constant};
use crate::exception_table::Handler;
use crate::opcode::{Opcode, OpcodeKind};
use crate::operand::{self, BinaryOp, CommonConstant, CompareOp, ConvertValue, Intrinsic1, Intrinsic2, SpecialMethod};

/// Why a code object is refused: a `ValueError`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// The qualified name of the code object.
    pub code: String,
    /// The offset in bytes of the instruction, if it is about one.
    pub offset: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "code: {} is malformed", self.code)?;
        if let Some(offset) = self.offset {
            write!(f, " at offset {offset}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for VerifyError {}

/// Checks a code object and all code objects among its constants.
///
/// Takes time and memory linear in the size of the code for any code a compiler makes; code that
/// would take more is refused.
pub fn verify(code: &CodeObject) -> Result<(), VerifyError> {
    let mut flow = flow::Flow::default();
    let mut seen = HashSet::new();
    let mut pending: Vec<&CodeObject> = vec![code];
    while let Some(code) = pending.pop() {
        if !seen.insert(std::ptr::from_ref(code).cast::<()>()) {
            continue;
        }
        verify_one(code, &mut flow).map_err(|fault| VerifyError {
            code: code.qualname.to_string_lossy(),
            offset: fault.unit.map(|unit| unit * 2),
            message: fault.message,
        })?;
        let mut lists: Vec<&[Constant]> = vec![&code.consts];
        while let Some(list) = lists.pop() {
            for constant in list {
                match constant {
                    Constant::Code(code) => pending.push(code),
                    Constant::Tuple(items) | Constant::FrozenSet(items) if seen.insert(items.as_ptr().cast()) => {
                        lists.push(items);
                    }
                    Constant::Slice(items) => lists.push(&items[..]),
                    _ => {}
                }
            }
        }
    }
    Ok(())
}

/// Checks one code object. Of the code objects among its constants only the variables are looked at: they have been, or will
/// be, verified on their own.
pub fn verify_alone(code: &CodeObject) -> Result<(), VerifyError> {
    verify_one(code, &mut flow::Flow::default()).map_err(|fault| VerifyError {
        code: code.qualname.to_string_lossy(),
        offset: fault.unit.map(|unit| unit * 2),
        message: fault.message,
    })
}

/// What is wrong, and with which code unit.
pub(crate) struct Fault {
    unit: Option<usize>,
    message: String,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { unit: None, message: message.into() }
    }

    fn at(unit: usize, message: impl Into<String>) -> Self {
        Self { unit: Some(unit), message: message.into() }
    }
}

type Check<T = ()> = Result<T, Fault>;

/// An instruction with its prefixes.
#[derive(Clone, Copy)]
struct Instruction {
    opcode: Opcode,
    oparg: u32,
    /// The code unit of the opcode itself.
    unit: usize,
    /// Behind the instruction and its caches.
    next: usize,
}

impl Instruction {
    /// Where it jumps to; `None` if that is outside the numbers.
    fn target(&self) -> Option<usize> {
        let distance = self.oparg as usize;
        if self.opcode.is_backwards_jump() || self.opcode == Opcode::END_ASYNC_FOR {
            self.next.checked_sub(distance)
        } else {
            self.next.checked_add(distance)
        }
    }
}

/// What is known about a code unit.
#[derive(Clone, Copy, Default)]
struct UnitFlags(u8);

impl UnitFlags {
    /// An instruction starts here (with its first `EXTENDED_ARG`).
    const START: u8 = 1;
    /// Control comes here from elsewhere.
    const TARGET: u8 = 2;

    fn has(self, flag: u8) -> bool {
        self.0 & flag != 0
    }
}

fn verify_one(code: &CodeObject, flow: &mut flow::Flow) -> Check {
    check_variables(code)?;
    let units = scan(code)?;
    let (units, handlers) = scan_handlers(code, units)?;
    check_locations(code)?;
    flow.run(code, &units, &handlers)
}

/// The counts of parameters, and the order of locals, cells and free variables.
fn check_variables(code: &CodeObject) -> Check {
    let kinds = &code.localspluskinds;
    if kinds.len() != code.localsplusnames.len() {
        return Err(Fault::new("names and kinds of locals differ in number"));
    }
    if code.posonlyargcount > code.argcount {
        return Err(Fault::new("more positional-only than positional parameters"));
    }
    if code.stacksize > i32::MAX as u32 / 8 {
        return Err(Fault::new("co_stacksize is out of range"));
    }
    let arguments = code.total_args();
    if arguments > kinds.len() || kinds[..arguments].iter().any(|kind| kind & CO_FAST_LOCAL == 0) {
        return Err(Fault::new("co_varnames is too small"));
    }
    let first_free = kinds.iter().position(|kind| kind & CO_FAST_FREE != 0).unwrap_or(kinds.len());
    for (index, kind) in kinds.iter().enumerate() {
        let valid = match kind & (CO_FAST_LOCAL | CO_FAST_CELL | CO_FAST_FREE) {
            CO_FAST_FREE => true,
            0 => false,
            kind => kind & CO_FAST_FREE == 0 && index < first_free,
        };
        if !valid {
            return Err(Fault::new(format!("invalid kind {kind:#04x} of local {index}")));
        }
    }
    let generators = [CodeFlags::GENERATOR, CodeFlags::COROUTINE, CodeFlags::ASYNC_GENERATOR];
    if generators.iter().filter(|&&flag| code.flags.contains(flag)).count() > 1 {
        return Err(Fault::new("more than one of generator, coroutine and async generator"));
    }
    Ok(())
}

/// Decodes the instruction that starts at a code unit.
///
/// Whether there is one, [`scan`] has to find out: this trusts the code.
fn decode(code: &[u8], start: usize) -> Option<Instruction> {
    let mut unit = start;
    let mut oparg = 0u32;
    loop {
        let &[opcode, arg] = code.get(unit * 2..unit * 2 + 2)? else { return None };
        oparg = oparg << 8 | u32::from(arg);
        let opcode = Opcode::from_u8(opcode)?;
        if opcode != Opcode::EXTENDED_ARG {
            return Some(Instruction { opcode, oparg, unit, next: unit + 1 + opcode.caches() });
        }
        unit += 1;
    }
}

/// Whether an instruction may stand in a code object that was not run yet.
fn is_permitted(opcode: Opcode) -> bool {
    opcode.kind() == OpcodeKind::Base
        && !matches!(
            opcode,
            Opcode::CACHE
                | Opcode::RESERVED
                | Opcode::INTERPRETER_EXIT
                | Opcode::EXIT_INIT_CHECK
                | Opcode::ENTER_EXECUTOR
        )
}

/// Checks each instruction for itself, and finds where instructions start and jumps lead.
fn scan(code: &CodeObject) -> Check<Vec<UnitFlags>> {
    let bytes = &code.code;
    if bytes.is_empty() || !bytes.len().is_multiple_of(2) || bytes.len() > i32::MAX as usize {
        return Err(Fault::new("co_code has an invalid length"));
    }
    let count = bytes.len() / 2;
    let mut units = vec![UnitFlags::default(); count];
    let mut start = 0;
    let mut falls_through = true;
    let mut yielded = false;
    while start < count {
        units[start].0 |= UnitFlags::START;
        let prefixes = bytes[start * 2..].chunks(2).take_while(|unit| unit[0] == 69).count();
        if prefixes > 3 {
            return Err(Fault::at(start, "too many EXTENDED_ARG"));
        }
        let opcode = bytes.get((start + prefixes) * 2).and_then(|&byte| Opcode::from_u8(byte));
        let Some(instruction) = decode(bytes, start).filter(|_| opcode.is_some_and(is_permitted)) else {
            return Err(Fault::at(start + prefixes, "not an instruction"));
        };
        let Instruction { opcode, unit, next, .. } = instruction;
        let caches = bytes.get((unit + 1) * 2..next * 2);
        if !caches.is_some_and(|caches| caches.iter().all(|&byte| byte == 0)) {
            return Err(Fault::at(unit, format!("{opcode} without its empty inline cache")));
        }
        if !is_operand_valid(code, &instruction) {
            let oparg = instruction.oparg;
            return Err(Fault::at(unit, format!("invalid operand {oparg} of {opcode}")));
        }
        if opcode.has_jump() {
            let target = instruction.target();
            let Some(flags) = target.and_then(|target| units.get_mut(target)) else {
                return Err(Fault::at(unit, format!("{opcode} leads out of the code")));
            };
            flags.0 |= UnitFlags::TARGET;
        }
        // Who resumes a generator looks for the RESUME behind the instruction it stopped at.
        if yielded && opcode != Opcode::RESUME {
            return Err(Fault::at(unit, "no RESUME behind YIELD_VALUE"));
        }
        yielded = opcode == Opcode::YIELD_VALUE;
        falls_through = !opcode.never_falls_through();
        start = next;
    }
    if falls_through {
        return Err(Fault::new("control runs off the end of the code"));
    }
    let stray = |flags: &UnitFlags| flags.has(UnitFlags::TARGET) && !flags.has(UnitFlags::START);
    if let Some(unit) = units.iter().position(stray) {
        return Err(Fault::at(unit, "jump into an instruction"));
    }
    Ok(units)
}

/// Whether the oparg is one that the instruction has a meaning for.
fn is_operand_valid(code: &CodeObject, instruction: &Instruction) -> bool {
    use Opcode::*;
    let oparg = instruction.oparg;
    let index = oparg as usize;
    let local = |index: u32| (index as usize) < code.localspluskinds.len();
    let kind = |bits: u8| code.localspluskinds.get(index).is_some_and(|kind| kind & bits != 0);
    let name = |index: u32| (index as usize) < code.names.len();
    match instruction.opcode {
        LOAD_CONST => index < code.consts.len(),
        LOAD_GLOBAL | LOAD_ATTR => name(oparg >> 1),
        LOAD_SUPER_ATTR => name(oparg >> 2),
        LOAD_FAST_LOAD_FAST | LOAD_FAST_BORROW_LOAD_FAST_BORROW | STORE_FAST_LOAD_FAST | STORE_FAST_STORE_FAST => {
            oparg < 256 && local(oparg >> 4) && local(oparg & 15)
        }
        // A comprehension can make a cell where the function around it has a free variable.
        MAKE_CELL => kind(CO_FAST_CELL | CO_FAST_FREE),
        LOAD_DEREF | STORE_DEREF | DELETE_DEREF | LOAD_FROM_DICT_OR_DEREF => kind(CO_FAST_CELL | CO_FAST_FREE),
        COPY_FREE_VARS => index == code.nfreevars(),
        BINARY_OP => BinaryOp::from_u32(oparg).is_some(),
        COMPARE_OP => CompareOp::from_oparg(oparg).is_some_and(|op| op.oparg() == oparg & !operand::COMPARE_OP_TO_BOOL),
        CONTAINS_OP | IS_OP | YIELD_VALUE => oparg < 2,
        CALL_INTRINSIC_1 => oparg != 0 && Intrinsic1::from_u32(oparg).is_some(),
        CALL_INTRINSIC_2 => oparg != 0 && Intrinsic2::from_u32(oparg).is_some(),
        LOAD_COMMON_CONSTANT => CommonConstant::from_u32(oparg).is_some(),
        LOAD_SPECIAL => SpecialMethod::from_u32(oparg).is_some(),
        LOAD_SMALL_INT => oparg < 256,
        CONVERT_VALUE => oparg != 0 && ConvertValue::from_u32(oparg).is_some(),
        BUILD_INTERPOLATION => ConvertValue::from_u32(oparg >> 2).is_some(),
        BUILD_SLICE => oparg == 2 || oparg == 3,
        SET_FUNCTION_ATTRIBUTE => oparg.is_power_of_two() && oparg <= operand::MAKE_FUNCTION_ANNOTATE,
        COPY | LIST_APPEND | LIST_EXTEND | SET_ADD | SET_UPDATE | MAP_ADD | DICT_UPDATE | DICT_MERGE => oparg >= 1,
        SWAP => oparg >= 2,
        RAISE_VARARGS | GET_AWAITABLE => oparg <= 2,
        RESUME => oparg & !(operand::RESUME_OPARG_LOCATION_MASK | operand::RESUME_OPARG_DEPTH1_MASK) == 0,
        // Control goes on behind the END_FOR when the iterator is exhausted.
        FOR_ITER => instruction
            .target()
            .and_then(|target| code.code.get(target.checked_mul(2)?))
            .is_some_and(|&byte| byte == END_FOR.to_u8()),
        opcode if opcode.has_name() => name(oparg),
        opcode if opcode.has_local() => local(oparg),
        _ => true,
    }
}

/// Reads the exception table, and marks the starts of handlers.
fn scan_handlers(code: &CodeObject, mut units: Vec<UnitFlags>) -> Check<(Vec<UnitFlags>, Vec<Handler>)> {
    let mut handlers: Vec<Handler> = Vec::new();
    let mut table = code.handlers();
    let starts =
        |units: &[UnitFlags], unit: u32| units.get(unit as usize).is_some_and(|flags| flags.has(UnitFlags::START));
    for handler in table.by_ref() {
        let previous = handlers.last().map_or(0, |handler| handler.end);
        if handler.start < previous || handler.start >= handler.end {
            return Err(Fault::new("entries of the exception table are out of order"));
        }
        let end_is_start = handler.end as usize == units.len() || starts(&units, handler.end);
        if !starts(&units, handler.start) || !end_is_start || !starts(&units, handler.target) {
            return Err(Fault::new("the exception table refers to no instruction"));
        }
        units[handler.target as usize].0 |= UnitFlags::TARGET;
        handlers.push(handler);
    }
    if !table.is_well_formed() {
        return Err(Fault::new("the exception table is malformed"));
    }
    Ok((units, handlers))
}

fn check_locations(code: &CodeObject) -> Check {
    let mut entries = code.locations();
    let end = entries.by_ref().last().map_or(0, |entry| entry.end);
    if !entries.is_well_formed() {
        return Err(Fault::new("the location table is malformed"));
    }
    if end != code.code_units() {
        return Err(Fault::new("the location table does not cover the code"));
    }
    Ok(())
}
