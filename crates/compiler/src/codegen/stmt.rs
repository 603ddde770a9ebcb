//! Statements, and the plain ones among them; the larger families have files of their own.

use super::*;
use crate::recursion::with_stack;
use crate::symtable::BlockType;
use crate::tree::docstring;
use taipan_bytecode::operand::*;

impl<'a> Codegen<'a> {
    pub(super) fn visit_body(&mut self, body: &'a [Stmt]) -> CompileResult<()> {
        body.iter().try_for_each(|stmt| self.visit_stmt(stmt))
    }

    /// The body of a module or a class: docstring, statements, annotations (`codegen_body`).
    pub(super) fn visit_block_body(
        &mut self,
        loc: Location,
        body: &'a [Stmt],
        is_interactive: bool,
    ) -> CompileResult<()> {
        let future_annotations = self.has_feature(crate::flags::CO_FUTURE_ANNOTATIONS);
        if future_annotations && self.entry().annotations_used {
            self.op(loc, Opcode::SETUP_ANNOTATIONS);
        }
        if body.is_empty() {
            return Ok(());
        }
        let mut rest = body;
        if !is_interactive && self.entry().has_docstring {
            if let (Some(text), Some((first, others))) = (docstring(body), body.split_first()) {
                rest = others;
                let loc = match &first.node {
                    StmtKind::Expr { value } => value.loc,
                    _ => first.loc,
                };
                self.load_const(loc, strings::clean_doc(text));
                self.name_op_str(Location::NONE, "__doc__", ExprContext::Store)?;
            }
        }
        self.visit_body(rest)?;
        if !future_annotations {
            self.process_deferred_annotations(loc)?;
        }
        Ok(())
    }

    pub(super) fn visit_stmt(&mut self, stmt: &'a Stmt) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.visit_stmt_kind(stmt))?;
        self.depth.leave();
        Ok(())
    }

    /// Visits a statement that may or may not run the statements in it.
    fn conditional(&mut self, visit: impl FnOnce(&mut Self) -> CompileResult<()>) -> CompileResult<()> {
        self.unit.in_conditional_block += 1;
        visit(self)?;
        self.unit.in_conditional_block -= 1;
        Ok(())
    }

    fn visit_stmt_kind(&mut self, stmt: &'a Stmt) -> CompileResult<()> {
        let loc = stmt.loc;
        match &stmt.node {
            StmtKind::FunctionDef(def) => self.function(stmt, def, false),
            StmtKind::AsyncFunctionDef(def) => self.function(stmt, def, true),
            StmtKind::ClassDef(def) => self.class(stmt, def),
            StmtKind::TypeAlias(alias) => self.type_alias(stmt, alias),
            StmtKind::Return { value } => self.return_stmt(loc, value.as_deref()),
            StmtKind::Delete { targets } => self.visit_exprs(targets),
            StmtKind::Assign { targets, value, .. } => {
                self.visit_expr(value)?;
                for (at, target) in targets.iter().enumerate() {
                    if at + 1 < targets.len() {
                        self.op_i(loc, Opcode::COPY, 1);
                    }
                    self.visit_expr(target)?;
                }
                Ok(())
            }
            StmtKind::AugAssign { target, op, value } => self.aug_assign(loc, target, *op, value),
            StmtKind::AnnAssign(assign) => self.ann_assign(stmt, assign),
            StmtKind::For(node) => self.conditional(|this| this.for_stmt(loc, node)),
            StmtKind::AsyncFor(node) => self.conditional(|this| this.async_for(loc, node)),
            StmtKind::While { test, body, orelse } => self.conditional(|this| this.while_stmt(loc, test, body, orelse)),
            StmtKind::If { test, body, orelse } => self.conditional(|this| this.if_stmt(loc, test, body, orelse)),
            StmtKind::Match { subject, cases } => self.conditional(|this| this.match_stmt(subject, cases)),
            StmtKind::Raise { exc, cause } => {
                let mut count = 0;
                if let Some(exc) = exc {
                    self.visit_expr(exc)?;
                    count += 1;
                    if let Some(cause) = cause {
                        self.visit_expr(cause)?;
                        count += 1;
                    }
                }
                self.op_i(loc, Opcode::RAISE_VARARGS, count);
                Ok(())
            }
            StmtKind::Try(node) => self.conditional(|this| this.try_stmt(loc, node, false)),
            StmtKind::TryStar(node) => self.conditional(|this| this.try_stmt(loc, node, true)),
            StmtKind::Assert { test, msg } => self.assert_stmt(loc, test, msg.as_deref()),
            StmtKind::Import { names } => self.import(loc, names),
            StmtKind::ImportFrom { module, names, level } => self.import_from(loc, module.as_ref(), names, *level),
            StmtKind::Global { .. } | StmtKind::Nonlocal { .. } => Ok(()),
            StmtKind::Expr { value } => self.expr_stmt(loc, value),
            StmtKind::Pass => {
                self.op(loc, Opcode::NOP);
                Ok(())
            }
            StmtKind::Break => self.break_stmt(loc),
            StmtKind::Continue => self.continue_stmt(loc),
            StmtKind::With(node) => self.conditional(|this| this.with_stmt(&node.items, node)),
            StmtKind::AsyncWith(node) => self.conditional(|this| this.async_with(&node.items, node)),
        }
    }

    fn expr_stmt(&mut self, loc: Location, value: &'a Expr) -> CompileResult<()> {
        if self.is_interactive_top_level() {
            self.visit_expr(value)?;
            let print = Intrinsic1::INTRINSIC_PRINT as u32;
            self.op_i(loc, Opcode::CALL_INTRINSIC_1, print);
        } else if matches!(value.node, ExprKind::Constant { .. }) {
            self.op(loc, Opcode::NOP);
            return Ok(());
        } else {
            self.visit_expr(value)?;
        }
        self.op(Location::NONE, Opcode::POP_TOP);
        Ok(())
    }

    fn return_stmt(&mut self, stmt_loc: Location, value: Option<&'a Expr>) -> CompileResult<()> {
        let mut loc = stmt_loc;
        let constant = match value.map(|value| &value.node) {
            Some(ExprKind::Constant { value, .. }) => Some(value),
            _ => None,
        };
        let preserve_tos = value.is_some() && constant.is_none();
        let entry = self.entry();
        if !entry.is_function_like() {
            return self.error(loc, "'return' outside function");
        }
        if value.is_some() && entry.coroutine && entry.generator {
            return self.error(loc, "'return' with value in async generator");
        }
        if let Some(value) = value {
            if preserve_tos {
                self.visit_expr(value)?;
            } else {
                loc = value.loc;
                self.op(loc, Opcode::NOP);
            }
        }
        if value.is_none_or(|value| value.loc.lineno != stmt_loc.lineno) {
            loc = stmt_loc;
            self.op(loc, Opcode::NOP);
        }
        self.unwind_block_stack(&mut loc, preserve_tos, false)?;
        match (value, constant) {
            (None, _) => self.load_const(loc, Constant::None),
            (_, Some(constant)) => self.load_const(loc, constant.clone()),
            _ => {}
        }
        self.op(loc, Opcode::RETURN_VALUE);
        Ok(())
    }

    fn break_stmt(&mut self, origin: Location) -> CompileResult<()> {
        let mut loc = origin;
        self.op(loc, Opcode::NOP);
        let Some(block) = self.unwind_block_stack(&mut loc, false, true)? else {
            return self.error(origin, "'break' outside loop");
        };
        self.unwind_block(&mut loc, &block, false)?;
        self.jump(loc, Opcode::JUMP, block.exit);
        Ok(())
    }

    fn continue_stmt(&mut self, origin: Location) -> CompileResult<()> {
        let mut loc = origin;
        self.op(loc, Opcode::NOP);
        let Some(block) = self.unwind_block_stack(&mut loc, false, true)? else {
            return self.error(origin, "'continue' not properly in loop");
        };
        self.jump(loc, Opcode::JUMP, block.block);
        Ok(())
    }

    fn if_stmt(&mut self, loc: Location, test: &'a Expr, body: &'a [Stmt], orelse: &'a [Stmt]) -> CompileResult<()> {
        let end = self.new_label();
        let next = if orelse.is_empty() { end } else { self.new_label() };
        self.jump_if(loc, test, next, false)?;
        self.visit_body(body)?;
        if !orelse.is_empty() {
            self.jump(Location::NONE, Opcode::JUMP_NO_INTERRUPT, end);
            self.use_label(next);
            self.visit_body(orelse)?;
        }
        self.use_label(end);
        Ok(())
    }

    fn for_stmt(&mut self, loc: Location, node: &'a For) -> CompileResult<()> {
        let start = self.new_label();
        let body = self.new_label();
        let cleanup = self.new_label();
        let end = self.new_label();
        self.push_block(loc, BlockKind::ForLoop, start, end, BlockDatum::None)?;
        self.visit_expr(&node.iter)?;
        let loc = node.iter.loc;
        self.op(loc, Opcode::GET_ITER);
        self.use_label(start);
        self.jump(loc, Opcode::FOR_ITER, cleanup);
        // For the tracing of loops that take several lines; removed where it is redundant.
        self.op(node.target.loc, Opcode::NOP);
        self.use_label(body);
        self.visit_expr(&node.target)?;
        self.visit_body(&node.body)?;
        self.jump(Location::NONE, Opcode::JUMP, start);
        self.use_label(cleanup);
        // A generator that ends jumps to the first of these, everything else to the second.
        self.op(Location::NONE, Opcode::END_FOR);
        self.op(Location::NONE, Opcode::POP_ITER);
        self.pop_block(BlockKind::ForLoop);
        self.visit_body(&node.orelse)?;
        self.use_label(end);
        Ok(())
    }

    fn async_for(&mut self, loc: Location, node: &'a For) -> CompileResult<()> {
        let start = self.new_label();
        let send = self.new_label();
        let except = self.new_label();
        let end = self.new_label();
        self.visit_expr(&node.iter)?;
        self.op(node.iter.loc, Opcode::GET_AITER);
        self.use_label(start);
        self.push_block(loc, BlockKind::ForLoop, start, end, BlockDatum::None)?;
        self.jump(loc, Opcode::SETUP_FINALLY, except);
        self.op(loc, Opcode::GET_ANEXT);
        self.load_const(loc, Constant::None);
        self.use_label(send);
        self.add_yield_from(loc, true);
        self.op(loc, Opcode::POP_BLOCK);
        self.op(loc, Opcode::NOT_TAKEN);
        self.visit_expr(&node.target)?;
        self.visit_body(&node.body)?;
        self.jump(Location::NONE, Opcode::JUMP, start);
        self.pop_block(BlockKind::ForLoop);
        self.use_label(except);
        // The line of the iterable: this comes behind the `for`, not behind the body.
        self.jump(node.iter.loc, Opcode::END_ASYNC_FOR, send);
        self.visit_body(&node.orelse)?;
        self.use_label(end);
        Ok(())
    }

    fn while_stmt(&mut self, loc: Location, test: &'a Expr, body: &'a [Stmt], orelse: &'a [Stmt]) -> CompileResult<()> {
        let start = self.new_label();
        let end = self.new_label();
        let anchor = self.new_label();
        self.use_label(start);
        self.push_block(loc, BlockKind::WhileLoop, start, end, BlockDatum::None)?;
        self.jump_if(loc, test, anchor, false)?;
        self.visit_body(body)?;
        self.jump(Location::NONE, Opcode::JUMP, start);
        self.pop_block(BlockKind::WhileLoop);
        self.use_label(anchor);
        self.visit_body(orelse)?;
        self.use_label(end);
        Ok(())
    }

    fn assert_stmt(&mut self, loc: Location, test: &'a Expr, msg: Option<&'a Expr>) -> CompileResult<()> {
        let is_full_tuple = match &test.node {
            ExprKind::Tuple { elts, .. } => !elts.is_empty(),
            ExprKind::Constant { value: Constant::Tuple(items), .. } => !items.is_empty(),
            _ => false,
        };
        if is_full_tuple {
            let message = "assertion is always true, perhaps remove parentheses?";
            self.warn(loc, message.to_owned())?;
        }
        if self.optimize > 0 {
            return Ok(());
        }
        let end = self.new_label();
        self.jump_if(loc, test, end, true)?;
        let error = CommonConstant::CONSTANT_ASSERTIONERROR as u32;
        self.op_i(loc, Opcode::LOAD_COMMON_CONSTANT, error);
        if let Some(msg) = msg {
            self.visit_expr(msg)?;
            self.op_i(loc, Opcode::CALL, 0);
        }
        self.op_i(test.loc, Opcode::RAISE_VARARGS, 1);
        self.use_label(end);
        Ok(())
    }

    /// Whether this is the code of a module or a class, whose annotations are kept.
    pub(super) fn keeps_annotations(&self) -> bool {
        matches!(self.entry().block_type, BlockType::Module | BlockType::Class)
    }
}
