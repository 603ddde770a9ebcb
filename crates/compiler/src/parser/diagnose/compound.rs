//! Statements with blocks.

use super::token::Kind;
use super::{Node, Parser, Rule};

impl Parser<'_> {
    pub(super) fn compound_stmt(&mut self) -> Option<()> {
        let next = self.peek()?;
        let mut result = None;
        if matches!(next, Kind::Def | Kind::At | Kind::Async) {
            result = self.alt(Self::function_def);
        }
        if result.is_none() && next == Kind::If {
            result = self.alt(Self::if_stmt);
        }
        if result.is_none() && matches!(next, Kind::Class | Kind::At) {
            result = self.alt(Self::class_def);
        }
        if result.is_none() && matches!(next, Kind::With | Kind::Async) {
            result = self.alt(Self::with_stmt);
        }
        if result.is_none() && matches!(next, Kind::For | Kind::Async) {
            result = self.alt(Self::for_stmt);
        }
        if result.is_none() && next == Kind::Try {
            result = self.alt(Self::try_stmt);
        }
        if result.is_none() && next == Kind::While {
            result = self.alt(Self::while_stmt);
        }
        result.or_else(|| self.alt(Self::match_stmt))
    }

    pub(super) fn block(&mut self) -> Option<Node> {
        self.memoized(Rule::Block, |p| {
            let start = p.mark;
            let indented = p.alt(|p| {
                p.expect(Kind::Newline)?;
                p.expect(Kind::Indent)?;
                p.statements()?;
                p.expect(Kind::Dedent)?;
                Some(())
            });
            indented
                .or_else(|| p.alt(Self::simple_stmts))
                .or_else(|| p.try_invalid(Self::invalid_block))
                .map(|()| p.matched(start))
        })
    }

    fn decorators(&mut self) -> Option<()> {
        self.many1(|p| {
            p.expect(Kind::At)?;
            p.named_expression()?;
            p.expect(Kind::Newline)
        })?;
        Some(())
    }

    fn class_def(&mut self) -> Option<()> {
        let decorated = self.alt(|p| {
            p.decorators()?;
            p.class_def_raw()
        });
        decorated.or_else(|| self.alt(Self::class_def_raw))
    }

    fn class_def_raw(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_class_def_raw) {
            return Some(never);
        }
        self.alt(|p| {
            p.class_head()?;
            p.expect(Kind::Colon)?;
            p.block()?;
            Some(())
        })
    }

    /// `class NAME`, type parameters and bases; gives the keyword.
    pub(super) fn class_head(&mut self) -> Option<usize> {
        let keyword = self.expect(Kind::Class)?;
        self.name()?;
        self.optional(Self::type_params)?;
        self.optional(Self::call_arguments)?;
        Some(keyword)
    }

    fn function_def(&mut self) -> Option<()> {
        let decorated = self.alt(|p| {
            p.decorators()?;
            p.function_def_raw()
        });
        decorated.or_else(|| self.alt(Self::function_def_raw))
    }

    fn function_def_raw(&mut self) -> Option<()> {
        if let Some(done) = self.try_invalid(Self::invalid_def_raw) {
            return Some(done);
        }
        self.alt(|p| {
            let start = p.mark;
            if p.at(&[Kind::Async]) {
                p.expect(Kind::Async)?;
            }
            p.expect(Kind::Def)?;
            p.name()?;
            p.optional(Self::type_params)?;
            p.expect(Kind::Lpar)?;
            p.optional(Self::params)?;
            p.expect(Kind::Rpar)?;
            p.optional(Self::returns)?;
            p.expect(Kind::Colon)?;
            let comment = p.optional(Self::func_type_comment)?;
            p.attach_type_comment(start, comment);
            p.block()?;
            Some(())
        })
    }

    /// `-> expression`
    pub(super) fn returns(&mut self) -> Option<Node> {
        self.expect(Kind::Rarrow)?;
        self.expression()
    }

    pub(super) fn func_type_comment(&mut self) -> Option<usize> {
        let on_own_line = self.alt(|p| {
            p.expect(Kind::Newline)?;
            let comment = p.expect(Kind::TypeComment)?;
            let block_follows = p.lookahead(|p| {
                p.expect(Kind::Newline)?;
                p.expect(Kind::Indent)
            });
            block_follows.then_some(comment)
        });
        on_own_line
            .or_else(|| self.try_invalid(Self::invalid_double_type_comments))
            .or_else(|| self.expect(Kind::TypeComment))
    }

    fn if_stmt(&mut self) -> Option<()> {
        self.conditional_block(Kind::If)
    }

    /// `if` or `elif` and all that belongs to it.
    fn conditional_block(&mut self, keyword: Kind) -> Option<()> {
        if let Some(never) = self.try_invalid(|p| p.invalid_conditional_block(keyword)) {
            return Some(never);
        }
        let head = |p: &mut Self| {
            p.expect(keyword)?;
            p.named_expression()?;
            p.expect(Kind::Colon)?;
            p.block()
        };
        let with_elif = self.alt(|p| {
            head(p)?;
            p.deeper(|p| p.conditional_block(Kind::Elif))
        });
        with_elif.or_else(|| {
            self.alt(|p| {
                head(p)?;
                p.optional(Self::else_block)?;
                Some(())
            })
        })
    }

    fn else_block(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_else_stmt) {
            return Some(never);
        }
        self.alt(|p| {
            p.expect(Kind::Else)?;
            p.expect_forced(Kind::Colon, ":")?;
            p.block()?;
            Some(())
        })
    }

    fn while_stmt(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(|p| p.invalid_conditional_block(Kind::While)) {
            return Some(never);
        }
        self.alt(|p| {
            p.expect(Kind::While)?;
            p.named_expression()?;
            p.expect(Kind::Colon)?;
            p.block()?;
            p.optional(Self::else_block)?;
            Some(())
        })
    }

    fn for_stmt(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_for_stmt) {
            return Some(never);
        }
        let mut committed = false;
        let statement = self.alt(|p| {
            let start = p.mark;
            if p.at(&[Kind::Async]) {
                p.expect(Kind::Async)?;
            }
            p.expect(Kind::For)?;
            p.star_targets()?;
            p.expect(Kind::In)?;
            committed = true;
            p.star_expressions()?;
            p.expect(Kind::Colon)?;
            let comment = p.optional(|p| p.expect(Kind::TypeComment))?;
            p.attach_type_comment(start, comment);
            p.block()?;
            p.optional(Self::else_block)?;
            Some(())
        });
        if statement.is_some() || committed {
            return statement;
        }
        self.try_invalid(Self::invalid_for_target).map(drop)
    }

    fn with_stmt(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_with_stmt_indent) {
            return Some(never);
        }
        let is_async = self.at(&[Kind::Async]);
        let start = self.mark;
        let head = |p: &mut Self| {
            if is_async {
                p.expect(Kind::Async)?;
            }
            p.expect(Kind::With)
        };
        let grouped = self.alt(|p| {
            head(p)?;
            p.expect(Kind::Lpar)?;
            p.gather(Kind::Comma, Self::with_item)?;
            p.optional(|p| p.expect(Kind::Comma))?;
            p.expect(Kind::Rpar)?;
            p.expect(Kind::Colon)?;
            if !is_async {
                let comment = p.optional(|p| p.expect(Kind::TypeComment))?;
                p.attach_type_comment(start, comment);
            }
            p.block()?;
            Some(())
        });
        grouped
            .or_else(|| {
                self.alt(|p| {
                    head(p)?;
                    p.gather(Kind::Comma, Self::with_item)?;
                    p.expect(Kind::Colon)?;
                    let comment = p.optional(|p| p.expect(Kind::TypeComment))?;
                    p.attach_type_comment(start, comment);
                    p.block()?;
                    Some(())
                })
            })
            .or_else(|| self.try_invalid(Self::invalid_with_stmt))
    }

    fn with_item(&mut self) -> Option<()> {
        let with_target = self.alt(|p| {
            p.expression()?;
            p.expect(Kind::As)?;
            p.star_target()?;
            if p.at(&[Kind::Comma, Kind::Rpar, Kind::Colon]) { Some(()) } else { None }
        });
        with_target
            .or_else(|| self.try_invalid(Self::invalid_with_item))
            .or_else(|| self.alt(Self::expression).map(drop))
    }

    // try

    fn try_stmt(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_try_stmt) {
            return Some(never);
        }
        let head = |p: &mut Self| {
            p.expect(Kind::Try)?;
            p.expect_forced(Kind::Colon, ":")?;
            p.block()
        };
        let tail = |p: &mut Self| {
            p.optional(Self::else_block)?;
            p.optional(Self::finally_block)?;
            Some(())
        };
        let only_finally = self.alt(|p| {
            head(p)?;
            p.finally_block()
        });
        only_finally
            .or_else(|| {
                self.alt(|p| {
                    head(p)?;
                    p.many1(Self::except_block)?;
                    tail(p)
                })
            })
            .or_else(|| {
                self.alt(|p| {
                    head(p)?;
                    p.many1(Self::except_star_block)?;
                    tail(p)
                })
            })
    }

    pub(super) fn except_block(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_except_stmt_indent) {
            return Some(never);
        }
        self.handler(false)
            .or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Except)?;
                    p.expect(Kind::Colon)?;
                    p.block()?;
                    Some(())
                })
            })
            .or_else(|| self.try_invalid(Self::invalid_except_stmt))
    }

    pub(super) fn except_star_block(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_except_star_stmt_indent) {
            return Some(never);
        }
        self.handler(true).or_else(|| self.try_invalid(Self::invalid_except_star_stmt))
    }

    /// A handler that names exceptions.
    fn handler(&mut self, star: bool) -> Option<()> {
        let head = |p: &mut Self| {
            p.expect(Kind::Except)?;
            if star {
                p.expect(Kind::Star)?;
            }
            Some(())
        };
        let body = |p: &mut Self| {
            p.expect(Kind::Colon)?;
            p.block()?;
            Some(())
        };
        let single = self.alt(|p| {
            head(p)?;
            p.expression()?;
            body(p)
        });
        single
            .or_else(|| {
                self.alt(|p| {
                    head(p)?;
                    p.expression()?;
                    p.expect(Kind::As)?;
                    p.name()?;
                    body(p)
                })
            })
            .or_else(|| {
                self.alt(|p| {
                    head(p)?;
                    p.expressions()?;
                    body(p)
                })
            })
    }

    fn finally_block(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_finally_stmt) {
            return Some(never);
        }
        self.alt(|p| {
            p.expect(Kind::Finally)?;
            p.expect_forced(Kind::Colon, ":")?;
            p.block()?;
            Some(())
        })
    }

    // match

    fn match_stmt(&mut self) -> Option<()> {
        let statement = self.alt(|p| {
            p.soft_keyword("match")?;
            p.subject_expr()?;
            p.expect(Kind::Colon)?;
            p.expect(Kind::Newline)?;
            p.expect(Kind::Indent)?;
            p.many1(Self::case_block)?;
            p.expect(Kind::Dedent)?;
            Some(())
        });
        statement.or_else(|| self.try_invalid(Self::invalid_match_stmt))
    }

    pub(super) fn subject_expr(&mut self) -> Option<()> {
        let tuple = self.alt(|p| {
            p.star_named_expression()?;
            p.expect(Kind::Comma)?;
            p.optional(Self::star_named_expressions)?;
            Some(())
        });
        tuple.or_else(|| self.alt(Self::named_expression).map(drop))
    }

    fn case_block(&mut self) -> Option<()> {
        if let Some(never) = self.try_invalid(Self::invalid_case_block) {
            return Some(never);
        }
        self.alt(|p| {
            p.soft_keyword("case")?;
            p.patterns()?;
            p.optional(Self::guard)?;
            p.expect(Kind::Colon)?;
            p.block()?;
            Some(())
        })
    }

    pub(super) fn guard(&mut self) -> Option<Node> {
        self.expect(Kind::If)?;
        self.named_expression()
    }
}
