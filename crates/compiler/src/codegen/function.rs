//! Functions and lambdas.

use super::*;
use crate::symtable::key_of;
use crate::tree::docstring;
use taipan_bytecode::operand::*;

impl<'a> Codegen<'a> {
    pub(super) fn decorators(&mut self, decorators: &'a [Expr]) -> CompileResult<()> {
        self.visit_exprs(decorators)
    }

    pub(super) fn apply_decorators(&mut self, decorators: &'a [Expr]) {
        for decorator in decorators.iter().rev() {
            self.op_i(decorator.loc, Opcode::CALL, 0);
        }
    }

    /// Pushes the defaults of parameters; gives `MAKE_FUNCTION_*` flags.
    pub(super) fn default_arguments(&mut self, loc: Location, args: &'a Arguments) -> CompileResult<u32> {
        let mut flags = 0;
        if !args.defaults.is_empty() {
            self.visit_exprs(&args.defaults)?;
            self.op_i(loc, Opcode::BUILD_TUPLE, args.defaults.len() as u32);
            flags |= MAKE_FUNCTION_DEFAULTS;
        }
        let mut count = 0;
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            if let Some(default) = default {
                let mangled = self.maybe_mangle(&arg.arg);
                self.load_name_const(loc, &mangled);
                self.visit_expr(default)?;
                count += 1;
            }
        }
        if count > 0 {
            self.op_i(loc, Opcode::BUILD_MAP, count);
            flags |= MAKE_FUNCTION_KWDEFAULTS;
        }
        Ok(flags)
    }

    /// Lets a `StopIteration` that leaves a generator become a `RuntimeError` (PEP 479).
    pub(super) fn wrap_in_stop_iteration_handler(&mut self) {
        let none = Location::NONE;
        let handler = self.new_label();
        self.unit.sequence.insert_jump_first(Opcode::SETUP_CLEANUP, handler, none);
        self.load_const(none, Constant::None);
        self.op(none, Opcode::RETURN_VALUE);
        self.use_label(handler);
        let intrinsic = Intrinsic1::INTRINSIC_STOPITERATION_ERROR as u32;
        self.op_i(none, Opcode::CALL_INTRINSIC_1, intrinsic);
        self.op_i(none, Opcode::RERAISE, 1);
    }

    pub(super) fn function(&mut self, stmt: &'a Stmt, def: &'a FunctionDef, is_async: bool) -> CompileResult<()> {
        self.decorators(&def.decorator_list)?;
        let loc = stmt.loc;
        let firstlineno = def.decorator_list.first().map_or(loc.lineno, |first| first.loc.lineno);
        let mut flags = self.default_arguments(loc, &def.args)?;
        let generic = !def.type_params.is_empty();
        let mut passed = 0;
        if generic {
            // The defaults are evaluated outside and passed into the scope of the parameters.
            passed = (flags & (MAKE_FUNCTION_DEFAULTS | MAKE_FUNCTION_KWDEFAULTS)).count_ones();
            if passed == 2 {
                self.op_i(loc, Opcode::SWAP, 2);
            }
            let counts = ArgCounts { args: passed as usize, ..ArgCounts::default() };
            self.enter_type_params(&def.name, &def.type_params, firstlineno, None, counts)?;
            self.type_params(&def.type_params)?;
            for at in 0..passed {
                self.op_i(loc, Opcode::LOAD_FAST, at);
            }
        }
        flags |= self.function_annotations(loc, &def.args, def.returns.as_ref())?;
        self.function_body(stmt, def, is_async, flags, firstlineno)?;
        if generic {
            self.op_i(loc, Opcode::SWAP, 2);
            let set = Intrinsic2::INTRINSIC_SET_FUNCTION_TYPE_PARAMS as u32;
            self.op_i(loc, Opcode::CALL_INTRINSIC_2, set);
            let code = self.optimize_and_assemble(false)?;
            self.exit_scope();
            self.make_closure(loc, code, 0)?;
            if passed > 0 {
                self.op_i(loc, Opcode::SWAP, passed + 1);
                self.op_i(loc, Opcode::CALL, passed - 1);
            } else {
                self.op(loc, Opcode::PUSH_NULL);
                self.op_i(loc, Opcode::CALL, 0);
            }
        }
        self.apply_decorators(&def.decorator_list);
        self.name_op(loc, &def.name, ExprContext::Store)
    }

    fn function_body(
        &mut self,
        stmt: &'a Stmt,
        def: &'a FunctionDef,
        is_async: bool,
        flags: u32,
        firstlineno: i32,
    ) -> CompileResult<()> {
        let scope_type = if is_async { ScopeType::AsyncFunction } else { ScopeType::Function };
        let id = self.lookup(key_of(stmt))?;
        self.enter_scope(&def.name, scope_type, id, firstlineno, None, ArgCounts::of(&def.args));
        let mut body = &def.body[..];
        if self.entry().has_docstring {
            if let (Some(text), Some((_, rest))) = (docstring(body), body.split_first()) {
                body = rest;
                self.add_const(strings::clean_doc(text));
            }
        }
        let start = self.new_label();
        self.use_label(start);
        let is_generator = self.entry().coroutine || self.entry().generator;
        if is_generator {
            let none = Location::NONE;
            let kind = BlockKind::StopIteration;
            self.push_block(none, kind, start, Label::NONE, BlockDatum::None)?;
        }
        self.visit_body(body)?;
        if is_generator {
            self.wrap_in_stop_iteration_handler();
            self.pop_block(BlockKind::StopIteration);
        }
        let code = self.optimize_and_assemble(true)?;
        self.exit_scope();
        self.make_closure(stmt.loc, code, flags)
    }

    pub(super) fn lambda(&mut self, expr: &'a Expr, args: &'a Arguments, body: &'a Expr) -> CompileResult<()> {
        let loc = expr.loc;
        let flags = self.default_arguments(loc, args)?;
        let id = self.lookup(key_of(expr))?;
        let name = Name::from("<lambda>");
        let counts = ArgCounts::of(args);
        self.enter_scope(&name, ScopeType::Lambda, id, loc.lineno, None, counts);
        self.visit_expr(body)?;
        let code = if self.entry().generator {
            self.optimize_and_assemble(false)?
        } else {
            self.op(body.loc, Opcode::RETURN_VALUE);
            self.optimize_and_assemble(true)?
        };
        self.exit_scope();
        self.make_closure(loc, code, flags)
    }
}
