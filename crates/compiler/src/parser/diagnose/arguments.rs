//! The arguments of calls.

use super::token::Kind;
use super::{Node, NodeKind, Parser, Rule};

/// One argument.
#[derive(Clone, Copy)]
pub(super) enum Argument {
    /// `*iterable`
    Starred(Node),
    /// `name=value`
    Keyword,
    /// `**mapping`
    Unpacked,
}

impl Parser<'_> {
    pub(super) fn arguments(&mut self) -> Option<Node> {
        self.memoized(Rule::Arguments, |p| {
            let arguments = p.alt(|p| {
                let args = p.args()?;
                p.optional(|p| p.expect(Kind::Comma))?;
                if p.at(&[Kind::Rpar]) { Some(args) } else { None }
            });
            arguments.or_else(|| p.try_invalid(Self::invalid_arguments))
        })
    }

    /// A positional argument: not the name of a keyword one.
    pub(super) fn positional(&mut self) -> Option<Node> {
        let starred = self.alt(Self::starred_expression);
        if starred.is_some() {
            return starred;
        }
        self.alt(|p| {
            let argument = p.assignment_expression().or_else(|| p.alt(Self::expression_not_walrus))?;
            if p.at(&[Kind::Equal]) { None } else { Some(argument) }
        })
    }

    /// A call node with the positional arguments as children.
    pub(super) fn args(&mut self) -> Option<Node> {
        let start = self.mark;
        let positional_first = self.alt(|p| {
            let mut positional = p.gather(Kind::Comma, Self::positional)?;
            let keywords = p.optional(|p| {
                p.expect(Kind::Comma)?;
                p.kwargs()
            })?;
            Some(p.call_node(start, &mut positional, keywords.unwrap_or_default()))
        });
        positional_first.or_else(|| {
            self.alt(|p| {
                let keywords = p.kwargs()?;
                Some(p.call_node(start, &mut Vec::new(), keywords))
            })
        })
    }

    fn call_node(&mut self, start: usize, positional: &mut Vec<Node>, keywords: Vec<Argument>) -> Node {
        let mut unpacks = false;
        for keyword in keywords {
            match keyword {
                Argument::Starred(node) => positional.push(node),
                Argument::Keyword => {}
                Argument::Unpacked => unpacks = true,
            }
        }
        let node = self.node_with(NodeKind::Call, start, std::mem::take(positional));
        self.nodes[node as usize].unpacks_keywords = unpacks;
        node
    }

    pub(super) fn kwargs(&mut self) -> Option<Vec<Argument>> {
        let both = self.alt(|p| {
            let mut items = p.gather(Kind::Comma, Self::kwarg_or_starred)?;
            p.expect(Kind::Comma)?;
            items.extend(p.gather(Kind::Comma, Self::kwarg_or_double_starred)?);
            Some(items)
        });
        both.or_else(|| self.alt(|p| p.gather(Kind::Comma, Self::kwarg_or_starred)))
            .or_else(|| self.alt(|p| p.gather(Kind::Comma, Self::kwarg_or_double_starred)))
    }

    pub(super) fn starred_expression(&mut self) -> Option<Node> {
        if let Some(node) = self.try_invalid(Self::invalid_starred_expression_unpacking) {
            return Some(node);
        }
        let starred = self.alt(|p| {
            let start = p.expect(Kind::Star)?;
            let value = p.expression()?;
            Some(p.node_with(NodeKind::Starred, start, vec![value]))
        });
        starred.or_else(|| self.try_invalid(Self::invalid_starred_expression))
    }

    fn keyword_argument(&mut self) -> Option<Argument> {
        self.alt(|p| {
            p.name()?;
            p.expect(Kind::Equal)?;
            p.expression()?;
            Some(Argument::Keyword)
        })
    }

    fn kwarg_or_starred(&mut self) -> Option<Argument> {
        if let Some(never) = self.try_invalid(Self::invalid_kwarg) {
            return Some(never);
        }
        self.keyword_argument().or_else(|| self.alt(Self::starred_expression).map(Argument::Starred))
    }

    fn kwarg_or_double_starred(&mut self) -> Option<Argument> {
        if let Some(never) = self.try_invalid(Self::invalid_kwarg) {
            return Some(never);
        }
        self.keyword_argument().or_else(|| {
            self.alt(|p| {
                p.expect(Kind::DoubleStar)?;
                p.expression()?;
                Some(Argument::Unpacked)
            })
        })
    }
}
