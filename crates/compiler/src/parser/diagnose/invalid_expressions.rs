//! Common mistakes in expressions. Each rule raises if it matches; one that matches without
//! raising ends there, and its later alternatives are not tried.

use super::error::Targets;
use super::token::Kind;
use super::{Node, NodeKind, Parser};

/// What is said where `=` stands for a comparison.
const MAYBE_WALRUS: &str = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
const GENERATOR_PARENTHESES: &str = "Generator expression must be parenthesized";

impl Parser<'_> {
    /// Whether a name is that of a statement of Python 2.
    fn is_legacy_statement(&self, node: Node) -> bool {
        let data = self.data(node);
        data.kind == NodeKind::Name
            && data.first == data.last
            && matches!(self.token_text(data.first), "print" | "exec")
    }

    pub(super) fn invalid_expression(&mut self) -> Option<Node> {
        // Text between two strings.
        let embedded = self.alt(|p| {
            p.expect(Kind::String)?;
            let items = p.many1(|p| {
                if p.at(&[Kind::String]) {
                    return None;
                }
                p.expression_without_invalid()
            })?;
            p.expect(Kind::String)?;
            Some((items[0], items[items.len() - 1]))
        });
        if let Some((first, last)) = embedded {
            let message = "invalid syntax. Is this intended to be part of the string?";
            self.raise_nodes(first, last, message);
            return None;
        }
        // Two expressions in a row. Not if they may be a string with a wrong prefix, or a
        // statement that starts with a soft keyword.
        let two = self.alt(|p| {
            let prefixed = p.lookahead(|p| {
                p.name()?;
                p.expect(Kind::String)
            });
            let soft = p.peek()? == Kind::Name && matches!(p.token_text(p.mark), "_" | "case" | "match" | "type");
            if prefixed || soft {
                return None;
            }
            let first = p.disjunction()?;
            let second = p.expression_without_invalid()?;
            Some((first, second))
        });
        if let Some((first, second)) = two {
            let in_brackets = self.tokens[self.mark - 1].level > 0;
            if !self.is_legacy_statement(first) && in_brackets {
                self.raise_nodes(first, second, "invalid syntax. Perhaps you forgot a comma?");
            }
            return None;
        }
        let no_else = self.alt(|p| {
            let first = p.disjunction()?;
            p.expect(Kind::If)?;
            let condition = p.disjunction()?;
            if p.at(&[Kind::Else, Kind::Colon]) { None } else { Some((first, condition)) }
        });
        if let Some((first, condition)) = no_else {
            self.raise_nodes(first, condition, "expected 'else' after 'if' expression");
            return None;
        }
        let no_alternative = self.alt(|p| {
            p.disjunction()?;
            p.expect(Kind::If)?;
            p.disjunction()?;
            p.expect(Kind::Else)?;
            if p.lookahead(Self::expression) { None } else { Some(()) }
        });
        if no_alternative.is_some() {
            let message = "expected expression after 'else', but statement is given";
            self.raise_on_next_token(message);
            return None;
        }
        let statement = self.alt(|p| {
            let statement = p.expect_any(&[Kind::Pass, Kind::Break, Kind::Continue])?;
            p.expect(Kind::If)?;
            p.disjunction()?;
            p.expect(Kind::Else)?;
            p.simple_stmt()?;
            Some(statement)
        });
        if let Some(statement) = statement {
            let message = "expected expression before 'if', but statement is given";
            self.raise_token(statement, message);
            return None;
        }
        for (middle, prefix) in [(Kind::FstringMiddle, 'f'), (Kind::TstringMiddle, 't')] {
            let lambda = self.alt(|p| {
                let lambda = p.expect(Kind::Lambda)?;
                p.optional(Self::lambda_params)?;
                let colon = p.expect(Kind::Colon)?;
                p.at(&[middle]).then_some((lambda, colon))
            });
            if let Some((lambda, colon)) = lambda {
                let message = format!("{prefix}-string: lambda expressions are not allowed without parentheses");
                self.raise_tokens(lambda, colon, message);
                return None;
            }
        }
        None
    }

    pub(super) fn invalid_legacy_expression(&mut self) -> Option<Node> {
        let (name, rest) = self.alt(|p| {
            let name = p.name()?;
            if p.at(&[Kind::Lpar]) {
                return None;
            }
            Some((name, p.star_expressions()?))
        })?;
        if self.is_legacy_statement(name) {
            let word = self.token_text(self.data(name).first);
            let message = format!("Missing parentheses in call to '{word}'. Did you mean {word}(...)?");
            self.raise_nodes(name, rest, message);
        }
        None
    }

    pub(super) fn invalid_named_expression(&mut self) -> Option<Node> {
        self.memoized(super::Rule::InvalidNamedExpression, |p| {
            let walrus = p.alt(|p| {
                let target = p.expression()?;
                p.expect(Kind::ColonEqual)?;
                p.expression()?;
                Some(target)
            });
            if let Some(target) = walrus {
                let name = p.expr_name(target);
                p.raise_node(target, format!("cannot use assignment expressions with {name}"));
                return None;
            }
            let not_assigned = |p: &mut Self| !p.at(&[Kind::Equal, Kind::ColonEqual]);
            let named = p.alt(|p| {
                let name = p.name()?;
                p.expect(Kind::Equal)?;
                let value = p.bitwise_or()?;
                not_assigned(p).then_some((name, value))
            });
            if let Some((name, value)) = named {
                p.raise_nodes(name, value, MAYBE_WALRUS);
                return None;
            }
            let compared = p.alt(|p| {
                let display = p.lookahead(Self::list)
                    || p.lookahead(Self::tuple)
                    || p.lookahead(Self::genexp)
                    || p.at(&[Kind::True, Kind::None, Kind::False]);
                if display {
                    return None;
                }
                let target = p.bitwise_or()?;
                p.expect(Kind::Equal)?;
                p.bitwise_or()?;
                not_assigned(p).then_some(target)
            });
            if let Some(target) = compared {
                let name = p.expr_name(target);
                let message = format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?");
                p.raise_node(target, message);
            }
            None
        })
    }

    // Operators

    pub(super) fn invalid_arithmetic(&mut self) -> Option<Node> {
        const OPERATORS: [Kind; 7] =
            [Kind::Plus, Kind::Minus, Kind::Star, Kind::Slash, Kind::Percent, Kind::DoubleSlash, Kind::At];
        let (not, operand) = self.alt(|p| {
            p.sum()?;
            p.expect_any(&OPERATORS)?;
            let not = p.expect(Kind::Not)?;
            Some((not, p.inversion()?))
        })?;
        self.raise_not_operand(not, operand)
    }

    pub(super) fn invalid_factor(&mut self) -> Option<Node> {
        let (not, operand) = self.alt(|p| {
            p.expect_any(&[Kind::Plus, Kind::Minus, Kind::Tilde])?;
            let not = p.expect(Kind::Not)?;
            Some((not, p.factor()?))
        })?;
        self.raise_not_operand(not, operand)
    }

    fn raise_not_operand(&mut self, not: usize, operand: Node) -> Option<Node> {
        let last = self.data(operand).last;
        self.raise_tokens(not, last, "'not' after an operator must be parenthesized");
        None
    }

    // Parentheses, displays, comprehensions

    pub(super) fn invalid_group(&mut self) -> Option<Node> {
        let starred = self.alt(|p| {
            p.expect(Kind::Lpar)?;
            let starred = p.starred_expression()?;
            p.expect(Kind::Rpar)?;
            Some(starred)
        });
        if let Some(starred) = starred {
            self.raise_node(starred, "cannot use starred expression here");
            return None;
        }
        let stars = self.alt(|p| {
            p.expect(Kind::Lpar)?;
            let stars = p.expect(Kind::DoubleStar)?;
            p.expression()?;
            p.expect(Kind::Rpar)?;
            Some(stars)
        })?;
        self.raise_token(stars, "cannot use double starred expression here");
        None
    }

    pub(super) fn invalid_comprehension(&mut self) -> Option<Node> {
        let unpacking = self.alt(|p| {
            p.expect_any(&[Kind::Lsqb, Kind::Lpar, Kind::Lbrace])?;
            let starred = p.starred_expression()?;
            p.for_if_clauses()?;
            Some(starred)
        });
        if let Some(starred) = unpacking {
            self.raise_node(starred, "iterable unpacking cannot be used in comprehension");
            return None;
        }
        const MESSAGE: &str = "did you forget parentheses around the comprehension target?";
        let several = self.alt(|p| {
            p.expect_any(&[Kind::Lsqb, Kind::Lbrace])?;
            let first = p.star_named_expression()?;
            p.expect(Kind::Comma)?;
            let rest = p.star_named_expressions()?;
            p.for_if_clauses()?;
            Some((first, rest[rest.len() - 1]))
        });
        if let Some((first, last)) = several {
            self.raise_nodes(first, last, MESSAGE);
            return None;
        }
        let (first, comma) = self.alt(|p| {
            p.expect_any(&[Kind::Lsqb, Kind::Lbrace])?;
            let first = p.star_named_expression()?;
            let comma = p.expect(Kind::Comma)?;
            p.for_if_clauses()?;
            Some((first, comma))
        })?;
        self.raise_tokens(self.data(first).first, comma, MESSAGE);
        None
    }

    pub(super) fn invalid_dict_comprehension(&mut self) -> Option<Node> {
        let stars = self.alt(|p| {
            p.expect(Kind::Lbrace)?;
            let stars = p.expect(Kind::DoubleStar)?;
            p.bitwise_or()?;
            p.for_if_clauses()?;
            p.expect(Kind::Rbrace)?;
            Some(stars)
        })?;
        self.raise_token(stars, "dict unpacking cannot be used in dict comprehension");
        None
    }

    pub(super) fn invalid_double_starred_kvpairs(&mut self) -> Option<()> {
        let pairs = self.alt(|p| {
            p.gather(Kind::Comma, Self::double_starred_kvpair)?;
            p.expect(Kind::Comma)?;
            p.alt(Self::invalid_kvpair)
        });
        if pairs.is_some() || self.stop {
            return pairs;
        }
        self.invalid_dict_value()
    }

    fn invalid_kvpair(&mut self) -> Option<()> {
        let key = self.alt(|p| {
            let key = p.expression()?;
            if p.at(&[Kind::Colon]) { None } else { Some(key) }
        });
        if let Some(key) = key {
            let data = self.data(key);
            let (first, last) = (self.tokens[data.first], self.tokens[data.last]);
            self.raise_known(
                crate::error::ErrorKind::SyntaxError,
                "':' expected after dictionary key".into(),
                (first.lineno, last.end_col_offset),
                (last.end_lineno, 0),
            );
            return None;
        }
        self.invalid_dict_value()
    }

    /// A key whose value is starred or missing.
    fn invalid_dict_value(&mut self) -> Option<()> {
        let star = self.alt(|p| {
            p.expression()?;
            p.expect(Kind::Colon)?;
            let star = p.expect(Kind::Star)?;
            p.bitwise_or()?;
            Some(star)
        });
        if let Some(star) = star {
            let message = "cannot use a starred expression in a dictionary value";
            self.raise_from(star, message);
            return None;
        }
        let colon = self.alt(|p| {
            p.expression()?;
            let colon = p.expect(Kind::Colon)?;
            p.at(&[Kind::Rbrace, Kind::Comma]).then_some(colon)
        })?;
        self.raise_token(colon, "expression expected after dictionary key and ':'");
        None
    }

    pub(super) fn invalid_for_if_clause(&mut self) -> Option<Node> {
        self.alt(|p| {
            p.optional(|p| p.expect(Kind::Async))?;
            p.expect(Kind::For)?;
            p.bitwise_or()?;
            p.many(|p| {
                p.expect(Kind::Comma)?;
                p.bitwise_or()
            })?;
            p.optional(|p| p.expect(Kind::Comma))?;
            if p.at(&[Kind::In]) { None } else { Some(()) }
        })?;
        self.raise("'in' expected after for-loop variables");
        None
    }

    pub(super) fn invalid_for_target(&mut self) -> Option<Node> {
        let target = self.alt(|p| {
            p.optional(|p| p.expect(Kind::Async))?;
            p.expect(Kind::For)?;
            p.star_expressions()
        })?;
        self.raise_invalid_target(target, Targets::For);
        None
    }

    // Arguments

    pub(super) fn invalid_arguments(&mut self) -> Option<Node> {
        let comma = self.alt(|p| {
            let with_positional = p.alt(|p| {
                p.gather(Kind::Comma, Self::positional)?;
                p.expect(Kind::Comma)?;
                p.kwargs()
            });
            if with_positional.is_none() {
                p.alt(Self::kwargs)?;
            }
            let comma = p.expect(Kind::Comma)?;
            p.gather(Kind::Comma, |p| {
                p.starred_expression()?;
                if p.at(&[Kind::Equal]) { None } else { Some(()) }
            })?;
            Some(comma)
        });
        if let Some(comma) = comma {
            let message = "iterable argument unpacking follows keyword argument unpacking";
            self.raise_from(comma, message);
            return None;
        }
        let generator_first = self.alt(|p| {
            let element = p.expression()?;
            let last = p.for_if_clauses()?;
            p.expect(Kind::Comma)?;
            p.optional(|p| {
                p.alt(Self::args).map(drop).or_else(|| {
                    p.alt(|p| {
                        p.expression()?;
                        p.for_if_clauses()?;
                        Some(())
                    })
                })
            })?;
            Some((element, last))
        });
        if let Some((element, last)) = generator_first {
            self.raise_nodes(element, last, GENERATOR_PARENTHESES);
            return None;
        }
        let assigned = self.alt(Self::assigned_generator);
        if let Some((name, equal)) = assigned {
            self.raise_tokens(name, equal, MAYBE_WALRUS);
            return None;
        }
        let no_value = self.alt(|p| {
            p.optional(|p| {
                p.args()?;
                p.expect(Kind::Comma)
            })?;
            let name = p.expect(Kind::Name)?;
            let equal = p.expect(Kind::Equal)?;
            p.at(&[Kind::Comma, Kind::Rpar]).then_some((name, equal))
        });
        if let Some((name, equal)) = no_value {
            self.raise_tokens(name, equal, "expected argument value expression");
            return None;
        }
        let generator_last = self.alt(|p| {
            let args = p.args()?;
            Some((args, p.for_if_clauses()?))
        });
        if let Some((args, last)) = generator_last {
            // `f(x for x in y)` alone is fine.
            if let [_, .., element] = *self.data(args).children {
                self.raise_nodes(element, last, GENERATOR_PARENTHESES);
            }
            return None;
        }
        let generator_after = self.alt(|p| {
            p.args()?;
            p.expect(Kind::Comma)?;
            let element = p.expression()?;
            Some((element, p.for_if_clauses()?))
        });
        if let Some((element, last)) = generator_after {
            self.raise_nodes(element, last, GENERATOR_PARENTHESES);
            return None;
        }
        let args = self.alt(|p| {
            let args = p.args()?;
            p.expect(Kind::Comma)?;
            p.args()?;
            Some(args)
        })?;
        let unpacking = if self.data(args).unpacks_keywords { " unpacking" } else { "" };
        self.raise(format!("positional argument follows keyword argument{unpacking}"));
        None
    }

    /// `name = element for …`
    fn assigned_generator(&mut self) -> Option<(usize, usize)> {
        let name = self.expect(Kind::Name)?;
        let equal = self.expect(Kind::Equal)?;
        self.expression()?;
        self.for_if_clauses()?;
        Some((name, equal))
    }

    pub(super) fn invalid_kwarg(&mut self) -> Option<super::arguments::Argument> {
        let constant = self.alt(|p| {
            let constant = p.expect_any(&[Kind::True, Kind::False, Kind::None])?;
            Some((constant, p.expect(Kind::Equal)?))
        });
        if let Some((constant, equal)) = constant {
            let message = format!("cannot assign to {}", self.token_text(constant));
            self.raise_tokens(constant, equal, message);
            return None;
        }
        let assigned = self.alt(Self::assigned_generator);
        if let Some((name, equal)) = assigned {
            self.raise_tokens(name, equal, MAYBE_WALRUS);
            return None;
        }
        let expression = self.alt(|p| {
            let keyword = p.lookahead(|p| {
                p.name()?;
                p.expect(Kind::Equal)
            });
            if keyword {
                return None;
            }
            let expression = p.expression()?;
            Some((expression, p.expect(Kind::Equal)?))
        });
        if let Some((expression, equal)) = expression {
            let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
            self.raise_tokens(self.data(expression).first, equal, message);
            return None;
        }
        let (stars, value) = self.alt(|p| {
            let stars = p.expect(Kind::DoubleStar)?;
            p.expression()?;
            p.expect(Kind::Equal)?;
            Some((stars, p.expression()?))
        })?;
        let last = self.data(value).last;
        self.raise_tokens(stars, last, "cannot assign to keyword argument unpacking");
        None
    }

    pub(super) fn invalid_starred_expression_unpacking(&mut self) -> Option<Node> {
        let (star, value) = self.alt(|p| {
            let star = p.expect(Kind::Star)?;
            p.expression()?;
            p.expect(Kind::Equal)?;
            Some((star, p.expression()?))
        })?;
        let last = self.data(value).last;
        self.raise_tokens(star, last, "cannot assign to iterable argument unpacking");
        None
    }

    pub(super) fn invalid_starred_expression(&mut self) -> Option<Node> {
        self.expect(Kind::Star)?;
        self.raise("Invalid star expression");
        None
    }

    // Strings

    pub(super) fn invalid_string_tstring_concat(&mut self) -> Option<Node> {
        const MESSAGE: &str = "cannot mix t-string literals with string or bytes literals";
        let before = self.alt(|p| {
            let strings = p.many1(Self::fstring_or_string)?;
            Some((strings[strings.len() - 1], p.tstring()?))
        });
        if let Some((string, template)) = before {
            self.raise_nodes(string, template, MESSAGE);
            return None;
        }
        let (template, string) = self.alt(|p| {
            let templates = p.many1(Self::tstring)?;
            Some((templates[templates.len() - 1], p.fstring_or_string()?))
        })?;
        self.raise_nodes(template, string, MESSAGE);
        None
    }

    pub(super) fn invalid_replacement_field(&mut self, raw: bool, template: bool) -> Option<()> {
        let prefix = if template { 't' } else { 'f' };
        const AFTER: [Kind; 4] = [Kind::Equal, Kind::Exclamation, Kind::Colon, Kind::Rbrace];
        for kind in AFTER {
            let token = self.alt(|p| {
                p.expect(Kind::Lbrace)?;
                p.expect(kind)
            });
            if let Some(token) = token {
                let text = self.token_text(token);
                let message = format!("{prefix}-string: valid expression required before '{text}'");
                self.raise_token(token, message);
                return None;
            }
        }
        let no_expression = self.alt(|p| {
            p.expect(Kind::Lbrace)?;
            if p.lookahead(Self::annotated_rhs) { None } else { Some(()) }
        });
        if no_expression.is_some() {
            let message = format!("{prefix}-string: expecting a valid expression after '{{'");
            self.raise_on_next_token(message);
            return None;
        }
        let head = |p: &mut Self| {
            p.expect(Kind::Lbrace)?;
            p.annotated_rhs()
        };
        let bad_end = self.alt(|p| {
            head(p)?;
            if p.at(&AFTER) { None } else { Some(()) }
        });
        if bad_end.is_some() {
            let message = format!("{prefix}-string: expecting '=', or '!', or ':', or '}}'");
            self.raise_on_next_token(message);
            return None;
        }
        let bad_debug = self.alt(|p| {
            head(p)?;
            p.expect(Kind::Equal)?;
            if p.at(&AFTER[1..]) { None } else { Some(()) }
        });
        if bad_debug.is_some() {
            let message = format!("{prefix}-string: expecting '!', or ':', or '}}'");
            self.raise_on_next_token(message);
            return None;
        }
        let head = |p: &mut Self| {
            head(p)?;
            p.optional(|p| p.expect(Kind::Equal))
        };
        let bad_conversion = self.alt(|p| {
            head(p)?;
            p.invalid_conversion_character(prefix)
        });
        if bad_conversion.is_some() || self.stop {
            return None;
        }
        let head = |p: &mut Self| {
            head(p)?;
            p.optional(|p| {
                p.expect(Kind::Exclamation)?;
                p.expect(Kind::Name)
            })
        };
        let bad_end = self.alt(|p| {
            head(p)?;
            if p.at(&[Kind::Colon, Kind::Rbrace]) { None } else { Some(()) }
        });
        if bad_end.is_some() {
            self.raise_on_next_token(format!("{prefix}-string: expecting ':' or '}}'"));
            return None;
        }
        let bad_spec = self.alt(|p| {
            head(p)?;
            p.expect(Kind::Colon)?;
            // The rule for t-strings looks for the text of f-strings here too.
            p.format_spec(raw, false)?;
            if p.at(&[Kind::Rbrace]) { None } else { Some(()) }
        });
        if bad_spec.is_some() {
            let message = format!("{prefix}-string: expecting '}}', or format specs");
            self.raise_on_next_token(message);
            return None;
        }
        let no_end = self.alt(|p| {
            head(p)?;
            if p.at(&[Kind::Rbrace]) { None } else { Some(()) }
        });
        if no_end.is_some() {
            self.raise_on_next_token(format!("{prefix}-string: expecting '}}'"));
        }
        None
    }

    fn invalid_conversion_character(&mut self, prefix: char) -> Option<()> {
        self.expect(Kind::Exclamation)?;
        if self.at(&[Kind::Colon, Kind::Rbrace]) {
            self.raise_on_next_token(format!("{prefix}-string: missing conversion character"));
        } else if !self.at(&[Kind::Name]) && !self.stop {
            self.raise_on_next_token(format!("{prefix}-string: invalid conversion character"));
        }
        None
    }
}
