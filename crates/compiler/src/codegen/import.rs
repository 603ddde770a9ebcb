//! Imports.

use super::*;
use taipan_bytecode::operand::Intrinsic1;

impl Codegen<'_> {
    pub(super) fn import(&mut self, loc: Location, names: &[Alias]) -> CompileResult<()> {
        for alias in names {
            self.load_const(loc, Constant::Int(0));
            self.load_const(loc, Constant::None);
            self.op_name(loc, Opcode::IMPORT_NAME, &alias.name);
            match &alias.asname {
                Some(asname) => self.import_as(loc, &alias.name, asname)?,
                None => match alias.name.split_once('.') {
                    Some((first, _)) => self.name_op_str(loc, first, ExprContext::Store)?,
                    None => self.name_op(loc, &alias.name, ExprContext::Store)?,
                },
            }
        }
        Ok(())
    }

    /// `import a.b.c as d`: on the stack is `a`, wanted is `c`.
    fn import_as(&mut self, loc: Location, name: &Name, asname: &Name) -> CompileResult<()> {
        let mut attributes = name.split('.').skip(1).peekable();
        if attributes.peek().is_none() {
            return self.name_op(loc, asname, ExprContext::Store);
        }
        while let Some(attribute) = attributes.next() {
            let arg = self.add_name(&Name::from(attribute));
            self.op_i(loc, Opcode::IMPORT_FROM, arg);
            if attributes.peek().is_some() {
                self.op_i(loc, Opcode::SWAP, 2);
                self.op(loc, Opcode::POP_TOP);
            }
        }
        self.name_op(loc, asname, ExprContext::Store)?;
        self.op(loc, Opcode::POP_TOP);
        Ok(())
    }

    pub(super) fn import_from(
        &mut self,
        loc: Location,
        module: Option<&Name>,
        names: &[Alias],
        level: i32,
    ) -> CompileResult<()> {
        self.load_const(loc, Constant::Int(level.into()));
        let fromlist = self.names_const(names.iter().map(|alias| &alias.name));
        self.load_const(loc, fromlist);
        let empty = Name::from("");
        self.op_name(loc, Opcode::IMPORT_NAME, module.unwrap_or(&empty));
        for (at, alias) in names.iter().enumerate() {
            if at == 0 && alias.name.starts_with('*') {
                let star = Intrinsic1::INTRINSIC_IMPORT_STAR as u32;
                self.op_i(loc, Opcode::CALL_INTRINSIC_1, star);
                self.op(Location::NONE, Opcode::POP_TOP);
                return Ok(());
            }
            self.op_name(loc, Opcode::IMPORT_FROM, &alias.name);
            let store = alias.asname.as_ref().unwrap_or(&alias.name);
            self.name_op(loc, store, ExprContext::Store)?;
        }
        self.op(loc, Opcode::POP_TOP);
        Ok(())
    }
}
