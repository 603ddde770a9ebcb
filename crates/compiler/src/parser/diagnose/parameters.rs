//! The parameters of functions and lambdas, which differ in annotations and in what ends them.

use super::token::Kind;
use super::{Node, NodeKind, Parser};

/// Whose parameters are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Function,
    Lambda,
}

impl Owner {
    /// What ends the parameters.
    pub(super) fn end(self) -> Kind {
        match self {
            Owner::Function => Kind::Rpar,
            Owner::Lambda => Kind::Colon,
        }
    }
}

impl Parser<'_> {
    pub(super) fn params(&mut self) -> Option<()> {
        self.try_invalid(|p| p.invalid_parameters(Owner::Function))
            .or_else(|| self.alt(|p| p.parameters(Owner::Function)))
    }

    pub(super) fn lambda_params(&mut self) -> Option<()> {
        self.try_invalid(|p| p.invalid_parameters(Owner::Lambda)).or_else(|| self.alt(|p| p.parameters(Owner::Lambda)))
    }

    fn parameters(&mut self, owner: Owner) -> Option<()> {
        let mut result = self.alt(|p| {
            p.slash_no_default(owner)?;
            p.many(|p| p.param_no_default(owner))?;
            p.many(|p| p.param_with_default(owner))?;
            p.optional(|p| p.star_etc(owner))?;
            Some(())
        });
        result = result.or_else(|| {
            self.alt(|p| {
                p.slash_with_default(owner)?;
                p.many(|p| p.param_with_default(owner))?;
                p.optional(|p| p.star_etc(owner))?;
                Some(())
            })
        });
        result = result.or_else(|| {
            self.alt(|p| {
                p.many1(|p| p.param_no_default(owner))?;
                p.many(|p| p.param_with_default(owner))?;
                p.optional(|p| p.star_etc(owner))?;
                Some(())
            })
        });
        result = result.or_else(|| {
            self.alt(|p| {
                p.many1(|p| p.param_with_default(owner))?;
                p.optional(|p| p.star_etc(owner))?;
                Some(())
            })
        });
        result.or_else(|| self.alt(|p| p.star_etc(owner)))
    }

    /// `/` with a comma, or at the end.
    fn slash(&mut self, owner: Owner) -> Option<()> {
        self.expect(Kind::Slash)?;
        if self.expect(Kind::Comma).is_some() || self.at(&[owner.end()]) { Some(()) } else { None }
    }

    pub(super) fn slash_no_default(&mut self, owner: Owner) -> Option<()> {
        self.alt(|p| {
            p.many1(|p| p.param_no_default(owner))?;
            p.slash(owner)
        })
    }

    pub(super) fn slash_with_default(&mut self, owner: Owner) -> Option<()> {
        self.alt(|p| {
            p.many(|p| p.param_no_default(owner))?;
            p.many1(|p| p.param_with_default(owner))?;
            p.slash(owner)
        })
    }

    fn star_etc(&mut self, owner: Owner) -> Option<()> {
        if let Some(never) = self.try_invalid(|p| p.invalid_star_etc(owner)) {
            return Some(never);
        }
        let rest = |p: &mut Self| {
            p.many(|p| p.param_maybe_default(owner))?;
            p.optional(|p| p.kwds(owner))?;
            Some(())
        };
        let mut result = self.alt(|p| {
            p.expect(Kind::Star)?;
            p.param_no_default(owner)?;
            rest(p)
        });
        if owner == Owner::Function {
            result = result.or_else(|| {
                self.alt(|p| {
                    p.expect(Kind::Star)?;
                    p.param_no_default_star_annotation()?;
                    rest(p)
                })
            });
        }
        result = result.or_else(|| {
            self.alt(|p| {
                p.expect(Kind::Star)?;
                p.expect(Kind::Comma)?;
                p.many1(|p| p.param_maybe_default(owner))?;
                p.optional(|p| p.kwds(owner))?;
                Some(())
            })
        });
        result.or_else(|| self.alt(|p| p.kwds(owner)))
    }

    fn kwds(&mut self, owner: Owner) -> Option<()> {
        if let Some(never) = self.try_invalid(|p| p.invalid_kwds(owner)) {
            return Some(never);
        }
        self.alt(|p| {
            p.expect(Kind::DoubleStar)?;
            p.param_no_default(owner)?;
            Some(())
        })
    }

    /// What follows a parameter: a comma, or the end; with a type comment for functions.
    fn param_end(&mut self, owner: Owner, first: usize) -> Option<()> {
        let comma = self.alt(|p| {
            p.expect(Kind::Comma)?;
            if owner == Owner::Function {
                let comment = p.optional(|p| p.expect(Kind::TypeComment))?;
                p.attach_type_comment(first, comment);
            }
            Some(())
        });
        comma.or_else(|| {
            self.alt(|p| {
                if owner == Owner::Function {
                    let comment = p.optional(|p| p.expect(Kind::TypeComment))?;
                    p.attach_type_comment(first, comment);
                }
                if p.at(&[owner.end()]) { Some(()) } else { None }
            })
        })
    }

    pub(super) fn param_no_default(&mut self, owner: Owner) -> Option<Node> {
        self.alt(|p| {
            let param = p.param(owner)?;
            p.param_end(owner, p.data(param).first)?;
            Some(param)
        })
    }

    fn param_no_default_star_annotation(&mut self) -> Option<()> {
        self.alt(|p| {
            let start = p.mark;
            p.name()?;
            p.expect(Kind::Colon)?;
            p.star_expression()?;
            p.param_end(Owner::Function, start)
        })
    }

    pub(super) fn param_with_default(&mut self, owner: Owner) -> Option<()> {
        self.alt(|p| {
            let param = p.param(owner)?;
            p.default_value()?;
            p.param_end(owner, p.data(param).first)
        })
    }

    pub(super) fn param_maybe_default(&mut self, owner: Owner) -> Option<()> {
        self.alt(|p| {
            let param = p.param(owner)?;
            p.optional(Self::default_value)?;
            p.param_end(owner, p.data(param).first)
        })
    }

    pub(super) fn param(&mut self, owner: Owner) -> Option<Node> {
        self.alt(|p| {
            let start = p.mark;
            p.name()?;
            if owner == Owner::Function {
                p.optional(|p| {
                    p.expect(Kind::Colon)?;
                    p.expression()
                })?;
            }
            Some(p.node(NodeKind::Other, start))
        })
    }

    fn default_value(&mut self) -> Option<()> {
        let value = self.alt(|p| {
            p.expect(Kind::Equal)?;
            p.expression()?;
            Some(())
        });
        value.or_else(|| self.try_invalid(Self::invalid_default))
    }
}
