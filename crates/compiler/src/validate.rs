//! Checks of trees that a program built: what the parser never makes and the compiler does not
//! expect is a `ValueError` or a `TypeError`.

use crate::ast::*;
use crate::error::{CompileError, CompileResult, ErrorKind};
use crate::recursion::{Depth, with_stack};

/// Checks a tree (`_PyAST_Validate`).
pub(crate) fn validate(tree: &Mod) -> CompileResult<()> {
    let mut validator = Validator { depth: Depth::default() };
    match tree {
        Mod::Module { body, .. } | Mod::Interactive { body } => validator.stmts(body),
        Mod::Expression { body } => validator.load(body),
        Mod::FunctionType { argtypes, returns } => {
            validator.loads(argtypes)?;
            validator.load(returns)
        }
    }
}

struct Validator {
    depth: Depth,
}

fn value_error<T>(message: impl Into<String>) -> CompileResult<T> {
    Err(CompileError::new(ErrorKind::ValueError, message))
}

fn type_error<T>(message: &str) -> CompileResult<T> {
    Err(CompileError::new(ErrorKind::TypeError, message))
}

fn check_position(loc: Location) -> CompileResult<()> {
    let Location { lineno, col_offset, end_lineno, end_col_offset } = loc;
    if lineno > end_lineno {
        return value_error(format!("AST node line range ({lineno}, {end_lineno}) is not valid"));
    }
    if (lineno < 0 && end_lineno != lineno) || (col_offset < 0 && col_offset != end_col_offset) {
        return value_error(format!(
            "AST node column range ({col_offset}, {end_col_offset}) for line range ({lineno}, {end_lineno}) is not valid"
        ));
    }
    if lineno == end_lineno && col_offset > end_col_offset {
        return value_error(format!("line {lineno}, column {col_offset}-{end_col_offset} is not a valid range"));
    }
    Ok(())
}

fn check_name(name: &str) -> CompileResult<()> {
    if let "None" | "True" | "False" = name {
        return value_error(format!("identifier field can't represent '{name}' constant"));
    }
    Ok(())
}

fn check_capture(name: &str) -> CompileResult<()> {
    if name == "_" {
        return value_error("can't capture name '_' in patterns");
    }
    check_name(name)
}

fn check_some<T>(list: &[T], what: &str, owner: &str) -> CompileResult<()> {
    if list.is_empty() {
        return value_error(format!("empty {what} on {owner}"));
    }
    Ok(())
}

fn context_name(context: ExprContext) -> &'static str {
    match context {
        ExprContext::Load => "Load",
        ExprContext::Store => "Store",
        ExprContext::Del => "Del",
    }
}

/// Checks what `validate_expr` checks of a node before it looks inside.
fn check_context(expr: &Expr, expected: ExprContext) -> CompileResult<()> {
    let actual = match &expr.node {
        ExprKind::Name { id, ctx } => {
            check_name(id)?;
            *ctx
        }
        ExprKind::Attribute { ctx, .. }
        | ExprKind::Subscript { ctx, .. }
        | ExprKind::Starred { ctx, .. }
        | ExprKind::List { ctx, .. }
        | ExprKind::Tuple { ctx, .. } => *ctx,
        _ if expected != ExprContext::Load => {
            let context = context_name(expected);
            return value_error(format!("expression which can't be assigned to in {context} context"));
        }
        _ => return Ok(()),
    };
    if actual != expected {
        let [expected, actual] = [expected, actual].map(context_name);
        return value_error(format!("expression must have {expected} context but has {actual} instead"));
    }
    Ok(())
}

/// What a number literal may be.
#[derive(Clone, Copy)]
struct Numbers {
    real: bool,
    imaginary: bool,
}

impl Numbers {
    const REAL: Self = Self { real: true, imaginary: false };
    const IMAGINARY: Self = Self { real: false, imaginary: true };
    const ANY: Self = Self { real: true, imaginary: true };

    fn has(self, expr: &Expr) -> bool {
        match &expr.node {
            ExprKind::Constant { value: Constant::Int(_) | Constant::BigInt(_) | Constant::Float(_), .. } => self.real,
            ExprKind::Constant { value: Constant::Complex { .. }, .. } => self.imaginary,
            _ => false,
        }
    }

    fn has_negated(self, expr: &Expr) -> bool {
        matches!(&expr.node, ExprKind::UnaryOp { op: UnaryOp::USub, operand } if self.has(operand))
    }
}

/// Whether a value pattern may hold an expression, which has been checked as one.
fn check_pattern_value(expr: &Expr) -> CompileResult<()> {
    let allowed = match &expr.node {
        ExprKind::Constant { value, .. } => {
            return match value {
                Constant::Int(_)
                | Constant::BigInt(_)
                | Constant::Float(_)
                | Constant::Complex { .. }
                | Constant::Bytes(_)
                | Constant::Str(_) => Ok(()),
                _ => value_error("unexpected constant inside of a literal pattern"),
            };
        }
        // The compiler complains of the strings.
        ExprKind::Attribute { .. } | ExprKind::JoinedStr { .. } | ExprKind::TemplateStr { .. } => true,
        ExprKind::UnaryOp { .. } => Numbers::ANY.has_negated(expr),
        ExprKind::BinOp { left, op: Operator::Add | Operator::Sub, right } => {
            (Numbers::REAL.has(left) || Numbers::REAL.has_negated(left)) && Numbers::IMAGINARY.has(right)
        }
        _ => false,
    };
    match allowed {
        true => Ok(()),
        false => value_error("patterns may only match literals and attribute lookups"),
    }
}

impl Validator {
    fn nested(&mut self, step: impl FnOnce(&mut Self) -> CompileResult<()>) -> CompileResult<()> {
        self.depth.enter()?;
        let result = with_stack(|| step(self));
        self.depth.leave();
        result
    }

    fn load(&mut self, expr: &Expr) -> CompileResult<()> {
        self.expr(expr, ExprContext::Load)
    }

    fn store(&mut self, expr: &Expr) -> CompileResult<()> {
        self.expr(expr, ExprContext::Store)
    }

    fn loads<'a>(&mut self, exprs: impl IntoIterator<Item = &'a Expr>) -> CompileResult<()> {
        exprs.into_iter().try_for_each(|expr| self.load(expr))
    }

    fn exprs(&mut self, exprs: &[Expr], context: ExprContext) -> CompileResult<()> {
        exprs.iter().try_for_each(|expr| self.expr(expr, context))
    }

    fn expr(&mut self, expr: &Expr, context: ExprContext) -> CompileResult<()> {
        check_position(expr.loc)?;
        self.nested(|this| {
            check_context(expr, context)?;
            this.inside_expr(&expr.node, context)
        })
    }

    fn inside_expr(&mut self, node: &ExprKind, context: ExprContext) -> CompileResult<()> {
        match node {
            ExprKind::BoolOp { values, .. } => {
                if values.len() < 2 {
                    return value_error("BoolOp with less than 2 values");
                }
                self.loads(values)
            }
            ExprKind::NamedExpr { target, value } => {
                if !matches!(target.node, ExprKind::Name { .. }) {
                    return type_error("NamedExpr target must be a Name");
                }
                self.load(value)
            }
            ExprKind::BinOp { left, right, .. } => self.loads([&**left, &**right]),
            ExprKind::UnaryOp { operand: value, .. }
            | ExprKind::Await { value }
            | ExprKind::YieldFrom { value }
            | ExprKind::Attribute { value, .. } => self.load(value),
            ExprKind::Lambda { args, body } => {
                self.arguments(args)?;
                self.load(body)
            }
            ExprKind::IfExp { test, body, orelse } => self.loads([&**test, &**body, &**orelse]),
            ExprKind::Dict { keys, values } => {
                if keys.len() != values.len() {
                    return value_error("Dict doesn't have the same number of keys as values");
                }
                self.loads(keys.iter().flatten())?;
                self.loads(values)
            }
            ExprKind::Set { elts: values } | ExprKind::JoinedStr { values } | ExprKind::TemplateStr { values } => {
                self.loads(values)
            }
            ExprKind::ListComp { elt, generators }
            | ExprKind::SetComp { elt, generators }
            | ExprKind::GeneratorExp { elt, generators } => {
                self.generators(generators)?;
                self.load(elt)
            }
            ExprKind::DictComp { key, value, generators } => {
                self.generators(generators)?;
                self.loads([&**key, &**value])
            }
            ExprKind::Yield { value } => self.loads(value.as_deref()),
            ExprKind::Compare { left, ops, comparators } => {
                if comparators.is_empty() {
                    return value_error("Compare with no comparators");
                }
                if comparators.len() != ops.len() {
                    return value_error("Compare has a different number of comparators and operands");
                }
                self.loads(comparators)?;
                self.load(left)
            }
            ExprKind::Call { func, args, keywords } => {
                self.load(func)?;
                self.loads(args)?;
                self.keywords(keywords)
            }
            ExprKind::FormattedValue { value, format_spec, .. }
            | ExprKind::Interpolation { value, format_spec, .. } => {
                self.load(value)?;
                self.loads(format_spec.as_deref())
            }
            ExprKind::Subscript { value, slice, .. } => self.loads([&**slice, &**value]),
            ExprKind::Starred { value, .. } => self.expr(value, context),
            ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => self.exprs(elts, context),
            ExprKind::Slice { lower, upper, step } => {
                self.loads([lower, upper, step].into_iter().flatten().map(|e| &**e))
            }
            ExprKind::Constant { .. } | ExprKind::Name { .. } => Ok(()),
        }
    }

    fn generators(&mut self, generators: &[Comprehension]) -> CompileResult<()> {
        if generators.is_empty() {
            return value_error("comprehension with no generators");
        }
        generators.iter().try_for_each(|generator| {
            self.store(&generator.target)?;
            self.load(&generator.iter)?;
            self.loads(&generator.ifs)
        })
    }

    fn keywords(&mut self, keywords: &[Keyword]) -> CompileResult<()> {
        self.loads(keywords.iter().map(|keyword| &keyword.value))
    }

    fn args(&mut self, args: &[Arg]) -> CompileResult<()> {
        args.iter().try_for_each(|arg| {
            check_position(arg.loc)?;
            self.loads(arg.annotation.as_deref())
        })
    }

    fn star_arg(&mut self, arg: Option<&Arg>) -> CompileResult<()> {
        self.loads(arg.and_then(|arg| arg.annotation.as_deref()))
    }

    fn arguments(&mut self, args: &Arguments) -> CompileResult<()> {
        self.args(&args.posonlyargs)?;
        self.args(&args.args)?;
        self.star_arg(args.vararg.as_deref())?;
        self.args(&args.kwonlyargs)?;
        self.star_arg(args.kwarg.as_deref())?;
        if args.defaults.len() > args.posonlyargs.len() + args.args.len() {
            return value_error("more positional defaults than args on arguments");
        }
        if args.kw_defaults.len() != args.kwonlyargs.len() {
            return value_error("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        self.loads(&args.defaults)?;
        self.loads(args.kw_defaults.iter().flatten())
    }

    fn patterns(&mut self, patterns: &[Pattern], star_allowed: bool) -> CompileResult<()> {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern, star_allowed))
    }

    fn pattern(&mut self, pattern: &Pattern, star_allowed: bool) -> CompileResult<()> {
        check_position(pattern.loc)?;
        self.nested(|this| this.inside_pattern(&pattern.node, star_allowed))
    }

    fn pattern_value(&mut self, value: &Expr) -> CompileResult<()> {
        self.load(value)?;
        check_pattern_value(value)
    }

    fn inside_pattern(&mut self, node: &PatternKind, star_allowed: bool) -> CompileResult<()> {
        match node {
            PatternKind::MatchValue { value } => self.pattern_value(value),
            PatternKind::MatchSingleton { value: Constant::None | Constant::True | Constant::False } => Ok(()),
            PatternKind::MatchSingleton { .. } => value_error("MatchSingleton can only contain True, False and None"),
            PatternKind::MatchSequence { patterns } => self.patterns(patterns, true),
            PatternKind::MatchMapping { keys, patterns, rest } => {
                if keys.len() != patterns.len() {
                    return value_error("MatchMapping doesn't have the same number of keys as patterns");
                }
                rest.iter().try_for_each(|name| check_capture(name))?;
                for key in keys {
                    let singleton = matches!(
                        key.node,
                        ExprKind::Constant { value: Constant::None | Constant::True | Constant::False, .. }
                    );
                    if !singleton {
                        self.pattern_value(key)?;
                    }
                }
                self.patterns(patterns, false)
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                if kwd_attrs.len() != kwd_patterns.len() {
                    return value_error("MatchClass doesn't have the same number of keyword attributes as patterns");
                }
                self.load(cls)?;
                let mut root = &**cls;
                while let ExprKind::Attribute { value, .. } = &root.node {
                    root = value;
                }
                if !matches!(root.node, ExprKind::Name { .. }) {
                    return value_error("MatchClass cls field can only contain Name or Attribute nodes.");
                }
                kwd_attrs.iter().try_for_each(|name| check_name(name))?;
                self.patterns(patterns, false)?;
                self.patterns(kwd_patterns, false)
            }
            PatternKind::MatchStar { name } => {
                if !star_allowed {
                    return value_error("can't use MatchStar here");
                }
                name.iter().try_for_each(|name| check_capture(name))
            }
            PatternKind::MatchAs { pattern, name } => {
                name.iter().try_for_each(|name| check_capture(name))?;
                match pattern {
                    None => Ok(()),
                    Some(_) if name.is_none() => {
                        value_error("MatchAs must specify a target name if a pattern is given")
                    }
                    Some(pattern) => self.pattern(pattern, false),
                }
            }
            PatternKind::MatchOr { patterns } => {
                if patterns.len() < 2 {
                    return value_error("MatchOr requires at least 2 patterns");
                }
                self.patterns(patterns, false)
            }
        }
    }

    fn type_params(&mut self, params: &[TypeParam]) -> CompileResult<()> {
        params.iter().try_for_each(|param| {
            check_position(param.loc)?;
            check_name(param.name())?;
            match &param.node {
                TypeParamKind::TypeVar { bound, default_value, .. } => {
                    self.loads(bound.as_deref())?;
                    self.loads(default_value.as_deref())
                }
                TypeParamKind::ParamSpec { default_value, .. } | TypeParamKind::TypeVarTuple { default_value, .. } => {
                    self.loads(default_value.as_deref())
                }
            }
        })
    }

    fn body(&mut self, body: &[Stmt], owner: &str) -> CompileResult<()> {
        check_some(body, "body", owner)?;
        self.stmts(body)
    }

    fn stmts(&mut self, stmts: &[Stmt]) -> CompileResult<()> {
        stmts.iter().try_for_each(|stmt| {
            check_position(stmt.loc)?;
            self.nested(|this| this.stmt(&stmt.node))
        })
    }

    fn stmt(&mut self, node: &StmtKind) -> CompileResult<()> {
        match node {
            StmtKind::FunctionDef(def) => self.function(def, "FunctionDef"),
            StmtKind::AsyncFunctionDef(def) => self.function(def, "AsyncFunctionDef"),
            StmtKind::ClassDef(def) => {
                self.body(&def.body, "ClassDef")?;
                check_name(&def.name)?;
                self.type_params(&def.type_params)?;
                self.loads(&def.bases)?;
                self.keywords(&def.keywords)?;
                self.loads(&def.decorator_list)
            }
            StmtKind::Return { value } => self.loads(value.as_deref()),
            StmtKind::Delete { targets } => {
                check_some(targets, "targets", "Delete")?;
                self.exprs(targets, ExprContext::Del)
            }
            StmtKind::Assign { targets, value, .. } => {
                check_some(targets, "targets", "Assign")?;
                self.exprs(targets, ExprContext::Store)?;
                self.load(value)
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.store(target)?;
                self.load(value)
            }
            StmtKind::AnnAssign(assign) => {
                if assign.simple && !matches!(assign.target.node, ExprKind::Name { .. }) {
                    return type_error("AnnAssign with simple non-Name target");
                }
                self.store(&assign.target)?;
                self.loads(&assign.value)?;
                self.load(&assign.annotation)
            }
            StmtKind::TypeAlias(alias) => {
                if !matches!(alias.name.node, ExprKind::Name { .. }) {
                    return type_error("TypeAlias with non-Name name");
                }
                self.store(&alias.name)?;
                self.type_params(&alias.type_params)?;
                self.load(&alias.value)
            }
            StmtKind::For(stmt) => self.for_loop(stmt, "For"),
            StmtKind::AsyncFor(stmt) => self.for_loop(stmt, "AsyncFor"),
            StmtKind::While { test, body, orelse } => {
                self.load(test)?;
                self.body(body, "While")?;
                self.stmts(orelse)
            }
            StmtKind::If { test, body, orelse } => {
                self.load(test)?;
                self.body(body, "If")?;
                self.stmts(orelse)
            }
            StmtKind::With(stmt) => self.with(stmt, "With"),
            StmtKind::AsyncWith(stmt) => self.with(stmt, "AsyncWith"),
            StmtKind::Match { subject, cases } => {
                self.load(subject)?;
                check_some(cases, "cases", "Match")?;
                cases.iter().try_for_each(|case| {
                    self.pattern(&case.pattern, false)?;
                    self.loads(&case.guard)?;
                    self.body(&case.body, "match_case")
                })
            }
            StmtKind::Raise { exc: Some(exc), cause } => {
                self.load(exc)?;
                self.loads(cause.as_deref())
            }
            StmtKind::Raise { exc: None, cause: Some(_) } => value_error("Raise with cause but no exception"),
            StmtKind::Raise { exc: None, cause: None } => Ok(()),
            StmtKind::Try(stmt) => self.try_stmt(stmt, "Try"),
            StmtKind::TryStar(stmt) => self.try_stmt(stmt, "TryStar"),
            StmtKind::Assert { test, msg } => {
                self.load(test)?;
                self.loads(msg.as_deref())
            }
            StmtKind::Import { names } => self.import_names(names, "Import"),
            StmtKind::ImportFrom { names, level, .. } => {
                if *level < 0 {
                    return value_error("Negative ImportFrom level");
                }
                self.import_names(names, "ImportFrom")
            }
            StmtKind::Global { names } => check_some(names, "names", "Global"),
            StmtKind::Nonlocal { names } => check_some(names, "names", "Nonlocal"),
            StmtKind::Expr { value } => self.load(value),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
        }
    }

    fn function(&mut self, def: &FunctionDef, owner: &str) -> CompileResult<()> {
        self.body(&def.body, owner)?;
        check_name(&def.name)?;
        self.type_params(&def.type_params)?;
        self.arguments(&def.args)?;
        self.loads(&def.decorator_list)?;
        self.loads(&def.returns)
    }

    fn for_loop(&mut self, stmt: &For, owner: &str) -> CompileResult<()> {
        self.store(&stmt.target)?;
        self.load(&stmt.iter)?;
        self.body(&stmt.body, owner)?;
        self.stmts(&stmt.orelse)
    }

    fn with(&mut self, stmt: &With, owner: &str) -> CompileResult<()> {
        check_some(&stmt.items, "items", owner)?;
        for item in &stmt.items {
            self.load(&item.context_expr)?;
            item.optional_vars.iter().try_for_each(|target| self.store(target))?;
        }
        self.body(&stmt.body, owner)
    }

    fn try_stmt(&mut self, stmt: &Try, owner: &str) -> CompileResult<()> {
        self.body(&stmt.body, owner)?;
        if stmt.handlers.is_empty() && stmt.finalbody.is_empty() {
            return value_error(format!("{owner} has neither except handlers nor finalbody"));
        }
        if stmt.handlers.is_empty() && !stmt.orelse.is_empty() {
            return value_error(format!("{owner} has orelse but no except handlers"));
        }
        // Handlers of groups are looked at less closely.
        let closely = owner == "Try";
        for handler in &stmt.handlers {
            if closely {
                check_position(handler.loc)?;
            }
            self.loads(&handler.type_)?;
            if closely {
                handler.name.iter().try_for_each(|name| check_name(name))?;
            }
            self.body(&handler.body, "ExceptHandler")?;
        }
        self.stmts(&stmt.finalbody)?;
        self.stmts(&stmt.orelse)
    }

    fn import_names(&mut self, names: &[Alias], owner: &str) -> CompileResult<()> {
        check_some(names, "names", owner)?;
        names.iter().try_for_each(|alias| {
            check_name(&alias.name)?;
            alias.asname.iter().try_for_each(|name| check_name(name))
        })
    }
}
