//! `with` and `async with`.

use super::*;
use taipan_bytecode::operand::SpecialMethod;

const NONE: Location = Location::NONE;

impl<'a> Codegen<'a> {
    /// Pushes the bound exit method and the result of the enter method.
    fn enter_context(&mut self, item: &'a WithItem, enter: SpecialMethod, exit: SpecialMethod) -> CompileResult<()> {
        self.visit_expr(&item.context_expr)?;
        let loc = item.context_expr.loc;
        self.op_i(loc, Opcode::COPY, 1);
        self.op_i(loc, Opcode::LOAD_SPECIAL, exit as u32);
        self.op_i(loc, Opcode::SWAP, 2);
        self.op_i(loc, Opcode::SWAP, 3);
        self.op_i(loc, Opcode::LOAD_SPECIAL, enter as u32);
        self.op_i(loc, Opcode::CALL, 0);
        Ok(())
    }

    fn bind_context(&mut self, item: &'a WithItem) -> CompileResult<()> {
        match &item.optional_vars {
            Some(target) => self.visit_expr(target)?,
            None => self.op(item.context_expr.loc, Opcode::POP_TOP),
        }
        Ok(())
    }

    fn with_except_finish(&mut self, cleanup: Label) {
        let suppress = self.new_label();
        self.op(NONE, Opcode::TO_BOOL);
        self.jump(NONE, Opcode::POP_JUMP_IF_TRUE, suppress);
        self.op_i(NONE, Opcode::RERAISE, 2);
        self.use_label(suppress);
        self.op(NONE, Opcode::POP_TOP);
        self.op(NONE, Opcode::POP_BLOCK);
        self.op(NONE, Opcode::POP_EXCEPT);
        for _ in 0..3 {
            self.op(NONE, Opcode::POP_TOP);
        }
        let exit = self.new_label();
        self.jump(NONE, Opcode::JUMP_NO_INTERRUPT, exit);
        self.use_label(cleanup);
        self.pop_except_and_reraise(NONE);
        self.use_label(exit);
    }

    pub(super) fn with_stmt(&mut self, items: &'a [WithItem], node: &'a With) -> CompileResult<()> {
        let Some((item, rest)) = items.split_first() else {
            return self.visit_body(&node.body);
        };
        let (block, last) = (self.new_label(), self.new_label());
        let (exit, cleanup) = (self.new_label(), self.new_label());
        let methods = (SpecialMethod::SPECIAL___ENTER__, SpecialMethod::SPECIAL___EXIT__);
        self.enter_context(item, methods.0, methods.1)?;
        let loc = item.context_expr.loc;
        self.jump(loc, Opcode::SETUP_WITH, last);
        self.use_label(block);
        self.push_block(loc, BlockKind::With, block, last, BlockDatum::None)?;
        self.bind_context(item)?;
        self.with_stmt(rest, node)?;
        self.op(NONE, Opcode::POP_BLOCK);
        self.pop_block(BlockKind::With);
        self.call_exit_with_nones(loc);
        self.op(loc, Opcode::POP_TOP);
        self.jump(loc, Opcode::JUMP, exit);

        self.use_label(last);
        self.jump(loc, Opcode::SETUP_CLEANUP, cleanup);
        self.op(loc, Opcode::PUSH_EXC_INFO);
        self.op(loc, Opcode::WITH_EXCEPT_START);
        self.with_except_finish(cleanup);
        self.use_label(exit);
        Ok(())
    }

    pub(super) fn async_with(&mut self, items: &'a [WithItem], node: &'a With) -> CompileResult<()> {
        let Some((item, rest)) = items.split_first() else {
            return self.visit_body(&node.body);
        };
        let (block, last) = (self.new_label(), self.new_label());
        let (exit, cleanup) = (self.new_label(), self.new_label());
        let methods = (SpecialMethod::SPECIAL___AENTER__, SpecialMethod::SPECIAL___AEXIT__);
        self.enter_context(item, methods.0, methods.1)?;
        let loc = item.context_expr.loc;
        self.await_top(loc, 1);
        self.jump(loc, Opcode::SETUP_WITH, last);
        self.use_label(block);
        self.push_block(loc, BlockKind::AsyncWith, block, last, BlockDatum::None)?;
        self.bind_context(item)?;
        self.async_with(rest, node)?;
        self.pop_block(BlockKind::AsyncWith);
        self.op(loc, Opcode::POP_BLOCK);
        self.call_exit_with_nones(loc);
        self.await_top(loc, 2);
        self.op(loc, Opcode::POP_TOP);
        self.jump(loc, Opcode::JUMP, exit);

        self.use_label(last);
        self.jump(loc, Opcode::SETUP_CLEANUP, cleanup);
        self.op(loc, Opcode::PUSH_EXC_INFO);
        self.op(loc, Opcode::WITH_EXCEPT_START);
        self.await_top(loc, 2);
        self.with_except_finish(cleanup);
        self.use_label(exit);
        Ok(())
    }
}
