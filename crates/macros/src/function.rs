//! `#[pyfunction]`.

use crate::attributes::{self, ItemArgs};
use crate::signature::Receiver;
use crate::wrapper::{Callable, RustFn, ident, method_def, plain_name, rt};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemFn, Result};

/// The name of the constant that holds the method definition of the `#[pyfunction]` called `function`.
pub fn def_name(function: &syn::Ident) -> syn::Ident {
    syn::Ident::new(&format!("__pyfunction_{}", plain_name(function)), function.span())
}

pub fn expand(args: ItemArgs, item: &mut ItemFn) -> Result<TokenStream> {
    let taken = attributes::take(&mut item.attrs)?;
    let rt = rt();
    let rust = RustFn::new(&item.sig)?;
    if rust.has_self {
        return Err(syn::Error::new_spanned(&item.sig.ident, "a module function has no receiver"));
    }
    let function = item.sig.ident.clone();
    let name = args.name.clone().unwrap_or_else(|| plain_name(&function));
    let pass_module = args.has("pass_module");
    let leading = if pass_module { vec![quote!(#rt::borrow(this))] } else { Vec::new() };
    let callable = Callable::new(
        rust,
        quote!(#function),
        name.clone(),
        taken.signature,
        Receiver::Module,
        leading,
        pass_module as usize,
    )?;
    let wrapper = ident("wrapper");
    let body = callable.method_wrapper(&wrapper)?;
    let def = method_def(&name, &wrapper, callable.method_flags(), callable.doc(Receiver::Module, &name, &taken.doc));
    let const_name = def_name(&function);
    let vis = &item.vis;
    let cfgs = &taken.cfgs;
    Ok(quote! {
        #(#cfgs)*
        #[doc(hidden)]
        #[allow(non_upper_case_globals, unused, unsafe_code, clippy::all, clippy::undocumented_unsafe_blocks)]
        #vis const #const_name: #rt::PyMethodDef = {
            #body
            #def
        };
    })
}
