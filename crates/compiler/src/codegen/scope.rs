//! Entering and leaving units, unwinding blocks, making functions of finished code.

use super::*;
use crate::symtable::{DEF_COMP_CELL, DEF_FREE_CLASS, Scope, mangle};
use taipan_bytecode::operand::*;

impl<'a> Codegen<'a> {
    /// The entry of a node that opens a block.
    pub(super) fn lookup(&self, key: usize) -> CompileResult<EntryId> {
        self.table.lookup(key).ok_or_else(|| CompileError::new(ErrorKind::SystemError, "unknown symbol table entry"))
    }

    pub(super) fn new_unit(&self, name: &Name, scope_type: ScopeType, id: EntryId, firstlineno: i32) -> Unit<'a> {
        let entry = self.table.entry(id);
        let mut unit = Unit::new(id, scope_type);
        let names_by = |scope: Scope, flag: u32| {
            let mut names: Vec<Name> = entry
                .symbols
                .iter()
                .filter(|(_, flags)| Scope::of(**flags) == scope || **flags & flag != 0)
                .map(|(name, _)| name.clone())
                .collect();
            names.sort_unstable();
            names.into_iter().collect::<NameTable>()
        };
        let metadata = &mut unit.metadata;
        metadata.varnames = entry.varnames.iter().cloned().collect();
        metadata.cellvars = names_by(Scope::Cell, DEF_COMP_CELL);
        let implicit = [
            (entry.needs_class_closure, "__class__"),
            (entry.needs_classdict, "__classdict__"),
            (entry.has_conditional_annotations, "__conditional_annotations__"),
        ];
        for (needed, cell) in implicit {
            if needed {
                metadata.cellvars.insert(Name::from(cell));
            }
        }
        metadata.freevars = names_by(Scope::Free, DEF_FREE_CLASS);
        metadata.name = Some(name.clone());
        metadata.firstlineno = firstlineno;
        unit
    }

    /// Opens a unit inside the current one and emits its `RESUME`.
    pub(super) fn enter_scope(
        &mut self,
        name: &Name,
        scope_type: ScopeType,
        id: EntryId,
        lineno: i32,
        private: Option<&Name>,
        counts: ArgCounts,
    ) {
        let mut unit = self.new_unit(name, scope_type, id, lineno);
        unit.metadata.argcount = counts.args as u32;
        unit.metadata.posonlyargcount = counts.posonly as u32;
        unit.metadata.kwonlyargcount = counts.kwonly as u32;
        unit.private = private.or(self.unit.private.as_ref()).cloned();
        let outer = std::mem::replace(&mut self.unit, unit);
        self.outer.push(outer);
        self.set_qualname(name);
        self.op_i(Location::new(lineno, 0, lineno, 0), Opcode::RESUME, RESUME_AT_FUNC_START);
    }

    /// Back to the unit around the current one.
    pub(super) fn exit_scope(&mut self) {
        if let Some(outer) = self.outer.pop() {
            self.unit = outer;
        }
    }

    fn set_qualname(&mut self, name: &Name) {
        let qualname = self.qualname(name);
        self.unit.metadata.qualname = Some(qualname);
    }

    fn qualname(&self, name: &Name) -> Name {
        // The module itself is no part of a qualified name, nor is an annotation scope.
        let mut parents = self.outer[1..].iter().rev();
        let Some(mut parent) = parents.next() else {
            return name.clone();
        };
        if parent.scope_type == ScopeType::Annotations {
            let Some(grandparent) = parents.next() else {
                return name.clone();
            };
            parent = grandparent;
        }
        let definition =
            matches!(self.unit.scope_type, ScopeType::Function | ScopeType::AsyncFunction | ScopeType::Class);
        if definition {
            let mangled = mangle(parent.private.as_ref(), name);
            if self.table.entry(parent.entry).scope(&mangled) == Scope::GlobalExplicit {
                return name.clone();
            }
        }
        let base = parent.metadata.qualname.as_ref().map_or("", |name| name.as_str());
        let locals = matches!(parent.scope_type, ScopeType::Function | ScopeType::AsyncFunction | ScopeType::Lambda);
        let infix = if locals { ".<locals>." } else { "." };
        Name::from(format!("{base}{infix}{name}"))
    }

    /// Makes a function of a code object (`codegen_make_closure`).
    pub(super) fn make_closure(&mut self, loc: Location, code: Arc<CodeObject>, mut flags: u32) -> CompileResult<()> {
        let nfreevars = code.nfreevars();
        if nfreevars > 0 {
            for name in code.freevars() {
                let name = name.as_str().unwrap_or_default();
                let arg = self.lookup_closure_arg(&code, name)?;
                self.op_i(loc, Opcode::LOAD_CLOSURE, arg);
            }
            flags |= MAKE_FUNCTION_CLOSURE;
            self.op_i(loc, Opcode::BUILD_TUPLE, nfreevars as u32);
        }
        self.load_const(loc, Constant::Code(code));
        self.op(loc, Opcode::MAKE_FUNCTION);
        for attribute in [
            MAKE_FUNCTION_CLOSURE,
            MAKE_FUNCTION_ANNOTATIONS,
            MAKE_FUNCTION_ANNOTATE,
            MAKE_FUNCTION_KWDEFAULTS,
            MAKE_FUNCTION_DEFAULTS,
        ] {
            if flags & attribute != 0 {
                self.op_i(loc, Opcode::SET_FUNCTION_ATTRIBUTE, attribute);
            }
        }
        Ok(())
    }

    /// The cell or free variable that a nested function's free variable is (`LookupArg`).
    fn lookup_closure_arg(&self, code: &CodeObject, name: &str) -> CompileResult<u32> {
        let metadata = &self.unit.metadata;
        let found = if self.ref_type(name) == Scope::Cell {
            metadata.cellvars.get_index_of(name)
        } else {
            let ncells = metadata.cellvars.len();
            metadata.freevars.get_index_of(name).map(|at| at + ncells)
        };
        match found {
            Some(at) => Ok(at as u32),
            None => {
                // A class that binds `__classdict__` itself gets here, in CPython too.
                let reftype = self.ref_type(name) as u32;
                let unit = metadata.name.as_ref().map_or("", |name| name.as_str());
                let names: Vec<String> = code.freevars().map(|name| format!("'{name}'")).collect();
                let comma = if names.len() == 1 { "," } else { "" };
                let message = format!(
                    "compiler_lookup_arg(name='{name}') with reftype={reftype} failed in {unit}; \
                     freevars of code {}: ({}{comma})",
                    code.name,
                    names.join(", "),
                );
                Err(CompileError::new(ErrorKind::SystemError, message))
            }
        }
    }

    /// `_PyCompile_GetRefType`.
    pub(super) fn ref_type(&self, name: &str) -> Scope {
        let implicit = ["__class__", "__classdict__", "__conditional_annotations__"];
        if self.unit.scope_type == ScopeType::Class && implicit.contains(&name) {
            return Scope::Cell;
        }
        self.entry().scope(name)
    }

    /// `yield from` and `await` of what is on the stack.
    pub(super) fn add_yield_from(&mut self, loc: Location, is_await: bool) {
        let (send, fail, exit) = (self.new_label(), self.new_label(), self.new_label());
        self.use_label(send);
        self.jump(loc, Opcode::SEND, exit);
        // A virtual try/except around the yield: it only raises when close() or throw() is called.
        self.jump(loc, Opcode::SETUP_FINALLY, fail);
        self.op_i(loc, Opcode::YIELD_VALUE, 1);
        self.op(Location::NONE, Opcode::POP_BLOCK);
        let resume = if is_await { RESUME_AFTER_AWAIT } else { RESUME_AFTER_YIELD_FROM };
        self.op_i(loc, Opcode::RESUME, resume);
        self.jump(loc, Opcode::JUMP_NO_INTERRUPT, send);
        self.use_label(fail);
        self.op(loc, Opcode::CLEANUP_THROW);
        self.use_label(exit);
        self.op(loc, Opcode::END_SEND);
    }

    /// Awaits what is on the stack; `from` tells `GET_AWAITABLE` who asks.
    pub(super) fn await_top(&mut self, loc: Location, from: u32) {
        self.op_i(loc, Opcode::GET_AWAITABLE, from);
        self.load_const(loc, Constant::None);
        self.add_yield_from(loc, true);
    }

    pub(super) fn call_exit_with_nones(&mut self, loc: Location) {
        for _ in 0..3 {
            self.load_const(loc, Constant::None);
        }
        self.op_i(loc, Opcode::CALL, 3);
    }

    pub(super) fn pop_except_and_reraise(&mut self, loc: Location) {
        self.op_i(loc, Opcode::COPY, 3);
        self.op(loc, Opcode::POP_EXCEPT);
        self.op_i(loc, Opcode::RERAISE, 1);
    }

    /// Emits what leaving a block takes. If `preserve_tos`, the value on top of the stack stays
    /// there. `loc` is moved on to what comes behind.
    pub(super) fn unwind_block(
        &mut self,
        loc: &mut Location,
        block: &FrameBlock<'a>,
        preserve_tos: bool,
    ) -> CompileResult<()> {
        match block.kind {
            BlockKind::WhileLoop
            | BlockKind::ExceptionHandler
            | BlockKind::ExceptionGroupHandler
            | BlockKind::AsyncComprehensionGenerator
            | BlockKind::StopIteration => {}
            BlockKind::ForLoop | BlockKind::PopValue => {
                if preserve_tos {
                    self.op_i(*loc, Opcode::SWAP, 2);
                }
                self.op(*loc, Opcode::POP_TOP);
            }
            BlockKind::TryExcept => self.op(*loc, Opcode::POP_BLOCK),
            BlockKind::FinallyTry => {
                self.op(*loc, Opcode::POP_BLOCK);
                if preserve_tos {
                    let none = Label::NONE;
                    self.push_block(*loc, BlockKind::PopValue, none, none, BlockDatum::None)?;
                }
                if let BlockDatum::Finalbody(body) = block.datum {
                    self.visit_body(body)?;
                }
                if preserve_tos {
                    self.pop_block(BlockKind::PopValue);
                }
                // The finally block seems to run behind the statement that leaves, so that what
                // is left of the latter is artificial.
                *loc = Location::NONE;
            }
            BlockKind::FinallyEnd => {
                if preserve_tos {
                    self.op_i(*loc, Opcode::SWAP, 2);
                }
                self.op(*loc, Opcode::POP_TOP);
                if preserve_tos {
                    self.op_i(*loc, Opcode::SWAP, 2);
                }
                self.op(*loc, Opcode::POP_BLOCK);
                self.op(*loc, Opcode::POP_EXCEPT);
            }
            BlockKind::With | BlockKind::AsyncWith => {
                *loc = block.loc;
                self.op(*loc, Opcode::POP_BLOCK);
                if preserve_tos {
                    self.op_i(*loc, Opcode::SWAP, 3);
                    self.op_i(*loc, Opcode::SWAP, 2);
                }
                self.call_exit_with_nones(*loc);
                if block.kind == BlockKind::AsyncWith {
                    self.await_top(*loc, 2);
                }
                self.op(*loc, Opcode::POP_TOP);
                *loc = Location::NONE;
            }
            BlockKind::HandlerCleanup => {
                let named = matches!(block.datum, BlockDatum::Name(_));
                if named {
                    self.op(*loc, Opcode::POP_BLOCK);
                }
                if preserve_tos {
                    self.op_i(*loc, Opcode::SWAP, 2);
                }
                self.op(*loc, Opcode::POP_BLOCK);
                self.op(*loc, Opcode::POP_EXCEPT);
                if let BlockDatum::Name(name) = block.datum {
                    self.unbind_handler_name(*loc, name)?;
                }
            }
        }
        Ok(())
    }

    /// `name = None; del name`, at the end of `except … as name`.
    pub(super) fn unbind_handler_name(&mut self, loc: Location, name: &Name) -> CompileResult<()> {
        self.load_const(loc, Constant::None);
        self.name_op(loc, name, ExprContext::Store)?;
        self.name_op(loc, name, ExprContext::Del)
    }

    /// Unwinds the blocks from the innermost outwards: all of them, or up to a loop, which is then
    /// given back.
    pub(super) fn unwind_block_stack(
        &mut self,
        loc: &mut Location,
        preserve_tos: bool,
        to_loop: bool,
    ) -> CompileResult<Option<FrameBlock<'a>>> {
        let Some(&top) = self.unit.blocks.last() else {
            return Ok(None);
        };
        if top.kind == BlockKind::ExceptionGroupHandler {
            let message = "'break', 'continue' and 'return' cannot appear in an except* block";
            return self.error(*loc, message);
        }
        if to_loop && matches!(top.kind, BlockKind::WhileLoop | BlockKind::ForLoop) {
            return Ok(Some(top));
        }
        self.pop_block(top.kind);
        self.unwind_block(loc, &top, preserve_tos)?;
        let found = self.unwind_block_stack(loc, preserve_tos, to_loop)?;
        self.push_block(top.loc, top.kind, top.block, top.exit, top.datum)?;
        Ok(found)
    }
}
