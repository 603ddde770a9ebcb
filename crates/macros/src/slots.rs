//! The slots of a type: where each stands, what C passes and takes back.

use crate::wrapper::{RustFn, here, rt};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Result;

/// Where a slot stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suite {
    Type,
    Number,
    Sequence,
    Mapping,
    Async,
    Buffer,
}

/// What C passes at one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum In {
    /// The object whose type has the slot: `&self`, or `&PyObject` for a function without receiver.
    This,
    /// `&PyObject`.
    Obj,
    /// `Option<&PyObject>`, null is `None`.
    OptObj,
    Ssize,
    /// `CompareOp`.
    Op,
    /// Passed on as it is.
    View,
    Int,
}

/// What C takes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Out {
    Object,
    Status,
    Truth,
    Ssize,
    Hash,
    IterNext,
    Nothing,
    /// As `Status`; `view->obj` is NULL after an error.
    Buffer,
}

/// A slot that a Rust function fills through a generic wrapper.
pub struct Slot {
    pub inputs: &'static [In],
    pub out: Out,
}

/// The suite a slot name belongs to; `None` if it is not a slot.
pub fn suite_of(name: &str) -> Option<Suite> {
    let (prefix, rest) = name.split_once('_')?;
    let known: &[&str] = match prefix {
        "tp" => &[
            "dealloc",
            "repr",
            "hash",
            "call",
            "str",
            "getattr",
            "setattr",
            "getattro",
            "setattro",
            "traverse",
            "clear",
            "richcompare",
            "iter",
            "iternext",
            "descr_get",
            "descr_set",
            "init",
            "alloc",
            "new",
            "free",
            "is_gc",
            "del",
            "finalize",
            "vectorcall",
        ],
        "nb" => &[
            "add",
            "subtract",
            "multiply",
            "remainder",
            "divmod",
            "power",
            "negative",
            "positive",
            "absolute",
            "bool",
            "invert",
            "lshift",
            "rshift",
            "and",
            "xor",
            "or",
            "int",
            "float",
            "inplace_add",
            "inplace_subtract",
            "inplace_multiply",
            "inplace_remainder",
            "inplace_power",
            "inplace_lshift",
            "inplace_rshift",
            "inplace_and",
            "inplace_xor",
            "inplace_or",
            "floor_divide",
            "true_divide",
            "inplace_floor_divide",
            "inplace_true_divide",
            "index",
            "matrix_multiply",
            "inplace_matrix_multiply",
        ],
        "sq" => &["length", "concat", "repeat", "item", "ass_item", "contains", "inplace_concat", "inplace_repeat"],
        "mp" => &["length", "subscript", "ass_subscript"],
        "am" => &["await", "aiter", "anext", "send"],
        "bf" => &["getbuffer", "releasebuffer"],
        _ => return None,
    };
    if !known.contains(&rest) {
        return None;
    }
    Some(match prefix {
        "tp" => Suite::Type,
        "nb" => Suite::Number,
        "sq" => Suite::Sequence,
        "mp" => Suite::Mapping,
        "am" => Suite::Async,
        _ => Suite::Buffer,
    })
}

/// How a slot is wrapped; `None` for those with a wrapper of their own (`tp_new`, `tp_dealloc`, …) or raw only.
pub fn plain(name: &str) -> Option<Slot> {
    let suite = suite_of(name)?;
    let (inputs, out): (&'static [In], Out) = match name {
        "tp_repr" | "tp_str" | "tp_iter" | "am_await" | "am_aiter" | "am_anext" | "nb_negative" | "nb_positive"
        | "nb_absolute" | "nb_invert" | "nb_int" | "nb_float" | "nb_index" => (&[In::This], Out::Object),
        "tp_iternext" => (&[In::This], Out::IterNext),
        "tp_hash" => (&[In::This], Out::Hash),
        "nb_bool" => (&[In::This], Out::Truth),
        "sq_contains" => (&[In::This, In::Obj], Out::Truth),
        "sq_length" | "mp_length" => (&[In::This], Out::Ssize),
        "sq_item" | "sq_repeat" | "sq_inplace_repeat" => (&[In::This, In::Ssize], Out::Object),
        "sq_ass_item" => (&[In::This, In::Ssize, In::OptObj], Out::Status),
        "mp_subscript" | "sq_concat" | "sq_inplace_concat" | "tp_getattro" => (&[In::This, In::Obj], Out::Object),
        "mp_ass_subscript" | "tp_setattro" | "tp_descr_set" => (&[In::This, In::Obj, In::OptObj], Out::Status),
        "tp_descr_get" => (&[In::This, In::OptObj, In::OptObj], Out::Object),
        "tp_richcompare" => (&[In::This, In::Obj, In::Op], Out::Object),
        "nb_power" => (&[In::Obj, In::Obj, In::Obj], Out::Object),
        "nb_inplace_power" => (&[In::This, In::Obj, In::Obj], Out::Object),
        "bf_getbuffer" => (&[In::This, In::View, In::Int], Out::Buffer),
        "bf_releasebuffer" => (&[In::This, In::View], Out::Nothing),
        "tp_finalize" | "tp_del" => (&[In::This], Out::Nothing),
        _ if name.starts_with("nb_inplace_") => (&[In::This, In::Obj], Out::Object),
        _ if suite == Suite::Number => (&[In::Obj, In::Obj], Out::Object),
        _ => return None,
    };
    Some(Slot { inputs, out })
}

impl Slot {
    /// The C function `wrapper` around `ty::<rust fn>`.
    pub fn wrapper(&self, wrapper: &Ident, ty: &TokenStream, rust: &RustFn) -> Result<TokenStream> {
        let rt = rt();
        let span = here(&rust.ident);
        let has_this = self.inputs.first() == Some(&In::This);
        if rust.has_self && !has_this {
            return Err(syn::Error::new(span, "a binary slot takes both operands and no receiver"));
        }
        let given = rust.types.len() + rust.has_self as usize;
        // `nb_inplace_power` may leave the modulus out.
        let may_drop_last = rust.ident == "nb_inplace_power" && given + 1 == self.inputs.len();
        if given != self.inputs.len() && !may_drop_last {
            let n = self.inputs.len() - has_this as usize;
            let receiver = if has_this { "`&self`, " } else { "" };
            return Err(syn::Error::new(span, format!("the slot takes {receiver}`py` and {n} more arguments")));
        }
        let mut params = Vec::new();
        let mut passed = Vec::new();
        for (i, input) in self.inputs.iter().enumerate() {
            let p = format_ident!("p{}", i);
            params.push(match input {
                In::This | In::Obj | In::OptObj => quote!(#p: *mut #rt::PyObject),
                In::Ssize => quote!(#p: isize),
                In::Op | In::Int => quote!(#p: ::core::ffi::c_int),
                In::View => quote!(#p: *mut #rt::Py_buffer),
            });
            passed.push(match input {
                In::This if rust.has_self => quote!(&*(#p as *const #ty)),
                In::This | In::Obj => quote!(#rt::borrow(#p)),
                In::OptObj => quote!(#rt::borrow_nullable(#p)),
                In::Op => quote!(#rt::CompareOp::from_c(#p)),
                In::Ssize | In::Int | In::View => quote!(#p),
            });
        }
        passed.truncate(given);
        let py = rust.has_py.then(|| quote!(py,));
        let function = &rust.ident;
        let call = if rust.has_self {
            let (this, rest) = (&passed[0], &passed[1..]);
            quote_spanned!(span=> <#ty>::#function(#this, #py #(#rest),*))
        } else {
            quote_spanned!(span=> <#ty>::#function(#py #(#passed),*))
        };
        let (c_type, result) = match self.out {
            Out::Object => (quote!(*mut #rt::PyObject), quote!(#rt::IntoReturn::into_return(#call, py))),
            Out::Status => (quote!(::core::ffi::c_int), quote!(#rt::IntoStatus::into_status(#call))),
            Out::Truth => (quote!(::core::ffi::c_int), quote!(#rt::IntoTruth::into_truth(#call))),
            Out::Ssize => (quote!(isize), quote!(#rt::IntoSsize::into_ssize(#call))),
            Out::Hash => (quote!(isize), quote!(#rt::IntoSsize::into_hash(#call))),
            Out::IterNext => (quote!(*mut #rt::PyObject), quote!(#rt::IntoIterNext::into_iter_next(#call, py))),
            Out::Nothing => (quote!(()), quote!({ #call; })),
            Out::Buffer => {
                (quote!(::core::ffi::c_int), quote!(#rt::buffer_status(#rt::IntoStatus::into_status(#call), p1)))
            }
        };
        Ok(quote! {
            unsafe extern "C" fn #wrapper(#(#params),*) -> #c_type {
                unsafe {
                    let py = #rt::Python::assume();
                    #result
                }
            }
        })
    }
}
