//! Annotations: evaluated lazily (PEP 649), or kept as text (PEP 563).

use super::*;
use crate::flags::CO_FUTURE_ANNOTATIONS;
use crate::symtable::{BlockType, key_of, mangle};
use crate::unparse::expr_as_text;
use taipan_bytecode::operand::*;

/// `annotationlib.Format.VALUE_WITH_FAKE_GLOBALS`: the highest format that compiled code knows.
const FORMAT_VALUE_WITH_FAKE_GLOBALS: i64 = 2;

impl<'a> Codegen<'a> {
    /// Opens a function that takes a format, and emits its check of the format.
    pub(super) fn setup_annotations_scope(&mut self, loc: Location, id: EntryId, name: &Name) {
        let counts = ArgCounts { posonly: 1, ..ArgCounts::default() };
        self.enter_scope(name, ScopeType::Annotations, id, loc.lineno, None, counts);
        // if format > VALUE_WITH_FAKE_GLOBALS: raise NotImplementedError
        self.op_i(loc, Opcode::LOAD_FAST, 0);
        self.load_const(loc, Constant::Int(FORMAT_VALUE_WITH_FAKE_GLOBALS));
        self.op_i(loc, Opcode::COMPARE_OP, CompareOp::GT.oparg());
        let body = self.new_label();
        self.jump(loc, Opcode::POP_JUMP_IF_FALSE, body);
        let error = CommonConstant::CONSTANT_NOTIMPLEMENTEDERROR as u32;
        self.op_i(loc, Opcode::LOAD_COMMON_CONSTANT, error);
        self.op_i(loc, Opcode::RAISE_VARARGS, 1);
        self.use_label(body);
    }

    fn finish_annotations_scope(&mut self, loc: Location) -> CompileResult<()> {
        self.op(loc, Opcode::RETURN_VALUE);
        let mut code = self.optimize_and_assemble(true)?;
        self.exit_scope();
        // The parameter is called ".format" inside so that an annotation may say "format"; outside
        // it shall have its proper name.
        let format = self.names.get(&Name::from("format"));
        if let Some(first) = Arc::make_mut(&mut code).localsplusnames.first_mut() {
            *first = format;
        }
        self.make_closure(loc, code, 0)
    }

    /// The annotations of a function: pushes the function that evaluates them, if there are any.
    pub(super) fn function_annotations(
        &mut self,
        loc: Location,
        args: &'a Arguments,
        returns: Option<&'a Expr>,
    ) -> CompileResult<u32> {
        let id = self.lookup(key_of(args))?;
        let entry = self.table.entry(id);
        if !entry.annotations_used {
            return Ok(0);
        }
        let name = entry.name.clone();
        self.setup_annotations_scope(loc, id, &name);
        let mut count = 0;
        let positional = args.args.iter().chain(&args.posonlyargs);
        let all = positional.chain(args.vararg.as_deref()).chain(&args.kwonlyargs).chain(args.kwarg.as_deref());
        for arg in all {
            if let Some(annotation) = &arg.annotation {
                self.arg_annotation(loc, &arg.arg, annotation)?;
                count += 1;
            }
        }
        if let Some(returns) = returns {
            self.arg_annotation(loc, &Name::from("return"), returns)?;
            count += 1;
        }
        self.op_i(loc, Opcode::BUILD_MAP, count);
        self.finish_annotations_scope(loc)?;
        Ok(MAKE_FUNCTION_ANNOTATE)
    }

    fn arg_annotation(&mut self, loc: Location, name: &Name, annotation: &'a Expr) -> CompileResult<()> {
        let mangled = self.maybe_mangle(name);
        self.load_name_const(loc, &mangled);
        if self.has_feature(CO_FUTURE_ANNOTATIONS) {
            self.annotation_text(annotation);
            return Ok(());
        }
        match &annotation.node {
            // *args: *Ts, which is [value] = [*Ts].
            ExprKind::Starred { value, .. } => {
                self.visit_expr(value)?;
                self.op_i(loc, Opcode::UNPACK_SEQUENCE, 1);
                Ok(())
            }
            _ => self.visit_expr(annotation),
        }
    }

    fn annotation_text(&mut self, annotation: &Expr) {
        let text = Constant::from_str(&expr_as_text(annotation));
        self.load_const(annotation.loc, text);
    }

    /// Makes the `__annotate__` of a module or a class out of what its statements left.
    pub(super) fn process_deferred_annotations(&mut self, loc: Location) -> CompileResult<()> {
        if self.unit.deferred_annotations.is_empty() {
            return Ok(());
        }
        let deferred = std::mem::take(&mut self.unit.deferred_annotations);
        let scope_type = self.unit.scope_type;
        let Some(id) = self.entry().annotation_block else {
            return Err(CompileError::new(ErrorKind::SystemError, "no annotation block"));
        };
        // A module's function is made before the rest of the module runs.
        if scope_type == ScopeType::Module {
            let main = std::mem::take(&mut self.unit.sequence);
            self.unit.stashed = Some(main);
        }
        let name = self.table.entry(id).name.clone();
        self.setup_annotations_scope(loc, id, &name);
        self.deferred_annotations_body(loc, &deferred, scope_type)?;
        self.finish_annotations_scope(loc)?;
        let in_class = self.entry().block_type == BlockType::Class;
        let target = if in_class { "__annotate_func__" } else { "__annotate__" };
        self.name_op_str(loc, target, ExprContext::Store)?;
        if let Some(main) = self.unit.stashed.take() {
            let annotations = std::mem::replace(&mut self.unit.sequence, main);
            self.unit.sequence.annotations = Some(Box::new(annotations));
        }
        Ok(())
    }

    fn deferred_annotations_body(
        &mut self,
        loc: Location,
        deferred: &[DeferredAnnotation<'a>],
        scope_type: ScopeType,
    ) -> CompileResult<()> {
        self.op_i(loc, Opcode::BUILD_MAP, 0);
        for annotation in deferred {
            let ExprKind::Name { id, .. } = &annotation.assign.target.node else {
                continue;
            };
            let mangled = mangle(self.unit.private.as_ref(), id);
            let here = annotation.stmt.loc;
            let not_set = self.new_label();
            if let Some(index) = annotation.index {
                self.load_const(here, Constant::Int(index));
                let name = Name::from("__conditional_annotations__");
                if scope_type == ScopeType::Class {
                    let arg = self.add_freevar(&name);
                    self.op_i(here, Opcode::LOAD_DEREF, arg);
                } else {
                    let arg = self.add_name(&name) << 1;
                    self.op_i(here, Opcode::LOAD_GLOBAL, arg);
                }
                self.op_i(here, Opcode::CONTAINS_OP, 0);
                self.jump(here, Opcode::POP_JUMP_IF_FALSE, not_set);
            }
            self.visit_expr(&annotation.assign.annotation)?;
            self.op_i(here, Opcode::COPY, 2);
            self.load_name_const(here, &mangled);
            self.op(loc, Opcode::STORE_SUBSCR);
            self.use_label(not_set);
        }
        Ok(())
    }

    pub(super) fn ann_assign(&mut self, stmt: &'a Stmt, assign: &'a AnnAssign) -> CompileResult<()> {
        let loc = stmt.loc;
        let future = self.has_feature(CO_FUTURE_ANNOTATIONS);
        if let Some(value) = &assign.value {
            self.visit_expr(value)?;
            self.visit_expr(&assign.target)?;
        }
        let no_value = assign.value.is_none();
        match &assign.target.node {
            ExprKind::Name { id, .. } => {
                if assign.simple && self.keeps_annotations() {
                    if future {
                        self.annotation_text(&assign.annotation);
                        self.op_name(loc, Opcode::LOAD_NAME, &Name::from("__annotations__"));
                        let mangled = self.maybe_mangle(id);
                        self.load_name_const(loc, &mangled);
                        self.op(loc, Opcode::STORE_SUBSCR);
                    } else {
                        self.defer_annotation(stmt, assign);
                    }
                }
            }
            ExprKind::Attribute { value, .. } if no_value => self.check_ann_expr(value)?,
            ExprKind::Subscript { value, slice, .. } if no_value => {
                self.check_ann_expr(value)?;
                self.check_ann_subscr(slice)?;
            }
            ExprKind::Attribute { .. } | ExprKind::Subscript { .. } => {}
            _ => {
                return Err(super::target::invalid_target(&assign.target, "annotated"));
            }
        }
        Ok(())
    }

    fn defer_annotation(&mut self, stmt: &'a Stmt, assign: &'a AnnAssign) {
        let loc = stmt.loc;
        let conditional = self.unit.scope_type == ScopeType::Module || self.unit.in_conditional_block > 0;
        let index = conditional.then_some(self.unit.next_conditional_annotation_index);
        self.unit.deferred_annotations.push(DeferredAnnotation { stmt, assign, index });
        let Some(index) = index else { return };
        self.unit.next_conditional_annotation_index += 1;
        let name = Name::from("__conditional_annotations__");
        if self.unit.scope_type == ScopeType::Class {
            let arg = self.add_cellvar(&name);
            self.op_i(loc, Opcode::LOAD_DEREF, arg);
        } else {
            self.op_name(loc, Opcode::LOAD_NAME, &name);
        }
        self.load_const(loc, Constant::Int(index));
        self.op_i(loc, Opcode::SET_ADD, 1);
        self.op(loc, Opcode::POP_TOP);
    }

    /// Evaluates a part of an annotated target that is not assigned to.
    fn check_ann_expr(&mut self, expr: &'a Expr) -> CompileResult<()> {
        self.visit_expr(expr)?;
        self.op(expr.loc, Opcode::POP_TOP);
        Ok(())
    }

    fn check_ann_subscr(&mut self, expr: &'a Expr) -> CompileResult<()> {
        match &expr.node {
            ExprKind::Slice { lower, upper, step } => {
                [lower, upper, step].into_iter().flatten().try_for_each(|part| self.check_ann_expr(part))
            }
            ExprKind::Tuple { elts, .. } => elts.iter().try_for_each(|elt| self.check_ann_subscr(elt)),
            _ => self.check_ann_expr(expr),
        }
    }
}
