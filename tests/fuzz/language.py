"""Random programs of Python's own things: containers, objects, closures, match, with, try.

A program has two or three of these features, half of the programs write to arrays too.  A list has
always two elements or more, a tuple two, a dict the keys "a" and "b": so all reads are in bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.fuzz.expressions import Expressions, Scope, Shape
from tests.fuzz.generate import Writer
from tests.fuzz.memory import MemoryWriter
from tests.fuzz.tree import Body, Case, Compound, Statement

# The names of containers, by what they hold.
NAMES: dict[str, dict[Shape, list[str]]] = {
    "list": {(): ["items", "rest"], (3,): ["vecs"]},
    "tuple": {(): ["duo", "pt"], (3,): ["arms"]},
    "dict": {(): ["table", "state"], (3,): ["fields"]},
    "object": {(): ["body", "obj"]},
    "function": {(): ["phi", "act"]},
}
IMPORTS = (
    "import functools",
    "import itertools",
    "from dataclasses import dataclass",
    "from types import SimpleNamespace",
)
BODY: tuple[str, Body] = (
    "class Body:",
    (
        Compound((("def __init__(self, u, w):", ("self.u = u", "self.w = w")),)),
        Compound((("def norm(self):", ("return self.u * math.sin(self.w)",)),)),
        Compound((("def push(self, e):", ("self.u = self.w + 0.5 * e", "self.w *= e")),)),
        Compound((("@property\n    def mean(self):", ("return 0.5 * (self.u + self.w)",)),)),
        Compound((("def __add__(self, other):", ("return Body(self.u, other.w + self.w)",)),)),
    ),
)
RECORD: tuple[str, Body] = ("@dataclass\nclass Record:", ("u: float", "w: float = 0.5"))
FEATURES = (
    "list", "list", "tuple", "dict", "dict", "object", "function", "function", "match", "with",
    "try", "itertools", "arguments",
)  # fmt: skip


def language_case(seed: int, number: int, feature: str = "") -> Case:
    """The program of that number among those of Python's own things; of one feature, if asked."""
    random = Random(f"language:{feature}:{seed}:{number}")
    kind = random.choice([LanguageWriter, LanguageWriter, LanguageMemoryWriter])
    return kind(random, feature).case(f"f{number}")


class ContainerExpressions(Expressions):
    """Expressions that read containers, too."""

    def expression(self, scope: Scope, shape: Shape = (), depth: int = 2) -> str:
        """An expression of that shape; parenthesised where it must be."""
        if depth > 0 and self.random.random() < 0.3:
            reads = self.reads(scope, shape, depth - 1)
            if reads:
                return self.random.choice(reads)
        return super().expression(scope, shape, depth)

    def reads(self, scope: Scope, shape: Shape, depth: int) -> list[str]:
        """What can be read of the containers, in a fixed order."""
        found: list[str] = []
        for name, (kind, of) in sorted(scope.others.items()):
            if of == shape and kind in ("list", "tuple"):
                found += [f"{name}[0]", f"{name}[1]", f"{name}[-1]"]
                found += [f"{name}[{i} % 2]" for i in sorted(scope.ints)[:1]]
            if of == shape and kind == "dict":
                found += [f'{name}["a"]', f'{name}["b"]', f'{name}.get("a", 0.5)']
            if of == () and shape == () and kind in ("list", "tuple"):
                found += [
                    f"sum({name})", f"max({name})", f"sum(q * q for q in {name})",
                    f"sum([math.sin(q) for q in {name} if q > {self.threshold()}])",
                    f"(0.5 * len({name}))",
                ]  # fmt: skip
            if of == () and shape == () and kind == "dict":
                found += [f"sum({name}.values())", f'{name}.get("z", 0.25)', f"(0.5 * len({name}))"]
            if of == (3,) and shape == ():
                found += [f"{name}[0][1]"] if kind in ("list", "tuple") else []
                found += [f'{name}["b"][-1]'] if kind == "dict" else []
            if shape == () and kind == "object":
                found += [f"{name}.u", f"{name}.w"]
            if shape == () and kind == "function":
                found += [f"{name}({self.expression(scope, (), depth)})"] * 3
        return found


class Language(Writer):
    """Statements of the chosen features between those of the family that it is mixed with."""

    features: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()

    def choose(self, feature: str) -> None:
        """Which features the program has: the one that is asked for, or up to three."""
        r = self.random
        some = [feature] if feature else [r.choice(FEATURES) for _ in range(r.randint(1, 3))]
        self.features = tuple(sorted({*some}))
        self.expressions = ContainerExpressions(r)

    def case(self, name: str) -> Case:
        """The case of the other family, with what the features need before it."""
        case = super().case(name)
        before: list[tuple[str, Body]] = []
        if "object" in self.features:
            before += [BODY, RECORD]
        if "arguments" in self.features:
            before += [
                ("def total(*qs, scale=0.5):", ("return scale * sum(qs)",)),
                ("def mixed(q, /, r=0.25, *, k=1.5):", ("return math.sin(q * k) - r",)),
                ("def options(q, **more):", ('return q * more.get("k", 0.5)',)),
            ]
        return Case(case.name, (*before, *case.functions), case.points, IMPORTS)

    def function_body(self, scope: Scope, size: int, returns: Callable[[Scope], str]) -> Body:
        """The containers are there from the start, so that much is done with them."""
        first: list[Statement] = []
        if self.arrays or "v" not in scope.values:
            for feature in self.features:
                if feature in NAMES:
                    first += self.new(scope, feature)
        return (*first, *super().function_body(scope, size, returns))

    def statement(self, scope: Scope, nesting: int, jumps: bool) -> list[Statement]:
        """One statement, with what must stand before it: about every second is of a feature."""
        r = self.random
        if r.random() < 0.5:
            return super().statement(scope, nesting, jumps)
        feature = r.choice(self.features)
        if feature in NAMES:
            known = [n for n, (kind, _) in sorted(scope.others.items()) if kind == feature]
            if not known or r.random() < 0.2:
                return self.new(scope, feature)
            name = r.choice(known)
            if feature in ("list", "tuple", "dict") and r.random() < 0.3 and self.loops < 2:
                return [self.over(scope, name, nesting)] if nesting < 3 else []
            return self.change(scope, feature, name)
        if nesting >= 3 and feature != "arguments":
            return []
        ways = {
            "match": self.match, "with": self.context, "try": self.attempt,
            "itertools": self.iterate, "arguments": self.argue,
        }  # fmt: skip
        return [ways[feature](scope, nesting)]

    # Containers.

    def pick(self, scope: Scope, kind: str) -> tuple[str, Shape]:
        """A name for a container, and the shape of what it holds."""
        shapes = sorted(s for s in NAMES[kind] if not s or scope.names(s))
        shape = self.random.choice(shapes)
        return self.random.choice(NAMES[kind][shape]), shape

    def new(self, scope: Scope, kind: str) -> list[Statement]:
        """A container that is made, or another name for one."""
        r = self.random
        name, shape = self.pick(scope, kind)

        def e() -> str:
            own = scope.names(shape)
            if shape and own and r.random() < 0.6:
                return r.choice(own)  # the array itself: another way to its memory
            return self.carried(scope, shape)

        same = [n for n, k in sorted(scope.others.items()) if k == (kind, shape)]
        other = r.choice(same) if same else ""
        ways: list[str] = []
        if kind == "list":
            ways = [f"[{e()}, {e()}]", f"[{e()}, {e()}, {e()}]"]
            if other:
                ways += [other, f"{other}[:]", f"{other}[::-1]", f"{other} + [{e()}]"]
                ways += [f"list({other})", f"{other}.copy()"]
            if not shape:
                ways += ["[0.5] * 3", f"[0.5 * q for q in range({r.randint(2, 3)})]"]
                ways += [f"[math.sin(q) for q in {other}]"] if other else []
        elif kind == "tuple":
            ways = [f"({e()}, {e()})", f"{e()}, {e()}"]
            ways += [other, f"{other}[::-1]", f"({other}[1], {e()})"] if other else []
        elif kind == "dict":
            a, b = e(), e()
            ways = [f'{{"a": {a}, "b": {b}}}', f"dict(a={a}, b={b})", f'{{"b": {b}, "a": {a}}}']
            if other:
                ways += [other, f"dict({other})", f'{{**{other}, "a": {a}}}', f"{other}.copy()"]
            if other and not shape:
                ways += [f"{{key: math.sin(q) for key, q in {other}.items()}}"]
        elif kind == "object":
            made = [f"Body({e()}, {e()})", f"Record({e()}, w={e()})", f"Record({e()})"]
            ways = [*made, f"SimpleNamespace(u={e()}, w={e()})"]
            ways += [other] if other else []
        else:
            return self.new_function(scope, name, other)
        scope.others[name] = (kind, shape)
        return [f"{name} = {r.choice(ways)}"]

    def new_function(self, scope: Scope, name: str, other: str) -> list[Statement]:
        """A function of one number in the function: it sees what is around it, late."""
        r = self.random
        inner = scope.copy()
        inner.others = {n: k for n, k in inner.others.items() if k[0] != "function"}
        inner.values["q"] = ()
        kind = r.random()
        value = self.expressions.bounded(inner, (), 2)
        default = self.carried(scope, ())
        scope.others[name] = ("function", ())
        if kind < 0.45:
            return [f"{name} = lambda q: {value}"]
        if kind < 0.55 and other and other != name:
            return [f"{name} = {other}"]
        if kind < 0.65:
            return [f"{name} = lambda q, r={default}: r * q"]
        if kind < 0.75 and "arguments" in self.features:
            return [f"{name} = functools.partial(mixed, k={self.carried(inner, ())})"]
        body: list[Statement] = []
        returns, self.returns = self.returns, None
        if r.random() < 0.5:
            body.append(f"q = {self.carried(inner, ())}")
        if r.random() < 0.4:
            early = f"return {self.expressions.bounded(inner, (), 1)}"
            body.append(Compound(((f"if {self.expressions.condition(inner)}:", (early,)),)))
        self.returns = returns
        return [Compound(((f"def {name}(q):", (*body, f"return {value}")),))]

    def change(self, scope: Scope, kind: str, name: str) -> list[Statement]:
        """A container that is written to, taken apart, or copied from."""
        r = self.random
        shape = scope.others[name][1]

        def e() -> str:
            return self.carried(scope, shape)

        i = r.choice(["0", "1", "-1", *(f"{n} % 2" for n in sorted(scope.ints)[:1])])
        known = scope.names(shape)
        a = self.target(scope, shape)
        b = self.target(scope, shape)
        ways: list[str] = []
        if kind == "list":
            ways = [
                f"{name}[{i}] = {e()}", f"{name}[{i}] += {e()}", f"{name}.append({e()})",
                f"{name}[0], {name}[1] = {name}[1], {name}[0]", f"{name}.insert(0, {e()})",
                f"{name}.extend([{e()}])", f"{name}[{i}] *= 0.5",
            ]  # fmt: skip
            if known:
                ways += [f"{name}.append({r.choice(known)})", f"{name}[{i}] = {r.choice(known)}"]
        elif kind == "dict":
            key = r.choice("abc")
            ways = [
                f'{name}["{key}"] = {e()}', f'{name}["b"] += {e()}', f"{name}.update(a={e()})",
                f'{name}["a"], {name}["b"] = {name}["b"], {name}["a"]', f'{name}["a"] *= 0.5',
            ]  # fmt: skip
            if shape:
                ways += [f'{name}["a"][{r.randint(0, 2)}] = {self.carried(scope, ())}']
                ways += [f'{name}["b"][1:] += {self.carried(scope, ())}']
        elif kind == "object":
            ways = [f"{name}.u = {e()}", f"{name}.w += {e()}", f"{name}.u *= {name}.w"]
            ways += [f"{name}.u, {name}.w = {name}.w, {name}.u"]
        if kind in ("list", "tuple") and shape:
            number = self.carried(scope, ())
            ways += [f"{name}[{i}][{r.randint(0, 2)}] = {number}", f"{name}[{i}][1:] *= {number}"]
        if kind == "tuple" or (ways and r.random() < 0.2):
            scope.values[a] = shape
            if kind == "tuple" and a != b and r.random() < 0.6:
                scope.values[b] = shape
                return [f"{a}, {b} = {name}"]
            read = {"dict": '["a"]', "object": ".u"}.get(kind, f"[{i}]")
            return [f"{a} = {name}{read}"]
        if kind == "function":
            value = self.carried(scope, ())
            scope.values[a] = ()
            return [f"{a} = {name}({value})"]
        return [r.choice(ways)]

    def over(self, scope: Scope, name: str, nesting: int) -> Statement:
        """A loop over a container; nothing grows that is gone over."""
        r = self.random
        kind, shape = scope.others[name]
        inner = scope.copy()
        inner.others = {n: k for n, k in inner.others.items() if k[0] not in ("list", "dict")}
        index = next(n for n in ("i", "j", "k1") if n not in scope.values)
        inner.values["q"] = shape
        if kind == "dict":
            header = r.choice([f"for q in {name}.values():", f"for key, q in {name}.items():"])
        else:
            header = r.choice(
                [
                    f"for q in {name}:", f"for {index}, q in enumerate({name}):",
                    f"for q in reversed({name}):", f"for q, r in zip({name}, {name}[1:]):",
                ]
            )  # fmt: skip
            if "enumerate" in header:
                inner.ints.add(index)
            if "zip" in header:
                inner.values["r"] = shape
        return Compound(((header, self.inside(inner, nesting)),))

    def inside(self, inner: Scope, nesting: int) -> Body:
        """The body of a loop."""
        self.loops += 1
        body = self.body(inner, self.random.randint(1, 3), nesting + 1)
        self.loops -= 1
        return body or ("pass",)

    # Statements of Python's own.

    def match(self, scope: Scope, nesting: int) -> Statement:
        """A match of an int, or of two numbers."""
        r = self.random
        if scope.ints and r.random() < 0.6:
            i = r.choice(sorted(scope.ints))
            subject = f"{i} % 4"
            patterns = [
                "case 0:",
                "case 1 | 2:",
                f"case found if found > {r.randint(0, 2)}:",
                "case 3:",
            ]
        else:
            subject = f"({self.carried(scope, ())}, {self.carried(scope, ())})"
            question = f"p0 > {self.expressions.threshold()}"
            patterns = [f"case (p0, p1) if {question}:", "case [p0, p1] if p0 < p1:"]
        chosen = [p for p in patterns if r.random() < 0.7] or patterns[:1]
        clauses: list[tuple[str, Body]] = []
        paths = []
        for header in [*chosen, "case _:"]:
            inner = scope.copy()
            if "p0" in header:
                inner.values |= {"p0": (), "p1": ()}
            body = self.body(inner, r.randint(1, 2), nesting + 2) or ("pass",)
            clauses.append((header, (*body, "pass")))
            paths.append(inner)
        scope.join(paths)
        return Compound(((f"match {subject}:", tuple(Compound((c,)) for c in clauses)),))

    def context(self, scope: Scope, nesting: int) -> Statement:
        """A with that touches no value."""
        header = self.random.choice(['with np.errstate(divide="ignore"):', "with np.errstate():"])
        body = self.body(scope, self.random.randint(1, 2), nesting + 1)
        return Compound(((header, body or ("pass",)),))

    def attempt(self, scope: Scope, nesting: int) -> Statement:
        """A try: what is raised is raised by the program, or not at all."""
        r = self.random
        inner, other = scope.copy(), scope.copy()
        body = list(self.body(inner, r.randint(1, 2), nesting + 1))
        if r.random() < 0.6:
            question = f"if {self.expressions.condition(scope)}:"
            body.insert(r.randint(0, len(body)), Compound(((question, ("raise ValueError",)),)))
        handler = self.body(other, 1, nesting + 1)
        clauses: list[tuple[str, Body]] = [
            ("try:", tuple(body) or ("pass",)),
            ("except ValueError:", handler or ("pass",)),
        ]
        scope.join([inner, other, scope.copy()])
        if r.random() < 0.2:
            clauses.append(("finally:", self.body(scope, 1, nesting + 1) or ("pass",)))
        return Compound(tuple(clauses))

    def iterate(self, scope: Scope, nesting: int) -> Statement:
        """A loop over what itertools, map or filter gives."""
        r = self.random
        a, b, c = (self.carried(scope, ()) for _ in range(3))
        inner = scope.copy()
        inner.values["q"] = ()
        pairs = r.choice(
            [
                f"itertools.pairwise([{a}, {b}, {c}])", f"itertools.product([{a}, {b}], [{c}])",
                f"zip([{a}, {b}], ({c}, {a}), strict=True)",
            ]
        )  # fmt: skip
        singles = r.choice(
            [
                f"itertools.chain([{a}], ({b}, {c}))", f"itertools.accumulate([{a}, {b}, {c}])",
                f"map(math.sin, [{a}, {b}])", f"map(lambda t: t * {a}, [{b}, {c}])",
                f"filter(lambda t: t > {self.expressions.threshold()}, [{a}, {b}])",
            ]
        )  # fmt: skip
        if r.random() < 0.2:
            name = self.target(scope)
            scope.values[name] = ()
            return f"{name} = functools.reduce(lambda t, q: 0.5 * t + q, [{a}, {b}], {c})"
        if r.random() < 0.5:
            inner.values["r"] = ()
            return Compound(((f"for q, r in {pairs}:", self.inside(inner, nesting)),))
        return Compound(((f"for q in {singles}:", self.inside(inner, nesting)),))

    def argue(self, scope: Scope, nesting: int) -> Statement:
        """A call with stars, keywords, or parameters of one way only."""
        r = self.random
        a, b = self.carried(scope, ()), self.carried(scope, ())
        lists = [n for n, k in sorted(scope.others.items()) if k in (("list", ()), ("tuple", ()))]
        name = self.target(scope)
        calls = [
            f"total({a}, {b})", f"total({a}, scale={b})", "total()", f"mixed({a}, k={b})",
            f"mixed({a}, {b})", f"options({a}, k={b})", f"options({a})",
            f'mixed(*[{a}, {b}], **{{"k": 0.5}})',
        ]  # fmt: skip
        calls += [f"total(*{each})" for each in lists]
        scope.values[name] = ()
        return f"{name} = {r.choice(calls)}"


class LanguageWriter(Language):
    """Writes programs of numbers, or of arrays that are not written."""

    def __init__(self, random: Random, feature: str) -> None:
        super().__init__(random, arrays=random.random() < 0.3)
        self.choose(feature)


class LanguageMemoryWriter(Language, MemoryWriter):
    """Writes programs that write to arrays, too."""

    def __init__(self, random: Random, feature: str) -> None:
        MemoryWriter.__init__(self, random)
        self.choose(feature)
