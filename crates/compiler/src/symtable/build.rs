//! The first pass: what each block does with each name.

use super::{
    BlockType, ComprehensionType, DEF_ANNOT, DEF_BOUND, DEF_COMP_ITER, DEF_GLOBAL, DEF_IMPORT, DEF_LOCAL, DEF_NONLOCAL,
    DEF_PARAM, DEF_TYPE_PARAM, Entry, EntryId, OrderedMap, Symtable, USE, analyze, default_key_of, key_of,
};
use crate::ast::*;
use crate::error::{CompileError, CompileResult, ErrorKind};
use crate::flags::{CO_FUTURE_ANNOTATIONS, PYCF_ALLOW_TOP_LEVEL_AWAIT};
use crate::future::FutureFeatures;
use crate::recursion::{Depth, with_stack};
use crate::tree::docstring;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// Builds the symbol table of a tree (`_PySymtable_Build`).
///
/// Entries are found by the address of their node, so the tree must stay where it is for as long as
/// the table is used. Raises `SyntaxError` and `RecursionError`.
pub(crate) fn build(tree: &Mod, future: &FutureFeatures) -> CompileResult<Symtable> {
    let mut builder = Builder {
        table: Symtable { entries: Vec::new(), top: EntryId(0), blocks: FxHashMap::default() },
        stack: Vec::new(),
        private: None,
        future,
        depth: Depth::default(),
    };
    builder.enter_block(&Name::from("top"), BlockType::Module, key_of(tree), Location::default())?;
    match tree {
        Mod::Module { body, .. } => {
            builder.cur_mut().has_docstring = docstring(body).is_some();
            builder.visit_body(body)?;
        }
        Mod::Interactive { body } => builder.visit_body(body)?,
        Mod::Expression { body } => builder.visit_expr(body)?,
        Mod::FunctionType { .. } => {
            return Err(CompileError::new(ErrorKind::SystemError, "this compiler does not handle FunctionTypes"));
        }
    }
    builder.exit_block();
    analyze::analyze(&mut builder.table)?;
    Ok(builder.table)
}

struct Builder<'a> {
    table: Symtable,
    /// The blocks that are open; the last is the current one.
    stack: Vec<EntryId>,
    /// The class whose private names are mangled.
    private: Option<Name>,
    future: &'a FutureFeatures,
    depth: Depth,
}

impl Builder<'_> {
    fn cur_id(&self) -> EntryId {
        self.stack.last().copied().unwrap_or(self.table.top)
    }

    fn cur(&self) -> &Entry {
        self.table.entry(self.cur_id())
    }

    fn cur_mut(&mut self) -> &mut Entry {
        let id = self.cur_id();
        self.table.entry_mut(id)
    }

    fn new_entry(&mut self, name: &Name, block_type: BlockType, key: usize, loc: Location) -> EntryId {
        let (mut nested, mut method) = (false, false);
        if let Some(&outer) = self.stack.last() {
            let outer = self.table.entry(outer);
            nested = outer.nested || outer.is_function_like();
            method = outer.block_type == BlockType::Class && block_type == BlockType::Function;
        }
        let id = EntryId(self.table.entries.len() as u32);
        self.table.entries.push(Entry {
            name: name.clone(),
            block_type,
            symbols: OrderedMap::default(),
            varnames: Vec::new(),
            children: Vec::new(),
            directives: Vec::new(),
            mangled_names: None,
            scope_info: None,
            comprehension: None,
            nested,
            generator: false,
            coroutine: false,
            annotations_used: false,
            varargs: false,
            varkeywords: false,
            needs_class_closure: false,
            needs_classdict: false,
            comp_inlined: false,
            can_see_class_scope: false,
            has_docstring: false,
            method,
            has_conditional_annotations: false,
            comp_iter_target: false,
            in_conditional_block: false,
            in_unevaluated_annotation: false,
            comp_iter_expr: 0,
            loc,
            annotation_block: None,
        });
        if key != 0 {
            self.table.blocks.insert(key, id);
        }
        id
    }

    /// Opens a block that was made before; `add` says whether it becomes a child of the current one.
    fn enter_existing_block(&mut self, id: EntryId, add: bool) {
        let future_annotations = self.future.features & CO_FUTURE_ANNOTATIONS != 0;
        if let Some(&outer) = self.stack.last() {
            let outer_entry = self.table.entry(outer);
            // Inherited so that no assignment expression slips into the first iterable of a
            // comprehension by way of a nested comprehension or a lambda.
            let comp_iter_expr = outer_entry.comp_iter_expr;
            let mangled_names = outer_entry.mangled_names.clone();
            let entry = self.table.entry_mut(id);
            entry.comp_iter_expr = comp_iter_expr;
            if entry.block_type != BlockType::Class && mangled_names.is_some() {
                entry.mangled_names = mangled_names;
            }
            // Annotations that stay text have no effect on the table.
            let ignored = future_annotations && entry.block_type == BlockType::Annotation;
            if add && !ignored {
                self.table.entry_mut(outer).children.push(id);
            }
        }
        self.stack.push(id);
    }

    fn enter_block(&mut self, name: &Name, block_type: BlockType, key: usize, loc: Location) -> CompileResult<EntryId> {
        let id = self.new_entry(name, block_type, key, loc);
        self.enter_existing_block(id, true);
        if matches!(block_type, BlockType::Annotation | BlockType::TypeVariable | BlockType::TypeAlias) {
            let format = Name::from(".format");
            self.add_def(&format, DEF_PARAM, loc)?;
            self.add_def(&format, USE, loc)?;
        }
        Ok(id)
    }

    fn exit_block(&mut self) {
        self.stack.pop();
    }

    /// The flags of a name in a block, as far as they are known now.
    fn lookup_entry(&self, id: EntryId, name: &Name) -> u32 {
        let entry = self.table.entry(id);
        entry.symbol(&entry.maybe_mangle(self.private.as_ref(), name))
    }

    fn add_def_helper(&mut self, name: &Name, flag: u32, id: EntryId, loc: Location) -> CompileResult<()> {
        let mangled = self.cur().maybe_mangle(self.private.as_ref(), name);
        let entry = self.table.entry_mut(id);
        let mut flags = entry.symbols.get(&mangled).copied().unwrap_or(0);
        if flag & DEF_PARAM != 0 && flags & DEF_PARAM != 0 {
            let message = format!("duplicate argument '{name}' in function definition");
            return Err(CompileError::syntax(message, loc));
        }
        if flag & DEF_TYPE_PARAM != 0 && flags & DEF_TYPE_PARAM != 0 {
            return Err(CompileError::syntax(format!("duplicate type parameter '{name}'"), loc));
        }
        flags |= flag;
        if entry.comp_iter_target {
            if flags & (DEF_GLOBAL | DEF_NONLOCAL) != 0 {
                let message = format!("comprehension inner loop cannot rebind assignment expression target '{name}'");
                return Err(CompileError::syntax(message, loc));
            }
            flags |= DEF_COMP_ITER;
        }
        entry.symbols.insert(mangled.clone(), flags);
        if flag & DEF_PARAM != 0 {
            entry.varnames.push(mangled);
        } else if flag & DEF_GLOBAL != 0 {
            let top = self.table.top;
            *self.table.entry_mut(top).symbols.entry(mangled).or_insert(0) |= flag;
        }
        Ok(())
    }

    fn check_name(&self, name: &Name, loc: Location, ctx: ExprContext) -> CompileResult<()> {
        if ctx != ExprContext::Load && name == "__debug__" {
            let verb = if ctx == ExprContext::Store { "assign to" } else { "delete" };
            return Err(CompileError::syntax(format!("cannot {verb} __debug__"), loc));
        }
        Ok(())
    }

    fn check_keywords(&self, keywords: &[Keyword]) -> CompileResult<()> {
        for keyword in keywords {
            if let Some(arg) = &keyword.arg {
                self.check_name(arg, keyword.loc, ExprContext::Store)?;
            }
        }
        Ok(())
    }

    fn add_def_ctx(&mut self, name: &Name, flag: u32, loc: Location, ctx: ExprContext) -> CompileResult<()> {
        if flag & DEF_BOUND != 0 {
            self.check_name(name, loc, ctx)?;
        }
        if flag & DEF_TYPE_PARAM != 0 {
            if let Some(mangled) = &self.cur().mangled_names {
                mangled.borrow_mut().insert(name.clone());
            }
        }
        self.add_def_helper(name, flag, self.cur_id(), loc)
    }

    fn add_def(&mut self, name: &Name, flag: u32, loc: Location) -> CompileResult<()> {
        let ctx = if flag == USE { ExprContext::Load } else { ExprContext::Store };
        self.add_def_ctx(name, flag, loc, ctx)
    }

    fn add_use(&mut self, name: &str, loc: Location) -> CompileResult<()> {
        self.add_def(&Name::from(name), USE, loc)
    }

    fn enter_type_param_block(
        &mut self,
        name: &Name,
        params: &Vec<TypeParam>,
        args: Option<&Arguments>,
        is_class: bool,
        loc: Location,
    ) -> CompileResult<()> {
        let in_class = self.cur().block_type == BlockType::Class;
        self.enter_block(name, BlockType::TypeParameters, key_of(params), loc)?;
        if in_class {
            self.cur_mut().can_see_class_scope = true;
            self.add_use("__classdict__", loc)?;
        }
        if is_class {
            // Set when the tuple of type parameters is made, used for the bases.
            for special in [".type_params", ".generic_base"] {
                let special = Name::from(special);
                self.add_def(&special, DEF_LOCAL, loc)?;
                self.add_def(&special, USE, loc)?;
            }
        }
        if let Some(args) = args {
            // Whether there are defaults or not: CPython asks for the sequence, not for its length.
            self.add_def(&Name::from(".defaults"), DEF_PARAM, loc)?;
            if args.kw_defaults.iter().any(Option::is_some) {
                self.add_def(&Name::from(".kwdefaults"), DEF_PARAM, loc)?;
            }
        }
        Ok(())
    }

    fn record_directive(&mut self, name: &Name, loc: Location) {
        let mangled = self.cur().maybe_mangle(self.private.as_ref(), name);
        self.cur_mut().directives.push((mangled, loc));
    }

    fn allows_top_level_await(&self) -> bool {
        self.future.features & PYCF_ALLOW_TOP_LEVEL_AWAIT != 0 && self.cur().block_type == BlockType::Module
    }

    fn is_async_def(&self) -> bool {
        self.cur().block_type == BlockType::Function && self.cur().coroutine
    }

    fn visit_body(&mut self, body: &[Stmt]) -> CompileResult<()> {
        body.iter().try_for_each(|stmt| self.visit_stmt(stmt))
    }

    fn visit_conditional(&mut self, bodies: &[&[Stmt]]) -> CompileResult<()> {
        let outer = self.enter_conditional_block();
        bodies.iter().try_for_each(|body| self.visit_body(body))?;
        self.cur_mut().in_conditional_block = outer;
        Ok(())
    }

    fn enter_conditional_block(&mut self) -> bool {
        std::mem::replace(&mut self.cur_mut().in_conditional_block, true)
    }

    fn visit_stmt(&mut self, stmt: &Stmt) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.visit_stmt_kind(stmt))?;
        self.depth.leave();
        Ok(())
    }

    fn visit_stmt_kind(&mut self, stmt: &Stmt) -> CompileResult<()> {
        let loc = stmt.loc;
        match &stmt.node {
            StmtKind::FunctionDef(def) => self.visit_function(stmt, def, false)?,
            StmtKind::AsyncFunctionDef(def) => self.visit_function(stmt, def, true)?,
            StmtKind::ClassDef(def) => self.visit_class(stmt, def)?,
            StmtKind::TypeAlias(alias) => self.visit_type_alias(stmt, alias)?,
            StmtKind::Return { value } => self.visit_opt_expr(value.as_deref())?,
            StmtKind::Delete { targets } => self.visit_exprs(targets)?,
            StmtKind::Assign { targets, value, .. } => {
                self.visit_exprs(targets)?;
                self.visit_expr(value)?;
            }
            StmtKind::AnnAssign(assign) => self.visit_ann_assign(stmt, assign)?,
            StmtKind::AugAssign { target, value, .. } => {
                self.visit_expr(target)?;
                self.visit_expr(value)?;
            }
            StmtKind::For(node) => {
                self.visit_expr(&node.target)?;
                self.visit_expr(&node.iter)?;
                self.visit_conditional(&[&node.body, &node.orelse])?;
            }
            StmtKind::AsyncFor(node) => {
                self.require_coroutine("'async for' outside async function", loc)?;
                self.visit_expr(&node.target)?;
                self.visit_expr(&node.iter)?;
                self.visit_conditional(&[&node.body, &node.orelse])?;
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.visit_expr(test)?;
                self.visit_conditional(&[body, orelse])?;
            }
            StmtKind::Match { subject, cases } => {
                self.visit_expr(subject)?;
                let outer = self.enter_conditional_block();
                for case in cases {
                    self.visit_pattern(&case.pattern)?;
                    self.visit_opt_expr(case.guard.as_ref())?;
                    self.visit_body(&case.body)?;
                }
                self.cur_mut().in_conditional_block = outer;
            }
            StmtKind::Raise { exc, cause } => {
                if let Some(exc) = exc {
                    self.visit_expr(exc)?;
                    self.visit_opt_expr(cause.as_deref())?;
                }
            }
            StmtKind::Try(node) | StmtKind::TryStar(node) => {
                let outer = self.enter_conditional_block();
                self.visit_body(&node.body)?;
                for handler in &node.handlers {
                    self.visit_opt_expr(handler.type_.as_ref())?;
                    if let Some(name) = &handler.name {
                        self.add_def(name, DEF_LOCAL, handler.loc)?;
                    }
                    self.visit_body(&handler.body)?;
                }
                self.visit_body(&node.orelse)?;
                self.visit_body(&node.finalbody)?;
                self.cur_mut().in_conditional_block = outer;
            }
            StmtKind::Assert { test, msg } => {
                self.visit_expr(test)?;
                self.visit_opt_expr(msg.as_deref())?;
            }
            StmtKind::Import { names } => {
                names.iter().try_for_each(|alias| self.visit_alias(alias))?;
            }
            StmtKind::ImportFrom { module, names, level } => {
                names.iter().try_for_each(|alias| self.visit_alias(alias))?;
                let future = self.future.location;
                let late = loc.lineno > future.lineno
                    || (loc.lineno == future.end_lineno && loc.col_offset > future.end_col_offset);
                if *level == 0 && late && module.as_ref().is_some_and(|m| m == "__future__") {
                    let message = "from __future__ imports must occur at the beginning of the file";
                    return Err(CompileError::syntax(message, loc));
                }
            }
            StmtKind::Global { names } => self.visit_directive(names, DEF_GLOBAL, loc)?,
            StmtKind::Nonlocal { names } => self.visit_directive(names, DEF_NONLOCAL, loc)?,
            StmtKind::Expr { value } => self.visit_expr(value)?,
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => {}
            StmtKind::With(node) => self.visit_with(node)?,
            StmtKind::AsyncWith(node) => {
                self.require_coroutine("'async with' outside async function", loc)?;
                self.visit_with(node)?;
            }
        }
        Ok(())
    }

    fn require_coroutine(&mut self, message: &str, loc: Location) -> CompileResult<()> {
        if self.allows_top_level_await() {
            self.cur_mut().coroutine = true;
        }
        if !self.cur().coroutine {
            return Err(CompileError::syntax(message, loc));
        }
        Ok(())
    }

    fn visit_with(&mut self, node: &With) -> CompileResult<()> {
        let outer = self.enter_conditional_block();
        for item in &node.items {
            self.visit_expr(&item.context_expr)?;
            self.visit_opt_expr(item.optional_vars.as_ref())?;
        }
        self.visit_body(&node.body)?;
        self.cur_mut().in_conditional_block = outer;
        Ok(())
    }

    fn visit_function(&mut self, stmt: &Stmt, def: &FunctionDef, is_async: bool) -> CompileResult<()> {
        self.add_def(&def.name, DEF_LOCAL, stmt.loc)?;
        self.visit_defaults(&def.args)?;
        self.visit_exprs(&def.decorator_list)?;
        let generic = !def.type_params.is_empty();
        if generic {
            let args = Some(&def.args);
            self.enter_type_param_block(&def.name, &def.type_params, args, false, stmt.loc)?;
            def.type_params.iter().try_for_each(|param| self.visit_type_param(param))?;
        }
        let id = self.new_entry(&def.name, BlockType::Function, key_of(stmt), stmt.loc);
        self.table.entry_mut(id).has_docstring = docstring(&def.body).is_some();
        self.visit_annotations(stmt, def)?;
        self.enter_existing_block(id, true);
        self.cur_mut().coroutine = is_async;
        self.visit_arguments(&def.args)?;
        self.visit_body(&def.body)?;
        self.exit_block();
        if generic {
            self.exit_block();
        }
        Ok(())
    }

    fn visit_class(&mut self, stmt: &Stmt, def: &ClassDef) -> CompileResult<()> {
        self.add_def(&def.name, DEF_LOCAL, stmt.loc)?;
        self.visit_exprs(&def.decorator_list)?;
        let outer_private = self.private.clone();
        let generic = !def.type_params.is_empty();
        if generic {
            self.enter_type_param_block(&def.name, &def.type_params, None, true, stmt.loc)?;
            self.private = Some(def.name.clone());
            self.cur_mut().mangled_names = Some(Rc::new(RefCell::default()));
            def.type_params.iter().try_for_each(|param| self.visit_type_param(param))?;
        }
        self.visit_exprs(&def.bases)?;
        self.visit_keywords(&def.keywords)?;
        self.enter_block(&def.name, BlockType::Class, key_of(stmt), stmt.loc)?;
        self.private = Some(def.name.clone());
        if generic {
            self.add_def(&Name::from("__type_params__"), DEF_LOCAL, stmt.loc)?;
            self.add_use(".type_params", stmt.loc)?;
        }
        self.cur_mut().has_docstring = docstring(&def.body).is_some();
        self.visit_body(&def.body)?;
        self.exit_block();
        if generic {
            self.exit_block();
        }
        self.private = outer_private;
        Ok(())
    }

    fn visit_type_alias(&mut self, stmt: &Stmt, alias: &TypeAlias) -> CompileResult<()> {
        self.visit_expr(&alias.name)?;
        let ExprKind::Name { id: name, .. } = &alias.name.node else {
            return Err(CompileError::new(ErrorKind::TypeError, "TypeAlias with non-Name name"));
        };
        let in_class = self.cur().block_type == BlockType::Class;
        let generic = !alias.type_params.is_empty();
        if generic {
            self.enter_type_param_block(name, &alias.type_params, None, false, stmt.loc)?;
            alias.type_params.iter().try_for_each(|param| self.visit_type_param(param))?;
        }
        self.enter_block(name, BlockType::TypeAlias, key_of(stmt), stmt.loc)?;
        self.cur_mut().can_see_class_scope = in_class;
        if in_class {
            self.add_use("__classdict__", alias.value.loc)?;
        }
        self.visit_expr(&alias.value)?;
        self.exit_block();
        if generic {
            self.exit_block();
        }
        Ok(())
    }

    fn visit_ann_assign(&mut self, stmt: &Stmt, assign: &AnnAssign) -> CompileResult<()> {
        self.cur_mut().annotations_used = true;
        if let ExprKind::Name { id, .. } = &assign.target.node {
            let flags = self.lookup_entry(self.cur_id(), id);
            if flags & (DEF_GLOBAL | DEF_NONLOCAL) != 0 && self.cur_id() != self.table.top && assign.simple {
                let kind = if flags & DEF_GLOBAL != 0 { "global" } else { "nonlocal" };
                let message = format!("annotated name '{id}' can't be {kind}");
                return Err(CompileError::syntax(message, stmt.loc));
            }
            if assign.simple {
                self.add_def(id, DEF_ANNOT | DEF_LOCAL, assign.target.loc)?;
            } else if assign.value.is_some() {
                self.add_def(id, DEF_LOCAL, assign.target.loc)?;
            }
        } else {
            self.visit_expr(&assign.target)?;
        }
        self.visit_annotation(&assign.annotation)?;
        self.visit_opt_expr(assign.value.as_ref())
    }

    /// The annotation of a variable.
    fn visit_annotation(&mut self, annotation: &Expr) -> CompileResult<()> {
        let loc = annotation.loc;
        let outer = self.cur_id();
        let outer_type = self.cur().block_type;
        // Annotations of locals are never evaluated and mean nothing to the table.
        let unevaluated = outer_type == BlockType::Function;
        // A module may be executed in part, so its annotations are always conditional.
        let conditional = match outer_type {
            BlockType::Class => self.cur().in_conditional_block,
            BlockType::Module => true,
            _ => false,
        };
        if conditional && !self.cur().has_conditional_annotations {
            self.cur_mut().has_conditional_annotations = true;
            self.add_use("__conditional_annotations__", loc)?;
        }
        match self.cur().annotation_block {
            Some(id) => self.enter_existing_block(id, false),
            None => {
                let name = Name::from("__annotate__");
                let id = self.enter_block(&name, BlockType::Annotation, 0, loc)?;
                self.table.entry_mut(outer).annotation_block = Some(id);
                let future_annotations = self.future.features & CO_FUTURE_ANNOTATIONS != 0;
                if outer_type == BlockType::Class && !future_annotations {
                    self.cur_mut().can_see_class_scope = true;
                    self.add_use("__classdict__", loc)?;
                    // Even if the class binds that name itself.
                    self.table.entry_mut(outer).needs_classdict = true;
                }
            }
        }
        self.cur_mut().in_unevaluated_annotation = unevaluated;
        self.visit_expr(annotation)?;
        self.cur_mut().in_unevaluated_annotation = false;
        self.exit_block();
        Ok(())
    }

    fn visit_arg_annotations(&mut self, args: &[Arg]) -> CompileResult<()> {
        for arg in args {
            if let Some(annotation) = &arg.annotation {
                self.cur_mut().annotations_used = true;
                self.visit_expr(annotation)?;
            }
        }
        Ok(())
    }

    /// The annotations of a function's parameters and result.
    fn visit_annotations(&mut self, stmt: &Stmt, def: &FunctionDef) -> CompileResult<()> {
        let args = &def.args;
        let sees_class = self.cur().can_see_class_scope || self.cur().block_type == BlockType::Class;
        let name = Name::from("__annotate__");
        self.enter_block(&name, BlockType::Annotation, key_of(args), stmt.loc)?;
        if sees_class {
            self.cur_mut().can_see_class_scope = true;
            self.add_use("__classdict__", stmt.loc)?;
        }
        self.visit_arg_annotations(&args.posonlyargs)?;
        self.visit_arg_annotations(&args.args)?;
        self.visit_arg_annotations(args.vararg.as_deref().map_or(&[], std::slice::from_ref))?;
        self.visit_arg_annotations(args.kwarg.as_deref().map_or(&[], std::slice::from_ref))?;
        self.visit_arg_annotations(&args.kwonlyargs)?;
        if let Some(returns) = &def.returns {
            self.cur_mut().annotations_used = true;
            self.visit_expr(returns)?;
        }
        self.exit_block();
        Ok(())
    }

    fn visit_defaults(&mut self, args: &Arguments) -> CompileResult<()> {
        self.visit_exprs(&args.defaults)?;
        args.kw_defaults.iter().try_for_each(|default| self.visit_opt_expr(default.as_ref()))
    }

    fn visit_arguments(&mut self, args: &Arguments) -> CompileResult<()> {
        for arg in args.posonlyargs.iter().chain(&args.args).chain(&args.kwonlyargs) {
            self.add_def(&arg.arg, DEF_PARAM, arg.loc)?;
        }
        if let Some(arg) = &args.vararg {
            self.add_def(&arg.arg, DEF_PARAM, arg.loc)?;
            self.cur_mut().varargs = true;
        }
        if let Some(arg) = &args.kwarg {
            self.add_def(&arg.arg, DEF_PARAM, arg.loc)?;
            self.cur_mut().varkeywords = true;
        }
        Ok(())
    }

    fn visit_directive(&mut self, names: &[Name], flag: u32, loc: Location) -> CompileResult<()> {
        let kind = if flag == DEF_GLOBAL { "global" } else { "nonlocal" };
        for name in names {
            let flags = self.lookup_entry(self.cur_id(), name);
            if flags & (DEF_PARAM | DEF_LOCAL | USE | DEF_ANNOT) != 0 {
                let message = if flags & DEF_PARAM != 0 {
                    format!("name '{name}' is parameter and {kind}")
                } else if flags & USE != 0 {
                    format!("name '{name}' is used prior to {kind} declaration")
                } else if flags & DEF_ANNOT != 0 {
                    format!("annotated name '{name}' can't be {kind}")
                } else {
                    format!("name '{name}' is assigned to before {kind} declaration")
                };
                return Err(CompileError::syntax(message, loc));
            }
            self.add_def(name, flag, loc)?;
            self.record_directive(name, loc);
        }
        Ok(())
    }

    fn visit_alias(&mut self, alias: &Alias) -> CompileResult<()> {
        let name = alias.asname.as_ref().unwrap_or(&alias.name);
        if name == "*" {
            if self.cur().block_type != BlockType::Module {
                let message = "import * only allowed at module level";
                return Err(CompileError::syntax(message, alias.loc));
            }
            return Ok(());
        }
        match name.split_once('.') {
            Some((first, _)) => self.add_def(&Name::from(first), DEF_IMPORT, alias.loc),
            None => self.add_def(name, DEF_IMPORT, alias.loc),
        }
    }

    fn visit_type_param(&mut self, param: &TypeParam) -> CompileResult<()> {
        self.add_def(param.name(), DEF_TYPE_PARAM | DEF_LOCAL, param.loc)?;
        match &param.node {
            TypeParamKind::TypeVar { name, bound, default_value } => {
                let is_tuple = |bound: &Expr| matches!(bound.node, ExprKind::Tuple { .. });
                let info = match bound.as_deref() {
                    Some(bound) if is_tuple(bound) => "a TypeVar constraint",
                    _ => "a TypeVar bound",
                };
                let key = key_of(param);
                self.visit_bound_or_default(bound.as_deref(), name, key, param.loc, info)?;
                let (key, info) = (default_key_of(param), "a TypeVar default");
                self.visit_bound_or_default(default_value.as_deref(), name, key, param.loc, info)
            }
            TypeParamKind::TypeVarTuple { name, default_value } => {
                let (key, info) = (key_of(param), "a TypeVarTuple default");
                self.visit_bound_or_default(default_value.as_deref(), name, key, param.loc, info)
            }
            TypeParamKind::ParamSpec { name, default_value } => {
                let (key, info) = (key_of(param), "a ParamSpec default");
                self.visit_bound_or_default(default_value.as_deref(), name, key, param.loc, info)
            }
        }
    }

    fn visit_bound_or_default(
        &mut self,
        expr: Option<&Expr>,
        name: &Name,
        key: usize,
        param_loc: Location,
        info: &'static str,
    ) -> CompileResult<()> {
        if name == "__classdict__" {
            let message = format!("reserved name '{name}' cannot be used for type parameter");
            return Err(CompileError::syntax(message, param_loc));
        }
        let Some(expr) = expr else { return Ok(()) };
        let in_class = self.cur().can_see_class_scope;
        self.enter_block(name, BlockType::TypeVariable, key, expr.loc)?;
        self.cur_mut().can_see_class_scope = in_class;
        if in_class {
            self.add_use("__classdict__", expr.loc)?;
        }
        self.cur_mut().scope_info = Some(info);
        self.visit_expr(expr)?;
        self.exit_block();
        Ok(())
    }

    fn visit_pattern(&mut self, pattern: &Pattern) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.visit_pattern_kind(pattern))?;
        self.depth.leave();
        Ok(())
    }

    fn visit_patterns(&mut self, patterns: &[Pattern]) -> CompileResult<()> {
        patterns.iter().try_for_each(|pattern| self.visit_pattern(pattern))
    }

    fn visit_pattern_kind(&mut self, pattern: &Pattern) -> CompileResult<()> {
        let bind = |this: &mut Self, name: &Option<Name>| match name {
            Some(name) => this.add_def(name, DEF_LOCAL, pattern.loc),
            None => Ok(()),
        };
        match &pattern.node {
            PatternKind::MatchValue { value } => self.visit_expr(value),
            PatternKind::MatchSingleton { .. } => Ok(()),
            PatternKind::MatchSequence { patterns } | PatternKind::MatchOr { patterns } => {
                self.visit_patterns(patterns)
            }
            PatternKind::MatchStar { name } => bind(self, name),
            PatternKind::MatchMapping { keys, patterns, rest } => {
                self.visit_exprs(keys)?;
                self.visit_patterns(patterns)?;
                bind(self, rest)
            }
            PatternKind::MatchClass { cls, patterns, kwd_attrs, kwd_patterns } => {
                self.visit_expr(cls)?;
                self.visit_patterns(patterns)?;
                for (attr, pattern) in kwd_attrs.iter().zip(kwd_patterns) {
                    self.check_name(attr, pattern.loc, ExprContext::Store)?;
                }
                self.visit_patterns(kwd_patterns)
            }
            PatternKind::MatchAs { pattern, name } => {
                if let Some(pattern) = pattern {
                    self.visit_pattern(pattern)?;
                }
                bind(self, name)
            }
        }
    }

    fn visit_exprs(&mut self, exprs: &[Expr]) -> CompileResult<()> {
        exprs.iter().try_for_each(|expr| self.visit_expr(expr))
    }

    fn visit_opt_expr(&mut self, expr: Option<&Expr>) -> CompileResult<()> {
        expr.map_or(Ok(()), |expr| self.visit_expr(expr))
    }

    fn visit_keywords(&mut self, keywords: &[Keyword]) -> CompileResult<()> {
        self.check_keywords(keywords)?;
        keywords.iter().try_for_each(|keyword| self.visit_expr(&keyword.value))
    }

    fn visit_expr(&mut self, expr: &Expr) -> CompileResult<()> {
        self.depth.enter()?;
        with_stack(|| self.visit_expr_kind(expr))?;
        self.depth.leave();
        Ok(())
    }

    fn visit_expr_kind(&mut self, expr: &Expr) -> CompileResult<()> {
        let loc = expr.loc;
        match &expr.node {
            ExprKind::NamedExpr { target, value } => {
                self.raise_if_annotation_block("named expression", loc)?;
                if self.cur().comp_iter_expr > 0 {
                    let message = "assignment expression cannot be used in a comprehension \
                                   iterable expression";
                    return Err(CompileError::syntax(message, loc));
                }
                if self.cur().comprehension.is_some() {
                    self.extend_named_expr_scope(target)?;
                }
                self.visit_expr(value)?;
                self.visit_expr(target)
            }
            ExprKind::BoolOp { values, .. } | ExprKind::JoinedStr { values } | ExprKind::TemplateStr { values } => {
                self.visit_exprs(values)
            }
            ExprKind::BinOp { left, right, .. } => {
                self.visit_expr(left)?;
                self.visit_expr(right)
            }
            ExprKind::UnaryOp { operand, .. } => self.visit_expr(operand),
            ExprKind::Lambda { args, body } => {
                self.visit_defaults(args)?;
                let name = Name::from("lambda");
                self.enter_block(&name, BlockType::Function, key_of(expr), loc)?;
                self.visit_arguments(args)?;
                self.visit_expr(body)?;
                self.exit_block();
                Ok(())
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.visit_expr(test)?;
                self.visit_expr(body)?;
                self.visit_expr(orelse)
            }
            ExprKind::Dict { keys, values } => {
                keys.iter().try_for_each(|key| self.visit_opt_expr(key.as_ref()))?;
                self.visit_exprs(values)
            }
            ExprKind::Set { elts } | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                self.visit_exprs(elts)
            }
            ExprKind::ListComp { elt, generators } => {
                self.visit_comprehension(expr, generators, elt, None, ComprehensionType::List)
            }
            ExprKind::SetComp { elt, generators } => {
                self.visit_comprehension(expr, generators, elt, None, ComprehensionType::Set)
            }
            ExprKind::GeneratorExp { elt, generators } => {
                self.visit_comprehension(expr, generators, elt, None, ComprehensionType::Generator)
            }
            ExprKind::DictComp { key, value, generators } => {
                let kind = ComprehensionType::Dict;
                self.visit_comprehension(expr, generators, key, Some(value), kind)
            }
            ExprKind::Yield { value } => {
                self.raise_if_annotation_block("yield expression", loc)?;
                self.visit_opt_expr(value.as_deref())?;
                self.cur_mut().generator = true;
                self.raise_if_comprehension_block(loc)
            }
            ExprKind::YieldFrom { value } => {
                self.raise_if_annotation_block("yield expression", loc)?;
                self.visit_expr(value)?;
                self.cur_mut().generator = true;
                self.raise_if_comprehension_block(loc)
            }
            ExprKind::Await { value } => {
                self.raise_if_annotation_block("await expression", loc)?;
                if !self.allows_top_level_await() {
                    if !self.cur().is_function_like() {
                        return Err(CompileError::syntax("'await' outside function", loc));
                    }
                    if !self.is_async_def() && self.cur().comprehension.is_none() {
                        return Err(CompileError::syntax("'await' outside async function", loc));
                    }
                }
                self.visit_expr(value)?;
                self.cur_mut().coroutine = true;
                Ok(())
            }
            ExprKind::Compare { left, comparators, .. } => {
                self.visit_expr(left)?;
                self.visit_exprs(comparators)
            }
            ExprKind::Call { func, args, keywords } => {
                self.visit_expr(func)?;
                self.visit_exprs(args)?;
                self.visit_keywords(keywords)
            }
            ExprKind::FormattedValue { value, format_spec, .. }
            | ExprKind::Interpolation { value, format_spec, .. } => {
                self.visit_expr(value)?;
                self.visit_opt_expr(format_spec.as_deref())
            }
            ExprKind::Constant { .. } => Ok(()),
            ExprKind::Attribute { value, attr, ctx } => {
                self.check_name(attr, loc, *ctx)?;
                self.visit_expr(value)
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.visit_expr(value)?;
                self.visit_expr(slice)
            }
            ExprKind::Starred { value, .. } => self.visit_expr(value),
            ExprKind::Slice { lower, upper, step } => {
                self.visit_opt_expr(lower.as_deref())?;
                self.visit_opt_expr(upper.as_deref())?;
                self.visit_opt_expr(step.as_deref())
            }
            ExprKind::Name { id, ctx } => {
                if self.cur().in_unevaluated_annotation {
                    return Ok(());
                }
                let flag = if *ctx == ExprContext::Load { USE } else { DEF_LOCAL };
                self.add_def_ctx(id, flag, loc, *ctx)?;
                // `super` counts as a use of `__class__`.
                if *ctx == ExprContext::Load && self.cur().is_function_like() && id == "super" {
                    self.add_use("__class__", loc)?;
                }
                Ok(())
            }
        }
    }

    /// Binds the target of an assignment expression that stands in a comprehension in the nearest
    /// block around it that can hold it.
    fn extend_named_expr_scope(&mut self, target: &Expr) -> CompileResult<()> {
        let ExprKind::Name { id: name, .. } = &target.node else {
            return Err(CompileError::new(ErrorKind::TypeError, "NamedExpr target must be a Name"));
        };
        let loc = target.loc;
        for at in (0..self.stack.len()).rev() {
            let id = self.stack[at];
            let entry = self.table.entry(id);
            if entry.comprehension.is_some() {
                let flags = self.lookup_entry(id, name);
                if flags & DEF_COMP_ITER != 0 && flags & DEF_LOCAL != 0 {
                    let message = format!(
                        "assignment expression cannot rebind comprehension iteration variable \
                         '{name}'"
                    );
                    return Err(CompileError::syntax(message, loc));
                }
                continue;
            }
            let message = match entry.block_type {
                BlockType::Function => {
                    let is_global = self.lookup_entry(id, name) & DEF_GLOBAL != 0;
                    let flag = if is_global { DEF_GLOBAL } else { DEF_NONLOCAL };
                    self.add_def(name, flag, loc)?;
                    self.record_directive(name, loc);
                    return self.add_def_helper(name, DEF_LOCAL, id, loc);
                }
                BlockType::Module => {
                    self.add_def(name, DEF_GLOBAL, loc)?;
                    self.record_directive(name, loc);
                    return self.add_def_helper(name, DEF_GLOBAL, id, loc);
                }
                BlockType::Class => "a class body",
                BlockType::TypeVariable => "a TypeVar bound",
                BlockType::TypeAlias => "a type alias",
                BlockType::TypeParameters => {
                    let message = "assignment expression within a comprehension cannot be used \
                                   within the definition of a generic";
                    return Err(CompileError::syntax(message, loc));
                }
                BlockType::Annotation => continue,
            };
            let message = format!("assignment expression within a comprehension cannot be used in {message}");
            return Err(CompileError::syntax(message, loc));
        }
        Err(CompileError::new(ErrorKind::SystemError, "no block for an assignment expression"))
    }

    fn visit_comprehension(
        &mut self,
        expr: &Expr,
        generators: &[Comprehension],
        elt: &Expr,
        value: Option<&Expr>,
        kind: ComprehensionType,
    ) -> CompileResult<()> {
        let Some((outermost, inner)) = generators.split_first() else {
            return Err(CompileError::new(ErrorKind::ValueError, "comprehension with no generators"));
        };
        let is_generator = kind == ComprehensionType::Generator;
        let name = match kind {
            ComprehensionType::List => "listcomp",
            ComprehensionType::Dict => "dictcomp",
            ComprehensionType::Set => "setcomp",
            ComprehensionType::Generator => "genexpr",
        };
        // The first iterable is evaluated outside.
        self.cur_mut().comp_iter_expr += 1;
        self.visit_expr(&outermost.iter)?;
        self.cur_mut().comp_iter_expr -= 1;

        self.enter_block(&Name::from(name), BlockType::Function, key_of(expr), expr.loc)?;
        self.cur_mut().comprehension = Some(kind);
        if outermost.is_async {
            self.cur_mut().coroutine = true;
        }
        self.add_def(&Name::from(".0"), DEF_PARAM, expr.loc)?;
        self.cur_mut().comp_iter_target = true;
        self.visit_expr(&outermost.target)?;
        self.cur_mut().comp_iter_target = false;
        self.visit_exprs(&outermost.ifs)?;
        for generator in inner {
            self.cur_mut().comp_iter_target = true;
            self.visit_expr(&generator.target)?;
            self.cur_mut().comp_iter_target = false;
            self.cur_mut().comp_iter_expr += 1;
            self.visit_expr(&generator.iter)?;
            self.cur_mut().comp_iter_expr -= 1;
            self.visit_exprs(&generator.ifs)?;
            if generator.is_async {
                self.cur_mut().coroutine = true;
            }
        }
        self.visit_opt_expr(value)?;
        self.visit_expr(elt)?;
        self.cur_mut().generator = is_generator;
        let is_async = self.cur().coroutine && !is_generator;
        self.exit_block();

        if is_async {
            if !self.is_async_def() && self.cur().comprehension.is_none() && !self.allows_top_level_await() {
                let message = "asynchronous comprehension outside of an asynchronous function";
                return Err(CompileError::syntax(message, expr.loc));
            }
            self.cur_mut().coroutine = true;
        }
        Ok(())
    }

    fn raise_if_annotation_block(&self, what: &str, loc: Location) -> CompileResult<()> {
        let place = match self.cur().block_type {
            BlockType::Annotation => "an annotation",
            BlockType::TypeVariable => self.cur().scope_info.unwrap_or("a TypeVar bound"),
            BlockType::TypeAlias => "a type alias",
            BlockType::TypeParameters => "the definition of a generic",
            _ => return Ok(()),
        };
        Err(CompileError::syntax(format!("{what} cannot be used within {place}"), loc))
    }

    fn raise_if_comprehension_block(&self, loc: Location) -> CompileResult<()> {
        let kind = match self.cur().comprehension {
            None => return Ok(()),
            Some(ComprehensionType::List) => "list comprehension",
            Some(ComprehensionType::Set) => "set comprehension",
            Some(ComprehensionType::Dict) => "dict comprehension",
            Some(ComprehensionType::Generator) => "generator expression",
        };
        Err(CompileError::syntax(format!("'yield' inside {kind}"), loc))
    }
}
