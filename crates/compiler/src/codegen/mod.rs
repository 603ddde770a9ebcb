//! Code generation: from the tree and its symbol table to sequences of instructions.
//!
//! One file for each family of constructs. What is emitted, and in which order, is CPython's
//! `codegen.c`: the flow graph afterwards depends on it.

mod annotations;
mod call;
mod checks;
mod class;
mod comprehension;
mod expr;
mod function;
mod import;
mod names;
mod pattern;
mod scope;
mod stmt;
mod strings;
mod target;
mod try_stmt;
mod type_params;
mod with;

use crate::assemble;
use crate::ast::*;
use crate::error::{CompileError, CompileResult, CompileWarning, ErrorKind, WarningSink};
use crate::flags::PYCF_MASK;
use crate::flowgraph;
use crate::future;
use crate::preprocess;
use crate::recursion::Depth;
use crate::sequence::{Label, Sequence};
use crate::symtable::{self, Entry, EntryId, Symtable};
use crate::{
    CompileOptions,
    code::{Consts, Names},
};
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::collections::BTreeSet;
use std::sync::Arc;
use taipan_bytecode::{CodeFlags, CodeObject, Opcode, PyStr};

/// How much of the stack a display may use before it is built piece by piece.
pub(crate) const STACK_USE_GUIDELINE: usize = 30;
/// How many blocks may be nested in a function (`CO_MAXBLOCKS`).
pub(crate) const MAX_BLOCKS: usize = 21;

type NameTable = IndexSet<Name, FxBuildHasher>;

/// What a unit of compilation was made for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ScopeType {
    Module,
    Class,
    Function,
    AsyncFunction,
    Lambda,
    Comprehension,
    /// Annotations, type parameters and type aliases.
    Annotations,
}

/// The kinds of blocks that leaving code must unwind (`COMPILE_FBLOCK_*`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum BlockKind {
    WhileLoop,
    ForLoop,
    TryExcept,
    FinallyTry,
    FinallyEnd,
    With,
    AsyncWith,
    HandlerCleanup,
    PopValue,
    ExceptionHandler,
    ExceptionGroupHandler,
    AsyncComprehensionGenerator,
    StopIteration,
}

/// What unwinding a block needs to know besides.
#[derive(Clone, Copy)]
enum BlockDatum<'a> {
    None,
    Finalbody(&'a [Stmt]),
    Name(&'a Name),
}

/// A frame block (`_PyCompile_FBlockInfo`).
#[derive(Clone, Copy)]
struct FrameBlock<'a> {
    kind: BlockKind,
    block: Label,
    loc: Location,
    exit: Label,
    datum: BlockDatum<'a>,
}

/// What becomes the fields of a code object (`_PyCompile_CodeUnitMetadata`).
#[derive(Default, Debug)]
pub(crate) struct Metadata {
    pub(crate) name: Option<Name>,
    pub(crate) qualname: Option<Name>,
    pub(crate) consts: Consts,
    pub(crate) names: NameTable,
    pub(crate) varnames: NameTable,
    pub(crate) cellvars: NameTable,
    pub(crate) freevars: NameTable,
    /// Names that are fast locals in an inlined comprehension only, and whether they are now.
    pub(crate) fasthidden: FxHashMap<Name, bool>,
    pub(crate) argcount: u32,
    pub(crate) posonlyargcount: u32,
    pub(crate) kwonlyargcount: u32,
    pub(crate) firstlineno: i32,
}

/// Counts of parameters of a unit that is entered.
#[derive(Clone, Copy, Default)]
struct ArgCounts {
    args: usize,
    posonly: usize,
    kwonly: usize,
}

impl ArgCounts {
    fn of(args: &Arguments) -> ArgCounts {
        ArgCounts { args: args.args.len(), posonly: args.posonlyargs.len(), kwonly: args.kwonlyargs.len() }
    }
}

/// An annotation that is evaluated later, with the index that tells at run time whether its
/// statement was reached.
#[derive(Clone, Copy)]
struct DeferredAnnotation<'a> {
    stmt: &'a Stmt,
    assign: &'a AnnAssign,
    index: Option<i64>,
}

/// The code that is being generated for one block (`struct compiler_unit`).
struct Unit<'a> {
    entry: EntryId,
    scope_type: ScopeType,
    /// The class whose private names are mangled.
    private: Option<Name>,
    sequence: Sequence,
    stashed: Option<Sequence>,
    blocks: Vec<FrameBlock<'a>>,
    in_inlined_comp: u32,
    in_conditional_block: u32,
    /// Attributes of `self` that methods of a class assign.
    static_attributes: BTreeSet<Name>,
    deferred_annotations: Vec<DeferredAnnotation<'a>>,
    next_conditional_annotation_index: i64,
    metadata: Metadata,
}

struct Codegen<'a> {
    filename: PyStr,
    table: Symtable,
    /// `CO_FUTURE_*` and `PYCF_*` bits.
    features: u32,
    optimize: u8,
    interactive: bool,
    unit: Unit<'a>,
    /// The units around the current one, the outermost first.
    outer: Vec<Unit<'a>>,
    disable_warning: u32,
    warnings: &'a mut dyn WarningSink,
    names: Names,
    depth: Depth,
}

/// Compiles a tree that may be preprocessed in place.
pub(crate) fn compile(
    tree: &mut Mod,
    filename: &str,
    options: &CompileOptions,
    warnings: &mut dyn WarningSink,
) -> CompileResult<CodeObject> {
    let mut future = future::from_ast(tree)?;
    future.features |= options.flags;
    preprocess::preprocess(tree, options.optimize, future.features, false, warnings)?;
    let table = symtable::build(tree, &future)?;
    let top = table.top;
    let mut codegen = Codegen {
        filename: PyStr::new(filename),
        features: future.features,
        optimize: options.optimize,
        interactive: false,
        unit: Unit::new(top, ScopeType::Module),
        outer: Vec::new(),
        table,
        disable_warning: 0,
        warnings,
        names: Names::default(),
        depth: Depth::default(),
    };
    codegen.module(tree)
}

impl Unit<'_> {
    fn new(entry: EntryId, scope_type: ScopeType) -> Self {
        Unit {
            entry,
            scope_type,
            private: None,
            sequence: Sequence::default(),
            stashed: None,
            blocks: Vec::new(),
            in_inlined_comp: 0,
            in_conditional_block: 0,
            static_attributes: BTreeSet::new(),
            deferred_annotations: Vec::new(),
            next_conditional_annotation_index: 0,
            metadata: Metadata::default(),
        }
    }
}

impl<'a> Codegen<'a> {
    fn module(&mut self, tree: &'a Mod) -> CompileResult<CodeObject> {
        let top = self.table.top;
        self.unit = self.new_unit(&Name::from("<module>"), ScopeType::Module, top, 1);
        let start = Location::new(0, 0, 1, 0);
        self.op_i(start, Opcode::RESUME, 0);
        self.op(start, Opcode::ANNOTATIONS_PLACEHOLDER);
        let add_none = match tree {
            Mod::Module { body, .. } => {
                self.module_body(body, false)?;
                true
            }
            Mod::Interactive { body } => {
                self.interactive = true;
                self.module_body(body, true)?;
                true
            }
            Mod::Expression { body } => {
                self.visit_expr(body)?;
                false
            }
            Mod::FunctionType { .. } => {
                return Err(CompileError::new(ErrorKind::SystemError, "module kind 4 should not be possible"));
            }
        };
        let code = self.optimize_and_assemble(add_none)?;
        Ok(Arc::unwrap_or_clone(code))
    }

    fn module_body(&mut self, body: &'a [Stmt], is_interactive: bool) -> CompileResult<()> {
        let loc = body.first().map_or(Location::new(1, 0, 1, 0), |stmt| stmt.loc);
        if self.entry().has_conditional_annotations {
            self.op_i(loc, Opcode::BUILD_SET, 0);
            let name = Name::from("__conditional_annotations__");
            let arg = self.add_name(&name);
            self.op_i(loc, Opcode::STORE_NAME, arg);
        }
        self.visit_block_body(loc, body, is_interactive)
    }

    fn entry(&self) -> &Entry {
        self.table.entry(self.unit.entry)
    }

    fn is_interactive_top_level(&self) -> bool {
        self.interactive && self.outer.is_empty()
    }

    fn has_feature(&self, feature: u32) -> bool {
        self.features & feature != 0
    }

    /// Raises a `SyntaxError` (`_PyCompile_Error`).
    fn error<T>(&self, loc: Location, message: impl Into<String>) -> CompileResult<T> {
        Err(CompileError::syntax(message, loc))
    }

    /// Gives a `SyntaxWarning`, unless this code is compiled a second time.
    fn warn(&mut self, loc: Location, message: String) -> CompileResult<()> {
        if self.disable_warning > 0 {
            return Ok(());
        }
        self.warnings.warn(CompileWarning::syntax(message, loc))
    }

    // Emitting.

    fn op(&mut self, loc: Location, opcode: Opcode) {
        self.unit.sequence.push(opcode, 0, loc);
    }

    fn op_i(&mut self, loc: Location, opcode: Opcode, oparg: u32) {
        self.unit.sequence.push(opcode, oparg, loc);
    }

    fn jump(&mut self, loc: Location, opcode: Opcode, target: Label) {
        self.unit.sequence.push_jump(opcode, target, loc);
    }

    fn new_label(&mut self) -> Label {
        self.unit.sequence.new_label()
    }

    fn use_label(&mut self, label: Label) {
        self.unit.sequence.use_label(label);
    }

    fn add_const(&mut self, value: Constant) -> u32 {
        self.unit.metadata.consts.add(value)
    }

    fn load_const(&mut self, loc: Location, value: Constant) {
        let arg = self.add_const(value);
        self.op_i(loc, Opcode::LOAD_CONST, arg);
    }

    fn load_int(&mut self, loc: Location, value: usize) {
        self.load_const(loc, Constant::Int(value as i64));
    }

    /// A constant for an identifier.
    fn name_const(&mut self, name: &Name) -> Constant {
        Constant::Str(self.names.get(name))
    }

    fn load_name_const(&mut self, loc: Location, name: &Name) {
        let value = self.name_const(name);
        self.load_const(loc, value);
    }

    fn names_const<'n>(&mut self, names: impl Iterator<Item = &'n Name>) -> Constant {
        let items: Vec<Constant> = names.map(|name| self.name_const(name)).collect();
        Constant::tuple(items)
    }

    // Frame blocks.

    fn push_block(
        &mut self,
        loc: Location,
        kind: BlockKind,
        block: Label,
        exit: Label,
        datum: BlockDatum<'a>,
    ) -> CompileResult<()> {
        if self.unit.blocks.len() >= MAX_BLOCKS {
            return self.error(loc, "too many statically nested blocks");
        }
        self.unit.blocks.push(FrameBlock { kind, block, loc, exit, datum });
        if kind == BlockKind::FinallyEnd {
            self.disable_warning += 1;
        }
        Ok(())
    }

    fn pop_block(&mut self, kind: BlockKind) {
        let popped = self.unit.blocks.pop();
        debug_assert!(popped.is_some_and(|block| block.kind == kind));
        if kind == BlockKind::FinallyEnd {
            self.disable_warning -= 1;
        }
    }

    /// Finishes the current unit's code (`_PyCompile_OptimizeAndAssemble`).
    fn optimize_and_assemble(&mut self, add_none: bool) -> CompileResult<Arc<CodeObject>> {
        if add_none {
            self.load_const(Location::NONE, Constant::None);
        }
        self.op(Location::NONE, Opcode::RETURN_VALUE);
        let flags = self.code_flags();
        let nparams = self.entry().varnames.len();
        let sequence = std::mem::take(&mut self.unit.sequence);
        let metadata = &mut self.unit.metadata;
        let consts = std::mem::take(&mut metadata.consts);
        let optimized = flowgraph::optimize(sequence, metadata, consts, nparams, flags)?;
        let code = assemble::assemble(optimized, metadata, flags, &self.filename, &mut self.names)?;
        Ok(Arc::new(code))
    }

    fn code_flags(&self) -> CodeFlags {
        let entry = self.entry();
        let mut flags = CodeFlags(self.features & PYCF_MASK);
        let mut set = |condition: bool, flag: CodeFlags| {
            if condition {
                flags |= flag;
            }
        };
        if entry.is_function_like() {
            set(true, CodeFlags::NEWLOCALS | CodeFlags::OPTIMIZED);
            set(entry.nested, CodeFlags::NESTED);
            set(entry.generator && !entry.coroutine, CodeFlags::GENERATOR);
            set(entry.generator && entry.coroutine, CodeFlags::ASYNC_GENERATOR);
            set(entry.varargs, CodeFlags::VARARGS);
            set(entry.varkeywords, CodeFlags::VARKEYWORDS);
            set(entry.has_docstring, CodeFlags::HAS_DOCSTRING);
            set(entry.method, CodeFlags::METHOD);
        }
        set(entry.coroutine && !entry.generator, CodeFlags::COROUTINE);
        flags
    }
}
