"""Random programs that write to arrays: buffers, views of views, aliases, helpers that mutate.

Shapes are known where a statement is written, so that every index is in bounds; what is written is
bounded, so that nothing overflows. Who shares memory with whom is not known, and need not be: the
oracle finds out by running.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.fuzz.expressions import BASE, PAIRS, Scope, Shape
from tests.fuzz.generate import ARRAY_NAMES, Writer
from tests.fuzz.tree import Body, Case, Compound, Statement

# The parts of an array of some shape, and their shapes: what is written to, and what views are of.
PARTS: dict[Shape, list[tuple[str, Shape]]] = {
    (3,): [
        ("[:]", (3,)), ("[...]", (3,)), ("[::-1]", (3,)), ("[1:]", (2,)), ("[:-1]", (2,)),
        ("[::2]", (2,)), ("[::-2]", (2,)), ("[-2:]", (2,)), ("[1:-1]", (1,)), ("[:1]", (1,)),
        ("[-1:]", (1,)), ("[2:0:-1]", (2,)),
    ],
    (2,): [("[:]", (2,)), ("[::-1]", (2,)), ("[1:]", (1,)), ("[:1]", (1,))],
    (1,): [("[:]", (1,)), ("[::-1]", (1,))],
    (2, 3): [
        ("[:]", (2, 3)), ("[::-1]", (2, 3)), ("[:, ::-1]", (2, 3)), ("[0]", (3,)), ("[-1]", (3,)),
        ("[1, :]", (3,)), ("[0, ::-1]", (3,)), ("[:, 1]", (2,)), ("[:, -1]", (2,)),
        ("[1, 1:]", (2,)), ("[::-1, 0]", (2,)), ("[0, :1]", (1,)), (".T", (3, 2)),
        (".reshape(3, 2)", (3, 2)), (".reshape(-1)[1:4]", (3,)), (".ravel()[::-2]", (3,)),
    ],
    (3, 2): [
        ("[:]", (3, 2)), ("[::-1]", (3, 2)), ("[0]", (2,)), ("[-1, ::-1]", (2,)), ("[:, 0]", (3,)),
        ("[::-1, 1]", (3,)), ("[1:, 1]", (2,)), ("[:1, 0]", (1,)), (".T", (2, 3)),
        (".reshape(2, 3)", (2, 3)), (".ravel()[:3]", (3,)),
    ],
}  # fmt: skip
# What may be written where an array of some shape is expected: it is broadcast.
NARROWER: dict[Shape, list[Shape]] = {
    (1,): [()],
    (2,): [(), (1,)],
    (3,): [(), (1,)],
    (2, 3): [(), (3,), (1,)],
    (3, 2): [(), (2,), (1,)],
}
AUGMENTED = ("+=", "+=", "-=", "*=", "/=")


def memory_case(seed: int, number: int) -> Case:
    """The program of that number among those that write to arrays."""
    return MemoryWriter(Random(f"memory:{seed}:{number}")).case(f"f{number}")


class MemoryWriter(Writer):
    """Writes one case."""

    def __init__(self, random: Random) -> None:
        super().__init__(random, arrays=True)
        self.mutators: dict[str, Shape | None] = {}  # what each returns: None for nothing

    def case(self, name: str) -> Case:
        """Helpers, then the program, then two points."""
        r = self.random
        functions = []
        for k in range(r.choice([0, 1, 1, 2])):
            functions.append(r.choice([self.mutator, self.mutator, self.recursive])(k))
        if r.random() < 0.2:
            functions.append(self.helper(len(functions)))
        scope = Scope()
        scope.values = {"x": (), "v": (3,), "m": (2, 3)}
        parameters = ["x", "v", "m"]
        if r.random() < 0.6:
            scope.ints.add("n")
            parameters.append("n")
        made = [self.buffer(scope) for _ in range(r.randint(1, 3))]
        body = self.function_body(scope, r.randint(3, 7), self.result)
        functions.append((f"def {name}({', '.join(parameters)}):", (*sum(made, ()), *body)))
        points = tuple(tuple(self.argument(p) for p in parameters) for _ in range(2))
        return Case(name, tuple(functions), points)

    def argument(self, parameter: str) -> Any:
        """A value for a parameter; an array in any layout."""
        value = super().argument(parameter)
        layout = self.random.choice(["plain", "plain", "Fortran", "reversed", "strided"])
        if not isinstance(value, np.ndarray) or layout == "plain":
            return value
        if layout == "Fortran":
            return np.asfortranarray(value)
        if layout == "reversed":
            return np.ascontiguousarray(value[::-1])[::-1]
        return np.repeat(value, 2, axis=-1)[..., ::2]

    def result(self, scope: Scope) -> str:
        """A number that depends on what has been written."""
        r = self.random
        terms = [self.expressions.expression(scope, (), 1)]
        for shape in sorted(ARRAY_NAMES):
            for name in scope.names(shape):
                if r.random() < 0.4:
                    terms.append(f"np.sum({name} * np.sin({r.choice(scope.names(shape))}))")
        return " + ".join(terms)

    # Helpers: each has a vector, a matrix and a number as parameters.

    def mutator(self, k: int) -> tuple[str, Body]:
        """A function that writes to its arguments, and may return one, a view, or a number."""
        name = f"mutate{k}"
        scope = Scope()
        scope.values = {"p": (3,), "g": (2, 3), "s": ()}
        first = self.write(scope, r_name=self.random.choice(["p", "g"]))
        ends: list[tuple[str, Shape | None]] = [
            ("", None), ("", None), ("p", (3,)), ("p[::-1]", (3,)), ("p[1:]", (2,)), ("g", (2, 3)),
            ("g[0]", (3,)), ("g.T", (3, 2)), ("p.copy()", (3,)),
            (self.expressions.bounded(scope, (), 1), ()),
        ]  # fmt: skip
        end, shape = self.random.choice(ends)
        # Every return gives a value of that shape.
        self.returns = lambda s: self.expressions.bounded(s, (), 1) if shape == () else end
        body = self.body(scope, self.random.randint(0, 3), nesting=1)
        self.mutators[name] = shape
        return f"def {name}(p, g, s):", (*first, *body, *([f"return {end}"] if end else []))

    def recursive(self, k: int) -> tuple[str, Body]:
        """A function that writes to its arguments and calls itself on views of them."""
        name, r = f"mutate{k}", self.random
        scope = Scope()
        scope.values = {"p": (3,), "g": (2, 3), "s": ()}
        smaller = r.choice(["s < 0.05", "not 0.05 < s"])
        step = r.choice(["s - 0.4", "0.5 * s - 0.1"])
        before, after = self.write(scope), self.write(scope)
        views = [f"{name}(p[::-1], g[::-1], {step})", f"{name}(g[0], g, {step})"]
        call = r.choice([*views, f"{name}(p, g[:, ::-1], {step})"])
        end = Compound(((f"if {smaller}:", ("return",)),))
        # The first argument may be large: the depth is what it is bounded by.
        self.mutators[name] = None
        return f"def {name}(p, g, s):", (
            "s = min(s, 1.0)",
            *before,
            end,
            call,
            *after,
        )

    # Statements.

    def statement(self, scope: Scope, nesting: int, jumps: bool) -> list[Statement]:
        """One statement, with what must stand before it: about every second is about memory."""
        r = self.random
        if not scope.names((3,)) or r.random() < 0.4:
            return super().statement(scope, nesting, jumps)
        choice = r.random()
        if choice < 0.14:
            return [*self.buffer(scope)]
        if choice < 0.34:
            return [self.view(scope)]
        if choice < 0.44 and self.mutators:
            return [self.call(scope)]
        if choice < 0.56 and nesting < 3 and self.loops < 2:
            return [r.choice([self.stencil, self.rows, self.several])(scope, nesting)]
        return [*self.write(scope)]

    def buffer(self, scope: Scope) -> Body:
        """A new array, perhaps one that must be filled."""
        r = self.random
        shape = r.choice([(3,), (3,), (2, 3), (2,), (3, 2), (1,)])
        size = str(shape[0]) if len(shape) == 1 else str(shape)
        name = self.target(scope, shape)
        ways = [
            f"np.zeros({size})", f"np.ones({size})", f"np.full({size}, 0.75)", f"np.empty({size})",
            f"{self.expressions.part(scope, shape)}.copy()",
            f"np.full({size}, {self.expressions.bounded(scope, (), 1)})",
            f"np.zeros_like({self.expressions.part(scope, shape)})",
        ]  # fmt: skip
        made = r.choice(ways)
        scope_before = scope.copy()
        scope.values[name] = shape
        if not made.startswith("np.empty"):
            return (f"{name} = {made}",)
        filled = f"{name}[...] = {self.carried(scope_before, shape)}"
        if name in scope_before.values:  # its old value would be read: nothing is there
            filled = f"{name}[...] = 0.25"
        # One statement to the shrinker, that must not leave an array that is not filled.
        return (f"{name} = {made}; {filled}",)

    def view(self, scope: Scope) -> str:
        """A name for a part of an array, for all of it, or for one of two."""
        r = self.random
        shape = r.choice(sorted(PARTS))
        sources = scope.names(shape) or scope.names((2, 3))
        shape = scope.values[sources[0]]
        source, (part, of) = r.choice(sources), r.choice(PARTS[shape])
        kind = r.random()
        if kind < 0.15:
            part, of = "", shape
        if kind > 0.9 and len(sources) > 1:
            other = r.choice(sources)
            name = self.target(scope, shape)
            condition = self.expressions.condition(scope)
            scope.values[name] = shape
            return f"{name} = {source} if {condition} else {other}"
        name = self.target(scope, of)
        scope.values[name] = of
        return f"{name} = {source}{part}"

    def write(self, scope: Scope, r_name: str = "") -> Body:
        """One or two statements that write to memory."""
        r = self.random
        names = [n for n, s in sorted(scope.values.items()) if s]
        name = r_name or r.choice(names)
        shape = scope.values[name]
        kind = r.random()
        if kind < 0.3:
            return (self.element(scope, name, shape),)
        if kind < 0.6:
            part, of = r.choice([p for p in PARTS[shape] if p[0].endswith("]")])
            return (self.assigned(scope, f"{name}{part}", of),)
        if kind < 0.7:
            return (self.augmented_array(scope, name, shape),)
        if kind < 0.78:
            return (self.swap(scope, name, shape),)
        if kind < 0.9:
            return (self.by_index(scope, name, shape),)
        return (self.by_function(scope, name, shape),)

    def index(self, scope: Scope, shape: Shape) -> str:
        """An index of one element."""
        r = self.random

        def axis(n: int) -> str:
            if scope.ints and r.random() < 0.5:
                i = r.choice(sorted(scope.ints))
                return r.choice([f"{i} % {n}", f"({i} + 1) % {n}"])
            return str(r.randint(-n, n - 1))

        return f"[{', '.join(axis(n) for n in shape)}]"

    def element(self, scope: Scope, name: str, shape: Shape) -> str:
        """One number is written."""
        place = f"{name}{self.index(scope, shape)}"
        if self.random.random() < 0.4:
            return self.augmented(scope, place)
        return f"{place} = {self.carried(scope, ())}"

    def assigned(self, scope: Scope, place: str, shape: Shape) -> str:
        """A part is written, by an array of its shape or by one that is broadcast."""
        r = self.random
        if r.random() < 0.4:
            return self.augmented_array(scope, place, shape)
        source = shape if r.random() < 0.65 else r.choice(NARROWER[shape])
        own = [n for n in scope.names(shape) if n != place]
        if own and r.random() < 0.2:  # nothing but memory: a copy, a shift, a reversal
            return f"{place} = {r.choice(own)}"
        return f"{place} = {self.carried(scope, source)}"

    def augmented_array(self, scope: Scope, place: str, shape: Shape) -> str:
        """An augmented assignment in place, that does not grow without end."""
        r = self.random
        operator = r.choice(AUGMENTED)
        source = shape if r.random() < 0.6 else r.choice(NARROWER[shape])
        e = self.expressions.bounded(scope, source, 1)
        return f"{place} {operator} {'2.5 + ' if operator == '/=' else ''}{e}"

    def swap(self, scope: Scope, name: str, shape: Shape) -> str:
        """Elements, rows or overlapping parts change places."""
        r = self.random
        a, b = self.index(scope, shape), self.index(scope, shape)
        ways = [f"{name}{a}, {name}{b} = {name}{b}, {name}{a}"]
        if len(shape) == 2:
            ways += [f"{name}[0], {name}[1] = {name}[1].copy(), {name}[0].copy()"]
            ways += [f"{name}[[0, 1]] = {name}[[1, 0]]"]
        if shape == (3,):
            ways += [f"{name}[1:] = {name}[:-1]", f"{name}[:-1] = 0.9 * {name}[1:]"]
            ways += [f"{name}[:-1], {name}[1:] = {name}[1:].copy(), {name}[:-1].copy()"]
            ways += [f"{name}[1:] += 0.25 * {name}[:-1]"]
        if shape != (1,):
            ways += [f"{name}[::-1] = {name}", f"{name} += 0.25 * {name}[::-1]"]
        return r.choice(ways)

    def by_index(self, scope: Scope, name: str, shape: Shape) -> str:
        """Through a mask, or through an array of integers, that may repeat."""
        r = self.random
        mask = f"{name}[{name} {r.choice('<>')} {self.expressions.threshold()}]"
        number = self.expressions.bounded(scope, (), 1)
        row = shape[1:]
        indices = [r.randint(-shape[0], shape[0] - 1) for _ in range(3)]
        chosen: Shape = (3, *row)
        ways = [f"{mask} = {number}", f"{mask} *= {number}", f"{mask} += 0.25"]
        if chosen in PARTS:
            e = self.expressions.bounded(scope, chosen, 1)
            k = f"{indices}" if r.random() < 0.5 else f"np.array({indices})"
            ways += [f"{name}[{k}] = {e}", f"{name}[{k}] += {e}", f"np.add.at({name}, {k}, {e})"]
        else:
            ways += [f"{name}[{indices}] = {number}", f"{name}[{indices}] *= {number}"]
        return r.choice(ways)

    def by_function(self, scope: Scope, name: str, shape: Shape) -> str:
        """By a function or a method of NumPy that writes."""
        e = [self.expressions.bounded(scope, shape, 1) for _ in range(2)]
        number = self.expressions.bounded(scope, (), 1)
        return self.random.choice(
            [
                f"np.multiply({e[0]}, {e[1]}, out={name})",
                f"np.add({name}, {e[0]}, out={name})",
                f"np.sin({name}, out={name})",
                f"np.tanh({self.expressions.part(scope, shape)}, out={name})",
                f"np.copyto({name}, {e[0]})",
                f"{name}.fill({number})",
            ]
        )

    def call(self, scope: Scope) -> str:
        """A call of a helper that writes; on parts that may overlap."""
        r = self.random
        name = r.choice(sorted(self.mutators))
        shape = self.mutators[name]

        def part(wanted: Shape) -> str:
            places = [
                f"{n}{p}" for n, s in sorted(scope.values.items()) if s
                for p, of in [("", s), *PARTS[s]] if of == wanted
            ]  # fmt: skip
            return r.choice(places)

        call = f"{name}({part((3,))}, {part((2, 3))}, {self.expressions.bounded(scope, (), 1)})"
        if shape is None or r.random() < 0.15:
            return call
        target = self.target(scope, shape)
        scope.values[target] = shape
        return f"{target} = {call}"

    # Loops.

    def stencil(self, scope: Scope, nesting: int) -> Statement:
        """A loop over time, around a loop over neighbours."""
        r = self.random
        y, z = r.choice(scope.names((3,))), r.choice(scope.names((3,)))
        t, i = (next(n for n in names if n not in scope.values) for names in ("tj", "ik"))
        inner = scope.copy()
        inner.ints.add(t)
        c = self.expressions.bounded(inner, (), 1)
        trips = "n" if "n" in scope.ints and r.random() < 0.5 else str(r.randint(1, 4))
        neighbours = r.choice(
            [
                f"{y}[{i}] = np.sin({z}[{i}] + {c} * {y}[{i} - 1])",
                f"{y}[{i}] += 0.25 * {z}[{i} - 1] * {c}",
                f"{y}[{i} - 1] = 0.5 * {y}[{i}] * {z}[{i} - 1]",
                f"{y}[{i}], {z}[{i} - 1] = {z}[{i}], 0.5 * {y}[{i} - 1]",
            ]
        )
        loop = Compound(((f"for {i} in range({r.choice(['1, 3', '2, 0, -1'])}):", (neighbours,)),))
        whole = r.choice(
            [
                f"{y}[1:-1] += 0.3 * {c} * ({z}[2:] - {z}[:-2])",
                f"{y}[1:] = np.sin({z}[1:] - {y}[:-1])",
                f"{y}[:-1] = 0.5 * ({y}[1:] + {z}[:-1])",
            ]
        )
        body: list[Statement] = [r.choice([loop, whole])]
        if y != z and r.random() < 0.5:
            body.append(f"{y}, {z} = {z}, {y}")
        self.loops += 1
        body += self.body(inner, r.randint(0, 1), nesting + 1)
        self.loops -= 1
        return Compound(((f"for {t} in range({trips}):", tuple(body)),))

    def rows(self, scope: Scope, nesting: int) -> Statement:
        """A loop over the rows of a matrix."""
        r = self.random
        matrix, other = (r.choice(scope.names((2, 3))) for _ in range(2))
        index = next(n for n in ("i", "j", "k1") if n not in scope.values)
        header, bound, ints = r.choice(
            [
                (f"for w3 in {matrix}:", ["w3"], []),
                (f"for {index}, w3 in enumerate({matrix}):", ["w3"], [index]),
                (f"for w3, q in zip({matrix}, {other}):", ["w3", "q"], []),
                (f"for w3 in reversed({matrix}):", ["w3"], []),
                (f"for e in {matrix}.T:", ["e"], []),
            ]
        )
        inner = scope.copy()
        for name in bound:
            inner.values[name] = (2,) if name == "e" else (3,)
            # What another trip finds there is not known.
            scope.values.pop(name, None)
        inner.ints.update(ints)
        self.loops += 1
        body = (
            *self.write(inner, r.choice(bound)),
            *self.body(inner, r.randint(0, 2), nesting + 1),
        )
        self.loops -= 1
        return Compound(((header, body),))

    def several(self, scope: Scope, nesting: int) -> Statement:
        """A loop over a list of arrays, where one may be twice."""
        r = self.random
        shape = r.choice([s for s in ((3,), (2, 3), (2,)) if scope.names(s)])
        names = [r.choice(scope.names(shape)) for _ in range(r.randint(2, 3))]
        name = ARRAY_NAMES[shape][-1]
        inner = scope.copy()
        scope.values.pop(name, None)
        inner.values[name] = shape
        self.loops += 1
        body = (*self.write(inner, name), *self.body(inner, r.randint(0, 1), nesting + 1))
        self.loops -= 1
        return Compound(((f"for {name} in [{', '.join(names)}]:", body),))


assert set(PARTS) == set(NARROWER) == set(BASE) - {()} == set(PAIRS) - {()}
