//! Writes a tree as `ast.dump(tree, include_attributes=True)` does.

use std::fmt::Write;

use taipan_bytecode::code::PyStr;
use taipan_compiler::ast::*;

/// The dump of a tree. Strings are written as `ascii()` writes them, ints beyond 64 bits in hexadecimal.
pub fn dump(tree: &Mod) -> String {
    let mut out = String::new();
    tree.dump(&mut out);
    out
}

/// One node being written: knows whether a comma is due.
struct Node<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> Node<'a> {
    fn new(out: &'a mut String, name: &str) -> Node<'a> {
        out.push_str(name);
        out.push('(');
        Node { out, first: true }
    }

    fn key(&mut self, key: &str) -> &mut String {
        if !self.first {
            self.out.push_str(", ");
        }
        self.first = false;
        self.out.push_str(key);
        self.out.push('=');
        self.out
    }

    fn field<T: Dump + ?Sized>(&mut self, key: &str, value: &T) -> &mut Self {
        value.dump(self.key(key));
        self
    }

    fn list<T: Dump>(&mut self, key: &str, values: &[T]) -> &mut Self {
        if !values.is_empty() {
            dump_list(values, self.key(key));
        }
        self
    }

    fn optional<T: Dump>(&mut self, key: &str, value: Option<&T>) -> &mut Self {
        if let Some(value) = value {
            value.dump(self.key(key));
        }
        self
    }

    fn integer(&mut self, key: &str, value: i32) -> &mut Self {
        let _ = write!(self.key(key), "{value}");
        self
    }

    fn text(&mut self, key: &str, value: &Name) -> &mut Self {
        repr(&PyStr::new(value), self.key(key));
        self
    }

    fn optional_text(&mut self, key: &str, value: Option<&Name>) -> &mut Self {
        if let Some(value) = value {
            self.text(key, value);
        }
        self
    }

    fn texts(&mut self, key: &str, values: &[Name]) -> &mut Self {
        if !values.is_empty() {
            let out = self.key(key);
            out.push('[');
            for (i, value) in values.iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                repr(&PyStr::new(value), out);
            }
            out.push(']');
        }
        self
    }

    fn location(&mut self, loc: &Location) {
        self.integer("lineno", loc.lineno);
        self.integer("col_offset", loc.col_offset);
        self.integer("end_lineno", loc.end_lineno);
        self.integer("end_col_offset", loc.end_col_offset);
        self.close();
    }

    fn close(&mut self) {
        self.out.push(')');
    }
}

fn dump_list<T: Dump>(values: &[T], out: &mut String) {
    out.push('[');
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        value.dump(out);
    }
    out.push(']');
}

/// `repr()` of a string as `ascii()` would write it.
fn repr(text: &PyStr, out: &mut String) {
    let points: Vec<u32> = text.code_points().collect();
    let has = |c: char| points.contains(&(c as u32));
    let quote = if has('\'') && !has('"') { '"' } else { '\'' };
    out.push(quote);
    for point in points {
        match char::from_u32(point) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => {
                out.push('\\');
                out.push(c);
            }
            Some(c @ ' '..='~') => out.push(c),
            _ if point < 0x100 => drop(write!(out, "\\x{point:02x}")),
            _ if point < 0x1_0000 => drop(write!(out, "\\u{point:04x}")),
            _ => drop(write!(out, "\\U{point:08x}")),
        }
    }
    out.push(quote);
}

fn repr_bytes(bytes: &[u8], out: &mut String) {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    out.push('b');
    out.push(quote);
    for &byte in bytes {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if char::from(byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            b' '..=b'~' => out.push(char::from(byte)),
            _ => drop(write!(out, "\\x{byte:02x}")),
        }
    }
    out.push(quote);
}

/// `repr()` of a float.
fn repr_float(value: f64) -> String {
    if value.is_infinite() {
        return "1e309".replace("1e309", "inf");
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if (-4..16).contains(&exponent) {
        let plain = format!("{value}");
        if plain.contains('.') { plain } else { format!("{plain}.0") }
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.abs())
    }
}

trait Dump {
    fn dump(&self, out: &mut String);
}

impl<T: Dump> Dump for Box<T> {
    fn dump(&self, out: &mut String) {
        (**self).dump(out);
    }
}

impl<T: Dump> Dump for Option<T> {
    fn dump(&self, out: &mut String) {
        match self {
            Some(value) => value.dump(out),
            None => out.push_str("None"),
        }
    }
}

impl Dump for Constant {
    fn dump(&self, out: &mut String) {
        match self {
            Constant::None => out.push_str("None"),
            Constant::True => out.push_str("True"),
            Constant::False => out.push_str("False"),
            Constant::Ellipsis => out.push_str("Ellipsis"),
            Constant::Int(value) => drop(write!(out, "{value}")),
            Constant::BigInt(value) => {
                let mut hex = String::from("0x");
                for (i, byte) in value.to_bytes_le().iter().rev().enumerate() {
                    let _ = if i == 0 { write!(hex, "{byte:x}") } else { write!(hex, "{byte:02x}") };
                }
                out.push_str(&hex);
            }
            Constant::Float(value) => out.push_str(&repr_float(*value)),
            Constant::Complex(_, imaginary) => {
                let text = repr_float(*imaginary);
                out.push_str(text.strip_suffix(".0").unwrap_or(&text));
                out.push('j');
            }
            Constant::Str(value) => repr(value, out),
            Constant::Bytes(value) => repr_bytes(value, out),
            _ => out.push('?'),
        }
    }
}

impl Dump for ExprContext {
    fn dump(&self, out: &mut String) {
        let _ = write!(out, "{self:?}()");
    }
}

impl Dump for Operator {
    fn dump(&self, out: &mut String) {
        let _ = write!(out, "{self:?}()");
    }
}

impl Dump for CmpOp {
    fn dump(&self, out: &mut String) {
        let _ = write!(out, "{self:?}()");
    }
}

impl Dump for Mod {
    fn dump(&self, out: &mut String) {
        match self {
            Mod::Module { body, type_ignores } => {
                Node::new(out, "Module").list("body", body).list("type_ignores", type_ignores).close();
            }
            Mod::Interactive { body } => Node::new(out, "Interactive").list("body", body).close(),
            Mod::Expression { body } => Node::new(out, "Expression").field("body", body).close(),
            Mod::FunctionType { argtypes, returns } => {
                Node::new(out, "FunctionType").list("argtypes", argtypes).field("returns", returns).close();
            }
        }
    }
}

impl Dump for TypeIgnore {
    fn dump(&self, out: &mut String) {
        Node::new(out, "TypeIgnore").integer("lineno", self.lineno).field("tag", &self.tag).close();
    }
}

impl Dump for Stmt {
    fn dump(&self, out: &mut String) {
        let name = match &self.node {
            StmtKind::FunctionDef(_) => "FunctionDef",
            StmtKind::AsyncFunctionDef(_) => "AsyncFunctionDef",
            StmtKind::ClassDef(_) => "ClassDef",
            StmtKind::Return { .. } => "Return",
            StmtKind::Delete { .. } => "Delete",
            StmtKind::Assign { .. } => "Assign",
            StmtKind::TypeAlias(_) => "TypeAlias",
            StmtKind::AugAssign { .. } => "AugAssign",
            StmtKind::AnnAssign(_) => "AnnAssign",
            StmtKind::For(_) => "For",
            StmtKind::AsyncFor(_) => "AsyncFor",
            StmtKind::While { .. } => "While",
            StmtKind::If { .. } => "If",
            StmtKind::With(_) => "With",
            StmtKind::AsyncWith(_) => "AsyncWith",
            StmtKind::Match { .. } => "Match",
            StmtKind::Raise { .. } => "Raise",
            StmtKind::Try(_) => "Try",
            StmtKind::TryStar(_) => "TryStar",
            StmtKind::Assert { .. } => "Assert",
            StmtKind::Import { .. } => "Import",
            StmtKind::ImportFrom { .. } => "ImportFrom",
            StmtKind::Global { .. } => "Global",
            StmtKind::Nonlocal { .. } => "Nonlocal",
            StmtKind::Expr { .. } => "Expr",
            StmtKind::Pass => "Pass",
            StmtKind::Break => "Break",
            StmtKind::Continue => "Continue",
        };
        let mut node = Node::new(out, name);
        match &self.node {
            StmtKind::FunctionDef(def) | StmtKind::AsyncFunctionDef(def) => {
                node.text("name", &def.name)
                    .field("args", &def.args)
                    .list("body", &def.body)
                    .list("decorator_list", &def.decorator_list)
                    .optional("returns", def.returns.as_ref())
                    .optional("type_comment", def.type_comment.as_ref())
                    .list("type_params", &def.type_params);
            }
            StmtKind::ClassDef(class) => {
                node.text("name", &class.name)
                    .list("bases", &class.bases)
                    .list("keywords", &class.keywords)
                    .list("body", &class.body)
                    .list("decorator_list", &class.decorator_list)
                    .list("type_params", &class.type_params);
            }
            StmtKind::Return { value } => drop(node.optional("value", value.as_ref())),
            StmtKind::Delete { targets } => drop(node.list("targets", targets)),
            StmtKind::Assign { targets, value, type_comment } => {
                node.list("targets", targets).field("value", value).optional("type_comment", type_comment.as_ref());
            }
            StmtKind::TypeAlias(alias) => {
                node.field("name", &alias.name).list("type_params", &alias.type_params).field("value", &alias.value);
            }
            StmtKind::AugAssign { target, op, value } => {
                node.field("target", target).field("op", op).field("value", value);
            }
            StmtKind::AnnAssign(assign) => {
                node.field("target", &assign.target)
                    .field("annotation", &assign.annotation)
                    .optional("value", assign.value.as_ref())
                    .integer("simple", i32::from(assign.simple));
            }
            StmtKind::For(f) | StmtKind::AsyncFor(f) => {
                node.field("target", &f.target)
                    .field("iter", &f.iter)
                    .list("body", &f.body)
                    .list("orelse", &f.orelse)
                    .optional("type_comment", f.type_comment.as_ref());
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                node.field("test", test).list("body", body).list("orelse", orelse);
            }
            StmtKind::With(with) | StmtKind::AsyncWith(with) => {
                node.list("items", &with.items)
                    .list("body", &with.body)
                    .optional("type_comment", with.type_comment.as_ref());
            }
            StmtKind::Match { subject, cases } => {
                node.field("subject", subject).list("cases", cases);
            }
            StmtKind::Raise { exc, cause } => {
                node.optional("exc", exc.as_ref()).optional("cause", cause.as_ref());
            }
            StmtKind::Try(t) | StmtKind::TryStar(t) => {
                node.list("body", &t.body)
                    .list("handlers", &t.handlers)
                    .list("orelse", &t.orelse)
                    .list("finalbody", &t.finalbody);
            }
            StmtKind::Assert { test, msg } => {
                node.field("test", test).optional("msg", msg.as_ref());
            }
            StmtKind::Import { names } => drop(node.list("names", names)),
            StmtKind::ImportFrom { module, names, level } => {
                node.optional_text("module", module.as_ref()).list("names", names).integer("level", *level);
            }
            StmtKind::Global { names } | StmtKind::Nonlocal { names } => {
                node.texts("names", names);
            }
            StmtKind::Expr { value } => drop(node.field("value", value)),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => {}
        }
        node.location(&self.loc);
    }
}

impl Dump for Expr {
    fn dump(&self, out: &mut String) {
        let name = match &self.node {
            ExprKind::BoolOp { .. } => "BoolOp",
            ExprKind::NamedExpr { .. } => "NamedExpr",
            ExprKind::BinOp { .. } => "BinOp",
            ExprKind::UnaryOp { .. } => "UnaryOp",
            ExprKind::Lambda { .. } => "Lambda",
            ExprKind::IfExp { .. } => "IfExp",
            ExprKind::Dict { .. } => "Dict",
            ExprKind::Set { .. } => "Set",
            ExprKind::ListComp { .. } => "ListComp",
            ExprKind::SetComp { .. } => "SetComp",
            ExprKind::DictComp { .. } => "DictComp",
            ExprKind::GeneratorExp { .. } => "GeneratorExp",
            ExprKind::Await { .. } => "Await",
            ExprKind::Yield { .. } => "Yield",
            ExprKind::YieldFrom { .. } => "YieldFrom",
            ExprKind::Compare { .. } => "Compare",
            ExprKind::Call { .. } => "Call",
            ExprKind::FormattedValue { .. } => "FormattedValue",
            ExprKind::Interpolation { .. } => "Interpolation",
            ExprKind::JoinedStr { .. } => "JoinedStr",
            ExprKind::TemplateStr { .. } => "TemplateStr",
            ExprKind::Constant { .. } => "Constant",
            ExprKind::Attribute { .. } => "Attribute",
            ExprKind::Subscript { .. } => "Subscript",
            ExprKind::Starred { .. } => "Starred",
            ExprKind::Name { .. } => "Name",
            ExprKind::List { .. } => "List",
            ExprKind::Tuple { .. } => "Tuple",
            ExprKind::Slice { .. } => "Slice",
        };
        let mut node = Node::new(out, name);
        match &self.node {
            ExprKind::BoolOp { op, values } => {
                let _ = write!(node.key("op"), "{op:?}()");
                node.list("values", values);
            }
            ExprKind::NamedExpr { target, value } => {
                node.field("target", target).field("value", value);
            }
            ExprKind::BinOp { left, op, right } => {
                node.field("left", left).field("op", op).field("right", right);
            }
            ExprKind::UnaryOp { op, operand } => {
                let _ = write!(node.key("op"), "{op:?}()");
                node.field("operand", operand);
            }
            ExprKind::Lambda { args, body } => drop(node.field("args", args).field("body", body)),
            ExprKind::IfExp { test, body, orelse } => {
                node.field("test", test).field("body", body).field("orelse", orelse);
            }
            ExprKind::Dict { keys, values } => drop(node.list("keys", keys).list("values", values)),
            ExprKind::Set { elts } => drop(node.list("elts", elts)),
            ExprKind::ListComp { elt, generators }
            | ExprKind::SetComp { elt, generators }
            | ExprKind::GeneratorExp { elt, generators } => {
                node.field("elt", elt).list("generators", generators);
            }
            ExprKind::DictComp { key, value, generators } => {
                node.field("key", key).field("value", value).list("generators", generators);
            }
            ExprKind::Await { value } | ExprKind::YieldFrom { value } => {
                node.field("value", value);
            }
            ExprKind::Yield { value } => drop(node.optional("value", value.as_ref())),
            ExprKind::Compare { left, ops, comparators } => {
                node.field("left", left).list("ops", ops).list("comparators", comparators);
            }
            ExprKind::Call { func, args, keywords } => {
                node.field("func", func).list("args", args).list("keywords", keywords);
            }
            ExprKind::FormattedValue { value, conversion, format_spec } => {
                node.field("value", value)
                    .integer("conversion", *conversion)
                    .optional("format_spec", format_spec.as_ref());
            }
            ExprKind::Interpolation { value, str, conversion, format_spec } => {
                node.field("value", value)
                    .field("str", str)
                    .integer("conversion", *conversion)
                    .optional("format_spec", format_spec.as_ref());
            }
            ExprKind::JoinedStr { values } | ExprKind::TemplateStr { values } => {
                node.list("values", values);
            }
            ExprKind::Constant { value, kind } => {
                node.field("value", value).optional_text("kind", kind.as_ref());
            }
            ExprKind::Attribute { value, attr, ctx } => {
                node.field("value", value).text("attr", attr).field("ctx", ctx);
            }
            ExprKind::Subscript { value, slice, ctx } => {
                node.field("value", value).field("slice", slice).field("ctx", ctx);
            }
            ExprKind::Starred { value, ctx } => drop(node.field("value", value).field("ctx", ctx)),
            ExprKind::Name { id, ctx } => drop(node.text("id", id).field("ctx", ctx)),
            ExprKind::List { elts, ctx } | ExprKind::Tuple { elts, ctx } => {
                node.list("elts", elts).field("ctx", ctx);
            }
            ExprKind::Slice { lower, upper, step } => {
                node.optional("lower", lower.as_ref())
                    .optional("upper", upper.as_ref())
                    .optional("step", step.as_ref());
            }
        }
        node.location(&self.loc);
    }
}

impl Dump for Comprehension {
    fn dump(&self, out: &mut String) {
        Node::new(out, "comprehension")
            .field("target", &self.target)
            .field("iter", &self.iter)
            .list("ifs", &self.ifs)
            .integer("is_async", i32::from(self.is_async))
            .close();
    }
}

impl Dump for ExceptHandler {
    fn dump(&self, out: &mut String) {
        Node::new(out, "ExceptHandler")
            .optional("type", self.type_.as_ref())
            .optional_text("name", self.name.as_ref())
            .list("body", &self.body)
            .location(&self.loc);
    }
}

impl Dump for Arguments {
    fn dump(&self, out: &mut String) {
        Node::new(out, "arguments")
            .list("posonlyargs", &self.posonlyargs)
            .list("args", &self.args)
            .optional("vararg", self.vararg.as_ref())
            .list("kwonlyargs", &self.kwonlyargs)
            .list("kw_defaults", &self.kw_defaults)
            .optional("kwarg", self.kwarg.as_ref())
            .list("defaults", &self.defaults)
            .close();
    }
}

impl Dump for Arg {
    fn dump(&self, out: &mut String) {
        Node::new(out, "arg")
            .text("arg", &self.arg)
            .optional("annotation", self.annotation.as_ref())
            .optional("type_comment", self.type_comment.as_ref())
            .location(&self.loc);
    }
}

impl Dump for Keyword {
    fn dump(&self, out: &mut String) {
        Node::new(out, "keyword")
            .optional_text("arg", self.arg.as_ref())
            .field("value", &self.value)
            .location(&self.loc);
    }
}

impl Dump for Alias {
    fn dump(&self, out: &mut String) {
        Node::new(out, "alias")
            .text("name", &self.name)
            .optional_text("asname", self.asname.as_ref())
            .location(&self.loc);
    }
}

impl Dump for WithItem {
    fn dump(&self, out: &mut String) {
        Node::new(out, "withitem")
            .field("context_expr", &self.context_expr)
            .optional("optional_vars", self.optional_vars.as_ref())
            .close();
    }
}

impl Dump for MatchCase {
    fn dump(&self, out: &mut String) {
        Node::new(out, "match_case")
            .field("pattern", &self.pattern)
            .optional("guard", self.guard.as_ref())
            .list("body", &self.body)
            .close();
    }
}

impl Dump for Pattern {
    fn dump(&self, out: &mut String) {
        let name = match &self.node {
            PatternKind::MatchValue { .. } => "MatchValue",
            PatternKind::MatchSingleton { .. } => "MatchSingleton",
            PatternKind::MatchSequence { .. } => "MatchSequence",
            PatternKind::MatchMapping { .. } => "MatchMapping",
            PatternKind::MatchClass { .. } => "MatchClass",
            PatternKind::MatchStar { .. } => "MatchStar",
            PatternKind::MatchAs { .. } => "MatchAs",
            PatternKind::MatchOr { .. } => "MatchOr",
        };
        let mut node = Node::new(out, name);
        match &self.node {
            PatternKind::MatchValue { value } => drop(node.field("value", value)),
            PatternKind::MatchSingleton { value } => drop(node.field("value", value)),
            PatternKind::MatchSequence { patterns } | PatternKind::MatchOr { patterns } => {
                node.list("patterns", patterns);
            }
            PatternKind::MatchMapping { keys, patterns, rest } => {
                node.list("keys", keys).list("patterns", patterns).optional_text("rest", rest.as_ref());
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                node.field("cls", cls)
                    .list("patterns", patterns)
                    .texts("kwd_attrs", kwd_attrs)
                    .list("kwd_patterns", kwd_patterns);
            }
            PatternKind::MatchStar { name } => drop(node.optional_text("name", name.as_ref())),
            PatternKind::MatchAs { pattern, name } => {
                node.optional("pattern", pattern.as_ref()).optional_text("name", name.as_ref());
            }
        }
        node.location(&self.loc);
    }
}

impl Dump for TypeParam {
    fn dump(&self, out: &mut String) {
        match &self.node {
            TypeParamKind::TypeVar { name, bound, default_value } => {
                Node::new(out, "TypeVar")
                    .text("name", name)
                    .optional("bound", bound.as_ref())
                    .optional("default_value", default_value.as_ref())
                    .location(&self.loc);
            }
            TypeParamKind::ParamSpec { name, default_value } => {
                Node::new(out, "ParamSpec")
                    .text("name", name)
                    .optional("default_value", default_value.as_ref())
                    .location(&self.loc);
            }
            TypeParamKind::TypeVarTuple { name, default_value } => {
                Node::new(out, "TypeVarTuple")
                    .text("name", name)
                    .optional("default_value", default_value.as_ref())
                    .location(&self.loc);
            }
        }
    }
}
