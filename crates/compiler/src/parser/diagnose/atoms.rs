//! Atoms: names, constants, displays, comprehensions.

use super::token::Kind;
use super::{Node, NodeKind, Parser};
use crate::parser::literals::numbers::parse_number;
use taipan_bytecode::code::Constant;

impl Parser<'_> {
    pub(super) fn atom(&mut self) -> Option<Node> {
        let start = self.mark;
        match self.peek()? {
            Kind::Name => self.name(),
            Kind::True => self.constant(NodeKind::True),
            Kind::False => self.constant(NodeKind::False),
            Kind::None => self.constant(NodeKind::None),
            Kind::Ellipsis => self.constant(NodeKind::Ellipsis),
            Kind::Number => self.number(),
            Kind::String | Kind::FstringStart | Kind::TstringStart => self.strings(),
            Kind::Lpar => self.alt(Self::tuple).or_else(|| self.alt(Self::group)).or_else(|| self.alt(Self::genexp)),
            Kind::Lsqb => self.alt(Self::list).or_else(|| self.alt(Self::listcomp)),
            Kind::Lbrace => self
                .alt(Self::dict)
                .or_else(|| self.alt(Self::set))
                .or_else(|| self.alt(Self::dictcomp))
                .or_else(|| self.alt(Self::setcomp)),
            _ => {
                self.mark = start;
                None
            }
        }
    }

    fn constant(&mut self, kind: NodeKind) -> Option<Node> {
        let start = self.mark;
        self.mark += 1;
        Some(self.node(kind, start))
    }

    pub(super) fn number(&mut self) -> Option<Node> {
        let start = self.expect(Kind::Number)?;
        let text = self.token_text(start);
        match parse_number(text, self.max_str_digits) {
            Ok(Constant::Complex(..)) => Some(self.node(NodeKind::Imaginary, start)),
            Ok(_) => Some(self.node(NodeKind::Literal, start)),
            Err(message) => {
                let token = self.tokens[start];
                self.raise_known(
                    crate::error::ErrorKind::SyntaxError,
                    message,
                    (token.lineno, 0),
                    (token.end_lineno, 0),
                );
                None
            }
        }
    }

    // Parentheses

    pub(super) fn tuple(&mut self) -> Option<Node> {
        let start = self.expect(Kind::Lpar)?;
        let items = self.optional(|p| {
            let mut items = vec![p.star_named_expression()?];
            p.expect(Kind::Comma)?;
            items.extend(p.optional(Self::star_named_expressions)?.unwrap_or_default());
            Some(items)
        })?;
        self.expect(Kind::Rpar)?;
        Some(self.node_with(NodeKind::Tuple, start, items.unwrap_or_default()))
    }

    fn group(&mut self) -> Option<Node> {
        let inner = self.alt(|p| {
            p.expect(Kind::Lpar)?;
            let inner = p.alt(Self::yield_expr).or_else(|| p.alt(Self::named_expression))?;
            p.expect(Kind::Rpar)?;
            Some(inner)
        });
        inner.or_else(|| self.try_invalid(Self::invalid_group))
    }

    pub(super) fn genexp(&mut self) -> Option<Node> {
        let start = self.mark;
        let generator = self.alt(|p| {
            p.expect(Kind::Lpar)?;
            p.assignment_expression().or_else(|| p.alt(Self::expression_not_walrus))?;
            p.for_if_clauses()?;
            p.expect(Kind::Rpar)?;
            Some(p.node(NodeKind::GeneratorExp, start))
        });
        generator.or_else(|| self.try_invalid(Self::invalid_comprehension))
    }

    // Brackets

    pub(super) fn list(&mut self) -> Option<Node> {
        let start = self.expect(Kind::Lsqb)?;
        let items = self.optional(Self::star_named_expressions)?;
        self.expect(Kind::Rsqb)?;
        Some(self.node_with(NodeKind::List, start, items.unwrap_or_default()))
    }

    fn listcomp(&mut self) -> Option<Node> {
        self.comprehension(Kind::Lsqb, Kind::Rsqb, NodeKind::ListComp)
    }

    fn comprehension(&mut self, open: Kind, close: Kind, kind: NodeKind) -> Option<Node> {
        let start = self.mark;
        let comprehension = self.alt(|p| {
            p.expect(open)?;
            p.named_expression()?;
            p.for_if_clauses()?;
            p.expect(close)?;
            Some(p.node(kind, start))
        });
        comprehension.or_else(|| self.try_invalid(Self::invalid_comprehension))
    }

    // Braces

    fn dict(&mut self) -> Option<Node> {
        let start = self.mark;
        let display = self.alt(|p| {
            p.expect(Kind::Lbrace)?;
            p.optional(|p| {
                p.gather(Kind::Comma, Self::double_starred_kvpair)?;
                p.optional(|p| p.expect(Kind::Comma))
            })?;
            p.expect(Kind::Rbrace)?;
            Some(p.node(NodeKind::Dict, start))
        });
        if display.is_some() {
            return display;
        }
        // Unlike other descriptions of mistakes, this one is tried in the first pass too.
        self.alt(|p| {
            p.expect(Kind::Lbrace)?;
            p.invalid_double_starred_kvpairs()?;
            p.expect(Kind::Rbrace)?;
            Some(p.node(NodeKind::Dict, start))
        })
    }

    pub(super) fn double_starred_kvpair(&mut self) -> Option<()> {
        let unpacking = self.alt(|p| {
            p.expect(Kind::DoubleStar)?;
            p.bitwise_or()?;
            Some(())
        });
        unpacking.or_else(|| self.alt(Self::kvpair))
    }

    fn kvpair(&mut self) -> Option<()> {
        self.expression()?;
        self.expect(Kind::Colon)?;
        self.expression()?;
        Some(())
    }

    fn set(&mut self) -> Option<Node> {
        let start = self.expect(Kind::Lbrace)?;
        self.star_named_expressions()?;
        self.expect(Kind::Rbrace)?;
        Some(self.node(NodeKind::Set, start))
    }

    fn dictcomp(&mut self) -> Option<Node> {
        let start = self.mark;
        let comprehension = self.alt(|p| {
            p.expect(Kind::Lbrace)?;
            p.kvpair()?;
            p.for_if_clauses()?;
            p.expect(Kind::Rbrace)?;
            Some(p.node(NodeKind::DictComp, start))
        });
        comprehension.or_else(|| self.try_invalid(Self::invalid_dict_comprehension))
    }

    fn setcomp(&mut self) -> Option<Node> {
        self.comprehension(Kind::Lbrace, Kind::Rbrace, NodeKind::SetComp)
    }

    // Clauses of comprehensions

    /// Clauses; gives the last condition, or what the last clause runs over.
    pub(super) fn for_if_clauses(&mut self) -> Option<Node> {
        self.alt(|p| p.many1(Self::for_if_clause)?.pop())
    }

    fn for_if_clause(&mut self) -> Option<Node> {
        let is_async = self.at(&[Kind::Async]);
        let mut committed = false;
        let clause = self.alt(|p| {
            if is_async {
                p.expect(Kind::Async)?;
            }
            p.expect(Kind::For)?;
            p.star_targets()?;
            p.expect(Kind::In)?;
            committed = true;
            let iterable = p.disjunction()?;
            let conditions = p.many(|p| {
                p.expect(Kind::If)?;
                p.disjunction()
            })?;
            Some(conditions.last().copied().unwrap_or(iterable))
        });
        if clause.is_some() || committed {
            return clause;
        }
        self.try_invalid(Self::invalid_for_if_clause).or_else(|| self.try_invalid(Self::invalid_for_target))
    }
}
