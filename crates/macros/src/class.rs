//! `#[pyclass]`.

use crate::attributes::{self, FnAttributes, Role};
use crate::signature::{Receiver, Signature};
use crate::slots::{self, Suite};
use crate::wrapper::{
    Callable, RustFn, Source, c_literal, doc_with_signature, here, ident, method_def, plain_name, rt,
};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, Ident, ImplItem, ImplItemFn, ItemImpl, LitStr, Path, Result, Token, parenthesized};

/// `field [as "name"]: TYPE [readonly] ["doc"]`.
struct Member {
    field: Ident,
    name: Option<String>,
    kind: Ident,
    readonly: bool,
    doc: Option<String>,
}

impl Parse for Member {
    fn parse(input: ParseStream) -> Result<Self> {
        let field: Ident = input.parse()?;
        let mut name = None;
        if input.peek(Token![as]) {
            input.parse::<Token![as]>()?;
            name = Some(input.parse::<LitStr>()?.value());
        }
        input.parse::<Token![:]>()?;
        let kind = input.parse()?;
        let mut readonly = false;
        if input.peek(Ident) {
            let word: Ident = input.parse()?;
            if word != "readonly" {
                return Err(syn::Error::new(word.span(), "expected `readonly`"));
            }
            readonly = true;
        }
        let doc = if input.peek(LitStr) { Some(input.parse::<LitStr>()?.value()) } else { None };
        Ok(Member { field, name, kind, readonly, doc })
    }
}

/// What stands in the parentheses of `#[pyclass(…)]`.
#[derive(Default)]
pub struct ClassArgs {
    name: Option<LitStr>,
    doc: Option<String>,
    static_name: Option<Ident>,
    flags: Vec<Ident>,
    base: Option<Path>,
    metaclass: Option<Path>,
    members: Vec<Member>,
    weaklist: Option<Ident>,
    dict: Option<Ident>,
    vectorcall_offset: Option<Ident>,
    itemsize: Option<Expr>,
    basicsize: Option<Expr>,
    /// `tp_x = path to a C function` pairs.
    slots: Vec<(Ident, Expr)>,
    /// Bare words: see [`WORDS`].
    words: Vec<Ident>,
}

/// Keys without a value.
/// * `no_clear`: the collector visits the object but never empties it (immutable containers).
/// * `unhashable`: `tp_hash` raises TypeError.
/// * `iter_self`: `tp_iter` gives the object itself.
/// * `vectorcall`: calling the type goes straight to `tp_new`.
/// * `class_getitem`: `__class_getitem__` makes a generic alias.
const WORDS: [&str; 5] = ["no_clear", "unhashable", "iter_self", "vectorcall", "class_getitem"];

impl ClassArgs {
    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|w| w == word)
    }
    fn flag(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }
    fn gc(&self) -> bool {
        self.flag("GC") || self.flag("HAVE_GC")
    }
}

impl Parse for ClassArgs {
    fn parse(input: ParseStream) -> Result<Self> {
        let mut args = ClassArgs::default();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            let text = key.to_string();
            match text.as_str() {
                "flags" => {
                    let content;
                    parenthesized!(content in input);
                    args.flags = content.parse_terminated(Ident::parse, Token![,])?.into_iter().collect();
                }
                "members" => {
                    let content;
                    parenthesized!(content in input);
                    args.members = content.parse_terminated(Member::parse, Token![,])?.into_iter().collect();
                }
                "slots" => {
                    let content;
                    parenthesized!(content in input);
                    while !content.is_empty() {
                        let slot: Ident = content.parse()?;
                        if slots::suite_of(&slot.to_string()).is_none() {
                            return Err(syn::Error::new(slot.span(), "not a slot"));
                        }
                        content.parse::<Token![=]>()?;
                        let mut function: Expr = content.parse()?;
                        if let Expr::Path(p) = &mut function {
                            relocate(&mut p.path);
                        }
                        args.slots.push((slot, function));
                        if !content.is_empty() {
                            content.parse::<Token![,]>()?;
                        }
                    }
                }
                word if WORDS.contains(&word) => args.words.push(key),
                _ => {
                    input.parse::<Token![=]>()?;
                    match text.as_str() {
                        "name" => args.name = Some(input.parse()?),
                        "doc" => args.doc = Some(input.parse::<LitStr>()?.value()),
                        "static_name" => args.static_name = Some(input.parse()?),
                        "base" => args.base = Some(relocated(input)?),
                        "metaclass" => args.metaclass = Some(relocated(input)?),
                        "weaklist" => args.weaklist = Some(input.parse()?),
                        "dict" => args.dict = Some(input.parse()?),
                        "vectorcall_offset" => args.vectorcall_offset = Some(input.parse()?),
                        "itemsize" => args.itemsize = Some(input.parse()?),
                        "basicsize" => args.basicsize = Some(input.parse()?),
                        _ => return Err(syn::Error::new(key.span(), "unknown key of #[pyclass]")),
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(args)
    }
}

/// One entry of `tp_getset` in the making.
struct GetSet {
    name: String,
    get: Option<Ident>,
    set: Option<Ident>,
    doc: String,
    cfgs: Vec<Attribute>,
}

struct Builder {
    ty: TokenStream,
    /// The type's plain name: what error messages of its constructor call it.
    name: String,
    functions: Vec<TokenStream>,
    methods: Vec<TokenStream>,
    getset: Vec<GetSet>,
    /// Slot name → C function.
    slots: Vec<(String, TokenStream)>,
    /// Signature and documentation of the constructor, for the type's `__doc__`.
    constructor: Option<(Option<Signature>, String)>,
    custom_dealloc: bool,
    custom_traverse: bool,
}

pub fn expand(args: ClassArgs, block: &mut ItemImpl) -> Result<TokenStream> {
    let name = args.name.as_ref().ok_or_else(|| syn::Error::new_spanned(&block.self_ty, "a type needs a `name`"))?;
    let full_name = name.value();
    let short = full_name.rsplit('.').next().unwrap_or(&full_name).to_owned();
    let mut self_ty = (*block.self_ty).clone();
    if let syn::Type::Path(p) = &mut self_ty {
        relocate(&mut p.path);
    }
    let mut builder = Builder {
        ty: quote!(#self_ty),
        name: short.clone(),
        functions: Vec::new(),
        methods: Vec::new(),
        getset: Vec::new(),
        slots: Vec::new(),
        constructor: None,
        custom_dealloc: false,
        custom_traverse: false,
    };
    let mut errors: Option<syn::Error> = None;
    for item in &mut block.items {
        if let ImplItem::Fn(f) = item
            && let Err(e) = builder.function(f, &args)
        {
            match &mut errors {
                Some(all) => all.combine(e),
                None => errors = Some(e),
            }
        }
    }
    if let Some(e) = errors {
        return Err(e);
    }
    builder.finish(&args, &full_name, &attributes::doc_of(&block.attrs))
}

impl Builder {
    /// Takes the attributes off one function and adds what it declares.
    fn function(&mut self, f: &mut ImplItemFn, args: &ClassArgs) -> Result<()> {
        let taken = attributes::take(&mut f.attrs)?;
        let rust_name = plain_name(&f.sig.ident);
        match taken.role {
            Role::Method | Role::ClassMethod | Role::StaticMethod => self.method(f, taken, &rust_name),
            Role::Getter | Role::Setter => self.property(f, taken, &rust_name),
            Role::Raw => {
                if slots::suite_of(&rust_name).is_none() {
                    return Err(syn::Error::new_spanned(&f.sig.ident, "`#[raw]` stands on a slot"));
                }
                let (ty, function) = (&self.ty, &f.sig.ident);
                match rust_name.as_str() {
                    "tp_dealloc" => self.custom_dealloc = true,
                    "tp_traverse" => self.custom_traverse = true,
                    _ => {}
                }
                let path = quote!(<#ty>::#function);
                self.slots.push((rust_name, path));
                Ok(())
            }
            Role::Unmarked => {
                if slots::suite_of(&rust_name).is_none() {
                    if let Some(s) = &taken.signature {
                        return Err(syn::Error::new(s.span, "a signature stands on a method or a slot"));
                    }
                    return Ok(());
                }
                self.slot(f, taken, &rust_name, args)
            }
        }
    }

    fn method(&mut self, f: &ImplItemFn, taken: FnAttributes, rust_name: &str) -> Result<()> {
        let rt = rt();
        let ty = self.ty.clone();
        let name = taken.args.name.clone().unwrap_or_else(|| rust_name.to_owned());
        let rust = RustFn::new(&f.sig)?;
        let function = &f.sig.ident;
        let (receiver, leading, skip, extra) = match taken.role {
            Role::Method if rust.has_self => {
                (Receiver::SelfObject, vec![quote!(&*(this as *const #ty))], 0, TokenStream::new())
            }
            // A method without `&self` gets the raw object.
            Role::Method => (Receiver::SelfObject, vec![quote!(#rt::borrow(this))], 1, TokenStream::new()),
            Role::ClassMethod => {
                (Receiver::Type, vec![quote!(&*(this as *const #rt::PyTypeObject))], 1, quote!(| #rt::METH_CLASS))
            }
            _ => (Receiver::Hidden, Vec::new(), 0, quote!(| #rt::METH_STATIC)),
        };
        if taken.role != Role::Method && rust.has_self {
            return Err(syn::Error::new_spanned(function, "a class or static method has no `&self`"));
        }
        let coexist = taken.args.has("coexist").then(|| quote!(| #rt::METH_COEXIST));
        let wrapper = format_ident!("method_{}", rust_name);
        let callable =
            Callable::new(rust, quote!(<#ty>::#function), name.clone(), taken.signature, receiver, leading, skip)?;
        let cfgs = &taken.cfgs;
        let body = callable.method_wrapper(&wrapper)?;
        self.functions.push(quote!(#(#cfgs)* #body));
        let flags = callable.method_flags();
        let def =
            method_def(&name, &wrapper, quote!(#flags #extra #coexist), callable.doc(receiver, &name, &taken.doc));
        self.methods.push(quote!(#(#cfgs)* #def));
        Ok(())
    }

    fn property(&mut self, f: &ImplItemFn, taken: FnAttributes, rust_name: &str) -> Result<()> {
        let rt = rt();
        let ty = &self.ty;
        let rust = RustFn::new(&f.sig)?;
        let function = &f.sig.ident;
        let getter = taken.role == Role::Getter;
        let plain = if getter { rust_name } else { rust_name.strip_prefix("set_").unwrap_or(rust_name) };
        let name = taken.args.name.clone().unwrap_or_else(|| plain.to_owned());
        let expected = if getter { 0 } else { 1 } + !rust.has_self as usize;
        if rust.types.len() != expected {
            let message = if getter {
                "a getter takes `&self` and `py`"
            } else {
                "a setter takes `&self`, `py` and `value: Option<&PyObject>`"
            };
            return Err(syn::Error::new_spanned(function, message));
        }
        let py = rust.has_py.then(|| quote!(py,));
        // Without `&self` the raw object comes after the token.
        let receiver = if rust.has_self { quote!(&*(this as *const #ty), #py) } else { quote!(#py #rt::borrow(this),) };
        let wrapper = format_ident!("{}_{}", if getter { "get" } else { "set" }, rust_name);
        let cfgs = &taken.cfgs;
        let code = if getter {
            let call = quote_spanned!(here(function)=> <#ty>::#function(#receiver));
            quote! {
                unsafe extern "C" fn #wrapper(this: *mut #rt::PyObject, _closure: *mut ::core::ffi::c_void) -> *mut #rt::PyObject {
                    unsafe {
                        let py = #rt::Python::assume();
                        #rt::IntoReturn::into_return(#call, py)
                    }
                }
            }
        } else {
            let call = quote_spanned!(here(function)=> <#ty>::#function(#receiver #rt::borrow_nullable(value)));
            quote! {
                unsafe extern "C" fn #wrapper(this: *mut #rt::PyObject, value: *mut #rt::PyObject, _closure: *mut ::core::ffi::c_void) -> ::core::ffi::c_int {
                    unsafe {
                        let py = #rt::Python::assume();
                        #rt::IntoStatus::into_status(#call)
                    }
                }
            }
        };
        self.functions.push(quote!(#(#cfgs)* #code));
        let entry = match self.getset.iter_mut().find(|g| g.name == name) {
            Some(entry) => entry,
            None => {
                let cfgs = taken.cfgs.clone();
                self.getset.push(GetSet { name, get: None, set: None, doc: String::new(), cfgs });
                match self.getset.last_mut() {
                    Some(entry) => entry,
                    None => return Ok(()),
                }
            }
        };
        let place = if getter { &mut entry.get } else { &mut entry.set };
        if place.replace(wrapper).is_some() {
            return Err(syn::Error::new_spanned(function, "declared twice"));
        }
        if entry.doc.is_empty() || getter {
            entry.doc = if taken.doc.is_empty() { core::mem::take(&mut entry.doc) } else { taken.doc };
        }
        Ok(())
    }

    /// A function named as a slot.
    fn slot(&mut self, f: &ImplItemFn, taken: FnAttributes, name: &str, args: &ClassArgs) -> Result<()> {
        let rt = rt();
        let ty = self.ty.clone();
        let function = &f.sig.ident;
        let wrapper = format_ident!("slot_{}", name);
        let code = match name {
            "tp_dealloc" => {
                self.custom_dealloc = true;
                quote! {
                    unsafe extern "C" fn #wrapper(this: *mut #rt::PyObject) {
                        unsafe { <#ty>::#function(this as *mut #ty) }
                    }
                }
            }
            "tp_traverse" => {
                self.custom_traverse = true;
                quote! {
                    unsafe extern "C" fn #wrapper(this: *mut #rt::PyObject, visit: #rt::visitproc, arg: *mut ::core::ffi::c_void) -> ::core::ffi::c_int {
                        let mut visit = unsafe { #rt::Visit::from_raw(visit, arg) };
                        #rt::Visit::code(unsafe { <#ty>::#function(this as *mut #ty, &mut visit) })
                    }
                }
            }
            "tp_clear" => quote! {
                unsafe extern "C" fn #wrapper(this: *mut #rt::PyObject) -> ::core::ffi::c_int {
                    unsafe { <#ty>::#function(this as *mut #ty) };
                    0
                }
            },
            "tp_vectorcall" => {
                let rust = RustFn::new(&f.sig)?;
                let py = rust.has_py.then(|| quote!(py,));
                let call = quote_spanned!(here(function)=> <#ty>::#function(#py #rt::borrow(callable), args));
                quote! {
                    unsafe extern "C" fn #wrapper(callable: *mut #rt::PyObject, args: *const *mut #rt::PyObject, nargsf: usize, kwnames: *mut #rt::PyObject) -> *mut #rt::PyObject {
                        unsafe {
                            let py = #rt::Python::assume();
                            let args = #rt::Args::vectorcall(args, nargsf, kwnames);
                            #rt::IntoReturn::into_return(#call, py)
                        }
                    }
                }
            }
            "am_send" => {
                let rust = RustFn::new(&f.sig)?;
                let py = rust.has_py.then(|| quote!(py,));
                let call =
                    quote_spanned!(here(function)=> <#ty>::#function(&*(this as *const #ty), #py #rt::borrow(value)));
                quote! {
                    unsafe extern "C" fn #wrapper(this: *mut #rt::PyObject, value: *mut #rt::PyObject, result: *mut *mut #rt::PyObject) -> ::core::ffi::c_int {
                        unsafe {
                            let py = #rt::Python::assume();
                            #rt::send_status(#call, result)
                        }
                    }
                }
            }
            "tp_new" | "tp_init" | "tp_call" => return self.constructor_like(f, taken, name, args),
            _ => match slots::plain(name) {
                Some(slot) => slot.wrapper(&wrapper, &ty, &RustFn::new(&f.sig)?)?,
                None => {
                    return Err(syn::Error::new_spanned(
                        function,
                        "this slot must be written as a C function and marked `#[raw]`",
                    ));
                }
            },
        };
        self.functions.push(code);
        self.slots.push((name.to_owned(), quote!(#wrapper)));
        Ok(())
    }

    /// `tp_new`, `tp_init`, `tp_call`: a tuple and a dict come in.
    fn constructor_like(&mut self, f: &ImplItemFn, taken: FnAttributes, name: &str, args: &ClassArgs) -> Result<()> {
        let rt = rt();
        let ty = self.ty.clone();
        let function = &f.sig.ident;
        let rust = RustFn::new(&f.sig)?;
        let is_new = name == "tp_new";
        if is_new == rust.has_self {
            let message = if is_new { "`tp_new` takes `py` and `cls: &PyType`" } else { "the receiver is `&self`" };
            return Err(syn::Error::new_spanned(function, message));
        }
        let wrapper = format_ident!("slot_{}", name);
        let (fail, c_type, into) = if name == "tp_init" {
            (quote!(-1), quote!(::core::ffi::c_int), quote!(#rt::IntoStatus::into_status(result)))
        } else {
            (quote!(#rt::NULL), quote!(*mut #rt::PyObject), quote!(#rt::IntoReturn::into_return(result, py)))
        };
        let (this_type, leading) = if is_new {
            (quote!(#rt::PyTypeObject), quote!(&*this))
        } else {
            (quote!(#rt::PyObject), quote!(&*(this as *const #ty)))
        };
        if name != "tp_call" {
            let doc = (taken.signature.clone(), taken.doc.clone());
            match &mut self.constructor {
                // The one with a signature describes the class.
                Some((signature, _)) if signature.is_some() => {}
                slot => *slot = Some(doc),
            }
        }
        let takes_raw = taken.signature.is_none() && rust.types.len() == 2 + is_new as usize;
        let body = if takes_raw {
            let py = rust.has_py.then(|| quote!(py,));
            let first = if is_new { quote!(#py #leading,) } else { quote!(#leading, #py) };
            quote_spanned!(here(function)=>
                <#ty>::#function(#first &*(args as *const #rt::PyTuple), (kwargs as *const #rt::PyDict).as_ref()))
        } else {
            let receiver = if name == "tp_call" { Receiver::SelfObject } else { Receiver::Hidden };
            let fname = if name == "tp_call" { "__call__".to_owned() } else { self.name.clone() };
            let callable = Callable::new(
                rust,
                quote!(<#ty>::#function),
                fname,
                taken.signature.clone(),
                receiver,
                vec![leading],
                is_new as usize,
            )?;
            if let Some((signature @ Some(_), _)) = &mut self.constructor
                && name != "tp_call"
            {
                *signature = Some(callable.signature.clone());
            }
            // As CPython: superfluous arguments are refused unless a subclass overrides the other half of the pair.
            let exact = match name {
                "tp_new" => {
                    quote!(#rt::refuses_for_new(this, <#ty as #rt::PyClass>::type_object(py)))
                }
                "tp_init" => {
                    quote!(#rt::refuses_for_init(this, <#ty as #rt::PyClass>::type_object(py)))
                }
                _ => quote!(true),
            };
            if is_new && args.has("vectorcall") {
                self.constructor_vectorcall(&callable)?;
            }
            callable.body(Source::Tuple, &fail, Some(exact))?
        };
        self.functions.push(quote! {
            unsafe extern "C" fn #wrapper(this: *mut #this_type, args: *mut #rt::PyObject, kwargs: *mut #rt::PyObject) -> #c_type {
                unsafe {
                    let py = #rt::Python::assume();
                    let result = { #body };
                    #into
                }
            }
        });
        self.slots.push((name.to_owned(), quote!(#wrapper)));
        Ok(())
    }

    /// `tp_vectorcall` of the type, from `tp_new`.
    fn constructor_vectorcall(&mut self, callable: &Callable) -> Result<()> {
        let rt = rt();
        let fail = quote!(#rt::NULL);
        let positional = callable.signature.positional_only();
        let source = if positional { Source::Fast } else { Source::FastKeywords };
        let body = callable.body(source, &fail, None)?;
        let fname = &callable.fname;
        let check = positional.then(|| {
            quote! {
                if !kwnames.is_null() && #rt::refuse_kwnames(#fname, kwnames).is_err() { return #fail; }
            }
        });
        self.functions.push(quote! {
            unsafe extern "C" fn constructor_vectorcall(this: *mut #rt::PyObject, args: *const *mut #rt::PyObject, nargsf: usize, kwnames: *mut #rt::PyObject) -> *mut #rt::PyObject {
                unsafe {
                    let py = #rt::Python::assume();
                    let this = this as *mut #rt::PyTypeObject;
                    let nargs = nargsf & !#rt::VECTORCALL_ARGUMENTS_OFFSET;
                    #check
                    let result = { #body };
                    #rt::IntoReturn::into_return(result, py)
                }
            }
        });
        self.slots.push(("tp_vectorcall".to_owned(), quote!(constructor_vectorcall)));
        Ok(())
    }

    fn finish(mut self, args: &ClassArgs, full_name: &str, impl_doc: &str) -> Result<TokenStream> {
        let rt = rt();
        let ty = self.ty.clone();
        self.slots.extend(args.slots.iter().map(|(name, path)| (name.to_string(), quote!(#path))));
        if args.has("unhashable") {
            self.slots.push(("tp_hash".to_owned(), quote!(#rt::hash_not_implemented)));
        }
        if args.has("iter_self") {
            self.slots.push(("tp_iter".to_owned(), quote!(#rt::self_iter)));
        }
        if args.has("class_getitem") {
            let (name, doc) = (c_literal("__class_getitem__"), c_literal("See PEP 585"));
            self.methods.push(quote! {
                #rt::PyMethodDef::new(#name, #rt::class_getitem as *const ::core::ffi::c_void, #rt::METH_O | #rt::METH_CLASS, #doc)
            });
        }
        let has_slot = |slots: &[(String, TokenStream)], name: &str| slots.iter().any(|(n, _)| n == name);
        let declared_finalize = has_slot(&self.slots, "tp_finalize");
        self.custom_dealloc |= args.slots.iter().any(|(n, _)| n == "tp_dealloc");
        self.custom_traverse |= args.slots.iter().any(|(n, _)| n == "tp_traverse");
        if !self.custom_dealloc {
            self.slots.push(("tp_dealloc".to_owned(), quote!(#rt::dealloc::<#ty>)));
        }
        if args.gc() && !self.custom_traverse {
            self.slots.push(("tp_traverse".to_owned(), quote!(#rt::traverse::<#ty>)));
            if !args.has("no_clear") && !has_slot(&self.slots, "tp_clear") {
                self.slots.push(("tp_clear".to_owned(), quote!(#rt::clear::<#ty>)));
            }
        }

        let doc = self.type_doc(args, impl_doc);
        let tables = self.tables(args);
        let mut fields = Vec::new();
        for (name, function) in self.slots.iter().filter(|(n, _)| slots::suite_of(n) == Some(Suite::Type)) {
            let field = ident(name);
            fields.push(quote!(#field: ::core::cell::Cell::new(Some(#function))));
        }
        let mut suites = Vec::new();
        for (suite, struct_name, static_name, field) in [
            (Suite::Number, "PyNumberMethods", "AS_NUMBER", "tp_as_number"),
            (Suite::Sequence, "PySequenceMethods", "AS_SEQUENCE", "tp_as_sequence"),
            (Suite::Mapping, "PyMappingMethods", "AS_MAPPING", "tp_as_mapping"),
            (Suite::Async, "PyAsyncMethods", "AS_ASYNC", "tp_as_async"),
            (Suite::Buffer, "PyBufferProcs", "AS_BUFFER", "tp_as_buffer"),
        ] {
            let entries: Vec<TokenStream> = self
                .slots
                .iter()
                .filter(|(n, _)| slots::suite_of(n) == Some(suite))
                .map(|(name, function)| {
                    let slot = ident(name);
                    quote!(#slot: ::core::cell::Cell::new(Some(#function)))
                })
                .collect();
            if entries.is_empty() {
                continue;
            }
            let (struct_name, static_name, field) = (ident(struct_name), ident(static_name), ident(field));
            suites.push(quote! {
                static #static_name: #rt::#struct_name = #rt::#struct_name { #(#entries,)* ..#rt::#struct_name::EMPTY };
            });
            fields.push(quote!(#field: ::core::cell::Cell::new(&raw const #static_name)));
        }

        let flags: Vec<Ident> =
            args.flags.iter().map(|f| if f == "GC" { Ident::new("HAVE_GC", f.span()) } else { f.clone() }).collect();
        let vectorcall_flag = args.vectorcall_offset.is_some().then(|| quote!(| #rt::flags::HAVE_VECTORCALL));
        fields.push(
            quote!(tp_flags: ::core::cell::Cell::new(#rt::flags::DEFAULT #(| #rt::flags::#flags)* #vectorcall_flag)),
        );
        if let Some(doc) = doc {
            let doc = c_literal(&doc);
            fields.push(quote!(tp_doc: ::core::cell::Cell::new(#doc.as_ptr())));
        }
        if !self.methods.is_empty() {
            fields.push(quote!(tp_methods: ::core::cell::Cell::new(METHODS.as_ptr())));
        }
        if !args.members.is_empty() {
            fields.push(quote!(tp_members: ::core::cell::Cell::new(MEMBERS.as_ptr())));
        }
        if !self.getset.is_empty() {
            fields.push(quote!(tp_getset: ::core::cell::Cell::new(GETSET.as_ptr())));
        }
        for (field, offset) in [
            ("tp_weaklistoffset", &args.weaklist),
            ("tp_dictoffset", &args.dict),
            ("tp_vectorcall_offset", &args.vectorcall_offset),
        ] {
            if let Some(member) = offset {
                let field = ident(field);
                fields.push(quote!(#field: ::core::cell::Cell::new(::core::mem::offset_of!(#ty, #member) as isize)));
            }
        }
        if let Some(itemsize) = &args.itemsize {
            fields.push(quote!(tp_itemsize: ::core::cell::Cell::new(#itemsize)));
        }
        let is_static = args.static_name.is_some();
        if let (true, Some(base)) = (is_static, &args.base) {
            fields.push(quote!(tp_base: ::core::cell::Cell::new(<#base as #rt::PyClass>::STATIC_TYPE)));
        }
        if let (true, Some(metaclass)) = (is_static, &args.metaclass) {
            fields.push(quote! {
                ob_base: #rt::PyVarObject::static_head(<#metaclass as #rt::PyClass>::STATIC_TYPE, 0)
            });
        }
        let basicsize = match &args.basicsize {
            Some(e) => quote!(#e),
            None => quote!(::core::mem::size_of::<#ty>()),
        };
        let c_name = c_literal(full_name);
        let initialiser = quote!(#rt::PyTypeObject { #(#fields,)* ..#rt::PyTypeObject::empty(#c_name, #basicsize) });

        let class_impl = self.class_impl(args, full_name, declared_finalize);
        let functions = &self.functions;
        let module = format_ident!("__pyclass_{}", plain_name(&last_ident(&self.ty)));
        let (type_static, export) = match &args.static_name {
            Some(static_name) => {
                let text = format!("The type object of `{full_name}`.");
                (
                    quote! {
                        #[doc = #text]
                        #[unsafe(no_mangle)]
                        pub static #static_name: #rt::PyTypeObject = #initialiser;
                        use #static_name as TYPE;
                    },
                    quote!(pub use #module::#static_name;),
                )
            }
            None => (quote!(static TYPE: #rt::PyTypeObject = #initialiser;), TokenStream::new()),
        };
        Ok(quote! {
            #[doc(hidden)]
            #[allow(non_snake_case, unused, unsafe_code, clippy::all, clippy::undocumented_unsafe_blocks)]
            mod #module {
                use super::*;
                #(#functions)*
                #tables
                #(#suites)*
                #type_static
                #class_impl
            }
            #export
        })
    }

    /// `tp_doc`: what stands on the block, else on the constructor; with the constructor's signature, if it has one.
    fn type_doc(&self, args: &ClassArgs, impl_doc: &str) -> Option<String> {
        let (signature, constructor_doc) = match &self.constructor {
            Some((signature, doc)) => (signature.as_ref(), doc.as_str()),
            None => (None, ""),
        };
        let doc = [args.doc.as_deref().unwrap_or(""), impl_doc, constructor_doc].into_iter().find(|d| !d.is_empty());
        match signature {
            Some(s) if !s.hidden => Some(doc_with_signature(s, Receiver::Hidden, &self.name, doc.unwrap_or(""))),
            _ => doc.map(str::to_owned),
        }
    }

    /// `tp_methods`, `tp_members`, `tp_getset`.
    fn tables(&self, args: &ClassArgs) -> TokenStream {
        let rt = rt();
        let ty = &self.ty;
        let nullable = |doc: &str| {
            if doc.is_empty() {
                quote!(::core::ptr::null())
            } else {
                let doc = c_literal(doc);
                quote!(#doc.as_ptr())
            }
        };
        let mut out = TokenStream::new();
        if !self.methods.is_empty() {
            let methods = &self.methods;
            out.extend(quote!(static METHODS: &[#rt::PyMethodDef] = &[#(#methods,)* #rt::PyMethodDef::END];));
        }
        if !args.members.is_empty() {
            let members = args.members.iter().map(|m| {
                let name = c_literal(&m.name.clone().unwrap_or_else(|| plain_name(&m.field)));
                let (field, kind) = (&m.field, &m.kind);
                let flags = if m.readonly { quote!(#rt::member_flags::READONLY) } else { quote!(0) };
                let doc = nullable(m.doc.as_deref().unwrap_or(""));
                quote! {
                    #rt::PyMemberDef {
                        name: #name.as_ptr(),
                        type_: #rt::member_type::#kind,
                        offset: ::core::mem::offset_of!(#ty, #field) as isize,
                        flags: #flags,
                        doc: #doc,
                    }
                }
            });
            out.extend(quote!(static MEMBERS: &[#rt::PyMemberDef] = &[#(#members,)* #rt::PyMemberDef::END];));
        }
        if !self.getset.is_empty() {
            let entries = self.getset.iter().map(|g| {
                let name = c_literal(&g.name);
                let doc = nullable(&g.doc);
                let option = |f: &Option<Ident>| f.as_ref().map_or(quote!(None), |f| quote!(Some(#f)));
                let (get, set, cfgs) = (option(&g.get), option(&g.set), &g.cfgs);
                quote! {
                    #(#cfgs)*
                    #rt::PyGetSetDef {
                        name: #name.as_ptr(), get: #get, set: #set, doc: #doc, closure: ::core::ptr::null_mut(),
                    }
                }
            });
            out.extend(quote!(static GETSET: &[#rt::PyGetSetDef] = &[#(#entries,)* #rt::PyGetSetDef::END];));
        }
        out
    }

    fn class_impl(&self, args: &ClassArgs, full_name: &str, finalize: bool) -> TokenStream {
        let rt = rt();
        let ty = &self.ty;
        let name = &self.name;
        let is_static = args.static_name.is_some();
        let heap = !is_static;
        let gc = args.gc();
        let managed_dict = args.flag("MANAGED_DICT");
        let managed_weakref = args.flag("MANAGED_WEAKREF");
        let custom_dealloc = self.custom_dealloc;
        let static_type = if is_static { quote!(&raw const TYPE) } else { quote!(::core::ptr::null()) };
        let weaklist = match &args.weaklist {
            Some(field) => quote!(::core::mem::offset_of!(#ty, #field) as isize),
            None => quote!(0),
        };
        let (base_fn, chain, chain_check) = match &args.base {
            Some(base) => (
                quote!(Some(|py| <#base as #rt::PyClass>::type_object(py))),
                quote!(<#base as #rt::PyClass>::CUSTOM_DEALLOC || <#base as #rt::PyClass>::CHAIN_DEALLOC),
                if custom_dealloc {
                    TokenStream::new()
                } else {
                    quote! {
                        const _: () = assert!(
                            !<#ty as #rt::PyClass>::CHAIN_DEALLOC || !::core::mem::needs_drop::<#base>(),
                            "the base class has a tp_dealloc of its own and fields that drop themselves: they would be \
                             dropped twice. Wrap those fields in ManuallyDrop, or write a tp_dealloc here too"
                        );
                    }
                },
            ),
            None => (quote!(None), quote!(false), TokenStream::new()),
        };
        let metaclass = match &args.metaclass {
            Some(m) => quote!(Some(|py| <#m as #rt::PyClass>::type_object(py))),
            None => quote!(None),
        };
        let type_object = if is_static { quote!(&TYPE) } else { quote!(#rt::heap_type(py, &DECL)) };
        let subclass_flag = args.flags.iter().find(|f| f.to_string().ends_with("_SUBCLASS"));
        let check = if full_name == "object" {
            quote!(true)
        } else if let Some(flag) = subclass_flag {
            quote!(obj.ty().has_feature(#rt::flags::#flag))
        } else if !args.flag("BASETYPE") {
            quote!(obj.is_type(Self::type_object(unsafe { #rt::Python::assume() })))
        } else {
            quote!(#rt::type_check(obj, Self::type_object(unsafe { #rt::Python::assume() })))
        };
        // The head of all objects is not a class like the others: `&PyObject` is any object, unchecked.
        if last_ident(ty) == "PyObject" {
            return TokenStream::new();
        }
        quote! {
            static DECL: #rt::ClassDecl = #rt::ClassDecl::new(&TYPE, #is_static, #base_fn, #metaclass);
            #chain_check
            #[automatically_derived]
            unsafe impl #rt::PyClass for #ty {
                const NAME: &'static str = #name;
                const STATIC_TYPE: *const #rt::PyTypeObject = #static_type;
                const HEAP: bool = #heap;
                const GC: bool = #gc;
                const FINALIZE: bool = #finalize;
                const WEAKLIST: isize = #weaklist;
                const MANAGED_DICT: bool = #managed_dict;
                const MANAGED_WEAKREF: bool = #managed_weakref;
                const CUSTOM_DEALLOC: bool = #custom_dealloc;
                const CHAIN_DEALLOC: bool = #chain;
                #[inline]
                fn decl() -> &'static #rt::ClassDecl {
                    &DECL
                }
                #[inline(always)]
                fn type_object<'py>(py: #rt::Python<'py>) -> &'py #rt::PyTypeObject {
                    #type_object
                }
                #[inline(always)]
                fn check(obj: &#rt::PyObject) -> bool {
                    #check
                }
            }
        }
    }
}

fn relocated(input: ParseStream) -> Result<Path> {
    let mut path = input.parse()?;
    relocate(&mut path);
    Ok(path)
}

/// Generated code stands one module deeper: `self::…` and `super::…` go one up.
fn relocate(path: &mut Path) {
    if path.leading_colon.is_some() {
        return;
    }
    let up = Ident::new("super", proc_macro2::Span::call_site());
    match path.segments.first_mut() {
        Some(first) if first.ident == "self" => first.ident = up,
        Some(first) if first.ident == "super" => path.segments.insert(0, up.into()),
        _ => {}
    }
}

/// The last path segment of the type that the block is for.
fn last_ident(ty: &TokenStream) -> Ident {
    match syn::parse2::<syn::Type>(ty.clone()) {
        Ok(syn::Type::Path(p)) => p.path.segments.last().map(|s| s.ident.clone()).unwrap_or_else(|| ident("Class")),
        _ => ident("Class"),
    }
}
