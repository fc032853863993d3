"""Random programs: statements around the random expressions."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np

from tests.fuzz.expressions import Expressions, Scope, Shape
from tests.fuzz.tree import Body, Case, Compound, Statement

# Names of users, some of which a generator of names may have wanted for itself.
NAMES = ["a", "b", "c", "s", "t", "u", "y", "z", "w1", "w2", "y_tape", "stop", "s_bar", "ẏ", "z̄"]
ARRAY_NAMES: dict[Shape, list[str]] = {
    (3,): ["p", "q", "w3"],
    (2, 3): ["g", "h"],
    (2,): ["d", "e"],
    (1,): ["o"],
    (3, 2): ["k"],
}


def case(seed: int, number: int) -> Case:
    """The program of that number."""
    random = Random(f"{seed}:{number}")
    return Writer(random, arrays=random.random() < 0.3).case(f"f{number}")


class Writer:
    """Writes one case."""

    def __init__(self, random: Random, arrays: bool) -> None:
        self.random = random
        self.arrays = arrays
        self.expressions = Expressions(random)
        self.loops = 0  # how many loops are open
        self.fresh = 0
        self.returns: Callable[[Scope], str] | None = None

    def case(self, name: str) -> Case:
        """Helpers, then the program, then two points."""
        r = self.random
        functions = []
        if not self.arrays or r.random() < 0.3:
            for k in range(r.choice([0, 0, 1, 1, 2])):
                functions.append(r.choice([self.helper, self.helper, self.pair, self.deep])(k))
        scope = Scope()
        floats = ["x", "y", "z"][: r.randint(1, 3)]
        parameters = list(floats)
        scope.values = dict.fromkeys(floats, ())
        if self.arrays:
            scope.values |= {"v": (3,), "m": (2, 3)}
            parameters += ["v", "m"]
        if r.random() < 0.6:
            scope.ints.add("n")
            parameters.append("n")
        body = self.function_body(scope, r.randint(2, 7), self.result)
        functions.append((f"def {name}({', '.join(parameters)}):", body))
        points = tuple(tuple(self.argument(p) for p in parameters) for _ in range(2))
        return Case(name, tuple(functions), points)

    def argument(self, parameter: str) -> Any:
        """A value for a parameter."""
        r = self.random
        if parameter == "n":
            return r.randint(0, 4)
        shape = {"v": (3,), "m": (2, 3)}.get(parameter, ())
        values = np.array([round(r.uniform(-1.5, 1.5), 3) for _ in range(int(np.prod(shape)))])
        return values.reshape(shape) if shape else float(values[0])

    def result(self, scope: Scope) -> str:
        """What the program returns: a number."""
        return self.expressions.expression(scope, (), 2)

    # Functions.

    def function_body(self, scope: Scope, size: int, returns: Callable[[Scope], str]) -> Body:
        """Statements, and a last return."""
        self.returns = returns
        body = self.body(scope, size, nesting=0)
        return (*body, f"return {returns(scope)}")

    def helper(self, k: int) -> tuple[str, Body]:
        """A function of one to three numbers."""
        parameters = ["x", "s", "t"][: self.random.randint(1, 3)]
        scope = Scope()
        scope.values = dict.fromkeys(parameters, ())
        body = self.function_body(
            scope, self.random.randint(1, 4), lambda s: self.expressions.bounded(s, (), 2)
        )
        self.expressions.helpers[f"helper{k}"] = len(parameters)
        return f"def helper{k}({', '.join(parameters)}):", body

    def pair(self, k: int) -> tuple[str, Body]:
        """A function of two numbers that returns two."""
        scope = Scope()
        scope.values = {"x": (), "y": ()}
        bounded = self.expressions.bounded
        body = self.function_body(
            scope, self.random.randint(1, 3), lambda s: f"{bounded(s)}, {bounded(s)}"
        )
        self.expressions.pairs[f"pair{k}"] = 2
        return f"def pair{k}(x, y):", body

    def deep(self, k: int) -> tuple[str, Body]:
        """A recursive function; its last parameter is the depth."""
        name, r, bounded = f"deep{k}", self.random, self.expressions.bounded
        scope = Scope()
        scope.values = {"x": (), "u": ()}
        scope.ints = {"depth"}
        self.returns = lambda s: bounded(s, (), 1)
        before = self.body(scope, r.randint(0, 2), nesting=2, jumps=False)
        end = Compound((("if depth <= 0:", (f"return {bounded(scope)}",)),))
        call = f"{name}({bounded(scope, (), 1)}, {bounded(scope, (), 1)}, depth - 1)"
        scope.values["b"] = ()
        again = f"{name}(b, x, depth - 2)" if r.random() < 0.4 else "b"
        last = f"return math.sin({again} * {bounded(scope, (), 1)} + b)"
        self.expressions.helpers[name] = 2
        self.expressions.deep.add(name)
        return f"def {name}(x, u, depth):", (*before, end, f"b = {call}", last)

    # Statements.

    def body(self, scope: Scope, size: int, nesting: int, jumps: bool = True) -> Body:
        """So many statements."""
        statements: list[Statement] = []
        for _ in range(size):
            statements += self.statement(scope, nesting, jumps)
        return tuple(statements)

    def statement(self, scope: Scope, nesting: int, jumps: bool) -> list[Statement]:
        """One statement, with what must stand before it."""
        r = self.random
        choice = r.random()
        if nesting < 3 and choice < 0.14:
            return self.branch(scope, nesting)
        if nesting < 3 and self.loops < 2 and choice < 0.27:
            return self.for_loop(scope, nesting)
        if nesting < 3 and self.loops < 2 and choice < 0.34:
            return self.while_loop(scope, nesting)
        if jumps and choice < 0.42:
            return self.jump(scope)
        return [self.assignment(scope)]

    def target(self, scope: Scope, shape: Shape = ()) -> str:
        """A name to assign: new, or one that has this shape already."""
        r = self.random
        pool = [n for n in (ARRAY_NAMES[shape] if shape else NAMES) if n not in scope.ints]
        known = scope.names(shape)
        return r.choice(known) if known and r.random() < 0.6 else r.choice(pool)

    def assignment(self, scope: Scope) -> Statement:
        """An assignment of any form."""
        r, write = self.random, self.expressions
        shape: Shape = ()
        if self.expressions.arrays(scope) and r.random() < 0.5:
            shape = r.choice(sorted(ARRAY_NAMES))
        known = scope.names(shape)
        kind = r.random()
        if kind < 0.2 and shape == ():
            return self.augmented(scope, r.choice(known))
        if kind < 0.3 and len(known) > 1:
            a, b = r.sample(known, 2)
            return f"{a}, {b} = {b}, {a}"
        if kind < 0.38 and len(known) > 1:
            a, b = r.sample(known, 2)
            return f"{a}, {b} = {self.carried(scope, shape)}, {self.carried(scope, shape)}"
        if kind < 0.46 and write.pairs and shape == ():
            call = f"{r.choice(sorted(write.pairs))}({write.bounded(scope)}, {r.choice(known)})"
            a, b = self.target(scope), self.target(scope)
            scope.values[a] = scope.values[b] = ()
            return f"{a}, {b} = {call}"
        if kind < 0.5 and scope.ints - {"depth"} and not self.loops:
            i = r.choice(sorted(scope.ints - {"depth"}))
            return f"{i} = ({i} * 3 + {r.randint(0, 4)}) % 5"
        if kind < 0.55 and shape == ():
            a, b = self.target(scope), self.target(scope)
            e = self.carried(scope, ())
            scope.values[a] = scope.values[b] = ()
            return f"{a} = {b} = {e}"
        e = self.carried(scope, shape)
        if kind < 0.62 and known:
            e = r.choice(known)  # an alias
        a = self.target(scope, shape)
        scope.values[a] = shape
        return f"{a} = {e}"

    def carried(self, scope: Scope, shape: Shape) -> str:
        """A right-hand side: bounded inside loops."""
        if self.loops or self.random.random() < 0.5:
            return self.expressions.bounded(scope, shape)
        return self.expressions.expression(scope, shape)

    def augmented(self, scope: Scope, name: str) -> str:
        """An augmented assignment that does not grow without end."""
        e = self.expressions.bounded(scope, (), 2)
        return self.random.choice(
            [f"{name} += {e}", f"{name} -= {e}", f"{name} *= {e}", f"{name} /= 2.5 + {e}"]
        )

    def branch(self, scope: Scope, nesting: int) -> list[Statement]:
        """An if, perhaps with elif and else, perhaps binding a name in its condition."""
        r = self.random
        clauses: list[tuple[str, Body]] = []
        paths = []
        condition = self.expressions.condition(scope)
        if r.random() < 0.12:
            name = self.target(scope)
            condition = f"({name} := {self.expressions.bounded(scope)}) > 0.2117"
            scope.values[name] = ()
        headers = [f"if {condition}:"]
        if r.random() < 0.25:
            headers.append(f"elif {self.expressions.condition(scope)}:")
        if r.random() < 0.6:
            headers.append("else:")
        for header in headers:
            inner = scope.copy()
            body = self.body(inner, r.randint(1, 3), nesting + 1)
            clauses.append((header, body))
            paths.append(inner)
        if headers[-1] != "else:":
            paths.append(scope.copy())
        scope.join(paths)
        return [Compound(tuple(clauses))]

    def for_loop(self, scope: Scope, nesting: int) -> list[Statement]:
        """A for over a range: counted, stepped, backwards, or of no trip at all."""
        r = self.random
        index = r.choice([n for n in ("i", "j", "k1") if n not in scope.values])
        surely = ["3", "2", "1, 4", "4, 0, -1", "0, 5, 2", "2, -1, -1"]
        ranges = [*surely, "0"]
        if scope.ints:
            i = r.choice(sorted(scope.ints))
            ranges += [i, f"{i} - 1, -1, -1", f"1, {i} + 2", f"{i} // 2"]
        bounds = r.choice(ranges)
        body = self.loop_body(scope, nesting, index)
        loop = [(f"for {index} in range({bounds}):", body), *self.loop_else(scope, nesting)]
        if bounds in surely:
            scope.ints.add(index)  # the last index is there afterwards
        return [Compound(tuple(loop))]

    def while_loop(self, scope: Scope, nesting: int) -> list[Statement]:
        """A while with a condition of its own and a bounded number of trips."""
        r = self.random
        self.fresh += 1
        count = f"count{self.fresh}"
        question = f"{count} < {r.randint(1, 4)}"
        if r.random() < 0.7:
            question += f" and {self.expressions.condition(scope)}".replace(" or ", " and ")
        header = f"while {question}:"
        if r.random() < 0.15:
            header = "while True:"
        body = self.loop_body(scope, nesting, count)
        first: list[Statement] = [f"{count} += 1"]
        if header == "while True:":
            first.append(Compound(((f"if {count} > {r.randint(1, 3)}:", ("break",)),)))
        loop = [(header, (*first, *body))]
        if header != "while True:":
            loop += self.loop_else(scope, nesting)
        scope.ints.add(count)
        return [f"{count} = 0", Compound(tuple(loop))]

    def loop_body(self, scope: Scope, nesting: int, index: str) -> Body:
        """Statements that run many times; what they bind is not sure to be bound afterwards."""
        inner = scope.copy()
        inner.ints.add(index)
        self.loops += 1
        body = self.body(inner, self.random.randint(1, 4), nesting + 1)
        self.loops -= 1
        return body

    def loop_else(self, scope: Scope, nesting: int) -> list[tuple[str, Body]]:
        """Sometimes an else, run unless the loop is left by a break."""
        if self.random.random() > 0.15:
            return []
        return [("else:", self.body(scope.copy(), 1, nesting + 1))]

    def jump(self, scope: Scope) -> list[Statement]:
        """A conditional break, continue or return, perhaps after a statement."""
        r = self.random
        condition = self.expressions.condition(scope)
        inner = scope.copy()
        before = [self.assignment(inner)] if r.random() < 0.5 else []
        jumps = ["break", "continue"] * bool(self.loops)
        if self.returns is not None and (not jumps or r.random() < 0.3):
            jumps = [f"return {self.returns(inner)}"]
        clauses: list[tuple[str, Body]] = [(f"if {condition}:", (*before, r.choice(jumps)))]
        return [Compound(tuple(clauses))]
