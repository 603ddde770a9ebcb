//! Damaged input: nothing may panic, loop or take memory that the input does not pay for.

use std::path::Path;
use std::sync::Arc;

use taipan_bytecode::code::{CO_FAST_CELL, CO_FAST_FREE, CO_FAST_LOCAL};
use taipan_bytecode::location::{Location, LocationWriter};
use taipan_bytecode::{
    BigInt, CodeFlags, CodeObject, Constant, Opcode, Opcode::*, PyStr, dis, exception_table, marshal, pyc, verify,
};

/// A small generator of pseudo-random numbers (xorshift), so that failures can be repeated.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 16) as usize % limit
    }
}

fn recorded(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/programs").join(name);
    std::fs::read(path).unwrap()
}

/// Does everything that can be done with marshalled data.
fn exercise(data: &[u8]) -> bool {
    let Ok(constant) = marshal::loads(data) else { return false };
    if let Ok(again) = marshal::dumps(&constant, 5) {
        assert!(marshal::loads(&again).unwrap() == constant);
    }
    match &constant {
        Constant::Code(code) => exercise_code(code),
        _ => false,
    }
}

fn exercise_code(code: &CodeObject) -> bool {
    dis::disassemble(code);
    let _ = code.co_lines().count();
    for unit in 0..code.code_units().min(64) as u32 {
        let _ = exception_table::find_handler(&code.exceptiontable, unit);
    }
    verify(code).is_ok()
}

#[test]
fn random_bytes() {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let codes = b"0NFTS.iIfgxylstrAazZ)([{c<>:u";
    for _ in 0..30_000 {
        let mut data: Vec<u8> = (0..random.below(80)).map(|_| random.next() as u8).collect();
        // Most random bytes are no type code: plant some.
        for _ in 0..random.below(20) {
            let flag = (random.next() as u8) & 0x80;
            let code = codes[random.below(codes.len())] | flag;
            let at = random.below(data.len() + 1);
            data.splice(at..at, [code, random.below(4) as u8, 0, 0, 0]);
        }
        exercise(&data);
    }
}

#[test]
fn damaged_files() {
    let mut random = Random(42);
    for name in ["basics.bytecode", "control.bytecode"] {
        let original = recorded(name);
        for _ in 0..3_000 {
            let mut data = original[pyc::HEADER_SIZE..].to_vec();
            for _ in 0..=random.below(3) {
                let at = random.below(data.len());
                match random.below(4) {
                    0 => data[at] ^= 1 << random.below(8),
                    1 => data[at] = random.next() as u8,
                    2 => data.truncate(at + 1),
                    _ => {
                        data.remove(at);
                    }
                }
            }
            exercise(&data);
        }
    }
}

#[test]
fn damaged_instructions() {
    let mut random = Random(7);
    let (mut accepted, mut refused) = (0, 0);
    for name in ["basics.bytecode", "control.bytecode"] {
        let (_, module) = pyc::read(&recorded(name), name, name).unwrap();
        let mut codes = vec![Arc::clone(&module)];
        let mut index = 0;
        while index < codes.len() {
            let nested: Vec<_> = codes[index].nested().cloned().collect();
            codes.extend(nested);
            index += 1;
        }
        for code in codes {
            for _ in 0..150 {
                let mut damaged = CodeObject::clone(&code);
                match random.below(8) {
                    0 => damaged.stacksize = random.below(8) as u32,
                    1 if !damaged.exceptiontable.is_empty() => {
                        let at = random.below(damaged.exceptiontable.len());
                        damaged.exceptiontable[at] = random.next() as u8;
                    }
                    2 => {
                        let at = random.below(damaged.linetable.len());
                        damaged.linetable[at] = random.next() as u8;
                    }
                    _ => {
                        let at = random.below(damaged.code.len());
                        damaged.code[at] = random.next() as u8;
                    }
                }
                match exercise_code(&damaged) {
                    true => accepted += 1,
                    false => refused += 1,
                }
            }
        }
    }
    assert!(accepted > 100 && refused > accepted, "{accepted} accepted, {refused} refused");
}

#[test]
fn sizes_that_are_made_up_take_no_memory() {
    for code in b"([<>{suaAtl" {
        let mut data = vec![*code];
        data.extend_from_slice(&i32::MAX.to_le_bytes());
        assert!(marshal::loads(&data).is_err());
        data.extend_from_slice(b"NNNN");
        assert!(marshal::loads(&data).is_err());
    }
}

#[test]
fn small_files_that_share_a_lot() {
    // Each tuple has the one before it twice: as a tree it has 2**60 leaves.
    let mut data = Vec::new();
    for _ in 0..60 {
        data.extend_from_slice(&[b')' | 0x80, 2]);
    }
    data.push(b'N');
    for index in (1..=60u32).rev() {
        // The second item of the innermost tuple is None, that of the others the tuple inside.
        match index {
            60 => data.push(b'N'),
            _ => {
                data.push(b'r');
                data.extend_from_slice(&index.to_le_bytes());
            }
        }
    }
    let constant = marshal::loads(&data).unwrap();
    assert!(marshal::dumps(&constant, 5).unwrap().len() < 1000);
    let mut code = assemble(&[(RESUME, 0), (LOAD_CONST, 0), (RETURN_VALUE, 0)]);
    code.consts = vec![constant].into();
    verify(&code).unwrap();
}

#[test]
fn nesting_is_limited_both_ways() {
    let mut value = Constant::None;
    for _ in 0..marshal::MAX_MARSHAL_STACK_DEPTH - 1 {
        value = Constant::tuple(vec![value]);
    }
    let data = marshal::dumps(&value, 5).unwrap();
    assert!(marshal::loads(&data).is_ok());
    let error = marshal::dumps(&Constant::tuple(vec![value]), 5).unwrap_err();
    assert_eq!(error.to_string(), "ValueError: object too deeply nested to marshal");

    let mut code = assemble(&[(RESUME, 0), (LOAD_CONST, 0), (RETURN_VALUE, 0)]);
    for _ in 0..990 {
        let mut outer = code.clone();
        outer.consts = vec![Constant::Code(Arc::new(code))].into();
        code = outer;
    }
    verify(&code).unwrap();
    let data = marshal::dumps_code(&Arc::new(code)).unwrap();
    assert!(exercise(&data));
}

fn random_constant(random: &mut Random, depth: u32) -> Constant {
    let list = |random: &mut Random| -> Vec<Constant> {
        (0..random.below(4)).map(|_| random_constant(random, depth + 1)).collect()
    };
    match random.below(if depth < 5 { 13 } else { 10 }) {
        0 => Constant::None,
        1 => Constant::from_bool(random.below(2) == 0),
        2 => Constant::Ellipsis,
        3 => Constant::Int(random.below(600) as i64 - 300),
        4 => Constant::Int(random.next() as i64 >> random.below(64)),
        5 => {
            let digits = (0..random.below(6)).map(|_| random.next() as u32 & 0x3FFF_FFFF).collect();
            Constant::from_bigint(BigInt::from_digits(random.below(2) == 0, digits).unwrap())
        }
        6 => Constant::Float(f64::from_bits(random.next())),
        7 => Constant::Complex(f64::from_bits(random.next()), -0.0),
        8 => {
            let points = (0..random.below(300)).map(|_| match random.below(4) {
                0 => random.below(0x11_0000) as u32,
                _ => random.below(128) as u32,
            });
            let text = PyStr::from_code_points(points.collect::<Vec<_>>()).unwrap();
            Constant::Str(text.with_interned(random.below(2) == 0))
        }
        9 => Constant::Bytes((0..random.below(5)).map(|_| random.next() as u8).collect()),
        10 => Constant::tuple(list(random)),
        // Larger ones may come back in another order.
        11 => Constant::FrozenSet(list(random).into_iter().take(1).collect()),
        _ => Constant::Slice(Arc::new([0; 3].map(|_| random_constant(random, depth + 1)))),
    }
}

#[test]
fn constants_survive() {
    let mut random = Random(99);
    for _ in 0..3_000 {
        let value = random_constant(&mut random, 0);
        let data = marshal::dumps(&value, 5).unwrap();
        assert!(marshal::loads(&data).unwrap() == value);
        // What is equal is written equally, however it came about.
        assert!(marshal::dumps(&marshal::loads(&data).unwrap(), 5).unwrap() == data);
    }
}

#[test]
fn locations_survive() {
    let mut random = Random(5);
    for _ in 0..500 {
        let mut writer = LocationWriter::new(100);
        let mut expected = Vec::new();
        let mut line = 100;
        for _ in 0..random.below(30) {
            line = (line + random.below(9) as i32 - 3).max(0);
            let column = random.below(200) as i32;
            let location = match random.below(6) {
                0 => Location::NONE,
                1 => Location::of_line(line),
                2 => Location { line, end_line: line + 2, column, end_column: 1 },
                3 => Location { line, end_line: line, column, end_column: 1000 },
                _ => Location { line, end_line: line, column, end_column: column + 5 },
            };
            let units = 1 + random.below(20);
            writer.push(units, location);
            expected.extend(std::iter::repeat_n(location, units));
        }
        let table = writer.finish();
        let mut entries = taipan_bytecode::location::entries(&table, 100);
        let found: Vec<_> = entries.by_ref().flat_map(|e| vec![e.location; e.end - e.start]).collect();
        assert!(entries.is_well_formed());
        assert_eq!(found, expected);
    }
}

#[test]
fn exception_tables_survive() {
    let mut random = Random(11);
    for _ in 0..500 {
        let mut table = Vec::new();
        let mut expected = Vec::new();
        let mut at = 0;
        for _ in 0..random.below(20) {
            let width = random.below(20);
            let start = at + random.below(1 << width) as u32;
            let end = start + 1 + random.below(100) as u32;
            let target = random.next() as u32;
            let depth = random.below(100) as u32;
            let lasti = random.below(2) == 0;
            let handler = exception_table::Handler { start, end, target, depth, lasti };
            exception_table::write_handler(&mut table, &handler);
            expected.push(handler);
            at = end;
        }
        let found: Vec<_> = exception_table::handlers(&table).collect();
        assert_eq!(found, expected);
        for handler in &expected {
            for unit in [handler.start.wrapping_sub(1), handler.start, handler.end - 1, handler.end] {
                let slow = expected.iter().find(|h| (h.start..h.end).contains(&unit)).copied();
                assert_eq!(exception_table::find_handler(&table, unit), slow);
            }
        }
    }
}

/// Code with the locals x, y, a cell c and a free variable f.
fn assemble(instructions: &[(Opcode, u32)]) -> CodeObject {
    let mut code = Vec::new();
    for &(opcode, oparg) in instructions {
        for shift in [24, 16, 8] {
            if oparg >> shift != 0 {
                code.extend_from_slice(&[EXTENDED_ARG.to_u8(), (oparg >> shift) as u8]);
            }
        }
        code.extend_from_slice(&[opcode.to_u8(), oparg as u8]);
        code.extend(std::iter::repeat_n(0, opcode.caches() * 2));
    }
    let mut locations = LocationWriter::new(1);
    locations.push(code.len() / 2, Location::of_line(1));
    CodeObject {
        argcount: 1,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        stacksize: 10,
        flags: CodeFlags::OPTIMIZED | CodeFlags::NEWLOCALS,
        code: code.into(),
        consts: vec![Constant::None, Constant::tuple(vec![Constant::from_str("k")])].into(),
        names: vec![PyStr::interned("n")].into(),
        localsplusnames: ["x", "y", "c", "f"].map(PyStr::interned).into(),
        localspluskinds: [CO_FAST_LOCAL, CO_FAST_LOCAL, CO_FAST_CELL, CO_FAST_FREE].into(),
        filename: PyStr::interned("file"),
        name: PyStr::interned("name"),
        qualname: PyStr::interned("name"),
        firstlineno: 1,
        linetable: locations.finish(),
        exceptiontable: [].into(),
    }
}

/// With a handler around a range of code units.
fn with_handler(mut code: CodeObject, range: [u32; 2], target: u32, depth: u32) -> CodeObject {
    let [start, end] = range;
    let mut table = Vec::new();
    let handler = exception_table::Handler { start, end, target, depth, lasti: false };
    exception_table::write_handler(&mut table, &handler);
    code.exceptiontable = table.into();
    code
}

fn assert_refused(code: &CodeObject, message: &str) {
    let error = verify(code).expect_err(message);
    assert!(error.message.contains(message), "{error} is not {message}");
}

#[test]
fn instructions_that_are_refused() {
    let refused = |instructions: &[(Opcode, u32)], message: &str| {
        let mut all = vec![(RESUME, 0)];
        all.extend_from_slice(instructions);
        assert_refused(&assemble(&all), message);
    };
    let end = [(LOAD_CONST, 0), (RETURN_VALUE, 0)];
    verify(&assemble(&end)).unwrap();

    refused(&[(LOAD_CONST, 0)], "control runs off the end");
    refused(&[(RETURN_VALUE, 0)], "the stack is empty");
    refused(&[(LOAD_CONST, 2), (RETURN_VALUE, 0)], "invalid operand 2 of LOAD_CONST");
    refused(&[(LOAD_FAST, 0), (LOAD_ATTR, 2), (RETURN_VALUE, 0)], "invalid operand 2 of LOAD_ATTR");
    refused(&[(LOAD_FAST, 4), (RETURN_VALUE, 0)], "invalid operand 4 of LOAD_FAST");
    refused(&[(LOAD_FAST, 1), (RETURN_VALUE, 0)], "local 1 may be unbound");
    refused(&[(LOAD_DEREF, 2), (RETURN_VALUE, 0)], "local 2 may be no cell");
    refused(&[(LOAD_DEREF, 0), (RETURN_VALUE, 0)], "invalid operand 0 of LOAD_DEREF");
    refused(&[(COPY_FREE_VARS, 2), end[0], end[1]], "invalid operand 2 of COPY_FREE_VARS");
    refused(&[(LOAD_FAST, 0), end[0], end[1]], "a stack that is not empty");
    refused(&[(PUSH_NULL, 0), (RETURN_VALUE, 0)], "NULL where an object is needed");
    refused(&[(PUSH_NULL, 0), (LOAD_FAST, 0), (CALL, 0), (RETURN_VALUE, 0)], "NULL where");
    refused(&[(JUMP_FORWARD, 9), end[0], end[1]], "leads out of the code");
    refused(&[(JUMP_BACKWARD, 9), end[0], end[1]], "leads out of the code");
    refused(&[(LOAD_FAST, 0), (TO_BOOL, 0), (JUMP_BACKWARD, 3)], "jump into an instruction");
    refused(&[(JUMP_BACKWARD_NO_INTERRUPT, 1), (NOP, 0)], "control runs off the end");
    refused(&[(BINARY_OP_ADD_INT, 0), end[0], end[1]], "not an instruction");
    refused(&[(INSTRUMENTED_RESUME, 0), end[0], end[1]], "not an instruction");
    refused(&[(CACHE, 0), end[0], end[1]], "not an instruction");
    refused(&[(RESERVED, 0), end[0], end[1]], "not an instruction");
    refused(&[(INTERPRETER_EXIT, 0)], "not an instruction");
    refused(&[(ENTER_EXECUTOR, 0)], "not an instruction");
    refused(&[(YIELD_VALUE, 0), end[0], end[1]], "no RESUME behind YIELD_VALUE");
    refused(&[(LOAD_CONST, 0), (YIELD_VALUE, 0), (RESUME, 1), (RETURN_VALUE, 0)], "YIELD_VALUE outside of a generator");
    refused(&[(RETURN_GENERATOR, 0), (RETURN_VALUE, 0)], "RETURN_GENERATOR in the wrong place");
    refused(&[(LOAD_FAST, 0), (RERAISE, 0)], "an exception is needed");
    refused(&[(LOAD_FAST, 0), (POP_EXCEPT, 0), end[0], end[1]], "the previous exception is needed");
    refused(&[(LOAD_FAST, 0), (LOAD_FAST, 0), (LIST_APPEND, 1), (RETURN_VALUE, 0)], "List is needed");
    refused(&[(LOAD_FAST, 0), (MAKE_FUNCTION, 0), (RETURN_VALUE, 0)], "a constant code object");
    refused(
        &[(LOAD_FAST, 0), (PUSH_NULL, 0), (LOAD_CONST, 1), (CALL_KW, 0), (RETURN_VALUE, 0)],
        "a constant tuple of names",
    );
    refused(
        &[(LOAD_FAST_BORROW, 0), (LOAD_CONST, 0), (STORE_FAST, 0), (RETURN_VALUE, 0)],
        "local 0 changes while it is borrowed",
    );
    refused(&[(LOAD_FAST_BORROW, 0), (STORE_FAST, 1), end[0], end[1]], "stored in a local");
    refused(&[(LOAD_FAST_BORROW, 0), (JUMP_FORWARD, 0), (RETURN_VALUE, 0)], "crosses a jump");
    refused(&[(BUILD_LIST, 0); 11], "control runs off the end");
    refused(&[&[(BUILD_LIST, 0); 11], [(RETURN_VALUE, 0)].as_slice()].concat(), "deeper than co_stacksize");
    refused(&[(LOAD_FAST, 0), (UNPACK_SEQUENCE, u32::MAX), (RETURN_VALUE, 0)], "deeper than");
    refused(&[(BUILD_TUPLE, u32::MAX), (RETURN_VALUE, 0)], "too few entries");
    refused(&[(LOAD_FAST, 0), (COPY, u32::MAX), (RETURN_VALUE, 0)], "too few entries");
    refused(&[(LOAD_FAST, 0), (SWAP, 2), (RETURN_VALUE, 0)], "too few entries");
    refused(
        &[(LOAD_FAST, 0), (POP_JUMP_IF_TRUE, 1), (LOAD_FAST, 0), (LOAD_CONST, 0), (RETURN_VALUE, 0)],
        "entries here",
    );
    refused(
        &[(LOAD_FAST, 0), (GET_ITER, 0), (FOR_ITER, 1), (POP_TOP, 0), (POP_TOP, 0), end[0], end[1]],
        "invalid operand 1 of FOR_ITER",
    );
}

#[test]
fn counts_and_tables_that_are_refused() {
    let good = assemble(&[(RESUME, 0), (LOAD_CONST, 0), (RETURN_VALUE, 0)]);
    let refused = |change: &dyn Fn(&mut CodeObject), message: &str| {
        let mut code = good.clone();
        change(&mut code);
        assert_refused(&code, message);
    };
    refused(&|code| code.code = [].into(), "invalid length");
    refused(&|code| code.code = [27].into(), "invalid length");
    refused(&|code| code.argcount = 3, "co_varnames is too small");
    refused(&|code| code.argcount = u32::MAX, "co_varnames is too small");
    refused(&|code| code.posonlyargcount = 2, "positional-only");
    refused(&|code| code.stacksize = u32::MAX, "co_stacksize");
    refused(&|code| code.stacksize = 0, "deeper than co_stacksize");
    refused(&|code| code.localspluskinds[1] = CO_FAST_FREE, "invalid kind");
    refused(&|code| code.localspluskinds[1] = 0, "invalid kind");
    refused(&|code| code.localspluskinds = [].into(), "differ in number");
    refused(&|code| code.linetable = [].into(), "does not cover the code");
    refused(&|code| code.linetable = [0].into(), "location table is malformed");
    refused(&|code| code.exceptiontable = [0x80].into(), "exception table is malformed");
    refused(&|code| code.exceptiontable = [0x80, 9, 0, 0].into(), "refers to no instruction");
    refused(&|code| code.exceptiontable = [0x80, 0, 0, 0].into(), "out of order");
    refused(&|code| code.flags = CodeFlags(0xA0), "more than one of generator");
    let mut nested = good.clone();
    nested.consts[0] =
        Constant::tuple(vec![Constant::Code(Arc::new(CodeObject { code: [255, 0].into(), ..good.clone() }))]);
    assert_refused(&nested, "not an instruction");

    // A handler that keeps what an instruction takes.
    let body = [(RESUME, 0), (LOAD_FAST, 0), (UNARY_NEGATIVE, 0), (RETURN_VALUE, 0), (RERAISE, 0)];
    verify(&with_handler(assemble(&body), [1, 4], 4, 0)).unwrap();
    assert_refused(&with_handler(assemble(&body), [2, 3], 4, 1), "takes what the handler keeps");
    assert_refused(&with_handler(assemble(&body), [1, 3], 4, 1), "lower than its handler keeps");
    assert_refused(&with_handler(assemble(&body), [1, 3], 1, 0), "entries here");
}

#[test]
fn code_that_is_too_complex_is_refused_in_time() {
    // Every jump finds a deep stack that was rebuilt below it.
    let mut instructions = vec![(RESUME, 0)];
    instructions.extend([(LOAD_FAST, 0); 5000]);
    for _ in 0..5000 {
        instructions.extend([(SWAP, 5000), (NOP, 0)]);
    }
    instructions.push((RAISE_VARARGS, 0));
    let mut code = assemble(&instructions);
    code.stacksize = 6000;
    assert_refused(&code, "too complex");
}

#[test]
fn closures_have_the_right_cells() {
    // The inner code has one free variable; local 2 is a cell, local 0 is none.
    let inner = assemble(&[(COPY_FREE_VARS, 1), (RESUME, 0), (LOAD_DEREF, 3), (RETURN_VALUE, 0)]);
    let inner = Constant::Code(Arc::new(inner));
    let outer = |body: &[(Opcode, u32)]| {
        let mut all = vec![(MAKE_CELL, 2), (RESUME, 0)];
        all.extend_from_slice(body);
        let mut code = assemble(&all);
        code.consts = vec![inner.clone()].into();
        code
    };
    let make = [(LOAD_CONST, 0), (MAKE_FUNCTION, 0)];
    let close = [(SET_FUNCTION_ATTRIBUTE, 8), (RETURN_VALUE, 0)];
    let cells = |locals: &[u32]| -> Vec<(Opcode, u32)> {
        let mut body: Vec<_> = locals.iter().map(|&local| (LOAD_FAST_BORROW, local)).collect();
        body.push((BUILD_TUPLE, locals.len() as u32));
        body.extend(make);
        body.extend(close);
        body
    };
    verify(&outer(&cells(&[2]))).unwrap();
    assert_refused(&outer(&cells(&[0])), "a tuple of cells is needed");
    assert_refused(&outer(&cells(&[2, 2])), "a tuple of cells is needed");
    assert_refused(
        &outer(&[make[0], make[1], (RETURN_VALUE, 0)]),
        "OpenFunction(1) on the stack where an object is needed",
    );
    assert_refused(
        &outer(&[make[0], make[1], (STORE_FAST, 1), (LOAD_FAST, 1), (RETURN_VALUE, 0)]),
        "where an object is needed",
    );
}

#[test]
fn the_place_of_an_exception_is_no_object() {
    let body = |last: &[(Opcode, u32)]| {
        let mut all = vec![(RESUME, 0), (LOAD_FAST, 0), (RETURN_VALUE, 0)];
        all.extend_from_slice(last);
        let mut code = assemble(&all);
        let mut table = Vec::new();
        let handler = exception_table::Handler { start: 0, end: 3, target: 3, depth: 0, lasti: true };
        exception_table::write_handler(&mut table, &handler);
        code.exceptiontable = table.into();
        code
    };
    verify(&body(&[(RERAISE, 1)])).unwrap();
    verify(&body(&[(POP_TOP, 0), (POP_TOP, 0), (LOAD_FAST, 0), (RETURN_VALUE, 0)])).unwrap();
    assert_refused(&body(&[(POP_TOP, 0), (RETURN_VALUE, 0)]), "Lasti on the stack");
    assert_refused(&body(&[(POP_TOP, 0), (STORE_FAST, 1), (LOAD_FAST, 1), (RETURN_VALUE, 0)]), "Lasti on the stack");
}
