"""Random expressions of a wanted shape, of moderate size and slope.

What grows is bounded (sin, tanh), what divides stays away from 0 (2 + e²), what is taken a
logarithm or a root of is positive. So every program runs, and its derivative is well conditioned.
"""

from __future__ import annotations

from random import Random

Shape = tuple[int, ...]

# The shapes of array programs, and for each one how to make it from the two array parameters.
BASE: dict[Shape, str] = {
    (): "{v}[0]",
    (3,): "{v}",
    (2, 3): "{m}",
    (2,): "{v}[1:]",
    (1,): "{v}[:1]",
    (3, 2): "{m}.T",
}
# Pairs of shapes that broadcast to a third.
PAIRS: dict[Shape, list[tuple[Shape, Shape]]] = {
    (): [((), ())],
    (1,): [((1,), (1,)), ((1,), ()), ((), (1,))],
    (2,): [((2,), (2,)), ((2,), ()), ((1,), (2,)), ((), (2,))],
    (3,): [((3,), (3,)), ((3,), ()), ((3,), (1,)), ((1,), (3,)), ((), (3,))],
    (2, 3): [((2, 3), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), ()), ((1,), (2, 3))],
    (3, 2): [((3, 2), (3, 2)), ((3, 2), (2,)), ((1,), (3, 2)), ((), (3, 2))],
}


class Scope:
    """The names that are surely bound here: numbers and arrays by shape, and integers.

    Others are containers and functions: what they are, and the shape of what they hold.
    """

    def __init__(self) -> None:
        self.values: dict[str, Shape] = {}
        self.ints: set[str] = set()
        self.others: dict[str, tuple[str, Shape]] = {}

    def copy(self) -> Scope:
        """A scope for a body of its own."""
        new = Scope()
        new.values, new.ints, new.others = dict(self.values), set(self.ints), dict(self.others)
        return new

    def join(self, paths: list[Scope]) -> None:
        """After a branch: what every path through it has bound."""
        first, *rest = paths
        self.values = {
            n: s for n, s in first.values.items() if all(p.values.get(n) == s for p in rest)
        }
        self.ints = first.ints.intersection(*(p.ints for p in rest))
        self.others = {
            n: k for n, k in first.others.items() if all(p.others.get(n) == k for p in rest)
        }

    def names(self, shape: Shape) -> list[str]:
        """The names of values of that shape, in a fixed order."""
        return sorted(n for n, s in self.values.items() if s == shape)


class Expressions:
    """Writes expressions over a scope with a given source of chance."""

    def __init__(self, random: Random) -> None:
        self.random = random
        # Callable user functions: name -> number of float parameters. Those end in an int if deep.
        self.helpers: dict[str, int] = {}
        self.deep: set[str] = set()
        self.pairs: dict[str, int] = {}

    def expression(self, scope: Scope, shape: Shape = (), depth: int = 2) -> str:
        """An expression of that shape; parenthesised where it must be."""
        r = self.random
        if depth <= 0 or r.random() < 0.15:
            return self.leaf(scope, shape)
        kind = r.random()
        if kind < 0.45:
            return self._binary(scope, shape, depth - 1)
        if kind < 0.75:
            return self._function(scope, shape, depth - 1)
        if shape == ():
            return self._number(scope, depth - 1)
        return self._array(scope, shape, depth - 1)

    def bounded(self, scope: Scope, shape: Shape = (), depth: int = 2) -> str:
        """An expression of moderate size: fit to be carried round a loop."""
        e = self.expression(scope, shape, depth)
        lib = "np" if shape else self.random.choice(["math", "math", "math", "np"])
        if lib == "np" and not self.arrays(scope):
            lib = "math"
        return self.random.choice(
            [f"{lib}.sin({e})", f"{lib}.tanh({e})", f"{lib}.cos({e})", f"1.5 * {lib}.sin({e})"]
        )

    def arrays(self, scope: Scope) -> bool:
        """True in an array program."""
        return any(s for s in scope.values.values())

    def leaf(self, scope: Scope, shape: Shape) -> str:
        """A name, a constant, or a part of an array."""
        r = self.random
        names = scope.names(shape)
        if names and r.random() < 0.8:
            return r.choice(names)
        if shape == ():
            if scope.ints and r.random() < 0.3:
                return r.choice(sorted(scope.ints))
            if r.random() < 0.15:
                return str(r.randint(1, 3))
            if not self.arrays(scope) or r.random() < 0.5:
                return str(r.choice([0.5, 0.25, 1.5, 0.1, 2.0, 0.7]))
        return self.part(scope, shape)

    def part(self, scope: Scope, shape: Shape) -> str:
        """That shape, made from what there is."""
        vectors, matrices = scope.names((3,)), scope.names((2, 3))
        template = BASE[shape]
        if shape == ():
            template = self.random.choice(
                [f"{{v}}[{self.random.randint(-3, 2)}]", f"{{m}}[{self.random.randint(-2, 1)}, 1]"]
            )
        return template.format(v=self.random.choice(vectors), m=self.random.choice(matrices))

    def threshold(self) -> float:
        """A number that no simple sum of arguments equals: those have three decimals."""
        return round(self.random.randint(-999, 999) / 1000 + 0.00037, 5)

    def condition(self, scope: Scope) -> str:
        """A question that is not at the point of changing its answer."""
        r = self.random
        threshold = self.threshold()
        e = self.expression(scope, (), 1)
        choices = [
            f"{e} > {threshold}",
            f"{e} < {threshold}",
            f"{threshold} < {e} <= {threshold + 0.75:.5f}",
            f"not {e} > {threshold}",
            f"{e} > {threshold} and {self.leaf(scope, ())} < 0.8113",
            f"{e} < {threshold} or {self.leaf(scope, ())} > 0.4173",
        ]
        if scope.ints:
            i = r.choice(sorted(scope.ints))
            choices += [f"{i} % 2 == {r.randint(0, 1)}", f"{i} > {r.randint(0, 2)}", f"{i} == 1"]
        return r.choice(choices)

    def _binary(self, scope: Scope, shape: Shape, depth: int) -> str:
        r = self.random
        left, right = r.choice(PAIRS[shape])
        a = self.expression(scope, left, depth)
        b = self.expression(scope, right, depth)
        return r.choice(
            [
                f"({a} + {b})",
                f"({a} - {b})",
                f"{_factor(a)} * {_factor(b)}",
                f"{_factor(a)} * {_factor(b)}",
                f"{_factor(a)} / (2.0 + {_factor(b)} * {_factor(b)})",
                f"({a} + {b} * 0.5)",
            ]
        )

    def _function(self, scope: Scope, shape: Shape, depth: int) -> str:
        r = self.random
        e = self.expression(scope, shape, depth)
        lib = "np" if shape or (self.arrays(scope) and r.random() < 0.3) else "math"
        arctan = "arctan" if lib == "np" else "atan"
        p = _factor(e)
        return r.choice(
            [
                f"{lib}.sin({e})",
                f"{lib}.cos({e})",
                f"{lib}.tanh({e})",
                f"{lib}.{arctan}({e})",
                f"{lib}.exp({lib}.sin({e}))",
                f"{lib}.exp(-{p} * {p})",
                f"{lib}.log(1.5 + {p} * {p})",
                f"{lib}.sqrt(1.0 + {p} * {p})",
                f"(-{p})",
                f"{lib}.sin({e}) ** 2",
                f"{lib}.tanh({e}) ** 3",
                f"(1.5 + {p} * {p}) ** -0.5",
                f"abs({e})",
            ]
        )

    def _number(self, scope: Scope, depth: int) -> str:
        r = self.random
        a, b = self.expression(scope, (), depth), self.expression(scope, (), depth)
        choices = [
            f"max({a}, {b})",
            f"min({a}, {b})",
            f"max({a}, 0.0)",
            f"({a} if {self.condition(scope)} else {b})",
            f"(1.5 + math.sin({a})) ** math.tanh({b})",
            f"math.atan2({a}, 1.5 + abs({b}))",
            f"math.hypot({a}, 1.0)",
            f"float({a})",
        ]
        for name in sorted(self.helpers):
            args = [self.expression(scope, (), depth - 1) for _ in range(self.helpers[name])]
            if name in self.deep:
                args.append(str(r.randint(0, 3)))
            choices += [f"{name}({', '.join(args)})"] * 2
        if self.arrays(scope):
            v, w = (self.expression(scope, (3,), depth) for _ in range(2))
            m = self.expression(scope, (2, 3), depth)
            choices += [
                f"np.sum({v})",
                f"np.mean({m})",
                f"({_factor(v)} @ {_factor(w)})",
                f"np.dot({v}, {w})",
                f"{_factor(v)}[{r.randint(-3, 2)}]",
                f"{_factor(m)}[{r.randint(-2, 1)}, {r.randint(-3, 2)}]",
                f"np.sum({self.expression(scope, (2,), depth)})",
            ]
        return r.choice(choices)

    def _array(self, scope: Scope, shape: Shape, depth: int) -> str:
        r = self.random

        def e(s: Shape) -> str:
            return self.expression(scope, s, depth)

        def p(s: Shape) -> str:
            return _factor(e(s))

        choices = [
            f"np.where({e(shape)} > {self.threshold()}, {e(shape)}, {e(shape)})",
            f"np.maximum({e(shape)}, {e(())})",
            f"np.minimum({e(shape)}, {e(shape)})",
            f"np.clip({e(shape)}, -0.6137, 0.7273)",
            f"{p(shape)}[::-1]",
        ]
        choices += {
            (1,): [f"np.array([{e(())}])", f"{p((3,))}[1:2]", f"{p((2,))}[:1]"],
            (2,): [
                f"({p((2, 3))} @ {p((3,))})",
                f"np.sum({e((2, 3))}, axis=1)",
                f"{p((3,))}[::2]",
                f"{p((3,))}[:-1]",
                f"{p((2, 3))}[:, {r.randint(-3, 2)}]",
                f"np.array([{e(())}, {e(())}])",
            ],
            (3,): [
                f"({p((2,))} @ {p((2, 3))})",
                f"np.mean({e((2, 3))}, axis=0)",
                f"np.concatenate([{e((2,))}, {e((1,))}])",
                f"np.array([{e(())}, {e(())}, {e(())}])",
                f"{p((2, 3))}[{r.randint(-2, 1)}]",
                f"np.dot({e((3, 2))}, {e((2,))})",
            ],
            (2, 3): [
                f"{p((3, 2))}.T",
                f"({p((2, 3))} @ ({p((3, 2))} @ {p((2, 3))}))",
                f"({p((2,))}[:, None] * {e((3,))})",
                f"np.concatenate([{p((2, 3))}[:1], {p((2, 3))}[1:]])",
            ],
            (3, 2): [f"{p((2, 3))}.T", f"({p((3,))}[:, None] * {e((2,))})"],
        }[shape]
        return r.choice(choices)


def _factor(e: str) -> str:
    """The expression, fit to be an operand or to be indexed."""
    return e if e.isidentifier() or _closed(e) else f"({e})"


def _closed(e: str) -> bool:
    """True if one pair of parentheses encloses it all."""
    if not (e.startswith("(") and e.endswith(")")):
        return False
    depth = 0
    for k, c in enumerate(e):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return k == len(e) - 1
    return False
