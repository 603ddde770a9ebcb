//! Comprehensions, inlined where that can be done (PEP 709), and generator expressions.

use super::*;
use crate::symtable::{BlockType, ComprehensionType, DEF_LOCAL, DEF_NONLOCAL, Scope, key_of};

/// A comprehension taken apart.
#[derive(Clone, Copy)]
struct Parts<'a> {
    kind: ComprehensionType,
    elt: &'a Expr,
    /// The value, in a dict comprehension.
    value: Option<&'a Expr>,
    generators: &'a [Comprehension],
}

/// What inlining a comprehension has changed and must be put back
/// (`_PyCompile_InlinedComprehensionState`).
#[derive(Default)]
struct InlinedState {
    pushed_locals: Vec<Name>,
    temp_symbols: Vec<(Name, u32)>,
    fast_hidden: Vec<Name>,
    cleanup: Option<Label>,
}

fn take_apart(expr: &Expr) -> Option<Parts<'_>> {
    let (kind, elt, value, generators) = match &expr.node {
        ExprKind::ListComp { elt, generators } => (ComprehensionType::List, elt, None, generators),
        ExprKind::SetComp { elt, generators } => (ComprehensionType::Set, elt, None, generators),
        ExprKind::GeneratorExp { elt, generators } => (ComprehensionType::Generator, elt, None, generators),
        ExprKind::DictComp { key, value, generators } => (ComprehensionType::Dict, key, Some(&**value), generators),
        _ => return None,
    };
    Some(Parts { kind, elt, value, generators })
}

impl<'a> Codegen<'a> {
    pub(super) fn comprehension(&mut self, expr: &'a Expr) -> CompileResult<()> {
        let loc = expr.loc;
        let Some(parts) = take_apart(expr) else {
            return Ok(());
        };
        let Some(outermost) = parts.generators.first() else {
            return Err(CompileError::new(ErrorKind::ValueError, "comprehension with no generators"));
        };
        let id = self.lookup(key_of(expr))?;
        let entry = self.table.entry(id);
        let is_inlined = entry.comp_inlined;
        let is_async = entry.coroutine;
        let mut state = InlinedState::default();
        if is_inlined {
            self.comprehension_iter(outermost)?;
            self.tweak_inlined_scopes(id, &mut state);
            self.push_inlined_locals(loc, id, &mut state);
        } else {
            let name = match parts.kind {
                ComprehensionType::List => "<listcomp>",
                ComprehensionType::Set => "<setcomp>",
                ComprehensionType::Dict => "<dictcomp>",
                ComprehensionType::Generator => "<genexpr>",
            };
            let counts = ArgCounts { args: 1, ..ArgCounts::default() };
            let name = Name::from(name);
            self.enter_scope(&name, ScopeType::Comprehension, id, loc.lineno, None, counts);
        }
        let build = match parts.kind {
            ComprehensionType::List => Some(Opcode::BUILD_LIST),
            ComprehensionType::Set => Some(Opcode::BUILD_SET),
            ComprehensionType::Dict => Some(Opcode::BUILD_MAP),
            ComprehensionType::Generator => None,
        };
        if let Some(build) = build {
            self.op_i(loc, build, 0);
            if is_inlined {
                self.op_i(loc, Opcode::SWAP, 2);
            }
        }
        self.generator(loc, parts, 0, 0, is_inlined)?;
        if is_inlined {
            self.pop_inlined_locals(loc, &state);
            self.revert_inlined_scopes(state);
            return Ok(());
        }
        if build.is_some() {
            self.op(loc, Opcode::RETURN_VALUE);
        } else {
            self.wrap_in_stop_iteration_handler();
        }
        let code = self.optimize_and_assemble(true)?;
        self.exit_scope();
        self.make_closure(loc, code, 0)?;
        self.comprehension_iter(outermost)?;
        self.op_i(loc, Opcode::CALL, 0);
        if is_async && build.is_some() {
            self.await_top(loc, 0);
        }
        Ok(())
    }

    fn comprehension_iter(&mut self, generator: &'a Comprehension) -> CompileResult<()> {
        self.visit_expr(&generator.iter)?;
        let opcode = if generator.is_async { Opcode::GET_AITER } else { Opcode::GET_ITER };
        self.op(generator.iter.loc, opcode);
        Ok(())
    }

    fn in_plain_class(&self) -> bool {
        self.entry().block_type == BlockType::Class && self.unit.in_inlined_comp == 0
    }

    /// Lets names have the scopes that they have in a comprehension
    /// (`_PyCompile_TweakInlinedComprehensionScopes`).
    fn tweak_inlined_scopes(&mut self, id: EntryId, state: &mut InlinedState) {
        let in_class = self.in_plain_class();
        let function_like = self.entry().is_function_like();
        self.unit.in_inlined_comp += 1;
        for at in 0..self.table.entry(id).symbols.len() {
            let Some((name, &symbol)) = self.table.entry(id).symbols.get_index(at) else {
                break;
            };
            let name = name.clone();
            let scope = Scope::of(symbol);
            let outer_symbol = self.entry().symbol(&name);
            let outer_scope = Scope::of(outer_symbol);
            // A free variable is handled as the surroundings handle it. A cell inside that is free
            // outside is treated as free throughout.
            let differs =
                scope != outer_scope && scope != Scope::Free && !(scope == Scope::Cell && outer_scope == Scope::Free);
            if differs || in_class {
                let outer = self.unit.entry;
                self.table.entry_mut(outer).symbols.insert(name.clone(), symbol);
                state.temp_symbols.push((name.clone(), outer_symbol));
            }
            let is_local = symbol & DEF_LOCAL != 0 && symbol & DEF_NONLOCAL == 0;
            if (is_local || in_class) && !function_like {
                let hidden = &mut self.unit.metadata.fasthidden;
                if hidden.insert(name.clone(), true) != Some(true) {
                    state.fast_hidden.push(name);
                }
            }
        }
    }

    fn revert_inlined_scopes(&mut self, state: InlinedState) {
        self.unit.in_inlined_comp -= 1;
        let outer = self.unit.entry;
        for (name, symbol) in state.temp_symbols {
            self.table.entry_mut(outer).symbols.insert(name, symbol);
        }
        // Not removed: which names were fast locals for a time is wanted later.
        for name in state.fast_hidden {
            self.unit.metadata.fasthidden.insert(name, false);
        }
    }

    /// Saves the values of names that a comprehension binds, under its iterator on the stack.
    fn push_inlined_locals(&mut self, loc: Location, id: EntryId, state: &mut InlinedState) {
        // The comprehension itself counts already, so that this holds in no class.
        let in_class = self.in_plain_class();
        for at in 0..self.table.entry(id).symbols.len() {
            let Some((name, &symbol)) = self.table.entry(id).symbols.get_index(at) else {
                break;
            };
            let is_local = symbol & DEF_LOCAL != 0 && symbol & DEF_NONLOCAL == 0;
            if !is_local && !in_class {
                continue;
            }
            let name = name.clone();
            let mangled = self.maybe_mangle(&name);
            let arg = self.add_varname(&mangled);
            self.op_i(loc, Opcode::LOAD_FAST_AND_CLEAR, arg);
            if Scope::of(symbol) == Scope::Cell {
                let outer_scope = self.entry().scope(&name);
                let arg =
                    if outer_scope == Scope::Free { self.add_freevar(&mangled) } else { self.add_cellvar(&mangled) };
                self.op_i(loc, Opcode::MAKE_CELL, arg);
            }
            state.pushed_locals.push(name);
        }
        if !state.pushed_locals.is_empty() {
            // The iterator back to the top. That rotates the saved values, too, and is undone when
            // they are restored.
            self.op_i(loc, Opcode::SWAP, state.pushed_locals.len() as u32 + 1);
            let cleanup = self.new_label();
            state.cleanup = Some(cleanup);
            self.jump(loc, Opcode::SETUP_FINALLY, cleanup);
        }
    }

    fn restore_inlined_locals(&mut self, loc: Location, state: &InlinedState) {
        self.op_i(loc, Opcode::SWAP, state.pushed_locals.len() as u32 + 1);
        for name in state.pushed_locals.iter().rev() {
            let mangled = self.maybe_mangle(name);
            let arg = self.add_varname(&mangled);
            self.op_i(loc, Opcode::STORE_FAST_MAYBE_NULL, arg);
        }
    }

    fn pop_inlined_locals(&mut self, loc: Location, state: &InlinedState) {
        let Some(cleanup) = state.cleanup else { return };
        let none = Location::NONE;
        self.op(none, Opcode::POP_BLOCK);
        let end = self.new_label();
        self.jump(none, Opcode::JUMP_NO_INTERRUPT, end);
        self.use_label(cleanup);
        // Away with the unfinished result, which is under the exception.
        self.op_i(none, Opcode::SWAP, 2);
        self.op(none, Opcode::POP_TOP);
        self.restore_inlined_locals(loc, state);
        self.op_i(none, Opcode::RERAISE, 0);
        self.use_label(end);
        self.restore_inlined_locals(loc, state);
    }

    /// One `for` of a comprehension, and everything inside it.
    fn generator(
        &mut self,
        loc: Location,
        parts: Parts<'a>,
        at: usize,
        depth: u32,
        iter_on_stack: bool,
    ) -> CompileResult<()> {
        if parts.generators[at].is_async {
            self.async_generator(loc, parts, at, depth, iter_on_stack)
        } else {
            self.sync_generator(loc, parts, at, depth, iter_on_stack)
        }
    }

    fn sync_generator(
        &mut self,
        loc: Location,
        parts: Parts<'a>,
        at: usize,
        mut depth: u32,
        iter_on_stack: bool,
    ) -> CompileResult<()> {
        let generator = &parts.generators[at];
        let (start, if_cleanup, anchor) = (self.new_label(), self.new_label(), self.new_label());
        let mut loops = true;
        if !iter_on_stack {
            if at == 0 {
                self.op_i(loc, Opcode::LOAD_FAST, 0);
            } else {
                // `for y in [f(x)]` names a value: no loop.
                let only = match &generator.iter.node {
                    ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => match &elts[..] {
                        [only] if !expr::is_starred(only) => Some(only),
                        _ => None,
                    },
                    _ => None,
                };
                if let Some(only) = only {
                    self.visit_expr(only)?;
                    loops = false;
                } else {
                    self.visit_expr(&generator.iter)?;
                    self.op(generator.iter.loc, Opcode::GET_ITER);
                }
            }
        }
        if loops {
            depth += 1;
            self.use_label(start);
            self.jump(generator.iter.loc, Opcode::FOR_ITER, anchor);
        }
        self.visit_expr(&generator.target)?;
        for test in &generator.ifs {
            self.jump_if(loc, test, if_cleanup, false)?;
        }
        let elt_loc = self.generator_body(loc, parts, at, depth)?;
        self.use_label(if_cleanup);
        if loops {
            self.jump(elt_loc, Opcode::JUMP, start);
            self.use_label(anchor);
            self.op(Location::NONE, Opcode::END_FOR);
            self.op(Location::NONE, Opcode::POP_ITER);
        }
        Ok(())
    }

    fn async_generator(
        &mut self,
        loc: Location,
        parts: Parts<'a>,
        at: usize,
        depth: u32,
        iter_on_stack: bool,
    ) -> CompileResult<()> {
        let generator = &parts.generators[at];
        let (start, send) = (self.new_label(), self.new_label());
        let (except, if_cleanup) = (self.new_label(), self.new_label());
        if !iter_on_stack {
            if at == 0 {
                self.op_i(loc, Opcode::LOAD_FAST, 0);
            } else {
                self.visit_expr(&generator.iter)?;
                self.op(generator.iter.loc, Opcode::GET_AITER);
            }
        }
        self.use_label(start);
        let kind = BlockKind::AsyncComprehensionGenerator;
        self.push_block(loc, kind, start, Label::NONE, BlockDatum::None)?;
        self.jump(loc, Opcode::SETUP_FINALLY, except);
        self.op(loc, Opcode::GET_ANEXT);
        self.load_const(loc, Constant::None);
        self.use_label(send);
        self.add_yield_from(loc, true);
        self.op(loc, Opcode::POP_BLOCK);
        self.visit_expr(&generator.target)?;
        for test in &generator.ifs {
            self.jump_if(loc, test, if_cleanup, false)?;
        }
        let elt_loc = self.generator_body(loc, parts, at, depth + 1)?;
        self.use_label(if_cleanup);
        self.jump(elt_loc, Opcode::JUMP, start);
        self.pop_block(kind);
        self.use_label(except);
        self.jump(loc, Opcode::END_ASYNC_FOR, send);
        Ok(())
    }

    /// The next `for`, or what is done with the element. Gives the element's position.
    fn generator_body(&mut self, loc: Location, parts: Parts<'a>, at: usize, depth: u32) -> CompileResult<Location> {
        let mut elt_loc = parts.elt.loc;
        if at + 1 < parts.generators.len() {
            self.generator(loc, parts, at + 1, depth, false)?;
            return Ok(elt_loc);
        }
        self.visit_expr(parts.elt)?;
        match parts.kind {
            ComprehensionType::Generator => {
                self.add_yield(elt_loc);
                self.op(elt_loc, Opcode::POP_TOP);
            }
            ComprehensionType::List => self.op_i(elt_loc, Opcode::LIST_APPEND, depth + 1),
            ComprehensionType::Set => self.op_i(elt_loc, Opcode::SET_ADD, depth + 1),
            ComprehensionType::Dict => {
                if let Some(value) = parts.value {
                    self.visit_expr(value)?;
                    elt_loc.end_lineno = value.loc.end_lineno;
                    elt_loc.end_col_offset = value.loc.end_col_offset;
                }
                self.op_i(elt_loc, Opcode::MAP_ADD, depth + 1);
            }
        }
        Ok(elt_loc)
    }
}
