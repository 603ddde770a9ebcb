//! Patterns of `match` statements.

use ruff_python_ast as ruff;
use ruff_text_size::Ranged;
use taipan_bytecode::code::Constant;

use super::Converter;
use crate::ast::{Pattern, PatternKind};

impl<'a> Converter<'a> {
    pub(super) fn pattern(&mut self, pattern: &'a ruff::Pattern) -> Pattern {
        if !self.has_room() {
            let loc = self.location(pattern.range());
            return Pattern { loc, node: PatternKind::MatchAs { pattern: None, name: None } };
        }
        self.nested(|this| this.pattern_inner(pattern))
    }

    fn patterns(&mut self, patterns: &'a [ruff::Pattern]) -> Vec<Pattern> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }

    /// Looks out for `+1`, which is a pattern in a later version of the language.
    fn check_literal(&mut self, literal: &ruff::Expr) {
        let number = match literal {
            ruff::Expr::BinOp(node) => &node.left,
            _ => literal,
        };
        let plus = matches!(number, ruff::Expr::UnaryOp(node) if node.op == ruff::UnaryOp::UAdd);
        self.suspicious |= plus;
    }

    fn pattern_inner(&mut self, pattern: &'a ruff::Pattern) -> Pattern {
        let loc = self.location(pattern.range());
        let node = match pattern {
            ruff::Pattern::MatchValue(node) => {
                self.check_literal(&node.value);
                PatternKind::MatchValue { value: Box::new(self.expr(&node.value)) }
            }
            ruff::Pattern::MatchSingleton(node) => PatternKind::MatchSingleton {
                value: match node.value {
                    ruff::Singleton::None => Constant::None,
                    ruff::Singleton::True => Constant::True,
                    ruff::Singleton::False => Constant::False,
                },
            },
            ruff::Pattern::MatchSequence(node) => {
                PatternKind::MatchSequence { patterns: self.patterns(&node.patterns) }
            }
            ruff::Pattern::MatchMapping(node) => {
                node.keys.iter().for_each(|key| self.check_literal(key));
                PatternKind::MatchMapping {
                    keys: self.exprs(&node.keys),
                    patterns: self.patterns(&node.patterns),
                    rest: node.rest.as_ref().map(|rest| self.identifier(rest)),
                }
            }
            ruff::Pattern::MatchClass(node) => {
                let cls = Box::new(self.expr(&node.cls));
                let patterns = self.patterns(&node.arguments.patterns);
                let (mut kwd_attrs, mut kwd_patterns) = (Vec::new(), Vec::new());
                for keyword in &node.arguments.keywords {
                    kwd_attrs.push(self.identifier(&keyword.attr));
                    kwd_patterns.push(self.pattern(&keyword.pattern));
                }
                PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns }
            }
            ruff::Pattern::MatchStar(node) => {
                PatternKind::MatchStar { name: node.name.as_ref().map(|name| self.identifier(name)) }
            }
            ruff::Pattern::MatchAs(node) => PatternKind::MatchAs {
                pattern: node.pattern.as_deref().map(|pattern| Box::new(self.pattern(pattern))),
                name: node.name.as_ref().map(|name| self.identifier(name)),
            },
            ruff::Pattern::MatchOr(node) => PatternKind::MatchOr { patterns: self.patterns(&node.patterns) },
        };
        Pattern { loc, node }
    }
}
