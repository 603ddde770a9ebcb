//! Type parameters and `type` statements (PEP 695, PEP 696).

use super::*;
use crate::symtable::{default_key_of, key_of};
use taipan_bytecode::operand::*;

impl<'a> Codegen<'a> {
    pub(super) fn enter_type_params(
        &mut self,
        of: &Name,
        params: &'a Vec<TypeParam>,
        firstlineno: i32,
        private: Option<&Name>,
        counts: ArgCounts,
    ) -> CompileResult<()> {
        let name = Name::from(format!("<generic parameters of {of}>"));
        let id = self.lookup(key_of(params))?;
        self.enter_scope(&name, ScopeType::Annotations, id, firstlineno, private, counts);
        Ok(())
    }

    /// The function that evaluates the bound or the default of a type parameter.
    fn bound_or_default(&mut self, expr: &'a Expr, name: &Name, key: usize, allow_starred: bool) -> CompileResult<()> {
        let loc = expr.loc;
        self.load_const(loc, Constant::tuple(vec![Constant::Int(1)]));
        let id = self.lookup(key)?;
        self.setup_annotations_scope(loc, id, name);
        match &expr.node {
            ExprKind::Starred { value, .. } if allow_starred => {
                self.visit_expr(value)?;
                self.op_i(loc, Opcode::UNPACK_SEQUENCE, 1);
            }
            _ => self.visit_expr(expr)?,
        }
        self.op(loc, Opcode::RETURN_VALUE);
        let code = self.optimize_and_assemble(true)?;
        self.exit_scope();
        self.make_closure(loc, code, MAKE_FUNCTION_DEFAULTS)
    }

    /// Makes the type parameters, stores each under its name, and leaves a tuple of them.
    pub(super) fn type_params(&mut self, params: &'a [TypeParam]) -> CompileResult<()> {
        let mut seen_default = false;
        for param in params {
            let loc = param.loc;
            let name = param.name();
            self.load_name_const(loc, name);
            let key = key_of(param);
            let (default, default_key, allow_starred) = match &param.node {
                TypeParamKind::TypeVar { bound, default_value, .. } => {
                    if let Some(bound) = bound {
                        self.bound_or_default(bound, name, key, false)?;
                        let intrinsic = match bound.node {
                            ExprKind::Tuple { .. } => Intrinsic2::INTRINSIC_TYPEVAR_WITH_CONSTRAINTS,
                            _ => Intrinsic2::INTRINSIC_TYPEVAR_WITH_BOUND,
                        };
                        self.op_i(loc, Opcode::CALL_INTRINSIC_2, intrinsic as u32);
                    } else {
                        let intrinsic = Intrinsic1::INTRINSIC_TYPEVAR as u32;
                        self.op_i(loc, Opcode::CALL_INTRINSIC_1, intrinsic);
                    }
                    (default_value, default_key_of(param), false)
                }
                TypeParamKind::TypeVarTuple { default_value, .. } => {
                    let intrinsic = Intrinsic1::INTRINSIC_TYPEVARTUPLE as u32;
                    self.op_i(loc, Opcode::CALL_INTRINSIC_1, intrinsic);
                    (default_value, key, true)
                }
                TypeParamKind::ParamSpec { default_value, .. } => {
                    let intrinsic = Intrinsic1::INTRINSIC_PARAMSPEC as u32;
                    self.op_i(loc, Opcode::CALL_INTRINSIC_1, intrinsic);
                    (default_value, key, false)
                }
            };
            if let Some(default) = default {
                seen_default = true;
                self.bound_or_default(default, name, default_key, allow_starred)?;
                let intrinsic = Intrinsic2::INTRINSIC_SET_TYPEPARAM_DEFAULT as u32;
                self.op_i(loc, Opcode::CALL_INTRINSIC_2, intrinsic);
            } else if seen_default {
                let message = format!("non-default type parameter '{name}' follows default type parameter");
                return self.error(loc, message);
            }
            self.op_i(loc, Opcode::COPY, 1);
            self.name_op(loc, name, ExprContext::Store)?;
        }
        if let Some(first) = params.first() {
            self.op_i(first.loc, Opcode::BUILD_TUPLE, params.len() as u32);
        }
        Ok(())
    }

    pub(super) fn type_alias(&mut self, stmt: &'a Stmt, alias: &'a TypeAlias) -> CompileResult<()> {
        let loc = stmt.loc;
        let ExprKind::Name { id: name, .. } = &alias.name.node else {
            return Err(CompileError::new(ErrorKind::TypeError, "TypeAlias with non-Name name"));
        };
        let generic = !alias.type_params.is_empty();
        if generic {
            let counts = ArgCounts::default();
            self.enter_type_params(name, &alias.type_params, loc.lineno, None, counts)?;
            self.load_name_const(loc, name);
            self.type_params(&alias.type_params)?;
        } else {
            self.load_name_const(loc, name);
            self.load_const(loc, Constant::None);
        }
        self.type_alias_body(stmt, alias, name)?;
        if generic {
            let code = self.optimize_and_assemble(false)?;
            self.exit_scope();
            self.make_closure(loc, code, 0)?;
            self.op(loc, Opcode::PUSH_NULL);
            self.op_i(loc, Opcode::CALL, 0);
        }
        self.name_op(loc, name, ExprContext::Store)
    }

    fn type_alias_body(&mut self, stmt: &'a Stmt, alias: &'a TypeAlias, name: &Name) -> CompileResult<()> {
        let loc = stmt.loc;
        self.load_const(loc, Constant::tuple(vec![Constant::Int(1)]));
        let id = self.lookup(key_of(stmt))?;
        self.setup_annotations_scope(loc, id, name);
        self.visit_expr(&alias.value)?;
        self.op(loc, Opcode::RETURN_VALUE);
        let code = self.optimize_and_assemble(false)?;
        self.exit_scope();
        self.make_closure(loc, code, MAKE_FUNCTION_DEFAULTS)?;
        self.op_i(loc, Opcode::BUILD_TUPLE, 3);
        let intrinsic = Intrinsic1::INTRINSIC_TYPEALIAS as u32;
        self.op_i(loc, Opcode::CALL_INTRINSIC_1, intrinsic);
        Ok(())
    }
}
