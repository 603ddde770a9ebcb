//! Comparison with what CPython 3.14 says; `golden/record.py` records it.

use std::cell::RefCell;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use taipan_bytecode::marshal::{Builder, CodeParts, ConstantBuilder, Kind, MarshalError, Reader, SliceSource, Text};
use taipan_bytecode::{CodeObject, Constant, Opcode, dis, marshal, pyc, verify};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn golden_text(name: &str) -> String {
    std::fs::read_to_string(golden(name)).unwrap()
}

/// The recorded programs: name, bytes of the `.pyc` file, code.
fn programs() -> Vec<(&'static str, Vec<u8>, Arc<CodeObject>)> {
    ["basics", "control", "wide"]
        .into_iter()
        .map(|name| {
            let data = std::fs::read(golden(&format!("programs/{name}.bytecode"))).unwrap();
            let source = std::fs::read(golden(&format!("programs/{name}.py"))).unwrap();
            let (validation, code) = pyc::read(&data, name, "path").unwrap();
            assert!(matches!(validation, pyc::Validation::Hash { check_source: false, .. }));
            validation.check_hash(pyc::source_hash(&source), name).unwrap();
            (name, data, code)
        })
        .collect()
}

fn all_codes(code: &CodeObject, visit: &mut dyn FnMut(&CodeObject)) {
    visit(code);
    for nested in code.nested() {
        all_codes(nested, visit);
    }
}

/// The first line that differs, for a message that can be read.
fn assert_same_text(what: &str, ours: &str, recorded: &str) {
    for (number, (ours, recorded)) in ours.lines().zip(recorded.lines()).enumerate() {
        // The order of a set is another one in every process.
        let order = |line: &str| line.contains("frozenset({").then(|| line.find("frozenset"));
        if order(ours).is_some() && order(ours) == order(recorded) {
            continue;
        }
        assert_eq!(ours, recorded, "{what}, line {}", number + 1);
    }
    assert_eq!(ours.lines().count(), recorded.lines().count(), "{what}: lines");
}

#[test]
fn table_of_instructions() {
    let mut count = 0;
    for line in golden_text("opcodes.txt").lines() {
        let fields: Vec<&str> = line.split(' ').collect();
        let &[name, number, of, caches, flags, effects] = fields.as_slice() else {
            panic!("{line}");
        };
        let opcode = Opcode::from_u16(number.parse().unwrap()).unwrap();
        assert_eq!(opcode.name(), name);
        assert_eq!(Opcode::from_name(name), Some(opcode));
        assert_eq!(opcode.deopt().name(), of, "{name}");
        assert_eq!(opcode.is_specialized(), of != name);
        assert_eq!(opcode.is_instrumented(), name.starts_with("INSTRUMENTED_"));
        assert_eq!(opcode.is_pseudo(), opcode as u16 > 255);
        if !opcode.is_instrumented() {
            assert_eq!(opcode.caches(), caches.parse().unwrap(), "{name}");
        }
        let has = [
            opcode.has_arg(),
            opcode.has_const(),
            opcode.has_name(),
            opcode.has_jump(),
            opcode.has_free(),
            opcode.has_local(),
            opcode.is_block_push(),
        ];
        let letters: String = "acnjfle".chars().zip(has).map(|(letter, has)| if has { letter } else { '-' }).collect();
        assert_eq!(letters, flags, "{name}");
        let opargs: &[u32] = if opcode.has_arg() { &[0, 1, 2, 3, 7, 8, 255, 256, 515] } else { &[0] };
        let ours: Vec<String> = opargs
            .iter()
            .flat_map(|&oparg| [Some(false), Some(true), None].map(|jump| (oparg, jump)))
            .map(|(oparg, jump)| opcode.stack_effect(oparg, jump).to_string())
            .collect();
        if of == name {
            assert_eq!(ours.join(","), effects, "{name}");
        }
        count += 1;
    }
    assert_eq!(count, Opcode::ALL.len());
    assert_eq!(Opcode::BINARY_OP.specializations().count(), 15);
}

#[test]
fn programs_are_read_and_written_back() {
    for (name, data, code) in programs() {
        let validation = pyc::Validation::read(&data, name).unwrap();
        assert!(pyc::write(validation, &code).unwrap() == data, "{name} is written differently");
    }
}

#[test]
fn programs_are_written_without_references_too() {
    for (_, _, code) in programs() {
        let constant = Constant::Code(code);
        for version in 0..=4 {
            match marshal::dumps(&constant, version) {
                Ok(data) => assert!(marshal::loads(&data).unwrap() == constant),
                // Only version 5 has slices.
                Err(error) => assert_eq!(error.message, "unmarshallable object"),
            }
        }
    }
}

#[test]
fn programs_are_verified() {
    for (_, _, code) in programs() {
        verify(&code).unwrap();
    }
}

#[test]
fn disassembly() {
    for (name, _, code) in programs() {
        let recorded = golden_text(&format!("programs/{name}.dis"));
        assert_same_text(name, &dis::disassemble(&code), &recorded);
    }
}

#[test]
fn lines_and_positions() {
    for (name, _, code) in programs() {
        let mut ours = String::new();
        all_codes(&code, &mut |code| {
            writeln!(ours, "code {}", code.qualname).unwrap();
            let shown = |number: i32| if number < 0 { "None".into() } else { number.to_string() };
            for (start, end, line) in code.co_lines() {
                writeln!(ours, "line {start} {end} {}", shown(line.unwrap_or(-1))).unwrap();
            }
            let positions: Vec<_> = code.co_positions().collect();
            for run in positions.chunk_by(|a, b| a == b) {
                let at = run[0];
                let fields = [at.line, at.end_line, at.column, at.end_column].map(shown);
                writeln!(ours, "at {} {}", run.len(), fields.join(" ")).unwrap();
            }
        });
        assert_same_text(name, &ours, &golden_text(&format!("programs/{name}.lines")));
    }
}

#[test]
fn tables_are_written_as_they_were_read() {
    for (_, _, code) in programs() {
        all_codes(&code, &mut |code| {
            let mut locations = taipan_bytecode::location::LocationWriter::new(code.firstlineno);
            for entry in code.locations() {
                locations.push(entry.end - entry.start, entry.location);
            }
            // Equal neighbours were apart already if the first of them was not full.
            if code.locations().count() < 8 {
                assert_eq!(locations.finish(), code.linetable, "{}", code.qualname);
            }
            let mut table = Vec::new();
            for handler in code.handlers() {
                taipan_bytecode::exception_table::write_handler(&mut table, &handler);
            }
            assert_eq!(*table, *code.exceptiontable, "{}", code.qualname);
            for unit in 0..code.code_units() as u32 {
                let found = taipan_bytecode::exception_table::find_handler(&table, unit);
                let slow = code.handlers().find(|h| (h.start..h.end).contains(&unit));
                assert_eq!(found, slow);
            }
        });
    }
}

/// Any value of marshal; containers can contain themselves.
#[derive(Clone)]
enum Value {
    Constant(Constant),
    Plain(&'static str),
    Container(Kind, Rc<RefCell<Vec<Value>>>),
}

struct ValueBuilder(ConstantBuilder);

type Built = Result<Value, MarshalError>;

impl Builder for ValueBuilder {
    type Value = Value;
    type Container = Rc<RefCell<Vec<Value>>>;
    type Error = MarshalError;

    fn none(&mut self) -> Built {
        self.0.none().map(Value::Constant)
    }
    fn bool(&mut self, value: bool) -> Built {
        self.0.bool(value).map(Value::Constant)
    }
    fn ellipsis(&mut self) -> Built {
        self.0.ellipsis().map(Value::Constant)
    }
    fn stop_iteration(&mut self) -> Built {
        Ok(Value::Plain("<class 'StopIteration'>"))
    }
    fn int(&mut self, value: i64) -> Built {
        self.0.int(value).map(Value::Constant)
    }
    fn bigint(&mut self, negative: bool, digits: Vec<u32>) -> Built {
        self.0.bigint(negative, digits).map(Value::Constant)
    }
    fn float(&mut self, value: f64) -> Built {
        self.0.float(value).map(Value::Constant)
    }
    fn complex(&mut self, real: f64, imag: f64) -> Built {
        self.0.complex(real, imag).map(Value::Constant)
    }
    fn bytes(&mut self, value: &[u8]) -> Built {
        self.0.bytes(value).map(Value::Constant)
    }
    fn str(&mut self, text: Text<'_>, interned: bool) -> Built {
        self.0.str(text, interned).map(Value::Constant)
    }
    fn begin(&mut self, kind: Kind, len: usize) -> Result<(Self::Container, Option<Value>), MarshalError> {
        let container = Rc::new(RefCell::new(Vec::with_capacity(len)));
        let early = !matches!(kind, Kind::FrozenSet | Kind::Slice);
        let value = Value::Container(kind, Rc::clone(&container));
        Ok((container, early.then_some(value)))
    }
    fn push(&mut self, _: Kind, container: &mut Self::Container, item: Value) -> Result<(), MarshalError> {
        container.borrow_mut().push(item);
        Ok(())
    }
    fn finish(&mut self, kind: Kind, container: Self::Container) -> Built {
        Ok(Value::Container(kind, container))
    }
    fn code(&mut self, parts: CodeParts<Value>) -> Built {
        fn constant(value: Value) -> Constant {
            match value {
                Value::Constant(constant) => constant,
                Value::Plain(_) => Constant::None,
                Value::Container(_, items) => {
                    Constant::tuple(items.take().into_iter().map(constant).collect::<Vec<_>>())
                }
            }
        }
        let parts = CodeParts {
            argcount: parts.argcount,
            posonlyargcount: parts.posonlyargcount,
            kwonlyargcount: parts.kwonlyargcount,
            stacksize: parts.stacksize,
            flags: parts.flags,
            code: constant(parts.code),
            consts: constant(parts.consts),
            names: constant(parts.names),
            localsplusnames: constant(parts.localsplusnames),
            localspluskinds: constant(parts.localspluskinds),
            filename: constant(parts.filename),
            name: constant(parts.name),
            qualname: constant(parts.qualname),
            firstlineno: parts.firstlineno,
            linetable: constant(parts.linetable),
            exceptiontable: constant(parts.exceptiontable),
        };
        self.0.code(parts).map(|_| Value::Plain("<code object n>"))
    }
}

/// As `ascii()`.
fn repr(value: &Value, open: &mut Vec<*const RefCell<Vec<Value>>>) -> String {
    let (kind, items) = match value {
        Value::Plain(text) => return (*text).to_owned(),
        Value::Constant(constant) => {
            let escaped = |c: char| match c {
                ' '..='~' => c.to_string(),
                _ if (c as u32) < 0x100 => format!("\\x{:02x}", c as u32),
                _ => format!("\\u{:04x}", c as u32),
            };
            return format!("{constant:?}").chars().map(escaped).collect();
        }
        Value::Container(kind, items) => (*kind, items),
    };
    let address = Rc::as_ptr(items);
    if open.contains(&address) {
        return match kind {
            Kind::Tuple => "(...)",
            Kind::List => "[...]",
            _ => "{...}",
        }
        .into();
    }
    open.push(address);
    let items: Vec<String> = items.borrow().iter().map(|item| repr(item, open)).collect();
    open.pop();
    let list = items.join(", ");
    match kind {
        Kind::Tuple if items.len() == 1 => format!("({list},)"),
        Kind::Tuple => format!("({list})"),
        Kind::List => format!("[{list}]"),
        Kind::Set => format!("{{{list}}}"),
        Kind::FrozenSet if items.is_empty() => "frozenset()".into(),
        Kind::FrozenSet => format!("frozenset({{{list}}})"),
        Kind::Slice => format!("slice({list})"),
        Kind::Dict => {
            let pairs: Vec<String> = items.chunks(2).map(|pair| pair.join(": ")).collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

#[test]
fn marshal_values_and_errors() {
    for line in golden_text("marshal.txt").lines() {
        let (hex, expected) = line.split_once(' ').unwrap();
        let data: Vec<u8> = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect();
        let mut reader = Reader::new(SliceSource::new(&data), ValueBuilder(ConstantBuilder));
        let result = match reader.read() {
            Ok(value) => format!("= {}", repr(&value, &mut Vec::new())),
            Err(error) => error.to_string(),
        };
        assert_eq!(result, expected, "for {}", &hex[..hex.len().min(80)]);
    }
}
