//! Statements.

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextSize};
use taipan_bytecode::code::Constant;

use super::{Converter, Position};
use crate::ast::{
    Alias, AnnAssign, Arg, Arguments, ClassDef, ExceptHandler, Expr, For, FunctionDef, Location, MatchCase, Stmt,
    StmtKind, Try, TypeAlias, TypeParam, TypeParamKind, With, WithItem,
};

impl<'a> Converter<'a> {
    pub(super) fn stmt(&mut self, stmt: &'a ruff::Stmt) -> Stmt {
        let simple = |converter: &Self, node| Stmt { loc: converter.location(stmt.range()), node };
        match stmt {
            ruff::Stmt::Expr(node) if self.masked_words.get(&node.start().to_u32()) == Some(&"raise") => {
                simple(self, StmtKind::Raise { exc: None, cause: None })
            }
            ruff::Stmt::Expr(node) => {
                let value = Box::new(self.expr(&node.value));
                simple(self, StmtKind::Expr { value })
            }
            ruff::Stmt::Assign(node) => {
                let targets = self.exprs(&node.targets);
                let value = Box::new(self.expr(&node.value));
                let mut loc = self.location(node.range);
                let comment = self.type_comments.take(node.start().to_u32());
                if let Some(comment) = &comment {
                    // It is a part of the statement.
                    (loc.end_lineno, loc.end_col_offset) = self.position(comment.end.into());
                }
                let type_comment = comment.map(|comment| comment.text);
                Stmt { loc, node: StmtKind::Assign { targets, value, type_comment } }
            }
            ruff::Stmt::Return(node) => {
                let value = self.optional(node.value.as_deref());
                simple(self, StmtKind::Return { value })
            }
            ruff::Stmt::Delete(node) => {
                let targets = self.exprs(&node.targets);
                simple(self, StmtKind::Delete { targets })
            }
            ruff::Stmt::TypeAlias(node) => {
                let name = self.expr(&node.name);
                let type_params = self.type_params(node.type_params.as_deref());
                let value = self.expr(&node.value);
                let alias = TypeAlias { name, type_params, value };
                simple(self, StmtKind::TypeAlias(Box::new(alias)))
            }
            ruff::Stmt::AugAssign(node) => {
                let target = Box::new(self.expr(&node.target));
                let op = super::expr::operator(node.op);
                let value = Box::new(self.expr(&node.value));
                simple(self, StmtKind::AugAssign { target, op, value })
            }
            ruff::Stmt::AnnAssign(node) => {
                let target = self.expr(&node.target);
                let annotation = self.expr(&node.annotation);
                let value = node.value.as_deref().map(|value| self.expr(value));
                let assign = AnnAssign { target, annotation, value, simple: node.simple };
                simple(self, StmtKind::AnnAssign(Box::new(assign)))
            }
            ruff::Stmt::Raise(node) => {
                let exc = self.optional(node.exc.as_deref());
                let cause = self.optional(node.cause.as_deref());
                simple(self, StmtKind::Raise { exc, cause })
            }
            ruff::Stmt::Assert(node) => {
                let test = Box::new(self.expr(&node.test));
                let msg = self.optional(node.msg.as_deref());
                simple(self, StmtKind::Assert { test, msg })
            }
            ruff::Stmt::Import(node) => {
                self.suspicious |= node.is_lazy;
                let names = self.aliases(&node.names);
                simple(self, StmtKind::Import { names })
            }
            ruff::Stmt::ImportFrom(node) => {
                self.suspicious |= node.is_lazy;
                let module = node.module.as_ref().map(|module| self.identifier(module));
                let names = self.aliases(&node.names);
                let level = i32::try_from(node.level).unwrap_or(i32::MAX);
                simple(self, StmtKind::ImportFrom { module, names, level })
            }
            ruff::Stmt::Global(node) => {
                let names = node.names.iter().map(|name| self.identifier(name)).collect();
                simple(self, StmtKind::Global { names })
            }
            ruff::Stmt::Nonlocal(node) => {
                let names = node.names.iter().map(|name| self.identifier(name)).collect();
                simple(self, StmtKind::Nonlocal { names })
            }
            ruff::Stmt::Pass(_) => simple(self, StmtKind::Pass),
            ruff::Stmt::Break(_) => simple(self, StmtKind::Break),
            ruff::Stmt::Continue(_) => simple(self, StmtKind::Continue),
            ruff::Stmt::IpyEscapeCommand(_) => {
                self.suspicious = true;
                simple(self, StmtKind::Pass)
            }
            _ => self.nested(|this| this.compound(stmt)),
        }
    }

    fn compound(&mut self, stmt: &'a ruff::Stmt) -> Stmt {
        let mut start = stmt.start();
        let (node, end): (StmtKind, Position) = match stmt {
            ruff::Stmt::FunctionDef(node) => {
                start = self.after_decorators(start, &node.decorator_list);
                self.function_def(node, start)
            }
            ruff::Stmt::ClassDef(node) => {
                start = self.after_decorators(start, &node.decorator_list);
                self.class_def(node)
            }
            ruff::Stmt::For(node) => {
                let target = self.expr(&node.target);
                let iter = self.expr(&node.iter);
                let type_comment = self.type_comment(start);
                let (body, end) = self.body(&node.body);
                let (orelse, end) = self.optional_body(&node.orelse, end);
                let node_is_async = node.is_async;
                let node = Box::new(For { target, iter, body, orelse, type_comment });
                (if node_is_async { StmtKind::AsyncFor(node) } else { StmtKind::For(node) }, end)
            }
            ruff::Stmt::While(node) => {
                let test = Box::new(self.expr(&node.test));
                let (body, end) = self.body(&node.body);
                let (orelse, end) = self.optional_body(&node.orelse, end);
                (StmtKind::While { test, body, orelse }, end)
            }
            ruff::Stmt::If(node) => self.if_stmt(node),
            ruff::Stmt::With(node) => {
                let items = node
                    .items
                    .iter()
                    .map(|item| WithItem {
                        context_expr: self.expr(&item.context_expr),
                        optional_vars: item.optional_vars.as_deref().map(|vars| self.expr(vars)),
                    })
                    .collect();
                let type_comment = self.type_comment(start);
                let (body, end) = self.body(&node.body);
                let with = Box::new(With { items, body, type_comment });
                (if node.is_async { StmtKind::AsyncWith(with) } else { StmtKind::With(with) }, end)
            }
            ruff::Stmt::Match(node) => {
                let subject = Box::new(self.expr(&node.subject));
                let mut end = (1, 0);
                let cases = node
                    .cases
                    .iter()
                    .map(|case| {
                        let pattern = self.pattern(&case.pattern);
                        let guard = case.guard.as_deref().map(|guard| self.expr(guard));
                        let (body, case_end) = self.body(&case.body);
                        end = case_end;
                        MatchCase { pattern, guard, body }
                    })
                    .collect();
                (StmtKind::Match { subject, cases }, end)
            }
            ruff::Stmt::Try(node) => self.try_stmt(node),
            // The simple statements are dealt with elsewhere.
            _ => (StmtKind::Pass, self.position(stmt.end())),
        };
        Stmt { loc: self.location_to(start, end), node }
    }

    /// The type comment of what starts at an offset.
    fn type_comment(&mut self, start: TextSize) -> Option<Constant> {
        self.type_comments.take(start.to_u32()).map(|comment| comment.text)
    }

    fn optional_body(&mut self, body: &'a [ruff::Stmt], end: Position) -> (Vec<Stmt>, Position) {
        if body.is_empty() { (Vec::new(), end) } else { self.body(body) }
    }

    fn after_decorators(&self, start: TextSize, decorators: &[ruff::Decorator]) -> TextSize {
        match decorators.last() {
            Some(last) => self.next_token(last.end()),
            None => start,
        }
    }

    fn decorators(&mut self, decorators: &'a [ruff::Decorator]) -> Vec<Expr> {
        decorators.iter().map(|decorator| self.expr(&decorator.expression)).collect()
    }

    fn function_def(&mut self, node: &'a ruff::StmtFunctionDef, start: TextSize) -> (StmtKind, Position) {
        let decorator_list = self.decorators(&node.decorator_list);
        let name = self.identifier(&node.name);
        let type_params = self.type_params(node.type_params.as_deref());
        let args = self.parameters(&node.parameters);
        let returns = node.returns.as_deref().map(|returns| self.expr(returns));
        let type_comment = self.type_comment(start);
        let (body, end) = self.body(&node.body);
        let def = Box::new(FunctionDef { name, args, body, decorator_list, returns, type_comment, type_params });
        let node = match node.is_async {
            true => StmtKind::AsyncFunctionDef(def),
            false => StmtKind::FunctionDef(def),
        };
        (node, end)
    }

    fn class_def(&mut self, node: &'a ruff::StmtClassDef) -> (StmtKind, Position) {
        let decorator_list = self.decorators(&node.decorator_list);
        let name = self.identifier(&node.name);
        let type_params = self.type_params(node.type_params.as_deref());
        let (bases, keywords) = match node.arguments.as_deref() {
            Some(arguments) => self.arguments(arguments),
            None => (Vec::new(), Vec::new()),
        };
        let (body, end) = self.body(&node.body);
        let class = Box::new(ClassDef { name, bases, keywords, body, decorator_list, type_params });
        (StmtKind::ClassDef(class), end)
    }

    /// `elif` makes an `If` inside the `orelse` of the one before; all of them end together.
    fn if_stmt(&mut self, node: &'a ruff::StmtIf) -> (StmtKind, Position) {
        struct Branch {
            start: TextSize,
            test: Option<Expr>,
            body: Vec<Stmt>,
        }
        let test = Box::new(self.expr(&node.test));
        let (body, mut end) = self.body(&node.body);
        let branches: Vec<Branch> = node
            .elif_else_clauses
            .iter()
            .map(|clause| {
                let test = clause.test.as_ref().map(|test| self.expr(test));
                let (body, clause_end) = self.body(&clause.body);
                end = clause_end;
                Branch { start: clause.start(), test, body }
            })
            .collect();
        let mut orelse = Vec::new();
        for Branch { start, test, body } in branches.into_iter().rev() {
            orelse = match test {
                None => body,
                Some(test) => vec![Stmt {
                    loc: self.location_to(start, end),
                    node: StmtKind::If { test: Box::new(test), body, orelse },
                }],
            };
        }
        (StmtKind::If { test, body, orelse }, end)
    }

    fn try_stmt(&mut self, node: &'a ruff::StmtTry) -> (StmtKind, Position) {
        self.suspicious |= node.handlers.is_empty() && (node.finalbody.is_empty() || !node.orelse.is_empty());
        let (body, mut end) = self.body(&node.body);
        let handlers = node
            .handlers
            .iter()
            .map(|handler| {
                let ruff::ExceptHandler::ExceptHandler(handler) = handler;
                let type_ = handler.type_.as_deref().map(|type_| self.expr(type_));
                let name = handler.name.as_ref().map(|name| self.identifier(name));
                let (body, handler_end) = self.body(&handler.body);
                end = handler_end;
                let loc = self.location_to(handler.start(), handler_end);
                ExceptHandler { loc, type_, name, body }
            })
            .collect();
        let (orelse, end) = self.optional_body(&node.orelse, end);
        let (finalbody, end) = self.optional_body(&node.finalbody, end);
        let try_ = Box::new(Try { body, handlers, orelse, finalbody });
        (if node.is_star { StmtKind::TryStar(try_) } else { StmtKind::Try(try_) }, end)
    }

    fn aliases(&mut self, names: &'a [ruff::Alias]) -> Vec<Alias> {
        names
            .iter()
            .map(|alias| Alias {
                loc: self.location(alias.range()),
                name: self.identifier(&alias.name),
                asname: alias.asname.as_ref().map(|asname| self.identifier(asname)),
            })
            .collect()
    }

    pub(super) fn type_params(&mut self, params: Option<&'a ruff::TypeParams>) -> Vec<TypeParam> {
        let Some(params) = params else {
            return Vec::new();
        };
        params
            .type_params
            .iter()
            .map(|param| {
                let node = match param {
                    ruff::TypeParam::TypeVar(param) => TypeParamKind::TypeVar {
                        name: self.identifier(&param.name),
                        bound: self.optional(param.bound.as_deref()),
                        default_value: self.optional(param.default.as_deref()),
                    },
                    ruff::TypeParam::TypeVarTuple(param) => TypeParamKind::TypeVarTuple {
                        name: self.identifier(&param.name),
                        default_value: self.optional(param.default.as_deref()),
                    },
                    ruff::TypeParam::ParamSpec(param) => TypeParamKind::ParamSpec {
                        name: self.identifier(&param.name),
                        default_value: self.optional(param.default.as_deref()),
                    },
                };
                TypeParam { loc: self.location(param.range()), node }
            })
            .collect()
    }

    pub(super) fn parameters(&mut self, parameters: &'a ruff::Parameters) -> Arguments {
        let mut args = Arguments::default();
        for (from, to) in [(&parameters.posonlyargs, &mut args.posonlyargs), (&parameters.args, &mut args.args)] {
            for parameter in from {
                to.push(self.parameter(&parameter.parameter));
                if let Some(default) = parameter.default.as_deref() {
                    args.defaults.push(self.expr(default));
                }
            }
        }
        args.vararg = parameters.vararg.as_deref().map(|arg| Box::new(self.parameter(arg)));
        for parameter in &parameters.kwonlyargs {
            args.kwonlyargs.push(self.parameter(&parameter.parameter));
            args.kw_defaults.push(parameter.default.as_deref().map(|value| self.expr(value)));
        }
        args.kwarg = parameters.kwarg.as_deref().map(|arg| Box::new(self.parameter(arg)));
        args
    }

    fn parameter(&mut self, parameter: &'a ruff::Parameter) -> Arg {
        // Ruff lets the range of `*args` start at the star.
        let start = parameter.name.start();
        let end = parameter.annotation.as_deref().map_or(parameter.name.end(), |_| parameter.end());
        let loc: Location = self.location_to(start, self.position(end));
        Arg {
            loc,
            arg: self.identifier(&parameter.name),
            annotation: self.optional(parameter.annotation.as_deref()),
            type_comment: self.type_comment(start),
        }
    }
}
