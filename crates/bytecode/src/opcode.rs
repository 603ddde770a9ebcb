//! [`Opcode`] and what is known about each instruction.

use std::fmt;

/// Properties of an instruction, as the bits of CPython's `HAS_*_FLAG`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct OpcodeFlags(pub u16);

impl OpcodeFlags {
    /// Uses its oparg.
    pub const ARG: Self = Self(1);
    /// The oparg is an index into `co_consts`.
    pub const CONST: Self = Self(1 << 1);
    /// The oparg is (after instruction specific shifts) an index into `co_names`.
    pub const NAME: Self = Self(1 << 2);
    /// The oparg is a relative jump distance in code units.
    pub const JUMP: Self = Self(1 << 3);
    /// The oparg is an index into the fast locals that names a cell or free variable.
    pub const FREE: Self = Self(1 << 4);
    /// The oparg is an index into the fast locals (or two of them, four bits each).
    pub const LOCAL: Self = Self(1 << 5);
    /// Looks at the eval breaker.
    pub const EVAL_BREAK: Self = Self(1 << 6);
    /// May fall back to its base instruction.
    pub const DEOPT: Self = Self(1 << 7);
    /// May raise.
    pub const ERROR: Self = Self(1 << 8);
    /// May run code that is not the interpreter's own.
    pub const ESCAPES: Self = Self(1 << 9);
    /// May leave a trace (tier 2).
    pub const EXIT: Self = Self(1 << 10);
    /// Depends on and changes nothing but the stack.
    pub const PURE: Self = Self(1 << 11);
    /// May raise with its inputs still on the stack.
    pub const ERROR_NO_POP: Self = Self(1 << 14);
    /// Does not store the instruction pointer in the frame.
    pub const NO_SAVE_IP: Self = Self(1 << 15);

    /// Whether all bits of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Which part of the table an instruction stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum OpcodeKind {
    /// An ordinary instruction.
    Base,
    /// An adaptive form of a base instruction; never in a `.pyc` file.
    Specialized,
    /// A `sys.monitoring` form of a base instruction; never in a `.pyc` file.
    Instrumented,
    /// Only exists inside the compiler; its number does not fit in a byte.
    Pseudo,
}

macro_rules! define_opcodes {
    ([] ($oparg:ident)
     base { $($bname:ident = $bnum:literal, of $bof:ident, caches $bcaches:literal, pops ($bpops:expr), pushes ($bpushes:expr), [$($bflag:ident)*];)* }
     specialized { $($sname:ident = $snum:literal, of $sof:ident, caches $scaches:literal, pops ($spops:expr), pushes ($spushes:expr), [$($sflag:ident)*];)* }
     instrumented { $($iname:ident = $inum:literal, of $iof:ident, caches $icaches:literal, pops ($ipops:expr), pushes ($ipushes:expr), [$($iflag:ident)*];)* }
     pseudo { $($pname:ident = $pnum:literal, of $pof:ident, caches $pcaches:literal, pops ($ppops:expr), pushes ($ppushes:expr), [$($pflag:ident)*];)* }
    ) => {
        /// An instruction of CPython 3.14, under CPython's name and number.
        ///
        /// Numbers below 256 are real instructions, the rest are the compiler's pseudo instructions.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum Opcode {
            $(#[doc = stringify!($bname)] $bname = $bnum,)*
            $(#[doc = stringify!($sname)] $sname = $snum,)*
            $(#[doc = stringify!($iname)] $iname = $inum,)*
            $(#[doc = stringify!($pname)] $pname = $pnum,)*
        }

        impl Opcode {
            /// Every instruction: base, specialised, instrumented, pseudo, each by number.
            pub const ALL: &'static [Opcode] = &[
                $(Opcode::$bname,)* $(Opcode::$sname,)* $(Opcode::$iname,)* $(Opcode::$pname,)*
            ];

            const INFO: [Option<Info>; 267] = {
                let mut table = [const { None }; 267];
                $(table[$bnum] = Some(Info {
                    opcode: Opcode::$bname, name: stringify!($bname), base: Opcode::$bof, caches: $bcaches,
                    kind: OpcodeKind::Base, flags: OpcodeFlags(0 $(| OpcodeFlags::$bflag.0)*),
                });)*
                $(table[$snum] = Some(Info {
                    opcode: Opcode::$sname, name: stringify!($sname), base: Opcode::$sof, caches: $scaches,
                    kind: OpcodeKind::Specialized, flags: OpcodeFlags(0 $(| OpcodeFlags::$sflag.0)*),
                });)*
                $(table[$inum] = Some(Info {
                    opcode: Opcode::$iname, name: stringify!($iname), base: Opcode::$iof, caches: $icaches,
                    kind: OpcodeKind::Instrumented, flags: OpcodeFlags(0 $(| OpcodeFlags::$iflag.0)*),
                });)*
                $(table[$pnum] = Some(Info {
                    opcode: Opcode::$pname, name: stringify!($pname), base: Opcode::$pof, caches: $pcaches,
                    kind: OpcodeKind::Pseudo, flags: OpcodeFlags(0 $(| OpcodeFlags::$pflag.0)*),
                });)*
                table
            };

            /// How many stack entries the instruction takes with this oparg.
            ///
            /// Entries that are only looked at count as taken and pushed again.
            pub const fn popped(self, oparg: u32) -> i64 {
                let $oparg = oparg as i64;
                match self {
                    $(Opcode::$bname => $bpops,)*
                    $(Opcode::$sname => $spops,)*
                    $(Opcode::$iname => $ipops,)*
                    $(Opcode::$pname => $ppops,)*
                }
            }

            /// How many stack entries the instruction leaves with this oparg.
            pub const fn pushed(self, oparg: u32) -> i64 {
                let $oparg = oparg as i64;
                match self {
                    $(Opcode::$bname => $bpushes,)*
                    $(Opcode::$sname => $spushes,)*
                    $(Opcode::$iname => $ipushes,)*
                    $(Opcode::$pname => $ppushes,)*
                }
            }

            /// The instruction of this name.
            pub fn from_name(name: &str) -> Option<Opcode> {
                match name {
                    $(stringify!($bname) => Some(Opcode::$bname),)*
                    $(stringify!($sname) => Some(Opcode::$sname),)*
                    $(stringify!($iname) => Some(Opcode::$iname),)*
                    $(stringify!($pname) => Some(Opcode::$pname),)*
                    _ => None,
                }
            }
        }
    };
}

struct Info {
    opcode: Opcode,
    name: &'static str,
    base: Opcode,
    caches: u8,
    kind: OpcodeKind,
    flags: OpcodeFlags,
}

for_each_opcode!(define_opcodes);

/// The first instruction number that uses its oparg; those below ignore it (`dis.HAVE_ARGUMENT`).
pub const HAVE_ARGUMENT: u8 = 43;
/// The first number of the specialised range.
pub const MIN_SPECIALIZED_OPCODE: u8 = 129;
/// The first number of the instrumented range.
pub const MIN_INSTRUMENTED_OPCODE: u8 = 234;
/// The version number of this instruction set (`importlib.util.MAGIC_NUMBER`).
pub const MAGIC_NUMBER: u16 = 3627;

impl Opcode {
    const fn info(self) -> &'static Info {
        const TABLE: &[Option<Info>; 267] = &Opcode::INFO;
        match &TABLE[self as usize] {
            Some(info) => info,
            None => unreachable!(),
        }
    }

    /// The instruction with this number, if there is one.
    #[inline]
    pub const fn from_u8(number: u8) -> Option<Opcode> {
        Self::from_u16(number as u16)
    }

    /// The instruction with this number, pseudo instructions included.
    pub const fn from_u16(number: u16) -> Option<Opcode> {
        const TABLE: [Option<Opcode>; 267] = {
            let mut table = [None; 267];
            let mut i = 0;
            while i < 267 {
                if let Some(info) = &Opcode::INFO[i] {
                    table[i] = Some(info.opcode);
                }
                i += 1;
            }
            table
        };
        if (number as usize) < TABLE.len() { TABLE[number as usize] } else { None }
    }

    /// The number of a real instruction.
    ///
    /// # Panics
    /// For a pseudo instruction, which has no place in code.
    #[inline]
    pub const fn to_u8(self) -> u8 {
        assert!((self as u16) < 256, "pseudo instruction in code");
        self as u8
    }

    /// CPython's name of the instruction.
    pub const fn name(self) -> &'static str {
        self.info().name
    }

    /// Which part of the table it stands in.
    pub const fn kind(self) -> OpcodeKind {
        self.info().kind
    }

    /// How many code units of inline cache follow the instruction.
    #[inline]
    pub const fn caches(self) -> usize {
        self.info().caches as usize
    }

    /// The base instruction of a specialised one; every other instruction itself.
    #[inline]
    pub const fn deopt(self) -> Opcode {
        match self.kind() {
            OpcodeKind::Specialized => self.info().base,
            _ => self,
        }
    }

    /// The base instruction of an instrumented or specialised one; every other instruction itself.
    ///
    /// `INSTRUMENTED_LINE` and `INSTRUMENTED_INSTRUCTION` stand for whatever they hide and give themselves.
    pub const fn base(self) -> Opcode {
        self.info().base
    }

    /// Whether this is an adaptive form of another instruction.
    pub const fn is_specialized(self) -> bool {
        matches!(self.kind(), OpcodeKind::Specialized)
    }

    /// Whether this is a `sys.monitoring` form of another instruction.
    pub const fn is_instrumented(self) -> bool {
        matches!(self.kind(), OpcodeKind::Instrumented)
    }

    /// Whether this exists inside the compiler only.
    pub const fn is_pseudo(self) -> bool {
        matches!(self.kind(), OpcodeKind::Pseudo)
    }

    /// The specialised forms of this instruction, by number.
    pub fn specializations(self) -> impl Iterator<Item = Opcode> {
        Opcode::ALL.iter().copied().filter(move |op| op.is_specialized() && op.base() == self)
    }

    /// The properties of the instruction.
    #[inline]
    pub const fn flags(self) -> OpcodeFlags {
        self.info().flags
    }

    /// Whether it uses its oparg.
    pub const fn has_arg(self) -> bool {
        self.flags().contains(OpcodeFlags::ARG)
    }

    /// Whether its oparg is an index into `co_consts`.
    pub const fn has_const(self) -> bool {
        self.flags().contains(OpcodeFlags::CONST)
    }

    /// Whether its oparg contains an index into `co_names`.
    pub const fn has_name(self) -> bool {
        self.flags().contains(OpcodeFlags::NAME)
    }

    /// Whether its oparg is a jump distance.
    pub const fn has_jump(self) -> bool {
        self.flags().contains(OpcodeFlags::JUMP)
    }

    /// Whether its oparg names a cell or free variable.
    pub const fn has_free(self) -> bool {
        self.flags().contains(OpcodeFlags::FREE)
    }

    /// Whether its oparg names a fast local.
    pub const fn has_local(self) -> bool {
        self.flags().contains(OpcodeFlags::LOCAL)
    }

    /// Whether it looks at the eval breaker.
    pub const fn has_eval_break(self) -> bool {
        self.flags().contains(OpcodeFlags::EVAL_BREAK)
    }

    /// Whether it may raise.
    pub const fn has_error(self) -> bool {
        self.flags().contains(OpcodeFlags::ERROR)
    }

    /// Whether it may run code that is not the interpreter's own.
    pub const fn has_escapes(self) -> bool {
        self.flags().contains(OpcodeFlags::ESCAPES)
    }

    /// Whether it depends on and changes nothing but the stack.
    pub const fn is_pure(self) -> bool {
        self.flags().contains(OpcodeFlags::PURE)
    }

    /// Whether it opens an exception handler block (a pseudo instruction with a target).
    pub const fn is_block_push(self) -> bool {
        matches!(self, Opcode::SETUP_FINALLY | Opcode::SETUP_WITH | Opcode::SETUP_CLEANUP)
    }

    /// Whether it has a jump target, as a jump or as a handler.
    pub const fn has_target(self) -> bool {
        self.has_jump() || self.is_block_push()
    }

    /// Whether control leaves the code object here.
    pub const fn is_scope_exit(self) -> bool {
        matches!(self, Opcode::RETURN_VALUE | Opcode::RAISE_VARARGS | Opcode::RERAISE)
    }

    /// Whether it must be the last of its basic block.
    pub const fn is_terminator(self) -> bool {
        self.has_jump() || self.is_scope_exit()
    }

    /// Whether it always jumps.
    pub const fn is_unconditional_jump(self) -> bool {
        matches!(
            self,
            Opcode::JUMP
                | Opcode::JUMP_NO_INTERRUPT
                | Opcode::JUMP_FORWARD
                | Opcode::JUMP_BACKWARD
                | Opcode::JUMP_BACKWARD_NO_INTERRUPT
        )
    }

    /// Whether it pops a value and jumps if that value says so.
    pub const fn is_conditional_jump(self) -> bool {
        matches!(
            self,
            Opcode::POP_JUMP_IF_FALSE
                | Opcode::POP_JUMP_IF_TRUE
                | Opcode::POP_JUMP_IF_NONE
                | Opcode::POP_JUMP_IF_NOT_NONE
        )
    }

    /// Whether its distance counts backwards.
    ///
    /// `END_ASYNC_FOR` has one too, but uses it for monitoring only; see [`Opcode::may_jump`].
    pub const fn is_backwards_jump(self) -> bool {
        matches!(self, Opcode::JUMP_BACKWARD | Opcode::JUMP_BACKWARD_NO_INTERRUPT)
    }

    /// Whether a real instruction of the base set can transfer control to its target.
    pub const fn may_jump(self) -> bool {
        self.has_jump() && !matches!(self, Opcode::END_ASYNC_FOR)
    }

    /// Whether control never reaches the instruction behind it.
    pub const fn never_falls_through(self) -> bool {
        self.is_scope_exit() || self.is_unconditional_jump()
    }

    /// The change of the stack's depth, as `dis.stack_effect`.
    ///
    /// `jump` matters for the block pushing pseudo instructions only: `Some(true)` is the way to the
    /// handler, `Some(false)` the way on, `None` the larger of both.
    pub const fn stack_effect(self, oparg: u32, jump: Option<bool>) -> i64 {
        if self.is_block_push() && matches!(jump, Some(false)) {
            return 0;
        }
        self.pushed(oparg) - self.popped(oparg)
    }

    /// What the assembler may put in place of a pseudo instruction.
    ///
    /// For `JUMP_IF_FALSE` and `JUMP_IF_TRUE` all of the sequence, else one of the list.
    pub const fn pseudo_targets(self) -> &'static [Opcode] {
        match self {
            Opcode::LOAD_CLOSURE => &[Opcode::LOAD_FAST],
            Opcode::STORE_FAST_MAYBE_NULL => &[Opcode::STORE_FAST],
            Opcode::JUMP => &[Opcode::JUMP_FORWARD, Opcode::JUMP_BACKWARD],
            Opcode::JUMP_NO_INTERRUPT => &[Opcode::JUMP_FORWARD, Opcode::JUMP_BACKWARD_NO_INTERRUPT],
            Opcode::JUMP_IF_FALSE => &[Opcode::COPY, Opcode::TO_BOOL, Opcode::POP_JUMP_IF_FALSE],
            Opcode::JUMP_IF_TRUE => &[Opcode::COPY, Opcode::TO_BOOL, Opcode::POP_JUMP_IF_TRUE],
            Opcode::ANNOTATIONS_PLACEHOLDER
            | Opcode::SETUP_FINALLY
            | Opcode::SETUP_CLEANUP
            | Opcode::SETUP_WITH
            | Opcode::POP_BLOCK => &[Opcode::NOP],
            _ => &[],
        }
    }
}

impl fmt::Debug for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Opcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
