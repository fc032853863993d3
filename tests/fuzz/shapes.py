"""Random programs that reshape, join, repeat, border and gather arrays, in loops and branches.

Each statement is tried on numbers before it is taken, so that shapes fit; the numbers of a program
are kept bounded.  A branch may give a variable another shape, and a loop carries it along.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.fuzz.tree import Body, Case, Compound, Statement
from tests.oracle import copied

# Expressions in arrays {a} and {b}, and in the ints n and k.
ONE = (
    "{a}.reshape(-1)", "{a}.reshape(n, -1)", "{a}.ravel()", "{a}.T", "np.expand_dims({a}, 0)",
    "{a}[None]", "{a}[..., None]", "np.squeeze({a}, 0)", "np.sin({a})", "{a} * {a}", "{a}[1:]",
    "{a}[:-1]", "{a}[::2]", "{a}[n:]", "{a}[:n]", "{a}[::-1]", "{a}[0]", "{a}[-1]", "{a}[..., 0]",
    "{a}[..., 1:]", "{a}[[0, -1, 0]]", "{a}[{a} > 0.3]", "{a}[np.arange(n)]", "{a}[..., [0, 0]]",
    "np.repeat({a}, 2)", "np.repeat({a}, n, axis=0)", "np.tile({a}, 2)", "np.tile({a}, (n, 1))",
    "np.roll({a}, n)", "np.roll({a}, -1, axis=0)", "np.flip({a})", "np.flip({a}, 0)",
    "np.pad({a}, 1)", "np.pad({a}, n, mode='edge')", "np.pad({a}, 1, mode='wrap')",
    "np.pad({a}, (1, n), mode='linear_ramp')", "np.diff({a})", "np.diff({a}, axis=0)",
    "np.diff({a}, append=1.0)", "np.broadcast_to({a}, (2,) + {a}.shape)",
    "np.take({a}, [0, -1, 0], axis=0)", "np.take({a}, n, axis=-1)", "np.diag({a})",
    "np.diagonal({a})", "np.sum({a}, axis=0)", "np.sum({a}, axis=-1, keepdims=True)",
    "np.zeros(n) + {a}", "np.ones({a}.shape) * {a}", "np.full({a}.shape, np.sum({a}))",
    "np.full((n, 2), {a}[0])", "np.rot90({a})", "np.swapaxes({a}, 0, -1)",
    "np.moveaxis({a}, 0, -1)", "np.split({a}, 2)[1]", "np.split({a}, [1])[0]",
    "np.array_split({a}, 3)[0]", "np.delete({a}, 0, axis=0)", "np.insert({a}.ravel(), 1, 0.5)",
    "np.resize({a}, 5)", "np.cumsum({a})", "np.atleast_2d({a})", "np.atleast_3d({a})",
    "{a}.copy()", "np.linspace(0.5, {a}, 3)", "np.bincount([0, 2, 0], {a})", "np.tril({a})",
)  # fmt: skip
TWO = (
    "{a} + {b}", "{a} * {b}", "{a} - {b} * 0.5", "{a} / (2.0 + {b} * {b})", "{a} @ {b}",
    "np.concatenate([{a}, {b}])", "np.concatenate([{a}, {b}], axis=-1)", "np.stack([{a}, {b}])",
    "np.stack([{a}, {b}], axis=-1)", "np.vstack([{a}, {b}])", "np.hstack([{a}, {b}, {a}])",
    "np.append({a}, {b})", "np.r_[{a}, {b}]", "np.column_stack([{a}, {b}])",
    "np.block([[{a}, {b}]])", "np.dstack([{a}, {b}])", "np.broadcast_to({a}, {b}.shape)",
    "np.broadcast_arrays({a}, {b})[1]", "np.where({a} > {b}, {a}, {b} * 2.0)",
    "np.maximum({a}, {b})", "np.outer({a}, {b})", "np.convolve({a}, {b})",
    "np.correlate({a}, {b}, 'same')", "np.meshgrid({a}.ravel(), {b}.ravel())[0]",
    "np.linspace({a}, {b}, 3)", "np.choose(np.arange({a}.size) % 2, [{a}, {b}])",
    "{a}[{b}[0] > 0.5, None]", "{a}[np.arange(n), ..., 0] * {b}", "{a}[..., :1] * {b}[:1]",
    "np.select([{a} > 0.5], [{b}], {a})", "np.kron({a}, {b})",
)  # fmt: skip
SHAPES = ((3,), (4,), (1,), (2, 3), (1, 3), (3, 1), (2, 2), (1, 1), (2, 1, 3))
NAMES = ("p", "q", "s", "t", "u")
Values = dict[str, Any]


def shape_case(seed: int, number: int) -> Case:
    """The program of that number among those that change shapes."""
    return ShapeWriter(Random(f"shapes:{seed}:{number}")).case(f"f{number}")


class ShapeWriter:
    """Writes one case, with the values that its variables have at each of its points."""

    expressions = ONE + TWO

    def __init__(self, random: Random) -> None:
        self.random = random
        numbers = np.random.default_rng(random.randrange(2**32))
        x, y = self.argument(numbers), self.argument(numbers)
        self.states: list[Values] = [{"np": np, "x": x, "y": y, "n": n} for n in (1, 2)]
        self.names = ["x", "y"]

    def argument(self, numbers: np.random.Generator) -> Any:
        """An array of one of the shapes."""
        return numbers.uniform(0.2, 1.0, self.random.choice(SHAPES))

    def case(self, name: str) -> Case:
        """The function, of two arrays and an int, and two points."""
        points = tuple((*copied((s["x"], s["y"])), s["n"]) for s in self.states)
        body: list[Statement] = []
        for _ in range(self.random.randint(3, 7)):
            body += self.statement()
        terms = [f"np.sum(np.tanh({name}) * {k + 0.5})" for k, name in enumerate(self.names)]
        body.append(f"return {' + '.join(terms)}")
        return Case(name, ((f"def {name}(x, y, n):", tuple(body)),), points)

    def statement(self) -> list[Statement]:
        """An assignment, a branch or a loop; none where nothing fits."""
        kind = self.random.random()
        if kind < 0.75:
            return list(self.assignment())
        return self.branch() if kind < 0.88 else self.loop()

    def assignment(self, target: str = "") -> Body:
        """A statement that runs at all points."""
        for _ in range(40):
            a, b = self.random.choice(self.names), self.random.choice(self.names)
            text = self.random.choice(self.expressions).format(a=a, b=b)
            values = [self.value(text, state) for state in self.states]
            if all(value is not None for value in values):
                name = target or self.random.choice(NAMES)
                for state, value in zip(self.states, values, strict=True):
                    state[name] = value
                if name not in self.names:
                    self.names.append(name)
                return (f"{name} = {text}",)
        return ()

    def value(self, text: str, state: Values) -> Any:
        """What an expression gives, if that is an array of a fair size."""
        try:
            value = eval(text, dict(state))
        except (ValueError, IndexError, TypeError, np.exceptions.AxisError):
            return None
        if not isinstance(value, np.ndarray) or not 0 < value.size <= 60 or not 0 < value.ndim <= 3:
            return None
        return value if np.max(np.abs(value)) < 1e3 else None

    def branch(self) -> list[Statement]:
        """Each point takes another way, and both give one variable."""
        target = self.random.choice(NAMES)
        before = [dict(state) for state in self.states]
        known = list(self.names)
        first = self.assignment(target)
        after_first = self.states
        self.states, self.names = [dict(state) for state in before], known
        other = self.assignment(target)
        if not first or not other:
            self.states, self.names = before, known
            return []
        self.states = [after_first[0], self.states[1]]
        return [Compound((("if n == 1:", first), ("else:", other)))]

    def loop(self) -> list[Statement]:
        """Some statements, twice over."""
        before, known = [dict(state) for state in self.states], list(self.names)
        for state in self.states:
            state["k"] = 0
        body = (*self.assignment(), *self.assignment())
        if not body or not all(self.again(body, state) for state in self.states):
            self.states, self.names = before, known
            return []
        return [Compound((("for k in range(2):", body),))]

    def again(self, body: Body, state: Values) -> bool:
        """Run a loop's second trip; whether it runs."""
        for text in body:
            assert isinstance(text, str)
            name, _, expression = text.partition(" = ")
            value = self.value(expression, state)
            if value is None:
                return False
            state[name] = value
        return True
