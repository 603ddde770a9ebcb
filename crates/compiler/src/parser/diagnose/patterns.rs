//! Patterns of `match` statements.

use super::token::Kind;
use super::{Node, NodeKind, Parser, Rule};

impl Parser<'_> {
    pub(super) fn patterns(&mut self) -> Option<()> {
        self.alt(Self::open_sequence_pattern).or_else(|| self.alt(Self::pattern).map(drop))
    }

    pub(super) fn pattern(&mut self) -> Option<Node> {
        self.alt(Self::as_pattern).or_else(|| self.alt(Self::or_pattern))
    }

    fn as_pattern(&mut self) -> Option<Node> {
        let start = self.mark;
        let bound = self.alt(|p| {
            p.or_pattern()?;
            p.expect(Kind::As)?;
            p.pattern_capture_target()?;
            Some(p.node(NodeKind::Other, start))
        });
        bound.or_else(|| self.try_invalid(Self::invalid_as_pattern))
    }

    pub(super) fn or_pattern(&mut self) -> Option<Node> {
        let start = self.mark;
        self.gather(Kind::Vbar, Self::closed_pattern)?;
        Some(self.node(NodeKind::Other, start))
    }

    fn closed_pattern(&mut self) -> Option<Node> {
        self.memoized(Rule::ClosedPattern, |p| {
            let start = p.mark;
            p.alt(Self::literal_pattern)
                .or_else(|| p.alt(Self::pattern_capture_target))
                .or_else(|| p.soft_keyword("_").map(drop))
                .or_else(|| p.alt(Self::value_pattern))
                .or_else(|| p.alt(Self::group_pattern))
                .or_else(|| p.alt(Self::sequence_pattern))
                .or_else(|| p.alt(Self::mapping_pattern))
                .or_else(|| p.alt(Self::class_pattern))
                .map(|()| p.node(NodeKind::Other, start))
        })
    }

    /// Numbers, strings and singletons: as patterns and as keys.
    fn literal_pattern(&mut self) -> Option<()> {
        let number = self.alt(|p| {
            p.signed(Self::number)?;
            if p.at(&[Kind::Plus, Kind::Minus]) || p.stop { None } else { Some(()) }
        });
        number
            .or_else(|| self.alt(Self::complex_number))
            .or_else(|| {
                self.alt(|p| {
                    let string = p.strings()?;
                    if matches!(p.kind(string), NodeKind::JoinedStr | NodeKind::TemplateStr) {
                        let range = p.byte_range(string);
                        p.found.pattern_strings.push(range);
                    }
                    Some(())
                })
            })
            .or_else(|| self.expect_any(&[Kind::None, Kind::True, Kind::False]).map(drop))
    }

    /// A number, perhaps a negative one.
    fn signed(&mut self, number: impl Fn(&mut Self) -> Option<Node>) -> Option<()> {
        let plain = self.alt(&number);
        plain
            .or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Minus)?;
                    number(p)
                })
            })
            .map(drop)
    }

    fn complex_number(&mut self) -> Option<()> {
        let with = |p: &mut Self, sign| {
            p.alt(|p| {
                p.signed(Self::real_number)?;
                p.expect(sign)?;
                let imaginary = p.number()?;
                if p.kind(imaginary) != NodeKind::Imaginary {
                    p.raise_node(imaginary, "imaginary number required in complex literal");
                    return None;
                }
                Some(())
            })
        };
        with(self, Kind::Plus).or_else(|| with(self, Kind::Minus))
    }

    fn real_number(&mut self) -> Option<Node> {
        let real = self.number()?;
        if self.kind(real) == NodeKind::Imaginary {
            self.raise_node(real, "real number required in complex literal");
            return None;
        }
        Some(real)
    }

    pub(super) fn pattern_capture_target(&mut self) -> Option<()> {
        if self.at_soft_keyword("_") {
            return None;
        }
        self.name()?;
        self.no_name_continuation()
    }

    fn no_name_continuation(&mut self) -> Option<()> {
        if self.at(&[Kind::Dot, Kind::Lpar, Kind::Equal]) || self.stop { None } else { Some(()) }
    }

    fn value_pattern(&mut self) -> Option<()> {
        self.attr()?;
        self.no_name_continuation()
    }

    /// A name with at least one attribute.
    fn attr(&mut self) -> Option<Node> {
        self.left_recursive(Rule::Attr, |p| {
            p.alt(|p| {
                let start = p.mark;
                p.name_or_attr()?;
                p.expect(Kind::Dot)?;
                p.name()?;
                Some(p.node(NodeKind::Attribute, start))
            })
        })
    }

    pub(super) fn name_or_attr(&mut self) -> Option<Node> {
        self.alt(Self::attr).or_else(|| self.alt(Self::name))
    }

    fn group_pattern(&mut self) -> Option<()> {
        self.expect(Kind::Lpar)?;
        self.pattern()?;
        self.expect(Kind::Rpar)?;
        Some(())
    }

    fn sequence_pattern(&mut self) -> Option<()> {
        let brackets = self.alt(|p| {
            p.expect(Kind::Lsqb)?;
            p.optional(Self::maybe_sequence_pattern)?;
            p.expect(Kind::Rsqb)?;
            Some(())
        });
        brackets.or_else(|| {
            self.alt(|p| {
                p.expect(Kind::Lpar)?;
                p.optional(Self::open_sequence_pattern)?;
                p.expect(Kind::Rpar)?;
                Some(())
            })
        })
    }

    fn open_sequence_pattern(&mut self) -> Option<()> {
        self.maybe_star_pattern()?;
        self.expect(Kind::Comma)?;
        self.optional(Self::maybe_sequence_pattern)?;
        Some(())
    }

    fn maybe_sequence_pattern(&mut self) -> Option<()> {
        self.gather(Kind::Comma, Self::maybe_star_pattern)?;
        self.optional(|p| p.expect(Kind::Comma))?;
        Some(())
    }

    fn maybe_star_pattern(&mut self) -> Option<Node> {
        self.alt(Self::star_pattern).or_else(|| self.alt(Self::pattern))
    }

    fn star_pattern(&mut self) -> Option<Node> {
        self.memoized(Rule::StarPattern, |p| {
            let start = p.mark;
            let capture = p.alt(|p| {
                p.expect(Kind::Star)?;
                p.pattern_capture_target()
            });
            capture
                .or_else(|| {
                    p.alt(|p| {
                        p.expect(Kind::Star)?;
                        p.soft_keyword("_")?;
                        Some(())
                    })
                })
                .map(|()| p.node(NodeKind::Other, start))
        })
    }

    fn mapping_pattern(&mut self) -> Option<()> {
        let empty = self.alt(|p| {
            p.expect(Kind::Lbrace)?;
            p.expect(Kind::Rbrace)
        });
        if empty.is_some() {
            return Some(());
        }
        let end = |p: &mut Self| {
            p.optional(|p| p.expect(Kind::Comma))?;
            p.expect(Kind::Rbrace)?;
            Some(())
        };
        let only_rest = self.alt(|p| {
            p.expect(Kind::Lbrace)?;
            p.double_star_pattern()?;
            end(p)
        });
        only_rest
            .or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Lbrace)?;
                    p.gather(Kind::Comma, Self::key_value_pattern)?;
                    p.expect(Kind::Comma)?;
                    p.double_star_pattern()?;
                    end(p)
                })
            })
            .or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Lbrace)?;
                    p.gather(Kind::Comma, Self::key_value_pattern)?;
                    end(p)
                })
            })
    }

    fn double_star_pattern(&mut self) -> Option<()> {
        self.expect(Kind::DoubleStar)?;
        self.pattern_capture_target()
    }

    fn key_value_pattern(&mut self) -> Option<()> {
        self.alt(Self::literal_pattern).or_else(|| self.alt(Self::attr).map(drop))?;
        self.expect(Kind::Colon)?;
        self.pattern()?;
        Some(())
    }

    fn class_pattern(&mut self) -> Option<()> {
        let head = |p: &mut Self| {
            p.name_or_attr()?;
            p.expect(Kind::Lpar)
        };
        let end = |p: &mut Self| {
            p.optional(|p| p.expect(Kind::Comma))?;
            p.expect(Kind::Rpar)?;
            Some(())
        };
        let mut result = self.alt(|p| {
            head(p)?;
            p.expect(Kind::Rpar)?;
            Some(())
        });
        result = result.or_else(|| {
            self.alt(|p| {
                head(p)?;
                p.positional_patterns()?;
                end(p)
            })
        });
        result = result.or_else(|| {
            self.alt(|p| {
                head(p)?;
                p.keyword_patterns()?;
                end(p)
            })
        });
        result = result.or_else(|| {
            self.alt(|p| {
                head(p)?;
                p.positional_patterns()?;
                p.expect(Kind::Comma)?;
                p.keyword_patterns()?;
                end(p)
            })
        });
        result.or_else(|| self.try_invalid(Self::invalid_class_pattern))
    }

    pub(super) fn positional_patterns(&mut self) -> Option<Vec<Node>> {
        self.gather(Kind::Comma, Self::pattern)
    }

    pub(super) fn keyword_patterns(&mut self) -> Option<Vec<()>> {
        self.gather(Kind::Comma, |p| {
            p.name()?;
            p.expect(Kind::Equal)?;
            p.pattern()?;
            Some(())
        })
    }
}
