//! The attributes that declare a Python type, function or module in Rust; `docs/declaring-types.md` is their manual.
//!
//! What they generate is thin: a C-callable wrapper for each slot and method, and the static tables that point to them.
//! Everything that does not depend on the declaration is in `taipan_object::declare`, reached through
//! `taipan_object::declare::rt`, so that a declaration costs little compile time.

mod attributes;
mod class;
mod function;
mod module;
mod signature;
mod slots;
mod trace;
mod wrapper;

use proc_macro::TokenStream;
use quote::quote;

/// On an `impl` block: declares a Python type. See `docs/declaring-types.md`.
#[proc_macro_attribute]
pub fn pyclass(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut block = syn::parse_macro_input!(item as syn::ItemImpl);
    let args = syn::parse_macro_input!(args as class::ClassArgs);
    let generated = class::expand(args, &mut block).unwrap_or_else(syn::Error::into_compile_error);
    quote!(#block #generated).into()
}

/// On a function: makes it callable from Python. `#[pyfunction("name")]` gives it another name than Rust's;
/// `#[pyfunction(pass_module)]` hands it the module object (`&PyObject`) as its first argument.
#[proc_macro_attribute]
pub fn pyfunction(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut item = syn::parse_macro_input!(item as syn::ItemFn);
    let args = syn::parse_macro_input!(args as attributes::ItemArgs);
    let generated = function::expand(args, &mut item).unwrap_or_else(syn::Error::into_compile_error);
    quote!(#item #generated).into()
}

/// Declares a module: its name, functions, classes and what runs at its execution.
#[proc_macro]
pub fn pymodule(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as module::ModuleArgs);
    module::expand(input).into()
}

/// Visits every field that holds references, for the cycle collector. On a struct whose first field is `ob_base`, also
/// makes it an object layout (`PyLayout`, `Deref` to the base).
///
/// `#[trace(skip)]` on a field leaves it out; `#[trace(base)]` on `ob_base` goes through the base class's own
/// `tp_traverse` and `tp_clear`; `#[trace(no_layout)]` on the struct leaves `PyLayout` and `Deref` to the author.
#[proc_macro_derive(Trace, attributes(trace))]
pub fn derive_trace(item: TokenStream) -> TokenStream {
    let item = syn::parse_macro_input!(item as syn::DeriveInput);
    trace::expand(item).unwrap_or_else(syn::Error::into_compile_error).into()
}
