//! `match` (PEP 634).
//!
//! Code for a pattern takes the subject from the top of the stack and jumps on failure. Names are
//! bound only when all of a pattern has matched: until then what they capture waits on the stack,
//! below `on_top` items that are still needed.

use super::target::unpack_ex_oparg;
use super::*;
use crate::constfold;
use crate::recursion::with_stack;
use crate::sequence::NEXT_LOCATION;
use crate::unparse::repr;

/// `pattern_context`.
#[derive(Default)]
struct Context {
    /// Names that are captured, in the order of their values on the stack.
    stores: Vec<Name>,
    /// Whether a pattern that matches everything may stand here.
    allow_irrefutable: bool,
    /// Where to jump on failure with so many items to pop.
    fail_pop: Vec<Label>,
    /// Items on top of the stack that captures go beneath.
    on_top: usize,
}

fn is_wildcard(pattern: &Pattern) -> bool {
    matches!(pattern.node, PatternKind::MatchAs { name: None, .. })
}

fn is_wildcard_star(pattern: &Pattern) -> bool {
    matches!(pattern.node, PatternKind::MatchStar { name: None })
}

fn is_star(pattern: &Pattern) -> bool {
    matches!(pattern.node, PatternKind::MatchStar { .. })
}

impl<'a> Codegen<'a> {
    pub(super) fn match_stmt(&mut self, subject: &'a Expr, cases: &'a [MatchCase]) -> CompileResult<()> {
        self.visit_expr(subject)?;
        let end = self.new_label();
        let has_default = cases.len() > 1 && cases.last().is_some_and(|case| is_wildcard(&case.pattern));
        let plain = cases.len() - usize::from(has_default);
        for (at, case) in cases[..plain].iter().enumerate() {
            let loc = case.pattern.loc;
            let is_last = at + 1 == plain;
            if !is_last {
                self.op_i(loc, Opcode::COPY, 1);
            }
            let mut context = Context {
                // A pattern that matches everything must have a guard or be the last.
                allow_irrefutable: case.guard.is_some() || at + 1 == cases.len(),
                ..Context::default()
            };
            self.pattern(&case.pattern, &mut context)?;
            for name in &context.stores {
                self.name_op(loc, name, ExprContext::Store)?;
            }
            if let Some(guard) = &case.guard {
                self.ensure_fail_pop(&mut context, 0);
                self.jump_if(loc, guard, context.fail_pop[0], false)?;
            }
            if !is_last {
                // Better locations for branch events.
                self.op(NEXT_LOCATION, Opcode::POP_TOP);
            }
            self.visit_body(&case.body)?;
            self.jump(Location::NONE, Opcode::JUMP, end);
            // The line of the pattern that failed, not of the body.
            self.emit_fail_pop(loc, &mut context);
        }
        if has_default {
            if let Some(case) = cases.last() {
                let loc = case.pattern.loc;
                self.op(loc, Opcode::NOP);
                if let Some(guard) = &case.guard {
                    self.jump_if(loc, guard, end, false)?;
                }
                self.visit_body(&case.body)?;
            }
        }
        self.use_label(end);
        Ok(())
    }

    fn ensure_fail_pop(&mut self, context: &mut Context, pops: usize) {
        while context.fail_pop.len() <= pops {
            let label = self.new_label();
            context.fail_pop.push(label);
        }
    }

    fn jump_to_fail_pop(&mut self, loc: Location, context: &mut Context, opcode: Opcode) {
        let pops = context.on_top + context.stores.len();
        self.ensure_fail_pop(context, pops);
        self.jump(loc, opcode, context.fail_pop[pops]);
    }

    /// Emits the blocks that pop what a failed match leaves, each falling through to the next.
    fn emit_fail_pop(&mut self, loc: Location, context: &mut Context) {
        let labels = std::mem::take(&mut context.fail_pop);
        for (at, &label) in labels.iter().enumerate().rev() {
            self.use_label(label);
            if at > 0 {
                self.op(loc, Opcode::POP_TOP);
            }
        }
    }

    fn duplicate_store<T>(&self, loc: Location, name: &Name) -> CompileResult<T> {
        let name = repr(&Constant::from_str(name));
        self.error(loc, format!("multiple assignments to name {name} in pattern"))
    }

    /// Moves the top of the stack down below `count - 1` items.
    fn rotate(&mut self, loc: Location, count: usize) {
        for at in (2..=count).rev() {
            self.op_i(loc, Opcode::SWAP, at as u32);
        }
    }

    fn capture(&mut self, loc: Location, name: Option<&Name>, context: &mut Context) -> CompileResult<()> {
        let Some(name) = name else {
            self.op(loc, Opcode::POP_TOP);
            return Ok(());
        };
        if context.stores.contains(name) {
            return self.duplicate_store(loc, name);
        }
        self.rotate(loc, context.on_top + context.stores.len() + 1);
        context.stores.push(name.clone());
        Ok(())
    }

    fn pattern(&mut self, pattern: &'a Pattern, context: &mut Context) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.pattern_kind(pattern, context))?;
        self.depth.leave();
        Ok(())
    }

    fn subpattern(&mut self, pattern: &'a Pattern, context: &mut Context) -> CompileResult<()> {
        let outer = std::mem::replace(&mut context.allow_irrefutable, true);
        self.pattern(pattern, context)?;
        context.allow_irrefutable = outer;
        Ok(())
    }

    fn pattern_kind(&mut self, pattern: &'a Pattern, context: &mut Context) -> CompileResult<()> {
        let loc = pattern.loc;
        match &pattern.node {
            PatternKind::MatchValue { value } => {
                let plain = matches!(value.node, ExprKind::Constant { .. } | ExprKind::Attribute { .. });
                if !plain {
                    let message = "patterns may only match literals and attribute lookups";
                    return self.error(loc, message);
                }
                self.visit_expr(value)?;
                self.add_compare(loc, CmpOp::Eq);
                self.op(loc, Opcode::TO_BOOL);
                self.jump_to_fail_pop(loc, context, Opcode::POP_JUMP_IF_FALSE);
                Ok(())
            }
            PatternKind::MatchSingleton { value } => {
                self.load_const(loc, value.clone());
                self.add_compare(loc, CmpOp::Is);
                self.jump_to_fail_pop(loc, context, Opcode::POP_JUMP_IF_FALSE);
                Ok(())
            }
            PatternKind::MatchSequence { patterns } => self.sequence_pattern(loc, patterns, context),
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.mapping_pattern(loc, keys, patterns, rest.as_ref(), context)
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.class_pattern(loc, cls, patterns, kwd_attrs, kwd_patterns, context)
            }
            PatternKind::MatchStar { name } => self.capture(loc, name.as_ref(), context),
            PatternKind::MatchAs { pattern: None, name } => {
                if !context.allow_irrefutable {
                    let what = match name {
                        Some(name) => {
                            format!("name capture {}", repr(&Constant::from_str(name)))
                        }
                        None => "wildcard".to_owned(),
                    };
                    return self.error(loc, format!("{what} makes remaining patterns unreachable"));
                }
                self.capture(loc, name.as_ref(), context)
            }
            PatternKind::MatchAs { pattern: Some(pattern), name } => {
                context.on_top += 1;
                self.op_i(loc, Opcode::COPY, 1);
                self.pattern(pattern, context)?;
                context.on_top -= 1;
                self.capture(loc, name.as_ref(), context)
            }
            PatternKind::MatchOr { patterns } => self.or_pattern(loc, patterns, context),
        }
    }

    /// `len(subject) op size`, else failure.
    fn check_len(&mut self, loc: Location, op: CmpOp, size: usize, context: &mut Context) {
        self.op(loc, Opcode::GET_LEN);
        self.load_int(loc, size);
        self.add_compare(loc, op);
        self.jump_to_fail_pop(loc, context, Opcode::POP_JUMP_IF_FALSE);
    }

    fn sequence_pattern(&mut self, loc: Location, patterns: &'a [Pattern], context: &mut Context) -> CompileResult<()> {
        let size = patterns.len();
        let mut stars = (0..size).filter(|&at| is_star(&patterns[at]));
        let star = stars.next();
        if stars.next().is_some() {
            return self.error(loc, "multiple starred names in sequence pattern");
        }
        let star_wildcard = star.is_some_and(|at| is_wildcard_star(&patterns[at]));
        let only_wildcard = patterns.iter().all(|pattern| is_wildcard(pattern) || is_wildcard_star(pattern));
        context.on_top += 1;
        self.op(loc, Opcode::MATCH_SEQUENCE);
        self.jump_to_fail_pop(loc, context, Opcode::POP_JUMP_IF_FALSE);
        match star {
            None => self.check_len(loc, CmpOp::Eq, size, context),
            Some(_) if size > 1 => self.check_len(loc, CmpOp::GtE, size - 1, context),
            Some(_) => {}
        }
        context.on_top -= 1;
        match star {
            _ if only_wildcard => {
                self.op(loc, Opcode::POP_TOP);
                Ok(())
            }
            Some(star) if star_wildcard => self.sequence_items(loc, patterns, star, context),
            _ => self.sequence_unpack(loc, patterns, context),
        }
    }

    fn sequence_unpack(&mut self, loc: Location, patterns: &'a [Pattern], context: &mut Context) -> CompileResult<()> {
        let size = patterns.len();
        match patterns.iter().position(is_star) {
            Some(star) => {
                let Some(oparg) = unpack_ex_oparg(star, size) else {
                    let message = "too many expressions in star-unpacking sequence pattern";
                    return self.error(loc, message);
                };
                self.op_i(loc, Opcode::UNPACK_EX, oparg);
            }
            None => self.op_i(loc, Opcode::UNPACK_SEQUENCE, size as u32),
        }
        context.on_top += size;
        for pattern in patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        Ok(())
    }

    /// Takes single items where a star captures nothing, as in `[first, *_, last]`.
    fn sequence_items(
        &mut self,
        loc: Location,
        patterns: &'a [Pattern],
        star: usize,
        context: &mut Context,
    ) -> CompileResult<()> {
        context.on_top += 1;
        for (at, pattern) in patterns.iter().enumerate() {
            if is_wildcard(pattern) || at == star {
                continue;
            }
            self.op_i(loc, Opcode::COPY, 1);
            if at < star {
                self.load_int(loc, at);
            } else {
                // The subject need not support negative indices.
                self.op(loc, Opcode::GET_LEN);
                self.load_int(loc, patterns.len() - at);
                let subtract = taipan_bytecode::operand::BinaryOp::NB_SUBTRACT as u32;
                self.op_i(loc, Opcode::BINARY_OP, subtract);
            }
            self.subscr(loc);
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 1;
        self.op(loc, Opcode::POP_TOP);
        Ok(())
    }

    /// Fails if the tuple on the stack is `None`.
    fn check_not_none(&mut self, loc: Location, context: &mut Context) {
        self.op_i(loc, Opcode::COPY, 1);
        self.load_const(loc, Constant::None);
        self.op_i(loc, Opcode::IS_OP, 1);
        self.jump_to_fail_pop(loc, context, Opcode::POP_JUMP_IF_FALSE);
    }

    fn mapping_pattern(
        &mut self,
        loc: Location,
        keys: &'a [Expr],
        patterns: &'a [Pattern],
        rest: Option<&Name>,
        context: &mut Context,
    ) -> CompileResult<()> {
        let size = keys.len();
        if size != patterns.len() {
            let message = format!("keys ({size}) / patterns ({}) length mismatch in mapping pattern", patterns.len());
            return self.error(loc, message);
        }
        context.on_top += 1;
        self.op(loc, Opcode::MATCH_MAPPING);
        self.jump_to_fail_pop(loc, context, Opcode::POP_JUMP_IF_FALSE);
        if size == 0 && rest.is_none() {
            context.on_top -= 1;
            self.op(loc, Opcode::POP_TOP);
            return Ok(());
        }
        if size > 0 {
            self.check_len(loc, CmpOp::GtE, size, context);
        }
        let mut seen: Vec<&Constant> = Vec::new();
        for key in keys {
            match &key.node {
                ExprKind::Constant { value, .. } => {
                    if seen.iter().any(|other| constfold::equal(other, value)) {
                        let key = repr(value);
                        let message = format!("mapping pattern checks duplicate key ({key})");
                        return self.error(loc, message);
                    }
                    seen.push(value);
                }
                ExprKind::Attribute { .. } => {}
                _ => {
                    let message = "mapping pattern keys may only match literals and attribute lookups";
                    return self.error(loc, message);
                }
            }
            self.visit_expr(key)?;
        }
        self.op_i(loc, Opcode::BUILD_TUPLE, size as u32);
        self.op(loc, Opcode::MATCH_KEYS);
        context.on_top += 2;
        self.check_not_none(loc, context);
        self.op_i(loc, Opcode::UNPACK_SEQUENCE, size as u32);
        context.on_top = context.on_top + size - 1;
        for pattern in patterns {
            context.on_top -= 1;
            self.subpattern(pattern, context)?;
        }
        context.on_top -= 2;
        if let Some(rest) = rest {
            // rest = dict(subject); for key in keys: del rest[key]
            self.op_i(loc, Opcode::BUILD_MAP, 0);
            self.op_i(loc, Opcode::SWAP, 3);
            self.op_i(loc, Opcode::DICT_UPDATE, 2);
            self.op_i(loc, Opcode::UNPACK_SEQUENCE, size as u32);
            for left in (1..=size).rev() {
                self.op_i(loc, Opcode::COPY, 1 + left as u32);
                self.op_i(loc, Opcode::SWAP, 2);
                self.op(loc, Opcode::DELETE_SUBSCR);
            }
            return self.capture(loc, Some(rest), context);
        }
        // The keys and the subject.
        self.op(loc, Opcode::POP_TOP);
        self.op(loc, Opcode::POP_TOP);
        Ok(())
    }

    fn class_pattern(
        &mut self,
        loc: Location,
        cls: &'a Expr,
        patterns: &'a [Pattern],
        attrs: &'a [Name],
        attr_patterns: &'a [Pattern],
        context: &mut Context,
    ) -> CompileResult<()> {
        if attrs.len() != attr_patterns.len() {
            let message = format!(
                "kwd_attrs ({}) / kwd_patterns ({}) length mismatch in class pattern",
                attrs.len(),
                attr_patterns.len()
            );
            return self.error(loc, message);
        }
        for (at, attr) in attrs.iter().enumerate() {
            if let Some(other) = attrs[at + 1..].iter().position(|other| other == attr) {
                let loc = attr_patterns[at + 1 + other].loc;
                let message = format!("attribute name repeated in class pattern: {attr}");
                return self.error(loc, message);
            }
        }
        self.visit_expr(cls)?;
        let names = self.names_const(attrs.iter());
        self.load_const(loc, names);
        self.op_i(loc, Opcode::MATCH_CLASS, patterns.len() as u32);
        context.on_top += 1;
        self.op_i(loc, Opcode::COPY, 1);
        self.load_const(loc, Constant::None);
        self.op_i(loc, Opcode::IS_OP, 1);
        self.jump_to_fail_pop(loc, context, Opcode::POP_JUMP_IF_FALSE);
        let count = patterns.len() + attrs.len();
        self.op_i(loc, Opcode::UNPACK_SEQUENCE, count as u32);
        context.on_top = context.on_top + count - 1;
        for pattern in patterns.iter().chain(attr_patterns) {
            context.on_top -= 1;
            if is_wildcard(pattern) {
                self.op(loc, Opcode::POP_TOP);
            } else {
                self.subpattern(pattern, context)?;
            }
        }
        Ok(())
    }

    fn or_pattern(&mut self, loc: Location, patterns: &'a [Pattern], context: &mut Context) -> CompileResult<()> {
        let end = self.new_label();
        // What the first alternative captures; the others must capture the same, and have it in
        // the same order on the stack.
        let mut control: Option<Vec<Name>> = None;
        for (at, alternative) in patterns.iter().enumerate() {
            let here = alternative.loc;
            let is_last = at + 1 == patterns.len();
            let mut own = Context { allow_irrefutable: is_last && context.allow_irrefutable, ..Context::default() };
            self.op_i(here, Opcode::COPY, 1);
            self.pattern(alternative, &mut own)?;
            match &control {
                None => control = Some(std::mem::take(&mut own.stores)),
                Some(control) => self.reorder(loc, here, control, &mut own.stores)?,
            }
            self.jump(here, Opcode::JUMP, end);
            self.emit_fail_pop(here, &mut own);
        }
        // None of them matched.
        self.op(loc, Opcode::POP_TOP);
        self.jump_to_fail_pop(loc, context, Opcode::JUMP);
        self.use_label(end);
        let control = control.unwrap_or_default();
        let rotations = control.len() + 1 + context.on_top + context.stores.len();
        for name in control {
            self.rotate(loc, rotations);
            if context.stores.contains(&name) {
                return self.duplicate_store(loc, &name);
            }
            context.stores.push(name);
        }
        // The copy of the subject.
        self.op(loc, Opcode::POP_TOP);
        Ok(())
    }

    /// Brings captured values into the order of `control`.
    fn reorder(
        &mut self,
        loc: Location,
        here: Location,
        control: &[Name],
        stores: &mut Vec<Name>,
    ) -> CompileResult<()> {
        let different = "alternative patterns bind different names";
        if stores.len() != control.len() {
            return self.error(loc, different);
        }
        for (wanted, name) in control.iter().enumerate().rev() {
            let Some(found) = stores.iter().position(|store| store == name) else {
                return self.error(loc, different);
            };
            if found == wanted {
                continue;
            }
            let rotations = found + 1;
            let moved: Vec<Name> = stores.drain(..rotations).collect();
            let at = wanted - found;
            stores.splice(at..at, moved);
            for _ in 0..rotations {
                self.rotate(here, wanted + 1);
            }
        }
        Ok(())
    }
}
