"""A toy object-relational mapper out of metaclasses, descriptors and generators."""


class Field:
    order = 0

    def __init__(self, kind, default=None, null=False):
        self.kind, self.default, self.null = kind, default, null
        Field.order += 1
        self.order = Field.order

    def __set_name__(self, owner, name):
        self.name, self.slot = name, "_" + name

    def __get__(self, obj, owner):
        return Column(owner, self) if obj is None else getattr(obj, self.slot, self.default)

    def __set__(self, obj, value):
        if value is None and not self.null:
            raise ValueError(f"{self.name} may not be None")
        if value is not None and not isinstance(value, self.kind):
            value = self.kind(value)
        setattr(obj, self.slot, value)
        obj.__dict__.setdefault("dirty", set()).add(self.name)


class Condition:
    def __init__(self, text, test):
        self.text, self.test = text, test

    def __and__(self, o):
        return Condition(f"({self.text} AND {o.text})", lambda r: self.test(r) and o.test(r))

    def __or__(self, o):
        return Condition(f"({self.text} OR {o.text})", lambda r: self.test(r) or o.test(r))

    def __invert__(self):
        return Condition(f"NOT {self.text}", lambda r: not self.test(r))


def comparison(symbol, op):
    def method(self, value):
        return Condition(f"{self} {symbol} {value!r}", lambda r: op(getattr(r, self.field.name), value))

    return method


import operator


class Column:
    def __init__(self, model, field):
        self.model, self.field = model, field

    def __str__(self):
        return f"{self.model.table}.{self.field.name}"

    __eq__, __ne__ = comparison("=", operator.eq), comparison("<>", operator.ne)
    __lt__, __gt__ = comparison("<", operator.lt), comparison(">", operator.gt)
    __hash__ = None

    def like(self, part):
        return Condition(f"{self} LIKE '%{part}%'", lambda r: part in getattr(r, self.field.name))


class ModelMeta(type):
    models = {}

    def __new__(meta, name, bases, ns, table=None, **kw):
        fields = {}
        for b in bases:
            fields |= getattr(b, "fields", {})
        fields |= {k: v for k, v in ns.items() if isinstance(v, Field)}
        cls = super().__new__(meta, name, bases, ns, **kw)
        cls.fields = dict(sorted(fields.items(), key=lambda kv: kv[1].order))
        cls.table = table or name.lower() + "s"
        cls.rows = []
        meta.models[name] = cls
        return cls

    def __len__(cls):
        return len(cls.rows)

    def __iter__(cls):
        return iter(cls.rows)

    def __getitem__(cls, cond):
        return Query(cls, cond)


class Query:
    def __init__(self, model, cond, key=None, limit=None):
        self.model, self.cond, self.key, self.limit = model, cond, key, limit

    def order_by(self, column):
        return Query(self.model, self.cond, column.field.name, self.limit)

    def __getitem__(self, s):
        return Query(self.model, self.cond, self.key, s.stop)

    def __str__(self):
        text = f"SELECT * FROM {self.model.table} WHERE {self.cond.text}"
        return text + (f" ORDER BY {self.key}" if self.key else "") + (f" LIMIT {self.limit}" if self.limit else "")

    def __iter__(self):
        rows = [r for r in self.model if self.cond.test(r)]
        if self.key:
            rows.sort(key=operator.attrgetter(self.key))
        yield from rows[: self.limit]


class Model(metaclass=ModelMeta):
    id = Field(int, null=True)

    def __init__(self, **kw):
        for k in kw.keys() - self.fields.keys():
            raise TypeError(f"{type(self).__name__} has no field {k!r}")
        for k, v in kw.items():
            setattr(self, k, v)

    def save(self):
        if self.id is None:
            self.id = len(type(self)) + 1
            type(self).rows.append(self)
        self.dirty.clear()
        return self

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(f'{k}={getattr(self, k)!r}' for k in self.fields)})"


class Person(Model, table="people"):
    name = Field(str)
    age = Field(int, 18)


class Employee(Person):
    salary = Field(float, 0.0)


for name, age in (("ann", 31), ("bob", "25"), ("cat", 40), ("dan", 19)):
    Person(name=name, age=age).save()
Employee(name="eve", salary=10).save()
print(list(Person), len(Employee), list(Employee), Employee.table, list(Employee.fields), sorted(ModelMeta.models))
q = Person[(Person.age > 20) & ~(Person.name == "cat") | Person.name.like("da")].order_by(Person.age)
print(q, [p.name for p in q], q[:2], [p.name for p in q[:2]], sep="\n")
p = Person.rows[0]
p.age = 32
print(p.dirty, p.save().dirty, vars(p))
for bad in (lambda: Person(nope=1), lambda: Person(name=None), lambda: Person(age="x"), lambda: hash(Person.age)):
    try:
        bad()
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
