//! Struct layouts and enumerators, read from DWARF.

use super::Compiler;
use gimli::{AttributeValue, DebuggingInformationEntry, EndianSlice, LittleEndian, UnitOffset};
use object::{Object, ObjectSection};
use std::collections::{BTreeMap, HashMap};

/// The head of `structs.tsv`.
pub const HEAD: &str = "\
# The structs of the CPython 3.14 headers (x86-64 Linux, GIL build) as the C compiler lays them out.
# Renewed with: cargo xtask abi --headers DIR/usr/include --write
# struct <name> <size> <alignment> <header>
# field  <struct>.<field> <offset> <size> [<first bit>:<bits>]     (bits count from the offset's least significant)
";

type Reader<'a> = EndianSlice<'a, LittleEndian>;
type Entry<'a> = DebuggingInformationEntry<Reader<'a>>;

/// A struct or union with its fields, flattened through anonymous members.
pub struct Struct {
    /// What C calls it: the typedef's name, or `struct tag`.
    pub c_name: String,
    pub size: u64,
    pub header: String,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub path: String,
    pub offset: u64,
    pub size: u64,
    /// First bit and width, where it is a bit-field.
    pub bits: Option<(u64, u64)>,
}

/// What the debug information says of the headers.
pub struct Found {
    pub structs: BTreeMap<String, Struct>,
    /// Name, value and header of each enumerator.
    pub enumerators: Vec<(String, i64, String)>,
}

struct Unit<'a> {
    dwarf: gimli::Dwarf<Reader<'a>>,
    unit: gimli::Unit<Reader<'a>>,
    /// The first typedef that names a type directly.
    typedefs: HashMap<UnitOffset, String>,
}

/// Reads every struct of the public headers, and those of the internal ones that `internal` names.
pub fn read(compiler: &Compiler, file: &[u8], internal: &[&str]) -> Result<Found, String> {
    let object = object::File::parse(file).map_err(|e| e.to_string())?;
    let section = |id: gimli::SectionId| -> Result<Reader<'_>, String> {
        let data = match object.section_by_name(id.name()) {
            Some(s) => s.data().map_err(|e| e.to_string())?,
            None => &[],
        };
        Ok(EndianSlice::new(data, LittleEndian))
    };
    let dwarf = gimli::Dwarf::load(section)?;
    let fail = |e: gimli::Error| format!("debug information: {e}");
    let header = dwarf.units().next().map_err(fail)?.ok_or("no debug information")?;
    let unit = dwarf.unit(header).map_err(fail)?;
    let mut reader = Unit { dwarf, unit, typedefs: HashMap::new() };
    reader.collect_typedefs().map_err(fail)?;
    reader.collect(compiler, internal).map_err(fail)
}

impl<'a> Unit<'a> {
    fn name(&self, entry: &Entry<'a>) -> Result<Option<String>, gimli::Error> {
        match entry.attr_value(gimli::DW_AT_name) {
            Some(value) => {
                let name = self.dwarf.attr_string(&self.unit, value)?;
                Ok(Some(name.to_string_lossy().into_owned()))
            }
            None => Ok(None),
        }
    }

    fn collect_typedefs(&mut self) -> Result<(), gimli::Error> {
        let mut found = HashMap::new();
        {
            let mut tree = self.unit.entries_tree(None)?;
            let mut children = tree.root()?.children();
            while let Some(child) = children.next()? {
                let entry = child.entry();
                if entry.tag() == gimli::DW_TAG_typedef
                    && let (Some(target), Some(name)) = (type_of(entry), self.name(entry)?)
                {
                    found.entry(target).or_insert(name);
                }
            }
        }
        self.typedefs = found;
        Ok(())
    }

    /// The header an entry was declared in, as the tables name it.
    fn header(&self, compiler: &Compiler, entry: &Entry<'a>) -> Result<Option<String>, gimli::Error> {
        let Some(AttributeValue::FileIndex(index)) = entry.attr_value(gimli::DW_AT_decl_file) else {
            return Ok(None);
        };
        let Some(program) = &self.unit.line_program else {
            return Ok(None);
        };
        let Some(file) = program.header().file(index) else {
            return Ok(None);
        };
        let name = self.dwarf.attr_string(&self.unit, file.path_name())?.to_string_lossy();
        let path = match file.directory(program.header()) {
            Some(folder) => {
                let folder = self.dwarf.attr_string(&self.unit, folder)?.to_string_lossy();
                format!("{folder}/{name}")
            }
            None => name.into_owned(),
        };
        Ok(compiler.header_name(&path))
    }

    fn collect(&self, compiler: &Compiler, internal: &[&str]) -> Result<Found, gimli::Error> {
        let mut found = Found { structs: BTreeMap::new(), enumerators: Vec::new() };
        let mut tree = self.unit.entries_tree(None)?;
        let mut children = tree.root()?.children();
        while let Some(child) = children.next()? {
            let entry = child.entry();
            let tag = entry.tag();
            if tag == gimli::DW_TAG_enumeration_type {
                if let Some(header) = self.header(compiler, entry)? {
                    let mut values = child.children();
                    while let Some(value) = values.next()? {
                        let constant = value.entry().attr_value(gimli::DW_AT_const_value);
                        if let (Some(name), Some(constant)) = (self.name(value.entry())?, constant) {
                            let number = constant.sdata_value().unwrap_or_default();
                            found.enumerators.push((name, number, header.clone()));
                        }
                    }
                }
                continue;
            }
            if tag != gimli::DW_TAG_structure_type && tag != gimli::DW_TAG_union_type {
                continue;
            }
            let Some(size) = number(entry, gimli::DW_AT_byte_size) else {
                continue;
            };
            let Some(header) = self.header(compiler, entry)? else {
                continue;
            };
            let keyword = if tag == gimli::DW_TAG_union_type { "union" } else { "struct" };
            let (name, c_name) = match (self.typedefs.get(&entry.offset()), self.name(entry)?) {
                (Some(typedef), _) => (typedef.clone(), typedef.clone()),
                (None, Some(tag)) => (tag.clone(), format!("{keyword} {tag}")),
                (None, None) => continue, // a member's own type: flattened where it stands
            };
            if header.starts_with("internal/") && !internal.contains(&name.as_str()) {
                continue;
            }
            let mut fields = Vec::new();
            self.fields(entry.offset(), "", 0, &mut fields)?;
            found.structs.insert(name, Struct { c_name, size, header, fields });
        }
        Ok(found)
    }

    /// Appends the fields of the struct at `at`, whose own name is `prefix` and place `base`.
    fn fields(&self, at: UnitOffset, prefix: &str, base: u64, out: &mut Vec<Field>) -> Result<(), gimli::Error> {
        let mut tree = self.unit.entries_tree(Some(at))?;
        let mut members = tree.root()?.children();
        while let Some(member) = members.next()? {
            let entry = member.entry();
            if entry.tag() != gimli::DW_TAG_member {
                continue;
            }
            let Some(target) = type_of(entry) else {
                continue;
            };
            let offset = base + number(entry, gimli::DW_AT_data_member_location).unwrap_or(0);
            let size = self.size(target)?;
            let name = self.name(entry)?;
            let path = match &name {
                Some(name) if prefix.is_empty() => name.clone(),
                Some(name) => format!("{prefix}.{name}"),
                None => prefix.to_owned(),
            };
            if let Some(width) = number(entry, gimli::DW_AT_bit_size) {
                // The bit offset counts from the struct's start: give the field's storage unit.
                let bit = number(entry, gimli::DW_AT_data_bit_offset).unwrap_or(0);
                let (unit, first) = (bit / (size * 8) * size, bit % (size * 8));
                out.push(Field { path, offset: base + unit, size, bits: Some((first, width)) });
                continue;
            }
            if name.is_some() {
                out.push(Field { path: path.clone(), offset, size, bits: None });
            }
            if self.is_unnamed_aggregate(target)? {
                self.fields(target, &path, offset, out)?;
            }
        }
        Ok(())
    }

    fn is_unnamed_aggregate(&self, at: UnitOffset) -> Result<bool, gimli::Error> {
        let entry = self.unit.entry(at)?;
        let aggregate = matches!(entry.tag(), gimli::DW_TAG_structure_type | gimli::DW_TAG_union_type);
        Ok(aggregate && !self.typedefs.contains_key(&at) && self.name(&entry)?.is_none())
    }

    /// The size of a type: its own, its target's through names and qualifiers, or the array's.
    fn size(&self, at: UnitOffset) -> Result<u64, gimli::Error> {
        let entry = self.unit.entry(at)?;
        if let Some(size) = number(&entry, gimli::DW_AT_byte_size) {
            return Ok(size);
        }
        match (entry.tag(), type_of(&entry)) {
            (gimli::DW_TAG_pointer_type, _) => Ok(8),
            (gimli::DW_TAG_array_type, Some(target)) => {
                let mut count = 1;
                let mut tree = self.unit.entries_tree(Some(at))?;
                let mut ranges = tree.root()?.children();
                while let Some(range) = ranges.next()? {
                    let entry = range.entry();
                    if entry.tag() != gimli::DW_TAG_subrange_type {
                        continue;
                    }
                    count *= match number(entry, gimli::DW_AT_count) {
                        Some(count) => count,
                        // A flexible array member has no bound and no size.
                        None => number(entry, gimli::DW_AT_upper_bound).map_or(0, |bound| bound.wrapping_add(1)),
                    };
                }
                Ok(count * self.size(target)?)
            }
            (_, Some(target)) => self.size(target),
            (_, None) => Ok(0),
        }
    }
}

fn type_of(entry: &Entry<'_>) -> Option<UnitOffset> {
    match entry.attr_value(gimli::DW_AT_type) {
        Some(AttributeValue::UnitRef(offset)) => Some(offset),
        _ => None,
    }
}

fn number(entry: &Entry<'_>, name: gimli::DwAt) -> Option<u64> {
    entry.attr_value(name)?.udata_value()
}

/// The rows of `structs.tsv`. Sizes are checked against `sizeof`, alignments come from `_Alignof`.
pub fn table(compiler: &Compiler, found: &Found) -> Result<Vec<String>, String> {
    let mut expressions = Vec::new();
    for s in found.structs.values() {
        expressions.push(format!("sizeof({})", s.c_name));
        expressions.push(format!("_Alignof({})", s.c_name));
    }
    let values = compiler.values(&expressions)?;
    let mut rows = Vec::new();
    for ((name, s), pair) in found.structs.iter().zip(values.chunks_exact(2)) {
        if pair[0] != s.size as i64 {
            return Err(format!("{name}: sizeof is {}, DWARF says {}", pair[0], s.size));
        }
        rows.push(format!("struct\t{name}\t{}\t{}\t{}", s.size, pair[1], s.header));
        for f in &s.fields {
            let mut row = format!("field\t{name}.{}\t{}\t{}", f.path, f.offset, f.size);
            if let Some((first, width)) = f.bits {
                row += &format!("\t{first}:{width}");
            }
            rows.push(row);
        }
    }
    Ok(rows)
}
