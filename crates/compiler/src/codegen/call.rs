//! Calls: methods, `super()`, `*` and `**`, and the built-in functions that take a generator apart.

use super::expr::{Display, at_attribute, is_starred};
use super::names::AttrOp;
use super::*;
use crate::symtable::{DEF_IMPORT, Scope, key_of};
use taipan_bytecode::operand::*;

impl<'a> Codegen<'a> {
    pub(super) fn call(
        &mut self,
        loc: Location,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> CompileResult<()> {
        self.validate_keywords(keywords)?;
        if self.method_call(loc, func, args, keywords)? {
            return Ok(());
        }
        let skip_normal_call = self.new_label();
        self.check_caller(func)?;
        self.visit_expr(func)?;
        self.generator_call(func, args, keywords, skip_normal_call)?;
        self.op(func.loc, Opcode::PUSH_NULL);
        self.call_with(loc, 0, args, None, keywords)?;
        self.use_label(skip_normal_call);
        Ok(())
    }

    fn validate_keywords(&self, keywords: &[Keyword]) -> CompileResult<()> {
        for (at, keyword) in keywords.iter().enumerate() {
            let Some(arg) = &keyword.arg else { continue };
            // Few calls have many keywords; a set would cost more than it saves.
            let repeated = keywords[at + 1..].iter().find(|other| other.arg.as_ref() == Some(arg));
            if let Some(other) = repeated {
                return self.error(other.loc, format!("keyword argument repeated: {arg}"));
            }
        }
        Ok(())
    }

    /// Whether an expression is a name that the module imports.
    fn is_import_originated(&self, expr: &Expr) -> bool {
        let ExprKind::Name { id, .. } = &expr.node else {
            return false;
        };
        self.table.entry(self.table.top).symbol(id) & DEF_IMPORT != 0
    }

    /// The arguments of `super(…)`, if `super(…).attr` can be one instruction.
    pub(super) fn super_call_args(&self, value: &'a Expr, attr: &Name) -> Option<&'a [Expr]> {
        let ExprKind::Call { func, args, keywords } = &value.node else {
            return None;
        };
        let ExprKind::Name { id, .. } = &func.node else {
            return None;
        };
        if id != "super" || attr == "__class__" || !keywords.is_empty() {
            return None;
        }
        // The name must be the built-in one, as far as can be seen.
        if self.entry().scope(id) != Scope::GlobalImplicit
            || self.table.entry(self.table.top).scope(id) != Scope::Unknown
        {
            return None;
        }
        match args.len() {
            2 if !args.iter().any(is_starred) => Some(args),
            0 => {
                let metadata = &self.unit.metadata;
                let has_self = metadata.argcount + metadata.posonlyargcount > 0;
                (has_self && self.ref_type("__class__") == Scope::Free).then_some(args)
            }
            _ => None,
        }
    }

    pub(super) fn load_args_for_super(&mut self, value: &'a Expr, args: &'a [Expr]) -> CompileResult<()> {
        let ExprKind::Call { func, .. } = &value.node else {
            return Ok(());
        };
        self.name_op_str(func.loc, "super", ExprContext::Load)?;
        if !args.is_empty() {
            return self.visit_exprs(args);
        }
        self.name_op_str(value.loc, "__class__", ExprContext::Load)?;
        let first = self.unit.metadata.varnames.first().cloned();
        match first {
            Some(first) => self.name_op(value.loc, &first, ExprContext::Load),
            None => Ok(()),
        }
    }

    /// `object.method(…)` without making a bound method. Gives whether the call is one.
    fn method_call(
        &mut self,
        call_loc: Location,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
    ) -> CompileResult<bool> {
        let ExprKind::Attribute { value, attr, ctx: ExprContext::Load } = &func.node else {
            return Ok(false);
        };
        let many = args.len() + keywords.len() + usize::from(!keywords.is_empty());
        if self.is_import_originated(value)
            || many >= STACK_USE_GUIDELINE
            || args.iter().any(is_starred)
            || keywords.iter().any(|keyword| keyword.arg.is_none())
        {
            return Ok(false);
        }
        let mut loc = func.loc;
        if let Some(super_args) = self.super_call_args(value, attr) {
            self.load_args_for_super(value, super_args)?;
            let zero = super_args.is_empty();
            let op = if zero { AttrOp::LoadZeroSuperMethod } else { AttrOp::LoadSuperMethod };
            self.op_attr(loc, op, attr);
            loc = at_attribute(loc, func, attr);
            self.op(loc, Opcode::NOP);
        } else {
            self.visit_expr(value)?;
            loc = at_attribute(loc, func, attr);
            self.op_attr(loc, AttrOp::LoadMethod, attr);
        }
        self.visit_exprs(args)?;
        let count = (args.len() + keywords.len()) as u32;
        let call_loc = at_attribute(call_loc, func, attr);
        if keywords.is_empty() {
            self.op_i(call_loc, Opcode::CALL, count);
        } else {
            self.keyword_values(loc, keywords)?;
            self.op_i(call_loc, Opcode::CALL_KW, count);
        }
        Ok(true)
    }

    /// The values of keyword arguments, and the tuple of their names.
    fn keyword_values(&mut self, loc: Location, keywords: &'a [Keyword]) -> CompileResult<()> {
        for keyword in keywords {
            self.visit_expr(&keyword.value)?;
        }
        let names = self.names_const(keywords.iter().filter_map(|keyword| keyword.arg.as_ref()));
        self.load_const(loc, names);
        Ok(())
    }

    /// `all(…)`, `any(…)` and `tuple(…)` of a generator expression, as a loop in place. The call
    /// proper follows for the case that the name means something else.
    fn generator_call(
        &mut self,
        func: &'a Expr,
        args: &'a [Expr],
        keywords: &'a [Keyword],
        end: Label,
    ) -> CompileResult<()> {
        let (ExprKind::Name { id, .. }, [generator], []) = (&func.node, args, keywords) else {
            return Ok(());
        };
        if !matches!(generator.node, ExprKind::GeneratorExp { .. })
            || self.table.entry(self.lookup(key_of(generator))?).coroutine
        {
            return Ok(());
        }
        // The function, and if it looks for a truth, the result if that is not found.
        let (function, otherwise) = match id.as_str() {
            "all" => (CommonConstant::CONSTANT_BUILTIN_ALL, Some(true)),
            "any" => (CommonConstant::CONSTANT_BUILTIN_ANY, Some(false)),
            "tuple" => (CommonConstant::CONSTANT_BUILTIN_TUPLE, None),
            _ => return Ok(()),
        };
        let loc = func.loc;
        let skip = self.new_label();
        self.op_i(loc, Opcode::COPY, 1);
        self.op_i(loc, Opcode::LOAD_COMMON_CONSTANT, function as u32);
        self.op_i(loc, Opcode::IS_OP, 0);
        self.jump(loc, Opcode::POP_JUMP_IF_FALSE, skip);
        self.op(loc, Opcode::POP_TOP);
        if otherwise.is_none() {
            self.op_i(loc, Opcode::BUILD_LIST, 0);
        }
        self.visit_expr(generator)?;
        let (start, cleanup) = (self.new_label(), self.new_label());
        self.use_label(start);
        self.jump(loc, Opcode::FOR_ITER, cleanup);
        match otherwise {
            None => {
                self.op_i(loc, Opcode::LIST_APPEND, 2);
                self.jump(loc, Opcode::JUMP, start);
            }
            Some(go_on_if) => {
                self.op(loc, Opcode::TO_BOOL);
                let opcode = match go_on_if {
                    true => Opcode::POP_JUMP_IF_TRUE,
                    false => Opcode::POP_JUMP_IF_FALSE,
                };
                self.jump(loc, opcode, start);
            }
        }
        self.op(Location::NONE, Opcode::POP_ITER);
        if let Some(otherwise) = otherwise {
            self.load_const(loc, Constant::from_bool(!otherwise));
        }
        self.jump(loc, Opcode::JUMP, end);
        self.use_label(cleanup);
        self.op(Location::NONE, Opcode::END_FOR);
        self.op(Location::NONE, Opcode::POP_ITER);
        match otherwise {
            Some(otherwise) => self.load_const(loc, Constant::from_bool(otherwise)),
            None => {
                let to_tuple = Intrinsic1::INTRINSIC_LIST_TO_TUPLE as u32;
                self.op_i(loc, Opcode::CALL_INTRINSIC_1, to_tuple);
            }
        }
        self.jump(loc, Opcode::JUMP, end);
        self.use_label(skip);
        Ok(())
    }

    /// Arguments and the call itself, for calls and for class statements. `pushed` arguments are on
    /// the stack already; `injected` names a positional one that comes last.
    pub(super) fn call_with(
        &mut self,
        loc: Location,
        pushed: usize,
        args: &'a [Expr],
        injected: Option<&Name>,
        keywords: &'a [Keyword],
    ) -> CompileResult<()> {
        self.validate_keywords(keywords)?;
        let plain = args.len() + keywords.len() * 2 <= STACK_USE_GUIDELINE
            && !args.iter().any(is_starred)
            && keywords.iter().all(|keyword| keyword.arg.is_some());
        if plain {
            self.visit_exprs(args)?;
            let mut count = pushed + args.len() + keywords.len();
            if let Some(name) = injected {
                self.name_op(loc, name, ExprContext::Load)?;
                count += 1;
            }
            if keywords.is_empty() {
                self.op_i(loc, Opcode::CALL, count as u32);
            } else {
                self.keyword_values(loc, keywords)?;
                self.op_i(loc, Opcode::CALL_KW, count as u32);
            }
            return Ok(());
        }
        match args {
            [Expr { node: ExprKind::Starred { value, .. }, .. }] if pushed == 0 => {
                self.visit_expr(value)?;
            }
            _ => self.display(loc, args, injected, pushed, Display::TUPLE)?,
        }
        if keywords.is_empty() {
            self.op(loc, Opcode::PUSH_NULL);
        } else {
            self.keywords_dict(loc, keywords)?;
        }
        self.op(loc, Opcode::CALL_FUNCTION_EX);
        Ok(())
    }

    /// Keyword arguments as one dict.
    fn keywords_dict(&mut self, loc: Location, keywords: &'a [Keyword]) -> CompileResult<()> {
        let mut have_dict = false;
        for part in keywords.chunk_by(|a, b| a.arg.is_some() && b.arg.is_some()) {
            if part[0].arg.is_some() {
                self.sub_keywords(loc, part)?;
                if have_dict {
                    self.op_i(loc, Opcode::DICT_MERGE, 1);
                }
            } else {
                if !have_dict {
                    self.op_i(loc, Opcode::BUILD_MAP, 0);
                }
                self.visit_expr(&part[0].value)?;
                self.op_i(loc, Opcode::DICT_MERGE, 1);
            }
            have_dict = true;
        }
        Ok(())
    }

    fn sub_keywords(&mut self, loc: Location, keywords: &'a [Keyword]) -> CompileResult<()> {
        let big = keywords.len() * 2 > STACK_USE_GUIDELINE;
        if big {
            self.op_i(Location::NONE, Opcode::BUILD_MAP, 0);
        }
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                self.load_name_const(loc, arg);
            }
            self.visit_expr(&keyword.value)?;
            if big {
                self.op_i(Location::NONE, Opcode::MAP_ADD, 1);
            }
        }
        if !big {
            self.op_i(loc, Opcode::BUILD_MAP, keywords.len() as u32);
        }
        Ok(())
    }
}
