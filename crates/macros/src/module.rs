//! `pymodule!`.

use crate::function::def_name;
use crate::wrapper::{c_literal, rt};
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, LitStr, Path, Result, Token, bracketed};

/// A path with the `#[cfg]`s in front of it.
struct Item {
    cfgs: Vec<Attribute>,
    path: Path,
}

impl Parse for Item {
    fn parse(input: ParseStream) -> Result<Self> {
        Ok(Item { cfgs: input.call(Attribute::parse_outer)?, path: input.parse()? })
    }
}

pub struct ModuleArgs {
    name: LitStr,
    doc: Option<LitStr>,
    functions: Vec<Item>,
    classes: Vec<Item>,
    exec: Option<Expr>,
    static_name: Ident,
}

fn list(input: ParseStream) -> Result<Vec<Item>> {
    let content;
    bracketed!(content in input);
    Ok(Punctuated::<Item, Token![,]>::parse_terminated(&content)?.into_iter().collect())
}

impl Parse for ModuleArgs {
    fn parse(input: ParseStream) -> Result<Self> {
        let (mut name, mut doc, mut exec, mut functions, mut classes) = (None, None, None, Vec::new(), Vec::new());
        let mut static_name = Ident::new("MODULE", proc_macro2::Span::call_site());
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            input.parse::<Token![:]>()?;
            match key.to_string().as_str() {
                "name" => name = Some(input.parse()?),
                "doc" => doc = Some(input.parse()?),
                "functions" => functions = list(input)?,
                "classes" => classes = list(input)?,
                "exec" => exec = Some(input.parse()?),
                "static_name" => static_name = input.parse()?,
                _ => {
                    return Err(syn::Error::new(
                        key.span(),
                        "expected `name`, `doc`, `functions`, `classes`, `exec` or `static_name`",
                    ));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let name = name.ok_or_else(|| input.error("a module needs a `name`"))?;
        Ok(ModuleArgs { name, doc, functions, classes, exec, static_name })
    }
}

pub fn expand(args: ModuleArgs) -> TokenStream {
    let rt = rt();
    let name = c_literal(&args.name.value());
    let doc = match &args.doc {
        Some(d) => {
            let d = c_literal(&d.value());
            quote!(Some(#d))
        }
        None => quote!(None),
    };
    let functions = args.functions.into_iter().map(|Item { cfgs, mut path }| {
        if let Some(last) = path.segments.last_mut() {
            last.ident = def_name(&last.ident);
        }
        quote!(#(#cfgs)* #path)
    });
    let classes = args.classes.iter().map(|Item { cfgs, path }| quote!(#(#cfgs)* <#path as #rt::PyClass>::decl));
    let exec = match &args.exec {
        Some(f) => quote!(Some(#f)),
        None => quote!(None),
    };
    let static_name = &args.static_name;
    quote! {
        /// The module's definition.
        pub static #static_name: #rt::NativeModule = {
            #[allow(unsafe_code, clippy::all, clippy::undocumented_unsafe_blocks)]
            unsafe extern "C" fn execute(module: *mut #rt::PyObject) -> ::core::ffi::c_int {
                unsafe { #rt::execute_module(&#static_name, module) }
            }
            static METHODS: &[#rt::PyMethodDef] = &[#(#functions,)* #rt::PyMethodDef::END];
            static SLOTS: [#rt::PyModuleDef_Slot; 4] = #rt::module_slots(execute);
            static CLASSES: &[fn() -> &'static #rt::ClassDecl] = &[#(#classes),*];
            #rt::NativeModule::new(#name, #doc, METHODS, &SLOTS, CLASSES, #exec)
        };
    }
}
