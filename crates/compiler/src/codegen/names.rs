//! Names: which instruction loads, stores or deletes one.

use super::*;
use crate::symtable::{BlockType, Scope};

/// Where an operation on a name finds it (`_PyCompile_optype`).
enum Access {
    Fast,
    Global,
    Deref(u32),
    Name,
}

/// The instructions that take an attribute's name, with the bits that share their oparg.
#[derive(Clone, Copy)]
pub(super) enum AttrOp {
    Load,
    LoadMethod,
    /// `super(a, b).attr`
    LoadSuper,
    LoadSuperMethod,
    /// `super().attr`
    LoadZeroSuper,
    LoadZeroSuperMethod,
    Store,
    Delete,
}

impl Codegen<'_> {
    pub(super) fn maybe_mangle(&self, name: &Name) -> Name {
        self.entry().maybe_mangle(self.unit.private.as_ref(), name)
    }

    /// The index of a name in `co_names`.
    pub(super) fn add_name(&mut self, name: &Name) -> u32 {
        if let Some(at) = self.unit.metadata.names.get_index_of(name) {
            return at as u32;
        }
        self.unit.metadata.names.insert_full(name.clone()).0 as u32
    }

    /// The index of a fast local.
    pub(super) fn add_varname(&mut self, name: &Name) -> u32 {
        if let Some(at) = self.unit.metadata.varnames.get_index_of(name) {
            return at as u32;
        }
        self.unit.metadata.varnames.insert_full(name.clone()).0 as u32
    }

    pub(super) fn add_cellvar(&mut self, name: &Name) -> u32 {
        self.unit.metadata.cellvars.insert_full(name.clone()).0 as u32
    }

    pub(super) fn add_freevar(&mut self, name: &Name) -> u32 {
        let metadata = &mut self.unit.metadata;
        let ncells = metadata.cellvars.len();
        (metadata.freevars.insert_full(name.clone()).0 + ncells) as u32
    }

    /// An instruction whose oparg is an index into `co_names`.
    pub(super) fn op_name(&mut self, loc: Location, opcode: Opcode, name: &Name) {
        let mangled = self.maybe_mangle(name);
        let arg = self.add_name(&mangled);
        self.op_i(loc, opcode, arg);
    }

    /// An operation on an attribute of what is on the stack.
    pub(super) fn op_attr(&mut self, loc: Location, op: AttrOp, name: &Name) {
        let mangled = self.maybe_mangle(name);
        let arg = self.add_name(&mangled);
        let (opcode, arg) = match op {
            AttrOp::Load => (Opcode::LOAD_ATTR, arg << 1),
            AttrOp::LoadMethod => (Opcode::LOAD_ATTR, arg << 1 | 1),
            AttrOp::LoadSuper => (Opcode::LOAD_SUPER_ATTR, arg << 2 | 2),
            AttrOp::LoadSuperMethod => (Opcode::LOAD_SUPER_ATTR, arg << 2 | 3),
            AttrOp::LoadZeroSuper => (Opcode::LOAD_SUPER_ATTR, arg << 2),
            AttrOp::LoadZeroSuperMethod => (Opcode::LOAD_SUPER_ATTR, arg << 2 | 1),
            AttrOp::Store => (Opcode::STORE_ATTR, arg),
            AttrOp::Delete => (Opcode::DELETE_ATTR, arg),
        };
        self.op_i(loc, opcode, arg);
    }

    fn resolve(&mut self, mangled: &Name, scope: Scope) -> Access {
        let function_like = self.entry().is_function_like();
        match scope {
            Scope::Free => Access::Deref(self.add_freevar(mangled)),
            Scope::Cell => Access::Deref(self.add_cellvar(mangled)),
            Scope::Local if function_like => Access::Fast,
            Scope::Local if self.unit.metadata.fasthidden.get(mangled) == Some(&true) => Access::Fast,
            Scope::GlobalImplicit if function_like => Access::Global,
            Scope::GlobalExplicit => Access::Global,
            _ => Access::Name,
        }
    }

    fn load_classdict(&mut self, loc: Location) {
        let arg = self.add_freevar(&Name::from("__classdict__"));
        self.op_i(loc, Opcode::LOAD_DEREF, arg);
    }

    /// Loads, stores or deletes a name (`codegen_nameop`).
    pub(super) fn name_op(&mut self, loc: Location, name: &Name, ctx: ExprContext) -> CompileResult<()> {
        use ExprContext::{Del, Load, Store};
        let mangled = self.maybe_mangle(name);
        let scope = self.entry().scope(&mangled);
        let entry = self.entry();
        let can_see_class_scope = entry.can_see_class_scope;
        let in_class = entry.block_type == BlockType::Class;
        let in_comprehension = self.unit.in_inlined_comp > 0;
        match self.resolve(&mangled, scope) {
            Access::Fast => {
                let opcode = match ctx {
                    Load => Opcode::LOAD_FAST,
                    Store => Opcode::STORE_FAST,
                    Del => Opcode::DELETE_FAST,
                };
                let arg = self.add_varname(&mangled);
                self.op_i(loc, opcode, arg);
            }
            Access::Deref(arg) => {
                let opcode = match ctx {
                    Load if in_class && !in_comprehension => {
                        self.op(loc, Opcode::LOAD_LOCALS);
                        Opcode::LOAD_FROM_DICT_OR_DEREF
                    }
                    Load if can_see_class_scope => {
                        self.load_classdict(loc);
                        Opcode::LOAD_FROM_DICT_OR_DEREF
                    }
                    Load => Opcode::LOAD_DEREF,
                    Store => Opcode::STORE_DEREF,
                    Del => Opcode::DELETE_DEREF,
                };
                self.op_i(loc, opcode, arg);
            }
            Access::Global => {
                let arg = self.add_name(&mangled);
                match ctx {
                    Load if can_see_class_scope && scope == Scope::GlobalImplicit => {
                        self.load_classdict(loc);
                        self.op_i(loc, Opcode::LOAD_FROM_DICT_OR_GLOBALS, arg);
                    }
                    Load => self.op_i(loc, Opcode::LOAD_GLOBAL, arg << 1),
                    Store => self.op_i(loc, Opcode::STORE_GLOBAL, arg),
                    Del => self.op_i(loc, Opcode::DELETE_GLOBAL, arg),
                }
            }
            Access::Name => {
                let arg = self.add_name(&mangled);
                match ctx {
                    Load if in_class && in_comprehension => {
                        self.op_i(loc, Opcode::LOAD_GLOBAL, arg << 1);
                    }
                    Load => self.op_i(loc, Opcode::LOAD_NAME, arg),
                    Store => self.op_i(loc, Opcode::STORE_NAME, arg),
                    Del => self.op_i(loc, Opcode::DELETE_NAME, arg),
                }
            }
        }
        Ok(())
    }

    /// [`Self::name_op`] for one of the compiler's own names.
    pub(super) fn name_op_str(&mut self, loc: Location, name: &str, ctx: ExprContext) -> CompileResult<()> {
        self.name_op(loc, &Name::from(name), ctx)
    }
}
