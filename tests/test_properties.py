"""Random trees: tidying keeps every value, and what is printed reads back as the same tree."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import gast
import pytest

from srcad.emit import emit, text
from srcad.simplify.algebra import FAST, NOTES, Style, tidy
from srcad.tree import constant, key_of, load, names_in, parse, store

NAMES = ("a", "b", "c", "x̄")
SEEDS = range(40)
Draw = random.Random


# -- tidy ------------------------------------------------------------------------------------------


def sum_of_products(draw: Draw, depth: int) -> str:
    """An expression such as derivatives are made of."""
    if depth == 0 or draw.random() < 0.15:
        return draw.choice([*NAMES, *NAMES, "0", "1", "2", "3.0", "0.5", "-1", "0.0"])
    left, right = (sum_of_products(draw, depth - 1) for _ in range(2))
    form = draw.choice(
        ["({l} + {r})", "({l} - {r})", "{l} * {r}", "({l}) / ({r})", "-({l})", "+({l})",
         "({l}) ** 2", "({l}) ** -1", "({l}) ** 0", "({l}) ** (3 - 1)", "({l}) * ({l})",
         "({l} - {l})", "({l}) * ({r}) + ({r}) * ({l})", "({l}) / (2 * ({r}))"]
    )  # fmt: skip
    return form.format(l=f"({left})", r=f"({right})")


def value_of(node: Any, values: dict[str, Fraction]) -> Fraction:
    """The exact value of an expression."""
    if isinstance(node, gast.Name):
        return values[node.id]
    if isinstance(node, gast.Constant):
        return Fraction(node.value)
    if isinstance(node, gast.UnaryOp):
        inner = value_of(node.operand, values)
        return -inner if isinstance(node.op, gast.USub) else inner
    left, right = value_of(node.left, values), value_of(node.right, values)
    operations: dict[str, Callable[[Fraction, Fraction], Any]] = {
        "Add": lambda a, b: a + b,
        "Sub": lambda a, b: a - b,
        "Mult": lambda a, b: a * b,
        "Div": lambda a, b: a / b,
        "Pow": lambda a, b: a ** int(b),
    }
    return Fraction(operations[type(node.op).__name__](left, right))


@pytest.mark.parametrize("style", [FAST, NOTES], ids=["fast", "notes"])
@pytest.mark.parametrize("seed", SEEDS)
def test_tidy_keeps_values(seed: int, style: Style) -> None:
    draw = random.Random(seed)
    for _ in range(25):
        expression = parse(sum_of_products(draw, draw.randint(1, 4)))
        neat = tidy(expression, style)
        assert names_in(neat) <= names_in(expression)
        for _ in range(3):
            point = {n: Fraction(draw.randint(-9, 9), draw.randint(1, 7)) for n in NAMES}
            try:
                want = value_of(expression, point)
            except ZeroDivisionError:
                continue
            assert value_of(neat, point) == want, f"{text(expression)} -> {text(neat)}"


@pytest.mark.parametrize("seed", SEEDS)
def test_tidy_is_settled(seed: int) -> None:
    """What was tidied once reads the same when it is tidied again."""
    draw = random.Random(seed)
    for _ in range(25):
        once = tidy(parse(sum_of_products(draw, draw.randint(1, 3))))
        twice = tidy(once)
        assert len(text(twice)) <= len(text(once)), (text(once), text(twice))


@pytest.mark.parametrize("seed", SEEDS)
def test_tidy_changes_nothing_in_place(seed: int) -> None:
    expression = parse(sum_of_products(random.Random(seed), 4))
    before = key_of(expression)
    tidy(expression)
    assert key_of(expression) == before


# -- emit ------------------------------------------------------------------------------------------

BINARY = [gast.Add, gast.Sub, gast.Mult, gast.Div, gast.FloorDiv, gast.Mod, gast.Pow, gast.MatMult,
          gast.LShift, gast.RShift, gast.BitAnd, gast.BitOr, gast.BitXor]  # fmt: skip
UNARY = [gast.USub, gast.UAdd, gast.Not, gast.Invert]
COMPARE = [gast.Lt, gast.LtE, gast.Gt, gast.GtE, gast.Eq, gast.NotEq, gast.Is, gast.IsNot, gast.In,
           gast.NotIn]  # fmt: skip
CONSTANTS = [0, 7, 2.5, 1e-320, 1e300, 0.1, True, False, None, "it's", 'a "b"\n', "ẇ", b"\x00", ...]


def expression(draw: Draw, depth: int) -> Any:
    """Any expression of the accepted language and of generated code."""
    if depth == 0:
        if draw.random() < 0.5:
            return load(draw.choice(NAMES))
        value = draw.choice([*CONSTANTS, -3, -0.5])
        return constant(value)

    def inner() -> Any:
        return expression(draw, draw.randint(0, depth - 1))

    def some(least: int, most: int) -> list[Any]:
        return [inner() for _ in range(draw.randint(least, most))]

    kind = draw.randrange(12)
    if kind < 3:
        return gast.BinOp(inner(), draw.choice(BINARY)(), inner())
    if kind == 3:
        return negated(draw.choice(UNARY)(), inner())
    if kind == 4:
        operators = [draw.choice(COMPARE)() for _ in range(draw.randint(1, 2))]
        return gast.Compare(inner(), operators, [inner() for _ in operators])
    if kind == 5:
        return gast.BoolOp(draw.choice([gast.And, gast.Or])(), some(2, 3))
    if kind == 6:
        return gast.IfExp(inner(), inner(), inner())
    if kind == 7:
        keywords = [gast.keyword(k, inner()) for k in ("axis", "keepdims")[: draw.randint(0, 2)]]
        function = gast.Attribute(load("np"), "sum", gast.Load())
        return gast.Call(function, some(0, 3), keywords)
    if kind == 8:
        return gast.Attribute(based(inner()), "T", gast.Load())
    if kind == 9:
        return gast.Subscript(based(inner()), index(draw, inner), gast.Load())
    if kind == 10:
        return gast.Tuple(some(0, 3), gast.Load())
    return gast.List(some(0, 3), gast.Load())


def negated(operator: Any, operand: Any) -> Any:
    return gast.UnaryOp(operator, operand)


def based(node: Any) -> Any:
    """``1.T`` cannot be written: a number is no base."""
    return load("a") if isinstance(node, gast.Constant) else node


def untupled(node: Any) -> Any:
    return load("b") if isinstance(node, gast.Tuple) else node


def index(draw: Draw, inner: Callable[[], Any]) -> Any:
    if draw.random() < 0.5:
        return inner()
    # A bound of a slice is a number.
    parts = [
        gast.Slice(*(untupled(inner()) if draw.random() < 0.5 else None for _ in range(3)))
        for _ in range(draw.randint(1, 2))
    ]
    parts += [inner() for _ in range(draw.randint(0, 1))]
    return parts[0] if len(parts) == 1 else gast.Tuple(parts, gast.Load())


def statement(draw: Draw, depth: int, in_loop: bool = False) -> Any:
    """Any statement of generated code."""

    def some() -> Any:
        return expression(draw, 2)

    def condition() -> Any:
        return gast.Compare(some(), [gast.Lt()], [some()])

    def body(loop: bool = in_loop) -> list[Any]:
        return [statement(draw, depth - 1, loop) for _ in range(draw.randint(1, 3))]

    def maybe() -> list[Any]:
        return body() if draw.random() < 0.5 else []

    kind = draw.randrange(8 if depth else 5)
    if kind == 0:
        pair = gast.Tuple([store("a"), store("b")], gast.Store())
        return gast.Assign([draw.choice([store("c"), pair])], some(), None)
    if kind == 1:
        return gast.AugAssign(store("x̄"), draw.choice([gast.Add, gast.Mult, gast.Pow])(), some())
    if kind == 2:
        target = gast.Subscript(load("a"), some(), gast.Store())
        return gast.Assign([target], some(), None)
    if kind == 3:
        return draw.choice([gast.Break, gast.Continue])() if in_loop else gast.Pass()
    if kind == 4:
        return gast.Expr(gast.Call(gast.Attribute(load("b"), "append", gast.Load()), [some()], []))
    if kind == 5:
        return gast.If(condition(), body(), maybe())
    if kind == 6:
        return gast.While(condition(), body(True), [])
    return gast.For(store("c"), some(), body(True), [], None)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_printed_expression_reads_back(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(40):
        tree = expression(draw, draw.randint(0, 4))
        printed = text(tree)
        assert "\n" not in printed
        read = gast.parse(f"({printed})", mode="eval").body
        assert key_of(read) == key_of(tree), printed


@pytest.mark.parametrize("seed", SEEDS)
def test_a_printed_function_reads_back(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(8):
        body = [statement(draw, 3) for _ in range(draw.randint(1, 5))]
        body.append(gast.Return(expression(draw, 2)))
        arguments = gast.arguments(
            [gast.Name(n, gast.Param(), None, None) for n in NAMES], [], None, [], [], None, []
        )
        tree = gast.FunctionDef("f", arguments, body, [], None, None, [])
        printed = emit([tree])
        assert key_of(gast.parse(printed).body) == key_of([tree]), printed


@pytest.mark.parametrize(
    "written", ["-1.0 ** 2", "(-1.0) ** 2", "-(1.0 ** 2)", "2 ** -x", "(a - b) - c", "a - (b - c)",
                "a ** b ** c", "(a ** b) ** c", "a / (b * c)", "a / b * c", "not (a and b) or c",
                "(a if b else c) if x else y", "a if b else c if x else y", "(a,)", "()",
                "a[(b, c)]", "a[b:c, ::2]", "a[:, None]", "-(-a)", "- -a", "(a < b) < c",
                "a < b < c", "(yes := a)", "a @ b @ c", "f(*a, **b)", "'a' 'b'", "1e400",
                "(1).real"]
)  # fmt: skip
def test_precedence(written: str) -> None:
    tree = gast.parse(f"({written})", mode="eval").body
    assert key_of(gast.parse(f"({text(tree)})", mode="eval").body) == key_of(tree)
