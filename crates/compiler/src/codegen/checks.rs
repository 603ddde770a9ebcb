//! Warnings about code that can only fail or that says something else than it seems to.

use super::*;

/// The type that an expression certainly has (`infer_type`).
fn infer_type(expr: &Expr) -> Option<&'static str> {
    Some(match &expr.node {
        ExprKind::Tuple { .. } => "tuple",
        ExprKind::List { .. } | ExprKind::ListComp { .. } => "list",
        ExprKind::Dict { .. } | ExprKind::DictComp { .. } => "dict",
        ExprKind::Set { .. } | ExprKind::SetComp { .. } => "set",
        ExprKind::GeneratorExp { .. } => "generator",
        ExprKind::Lambda { .. } => "function",
        ExprKind::TemplateStr { .. } | ExprKind::Interpolation { .. } => "string.templatelib.Template",
        ExprKind::JoinedStr { .. } | ExprKind::FormattedValue { .. } => "str",
        ExprKind::Constant { value, .. } => match value {
            Constant::None => "NoneType",
            Constant::True | Constant::False => "bool",
            Constant::Ellipsis => "ellipsis",
            Constant::Int(_) | Constant::BigInt(_) => "int",
            Constant::Float(_) => "float",
            Constant::Complex(..) => "complex",
            Constant::Str(_) => "str",
            Constant::Bytes(_) => "bytes",
            Constant::Tuple(_) => "tuple",
            Constant::FrozenSet(_) => "frozenset",
            Constant::Slice(_) => "slice",
            Constant::Code(_) => "code",
        },
        _ => return None,
    })
}

/// Whether `is` may sensibly compare with an expression: no constant but a named singleton.
fn is_identity_operand(expr: &Expr) -> bool {
    match &expr.node {
        ExprKind::Tuple { elts, .. } => !elts.iter().all(|elt| matches!(elt.node, ExprKind::Constant { .. })),
        ExprKind::Constant { value, .. } => {
            matches!(value, Constant::None | Constant::True | Constant::False | Constant::Ellipsis)
        }
        _ => true,
    }
}

impl Codegen<'_> {
    pub(super) fn check_compare(
        &mut self,
        loc: Location,
        left: &Expr,
        ops: &[CmpOp],
        comparators: &[Expr],
    ) -> CompileResult<()> {
        let mut left = left;
        for (op, right) in ops.iter().zip(comparators) {
            if matches!(op, CmpOp::Is | CmpOp::IsNot) {
                let literal = match (is_identity_operand(left), is_identity_operand(right)) {
                    (false, _) => Some(left),
                    (true, false) => Some(right),
                    (true, true) => None,
                };
                if let Some(literal) = literal {
                    let name = infer_type(literal).unwrap_or("object");
                    let (is, equal) = match op {
                        CmpOp::Is => ("is", "=="),
                        _ => ("is not", "!="),
                    };
                    let message = format!("\"{is}\" with '{name}' literal. Did you mean \"{equal}\"?");
                    return self.warn(loc, message);
                }
            }
            left = right;
        }
        Ok(())
    }

    pub(super) fn check_caller(&mut self, func: &Expr) -> CompileResult<()> {
        if matches!(func.node, ExprKind::Lambda { .. }) {
            return Ok(());
        }
        let Some(name) = infer_type(func) else {
            return Ok(());
        };
        let message = format!("'{name}' object is not callable; perhaps you missed a comma?");
        self.warn(func.loc, message)
    }

    pub(super) fn check_subscripter(&mut self, value: &Expr) -> CompileResult<()> {
        let suspicious = match &value.node {
            ExprKind::Constant { value, .. } => matches!(
                value,
                Constant::None
                    | Constant::Ellipsis
                    | Constant::True
                    | Constant::False
                    | Constant::Int(_)
                    | Constant::BigInt(_)
                    | Constant::Float(_)
                    | Constant::Complex(..)
                    | Constant::FrozenSet(_)
            ),
            ExprKind::Set { .. }
            | ExprKind::SetComp { .. }
            | ExprKind::GeneratorExp { .. }
            | ExprKind::TemplateStr { .. }
            | ExprKind::Interpolation { .. }
            | ExprKind::Lambda { .. } => true,
            _ => false,
        };
        if !suspicious {
            return Ok(());
        }
        let name = infer_type(value).unwrap_or("object");
        let message = format!("'{name}' object is not subscriptable; perhaps you missed a comma?");
        self.warn(value.loc, message)
    }

    pub(super) fn check_index(&mut self, value: &Expr, index: &Expr) -> CompileResult<()> {
        let Some(index_type) = infer_type(index) else {
            return Ok(());
        };
        if matches!(index_type, "int" | "bool" | "slice") {
            return Ok(());
        }
        let is_sequence = match &value.node {
            ExprKind::Constant { value, .. } => {
                matches!(value, Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_))
            }
            ExprKind::Tuple { .. }
            | ExprKind::List { .. }
            | ExprKind::ListComp { .. }
            | ExprKind::JoinedStr { .. }
            | ExprKind::FormattedValue { .. } => true,
            _ => false,
        };
        if !is_sequence {
            return Ok(());
        }
        let name = infer_type(value).unwrap_or("object");
        let message = format!(
            "{name} indices must be integers or slices, not {index_type}; \
             perhaps you missed a comma?"
        );
        self.warn(value.loc, message)
    }
}
