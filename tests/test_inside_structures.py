"""Derivatives inside a function with respect to dicts, tuples and objects.

Each program stands beside one without an inner derivative that computes the same.
"""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import srcad
from srcad import grad, jvp, value_and_grad, vjp
from tests.agreement import MODES
from tests.oracle import directional

Pair = namedtuple("Pair", "a b")


@dataclass
class Line:
    a: float
    b: float
    n: int = 2
    name: str = "line"

    def at(self, x: Any) -> Any:
        return (self.a * x + self.b) ** self.n


def of_dict(p: Any, x: Any) -> Any:
    return (p["a"] * x + p["b"]) ** 2


def of_pair(p: Any, x: Any) -> Any:
    return (p[0] * x + p[1]) ** 2


def of_line(p: Any, x: Any) -> Any:
    return p.at(x)


DICT_SLOPE = grad(of_dict)


# With p = a, b: the slopes are 2 (a x + b) x and 2 (a x + b).


def a_dict(x: Any) -> Any:
    g = grad(of_dict)({"a": x, "b": 2.0}, x)
    return g["a"] * g["b"]


def a_pair(x: Any) -> Any:
    g = grad(of_pair)((x, 2.0), x)
    return g[0] * g[1]


def a_list(x: Any) -> Any:
    g = grad(of_pair)([x, 2.0], x)
    return g[0] * g[1]


def a_named_tuple(x: Any) -> Any:
    g = grad(of_pair, mode="forward")(Pair(x, 2.0), x)
    return g.a * g.b


def a_dataclass(x: Any) -> Any:
    g = grad(of_line)(Line(x, 2.0), x)
    return g.a * g.b if g.name is None and g.n is None else x


def made_before(x: Any) -> Any:
    g = DICT_SLOPE({"a": x, "b": 2.0}, x)
    return g["a"] * g["b"]


def of_a_lambda(x: Any) -> Any:
    p = {"a": x, "b": 2.0}
    g = grad(lambda q: of_dict(q, x))(p)
    return g["a"] * g["b"]


def with_its_value(x: Any) -> Any:
    v, g = value_and_grad(of_dict)({"a": x, "b": 2.0}, x)
    return g["a"] * g["b"] + v - of_dict({"a": x, "b": 2.0}, x)


def two_arguments(x: Any) -> Any:
    g, s = grad(of_dict, wrt=(0, "x"))({"a": x, "b": 2.0}, x)
    return g["a"] * s / x


def nested(x: Any) -> Any:
    p = {"in": [x, {"b": 2.0}], "name": "p"}
    g = grad(lambda q: of_pair((q["in"][0], q["in"][1]["b"]), x))(p)
    return g["in"][0] * g["in"][1]["b"]


def captured(x: Any) -> Any:
    p = {"a": x, "b": 2.0}
    return grad(lambda y: of_dict({"a": y, "b": p["b"]}, p["a"]))(x) * grad(
        lambda y: of_dict({"a": p["a"], "b": y}, x)
    )(2.0)


def along(x: Any) -> Any:
    p = {"a": x, "b": 2.0}
    slopes = [
        jvp(of_dict, (p, x), (v, 0.0))[1] for v in ({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 1.0})
    ]
    return slopes[0] * slopes[1]


def pulled_back(x: Any) -> Any:
    value, pullback = vjp(lambda q: of_dict(q, x), {"a": x, "b": 2.0})
    return pullback(1.0)[0]["a"] * pullback(2.0)[0]["b"] / 2.0


def expected(x: Any) -> Any:
    u = x * x + 2.0
    return 4.0 * u * u * x


def curvature(x: Any) -> Any:
    p = {"a": x, "b": x * x}
    value, along_it = jvp(grad(lambda q: q["a"] ** 3 * q["b"]), (p,), ({"a": 1.0, "b": 2.0},))
    return along_it["a"] * along_it["b"] + value["b"]


def expected_curvature(x: Any) -> Any:
    # H = [[6 a b, 3 a²], [3 a², 0]] with a = x, b = x²
    return (6.0 * x**3 + 6.0 * x**2) * 3.0 * x**2 + x**3


def steps(x: Any, n: int) -> Any:
    p = {"a": x, "b": 0.5}
    for _ in range(n):
        g = grad(of_dict)(p, x)
        p = {k: p[k] - 0.1 * g[k] for k in p}
    return of_dict(p, x)


def expected_steps(x: Any, n: int) -> Any:
    a, b = x, 0.5
    for _ in range(n):
        u = 2.0 * (a * x + b)
        a, b = a - 0.1 * u * x, b - 0.1 * u
    return (a * x + b) ** 2


def layers(p: Any, xs: Any) -> Any:
    return np.sum(np.tanh(xs @ p["w"] + p["b"]) * p["v"])


def of_arrays(x: Any) -> Any:
    p = {"w": x * np.ones((2, 3)), "b": np.zeros(3), "v": x * np.arange(3.0)}
    g = grad(layers)(p, np.array([[1.0, 2.0], [0.5, -1.0]]))
    return np.sum(g["w"] * g["w"]) + np.sum(g["b"]) + g["v"] @ p["v"]


def expected_of_arrays(x: Any) -> Any:
    xs = np.array([[1.0, 2.0], [0.5, -1.0]])
    v = x * np.arange(3.0)
    h = np.tanh(xs @ (x * np.ones((2, 3))))
    s = (1.0 - h * h) * v
    w = xs.T @ s
    return np.sum(w * w) + np.sum(s) + np.sum(h, axis=0) @ v


PROGRAMS = [
    *((f, expected, (0.7,)) for f in (a_dict, a_pair, a_list, a_named_tuple, a_dataclass)),
    *((f, expected, (0.7,)) for f in (made_before, of_a_lambda, with_its_value, nested)),
    *((f, expected, (0.7,)) for f in (captured, along, pulled_back)),
    (curvature, expected_curvature, (0.7,)),
    (steps, expected_steps, (0.7, 3)),
    (of_arrays, expected_of_arrays, (0.7,)),
]


@pytest.mark.parametrize(("f", "same", "args"), PROGRAMS)
def test_derivatives_of_structures(f: Any, same: Any, args: Any) -> None:
    value, slope = directional(same, args, [1.0, *[None] * (len(args) - 1)])
    assert f(*args) == pytest.approx(value, rel=1e-13)
    for mode in MODES:
        derivative = srcad.grad(f, mode=mode, optimize=mode == "reverse")
        assert derivative(*args) == pytest.approx(slope, rel=1e-12)
        assert derivative(*args) == derivative(*args)
    tangents = [1.0, *[None] * (len(args) - 1)]
    assert srcad.jvp(f, args, tangents)[1] == pytest.approx(slope, rel=1e-12)
    assert srcad.vjp(f, *args)[1](1.0)[0] == pytest.approx(slope, rel=1e-12)


def test_two_arguments() -> None:
    def same(x: Any) -> Any:
        u = x * x + 2.0
        return 4.0 * u * u * x  # the slope in x is 2 (a x + b) a, with a = x

    slope = directional(same, (0.7,), (1.0,))[1]
    assert srcad.grad(two_arguments)(0.7) == pytest.approx(slope, rel=1e-12)


def of_the_gradient(p: Any, x: Any) -> Any:
    g = grad(of_line)(p, x)
    return g.a**2 * g.b


def test_with_respect_to_an_object() -> None:
    found = srcad.grad(of_the_gradient)(Line(0.5, 2.0), 0.7)
    u = 0.5 * 0.7 + 2.0  # the value is 8 u³ x²
    assert found == Line(
        pytest.approx(24.0 * u**2 * 0.7**3, rel=1e-13),
        pytest.approx(24.0 * u**2 * 0.7**2, rel=1e-13),
        None,  # type: ignore[arg-type]
        None,  # type: ignore[arg-type]
    )


def writing(q: Any) -> Any:
    q["a"] = q["a"] * 2.0
    return q["a"] ** 2


def of_what_writes(x: Any) -> Any:
    return grad(writing)({"a": x})["a"]


def one_at_two_places(x: Any) -> Any:
    q = {"a": x}
    return grad(lambda p: p["u"]["a"] * p["v"]["a"])({"u": q, "v": q})["u"]["a"]


def another_layout(x: Any) -> Any:
    return jvp(lambda p: p["a"] * x, ({"a": x},), ({"b": 1.0},))[1]


def changed_before_the_pullback(x: Any) -> Any:
    p = SimpleNamespace(a=x)
    value, pullback = vjp(lambda q: q.a**3, p)
    p.a = x * x
    return pullback(1.0)[0].a


def a_structure_returned(x: Any) -> Any:
    return grad(lambda p: (p["a"], x))({"a": x})["a"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("f", "words"),
    [
        (of_what_writes, "writing writes into what it is given"),
        (one_at_two_places, "one object is at two places"),
        (another_layout, "the tangent of a dict is not like it"),
        (changed_before_the_pullback, "may be written between its call and that of the pullback"),
        (a_structure_returned, "returns a tuple"),
    ],
)
def test_refused(f: Any, words: str, mode: str) -> None:
    with pytest.raises(srcad.UnsupportedError, match=words):
        srcad.grad(f, mode=mode)(0.7)
