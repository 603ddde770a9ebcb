//! Targets of assignments, loops and deletions.

use super::token::Kind;
use super::{Node, NodeKind, Parser, Rule};

impl Parser<'_> {
    pub(super) fn star_targets(&mut self) -> Option<Node> {
        let start = self.mark;
        let single = self.alt(|p| {
            let target = p.star_target()?;
            if p.lookahead(|p| p.expect(Kind::Comma)) { None } else { Some(target) }
        });
        single.or_else(|| {
            self.alt(|p| {
                let mut targets = vec![p.star_target()?];
                targets.extend(p.many(|p| {
                    p.expect(Kind::Comma)?;
                    p.star_target()
                })?);
                p.optional(|p| p.expect(Kind::Comma))?;
                Some(p.node_with(NodeKind::Tuple, start, targets))
            })
        })
    }

    pub(super) fn star_target(&mut self) -> Option<Node> {
        self.memoized(Rule::StarTarget, |p| {
            let starred = p.alt(|p| {
                let start = p.expect(Kind::Star)?;
                if p.at(&[Kind::Star]) {
                    return None;
                }
                let value = p.star_target()?;
                Some(p.node_with(NodeKind::Starred, start, vec![value]))
            });
            starred.or_else(|| p.alt(Self::target_with_star_atom))
        })
    }

    fn target_with_star_atom(&mut self) -> Option<Node> {
        self.memoized(Rule::TargetWithStarAtom, |p| p.trailing_target().or_else(|| p.alt(Self::star_atom)))
    }

    /// An attribute or a subscript with nothing after it.
    fn trailing_target(&mut self) -> Option<Node> {
        let start = self.mark;
        let attribute = self.alt(|p| {
            p.t_primary()?;
            p.expect(Kind::Dot)?;
            p.name()?;
            p.no_t_lookahead()?;
            Some(p.node(NodeKind::Attribute, start))
        });
        attribute.or_else(|| {
            self.alt(|p| {
                p.t_primary()?;
                p.subscript()?;
                p.no_t_lookahead()?;
                Some(p.node(NodeKind::Subscript, start))
            })
        })
    }

    fn at_t_lookahead(&mut self) -> bool {
        self.at(&[Kind::Lpar, Kind::Lsqb, Kind::Dot])
    }

    fn no_t_lookahead(&mut self) -> Option<()> {
        if self.at_t_lookahead() || self.stop { None } else { Some(()) }
    }

    fn star_atom(&mut self) -> Option<Node> {
        let start = self.mark;
        if let Some(name) = self.name() {
            return Some(name);
        }
        let grouped = self.alt(|p| {
            p.expect(Kind::Lpar)?;
            let target = p.target_with_star_atom()?;
            p.expect(Kind::Rpar)?;
            Some(target)
        });
        grouped
            .or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Lpar)?;
                    let targets = p.optional(Self::star_targets_tuple_seq)?.unwrap_or_default();
                    p.expect(Kind::Rpar)?;
                    Some(p.node_with(NodeKind::Tuple, start, targets))
                })
            })
            .or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Lsqb)?;
                    let targets = p.optional(|p| {
                        let targets = p.gather(Kind::Comma, Self::star_target)?;
                        p.optional(|p| p.expect(Kind::Comma))?;
                        Some(targets)
                    })?;
                    p.expect(Kind::Rsqb)?;
                    Some(p.node_with(NodeKind::List, start, targets.unwrap_or_default()))
                })
            })
    }

    fn star_targets_tuple_seq(&mut self) -> Option<Vec<Node>> {
        let several = self.alt(|p| {
            let mut targets = vec![p.star_target()?];
            targets.extend(p.many1(|p| {
                p.expect(Kind::Comma)?;
                p.star_target()
            })?);
            p.optional(|p| p.expect(Kind::Comma))?;
            Some(targets)
        });
        several.or_else(|| {
            self.alt(|p| {
                let only = p.star_target()?;
                p.expect(Kind::Comma)?;
                Some(vec![only])
            })
        })
    }

    pub(super) fn single_target(&mut self) -> Option<Node> {
        self.trailing_target().or_else(|| self.name()).or_else(|| {
            self.alt(|p| {
                p.expect(Kind::Lpar)?;
                let target = p.single_target()?;
                p.expect(Kind::Rpar)?;
                Some(target)
            })
        })
    }

    pub(super) fn single_subscript_attribute_target(&mut self) -> Option<Node> {
        self.trailing_target()
    }

    /// A primary that is followed by more of the target.
    fn t_primary(&mut self) -> Option<Node> {
        self.left_recursive(Rule::TPrimary, |p| {
            let start = p.mark;
            let followed = |p: &mut Self, kind| {
                let found = p.at_t_lookahead() && !p.stop;
                found.then(|| p.node(kind, start))
            };
            let attribute = p.alt(|p| {
                p.t_primary()?;
                p.expect(Kind::Dot)?;
                p.name()?;
                followed(p, NodeKind::Attribute)
            });
            attribute
                .or_else(|| {
                    p.alt(|p| {
                        p.t_primary()?;
                        p.subscript()?;
                        followed(p, NodeKind::Subscript)
                    })
                })
                .or_else(|| {
                    p.alt(|p| {
                        p.t_primary()?;
                        p.genexp()?;
                        followed(p, NodeKind::Call)
                    })
                })
                .or_else(|| {
                    p.alt(|p| {
                        p.t_primary()?;
                        p.call_arguments()?;
                        followed(p, NodeKind::Call)
                    })
                })
                .or_else(|| {
                    p.alt(|p| {
                        let atom = p.atom()?;
                        p.at_t_lookahead().then_some(atom)
                    })
                })
        })
    }

    pub(super) fn del_targets(&mut self) -> Option<Vec<Node>> {
        self.alt(|p| {
            let targets = p.gather(Kind::Comma, Self::del_target)?;
            p.optional(|p| p.expect(Kind::Comma))?;
            Some(targets)
        })
    }

    fn del_target(&mut self) -> Option<Node> {
        self.memoized(Rule::DelTarget, |p| p.trailing_target().or_else(|| p.alt(Self::del_t_atom)))
    }

    fn del_t_atom(&mut self) -> Option<Node> {
        let start = self.mark;
        if let Some(name) = self.name() {
            return Some(name);
        }
        let grouped = self.alt(|p| {
            p.expect(Kind::Lpar)?;
            let target = p.del_target()?;
            p.expect(Kind::Rpar)?;
            Some(target)
        });
        grouped
            .or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Lpar)?;
                    p.optional(Self::del_targets)?;
                    p.expect(Kind::Rpar)?;
                    Some(p.node(NodeKind::Tuple, start))
                })
            })
            .or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Lsqb)?;
                    p.optional(Self::del_targets)?;
                    p.expect(Kind::Rsqb)?;
                    Some(p.node(NodeKind::List, start))
                })
            })
    }
}
