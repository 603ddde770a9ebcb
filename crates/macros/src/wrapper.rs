//! C-callable wrappers around Rust functions: argument unpacking and conversion as the signature says.

use crate::signature::{DefaultValue, Kind, Param, Receiver, Signature};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::ffi::CString;
use syn::{FnArg, GenericArgument, Pat, PathArguments, Result, Type};

/// The part of a Rust function's own signature that matters to its wrapper.
pub struct RustFn {
    pub ident: Ident,
    /// It takes `&self`.
    pub has_self: bool,
    /// It takes `py: Python` after the receiver.
    pub has_py: bool,
    /// The parameters after those.
    pub names: Vec<String>,
    pub types: Vec<Type>,
}

impl RustFn {
    pub fn new(sig: &syn::Signature) -> Result<RustFn> {
        if let Some(p) = sig.generics.type_params().next() {
            return Err(syn::Error::new_spanned(p, "a function called from Python cannot be generic"));
        }
        let mut this =
            RustFn { ident: sig.ident.clone(), has_self: false, has_py: false, names: Vec::new(), types: Vec::new() };
        for (i, arg) in sig.inputs.iter().enumerate() {
            match arg {
                FnArg::Receiver(r) => {
                    if r.reference.is_none() || r.mutability.is_some() {
                        return Err(syn::Error::new_spanned(r, "the receiver is `&self`"));
                    }
                    this.has_self = true;
                }
                FnArg::Typed(t) => {
                    if i <= this.has_self as usize && !this.has_py && last_segment(&t.ty).is_some_and(|s| s == "Python")
                    {
                        this.has_py = true;
                        continue;
                    }
                    this.names.push(match &*t.pat {
                        Pat::Ident(p) => plain_name(&p.ident).trim_start_matches('_').to_owned(),
                        _ => format!("arg{i}"),
                    });
                    this.types.push((*t.ty).clone());
                }
            }
        }
        Ok(this)
    }
}

/// The identifier without `r#`.
pub fn plain_name(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map(str::to_owned).unwrap_or(name)
}

fn last_segment(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(p) => p.path.segments.last().map(|s| &s.ident),
        _ => None,
    }
}

/// The type inside `Option<…>`, if that is what it is.
fn option_inner(ty: &Type) -> Option<&Type> {
    let Type::Path(p) = ty else { return None };
    let segment = p.path.segments.last().filter(|s| s.ident == "Option")?;
    let PathArguments::AngleBracketed(args) = &segment.arguments else {
        return None;
    };
    args.args.iter().find_map(|a| match a {
        GenericArgument::Type(t) => Some(t),
        _ => None,
    })
}

fn is_ref_to(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Reference(r) if last_segment(&r.elem).is_some_and(|s| s == name))
}

/// `Py` or `Py<PyObject>`.
fn is_owned_object(ty: &Type) -> bool {
    let Type::Path(p) = ty else { return false };
    let Some(segment) = p.path.segments.last().filter(|s| s.ident == "Py") else {
        return false;
    };
    match &segment.arguments {
        PathArguments::None => true,
        PathArguments::AngleBracketed(a) => a
            .args
            .iter()
            .any(|g| matches!(g, GenericArgument::Type(t) if last_segment(t).is_some_and(|s| s == "PyObject"))),
        PathArguments::Parenthesized(_) => false,
    }
}

/// A NUL-terminated literal; interior NULs cannot occur in a name or doc comment, and are dropped.
pub fn c_literal(text: &str) -> Literal {
    let bytes: Vec<u8> = text.bytes().filter(|b| *b != 0).collect();
    Literal::c_string(&CString::new(bytes).unwrap_or_default())
}

/// The path all generated code goes through.
pub fn rt() -> TokenStream {
    quote!(::taipan_object::declare::rt)
}

/// How the arguments arrive.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `METH_NOARGS`.
    None,
    /// `METH_O`.
    One,
    /// `METH_FASTCALL`: `args`, `nargs`.
    Fast,
    /// `METH_FASTCALL | METH_KEYWORDS`: `args`, `nargs`, `kwnames`.
    FastKeywords,
    /// `args` is a tuple, `kwargs` a dict or null.
    Tuple,
}

/// A Rust function with its Python signature.
pub struct Callable {
    pub rust: RustFn,
    /// What to call, e.g. `PySlice::indices`.
    pub path: TokenStream,
    /// The name in error messages.
    pub fname: String,
    pub signature: Signature,
    /// Rust arguments before the Python ones (`cls`, the module); their number is not counted in `rust.types`.
    pub leading: Vec<TokenStream>,
}

impl Callable {
    /// `skip`: how many of the Rust function's parameters are passed by `leading`. Without `signature`, the rest are
    /// required and positional-only.
    pub fn new(
        mut rust: RustFn,
        path: TokenStream,
        fname: String,
        signature: Option<Signature>,
        receiver: Receiver,
        leading: Vec<TokenStream>,
        skip: usize,
    ) -> Result<Callable> {
        if rust.types.len() < skip {
            return Err(syn::Error::new(rust.ident.span(), "a parameter is missing (the class or the module)"));
        }
        rust.types.drain(..skip);
        rust.names.drain(..skip);
        let mut signature = signature.unwrap_or_else(|| Signature::positional(rust.names.clone(), rust.ident.span()));
        signature.strip_receiver(receiver);
        if signature.params.len() != rust.types.len() {
            return Err(syn::Error::new(
                signature.span,
                format!(
                    "the signature has {} parameters, the function takes {}",
                    signature.params.len(),
                    rust.types.len()
                ),
            ));
        }
        Ok(Callable { rust, path, fname, signature, leading })
    }

    /// The leanest calling convention for a method or function.
    pub fn source(&self) -> Source {
        let params = &self.signature.params;
        match params.as_slice() {
            [] => Source::None,
            [p] if p.kind == Kind::PositionalOnly && p.default.is_none() => Source::One,
            _ if self.signature.positional_only() => Source::Fast,
            _ => Source::FastKeywords,
        }
    }

    /// `ml_flags` for [`Callable::source`].
    pub fn method_flags(&self) -> TokenStream {
        let rt = rt();
        match self.source() {
            Source::None => quote!(#rt::METH_NOARGS),
            Source::One => quote!(#rt::METH_O),
            Source::Fast => quote!(#rt::METH_FASTCALL),
            _ => quote!(#rt::METH_FASTCALL | #rt::METH_KEYWORDS),
        }
    }

    fn spec(&self) -> TokenStream {
        let rt = rt();
        let s = &self.signature;
        let fname = &self.fname;
        let names = s.named().map(|p| p.name.trim_start_matches('$'));
        let posonly = s.count(Kind::PositionalOnly) as u16;
        let (min, max, min_kw) = (s.min_positional() as u16, s.max_positional() as u16, s.min_keyword_only() as u16);
        let (varpos, varkw) = (s.has(Kind::VarPositional), s.has(Kind::VarKeyword));
        quote! {
            static SPEC: #rt::ArgSpec =
                #rt::ArgSpec::new(#fname, &[#(#names),*], #posonly, #min, #max, #min_kw, #varpos, #varkw);
        }
    }

    /// Statements that unpack and convert the arguments, and the call; the value of the block is the Rust function's
    /// result. `fail` is returned when an argument is wrong. In scope: `py`, and what `source` says.
    ///
    /// `exact`: for `tp_new` and `tp_init`, an expression of type `bool`: must superfluous arguments be refused?
    pub fn body(&self, source: Source, fail: &TokenStream, exact: Option<TokenStream>) -> Result<TokenStream> {
        let rt = rt();
        let s = &self.signature;
        let spec = self.spec();
        let n = s.named().count();
        let needs_spec = !s.params.is_empty() || source == Source::Tuple;
        let spec = if needs_spec { spec } else { TokenStream::new() };
        let prologue = match source {
            Source::None | Source::One => TokenStream::new(),
            Source::Fast => quote! {
                let argv = match #rt::positional(&SPEC, args, nargs) { Ok(a) => a, Err(_) => return #fail };
            },
            Source::FastKeywords => quote! {
                let mut buf = #rt::ArgBuf::<#n>::new();
                let argv = match #rt::unpack(&SPEC, args, nargs, kwnames, &mut buf) { Ok(a) => a, Err(_) => return #fail };
            },
            Source::Tuple => {
                let exact = exact.unwrap_or_else(|| quote!(true));
                if s.positional_only() {
                    let check = if s.params.is_empty() {
                        quote!(#rt::refuse_arguments(&SPEC, nargs, kwargs))
                    } else {
                        quote!(#rt::refuse_keywords(&SPEC, kwargs))
                    };
                    let unpack = if s.params.is_empty() {
                        TokenStream::new()
                    } else {
                        quote! {
                            let argv = match #rt::positional(&SPEC, args, nargs) { Ok(a) => a, Err(_) => return #fail };
                        }
                    };
                    let has_any = if s.params.is_empty() {
                        quote!(nargs != 0 || !kwargs.is_null())
                    } else {
                        quote!(!kwargs.is_null())
                    };
                    quote! {
                        let (args, nargs) = #rt::tuple_parts(args);
                        if #has_any && #exact && #check.is_err() { return #fail; }
                        #unpack
                    }
                } else {
                    quote! {
                        let (args, nargs) = #rt::tuple_parts(args);
                        let mut buf = #rt::ArgBuf::<#n>::new();
                        let argv = match #rt::unpack_dict(&SPEC, args, nargs, kwargs, &mut buf) { Ok(a) => a, Err(_) => return #fail };
                    }
                }
            }
        };
        let mut bindings = Vec::new();
        let mut locals = Vec::new();
        let mut index = 0usize;
        for (param, ty) in s.params.iter().zip(&self.rust.types) {
            let local = format_ident!("a{}", locals.len());
            let tokens = match param.kind {
                Kind::VarPositional => {
                    let max = s.max_positional();
                    quote!(let #local = #rt::Args::rest(args, nargs, #max);)
                }
                Kind::VarKeyword => {
                    let kw = match source {
                        Source::Tuple => quote!(#rt::KwArgs::from_dict(&SPEC, kwargs)),
                        _ => quote!(#rt::KwArgs::from_vectorcall(&SPEC, args, nargs, kwnames)),
                    };
                    if option_inner(ty).is_some() {
                        quote! {
                            let owned_kwargs = match #kw.into_dict(py) { Ok(d) => d, Err(_) => return #fail };
                            let #local = owned_kwargs.as_deref();
                        }
                    } else {
                        quote!(let #local = #kw;)
                    }
                }
                _ => {
                    let t = self.convert(param, ty, index, source, fail)?;
                    index += 1;
                    quote!(let #local = #t;)
                }
            };
            bindings.push(tokens);
            locals.push(local);
        }
        let call = self.call(&locals);
        Ok(quote! { #spec #prologue #(#bindings)* #call })
    }

    /// The call itself, in the function's own span so that type errors point there.
    fn call(&self, locals: &[Ident]) -> TokenStream {
        let path = &self.path;
        let leading = &self.leading;
        let py = self.rust.has_py.then(|| quote!(py,));
        // `&self` comes before the token, a class or module after it.
        if self.rust.has_self {
            let (this, rest) = leading.split_first().map_or((TokenStream::new(), &[][..]), |(t, r)| (quote!(#t,), r));
            quote_spanned!(here(&self.rust.ident)=> #path(#this #py #(#rest,)* #(#locals),*))
        } else {
            quote_spanned!(here(&self.rust.ident)=> #path(#py #(#leading,)* #(#locals),*))
        }
    }

    /// The expression for one named parameter.
    fn convert(
        &self,
        param: &Param,
        ty: &Type,
        index: usize,
        source: Source,
        fail: &TokenStream,
    ) -> Result<TokenStream> {
        let rt = rt();
        let required = param.default.is_none();
        let pointer = match (source, required) {
            (Source::One, _) => quote!(arg),
            (_, true) => quote!(argv.get(#index)),
            (_, false) => quote!(argv.get_opt(#index)),
        };
        // `METH_O` functions say "argument", others "argument 1" or "argument 'x'".
        let place = if source == Source::One { quote!(#rt::WHOLE) } else { quote!(#index) };
        let one = |ty: &Type| -> TokenStream {
            if is_ref_to(ty, "PyObject") {
                quote!(#rt::borrow(p))
            } else if is_owned_object(ty) {
                quote!(#rt::Py::new_ref(#rt::borrow(p)))
            } else {
                quote_spanned!(here(&self.rust.ident)=>
                match #rt::FromArg::from_arg(py, #rt::borrow(p), #rt::ArgContext::new(&SPEC, #place)) {
                    Ok(v) => v,
                    Err(_) => return #fail,
                })
            }
        };
        if let Some(inner) = option_inner(ty) {
            let none_means_absent = matches!(&param.default, None | Some((_, DefaultValue::None)));
            let absent = if none_means_absent { quote!(#rt::absent_or_none(p)) } else { quote!(p.is_null()) };
            let value = one(inner);
            return Ok(quote!({ let p = #pointer; if #absent { None } else { Some(#value) } }));
        }
        let value = one(ty);
        let Some((text, default)) = &param.default else {
            return Ok(quote!({ let p = #pointer; #value }));
        };
        let default = self.default_tokens(param, ty, text, default)?;
        Ok(quote!({ let p = #pointer; if p.is_null() { #default } else { #value } }))
    }

    fn default_tokens(&self, param: &Param, ty: &Type, text: &str, default: &DefaultValue) -> Result<TokenStream> {
        let rt = rt();
        let type_name = last_segment(ty).map(Ident::to_string).unwrap_or_default();
        let is_float = matches!(type_name.as_str(), "f64" | "f32");
        let is_bool = type_name == "bool";
        let number = |t: &str| -> Option<TokenStream> { t.parse().ok() };
        let tokens = match default {
            DefaultValue::None if is_ref_to(ty, "PyObject") => Some(quote!(#rt::none())),
            DefaultValue::None if is_owned_object(ty) => Some(quote!(py.none())),
            DefaultValue::Bool(b) if is_bool => Some(quote!(#b)),
            DefaultValue::Bool(b) if !is_float && matches!(ty, Type::Path(_)) => number(if *b { "1" } else { "0" }),
            DefaultValue::Int(t) if is_bool => Some(if t == "0" { quote!(false) } else { quote!(true) }),
            DefaultValue::Int(t) if is_float => number(&format!("{t}.0")),
            DefaultValue::Int(t) if matches!(ty, Type::Path(_)) => number(t),
            DefaultValue::Float(t) if is_float => number(t),
            DefaultValue::Str(t) if is_ref_to(ty, "str") => Some(quote!(#t)),
            DefaultValue::Str(t) if is_ref_to(ty, "PyStr") => Some(quote!(::taipan_object::id!(py, #t))),
            DefaultValue::Str(t) if type_name == "char" && t.chars().count() == 1 => {
                let c = t.chars().next();
                c.map(|c| quote!(#c))
            }
            _ => None,
        };
        tokens.ok_or_else(|| {
            syn::Error::new(
                self.signature.span,
                format!(
                    "the default `{text}` of `{}` has no value of this Rust type: make the parameter an Option",
                    param.name
                ),
            )
        })
    }

    /// The wrapper of a method or module function, named `wrapper`.
    pub fn method_wrapper(&self, wrapper: &Ident) -> Result<TokenStream> {
        let rt = rt();
        let source = self.source();
        let fail = quote!(#rt::NULL);
        let body = self.body(source, &fail, None)?;
        let params = match source {
            Source::None => quote!(_ignored: *mut #rt::PyObject),
            Source::One => quote!(arg: *mut #rt::PyObject),
            Source::Fast => quote!(args: *const *mut #rt::PyObject, nargs: isize),
            _ => quote!(args: *const *mut #rt::PyObject, nargs: isize, kwnames: *mut #rt::PyObject),
        };
        let count = matches!(source, Source::Fast | Source::FastKeywords).then(|| quote!(let nargs = nargs as usize;));
        Ok(quote! {
            unsafe extern "C" fn #wrapper(this: *mut #rt::PyObject, #params) -> *mut #rt::PyObject {
                unsafe {
                    let py = #rt::Python::assume();
                    #count
                    let result = { #body };
                    #rt::IntoReturn::into_return(result, py)
                }
            }
        })
    }

    /// `ml_doc`: the signature and the documentation, as CPython joins them.
    pub fn doc(&self, receiver: Receiver, name: &str, doc: &str) -> Literal {
        c_literal(&doc_with_signature(&self.signature, receiver, name, doc))
    }
}

/// `name($self, x, /)\n--\n\ndoc`.
pub fn doc_with_signature(signature: &Signature, receiver: Receiver, name: &str, doc: &str) -> String {
    if signature.hidden { doc.to_owned() } else { format!("{name}{}\n--\n\n{doc}", signature.text(receiver)) }
}

/// A `PyMethodDef` expression.
pub fn method_def(name: &str, wrapper: &Ident, flags: TokenStream, doc: Literal) -> TokenStream {
    let rt = rt();
    let name = c_literal(name);
    quote!(#rt::PyMethodDef::new(#name, #wrapper as *const ::core::ffi::c_void, #flags, #doc))
}

/// The span for code that calls `function`: errors point at it, while the names in the code are those of the macro's own,
/// also where the function comes out of a `macro_rules!` macro.
pub fn here(function: &Ident) -> Span {
    function.span().resolved_at(Span::call_site())
}

/// An identifier at the place of the macro call.
pub fn ident(name: impl AsRef<str>) -> Ident {
    Ident::new(name.as_ref(), Span::call_site())
}
