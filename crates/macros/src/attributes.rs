//! The attributes on a function or method that the macros consume, and its documentation.

use crate::signature::Signature;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Result, Token};

/// What stands in the parentheses of `#[pyfunction(…)]`, `#[method(…)]` and their like.
#[derive(Default)]
pub struct ItemArgs {
    /// The Python name, where it differs from Rust's.
    pub name: Option<String>,
    /// `pass_module`, `coexist`.
    pub words: Vec<Ident>,
}

impl ItemArgs {
    pub fn has(&self, word: &str) -> bool {
        self.words.iter().any(|w| w == word)
    }
}

impl Parse for ItemArgs {
    fn parse(input: ParseStream) -> Result<Self> {
        let mut args = ItemArgs::default();
        while !input.is_empty() {
            if input.peek(LitStr) {
                args.name = Some(input.parse::<LitStr>()?.value());
            } else {
                let word: Ident = input.parse()?;
                if word == "name" {
                    input.parse::<Token![=]>()?;
                    args.name = Some(input.parse::<LitStr>()?.value());
                } else if word == "pass_module" || word == "coexist" {
                    args.words.push(word);
                } else {
                    return Err(syn::Error::new(word.span(), "expected a name, `pass_module` or `coexist`"));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(args)
    }
}

/// What kind of member a function of the `impl` block is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Method,
    ClassMethod,
    StaticMethod,
    Getter,
    Setter,
    /// Named as a slot, marked `#[raw]`: already the C function.
    Raw,
    /// Named as a slot, or a plain Rust function.
    Unmarked,
}

/// The consumed attributes of one function.
pub struct FnAttributes {
    pub role: Role,
    pub args: ItemArgs,
    pub signature: Option<Signature>,
    pub doc: String,
    /// `#[cfg(…)]`s, to be repeated on what is generated.
    pub cfgs: Vec<Attribute>,
}

/// Takes the macros' own attributes off `attrs`.
pub fn take(attrs: &mut Vec<Attribute>) -> Result<FnAttributes> {
    let mut out = FnAttributes {
        role: Role::Unmarked,
        args: ItemArgs::default(),
        signature: None,
        doc: doc_of(attrs),
        cfgs: attrs.iter().filter(|a| a.path().is_ident("cfg")).cloned().collect(),
    };
    let mut kept = Vec::with_capacity(attrs.len());
    for attr in attrs.drain(..) {
        let role = match attr.path().get_ident().map(Ident::to_string).as_deref() {
            Some("method") => Role::Method,
            Some("classmethod") => Role::ClassMethod,
            Some("staticmethod") => Role::StaticMethod,
            Some("getter") => Role::Getter,
            Some("setter") => Role::Setter,
            Some("raw") => Role::Raw,
            Some("signature") => {
                out.signature = Some(attr.parse_args_with(Signature::parse_attribute)?);
                continue;
            }
            _ => {
                kept.push(attr);
                continue;
            }
        };
        if out.role != Role::Unmarked {
            return Err(syn::Error::new_spanned(&attr, "a function can have only one role"));
        }
        out.role = role;
        if matches!(attr.meta, Meta::List(_)) {
            out.args = attr.parse_args()?;
        }
    }
    *attrs = kept;
    Ok(out)
}

/// The text of the doc comments, as Python shows it: common indentation removed, no blank lines at the ends.
pub fn doc_of(attrs: &[Attribute]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for attr in attrs.iter().filter(|a| a.path().is_ident("doc")) {
        if let Meta::NameValue(nv) = &attr.meta
            && let Expr::Lit(ExprLit { lit: Lit::Str(s), .. }) = &nv.value
        {
            lines.extend(s.value().split('\n').map(|l| l.trim_end().to_owned()));
        }
    }
    let indent =
        lines.iter().filter(|l| !l.is_empty()).map(|l| l.len() - l.trim_start_matches(' ').len()).min().unwrap_or(0);
    let text: Vec<&str> = lines.iter().map(|l| if l.len() >= indent { &l[indent..] } else { "" }).collect();
    text.join("\n").trim_matches('\n').to_owned()
}
