//! Trees that no parser makes: what the checks say of them, and that nothing worse happens.

use taipan_compiler::ast::*;
use taipan_compiler::{
    CompileError, CompileOptions, CompileWarning, ErrorKind, build_symtable, compile_ast, preprocess_ast, validate_ast,
};

const LOC: Location = Location::new(1, 0, 1, 5);

fn expr(node: ExprKind) -> Expr {
    Expr { loc: LOC, node }
}

fn stmt(node: StmtKind) -> Stmt {
    Stmt { loc: LOC, node }
}

fn name(id: &str, ctx: ExprContext) -> Expr {
    expr(ExprKind::Name { id: Name::from(id), ctx })
}

fn constant(value: Constant) -> Expr {
    expr(ExprKind::Constant { value, kind: None })
}

fn module(node: StmtKind) -> Mod {
    Mod::Module { body: vec![stmt(node)], type_ignores: Vec::new() }
}

fn eval(node: ExprKind) -> Mod {
    Mod::Expression { body: Box::new(expr(node)) }
}

fn load(id: &str) -> Box<Expr> {
    Box::new(name(id, ExprContext::Load))
}

fn check(tree: &Mod) -> String {
    match validate_ast(tree) {
        Ok(()) => "fine".to_owned(),
        Err(CompileError { kind, message, .. }) => format!("{}: {message}", kind.name()),
    }
}

fn case(pattern: PatternKind) -> Mod {
    let pattern = Pattern { loc: LOC, node: pattern };
    let cases = vec![MatchCase { pattern, guard: None, body: vec![stmt(StmtKind::Pass)] }];
    module(StmtKind::Match { subject: load("a"), cases })
}

fn wildcard() -> Pattern {
    Pattern { loc: LOC, node: PatternKind::MatchAs { pattern: None, name: None } }
}

/// What CPython says of the same trees.
#[test]
fn checks() {
    let pass = || vec![stmt(StmtKind::Pass)];
    let value = |value: Expr| case(PatternKind::MatchValue { value: Box::new(value) });
    let negative = |value: Constant| expr(ExprKind::UnaryOp { op: UnaryOp::USub, operand: Box::new(constant(value)) });
    let patterns_only = "ValueError: patterns may only match literals and attribute lookups";
    let expected: Vec<(Mod, &str)> = vec![
        (eval(ExprKind::BoolOp { op: BoolOp::And, values: Vec::new() }), "ValueError: BoolOp with less than 2 values"),
        (
            eval(ExprKind::NamedExpr { target: Box::new(constant(Constant::Int(1))), value: load("a") }),
            "TypeError: NamedExpr target must be a Name",
        ),
        (eval(ExprKind::NamedExpr { target: load("a"), value: load("a") }), "fine"),
        (
            eval(ExprKind::Dict { keys: vec![None], values: Vec::new() }),
            "ValueError: Dict doesn't have the same number of keys as values",
        ),
        (
            eval(ExprKind::Compare { left: load("a"), ops: vec![CmpOp::Eq], comparators: Vec::new() }),
            "ValueError: Compare with no comparators",
        ),
        (
            eval(ExprKind::Compare { left: load("a"), ops: Vec::new(), comparators: vec![*load("b")] }),
            "ValueError: Compare has a different number of comparators and operands",
        ),
        (
            eval(ExprKind::ListComp { elt: load("a"), generators: Vec::new() }),
            "ValueError: comprehension with no generators",
        ),
        (
            eval(ExprKind::Name { id: Name::from("a"), ctx: ExprContext::Store }),
            "ValueError: expression must have Load context but has Store instead",
        ),
        (
            eval(ExprKind::Name { id: Name::from("None"), ctx: ExprContext::Load }),
            "ValueError: identifier field can't represent 'None' constant",
        ),
        (eval(ExprKind::Slice { lower: None, upper: None, step: None }), "fine"),
        (module(StmtKind::Delete { targets: Vec::new() }), "ValueError: empty targets on Delete"),
        (
            module(StmtKind::Delete { targets: vec![constant(Constant::None)] }),
            "ValueError: expression which can't be assigned to in Del context",
        ),
        (
            module(StmtKind::If { test: load("a"), body: Vec::new(), orelse: Vec::new() }),
            "ValueError: empty body on If",
        ),
        (
            module(StmtKind::Raise { exc: None, cause: Some(load("a")) }),
            "ValueError: Raise with cause but no exception",
        ),
        (
            module(StmtKind::TryStar(Box::new(Try {
                body: pass(),
                handlers: Vec::new(),
                orelse: Vec::new(),
                finalbody: Vec::new(),
            }))),
            "ValueError: TryStar has neither except handlers nor finalbody",
        ),
        (
            module(StmtKind::Try(Box::new(Try {
                body: pass(),
                handlers: Vec::new(),
                orelse: pass(),
                finalbody: pass(),
            }))),
            "ValueError: Try has orelse but no except handlers",
        ),
        (
            module(StmtKind::ImportFrom { module: None, names: Vec::new(), level: -1 }),
            "ValueError: Negative ImportFrom level",
        ),
        (module(StmtKind::Import { names: Vec::new() }), "ValueError: empty names on Import"),
        (module(StmtKind::Global { names: Vec::new() }), "ValueError: empty names on Global"),
        (module(StmtKind::Match { subject: load("a"), cases: Vec::new() }), "ValueError: empty cases on Match"),
        (value(negative(Constant::Int(1))), "fine"),
        (value(negative(Constant::True)), patterns_only),
        (value(*load("a")), patterns_only),
        (value(expr(ExprKind::JoinedStr { values: Vec::new() })), "fine"),
        (value(constant(Constant::Ellipsis)), "ValueError: unexpected constant inside of a literal pattern"),
        (
            case(PatternKind::MatchSingleton { value: Constant::Int(5) }),
            "ValueError: MatchSingleton can only contain True, False and None",
        ),
        (case(PatternKind::MatchStar { name: None }), "ValueError: can't use MatchStar here"),
        (
            case(PatternKind::MatchAs { pattern: Some(Box::new(wildcard())), name: None }),
            "ValueError: MatchAs must specify a target name if a pattern is given",
        ),
        (
            case(PatternKind::MatchAs { pattern: None, name: Some(Name::from("_")) }),
            "ValueError: can't capture name '_' in patterns",
        ),
        (case(PatternKind::MatchOr { patterns: vec![wildcard()] }), "ValueError: MatchOr requires at least 2 patterns"),
        (
            case(PatternKind::MatchMapping { keys: Vec::new(), patterns: vec![wildcard()], rest: None }),
            "ValueError: MatchMapping doesn't have the same number of keys as patterns",
        ),
        (
            case(PatternKind::MatchClass {
                cls: Box::new(constant(Constant::None)),
                patterns: Vec::new(),
                kwd_attrs: Vec::new(),
                kwd_patterns: Vec::new(),
            }),
            "ValueError: MatchClass cls field can only contain Name or Attribute nodes.",
        ),
    ];
    for (tree, expected) in expected {
        assert_eq!(check(&tree), expected, "{tree:?}");
    }
}

#[test]
fn positions() {
    let at = |loc| Mod::Module { body: vec![Stmt { loc, node: StmtKind::Pass }], type_ignores: Vec::new() };
    for (loc, expected) in [
        (Location::new(2, 0, 1, 0), "ValueError: AST node line range (2, 1) is not valid"),
        (Location::new(-2, 0, -1, 0), "ValueError: AST node column range (0, 0) for line range (-2, -1) is not valid"),
        (Location::new(1, -1, 1, 0), "ValueError: AST node column range (-1, 0) for line range (1, 1) is not valid"),
        (Location::new(1, 2, 1, 1), "ValueError: line 1, column 2-1 is not a valid range"),
        (Location::new(-1, -1, -1, -1), "fine"),
    ] {
        assert_eq!(check(&at(loc)), expected);
    }
}

#[test]
fn deep_trees() {
    let mut tree = *load("a");
    for _ in 0..200_000 {
        tree = expr(ExprKind::UnaryOp { op: UnaryOp::Not, operand: Box::new(tree) });
    }
    let mut tree = Mod::Expression { body: Box::new(tree) };
    assert_eq!(validate_ast(&tree).map_err(|error| error.kind), Err(ErrorKind::RecursionError));
    let options = CompileOptions { optimize: 0, flags: 0 };
    let mut warnings: Vec<CompileWarning> = Vec::new();
    let result = compile_ast(&mut tree, "<deep>", &options, &mut warnings);
    assert_eq!(result.map(|_| ()).map_err(|error| error.kind), Err(ErrorKind::RecursionError));
}

/// Trees that pass the checks and fail later, and what CPython says of them.
#[test]
fn odd_trees() {
    let target = |node| Box::new(expr(node));
    let starred = || ExprKind::Starred { value: Box::new(name("a", ExprContext::Store)), ctx: ExprContext::Store };
    let tuple = || ExprKind::Tuple { elts: Vec::new(), ctx: ExprContext::Store };
    let list = || ExprKind::List { elts: Vec::new(), ctx: ExprContext::Store };
    let augmented = |node| module(StmtKind::AugAssign { target: target(node), op: Operator::Add, value: load("b") });
    let annotated = |node| {
        let assign = AnnAssign { target: expr(node), annotation: *load("b"), value: None, simple: false };
        module(StmtKind::AnnAssign(Box::new(assign)))
    };
    let formatted = |conversion| {
        let value = ExprKind::FormattedValue { value: load("a"), conversion, format_spec: None };
        eval(ExprKind::JoinedStr { values: vec![expr(value)] })
    };
    let interpolated = |conversion| {
        let value = ExprKind::Interpolation { value: load("a"), str: Constant::Int(5), conversion, format_spec: None };
        eval(ExprKind::TemplateStr { values: vec![expr(value)] })
    };
    for (mut tree, expected) in [
        (augmented(tuple()), "SystemError: invalid node type (28) for augmented assignment"),
        (augmented(starred()), "SystemError: invalid node type (25) for augmented assignment"),
        (annotated(tuple()), "SystemError: invalid node type (28) for annotated assignment"),
        (annotated(starred()), "SystemError: invalid node type (25) for annotated assignment"),
        (annotated(list()), "SystemError: invalid node type (27) for annotated assignment"),
        (formatted(7), "SystemError: Unrecognized conversion character 7"),
        (interpolated(9), "SystemError: Unrecognized conversion character 9"),
        (interpolated(-1), "fine"),
        (eval(ExprKind::JoinedStr { values: vec![*load("a")] }), "fine"),
        (eval(ExprKind::TemplateStr { values: vec![constant(Constant::Int(5))] }), "fine"),
        (eval(ExprKind::Slice { lower: None, upper: None, step: None }), "fine"),
        (
            case(PatternKind::MatchValue { value: target(ExprKind::JoinedStr { values: Vec::new() }) }),
            "SyntaxError: patterns may only match literals and attribute lookups",
        ),
        (
            module(StmtKind::For(Box::new(For {
                target: expr(starred()),
                iter: *load("a"),
                body: vec![stmt(StmtKind::Pass)],
                orelse: Vec::new(),
                type_comment: None,
            }))),
            "SyntaxError: starred assignment target must be in a list or tuple",
        ),
    ] {
        assert_eq!(check(&tree), "fine");
        let options = CompileOptions { optimize: 0, flags: 0 };
        let mut warnings: Vec<CompileWarning> = Vec::new();
        let shown = format!("{tree:?}");
        let outcome = match compile_ast(&mut tree, "<tree>", &options, &mut warnings) {
            Ok(_) => "fine".to_owned(),
            Err(error) => format!("{}: {}", error.kind.name(), error.message),
        };
        assert_eq!(outcome, expected, "{shown}");
    }
}

/// Makes trees at random.
struct Maker(u64);

impl Maker {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % limit
    }

    fn chance(&mut self) -> bool {
        self.below(2) == 0
    }

    fn list<T>(&mut self, least: u64, mut item: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = least + self.below(3);
        (0..count).map(|_| item(self)).collect()
    }

    fn maybe<T>(&mut self, item: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.chance().then(|| item(self))
    }

    fn loc(&mut self) -> Location {
        let line = self.below(9) as i32;
        let column = self.below(9) as i32;
        match self.below(12) {
            0 => Location::NONE,
            1 => Location::new(line, column, line + 1000, 0),
            _ => Location::new(line, column, line, column + self.below(4) as i32),
        }
    }

    fn ident(&mut self) -> Name {
        let names = [
            "a",
            "b",
            "c",
            "__d",
            "_",
            "self",
            "super",
            "__class__",
            "__classdict__",
            "__debug__",
            "f",
            ".0",
            ".type_params",
            "__annotate__",
            "",
            "é",
            "x.y",
            "annotations",
            "*",
        ];
        Name::from(names[self.below(names.len() as u64) as usize])
    }

    fn value(&mut self) -> Constant {
        match self.below(12) {
            0 => Constant::None,
            1 => Constant::True,
            2 => Constant::Ellipsis,
            3 => Constant::Float(-0.0),
            4 => Constant::Complex(0.0, 1.0),
            5 => Constant::Str("a%s".into()),
            6 => Constant::Str("u".into()),
            7 => Constant::Tuple([Constant::Int(1), Constant::None].into()),
            8 => Constant::Int(0),
            _ => Constant::Int(self.below(300) as i64 - 5),
        }
    }

    fn op(&mut self) -> Operator {
        [Operator::Add, Operator::Sub, Operator::Mod, Operator::Pow, Operator::Mult, Operator::LShift, Operator::Div]
            [self.below(7) as usize]
    }

    fn boxed(&mut self, depth: u32) -> Box<Expr> {
        Box::new(self.load(depth))
    }

    fn load(&mut self, depth: u32) -> Expr {
        self.expr(depth, ExprContext::Load)
    }

    fn generators(&mut self, depth: u32) -> Vec<Comprehension> {
        self.list(1, |m| Comprehension {
            target: m.expr(depth, ExprContext::Store),
            iter: m.load(depth),
            ifs: m.list(0, |m| m.load(depth)),
            is_async: m.below(8) == 0,
        })
    }

    fn keywords(&mut self, depth: u32) -> Vec<Keyword> {
        self.list(0, |m| Keyword { loc: m.loc(), arg: m.maybe(Self::ident), value: m.load(depth) })
    }

    fn arg(&mut self, depth: u32) -> Arg {
        let annotation = self.maybe(|m| m.boxed(depth));
        Arg { loc: self.loc(), arg: self.ident(), annotation, type_comment: None }
    }

    fn arguments(&mut self, depth: u32) -> Arguments {
        let posonlyargs = self.list(0, |m| m.arg(depth));
        let args = self.list(0, |m| m.arg(depth));
        let kwonlyargs = self.list(0, |m| m.arg(depth));
        let kw_defaults = kwonlyargs.iter().map(|_| self.maybe(|m| m.load(depth))).collect();
        let defaults = (0..self.below((posonlyargs.len() + args.len()) as u64 + 1)).map(|_| self.load(depth)).collect();
        Arguments {
            posonlyargs,
            args,
            vararg: self.maybe(|m| Box::new(m.arg(depth))),
            kwonlyargs,
            kw_defaults,
            kwarg: self.maybe(|m| Box::new(m.arg(depth))),
            defaults,
        }
    }

    fn assignable(&mut self, depth: u32, ctx: ExprContext) -> ExprKind {
        let choices = if depth == 0 { 2 } else { 7 };
        match self.below(choices) {
            2 => ExprKind::Attribute { value: self.boxed(depth - 1), attr: self.ident(), ctx },
            3 => ExprKind::Subscript { value: self.boxed(depth - 1), slice: self.boxed(depth - 1), ctx },
            4 => ExprKind::Starred { value: Box::new(self.expr(depth - 1, ctx)), ctx },
            5 => ExprKind::List { elts: self.list(0, |m| m.expr(depth - 1, ctx)), ctx },
            6 => ExprKind::Tuple { elts: self.list(0, |m| m.expr(depth - 1, ctx)), ctx },
            _ => ExprKind::Name { id: self.ident(), ctx },
        }
    }

    fn expr(&mut self, depth: u32, ctx: ExprContext) -> Expr {
        let loc = self.loc();
        let node = match ctx {
            ExprContext::Load if self.below(3) > 0 => self.value_node(depth),
            _ => self.assignable(depth, ctx),
        };
        Expr { loc, node }
    }

    fn value_node(&mut self, depth: u32) -> ExprKind {
        let Some(depth) = depth.checked_sub(1) else {
            return ExprKind::Constant { value: self.value(), kind: self.maybe(Self::ident) };
        };
        match self.below(24) {
            0 => ExprKind::BoolOp { op: BoolOp::Or, values: self.list(2, |m| m.load(depth)) },
            1 => ExprKind::NamedExpr {
                target: Box::new(Expr {
                    loc: self.loc(),
                    node: ExprKind::Name { id: self.ident(), ctx: ExprContext::Store },
                }),
                value: self.boxed(depth),
            },
            2 => ExprKind::BinOp { left: self.boxed(depth), op: self.op(), right: self.boxed(depth) },
            3 => ExprKind::UnaryOp {
                op: [UnaryOp::Not, UnaryOp::USub, UnaryOp::Invert, UnaryOp::UAdd][self.below(4) as usize],
                operand: self.boxed(depth),
            },
            4 => ExprKind::Lambda { args: Box::new(self.arguments(depth)), body: self.boxed(depth) },
            5 => ExprKind::IfExp { test: self.boxed(depth), body: self.boxed(depth), orelse: self.boxed(depth) },
            6 => {
                let values = self.list(0, |m| m.load(depth));
                let keys = values.iter().map(|_| self.maybe(|m| m.load(depth))).collect();
                ExprKind::Dict { keys, values }
            }
            7 => ExprKind::Set { elts: self.list(0, |m| m.load(depth)) },
            8 => ExprKind::ListComp { elt: self.boxed(depth), generators: self.generators(depth) },
            9 => ExprKind::SetComp { elt: self.boxed(depth), generators: self.generators(depth) },
            10 => ExprKind::DictComp {
                key: self.boxed(depth),
                value: self.boxed(depth),
                generators: self.generators(depth),
            },
            11 => ExprKind::GeneratorExp { elt: self.boxed(depth), generators: self.generators(depth) },
            12 => ExprKind::Await { value: self.boxed(depth) },
            13 => ExprKind::Yield { value: self.maybe(|m| m.boxed(depth)) },
            14 => ExprKind::YieldFrom { value: self.boxed(depth) },
            15 => {
                let comparators = self.list(1, |m| m.load(depth));
                let ops = comparators
                    .iter()
                    .map(|_| [CmpOp::Eq, CmpOp::Is, CmpOp::NotIn, CmpOp::In, CmpOp::Lt][self.below(5) as usize])
                    .collect();
                ExprKind::Compare { left: self.boxed(depth), ops, comparators }
            }
            16 => ExprKind::Call {
                func: self.boxed(depth),
                args: self.list(0, |m| m.load(depth)),
                keywords: self.keywords(depth),
            },
            17 => ExprKind::FormattedValue {
                value: self.boxed(depth),
                conversion: [-1, 115, 114, 97, 7, -5][self.below(6) as usize],
                format_spec: self.maybe(|m| m.boxed(depth)),
            },
            18 => ExprKind::Interpolation {
                value: self.boxed(depth),
                str: self.value(),
                conversion: [-1, 115, 114, 97, 7][self.below(5) as usize],
                format_spec: self.maybe(|m| m.boxed(depth)),
            },
            19 => ExprKind::JoinedStr { values: self.list(0, |m| m.load(depth)) },
            20 => ExprKind::TemplateStr { values: self.list(0, |m| m.load(depth)) },
            21 => ExprKind::Slice {
                lower: self.maybe(|m| m.boxed(depth)),
                upper: self.maybe(|m| m.boxed(depth)),
                step: self.maybe(|m| m.boxed(depth)),
            },
            _ => ExprKind::Constant { value: self.value(), kind: None },
        }
    }

    fn pattern(&mut self, depth: u32, star: bool) -> Pattern {
        let loc = self.loc();
        let capture = |m: &mut Self| Name::from(["a", "b", "c", "__d", "__debug__"][m.below(5) as usize]);
        let Some(depth) = depth.checked_sub(1) else {
            return Pattern { loc, node: PatternKind::MatchAs { pattern: None, name: self.maybe(capture) } };
        };
        let node = match self.below(8) {
            0 => PatternKind::MatchValue { value: Box::new(constant(Constant::Int(self.below(9) as i64))) },
            1 => PatternKind::MatchSingleton { value: Constant::True },
            2 => PatternKind::MatchSequence { patterns: self.list(0, |m| m.pattern(depth, true)) },
            3 => {
                let patterns = self.list(0, |m| m.pattern(depth, false));
                let keys = patterns.iter().map(|_| constant(self.value())).collect();
                PatternKind::MatchMapping { keys, patterns, rest: self.maybe(capture) }
            }
            4 => {
                let kwd_patterns = self.list(0, |m| m.pattern(depth, false));
                PatternKind::MatchClass {
                    cls: load("C"),
                    patterns: self.list(0, |m| m.pattern(depth, false)),
                    kwd_attrs: kwd_patterns.iter().map(|_| self.ident()).collect(),
                    kwd_patterns,
                }
            }
            5 if star => PatternKind::MatchStar { name: self.maybe(capture) },
            6 => PatternKind::MatchOr { patterns: self.list(2, |m| m.pattern(depth, false)) },
            _ => {
                PatternKind::MatchAs { pattern: Some(Box::new(self.pattern(depth, false))), name: Some(capture(self)) }
            }
        };
        Pattern { loc, node }
    }

    fn body(&mut self, depth: u32) -> Vec<Stmt> {
        self.list(1, |m| m.stmt(depth))
    }

    fn type_params(&mut self, depth: u32) -> Vec<TypeParam> {
        self.list(0, |m| {
            let name = m.ident();
            let default_value = m.maybe(|m| m.boxed(depth));
            let node = match m.below(3) {
                0 => TypeParamKind::TypeVar { name, bound: m.maybe(|m| m.boxed(depth)), default_value },
                1 => TypeParamKind::ParamSpec { name, default_value },
                _ => TypeParamKind::TypeVarTuple { name, default_value },
            };
            TypeParam { loc: m.loc(), node }
        })
    }

    fn function(&mut self, depth: u32) -> Box<FunctionDef> {
        Box::new(FunctionDef {
            name: self.ident(),
            args: self.arguments(depth),
            body: self.body(depth),
            decorator_list: self.list(0, |m| m.load(depth)),
            returns: self.maybe(|m| m.load(depth)),
            type_comment: None,
            type_params: self.type_params(depth),
        })
    }

    fn for_loop(&mut self, depth: u32) -> Box<For> {
        Box::new(For {
            target: self.expr(depth, ExprContext::Store),
            iter: self.load(depth),
            body: self.body(depth),
            orelse: self.list(0, |m| m.stmt(depth)),
            type_comment: None,
        })
    }

    fn with(&mut self, depth: u32) -> Box<With> {
        let items = self.list(1, |m| WithItem {
            context_expr: m.load(depth),
            optional_vars: m.maybe(|m| m.expr(depth, ExprContext::Store)),
        });
        Box::new(With { items, body: self.body(depth), type_comment: None })
    }

    fn try_stmt(&mut self, depth: u32) -> Box<Try> {
        let handlers = self.list(1, |m| ExceptHandler {
            loc: m.loc(),
            type_: m.maybe(|m| m.load(depth)),
            name: m.maybe(Self::ident),
            body: m.body(depth),
        });
        Box::new(Try {
            body: self.body(depth),
            handlers,
            orelse: self.list(0, |m| m.stmt(depth)),
            finalbody: self.list(0, |m| m.stmt(depth)),
        })
    }

    fn aliases(&mut self) -> Vec<Alias> {
        self.list(1, |m| Alias { loc: m.loc(), name: m.ident(), asname: m.maybe(Self::ident) })
    }

    fn stmt(&mut self, depth: u32) -> Stmt {
        let loc = self.loc();
        let Some(depth) = depth.checked_sub(1) else {
            return Stmt { loc, node: StmtKind::Expr { value: self.boxed(0) } };
        };
        let node = match self.below(30) {
            0 | 1 => StmtKind::FunctionDef(self.function(depth)),
            2 => StmtKind::AsyncFunctionDef(self.function(depth)),
            3 | 4 => StmtKind::ClassDef(Box::new(ClassDef {
                name: self.ident(),
                bases: self.list(0, |m| m.load(depth)),
                keywords: self.keywords(depth),
                body: self.body(depth),
                decorator_list: self.list(0, |m| m.load(depth)),
                type_params: self.type_params(depth),
            })),
            5 => StmtKind::Return { value: self.maybe(|m| m.boxed(depth)) },
            6 => StmtKind::Delete { targets: self.list(1, |m| m.expr(depth, ExprContext::Del)) },
            7 => StmtKind::Assign {
                targets: self.list(1, |m| m.expr(depth, ExprContext::Store)),
                value: self.boxed(depth),
                type_comment: None,
            },
            8 => StmtKind::TypeAlias(Box::new(TypeAlias {
                name: Expr { loc, node: ExprKind::Name { id: self.ident(), ctx: ExprContext::Store } },
                type_params: self.type_params(depth),
                value: self.load(depth),
            })),
            9 => StmtKind::AugAssign {
                target: Box::new(self.expr(depth, ExprContext::Store)),
                op: self.op(),
                value: self.boxed(depth),
            },
            10 => {
                let target = self.expr(depth, ExprContext::Store);
                let simple = matches!(target.node, ExprKind::Name { .. }) && self.chance();
                StmtKind::AnnAssign(Box::new(AnnAssign {
                    target,
                    annotation: self.load(depth),
                    value: self.maybe(|m| m.load(depth)),
                    simple,
                }))
            }
            11 => StmtKind::For(self.for_loop(depth)),
            12 => StmtKind::AsyncFor(self.for_loop(depth)),
            13 => StmtKind::While { test: self.boxed(depth), body: self.body(depth), orelse: self.body(depth) },
            14 => StmtKind::If { test: self.boxed(depth), body: self.body(depth), orelse: self.body(depth) },
            15 => StmtKind::With(self.with(depth)),
            16 => StmtKind::AsyncWith(self.with(depth)),
            17 => StmtKind::Match {
                subject: self.boxed(depth),
                cases: self.list(1, |m| MatchCase {
                    pattern: m.pattern(depth, false),
                    guard: m.maybe(|m| m.load(depth)),
                    body: m.body(depth),
                }),
            },
            18 => {
                let exc = self.maybe(|m| m.boxed(depth));
                let cause = exc.as_ref().and_then(|_| self.maybe(|m| m.boxed(depth)));
                StmtKind::Raise { exc, cause }
            }
            19 | 20 => StmtKind::Try(self.try_stmt(depth)),
            21 => StmtKind::TryStar(self.try_stmt(depth)),
            22 => StmtKind::Assert { test: self.boxed(depth), msg: self.maybe(|m| m.boxed(depth)) },
            23 => StmtKind::Import { names: self.aliases() },
            24 => {
                let module = self.maybe(|m| if m.chance() { Name::from("__future__") } else { m.ident() });
                StmtKind::ImportFrom { module, names: self.aliases(), level: self.below(2) as i32 }
            }
            25 => StmtKind::Global { names: self.list(1, Self::ident) },
            26 => StmtKind::Nonlocal { names: self.list(1, Self::ident) },
            27 => StmtKind::Break,
            28 => StmtKind::Continue,
            _ => StmtKind::Expr { value: self.boxed(depth) },
        };
        Stmt { loc, node }
    }
}

#[test]
fn random_trees() {
    let rounds = std::env::var("TAIPAN_TREE_ROUNDS").map_or(3000, |rounds| rounds.parse().unwrap());
    let mut compiled = 0;
    for seed in 1..=rounds {
        let mut maker = Maker(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let depth = 1 + maker.below(4) as u32;
        let tree = match maker.below(6) {
            0 => Mod::Interactive { body: maker.body(depth) },
            1 => Mod::Expression { body: maker.boxed(depth) },
            _ => Mod::Module { body: maker.body(depth), type_ignores: Vec::new() },
        };
        if validate_ast(&tree).is_err() {
            continue;
        }
        let mut warnings: Vec<CompileWarning> = Vec::new();
        let flags = [0, 0x2000, 0x100_0000, 0x102_0000][maker.below(4) as usize];
        let options = CompileOptions { optimize: maker.below(3) as u8, flags };
        let _ = build_symtable(&tree, &options);
        let _ = preprocess_ast(&mut tree.clone(), &options, &mut warnings);
        compiled += usize::from(compile_ast(&mut tree.clone(), "<tree>", &options, &mut warnings).is_ok());
    }
    assert!(compiled > rounds as usize / 20, "{compiled}");
}
