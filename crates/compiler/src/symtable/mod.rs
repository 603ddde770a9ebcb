//! The symbol table: which names each block of a program binds and uses, and where they live.
//!
//! Two passes, as in CPython's `symtable.c`: [`build`] visits the tree and notes for each block what
//! happens to each name; [`analyze`] then decides for each name whether it is local, a cell, free
//! or global, and which comprehensions are inlined (PEP 709).

mod analyze;
mod build;

use crate::ast::{Location, Name};
use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use std::cell::RefCell;
use std::rc::Rc;

pub(crate) use build::build;

/// `DEF_GLOBAL`: named by a `global` statement.
pub const DEF_GLOBAL: u32 = 1;
/// `DEF_LOCAL`: assigned in the block.
pub const DEF_LOCAL: u32 = 2;
/// `DEF_PARAM`: a parameter.
pub const DEF_PARAM: u32 = 2 << 1;
/// `DEF_NONLOCAL`: named by a `nonlocal` statement.
pub const DEF_NONLOCAL: u32 = 2 << 2;
/// `USE`: read in the block.
pub const USE: u32 = 2 << 3;
/// `DEF_FREE_CLASS`: free in a method and bound in the class.
pub const DEF_FREE_CLASS: u32 = 2 << 5;
/// `DEF_IMPORT`: bound by an import.
pub const DEF_IMPORT: u32 = 2 << 6;
/// `DEF_ANNOT`: annotated.
pub const DEF_ANNOT: u32 = 2 << 7;
/// `DEF_COMP_ITER`: the iteration variable of a comprehension.
pub const DEF_COMP_ITER: u32 = 2 << 8;
/// `DEF_TYPE_PARAM`: a type parameter.
pub const DEF_TYPE_PARAM: u32 = 2 << 9;
/// `DEF_COMP_CELL`: a cell of an inlined comprehension.
pub const DEF_COMP_CELL: u32 = 2 << 10;
/// `DEF_BOUND`: bound in the block, in any way.
pub const DEF_BOUND: u32 = DEF_LOCAL | DEF_PARAM | DEF_IMPORT;

/// `SCOPE_OFFSET`: where the scope stands in a symbol's flags.
pub const SCOPE_OFFSET: u32 = 12;
const SCOPE_MASK: u32 = DEF_GLOBAL | DEF_LOCAL | DEF_PARAM | DEF_NONLOCAL;

/// Where a name lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub enum Scope {
    /// The name is not in the table.
    Unknown = 0,
    Local = 1,
    GlobalExplicit = 2,
    GlobalImplicit = 3,
    Free = 4,
    Cell = 5,
}

impl Scope {
    /// `SYMBOL_TO_SCOPE`.
    pub fn of(flags: u32) -> Scope {
        match (flags >> SCOPE_OFFSET) & SCOPE_MASK {
            1 => Scope::Local,
            2 => Scope::GlobalExplicit,
            3 => Scope::GlobalImplicit,
            4 => Scope::Free,
            5 => Scope::Cell,
            _ => Scope::Unknown,
        }
    }
}

/// `_Py_block_ty`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BlockType {
    Function,
    Class,
    Module,
    /// Annotations of a function, a class or a module (PEP 649).
    Annotation,
    /// The value of a `type` statement.
    TypeAlias,
    /// The type parameters of a function, a class or a `type` statement (PEP 695).
    TypeParameters,
    /// The bound, the constraints or the default of one type parameter.
    TypeVariable,
}

/// `_Py_comprehension_ty`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ComprehensionType {
    List,
    Dict,
    Set,
    Generator,
}

/// A map that remembers the order of insertion, as Python's `dict` does.
pub(crate) type OrderedMap<V> = IndexMap<Name, V, FxBuildHasher>;

/// Which entry of a [`Symtable`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct EntryId(pub(crate) u32);

/// What is known of one block (`PySTEntryObject`).
#[derive(Debug)]
pub struct Entry {
    pub name: Name,
    pub block_type: BlockType,
    /// For each name its flags, with the scope from [`SCOPE_OFFSET`] on.
    pub symbols: OrderedMap<u32>,
    /// The parameters.
    pub varnames: Vec<Name>,
    pub children: Vec<EntryId>,
    /// Where the names of `global` and `nonlocal` statements stand.
    pub(crate) directives: Vec<(Name, Location)>,
    /// If set, only these names are mangled: inside the type parameters of a class.
    pub(crate) mangled_names: Option<Rc<RefCell<FxHashSet<Name>>>>,
    /// What a message calls this block.
    pub(crate) scope_info: Option<&'static str>,
    pub comprehension: Option<ComprehensionType>,
    /// Inside a function.
    pub nested: bool,
    pub generator: bool,
    pub coroutine: bool,
    pub annotations_used: bool,
    pub varargs: bool,
    pub varkeywords: bool,
    pub needs_class_closure: bool,
    pub needs_classdict: bool,
    pub comp_inlined: bool,
    pub can_see_class_scope: bool,
    pub has_docstring: bool,
    /// A function in a class body.
    pub method: bool,
    pub has_conditional_annotations: bool,
    pub(crate) comp_iter_target: bool,
    pub(crate) in_conditional_block: bool,
    pub(crate) in_unevaluated_annotation: bool,
    pub(crate) comp_iter_expr: u32,
    pub loc: Location,
    /// The block of this block's annotations.
    pub annotation_block: Option<EntryId>,
}

impl Entry {
    /// `_PyST_GetSymbol`: the flags of a name, 0 if it is not there.
    pub fn symbol(&self, name: &str) -> u32 {
        self.symbols.get(name).copied().unwrap_or(0)
    }

    /// `_PyST_GetScope`.
    pub fn scope(&self, name: &str) -> Scope {
        Scope::of(self.symbol(name))
    }

    /// `_PyST_IsFunctionLike`: whether names live in a frame's array.
    pub fn is_function_like(&self) -> bool {
        !matches!(self.block_type, BlockType::Class | BlockType::Module)
    }

    /// `_Py_MaybeMangle`.
    pub(crate) fn maybe_mangle(&self, private: Option<&Name>, name: &Name) -> Name {
        if let Some(mangled) = &self.mangled_names {
            if !mangled.borrow().contains(name) {
                return name.clone();
            }
        }
        mangle(private, name)
    }
}

/// The symbol table of a tree.
#[derive(Debug)]
pub struct Symtable {
    pub entries: Vec<Entry>,
    pub top: EntryId,
    /// From the address of a node to its entry.
    blocks: FxHashMap<usize, EntryId>,
}

impl Symtable {
    /// An entry.
    pub fn entry(&self, id: EntryId) -> &Entry {
        &self.entries[id.0 as usize]
    }

    pub(crate) fn entry_mut(&mut self, id: EntryId) -> &mut Entry {
        &mut self.entries[id.0 as usize]
    }

    /// The entry that was made for a node.
    pub(crate) fn lookup(&self, key: usize) -> Option<EntryId> {
        self.blocks.get(&key).copied()
    }
}

/// The key of a node that opens a block: its address, so the tree must not move.
pub(crate) fn key_of<T>(node: &T) -> usize {
    std::ptr::from_ref(node) as usize
}

/// The key of the default of a type variable, whose own key is that of its bound.
pub(crate) fn default_key_of<T>(node: &T) -> usize {
    key_of(node) + 1
}

/// `_Py_Mangle`: `__private` in a class becomes `_Class__private`.
pub(crate) fn mangle(private: Option<&Name>, name: &Name) -> Name {
    let Some(class) = private else {
        return name.clone();
    };
    if !name.starts_with("__") || name.ends_with("__") || name.contains('.') {
        return name.clone();
    }
    let class = class.trim_start_matches('_');
    if class.is_empty() {
        return name.clone();
    }
    Name::from(format!("_{class}{name}"))
}
