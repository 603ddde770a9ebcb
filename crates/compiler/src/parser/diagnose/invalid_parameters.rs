//! Common mistakes in parameters, of functions and of lambdas.

use super::Parser;
use super::parameters::Owner;
use super::token::Kind;

impl Parser<'_> {
    pub(super) fn invalid_parameters(&mut self, owner: Owner) -> Option<()> {
        let nothing_before = self.alt(|p| {
            let slash = p.expect(Kind::Slash)?;
            p.expect(Kind::Comma)?;
            Some(slash)
        });
        if let Some(slash) = nothing_before {
            self.raise_token(slash, "at least one argument must precede /");
            return None;
        }
        let slashed = |p: &mut Self| p.slash_no_default(owner).or_else(|| p.slash_with_default(owner));
        let second_slash = self.alt(|p| {
            slashed(p)?;
            p.many(|p| p.param_maybe_default(owner))?;
            p.expect(Kind::Slash)
        });
        if let Some(slash) = second_slash {
            self.raise_token(slash, "/ may appear only once");
            return None;
        }
        let no_default = self.alt(|p| {
            p.optional(|p| p.slash_no_default(owner))?;
            p.many(|p| p.param_no_default(owner))?;
            if p.slash_with_default(owner).is_none() {
                p.many1(|p| p.param_with_default(owner))?;
            }
            p.param_no_default(owner)
        });
        if let Some(param) = no_default {
            let message = "parameter without a default follows parameter with a default";
            // The comma or bracket after it does not belong to the parameter.
            self.raise_node(param, message);
            return None;
        }
        let grouped = self.alt(|p| {
            p.many(|p| p.param_no_default(owner))?;
            let open = p.expect(Kind::Lpar)?;
            match owner {
                Owner::Function => drop(p.many1(|p| p.param_no_default(owner))?),
                Owner::Lambda => drop(p.gather(Kind::Comma, |p| p.param(owner))?),
            }
            p.optional(|p| p.expect(Kind::Comma))?;
            Some((open, p.expect(Kind::Rpar)?))
        });
        if let Some((open, close)) = grouped {
            let what = match owner {
                Owner::Function => "Function",
                Owner::Lambda => "Lambda expression",
            };
            let message = format!("{what} parameters cannot be parenthesized");
            self.raise_tokens(open, close, message);
            return None;
        }
        let after_star = self.alt(|p| {
            p.optional(slashed)?;
            p.many(|p| p.param_maybe_default(owner))?;
            p.expect(Kind::Star)?;
            p.comma_or_param(owner)?;
            p.many(|p| p.param_maybe_default(owner))?;
            p.expect(Kind::Slash)
        });
        if let Some(slash) = after_star {
            self.raise_token(slash, "/ must be ahead of *");
            return None;
        }
        let no_comma = self.alt(|p| {
            p.many1(|p| p.param_maybe_default(owner))?;
            p.expect(Kind::Slash)?;
            p.expect(Kind::Star)
        })?;
        self.raise_token(no_comma, "expected comma between / and *");
        None
    }

    fn comma_or_param(&mut self, owner: Owner) -> Option<()> {
        if self.expect(Kind::Comma).is_some() {
            return Some(());
        }
        self.param_no_default(owner).map(drop)
    }

    pub(super) fn invalid_default(&mut self) -> Option<()> {
        let equal = self.alt(|p| {
            let equal = p.expect(Kind::Equal)?;
            p.at(&[Kind::Rpar, Kind::Comma]).then_some(equal)
        })?;
        self.raise_token(equal, "expected default value expression");
        None
    }

    pub(super) fn invalid_star_etc(&mut self, owner: Owner) -> Option<()> {
        let bare = self.alt(|p| {
            let star = p.expect(Kind::Star)?;
            if p.expect(owner.end()).is_none() {
                p.expect(Kind::Comma)?;
                p.expect_any(&[owner.end(), Kind::DoubleStar])?;
            }
            Some(star)
        });
        if let Some(star) = bare {
            let message = "named arguments must follow bare *";
            match owner {
                Owner::Function => self.raise_token(star, message),
                Owner::Lambda => self.raise(message),
            }
            return None;
        }
        if owner == Owner::Function {
            let comment = self.alt(|p| {
                p.expect(Kind::Star)?;
                p.expect(Kind::Comma)?;
                p.expect(Kind::TypeComment)
            });
            if comment.is_some() {
                self.raise("bare * has associated type comment");
                return None;
            }
        }
        let default = self.alt(|p| {
            p.expect(Kind::Star)?;
            p.param(owner)?;
            p.expect(Kind::Equal)
        });
        if let Some(equal) = default {
            self.raise_token(equal, "var-positional argument cannot have default value");
            return None;
        }
        let second = self.alt(|p| {
            p.expect(Kind::Star)?;
            p.param_no_default(owner).map(drop).or_else(|| p.expect(Kind::Comma).map(drop))?;
            p.many(|p| p.param_maybe_default(owner))?;
            let star = p.expect(Kind::Star)?;
            p.param_no_default(owner).map(drop).or_else(|| p.expect(Kind::Comma).map(drop))?;
            Some(star)
        })?;
        self.raise_token(second, "* argument may appear only once");
        None
    }

    pub(super) fn invalid_kwds(&mut self, owner: Owner) -> Option<()> {
        let default = self.alt(|p| {
            p.expect(Kind::DoubleStar)?;
            p.param(owner)?;
            p.expect(Kind::Equal)
        });
        if let Some(equal) = default {
            self.raise_token(equal, "var-keyword argument cannot have default value");
            return None;
        }
        const MESSAGE: &str = "arguments cannot follow var-keyword argument";
        let param = self.alt(|p| {
            p.expect(Kind::DoubleStar)?;
            p.param(owner)?;
            p.expect(Kind::Comma)?;
            p.param(owner)
        });
        if let Some(param) = param {
            self.raise_node(param, MESSAGE);
            return None;
        }
        let star = self.alt(|p| {
            p.expect(Kind::DoubleStar)?;
            p.param(owner)?;
            p.expect(Kind::Comma)?;
            p.expect_any(&[Kind::Star, Kind::DoubleStar, Kind::Slash])
        })?;
        self.raise_token(star, MESSAGE);
        None
    }
}
