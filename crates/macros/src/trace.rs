//! `#[derive(Trace)]`.

use crate::wrapper::rt;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Data, DeriveInput, Fields, Ident, Index, Result};

/// Is `#[trace(word)]` among the attributes?
fn has(attrs: &[Attribute], word: &str) -> Result<bool> {
    let mut found = false;
    for attr in attrs.iter().filter(|a| a.path().is_ident("trace")) {
        attr.parse_nested_meta(|meta| {
            if !["skip", "base", "no_layout"].iter().any(|w| meta.path.is_ident(w)) {
                return Err(meta.error("expected `skip`, `base` or `no_layout`"));
            }
            found |= meta.path.is_ident(word);
            Ok(())
        })?;
    }
    Ok(found)
}

/// What a field contributes.
enum Visit {
    Skip,
    Base,
    Field,
}

fn visit(attrs: &[Attribute]) -> Result<Visit> {
    Ok(if has(attrs, "skip")? {
        Visit::Skip
    } else if has(attrs, "base")? {
        Visit::Base
    } else {
        Visit::Field
    })
}

pub fn expand(item: DeriveInput) -> Result<TokenStream> {
    let rt = rt();
    let name = &item.ident;
    let (impl_generics, type_generics, where_clause) = item.generics.split_for_impl();
    let mut layout = TokenStream::new();
    let (trace, clear) = match &item.data {
        Data::Struct(s) => {
            let first = s.fields.iter().next().filter(|f| f.ident.as_ref().is_some_and(|i| i == "ob_base"));
            if let Some(base) = first
                && !has(&item.attrs, "no_layout")?
            {
                require_repr_c(&item)?;
                let base = &base.ty;
                layout = quote! {
                    #[automatically_derived]
                    #[allow(unsafe_code)]
                    // SAFETY: `repr(C)` with an object head as first field.
                    unsafe impl #impl_generics #rt::PyLayout for #name #type_generics #where_clause {}
                    #[automatically_derived]
                    impl #impl_generics ::core::ops::Deref for #name #type_generics #where_clause {
                        type Target = #base;
                        #[inline(always)]
                        fn deref(&self) -> &#base {
                            &self.ob_base
                        }
                    }
                };
            }
            struct_body(&s.fields)?
        }
        Data::Enum(e) => {
            let mut trace_arms = Vec::new();
            let mut clear_arms = Vec::new();
            for variant in &e.variants {
                let (pattern, bound) = bind(&variant.fields)?;
                let ident = &variant.ident;
                trace_arms.push(quote!(Self::#ident #pattern => { #(#rt::Trace::trace(#bound, visit)?;)* }));
                clear_arms.push(quote!(Self::#ident #pattern => { #(#rt::Trace::clear(#bound);)* }));
            }
            (quote!(match self { #(#trace_arms)* }), quote!(match self { #(#clear_arms)* }))
        }
        Data::Union(u) => {
            return Err(syn::Error::new_spanned(u.union_token, "a union cannot be traced: implement Trace by hand"));
        }
    };
    Ok(quote! {
        #layout
        #[automatically_derived]
        #[allow(unused_variables, clippy::all)]
        impl #impl_generics #rt::Trace for #name #type_generics #where_clause {
            fn trace(&self, visit: &mut #rt::Visit) -> ::core::result::Result<(), #rt::Stop> {
                #trace
                Ok(())
            }
            fn clear(&self) {
                #clear
            }
        }
    })
}

fn require_repr_c(item: &DeriveInput) -> Result<()> {
    let mut found = false;
    for attr in item.attrs.iter().filter(|a| a.path().is_ident("repr")) {
        attr.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("C") || meta.path.is_ident("transparent");
            if meta.input.peek(syn::token::Paren) {
                let content;
                syn::parenthesized!(content in meta.input);
                content.parse::<TokenStream>()?;
            }
            Ok(())
        })?;
    }
    if found { Ok(()) } else { Err(syn::Error::new_spanned(&item.ident, "an object's struct must be `#[repr(C)]`")) }
}

fn struct_body(fields: &Fields) -> Result<(TokenStream, TokenStream)> {
    let rt = rt();
    let (mut trace, mut clear) = (Vec::new(), Vec::new());
    for (i, field) in fields.iter().enumerate() {
        let member = match &field.ident {
            Some(ident) => quote!(#ident),
            None => {
                let index = Index::from(i);
                quote!(#index)
            }
        };
        match visit(&field.attrs)? {
            Visit::Skip => {}
            Visit::Base => {
                let ty = &field.ty;
                trace.push(quote!(#rt::trace_base::<#ty>(&self.#member, visit)?;));
                clear.push(quote!(#rt::clear_base::<#ty>(&self.#member);));
            }
            Visit::Field => {
                trace.push(quote!(#rt::Trace::trace(&self.#member, visit)?;));
                clear.push(quote!(#rt::Trace::clear(&self.#member);));
            }
        }
    }
    Ok((quote!(#(#trace)*), quote!(#(#clear)*)))
}

/// A pattern that binds the traced fields of a variant, and the names bound.
fn bind(fields: &Fields) -> Result<(TokenStream, Vec<Ident>)> {
    let mut bound = Vec::new();
    let mut parts = Vec::new();
    for (i, field) in fields.iter().enumerate() {
        let local = format_ident!("f{}", i);
        let skipped = matches!(visit(&field.attrs)?, Visit::Skip);
        let pattern = if skipped { quote!(_) } else { quote!(#local) };
        match &field.ident {
            Some(ident) => parts.push(quote!(#ident: #pattern)),
            None => parts.push(pattern),
        }
        if !skipped {
            bound.push(local);
        }
    }
    let pattern = match fields {
        Fields::Named(_) => quote!({ #(#parts),* }),
        Fields::Unnamed(_) => quote!((#(#parts),*)),
        Fields::Unit => TokenStream::new(),
    };
    Ok((pattern, bound))
}
