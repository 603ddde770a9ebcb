//! Expressions, from lists down to primaries.

use super::token::Kind;
use super::{Node, NodeKind, Parser, Rule};

impl Parser<'_> {
    // Lists of expressions

    /// One expression, or a tuple of several without parentheses.
    fn expression_list(&mut self, item: impl Fn(&mut Self) -> Option<Node>) -> Option<Node> {
        let start = self.mark;
        let tuple = self.alt(|p| {
            let mut items = vec![item(p)?];
            items.extend(p.many1(|p| {
                p.expect(Kind::Comma)?;
                item(p)
            })?);
            p.optional(|p| p.expect(Kind::Comma))?;
            Some(p.node_with(NodeKind::Tuple, start, items))
        });
        if tuple.is_some() {
            return tuple;
        }
        let single = self.alt(|p| {
            let only = item(p)?;
            p.expect(Kind::Comma)?;
            Some(p.node_with(NodeKind::Tuple, start, vec![only]))
        });
        if single.is_some() {
            return single;
        }
        self.alt(item)
    }

    pub(super) fn expressions(&mut self) -> Option<Node> {
        self.expression_list(Self::expression)
    }

    pub(super) fn star_expressions(&mut self) -> Option<Node> {
        self.expression_list(Self::star_expression)
    }

    /// `*` and an operand.
    fn starred_bitwise_or(&mut self) -> Option<Node> {
        let start = self.expect(Kind::Star)?;
        let value = self.bitwise_or()?;
        Some(self.node_with(NodeKind::Starred, start, vec![value]))
    }

    pub(super) fn star_expression(&mut self) -> Option<Node> {
        self.memoized(Rule::StarExpression, |p| p.alt(Self::starred_bitwise_or).or_else(|| p.alt(Self::expression)))
    }

    pub(super) fn star_named_expressions(&mut self) -> Option<Vec<Node>> {
        self.alt(|p| {
            let items = p.gather(Kind::Comma, Self::star_named_expression)?;
            p.optional(|p| p.expect(Kind::Comma))?;
            Some(items)
        })
    }

    pub(super) fn star_named_expression(&mut self) -> Option<Node> {
        self.alt(Self::starred_bitwise_or).or_else(|| self.alt(Self::named_expression))
    }

    pub(super) fn assignment_expression(&mut self) -> Option<Node> {
        self.alt(|p| {
            let start = p.mark;
            p.name()?;
            p.expect(Kind::ColonEqual)?;
            p.expression()?;
            Some(p.node(NodeKind::NamedExpr, start))
        })
    }

    pub(super) fn named_expression(&mut self) -> Option<Node> {
        self.assignment_expression()
            .or_else(|| self.try_invalid(Self::invalid_named_expression))
            .or_else(|| self.alt(Self::expression_not_walrus))
    }

    /// An expression that no `:=` follows.
    pub(super) fn expression_not_walrus(&mut self) -> Option<Node> {
        let node = self.expression()?;
        if self.lookahead(|p| p.expect(Kind::ColonEqual)) {
            return None;
        }
        Some(node)
    }

    // Single expressions

    pub(super) fn expression(&mut self) -> Option<Node> {
        self.memoized(Rule::Expression, |p| {
            p.try_invalid(Self::invalid_expression)
                .or_else(|| p.try_invalid(Self::invalid_legacy_expression))
                .or_else(|| p.conditional())
                .or_else(|| p.alt(Self::disjunction))
                .or_else(|| p.alt(Self::lambdef))
        })
    }

    /// An expression inside which no mistakes are looked for.
    pub(super) fn expression_without_invalid(&mut self) -> Option<Node> {
        let invalid_rules = std::mem::replace(&mut self.invalid_rules, false);
        let result = self.conditional().or_else(|| self.alt(Self::disjunction)).or_else(|| self.alt(Self::lambdef));
        self.invalid_rules = invalid_rules;
        result
    }

    /// `a if b else c`
    fn conditional(&mut self) -> Option<Node> {
        self.alt(|p| {
            let start = p.mark;
            p.disjunction()?;
            p.expect(Kind::If)?;
            p.disjunction()?;
            p.expect(Kind::Else)?;
            p.expression()?;
            Some(p.node(NodeKind::IfExp, start))
        })
    }

    pub(super) fn yield_expr(&mut self) -> Option<Node> {
        let start = self.mark;
        self.alt(|p| {
            p.expect(Kind::Yield)?;
            p.expect(Kind::From)?;
            p.expression()?;
            Some(p.node(NodeKind::Yield, start))
        })
        .or_else(|| {
            self.alt(|p| {
                p.expect(Kind::Yield)?;
                p.optional(Self::star_expressions)?;
                Some(p.node(NodeKind::Yield, start))
            })
        })
    }

    pub(super) fn annotated_rhs(&mut self) -> Option<Node> {
        self.alt(Self::yield_expr).or_else(|| self.alt(Self::star_expressions))
    }

    /// Operands joined by one boolean operator.
    fn boolean(&mut self, operator: Kind, operand: impl Fn(&mut Self) -> Option<Node>) -> Option<Node> {
        let start = self.mark;
        let joined = self.alt(|p| {
            operand(p)?;
            p.many1(|p| {
                p.expect(operator)?;
                operand(p)
            })?;
            Some(p.node(NodeKind::Operation, start))
        });
        joined.or_else(|| self.alt(operand))
    }

    pub(super) fn disjunction(&mut self) -> Option<Node> {
        self.memoized(Rule::Disjunction, |p| p.boolean(Kind::Or, Self::conjunction))
    }

    fn conjunction(&mut self) -> Option<Node> {
        self.memoized(Rule::Conjunction, |p| p.boolean(Kind::And, Self::inversion))
    }

    pub(super) fn inversion(&mut self) -> Option<Node> {
        self.memoized(Rule::Inversion, |p| {
            let negation = p.alt(|p| {
                let start = p.expect(Kind::Not)?;
                p.inversion()?;
                Some(p.node(NodeKind::Operation, start))
            });
            negation.or_else(|| p.comparison())
        })
    }

    fn comparison(&mut self) -> Option<Node> {
        let start = self.mark;
        let comparison = self.alt(|p| {
            let left = p.bitwise_or()?;
            let operators = p.many1(Self::comparison_pair)?;
            let kind = match operators[0] {
                Kind::In => NodeKind::CompareIn,
                _ => NodeKind::Compare,
            };
            Some(p.node_with(kind, start, vec![left]))
        });
        comparison.or_else(|| self.alt(Self::bitwise_or))
    }

    /// An operator and its right side; gives the operator, with `in` apart from `not in`.
    fn comparison_pair(&mut self) -> Option<Kind> {
        let operator = self.peek()?;
        match operator {
            // Where PEP 401 does not want `<>`, it is an old habit.
            Kind::Less => {
                if self.invalid_rules
                    && let Some((less, greater)) = self.old_not_equal()
                {
                    let message = "invalid syntax.  Maybe you meant '!=' instead of '<>'?";
                    self.raise_tokens(less, greater, message);
                    return None;
                }
                self.mark += 1;
            }
            Kind::EqEqual | Kind::LessEqual | Kind::GreaterEqual | Kind::Greater | Kind::In => {
                self.mark += 1;
            }
            Kind::NotEqual => {
                self.mark += 1;
                if self.tokenizer.options.barry_as_bdfl && self.token_text(self.mark - 1) != "<>" {
                    self.raise("with Barry as BDFL, use '<>' instead of '!='");
                    return None;
                }
            }
            Kind::Not => {
                self.mark += 1;
                self.expect(Kind::In)?;
            }
            Kind::Is => {
                let negated = self.alt(|p| {
                    p.expect(Kind::Is)?;
                    p.expect(Kind::Not)?;
                    p.bitwise_or()
                });
                if negated.is_some() {
                    return Some(Kind::Is);
                }
                self.expect(Kind::Is)?;
            }
            _ => return None,
        }
        self.bitwise_or()?;
        Some(operator)
    }

    /// `<` and `>` without a blank between, if they are next: the tokens.
    fn old_not_equal(&mut self) -> Option<(usize, usize)> {
        let mark = self.mark;
        let less = self.expect(Kind::Less);
        let greater = self.expect(Kind::Greater);
        self.mark = mark;
        let (less, greater) = (less?, greater?);
        let (a, b) = (self.tokens[less], self.tokens[greater]);
        (a.end_lineno == b.lineno && a.end_col_offset == b.col_offset).then_some((less, greater))
    }

    // Operators

    fn binary(
        &mut self,
        operators: &[Kind],
        left: impl Fn(&mut Self) -> Option<Node>,
        right: impl Fn(&mut Self) -> Option<Node>,
    ) -> Option<Node> {
        self.alt(|p| {
            let start = p.mark;
            left(p)?;
            p.expect_any(operators)?;
            right(p)?;
            Some(p.node(NodeKind::Operation, start))
        })
    }

    pub(super) fn bitwise_or(&mut self) -> Option<Node> {
        self.left_recursive(Rule::BitwiseOr, |p| {
            p.binary(&[Kind::Vbar], Self::bitwise_or, Self::bitwise_xor).or_else(|| p.alt(Self::bitwise_xor))
        })
    }

    fn bitwise_xor(&mut self) -> Option<Node> {
        self.left_recursive(Rule::BitwiseXor, |p| {
            p.binary(&[Kind::Circumflex], Self::bitwise_xor, Self::bitwise_and).or_else(|| p.alt(Self::bitwise_and))
        })
    }

    fn bitwise_and(&mut self) -> Option<Node> {
        self.left_recursive(Rule::BitwiseAnd, |p| {
            p.binary(&[Kind::Amper], Self::bitwise_and, Self::shift_expr).or_else(|| p.alt(Self::shift_expr))
        })
    }

    fn shift_expr(&mut self) -> Option<Node> {
        self.left_recursive(Rule::ShiftExpr, |p| {
            p.binary(&[Kind::LeftShift, Kind::RightShift], Self::shift_expr, Self::sum)
                .or_else(|| p.try_invalid(Self::invalid_arithmetic))
                .or_else(|| p.alt(Self::sum))
        })
    }

    pub(super) fn sum(&mut self) -> Option<Node> {
        self.left_recursive(Rule::Sum, |p| {
            p.binary(&[Kind::Plus, Kind::Minus], Self::sum, Self::term).or_else(|| p.alt(Self::term))
        })
    }

    fn term(&mut self) -> Option<Node> {
        const OPERATORS: [Kind; 5] = [Kind::Star, Kind::Slash, Kind::DoubleSlash, Kind::Percent, Kind::At];
        self.left_recursive(Rule::Term, |p| {
            p.binary(&OPERATORS, Self::term, Self::factor)
                .or_else(|| p.try_invalid(Self::invalid_factor))
                .or_else(|| p.alt(Self::factor))
        })
    }

    pub(super) fn factor(&mut self) -> Option<Node> {
        self.memoized(Rule::Factor, |p| {
            let signed = p.alt(|p| {
                let start = p.expect_any(&[Kind::Plus, Kind::Minus, Kind::Tilde])?;
                p.factor()?;
                Some(p.node(NodeKind::Operation, start))
            });
            signed.or_else(|| p.power())
        })
    }

    fn power(&mut self) -> Option<Node> {
        self.binary(&[Kind::DoubleStar], Self::await_primary, Self::factor).or_else(|| self.alt(Self::await_primary))
    }

    fn await_primary(&mut self) -> Option<Node> {
        self.memoized(Rule::AwaitPrimary, |p| {
            let awaited = p.alt(|p| {
                let start = p.expect(Kind::Await)?;
                p.primary()?;
                Some(p.node(NodeKind::Await, start))
            });
            awaited.or_else(|| p.alt(Self::primary))
        })
    }

    fn primary(&mut self) -> Option<Node> {
        self.left_recursive(Rule::Primary, |p| {
            let start = p.mark;
            let attribute = p.alt(|p| {
                p.primary()?;
                p.expect(Kind::Dot)?;
                p.name()?;
                Some(p.node(NodeKind::Attribute, start))
            });
            attribute
                .or_else(|| {
                    p.alt(|p| {
                        p.primary()?;
                        p.genexp()?;
                        Some(p.node(NodeKind::Call, start))
                    })
                })
                .or_else(|| {
                    p.alt(|p| {
                        p.primary()?;
                        p.call_arguments()?;
                        Some(p.node(NodeKind::Call, start))
                    })
                })
                .or_else(|| {
                    p.alt(|p| {
                        p.primary()?;
                        p.subscript()?;
                        Some(p.node(NodeKind::Subscript, start))
                    })
                })
                .or_else(|| p.alt(Self::atom))
        })
    }

    /// `( arguments )`
    pub(super) fn call_arguments(&mut self) -> Option<()> {
        self.expect(Kind::Lpar)?;
        self.optional(Self::arguments)?;
        self.expect(Kind::Rpar)?;
        Some(())
    }

    /// `[ slices ]`
    pub(super) fn subscript(&mut self) -> Option<()> {
        self.expect(Kind::Lsqb)?;
        self.slices()?;
        self.expect(Kind::Rsqb)?;
        Some(())
    }

    fn slices(&mut self) -> Option<()> {
        let single = self.alt(|p| {
            p.slice()?;
            if p.lookahead(|p| p.expect(Kind::Comma)) { None } else { Some(()) }
        });
        single.or_else(|| {
            self.alt(|p| {
                p.gather(Kind::Comma, |p| p.slice().or_else(|| p.alt(Self::starred_expression)))?;
                p.optional(|p| p.expect(Kind::Comma))?;
                Some(())
            })
        })
    }

    fn slice(&mut self) -> Option<Node> {
        let start = self.mark;
        let slice = self.alt(|p| {
            p.optional(Self::expression)?;
            p.expect(Kind::Colon)?;
            p.optional(Self::expression)?;
            p.optional(|p| {
                p.expect(Kind::Colon)?;
                p.optional(Self::expression)
            })?;
            Some(p.node(NodeKind::Slice, start))
        });
        slice.or_else(|| self.alt(Self::named_expression))
    }

    fn lambdef(&mut self) -> Option<Node> {
        let start = self.expect(Kind::Lambda)?;
        self.optional(Self::lambda_params)?;
        self.expect(Kind::Colon)?;
        self.expression()?;
        Some(self.node(NodeKind::Lambda, start))
    }
}
