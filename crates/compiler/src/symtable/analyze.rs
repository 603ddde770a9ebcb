//! The second pass: the scope of every name.

use super::{
    BlockType, DEF_BOUND, DEF_COMP_CELL, DEF_FREE_CLASS, DEF_GLOBAL, DEF_NONLOCAL, DEF_PARAM, DEF_TYPE_PARAM, Entry,
    EntryId, OrderedMap, SCOPE_OFFSET, Scope, Symtable,
};
use crate::ast::Name;
use crate::error::{CompileError, CompileResult, ErrorKind};
use crate::recursion::with_stack;
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

type NameSet = FxHashSet<Name>;
type FreeSet = IndexSet<Name, FxBuildHasher>;

/// Decides the scope of every name of every block.
pub(super) fn analyze(table: &mut Symtable) -> CompileResult<()> {
    let top = table.top;
    analyze_block(table, top, None, None).map(|_| ())
}

/// What a block changes in the sets of names that its children see. CPython copies the sets for each
/// child; here a child looks through its ancestors.
struct Surroundings<'a> {
    outer: Option<&'a Surroundings<'a>>,
    /// Names that children may refer to as free variables.
    bound: NameSet,
    /// Names that are global from here on inwards.
    unbound: NameSet,
    type_params: NameSet,
    not_type_params: NameSet,
}

impl Surroundings<'_> {
    fn is_bound(&self, name: &str) -> bool {
        let mut at = Some(self);
        while let Some(here) = at {
            if here.bound.contains(name) {
                return true;
            }
            if here.unbound.contains(name) {
                return false;
            }
            at = here.outer;
        }
        false
    }

    fn is_type_param(&self, name: &str) -> bool {
        let mut at = Some(self);
        while let Some(here) = at {
            if here.type_params.contains(name) {
                return true;
            }
            if here.not_type_params.contains(name) {
                return false;
            }
            at = here.outer;
        }
        false
    }
}

fn error_at_directive(entry: &Entry, name: &Name, message: String) -> CompileError {
    match entry.directives.iter().find(|(given, _)| given == name) {
        Some((_, loc)) => CompileError::syntax(message, *loc),
        None => CompileError::new(ErrorKind::SystemError, "BUG: internal directive bookkeeping broken"),
    }
}

/// Analyses a block and the blocks inside it. Gives the names that are free in it.
fn analyze_block(
    table: &mut Symtable,
    id: EntryId,
    outer: Option<&Surroundings<'_>>,
    class_entry: Option<EntryId>,
) -> CompileResult<FreeSet> {
    let mut scopes: FxHashMap<Name, Scope> = FxHashMap::default();
    let mut free = FreeSet::default();
    let mut here = Surroundings {
        outer,
        bound: NameSet::default(),
        unbound: NameSet::default(),
        type_params: NameSet::default(),
        not_type_params: NameSet::default(),
    };
    let entry = table.entry(id);
    let block_type = entry.block_type;
    let function_like = entry.is_function_like();
    let can_see_class_scope = entry.can_see_class_scope;
    scopes.reserve(entry.symbols.len());

    // Names of the block itself, by `analyze_name`.
    for (name, &flags) in &entry.symbols {
        let scope = if flags & DEF_GLOBAL != 0 {
            if flags & DEF_NONLOCAL != 0 {
                let message = format!("name '{name}' is nonlocal and global");
                return Err(error_at_directive(entry, name, message));
            }
            // A class declares for itself alone.
            if block_type != BlockType::Class {
                here.unbound.insert(name.clone());
            }
            Scope::GlobalExplicit
        } else if flags & DEF_NONLOCAL != 0 {
            let message = match outer {
                None => "nonlocal declaration not allowed at module level".to_owned(),
                Some(outer) if !outer.is_bound(name) => {
                    format!("no binding for nonlocal '{name}' found")
                }
                Some(outer) if outer.is_type_param(name) => {
                    format!("nonlocal binding not allowed for type parameter '{name}'")
                }
                Some(_) => {
                    scopes.insert(name.clone(), Scope::Free);
                    free.insert(name.clone());
                    continue;
                }
            };
            return Err(error_at_directive(entry, name, message));
        } else if flags & DEF_BOUND != 0 {
            if function_like {
                here.bound.insert(name.clone());
            }
            if flags & DEF_TYPE_PARAM != 0 {
                here.type_params.insert(name.clone());
            } else if outer.is_some_and(|outer| outer.is_type_param(name)) {
                here.not_type_params.insert(name.clone());
            }
            Scope::Local
        } else {
            let class_flags = class_entry.map_or(0, |class| table.entry(class).symbol(name));
            if class_flags & DEF_GLOBAL != 0 {
                Scope::GlobalExplicit
            } else if class_flags & DEF_BOUND != 0 && class_flags & DEF_NONLOCAL == 0 {
                // Bound in the class and perhaps in a function around it: only the class's own
                // namespace and the globals count at run time.
                Scope::GlobalImplicit
            } else if outer.is_some_and(|outer| outer.is_bound(name)) {
                free.insert(name.clone());
                Scope::Free
            } else {
                Scope::GlobalImplicit
            }
        };
        scopes.insert(name.clone(), scope);
    }
    if block_type == BlockType::Class {
        for special in ["__class__", "__classdict__", "__conditional_annotations__"] {
            here.bound.insert(Name::from(special));
        }
    }

    // The blocks inside.
    let mut child_frees = FreeSet::default();
    let mut inlined_cells = NameSet::default();
    let children = table.entry(id).children.clone();
    for &child in &children {
        let child_entry = table.entry(child);
        let new_class_entry = match child_entry.can_see_class_scope {
            true if block_type == BlockType::Class => Some(id),
            true => class_entry,
            false => None,
        };
        // All comprehensions but generator expressions are inlined, except in annotation scopes
        // that are nested in classes.
        let inline = child_entry.comprehension.is_some() && !child_entry.generator && !can_see_class_scope;
        let mut child_free = with_stack(|| analyze_block(table, child, Some(&here), new_class_entry))?;
        if inline {
            inline_comprehension(table, id, child, &mut scopes, &mut child_free, &mut inlined_cells);
            table.entry_mut(child).comp_inlined = true;
        }
        child_frees.extend(child_free);
    }
    if children.iter().any(|&child| table.entry(child).comp_inlined) {
        // The children of an inlined comprehension become children of this block.
        let mut spliced = Vec::with_capacity(children.len());
        for child in children {
            if table.entry(child).comp_inlined {
                spliced.extend_from_slice(&table.entry(child).children);
            } else {
                spliced.push(child);
            }
        }
        table.entry_mut(id).children = spliced;
    }

    if function_like {
        analyze_cells(&mut scopes, &mut child_frees, &inlined_cells);
    } else if block_type == BlockType::Class {
        drop_class_free(table.entry_mut(id), &mut child_frees);
    }
    let class_flag = block_type == BlockType::Class || can_see_class_scope;
    let bound = |name: &Name| match outer {
        None => true,
        Some(outer) => !here.unbound.contains(name) && outer.is_bound(name),
    };
    let symbols = &mut table.entry_mut(id).symbols;
    update_symbols(symbols, &scopes, bound, &child_frees, &inlined_cells, class_flag)?;
    free.extend(child_frees);
    Ok(free)
}

fn is_free_in_any_child(table: &Symtable, id: EntryId, name: &str) -> bool {
    let children = &table.entry(id).children;
    children.iter().any(|&child| table.entry(child).scope(name) == Scope::Free)
}

/// Moves the names of a comprehension into the block that it is inlined into.
fn inline_comprehension(
    table: &mut Symtable,
    id: EntryId,
    comprehension: EntryId,
    scopes: &mut FxHashMap<Name, Scope>,
    comprehension_free: &mut FreeSet,
    inlined_cells: &mut NameSet,
) {
    let in_class = table.entry(id).block_type == BlockType::Class;
    let mut removed = Vec::new();
    for at in 0..table.entry(comprehension).symbols.len() {
        let Some((name, &flags)) = table.entry(comprehension).symbols.get_index(at) else {
            break;
        };
        // The implicit parameter stays behind.
        if flags & DEF_PARAM != 0 {
            continue;
        }
        let name = name.clone();
        let mut scope = Scope::of(flags);
        let only_flags = flags & ((1 << SCOPE_OFFSET) - 1);
        if scope == Scope::Cell || only_flags & DEF_COMP_CELL != 0 {
            inlined_cells.insert(name.clone());
        }
        // These are never free through a class: the name inside is a global. If a function inside
        // the comprehension uses it, the class makes the cell all the same.
        let special = ["__class__", "__classdict__", "__conditional_annotations__"];
        if scope == Scope::Free && in_class && special.contains(&name.as_str()) {
            scope = Scope::GlobalImplicit;
            if !is_free_in_any_child(table, comprehension, &name) {
                comprehension_free.swap_remove(&name);
            }
            removed.push(name.clone());
        }
        match table.entry(id).symbols.get(&name) {
            None => {
                table.entry_mut(id).symbols.insert(name.clone(), only_flags);
                scopes.insert(name, scope);
            }
            Some(&outer_flags) => {
                // Free in the comprehension and local around it: now simply local, unless a block
                // inside the comprehension wants it too.
                if outer_flags & DEF_BOUND != 0 && !in_class && !is_free_in_any_child(table, comprehension, &name) {
                    comprehension_free.swap_remove(&name);
                }
            }
        }
    }
    for name in removed {
        table.entry_mut(comprehension).symbols.shift_remove(&name);
    }
}

/// Locals that are free in a block inside are cells.
fn analyze_cells(scopes: &mut FxHashMap<Name, Scope>, free: &mut FreeSet, inlined_cells: &NameSet) {
    if free.is_empty() && inlined_cells.is_empty() {
        return;
    }
    for (name, scope) in scopes.iter_mut() {
        if *scope == Scope::Local && (free.contains(name) || inlined_cells.contains(name)) {
            *scope = Scope::Cell;
            free.swap_remove(name);
        }
    }
}

fn drop_class_free(entry: &mut Entry, free: &mut FreeSet) {
    if free.swap_remove("__class__") {
        entry.needs_class_closure = true;
    }
    if free.swap_remove("__classdict__") {
        entry.needs_classdict = true;
    }
    if free.swap_remove("__conditional_annotations__") {
        entry.has_conditional_annotations = true;
    }
}

/// Enters the scopes into the symbols' flags, and the free variables that are only passed through.
fn update_symbols(
    symbols: &mut OrderedMap<u32>,
    scopes: &FxHashMap<Name, Scope>,
    bound: impl Fn(&Name) -> bool,
    free: &FreeSet,
    inlined_cells: &NameSet,
    class_flag: bool,
) -> CompileResult<()> {
    for (name, flags) in symbols.iter_mut() {
        if inlined_cells.contains(name) {
            *flags |= DEF_COMP_CELL;
        }
        let Some(&scope) = scopes.get(name) else {
            return Err(CompileError::new(ErrorKind::SystemError, "a name without a scope"));
        };
        *flags |= (scope as u32) << SCOPE_OFFSET;
    }
    for name in free {
        if let Some(flags) = symbols.get_mut(name) {
            if class_flag {
                *flags |= DEF_FREE_CLASS;
            }
        } else if bound(name) {
            symbols.insert(name.clone(), (Scope::Free as u32) << SCOPE_OFFSET);
        }
    }
    Ok(())
}
