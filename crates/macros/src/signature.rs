//! Python signatures: what `#[signature("(self, x, /, y=None, *args, key=0, **kwargs)")]` says.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Result, Token};

#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Kind {
    PositionalOnly,
    PositionalOrKeyword,
    VarPositional,
    KeywordOnly,
    VarKeyword,
}

/// A default value: its text, and what it is if it is a plain literal.
#[derive(Clone, Debug, PartialEq)]
pub enum DefaultValue {
    None,
    Bool(bool),
    Int(String),
    Float(String),
    Str(String),
    /// Anything else: the Rust parameter is an `Option`.
    Other,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub name: String,
    pub kind: Kind,
    pub default: Option<(String, DefaultValue)>,
}

/// What the receiver is called in `__text_signature__`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Receiver {
    SelfObject,
    Type,
    Module,
    /// A static method, or a type called to make an instance.
    Hidden,
}

#[derive(Clone, Debug)]
pub struct Signature {
    pub params: Vec<Param>,
    /// `__text_signature__` is to be None: the true signature cannot be written in Python.
    pub hidden: bool,
    /// `__text_signature__`, where it is not what the parameters give.
    pub shown: Option<String>,
    pub span: Span,
}

impl Signature {
    /// Parses `"(…)"`, `"(…)", hidden` or `"(…)", text = "(…)"`.
    pub fn parse_attribute(input: ParseStream) -> Result<Signature> {
        let text: LitStr = input.parse()?;
        let mut signature =
            Signature::parse(&text.value(), text.span()).map_err(|message| syn::Error::new(text.span(), message))?;
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            let word: Ident = input.parse()?;
            if word == "hidden" {
                signature.hidden = true;
            } else if word == "text" {
                input.parse::<Token![=]>()?;
                signature.shown = Some(input.parse::<LitStr>()?.value());
            } else {
                return Err(syn::Error::new(word.span(), "expected `hidden` or `text = \"…\"`"));
            }
        }
        Ok(signature)
    }

    /// A signature of required positional-only parameters.
    pub fn positional(names: Vec<String>, span: Span) -> Signature {
        let params = names.into_iter().map(|name| Param { name, kind: Kind::PositionalOnly, default: None }).collect();
        Signature { params, hidden: false, shown: None, span }
    }

    fn parse(text: &str, span: Span) -> core::result::Result<Signature, String> {
        let text = text.trim();
        let inner = text
            .strip_prefix('(')
            .and_then(|t| t.strip_suffix(')'))
            .ok_or_else(|| "a signature stands in parentheses".to_owned())?;
        let mut params: Vec<Param> = Vec::new();
        let mut kind = Kind::PositionalOrKeyword;
        for (i, part) in split_top_level(inner, ',').into_iter().enumerate() {
            let part = part.trim();
            if part.is_empty() {
                continue;
            }
            if part == "/" {
                if kind != Kind::PositionalOrKeyword {
                    return Err("`/` must come before `*`".to_owned());
                }
                params.iter_mut().for_each(|p| p.kind = Kind::PositionalOnly);
                continue;
            }
            if part == "*" {
                kind = Kind::KeywordOnly;
                continue;
            }
            let (name, default) = match split_top_level(part, '=').split_first() {
                Some((name, [])) => (name.trim(), None),
                Some((name, rest)) => {
                    let value = rest.join("=").trim().to_owned();
                    let parsed = DefaultValue::parse(&value);
                    (name.trim(), Some((value, parsed)))
                }
                None => continue,
            };
            let name = name.split(':').next().unwrap_or(name).trim();
            let (name, this) = if let Some(n) = name.strip_prefix("**") {
                (n, Kind::VarKeyword)
            } else if let Some(n) = name.strip_prefix('*') {
                kind = Kind::KeywordOnly;
                (n, Kind::VarPositional)
            } else {
                (name, kind)
            };
            let plain = name.strip_prefix('$').unwrap_or(name);
            if plain.is_empty() || !plain.chars().all(|c| c.is_alphanumeric() || c == '_') {
                return Err(format!("not a parameter name: `{name}`"));
            }
            if i != 0 && name.starts_with('$') {
                return Err("only the first parameter can start with `$`".to_owned());
            }
            params.push(Param { name: name.to_owned(), kind: this, default });
        }
        Ok(Signature { params, hidden: false, shown: None, span })
    }

    /// Takes off the receiver, if the signature names it.
    pub fn strip_receiver(&mut self, receiver: Receiver) {
        let names: &[&str] = match receiver {
            Receiver::SelfObject => &["self", "$self"],
            Receiver::Type => &["cls", "$cls", "type", "$type"],
            Receiver::Module => &["module", "$module"],
            Receiver::Hidden => &["cls", "$cls", "$type", "self", "$self"],
        };
        // A real parameter may be called `type` or `module`: then it is the only first one that could be meant, and
        // the author writes the receiver as well.
        if self.params.first().is_some_and(|p| p.default.is_none() && names.contains(&p.name.as_str())) {
            self.params.remove(0);
        }
    }

    /// The text of `__text_signature__`, parentheses included.
    pub fn text(&self, receiver: Receiver) -> String {
        if let Some(text) = &self.shown {
            return text.clone();
        }
        let mut parts: Vec<String> = Vec::new();
        match receiver {
            Receiver::SelfObject => parts.push("$self".to_owned()),
            Receiver::Type => parts.push("$type".to_owned()),
            Receiver::Module => parts.push("$module".to_owned()),
            Receiver::Hidden => {}
        }
        let mut slash_due = !parts.is_empty();
        let mut star_seen = false;
        for p in &self.params {
            if p.kind == Kind::PositionalOnly {
                slash_due = true;
            } else if slash_due {
                parts.push("/".to_owned());
                slash_due = false;
            }
            let default = p.default.as_ref().map(|(text, _)| format!("={text}")).unwrap_or_default();
            match p.kind {
                Kind::VarPositional => {
                    star_seen = true;
                    parts.push(format!("*{}", p.name));
                }
                Kind::VarKeyword => parts.push(format!("**{}", p.name)),
                Kind::KeywordOnly => {
                    if !star_seen {
                        star_seen = true;
                        parts.push("*".to_owned());
                    }
                    parts.push(format!("{}{default}", p.name));
                }
                Kind::PositionalOnly | Kind::PositionalOrKeyword => parts.push(format!("{}{default}", p.name)),
            }
        }
        if slash_due {
            parts.push("/".to_owned());
        }
        format!("({})", parts.join(", "))
    }

    /// The parameters that have a place of their own in the argument array: all but `*args` and `**kwargs`.
    pub fn named(&self) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(|p| !matches!(p.kind, Kind::VarPositional | Kind::VarKeyword))
    }

    pub fn has(&self, kind: Kind) -> bool {
        self.params.iter().any(|p| p.kind == kind)
    }

    pub fn count(&self, kind: Kind) -> usize {
        self.params.iter().filter(|p| p.kind == kind).count()
    }

    /// Number of parameters that positional arguments can fill, without `*args`.
    pub fn max_positional(&self) -> usize {
        self.count(Kind::PositionalOnly) + self.count(Kind::PositionalOrKeyword)
    }

    /// One more than the place of the last required positional parameter.
    pub fn min_positional(&self) -> usize {
        self.params
            .iter()
            .filter(|p| matches!(p.kind, Kind::PositionalOnly | Kind::PositionalOrKeyword))
            .enumerate()
            .filter(|(_, p)| p.default.is_none())
            .map(|(i, _)| i + 1)
            .last()
            .unwrap_or(0)
    }

    /// One more than the place of the last required keyword-only parameter, among the keyword-only ones.
    pub fn min_keyword_only(&self) -> usize {
        self.params
            .iter()
            .filter(|p| p.kind == Kind::KeywordOnly)
            .enumerate()
            .filter(|(_, p)| p.default.is_none())
            .map(|(i, _)| i + 1)
            .last()
            .unwrap_or(0)
    }

    /// True if no argument can be given by name.
    pub fn positional_only(&self) -> bool {
        self.params.iter().all(|p| matches!(p.kind, Kind::PositionalOnly | Kind::VarPositional))
    }
}

impl DefaultValue {
    fn parse(text: &str) -> DefaultValue {
        match text {
            "None" => return DefaultValue::None,
            "True" => return DefaultValue::Bool(true),
            "False" => return DefaultValue::Bool(false),
            _ => {}
        }
        let quoted = ['\'', '"'].into_iter().find_map(|q| text.strip_prefix(q).and_then(|t| t.strip_suffix(q)));
        if let Some(body) = quoted {
            return unescape(body).map_or(DefaultValue::Other, DefaultValue::Str);
        }
        let number = text.strip_prefix('-').unwrap_or(text);
        if !number.starts_with(|c: char| c.is_ascii_digit()) {
            return DefaultValue::Other;
        }
        if number.chars().all(|c| c.is_ascii_digit() || c == '_') || number.starts_with("0x") {
            return DefaultValue::Int(text.to_owned());
        }
        if number.parse::<f64>().is_ok() {
            return DefaultValue::Float(text.to_owned());
        }
        DefaultValue::Other
    }
}

fn unescape(body: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = body.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        out.push(match chars.next()? {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            '0' => '\0',
            c @ ('\\' | '\'' | '"') => c,
            _ => return None,
        });
    }
    Some(out)
}

/// Splits at `separator`, but not inside brackets or quotes.
fn split_top_level(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start, mut quote) = (0usize, 0, None);
    let mut escaped = false;
    for (i, c) in text.char_indices() {
        if let Some(q) = quote {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == q {
                quote = None;
            }
            continue;
        }
        match c {
            '\'' | '"' => quote = Some(c),
            '(' | '[' | '{' | '<' => depth += 1,
            ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
            c if c == separator && depth == 0 => {
                parts.push(&text[start..i]);
                start = i + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sig(text: &str) -> Signature {
        Signature::parse(text, Span::call_site()).unwrap()
    }

    #[test]
    fn texts_are_those_of_cpython() {
        let cases = [
            ("(self, len, /)", Receiver::SelfObject, "($self, len, /)"),
            ("(self, sep=None, maxsplit=-1)", Receiver::SelfObject, "($self, /, sep=None, maxsplit=-1)"),
            ("(self, /)", Receiver::SelfObject, "($self, /)"),
            ("(self)", Receiver::SelfObject, "($self, /)"),
            ("(iterable=(), /)", Receiver::Hidden, "(iterable=(), /)"),
            (
                "(x, y=<unrepresentable>, z=<unrepresentable>, /)",
                Receiver::Hidden,
                "(x, y=<unrepresentable>, z=<unrepresentable>, /)",
            ),
            (
                "(*args, sep=' ', end='\\n', file=None)",
                Receiver::Module,
                "($module, /, *args, sep=' ', end='\\n', file=None)",
            ),
            ("(a, x, lo=0, hi=None, *, key=None)", Receiver::Module, "($module, /, a, x, lo=0, hi=None, *, key=None)"),
            ("(cls, iterable, value=None, /)", Receiver::Type, "($type, iterable, value=None, /)"),
            ("(*coordinates)", Receiver::Module, "($module, /, *coordinates)"),
            ("()", Receiver::Hidden, "()"),
        ];
        for (text, receiver, expected) in cases {
            let mut s = sig(text);
            s.strip_receiver(receiver);
            assert_eq!(s.text(receiver), expected);
        }
    }

    #[test]
    fn counts() {
        let s = sig("(a, b=1, /, c=',', *args, d, e=None, **kw)");
        assert_eq!((s.count(Kind::PositionalOnly), s.min_positional(), s.max_positional()), (2, 1, 3));
        assert_eq!((s.min_keyword_only(), s.named().count()), (1, 5));
        assert!(s.has(Kind::VarPositional) && s.has(Kind::VarKeyword) && !s.positional_only());
        assert_eq!(s.params[2].default.as_ref().unwrap().1, DefaultValue::Str(",".into()));
        assert_eq!(s.params[1].default.as_ref().unwrap().1, DefaultValue::Int("1".into()));
    }
}
