//! Class statements.

use super::*;
use crate::symtable::key_of;
use taipan_bytecode::operand::Intrinsic1;

impl<'a> Codegen<'a> {
    pub(super) fn class(&mut self, stmt: &'a Stmt, def: &'a ClassDef) -> CompileResult<()> {
        self.decorators(&def.decorator_list)?;
        let loc = stmt.loc;
        let firstlineno = def.decorator_list.first().map_or(loc.lineno, |first| first.loc.lineno);
        let generic = !def.type_params.is_empty();
        let type_params = Name::from(".type_params");
        if generic {
            let counts = ArgCounts::default();
            let private = Some(&def.name);
            self.enter_type_params(&def.name, &def.type_params, firstlineno, private, counts)?;
            self.type_params(&def.type_params)?;
            self.name_op(loc, &type_params, ExprContext::Store)?;
        }
        self.class_body(stmt, def, firstlineno)?;
        if generic {
            let generic_base = Name::from(".generic_base");
            self.name_op(loc, &type_params, ExprContext::Load)?;
            let subscript = Intrinsic1::INTRINSIC_SUBSCRIPT_GENERIC as u32;
            self.op_i(loc, Opcode::CALL_INTRINSIC_1, subscript);
            self.name_op(loc, &generic_base, ExprContext::Store)?;
            self.call_with(loc, 2, &def.bases, Some(&generic_base), &def.keywords)?;
            let code = self.optimize_and_assemble(false)?;
            self.exit_scope();
            self.make_closure(loc, code, 0)?;
            self.op(loc, Opcode::PUSH_NULL);
            self.op_i(loc, Opcode::CALL, 0);
        } else {
            self.call_with(loc, 2, &def.bases, None, &def.keywords)?;
        }
        self.apply_decorators(&def.decorator_list);
        self.name_op(loc, &def.name, ExprContext::Store)
    }

    /// Compiles the body and pushes the first arguments of `__build_class__`.
    fn class_body(&mut self, stmt: &'a Stmt, def: &'a ClassDef, firstlineno: i32) -> CompileResult<()> {
        let id = self.lookup(key_of(stmt))?;
        let counts = ArgCounts::default();
        self.enter_scope(&def.name, ScopeType::Class, id, firstlineno, Some(&def.name), counts);
        let loc = Location::new(firstlineno, 0, firstlineno, 0);
        self.name_op_str(loc, "__name__", ExprContext::Load)?;
        self.name_op_str(loc, "__module__", ExprContext::Store)?;
        let qualname = self.unit.metadata.qualname.clone();
        self.load_name_const(loc, qualname.as_ref().unwrap_or(&def.name));
        self.name_op_str(loc, "__qualname__", ExprContext::Store)?;
        self.load_const(loc, Constant::Int(firstlineno.into()));
        self.name_op_str(loc, "__firstlineno__", ExprContext::Store)?;
        if !def.type_params.is_empty() {
            self.name_op_str(loc, ".type_params", ExprContext::Load)?;
            self.name_op_str(loc, "__type_params__", ExprContext::Store)?;
        }
        let classdict = Name::from("__classdict__");
        if self.entry().needs_classdict {
            self.op(loc, Opcode::LOAD_LOCALS);
            let arg = self.add_cellvar(&classdict);
            self.op_i(loc, Opcode::STORE_DEREF, arg);
        }
        if self.entry().has_conditional_annotations {
            self.op_i(loc, Opcode::BUILD_SET, 0);
            let arg = self.add_cellvar(&Name::from("__conditional_annotations__"));
            self.op_i(loc, Opcode::STORE_DEREF, arg);
        }
        self.visit_block_body(loc, &def.body, false)?;

        // What follows stands in no source.
        let none = Location::NONE;
        let attributes = std::mem::take(&mut self.unit.static_attributes);
        let attributes = self.names_const(attributes.iter());
        self.load_const(none, attributes);
        self.name_op_str(none, "__static_attributes__", ExprContext::Store)?;
        if self.entry().needs_classdict {
            let arg = self.add_cellvar(&classdict);
            self.op_i(none, Opcode::LOAD_CLOSURE, arg);
            self.name_op_str(none, "__classdictcell__", ExprContext::Store)?;
        }
        if self.entry().needs_class_closure {
            let arg = self.add_cellvar(&Name::from("__class__"));
            self.op_i(none, Opcode::LOAD_CLOSURE, arg);
            self.op_i(none, Opcode::COPY, 1);
            self.name_op_str(none, "__classcell__", ExprContext::Store)?;
        } else {
            self.load_const(none, Constant::None);
        }
        self.op(none, Opcode::RETURN_VALUE);
        let code = self.optimize_and_assemble(true)?;
        self.exit_scope();

        // The line of the class, not of a decorator.
        let loc = stmt.loc;
        self.op(loc, Opcode::LOAD_BUILD_CLASS);
        self.op(loc, Opcode::PUSH_NULL);
        self.make_closure(loc, code, 0)?;
        self.load_name_const(loc, &def.name);
        Ok(())
    }
}
