//! Marshal for [`Constant`] and [`CodeObject`].

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::reader::{Builder, CodeParts, Kind, Reader, SliceSource, Text};
use super::writer::{CodeHeader, TOO_DEEP, UNMARSHALLABLE, Writer};
use super::{ErrorKind, MAX_MARSHAL_STACK_DEPTH, MarshalError, type_code};
use crate::code::{BigInt, CodeFlags, CodeObject, Constant, PyStr};

/// Reads a constant.
///
/// Data behind it is ignored. Errors are those of [`Reader::read`], and `ValueError` for values
/// that are no constants: lists, sets, dicts, `StopIteration`.
pub fn loads(data: &[u8]) -> Result<Constant, MarshalError> {
    Reader::new(SliceSource::new(data), ConstantBuilder).read()
}

/// Reads a code object; `None` if the data is another constant.
pub fn loads_code(data: &[u8]) -> Result<Option<Arc<CodeObject>>, MarshalError> {
    Ok(match loads(data)? {
        Constant::Code(code) => Some(code),
        _ => None,
    })
}

/// A [`Builder`] of [`Constant`]s.
#[derive(Clone, Copy, Default, Debug)]
pub struct ConstantBuilder;

fn not_a_constant(what: &'static str) -> MarshalError {
    MarshalError { kind: ErrorKind::Value, message: format!("bad marshal data ({what} in a code object)").into() }
}

impl Builder for ConstantBuilder {
    type Value = Constant;
    type Container = Vec<Constant>;
    type Error = MarshalError;

    fn none(&mut self) -> Result<Constant, MarshalError> {
        Ok(Constant::None)
    }

    fn bool(&mut self, value: bool) -> Result<Constant, MarshalError> {
        Ok(Constant::from_bool(value))
    }

    fn ellipsis(&mut self) -> Result<Constant, MarshalError> {
        Ok(Constant::Ellipsis)
    }

    fn stop_iteration(&mut self) -> Result<Constant, MarshalError> {
        Err(not_a_constant("StopIteration"))
    }

    fn int(&mut self, value: i64) -> Result<Constant, MarshalError> {
        Ok(Constant::Int(value))
    }

    fn bigint(&mut self, negative: bool, digits: Vec<u32>) -> Result<Constant, MarshalError> {
        let value = BigInt::from_digits(negative, digits).ok_or(UNMARSHALLABLE)?;
        Ok(Constant::from_bigint(value))
    }

    fn float(&mut self, value: f64) -> Result<Constant, MarshalError> {
        Ok(Constant::Float(value))
    }

    fn complex(&mut self, real: f64, imag: f64) -> Result<Constant, MarshalError> {
        Ok(Constant::Complex(real, imag))
    }

    fn bytes(&mut self, value: &[u8]) -> Result<Constant, MarshalError> {
        Ok(Constant::Bytes(value.into()))
    }

    fn str(&mut self, text: Text<'_>, interned: bool) -> Result<Constant, MarshalError> {
        let wtf8 = match text {
            Text::Latin1(bytes) if !bytes.is_ascii() => {
                Cow::Owned(bytes.iter().map(|&b| b as char).collect::<String>().into_bytes())
            }
            Text::Latin1(bytes) | Text::Wtf8(bytes) => Cow::Borrowed(bytes),
        };
        let text = PyStr::from_wtf8(&wtf8).ok_or(UNMARSHALLABLE)?;
        Ok(Constant::Str(text.with_interned(interned)))
    }

    fn begin(&mut self, kind: Kind, len: usize) -> Result<(Vec<Constant>, Option<Constant>), MarshalError> {
        match kind {
            // The source's size bounds the length, but a constant takes more than a byte.
            Kind::Tuple | Kind::FrozenSet | Kind::Slice => Ok((Vec::with_capacity(len.min(4096)), None)),
            Kind::List => Err(not_a_constant("list")),
            Kind::Set => Err(not_a_constant("set")),
            Kind::Dict => Err(not_a_constant("dict")),
        }
    }

    fn push(&mut self, _kind: Kind, container: &mut Vec<Constant>, item: Constant) -> Result<(), MarshalError> {
        container.push(item);
        Ok(())
    }

    fn finish(&mut self, kind: Kind, items: Vec<Constant>) -> Result<Constant, MarshalError> {
        Ok(match kind {
            Kind::FrozenSet => Constant::FrozenSet(items.into()),
            Kind::Slice => {
                let items: [Constant; 3] = items.try_into().map_err(|_| UNMARSHALLABLE)?;
                Constant::Slice(Arc::new(items))
            }
            _ => Constant::Tuple(items.into()),
        })
    }

    fn code(&mut self, parts: CodeParts<Constant>) -> Result<Constant, MarshalError> {
        let bad = MarshalError::bad_internal_call;
        let count = |value: i32| u32::try_from(value).map_err(|_| bad());
        let bytes = |value: Constant| match value {
            Constant::Bytes(bytes) => Ok(Box::from(&*bytes)),
            _ => Err(bad()),
        };
        let string = |value: Constant| match value {
            Constant::Str(text) => Ok(text),
            _ => Err(bad()),
        };
        let tuple = |value: Constant| match value {
            Constant::Tuple(items) => Ok(items),
            _ => Err(bad()),
        };
        let names = |value: Constant| -> Result<Box<[PyStr]>, MarshalError> {
            let name = |item: &Constant| match item {
                Constant::Str(name) => Ok(name.clone().with_interned(true)),
                _ => Err(MarshalError { kind: ErrorKind::System, message: "non-string found in code slot".into() }),
            };
            tuple(value)?.iter().map(name).collect()
        };
        let intern = |item: &Constant| match item {
            Constant::Str(text) => Constant::Str(text.clone().into_constant()),
            other => other.clone(),
        };
        let code = CodeObject {
            argcount: count(parts.argcount)?,
            posonlyargcount: count(parts.posonlyargcount)?,
            kwonlyargcount: count(parts.kwonlyargcount)?,
            stacksize: count(parts.stacksize)?,
            flags: CodeFlags(count(parts.flags)?),
            code: bytes(parts.code)?,
            consts: tuple(parts.consts)?.iter().map(intern).collect(),
            names: names(parts.names)?,
            localsplusnames: names(parts.localsplusnames)?,
            localspluskinds: bytes(parts.localspluskinds)?,
            filename: string(parts.filename)?,
            name: string(parts.name)?,
            qualname: string(parts.qualname)?,
            firstlineno: parts.firstlineno,
            linetable: bytes(parts.linetable)?,
            exceptiontable: bytes(parts.exceptiontable)?,
        };
        if code.localsplusnames.len() != code.localspluskinds.len() || code.posonlyargcount > code.argcount {
            return Err(bad());
        }
        if !code.code.len().is_multiple_of(2) {
            return Err(MarshalError::value("code: co_code is malformed"));
        }
        if code.nlocals() < code.total_args() {
            return Err(MarshalError::value("code: co_varnames is too small"));
        }
        Ok(Constant::Code(Arc::new(code)))
    }
}

/// Writes a constant in [`VERSION`](super::VERSION) of the format or an earlier one.
///
/// Which values are shared does not depend on how the tree was put together, so equal constants
/// give equal bytes. The rules are those CPython's compiler and reference counts amount to:
///
/// - Values of the same type that are equal are one value. Code objects are one value only if they
///   are the same allocation. What the compiler does not merge, or what is replaced after it was
///   merged, stands for itself: a code object's instructions and local kinds, numbers inside slices,
///   frozensets of interned strings, the names of the locals of an annotation scope.
/// - A value is flagged as a reference if it comes more than once, and always if CPython keeps one of
///   it for the whole process or the caller still holds it: interned strings, ints from -5 to 256,
///   the empty tuple, bytes of length 0 and 1, a code object's instructions, the elements of
///   frozensets, the outermost value.
/// - The elements of a frozenset come in the order of their bytes.
///
/// `ValueError` if values nest deeper than [`MAX_MARSHAL_STACK_DEPTH`] or do not fit the format.
pub fn dumps(value: &Constant, version: u32) -> Result<Vec<u8>, MarshalError> {
    let mut graph = Graph::default();
    let root = graph.constant(value, 1)?;
    graph.nodes[root as usize].flag = true;
    let mut emitter = Emitter::new(&graph, version);
    emitter.emit(root)?;
    Ok(emitter.writer.into_bytes())
}

/// Writes a code object: the body of a `.pyc` file. See [`dumps`].
pub fn dumps_code(code: &Arc<CodeObject>) -> Result<Vec<u8>, MarshalError> {
    dumps(&Constant::Code(Arc::clone(code)), super::VERSION)
}

/// Whether interning this constant replaces it: single characters exist once from the start.
fn is_long_interned(value: &Constant) -> bool {
    matches!(value, Constant::Str(text) if text.is_interned() && text.as_wtf8().len() > 1)
}

/// What makes two values one.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Singleton(u8),
    Int(i64),
    BigInt(&'a BigInt),
    Float(u64),
    Complex(u64, u64),
    Str(&'a [u8], bool),
    Bytes(&'a [u8]),
    Tuple(Box<[u32]>),
    FrozenSet(Box<[u32]>),
    Slice([u32; 3]),
    Code(*const CodeObject),
}

enum Body<'a> {
    Singleton(u8),
    Int(i64),
    BigInt(&'a BigInt),
    Float(f64),
    Complex(f64, f64),
    Str(&'a [u8], bool),
    Bytes(&'a [u8]),
    Tuple(Vec<u32>),
    FrozenSet(Vec<u32>),
    Slice([u32; 3]),
    /// With the parts up to the qualified name, and the two tables.
    Code(&'a CodeObject, [u32; 8], [u32; 2]),
}

struct Node<'a> {
    body: Body<'a>,
    /// In how many places it stands.
    uses: u32,
    /// Whether it is flagged however often it comes.
    flag: bool,
}

/// The values to write, each once.
#[derive(Default)]
struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    known: HashMap<Key<'a>, u32>,
    /// Tuples and frozensets that were walked, by address: what a small file shares may be huge
    /// when it is walked as a tree.
    walked: HashMap<*const Constant, u32>,
}

impl<'a> Graph<'a> {
    fn add(&mut self, body: Body<'a>, flag: bool) -> u32 {
        let children: &[u32] = match &body {
            Body::Tuple(items) | Body::FrozenSet(items) => items,
            Body::Slice(items) => items,
            Body::Code(_, head, tail) => {
                for &child in head.iter().chain(tail) {
                    self.nodes[child as usize].uses += 1;
                }
                &[]
            }
            _ => &[],
        };
        for &child in children {
            self.nodes[child as usize].uses += 1;
        }
        self.nodes.push(Node { body, uses: 0, flag });
        (self.nodes.len() - 1) as u32
    }

    /// The node for a key, made by `body` unless it is there.
    fn unique(&mut self, key: Key<'a>, flag: bool, body: impl FnOnce() -> Body<'a>) -> u32 {
        if let Some(&node) = self.known.get(&key) {
            return node;
        }
        let node = self.add(body(), flag);
        self.known.insert(key, node);
        node
    }

    fn str(&mut self, text: &'a PyStr) -> u32 {
        let (bytes, interned) = (text.as_wtf8(), text.is_interned());
        self.unique(Key::Str(bytes, interned), interned, || Body::Str(bytes, interned))
    }

    fn bytes(&mut self, bytes: &'a [u8]) -> u32 {
        self.unique(Key::Bytes(bytes), bytes.len() <= 1, || Body::Bytes(bytes))
    }

    fn tuple(&mut self, items: Vec<u32>) -> u32 {
        let key = Key::Tuple(items.as_slice().into());
        self.unique(key, items.is_empty(), || Body::Tuple(items))
    }

    fn names(&mut self, names: &'a [PyStr]) -> u32 {
        let items = names.iter().map(|name| self.str(name)).collect();
        self.tuple(items)
    }

    /// The names of the locals.
    ///
    /// Those of an annotation scope are a tuple of their own: the compiler renames the parameter
    /// from ".format" to "format" when equal constants have been merged already.
    fn local_names(&mut self, code: &'a CodeObject) -> u32 {
        let names = &code.localsplusnames;
        if code.name == *"__annotate__" && names.first().is_some_and(|name| *name == *"format") {
            let items = names.iter().map(|name| self.str(name)).collect();
            return self.add(Body::Tuple(items), false);
        }
        self.names(names)
    }

    fn constants(&mut self, items: &'a [Constant], depth: u32) -> Result<Vec<u32>, MarshalError> {
        items.iter().map(|item| self.constant(item, depth)).collect()
    }

    fn constant(&mut self, value: &'a Constant, depth: u32) -> Result<u32, MarshalError> {
        if depth > MAX_MARSHAL_STACK_DEPTH {
            return Err(TOO_DEEP);
        }
        let singleton =
            |graph: &mut Self, code| Ok(graph.unique(Key::Singleton(code), false, || Body::Singleton(code)));
        Ok(match value {
            Constant::None => return singleton(self, type_code::NONE),
            Constant::True => return singleton(self, type_code::TRUE),
            Constant::False => return singleton(self, type_code::FALSE),
            Constant::Ellipsis => return singleton(self, type_code::ELLIPSIS),
            &Constant::Int(value) => {
                let small = (-5..=256).contains(&value);
                self.unique(Key::Int(value), small, || Body::Int(value))
            }
            Constant::BigInt(value) => self.unique(Key::BigInt(value), false, || Body::BigInt(value)),
            &Constant::Float(value) => self.unique(Key::Float(value.to_bits()), false, || Body::Float(value)),
            &Constant::Complex(real, imag) => {
                let key = Key::Complex(real.to_bits(), imag.to_bits());
                self.unique(key, false, || Body::Complex(real, imag))
            }
            Constant::Str(text) => self.str(text),
            Constant::Bytes(bytes) => self.bytes(bytes),
            Constant::Tuple(items) | Constant::FrozenSet(items) => {
                if let Some(&node) = self.walked.get(&items.as_ptr()) {
                    return Ok(node);
                }
                let nodes = self.constants(items, depth + 1)?;
                let node = if matches!(value, Constant::Tuple(_)) {
                    self.tuple(nodes)
                } else {
                    // The reference holds the elements of a set while it writes them in order.
                    for &node in &nodes {
                        self.nodes[node as usize].flag = true;
                    }
                    if items.iter().any(is_long_interned) {
                        self.add(Body::FrozenSet(nodes), false)
                    } else {
                        let key = Key::FrozenSet(nodes.as_slice().into());
                        self.unique(key, false, || Body::FrozenSet(nodes))
                    }
                };
                self.walked.insert(items.as_ptr(), node);
                node
            }
            Constant::Slice(items) => self.slice(items, depth)?,
            Constant::Code(code) => self.code(code, depth)?,
        })
    }

    /// A slice: one value with its like, though the numbers in it are not.
    fn slice(&mut self, items: &'a [Constant; 3], depth: u32) -> Result<u32, MarshalError> {
        let mut nodes = [0; 3];
        for (node, item) in nodes.iter_mut().zip(items) {
            *node = self.constant(item, depth + 1)?;
        }
        let key = Key::Slice(nodes);
        if let Some(&node) = self.known.get(&key) {
            return Ok(node);
        }
        for (node, item) in nodes.iter_mut().zip(items) {
            match *item {
                Constant::Int(value) if !(-5..=256).contains(&value) => {
                    *node = self.add(Body::Int(value), false);
                }
                Constant::Float(value) => *node = self.add(Body::Float(value), false),
                _ => {}
            }
        }
        let node = self.add(Body::Slice(nodes), false);
        self.known.insert(key, node);
        Ok(node)
    }

    fn code(&mut self, code: &'a CodeObject, depth: u32) -> Result<u32, MarshalError> {
        let key = Key::Code(code);
        if let Some(&node) = self.known.get(&key) {
            return Ok(node);
        }
        if depth >= MAX_MARSHAL_STACK_DEPTH {
            return Err(TOO_DEEP);
        }
        let head = [
            self.add(Body::Bytes(&code.code), true),
            {
                let items = self.constants(&code.consts, depth + 2)?;
                self.tuple(items)
            },
            self.names(&code.names),
            self.local_names(code),
            match code.localspluskinds.is_empty() {
                true => self.bytes(&[]),
                false => self.add(Body::Bytes(&code.localspluskinds), false),
            },
            self.str(&code.filename),
            self.str(&code.name),
            self.str(&code.qualname),
        ];
        let tail = [self.bytes(&code.linetable), self.bytes(&code.exceptiontable)];
        let node = self.add(Body::Code(code, head, tail), false);
        self.known.insert(key, node);
        Ok(node)
    }
}

struct Emitter<'g, 'a> {
    graph: &'g Graph<'a>,
    writer: Writer,
    /// The table of references: the place of each flagged node that was written.
    refs: HashMap<u32, u32>,
    /// The elements of sets in the order they are written in.
    orders: Rc<RefCell<HashMap<u32, Rc<[u32]>>>>,
}

impl<'g, 'a> Emitter<'g, 'a> {
    fn new(graph: &'g Graph<'a>, version: u32) -> Self {
        let orders = Rc::default();
        Self { graph, writer: Writer::new(version), refs: HashMap::new(), orders }
    }

    fn emit_all(&mut self, nodes: &[u32]) -> Result<(), MarshalError> {
        nodes.iter().try_for_each(|&node| self.emit(node))
    }

    fn emit(&mut self, index: u32) -> Result<(), MarshalError> {
        let node = &self.graph.nodes[index as usize];
        let singleton = matches!(node.body, Body::Singleton(_));
        let flag = (node.flag || node.uses > 1) && !singleton && self.writer.has_refs();
        if flag {
            if let Some(&reference) = self.refs.get(&index) {
                return self.writer.reference(reference);
            }
            self.refs.insert(index, self.refs.len() as u32);
        }
        match &node.body {
            &Body::Singleton(code) => self.writer.singleton(code),
            &Body::Int(value) => self.writer.int(value, flag),
            Body::BigInt(value) => {
                self.writer.bigint(value.is_negative(), value.digits(), flag)?;
            }
            &Body::Float(value) => self.writer.float(value, flag),
            &Body::Complex(real, imag) => self.writer.complex(real, imag, flag),
            &Body::Str(text, interned) => self.writer.str(text, interned, flag)?,
            Body::Bytes(bytes) => self.writer.bytes(bytes, flag)?,
            Body::Tuple(items) => {
                self.writer.tuple(items.len(), flag)?;
                self.emit_all(items)?;
            }
            Body::FrozenSet(items) => {
                self.writer.frozenset(items.len(), flag)?;
                let items = self.in_order_of_bytes(index, items)?;
                self.emit_all(&items)?;
            }
            Body::Slice(items) => {
                self.writer.slice(flag)?;
                self.emit_all(items)?;
            }
            Body::Code(code, head, tail) => {
                let header = CodeHeader {
                    argcount: code.argcount as i32,
                    posonlyargcount: code.posonlyargcount as i32,
                    kwonlyargcount: code.kwonlyargcount as i32,
                    stacksize: code.stacksize as i32,
                    flags: code.flags.0 as i32,
                };
                self.writer.code(&header, flag);
                self.emit_all(head)?;
                self.writer.firstlineno(code.firstlineno);
                self.emit_all(tail)?;
            }
        }
        Ok(())
    }

    /// The elements of a set in the order of what each is written as by itself.
    ///
    /// So the bytes do not depend on the order of the set, which differs from process to process.
    fn in_order_of_bytes(&self, set: u32, items: &[u32]) -> Result<Rc<[u32]>, MarshalError> {
        if let Some(order) = self.orders.borrow().get(&set) {
            return Ok(Rc::clone(order));
        }
        let mut keyed = Vec::with_capacity(items.len());
        for &item in items {
            let mut alone = Emitter::new(self.graph, self.writer.version());
            // Sets inside of sets are put in order once only.
            alone.orders = Rc::clone(&self.orders);
            alone.emit(item)?;
            keyed.push((alone.writer.into_bytes(), item));
        }
        keyed.sort();
        let order: Rc<[u32]> = keyed.into_iter().map(|(_, item)| item).collect();
        self.orders.borrow_mut().insert(set, Rc::clone(&order));
        Ok(order)
    }
}
