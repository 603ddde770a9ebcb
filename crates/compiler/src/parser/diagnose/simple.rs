//! Statements that fit on a line.

use super::parameters::Owner;
use super::token::Kind;
use super::{Node, NodeKind, Parser, Rule};

/// The operators of augmented assignments.
pub(super) const AUGMENTED: [Kind; 13] = [
    Kind::PlusEqual,
    Kind::MinEqual,
    Kind::StarEqual,
    Kind::AtEqual,
    Kind::SlashEqual,
    Kind::PercentEqual,
    Kind::AmperEqual,
    Kind::VbarEqual,
    Kind::CircumflexEqual,
    Kind::LeftShiftEqual,
    Kind::RightShiftEqual,
    Kind::DoubleStarEqual,
    Kind::DoubleSlashEqual,
];

impl Parser<'_> {
    pub(super) fn statement(&mut self) -> Option<()> {
        self.alt(Self::registered_compound_stmt).or_else(|| self.alt(Self::simple_stmts))
    }

    /// A statement with a block, which the second pass takes note of.
    fn registered_compound_stmt(&mut self) -> Option<()> {
        let start = self.mark;
        self.compound_stmt()?;
        if self.invalid_rules {
            // Decorators do not belong to it, and in this pass function definitions have no place.
            let head = (start..self.mark).find(|&at| {
                let decorated = self.kinds[start] == Kind::At;
                !decorated || matches!(self.kinds[at], Kind::Class | Kind::Def)
            });
            let head = head.unwrap_or(start);
            let is_function =
                self.kinds[head] == Kind::Def || self.kinds[head] == Kind::Async && self.kinds[head + 1] == Kind::Def;
            let token = self.tokens[head];
            if !is_function && token.lineno >= self.last_statement.0 {
                self.last_statement = (token.lineno, token.col_offset);
            }
        }
        Some(())
    }

    pub(super) fn statements(&mut self) -> Option<()> {
        self.many1(Self::statement).map(drop)
    }

    /// What an interactive input consists of.
    pub(super) fn statement_newline(&mut self) -> Option<()> {
        let compound = self.alt(|p| {
            p.registered_compound_stmt()?;
            p.expect(Kind::Newline)?;
            Some(())
        });
        compound.or_else(|| self.alt(Self::simple_stmts)).or_else(|| {
            self.alt(|p| {
                p.expect(Kind::Newline)?;
                p.found.is_empty_line = true;
                Some(())
            })
        })
    }

    pub(super) fn simple_stmts(&mut self) -> Option<()> {
        let single = self.alt(|p| {
            p.simple_stmt()?;
            if p.at(&[Kind::Semi]) || p.stop {
                return None;
            }
            p.expect(Kind::Newline)?;
            Some(())
        });
        single.or_else(|| {
            self.alt(|p| {
                p.gather(Kind::Semi, Self::simple_stmt)?;
                p.optional(|p| p.expect(Kind::Semi))?;
                p.expect(Kind::Newline)?;
                Some(())
            })
        })
    }

    pub(super) fn simple_stmt(&mut self) -> Option<Node> {
        self.memoized(Rule::SimpleStmt, |p| {
            let start = p.mark;
            if p.alt(Self::assignment).is_some() {
                return Some(p.matched(start));
            }
            if p.at_soft_keyword("type") && p.alt(Self::type_alias).is_some() {
                return Some(p.matched(start));
            }
            if let Some(node) = p.alt(Self::star_expressions) {
                return Some(node);
            }
            let statement = match p.peek()? {
                Kind::Return => p.alt(|p| {
                    p.expect(Kind::Return)?;
                    p.optional(Self::star_expressions)?;
                    Some(())
                }),
                Kind::Import | Kind::From => p.alt(Self::import_stmt).map(drop),
                Kind::Raise => p.alt(Self::raise_stmt),
                Kind::Pass | Kind::Break | Kind::Continue => {
                    p.mark += 1;
                    Some(())
                }
                Kind::Del => p.alt(Self::del_stmt),
                Kind::Yield => p.alt(Self::yield_expr).map(drop),
                Kind::Assert => p.alt(|p| {
                    p.expect(Kind::Assert)?;
                    p.expression()?;
                    p.optional(|p| {
                        p.expect(Kind::Comma)?;
                        p.expression()
                    })?;
                    Some(())
                }),
                Kind::Global | Kind::Nonlocal => p.alt(|p| {
                    p.expect_any(&[Kind::Global, Kind::Nonlocal])?;
                    p.gather(Kind::Comma, Self::name)?;
                    Some(())
                }),
                _ => None,
            };
            statement.map(|()| p.matched(start))
        })
    }

    fn assignment(&mut self) -> Option<()> {
        let start = self.mark;
        let annotation = |p: &mut Self| {
            p.expect(Kind::Colon)?;
            p.expression()?;
            p.optional(|p| {
                p.expect(Kind::Equal)?;
                p.annotated_rhs()
            })?;
            Some(())
        };
        let mut result = self.alt(|p| {
            p.name()?;
            annotation(p)
        });
        result = result.or_else(|| {
            self.alt(|p| {
                let grouped = p.alt(|p| {
                    p.expect(Kind::Lpar)?;
                    p.single_target()?;
                    p.expect(Kind::Rpar)?;
                    Some(())
                });
                if grouped.is_none() {
                    p.alt(Self::single_subscript_attribute_target)?;
                }
                annotation(p)
            })
        });
        result = result.or_else(|| {
            self.alt(|p| {
                p.many1(|p| {
                    p.star_targets()?;
                    p.expect(Kind::Equal)
                })?;
                p.annotated_rhs()?;
                if p.at(&[Kind::Equal]) || p.stop {
                    return None;
                }
                let comment = p.optional(|p| p.expect(Kind::TypeComment))?;
                p.attach_type_comment(start, comment);
                Some(())
            })
        });
        if result.is_some() {
            return result;
        }
        let mut committed = false;
        result = self.alt(|p| {
            p.single_target()?;
            p.expect_any(&AUGMENTED)?;
            committed = true;
            p.annotated_rhs()?;
            Some(())
        });
        if result.is_some() || committed {
            return result;
        }
        self.try_invalid(Self::invalid_assignment)
    }

    fn raise_stmt(&mut self) -> Option<()> {
        let with_cause = self.alt(|p| {
            p.expect(Kind::Raise)?;
            p.expression()?;
            p.optional(|p| {
                p.expect(Kind::From)?;
                p.expression()
            })?;
            Some(())
        });
        with_cause.or_else(|| self.expect(Kind::Raise).map(drop))
    }

    fn del_stmt(&mut self) -> Option<()> {
        let deletion = self.alt(|p| {
            p.expect(Kind::Del)?;
            p.del_targets()?;
            if p.at(&[Kind::Semi, Kind::Newline]) { Some(()) } else { None }
        });
        deletion.or_else(|| self.try_invalid(Self::invalid_del_stmt))
    }

    fn type_alias(&mut self) -> Option<()> {
        self.soft_keyword("type")?;
        self.name()?;
        self.optional(Self::type_params)?;
        self.expect(Kind::Equal)?;
        self.expression()?;
        Some(())
    }

    // Imports

    fn import_stmt(&mut self) -> Option<Node> {
        self.memoized(Rule::ImportStmt, |p| {
            let start = p.mark;
            p.try_invalid(Self::invalid_import)
                .or_else(|| p.alt(Self::import_name))
                .or_else(|| p.alt(Self::import_from))
                .map(|()| p.matched(start))
        })
    }

    fn import_name(&mut self) -> Option<()> {
        self.expect(Kind::Import)?;
        self.gather(Kind::Comma, Self::dotted_as_name)?;
        Some(())
    }

    fn dotted_as_name(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_dotted_as_name) {
            return Some(never);
        }
        self.alt(|p| {
            p.dotted_name()?;
            p.as_name()
        })
    }

    /// An optional `as NAME`.
    fn as_name(&mut self) -> Option<()> {
        self.optional(|p| {
            p.expect(Kind::As)?;
            p.name()
        })?;
        Some(())
    }

    pub(super) fn dotted_name(&mut self) -> Option<Node> {
        self.left_recursive(Rule::DottedName, |p| {
            let start = p.mark;
            let longer = p.alt(|p| {
                p.dotted_name()?;
                p.expect(Kind::Dot)?;
                p.name()?;
                Some(p.node(NodeKind::Name, start))
            });
            longer.or_else(|| p.name())
        })
    }

    fn import_from(&mut self) -> Option<()> {
        let dot = |p: &mut Self| p.expect_any(&[Kind::Dot, Kind::Ellipsis]);
        let named = self.alt(|p| {
            p.expect(Kind::From)?;
            let dots = p.many(dot)?;
            let module = p.dotted_name()?;
            p.expect(Kind::Import)?;
            let first = p.mark;
            p.import_from_targets()?;
            if dots.is_empty() && p.token_text(p.data(module).first) == "__future__" {
                p.tokenizer.options.barry_as_bdfl |= (first..p.mark).any(|at| p.token_text(at) == "barry_as_FLUFL");
            }
            Some(())
        });
        named.or_else(|| {
            self.alt(|p| {
                p.expect(Kind::From)?;
                p.many1(dot)?;
                p.expect(Kind::Import)?;
                p.import_from_targets()
            })
        })
    }

    fn import_from_targets(&mut self) -> Option<()> {
        let mut result = self.alt(|p| {
            p.expect(Kind::Lpar)?;
            p.import_from_as_names()?;
            p.optional(|p| p.expect(Kind::Comma))?;
            p.expect(Kind::Rpar)?;
            Some(())
        });
        result = result.or_else(|| {
            self.alt(|p| {
                p.import_from_as_names()?;
                if p.at(&[Kind::Comma]) || p.stop { None } else { Some(()) }
            })
        });
        result
            .or_else(|| self.expect(Kind::Star).map(drop))
            .or_else(|| self.try_invalid(Self::invalid_import_from_targets))
    }

    pub(super) fn import_from_as_names(&mut self) -> Option<()> {
        self.gather(Kind::Comma, |p| {
            if let Some(never) = p.try_invalid(Self::invalid_import_from_as_name) {
                return Some(never);
            }
            p.alt(|p| {
                p.name()?;
                p.as_name()
            })
        })?;
        Some(())
    }

    // Type parameters

    pub(super) fn type_params(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_type_params) {
            return Some(never);
        }
        self.alt(|p| {
            p.expect(Kind::Lsqb)?;
            p.gather(Kind::Comma, Self::type_param)?;
            p.optional(|p| p.expect(Kind::Comma))?;
            p.expect(Kind::Rsqb)?;
            Some(())
        })
    }

    fn type_param(&mut self) -> Option<Node> {
        self.memoized(Rule::TypeParam, |p| {
            let start = p.mark;
            let default = |p: &mut Self| {
                p.optional(|p| {
                    p.expect(Kind::Equal)?;
                    p.expression()
                })
            };
            let variable = p.alt(|p| {
                p.name()?;
                p.optional(|p| {
                    p.expect(Kind::Colon)?;
                    p.expression()
                })?;
                default(p)?;
                Some(())
            });
            variable
                .or_else(|| p.try_invalid(Self::invalid_type_param))
                .or_else(|| {
                    p.alt(|p| {
                        p.expect(Kind::Star)?;
                        p.name()?;
                        p.optional(|p| {
                            p.expect(Kind::Equal)?;
                            p.star_expression()
                        })?;
                        Some(())
                    })
                })
                .or_else(|| {
                    p.alt(|p| {
                        p.expect(Kind::DoubleStar)?;
                        p.name()?;
                        default(p)?;
                        Some(())
                    })
                })
                .map(|()| p.matched(start))
        })
    }

    // Function types

    /// The start rule of `func_type` mode.
    pub(super) fn func_type(&mut self) -> Option<()> {
        self.expect(Kind::Lpar)?;
        let arguments = self.optional(Self::type_expressions)?.unwrap_or_default();
        self.expect(Owner::Function.end())?;
        self.expect(Kind::Rarrow)?;
        let result = self.expression()?;
        while self.expect(Kind::Newline).is_some() {}
        self.expect(Kind::Endmarker)?;
        let arguments = arguments.iter().map(|&node| self.byte_range(node)).collect();
        self.found.func_type = Some((arguments, self.byte_range(result)));
        Some(())
    }

    /// From the first to the last byte of a node, parentheses around it left out.
    pub(super) fn byte_range(&self, node: Node) -> (usize, usize) {
        let data = self.data(node);
        let start = self.tokens[data.first].range.map_or(0, |range| range.0);
        let end = self.tokens[data.last].range.map_or(start, |range| range.1);
        (start, end)
    }

    fn type_expressions(&mut self) -> Option<Vec<Node>> {
        let starred = |p: &mut Self, star| {
            p.expect(star)?;
            p.expression()
        };
        let mut result = self.alt(|p| {
            let mut items = p.gather(Kind::Comma, Self::expression)?;
            p.expect(Kind::Comma)?;
            items.push(starred(p, Kind::Star)?);
            p.expect(Kind::Comma)?;
            items.push(starred(p, Kind::DoubleStar)?);
            Some(items)
        });
        for star in [Kind::Star, Kind::DoubleStar] {
            result = result.or_else(|| {
                self.alt(|p| {
                    let mut items = p.gather(Kind::Comma, Self::expression)?;
                    p.expect(Kind::Comma)?;
                    items.push(starred(p, star)?);
                    Some(items)
                })
            });
        }
        result = result.or_else(|| {
            self.alt(|p| {
                let args = starred(p, Kind::Star)?;
                p.expect(Kind::Comma)?;
                Some(vec![args, starred(p, Kind::DoubleStar)?])
            })
        });
        for star in [Kind::Star, Kind::DoubleStar] {
            result = result.or_else(|| self.alt(|p| Some(vec![starred(p, star)?])));
        }
        result.or_else(|| self.alt(|p| p.gather(Kind::Comma, Self::expression)))
    }
}
