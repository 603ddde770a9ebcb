//! Common mistakes in statements.

use super::error::Targets;
use super::simple::AUGMENTED;
use super::token::Kind;
use super::{Node, NodeKind, Parser};

impl Parser<'_> {
    /// A newline that no indented block follows.
    fn no_block(&mut self) -> Option<()> {
        self.expect(Kind::Newline)?;
        if self.at(&[Kind::Indent]) { None } else { Some(()) }
    }

    fn raise_no_block(&mut self, what: &str, keyword: usize) {
        let line = self.tokens[keyword].lineno;
        self.raise_indentation(format!("expected an indented block after {what} on line {line}"));
    }

    pub(super) fn invalid_block(&mut self) -> Option<()> {
        self.alt(Self::no_block)?;
        self.raise_indentation("expected an indented block");
        None
    }

    /// Mistakes of `if`, `elif` and `while`.
    pub(super) fn invalid_conditional_block(&mut self, keyword: Kind) -> Option<()> {
        let no_colon = self.alt(|p| {
            p.expect(keyword)?;
            p.named_expression()?;
            p.expect(Kind::Newline)
        });
        if no_colon.is_some() {
            self.raise("expected ':'");
            return None;
        }
        let token = self.alt(|p| {
            let token = p.expect(keyword)?;
            p.named_expression()?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(token)
        })?;
        let word = match keyword {
            Kind::If => "'if' statement",
            Kind::Elif => "'elif' statement",
            _ => "'while' statement",
        };
        self.raise_no_block(word, token);
        None
    }

    pub(super) fn invalid_else_stmt(&mut self) -> Option<()> {
        let keyword = self.alt(|p| {
            let keyword = p.expect(Kind::Else)?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        });
        if let Some(keyword) = keyword {
            self.raise_no_block("'else' statement", keyword);
            return None;
        }
        self.alt(|p| {
            p.expect(Kind::Else)?;
            p.expect(Kind::Colon)?;
            p.block()?;
            p.expect(Kind::Elif)
        })?;
        self.raise("'elif' block follows an 'else' block");
        None
    }

    pub(super) fn invalid_for_stmt(&mut self) -> Option<()> {
        let head = |p: &mut Self| {
            p.optional(|p| p.expect(Kind::Async))?;
            let keyword = p.expect(Kind::For)?;
            p.star_targets()?;
            p.expect(Kind::In)?;
            p.star_expressions()?;
            Some(keyword)
        };
        let no_colon = self.alt(|p| {
            head(p)?;
            p.expect(Kind::Newline)
        });
        if no_colon.is_some() {
            self.raise("expected ':'");
            return None;
        }
        let keyword = self.alt(|p| {
            let keyword = head(p)?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        })?;
        self.raise_no_block("'for' statement", keyword);
        None
    }

    // with

    fn with_items(&mut self, grouped: bool) -> Option<usize> {
        self.optional(|p| p.expect(Kind::Async))?;
        let keyword = self.expect(Kind::With)?;
        if grouped {
            self.expect(Kind::Lpar)?;
        }
        self.gather(Kind::Comma, |p| {
            if grouped {
                p.expressions()?;
            } else {
                p.expression()?;
            }
            p.optional(|p| {
                p.expect(Kind::As)?;
                p.star_target()
            })
        })?;
        if grouped {
            self.optional(|p| p.expect(Kind::Comma))?;
            self.expect(Kind::Rpar)?;
        }
        Some(keyword)
    }

    pub(super) fn invalid_with_stmt(&mut self) -> Option<()> {
        for grouped in [false, true] {
            let no_colon = self.alt(|p| {
                p.with_items(grouped)?;
                p.expect(Kind::Newline)
            });
            if no_colon.is_some() {
                self.raise("expected ':'");
                return None;
            }
        }
        None
    }

    pub(super) fn invalid_with_stmt_indent(&mut self) -> Option<()> {
        for grouped in [false, true] {
            let keyword = self.alt(|p| {
                let keyword = p.with_items(grouped)?;
                p.expect(Kind::Colon)?;
                p.no_block()?;
                Some(keyword)
            });
            if let Some(keyword) = keyword {
                self.raise_no_block("'with' statement", keyword);
                return None;
            }
        }
        None
    }

    pub(super) fn invalid_with_item(&mut self) -> Option<()> {
        let target = self.alt(|p| {
            p.expression()?;
            p.expect(Kind::As)?;
            let target = p.expression()?;
            p.at(&[Kind::Comma, Kind::Rpar, Kind::Colon]).then_some(target)
        })?;
        self.raise_invalid_target(target, Targets::Star);
        None
    }

    // try

    pub(super) fn invalid_try_stmt(&mut self) -> Option<()> {
        let keyword = self.alt(|p| {
            let keyword = p.expect(Kind::Try)?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        });
        if let Some(keyword) = keyword {
            self.raise_no_block("'try' statement", keyword);
            return None;
        }
        let no_handler = self.alt(|p| {
            p.expect(Kind::Try)?;
            p.expect(Kind::Colon)?;
            p.block()?;
            if p.at(&[Kind::Except, Kind::Finally]) { None } else { Some(()) }
        });
        if no_handler.is_some() {
            self.raise("expected 'except' or 'finally' block");
            return None;
        }
        const MESSAGE: &str = "cannot have both 'except' and 'except*' on the same 'try'";
        let as_name = |p: &mut Self| {
            p.optional(|p| {
                p.expect(Kind::As)?;
                p.name()
            })
        };
        let star_after = self.alt(|p| {
            p.expect(Kind::Try)?;
            p.expect(Kind::Colon)?;
            p.many(Self::block)?;
            p.many1(Self::except_block)?;
            let except = p.expect(Kind::Except)?;
            let star = p.expect(Kind::Star)?;
            p.expression()?;
            as_name(p)?;
            p.expect(Kind::Colon)?;
            Some((except, star))
        });
        if let Some((except, star)) = star_after {
            self.raise_tokens(except, star, MESSAGE);
            return None;
        }
        let plain_after = self.alt(|p| {
            p.expect(Kind::Try)?;
            p.expect(Kind::Colon)?;
            p.many(Self::block)?;
            p.many1(Self::except_star_block)?;
            let except = p.expect(Kind::Except)?;
            p.optional(|p| {
                p.expression()?;
                as_name(p)
            })?;
            p.expect(Kind::Colon)?;
            Some(except)
        })?;
        self.raise_token(plain_after, MESSAGE);
        None
    }

    fn except_head(&mut self, star: bool) -> Option<usize> {
        let keyword = self.expect(Kind::Except)?;
        if star {
            self.expect(Kind::Star)?;
        }
        Some(keyword)
    }

    /// `except E as NAME`
    fn except_clause(&mut self, star: bool) -> Option<usize> {
        let keyword = self.except_head(star)?;
        self.expression()?;
        self.optional(|p| {
            p.expect(Kind::As)?;
            p.name()
        })?;
        Some(keyword)
    }

    fn invalid_except_types(&mut self, star: bool) -> Option<()> {
        let first = self.alt(|p| {
            p.except_head(star)?;
            let first = p.expression()?;
            p.expect(Kind::Comma)?;
            p.expressions()?;
            p.expect(Kind::As)?;
            p.name()?;
            p.expect(Kind::Colon)?;
            Some(first)
        });
        if let Some(first) = first {
            let message = "multiple exception types must be parenthesized when using 'as'";
            self.raise_from(self.data(first).first, message);
            return Some(());
        }
        let no_colon = self.alt(|p| {
            p.except_clause(star)?;
            p.expect(Kind::Newline)
        });
        if no_colon.is_some() {
            self.raise("expected ':'");
            return Some(());
        }
        None
    }

    fn invalid_except_target(&mut self, star: bool) {
        let target = self.alt(|p| {
            p.except_head(star)?;
            p.expression()?;
            p.expect(Kind::As)?;
            let target = p.expression()?;
            p.expect(Kind::Colon)?;
            p.block()?;
            Some(target)
        });
        if let Some(target) = target {
            let name = self.expr_name(target);
            let mark = if star { "*" } else { "" };
            self.raise_node(target, format!("cannot use except{mark} statement with {name}"));
        }
    }

    pub(super) fn invalid_except_stmt(&mut self) -> Option<()> {
        if self.invalid_except_types(false).is_some() {
            return None;
        }
        let bare = self.alt(|p| {
            p.expect(Kind::Except)?;
            p.expect(Kind::Newline)
        });
        if bare.is_some() {
            self.raise("expected ':'");
            return None;
        }
        self.invalid_except_target(false);
        None
    }

    pub(super) fn invalid_except_star_stmt(&mut self) -> Option<()> {
        if self.invalid_except_types(true).is_some() {
            return None;
        }
        let bare = self.alt(|p| {
            p.except_head(true)?;
            p.expect_any(&[Kind::Newline, Kind::Colon])
        });
        if bare.is_some() {
            self.raise("expected one or more exception types");
            return None;
        }
        self.invalid_except_target(true);
        None
    }

    pub(super) fn invalid_except_stmt_indent(&mut self) -> Option<()> {
        let keyword = self.alt(|p| {
            let keyword = p.except_clause(false)?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        });
        let keyword = keyword.or_else(|| {
            self.alt(|p| {
                let keyword = p.expect(Kind::Except)?;
                p.expect(Kind::Colon)?;
                p.no_block()?;
                Some(keyword)
            })
        })?;
        self.raise_no_block("'except' statement", keyword);
        None
    }

    pub(super) fn invalid_except_star_stmt_indent(&mut self) -> Option<()> {
        let keyword = self.alt(|p| {
            let keyword = p.except_clause(true)?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        })?;
        self.raise_no_block("'except*' statement", keyword);
        None
    }

    pub(super) fn invalid_finally_stmt(&mut self) -> Option<()> {
        let keyword = self.alt(|p| {
            let keyword = p.expect(Kind::Finally)?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        })?;
        self.raise_no_block("'finally' statement", keyword);
        None
    }

    // match

    pub(super) fn invalid_match_stmt(&mut self) -> Option<()> {
        let no_colon = self.alt(|p| {
            p.soft_keyword("match")?;
            p.subject_expr()?;
            p.expect(Kind::Newline)
        });
        if no_colon.is_some() {
            self.raise("expected ':'");
            return None;
        }
        let keyword = self.alt(|p| {
            let keyword = p.soft_keyword("match")?;
            p.subject_expr()?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        })?;
        self.raise_no_block("'match' statement", keyword);
        None
    }

    pub(super) fn invalid_case_block(&mut self) -> Option<()> {
        let head = |p: &mut Self| {
            let keyword = p.soft_keyword("case")?;
            p.patterns()?;
            p.optional(Self::guard)?;
            Some(keyword)
        };
        let no_colon = self.alt(|p| {
            head(p)?;
            p.expect(Kind::Newline)
        });
        if no_colon.is_some() {
            self.raise("expected ':'");
            return None;
        }
        let keyword = self.alt(|p| {
            let keyword = head(p)?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        })?;
        self.raise_no_block("'case' statement", keyword);
        None
    }

    pub(super) fn invalid_as_pattern(&mut self) -> Option<Node> {
        let underscore = self.alt(|p| {
            p.or_pattern()?;
            p.expect(Kind::As)?;
            p.soft_keyword("_")
        });
        if let Some(underscore) = underscore {
            self.raise_token(underscore, "cannot use '_' as a target");
            return None;
        }
        let target = self.alt(|p| {
            p.or_pattern()?;
            p.expect(Kind::As)?;
            p.expression()
        })?;
        let name = self.expr_name(target);
        self.raise_node(target, format!("cannot use {name} as pattern target"));
        None
    }

    pub(super) fn invalid_class_pattern(&mut self) -> Option<()> {
        let patterns = self.alt(|p| {
            p.name_or_attr()?;
            p.expect(Kind::Lpar)?;
            p.optional(|p| {
                p.positional_patterns()?;
                p.expect(Kind::Comma)
            })?;
            p.keyword_patterns()?;
            p.expect(Kind::Comma)?;
            p.positional_patterns()
        })?;
        let (first, last) = (patterns[0], patterns[patterns.len() - 1]);
        self.raise_nodes(first, last, "positional patterns follow keyword patterns");
        None
    }

    // Definitions

    pub(super) fn invalid_def_raw(&mut self) -> Option<()> {
        let keyword = self.alt(|p| {
            p.optional(|p| p.expect(Kind::Async))?;
            let keyword = p.expect(Kind::Def)?;
            p.name()?;
            p.optional(Self::type_params)?;
            p.expect(Kind::Lpar)?;
            p.optional(Self::params)?;
            p.expect(Kind::Rpar)?;
            p.optional(Self::returns)?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        });
        if let Some(keyword) = keyword {
            self.raise_no_block("function definition", keyword);
            return None;
        }
        self.alt(|p| {
            p.optional(|p| p.expect(Kind::Async))?;
            p.expect(Kind::Def)?;
            p.name()?;
            p.optional(Self::type_params)?;
            p.expect_forced(Kind::Lpar, "(")?;
            p.optional(Self::params)?;
            p.expect(Kind::Rpar)?;
            p.optional(Self::returns)?;
            p.expect_forced(Kind::Colon, ":")?;
            p.optional(Self::func_type_comment)?;
            p.block()?;
            Some(())
        })
    }

    pub(super) fn invalid_class_def_raw(&mut self) -> Option<()> {
        let no_colon = self.alt(|p| {
            p.class_head()?;
            p.expect(Kind::Newline)
        });
        if no_colon.is_some() {
            self.raise("expected ':'");
            return None;
        }
        let keyword = self.alt(|p| {
            let keyword = p.class_head()?;
            p.expect(Kind::Colon)?;
            p.no_block()?;
            Some(keyword)
        })?;
        self.raise_no_block("class definition", keyword);
        None
    }

    pub(super) fn invalid_double_type_comments(&mut self) -> Option<usize> {
        self.alt(|p| {
            p.expect(Kind::TypeComment)?;
            p.expect(Kind::Newline)?;
            p.expect(Kind::TypeComment)?;
            p.expect(Kind::Newline)?;
            p.expect(Kind::Indent)
        })?;
        self.raise("Cannot have two type comments on def");
        None
    }

    pub(super) fn invalid_type_params(&mut self) -> Option<()> {
        let close = self.alt(|p| {
            p.expect(Kind::Lsqb)?;
            p.expect(Kind::Rsqb)
        })?;
        self.raise_from(close, "Type parameter list cannot be empty");
        None
    }

    pub(super) fn invalid_type_param(&mut self) -> Option<()> {
        for (star, what) in [(Kind::Star, "TypeVarTuple"), (Kind::DoubleStar, "ParamSpec")] {
            let bound = self.alt(|p| {
                p.expect(star)?;
                p.name()?;
                let colon = p.expect(Kind::Colon)?;
                Some((colon, p.expression()?))
            });
            if let Some((colon, bound)) = bound {
                let is_tuple = self.kind(bound) == NodeKind::Tuple;
                let kind = if is_tuple { "constraints" } else { "bound" };
                self.raise_from(colon, format!("cannot use {kind} with {what}"));
                return None;
            }
        }
        None
    }

    // Simple statements

    pub(super) fn invalid_assignment(&mut self) -> Option<()> {
        let annotated = self.alt(|p| {
            let target = p.invalid_ann_assign_target()?;
            p.expect(Kind::Colon)?;
            p.expression()?;
            Some(target)
        });
        if let Some(target) = annotated {
            let name = self.expr_name(target);
            let message = format!("only single target (not {name}) can be annotated");
            self.raise_node(target, message);
            return None;
        }
        let tuple = self.alt(|p| {
            let first = p.star_named_expression()?;
            p.expect(Kind::Comma)?;
            p.many(Self::star_named_expressions)?;
            p.expect(Kind::Colon)?;
            p.expression()?;
            Some(first)
        });
        if let Some(first) = tuple {
            self.raise_node(first, "only single target (not tuple) can be annotated");
            return None;
        }
        let illegal = self.alt(|p| {
            let target = p.expression()?;
            p.expect(Kind::Colon)?;
            p.expression()?;
            Some(target)
        });
        if let Some(target) = illegal {
            self.raise_node(target, "illegal target for annotation");
            return None;
        }
        let targets = |p: &mut Self| {
            p.many(|p| {
                p.star_targets()?;
                p.expect(Kind::Equal)
            })
        };
        let assigned = self.alt(|p| {
            targets(p)?;
            let target = p.star_expressions()?;
            p.expect(Kind::Equal)?;
            Some(target)
        });
        if let Some(target) = assigned {
            self.raise_invalid_target(target, Targets::Star);
            return None;
        }
        let to_yield = self.alt(|p| {
            targets(p)?;
            let target = p.yield_expr()?;
            p.expect(Kind::Equal)?;
            Some(target)
        });
        if let Some(target) = to_yield {
            self.raise_node(target, "assignment to yield expression not possible");
            return None;
        }
        let augmented = self.alt(|p| {
            let target = p.star_expressions()?;
            p.expect_any(&AUGMENTED)?;
            p.annotated_rhs()?;
            Some(target)
        })?;
        let name = self.expr_name(augmented);
        let message = format!("'{name}' is an illegal expression for augmented assignment");
        self.raise_node(augmented, message);
        None
    }

    fn invalid_ann_assign_target(&mut self) -> Option<Node> {
        self.alt(Self::list).or_else(|| self.alt(Self::tuple)).or_else(|| {
            self.alt(|p| {
                p.expect(Kind::Lpar)?;
                let target = p.deeper(Self::invalid_ann_assign_target)?;
                p.expect(Kind::Rpar)?;
                Some(target)
            })
        })
    }

    pub(super) fn invalid_del_stmt(&mut self) -> Option<()> {
        let target = self.alt(|p| {
            p.expect(Kind::Del)?;
            p.star_expressions()
        })?;
        self.raise_invalid_target(target, Targets::Del);
        None
    }

    pub(super) fn invalid_import(&mut self) -> Option<()> {
        let reversed = self.alt(|p| {
            let import = p.expect(Kind::Import)?;
            p.gather(Kind::Comma, Self::dotted_name)?;
            p.expect(Kind::From)?;
            p.dotted_name()?;
            Some(import)
        });
        if let Some(import) = reversed {
            self.raise_from(import, "Did you mean to use 'from ... import ...' instead?");
            return None;
        }
        let newline = self.alt(|p| {
            p.expect(Kind::Import)?;
            p.expect(Kind::Newline)
        })?;
        self.raise_from(newline, "Expected one or more names after 'import'");
        None
    }

    /// What follows `as`, if it is no name.
    fn invalid_import_target(&mut self) -> Option<()> {
        self.expect(Kind::As)?;
        let fine = self.lookahead(|p| {
            p.name()?;
            p.expect_any(&[Kind::Comma, Kind::Rpar, Kind::Semi, Kind::Newline])
        });
        if fine {
            return None;
        }
        let target = self.expression()?;
        let name = self.expr_name(target);
        self.raise_node(target, format!("cannot use {name} as import target"));
        None
    }

    pub(super) fn invalid_dotted_as_name(&mut self) -> Option<()> {
        self.dotted_name()?;
        self.invalid_import_target()
    }

    pub(super) fn invalid_import_from_as_name(&mut self) -> Option<()> {
        self.name()?;
        self.invalid_import_target()
    }

    pub(super) fn invalid_import_from_targets(&mut self) -> Option<()> {
        let trailing = self.alt(|p| {
            p.import_from_as_names()?;
            p.expect(Kind::Comma)?;
            p.expect(Kind::Newline)
        });
        if trailing.is_some() {
            self.raise("trailing comma not allowed without surrounding parentheses");
            return None;
        }
        let newline = self.alt(|p| p.expect(Kind::Newline))?;
        self.raise_from(newline, "Expected one or more names after 'import'");
        None
    }
}
