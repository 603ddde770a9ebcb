//! `try`: `except`, `except*` (PEP 654), `else` and `finally`.

use super::*;
use taipan_bytecode::operand::Intrinsic2;

const NONE: Location = Location::NONE;

impl<'a> Codegen<'a> {
    pub(super) fn try_stmt(&mut self, loc: Location, node: &'a Try, star: bool) -> CompileResult<()> {
        if !node.finalbody.is_empty() {
            self.try_finally(loc, node, star)
        } else if star {
            self.try_star_except(loc, node)
        } else {
            self.try_except(loc, node)
        }
    }

    fn try_finally(&mut self, loc: Location, node: &'a Try, star: bool) -> CompileResult<()> {
        let (body, end) = (self.new_label(), self.new_label());
        let (exit, cleanup) = (self.new_label(), self.new_label());
        self.jump(loc, Opcode::SETUP_FINALLY, end);
        self.use_label(body);
        let datum = BlockDatum::Finalbody(&node.finalbody);
        self.push_block(loc, BlockKind::FinallyTry, body, end, datum)?;
        if node.handlers.is_empty() {
            self.visit_body(&node.body)?;
        } else if star {
            self.try_star_except(loc, node)?;
        } else {
            self.try_except(loc, node)?;
        }
        self.op(NONE, Opcode::POP_BLOCK);
        self.pop_block(BlockKind::FinallyTry);
        self.visit_body(&node.finalbody)?;
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, exit);

        // The finally block once more, for an exception.
        self.use_label(end);
        self.jump(NONE, Opcode::SETUP_CLEANUP, cleanup);
        self.op(NONE, Opcode::PUSH_EXC_INFO);
        self.push_block(NONE, BlockKind::FinallyEnd, end, Label::NONE, BlockDatum::None)?;
        self.visit_body(&node.finalbody)?;
        self.pop_block(BlockKind::FinallyEnd);
        self.op_i(NONE, Opcode::RERAISE, 0);
        self.use_label(cleanup);
        self.pop_except_and_reraise(NONE);
        self.use_label(exit);
        Ok(())
    }

    /// The body of a `try` that has handlers.
    fn guarded_body(&mut self, loc: Location, node: &'a Try, except: Label) -> CompileResult<()> {
        let body = self.new_label();
        self.jump(loc, Opcode::SETUP_FINALLY, except);
        self.use_label(body);
        self.push_block(loc, BlockKind::TryExcept, body, Label::NONE, BlockDatum::None)?;
        self.visit_body(&node.body)?;
        self.pop_block(BlockKind::TryExcept);
        self.op(NONE, Opcode::POP_BLOCK);
        Ok(())
    }

    fn try_except(&mut self, loc: Location, node: &'a Try) -> CompileResult<()> {
        let (except, end, cleanup) = (self.new_label(), self.new_label(), self.new_label());
        self.guarded_body(loc, node, except)?;
        self.visit_body(&node.orelse)?;
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, end);
        self.use_label(except);
        self.jump(NONE, Opcode::SETUP_CLEANUP, cleanup);
        self.op(NONE, Opcode::PUSH_EXC_INFO);
        let none = Label::NONE;
        self.push_block(loc, BlockKind::ExceptionHandler, none, none, BlockDatum::None)?;
        for (at, handler) in node.handlers.iter().enumerate() {
            if handler.type_.is_none() && at + 1 < node.handlers.len() {
                return self.error(handler.loc, "default 'except:' must be last");
            }
            let next = self.new_label();
            if let Some(type_) = &handler.type_ {
                self.visit_expr(type_)?;
                self.op(handler.loc, Opcode::CHECK_EXC_MATCH);
                self.jump(handler.loc, Opcode::POP_JUMP_IF_FALSE, next);
            }
            self.handler(handler, end)?;
            self.use_label(next);
        }
        self.pop_block(BlockKind::ExceptionHandler);
        self.op_i(NONE, Opcode::RERAISE, 0);
        self.use_label(cleanup);
        self.pop_except_and_reraise(NONE);
        self.use_label(end);
        Ok(())
    }

    /// The body of a handler; the exception is on the stack.
    fn handler(&mut self, handler: &'a ExceptHandler, end: Label) -> CompileResult<()> {
        let loc = handler.loc;
        let kind = BlockKind::HandlerCleanup;
        let cleanup_body = self.new_label();
        let Some(name) = &handler.name else {
            self.op(loc, Opcode::POP_TOP);
            self.use_label(cleanup_body);
            self.push_block(loc, kind, cleanup_body, Label::NONE, BlockDatum::None)?;
            self.visit_body(&handler.body)?;
            self.pop_block(kind);
            self.op(NONE, Opcode::POP_BLOCK);
            self.op(NONE, Opcode::POP_EXCEPT);
            self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, end);
            return Ok(());
        };
        // The body stands in a try/finally of its own, which unbinds the name.
        let cleanup_end = self.new_label();
        self.name_op(loc, name, ExprContext::Store)?;
        self.jump(loc, Opcode::SETUP_CLEANUP, cleanup_end);
        self.use_label(cleanup_body);
        self.push_block(loc, kind, cleanup_body, Label::NONE, BlockDatum::Name(name))?;
        self.visit_body(&handler.body)?;
        self.pop_block(kind);
        self.op(NONE, Opcode::POP_BLOCK);
        self.op(NONE, Opcode::POP_BLOCK);
        self.op(NONE, Opcode::POP_EXCEPT);
        self.unbind_handler_name(NONE, name)?;
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, end);
        self.use_label(cleanup_end);
        self.unbind_handler_name(NONE, name)?;
        self.op_i(NONE, Opcode::RERAISE, 1);
        Ok(())
    }

    /// `except*`. While the handlers run, the stack holds the group that was raised, the list of
    /// exceptions that handlers raised, and what of the group is not handled yet.
    fn try_star_except(&mut self, loc: Location, node: &'a Try) -> CompileResult<()> {
        let (except, orelse, end) = (self.new_label(), self.new_label(), self.new_label());
        let (cleanup, reraise_star) = (self.new_label(), self.new_label());
        self.guarded_body(loc, node, except)?;
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, orelse);
        self.use_label(except);
        self.jump(NONE, Opcode::SETUP_CLEANUP, cleanup);
        self.op(NONE, Opcode::PUSH_EXC_INFO);
        let none = Label::NONE;
        self.push_block(loc, BlockKind::ExceptionGroupHandler, none, none, BlockDatum::None)?;
        for (at, handler) in node.handlers.iter().enumerate() {
            if at == 0 {
                self.op_i(handler.loc, Opcode::BUILD_LIST, 0);
                self.op_i(handler.loc, Opcode::COPY, 2);
            }
            self.star_handler(handler)?;
            if at + 1 == node.handlers.len() {
                // Whatever is left unhandled; it may be None.
                self.op_i(NONE, Opcode::LIST_APPEND, 1);
                self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, reraise_star);
            }
        }
        self.pop_block(BlockKind::ExceptionGroupHandler);
        let reraise = self.new_label();
        self.use_label(reraise_star);
        let prepare = Intrinsic2::INTRINSIC_PREP_RERAISE_STAR as u32;
        self.op_i(NONE, Opcode::CALL_INTRINSIC_2, prepare);
        self.op_i(NONE, Opcode::COPY, 1);
        self.jump(NONE, Opcode::POP_JUMP_IF_NOT_NONE, reraise);
        // Nothing to raise.
        self.op(NONE, Opcode::POP_TOP);
        self.op(NONE, Opcode::POP_BLOCK);
        self.op(NONE, Opcode::POP_EXCEPT);
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, end);
        self.use_label(reraise);
        self.op(NONE, Opcode::POP_BLOCK);
        self.op_i(NONE, Opcode::SWAP, 2);
        self.op(NONE, Opcode::POP_EXCEPT);
        self.op_i(NONE, Opcode::RERAISE, 0);
        self.use_label(cleanup);
        self.pop_except_and_reraise(NONE);
        self.use_label(orelse);
        self.visit_body(&node.orelse)?;
        self.use_label(end);
        Ok(())
    }

    fn star_handler(&mut self, handler: &'a ExceptHandler) -> CompileResult<()> {
        let loc = handler.loc;
        let next = self.new_label();
        let (next_with_error, no_match) = (self.new_label(), self.new_label());
        if let Some(type_) = &handler.type_ {
            self.visit_expr(type_)?;
            self.op(loc, Opcode::CHECK_EG_MATCH);
            self.op_i(loc, Opcode::COPY, 1);
            self.jump(loc, Opcode::POP_JUMP_IF_NONE, no_match);
        }
        let (cleanup_end, cleanup_body) = (self.new_label(), self.new_label());
        let datum = match &handler.name {
            Some(name) => {
                self.name_op(loc, name, ExprContext::Store)?;
                BlockDatum::Name(name)
            }
            None => {
                self.op(loc, Opcode::POP_TOP);
                BlockDatum::None
            }
        };
        self.jump(loc, Opcode::SETUP_CLEANUP, cleanup_end);
        self.use_label(cleanup_body);
        let kind = BlockKind::HandlerCleanup;
        self.push_block(loc, kind, cleanup_body, Label::NONE, datum)?;
        self.visit_body(&handler.body)?;
        self.pop_block(kind);
        self.op(NONE, Opcode::POP_BLOCK);
        if let Some(name) = &handler.name {
            self.unbind_handler_name(NONE, name)?;
        }
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, next);
        self.use_label(cleanup_end);
        if let Some(name) = &handler.name {
            self.unbind_handler_name(NONE, name)?;
        }
        // What the handler raised goes to the list.
        self.op_i(NONE, Opcode::LIST_APPEND, 3);
        self.op(NONE, Opcode::POP_TOP);
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, next_with_error);
        self.use_label(next);
        // To hold a location.
        self.op(NONE, Opcode::NOP);
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, next_with_error);
        self.use_label(no_match);
        self.op(loc, Opcode::POP_TOP);
        self.use_label(next_with_error);
        Ok(())
    }
}
