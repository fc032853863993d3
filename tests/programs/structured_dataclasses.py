"""Dataclasses, named tuples and namespaces: read, made, written, and given back."""

from __future__ import annotations

import dataclasses
import math
from collections import namedtuple
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from tests.programs import program, refused


@dataclass
class Layer:
    w: Any
    b: Any
    activation: str = "tanh"
    rate: float = 0.5

    def __call__(self, x: Any) -> Any:
        y = x @ self.w + self.b
        return np.tanh(y) if self.activation == "tanh" else y

    @property
    def penalty(self) -> Any:
        return self.rate * np.sum(self.w * self.w)

    def scaled(self, k: Any) -> Layer:
        return Layer(k * self.w, self.b, self.activation)


@dataclass(frozen=True)
class Spring:
    k: float
    length: float = 1.0
    name: str = "spring"

    def force(self, x: float) -> float:
        return -self.k * (x - self.length)


@dataclass(slots=True)
class Slotted:
    a: float
    b: float


class Point(NamedTuple):
    x: float
    y: float = 2.0

    def norm(self) -> float:
        return math.sqrt(self.x * self.x + self.y * self.y)


Pair = namedtuple("Pair", "first second")

LAYER = Layer(np.array([[0.3, -0.2], [0.5, 0.1]]), np.array([0.1, -0.2]))
NET = [LAYER, Layer(np.array([[0.6], [-0.9]]), np.array([0.2]), "none")]
X = np.array([[0.5, -1.0], [1.5, 0.75], [0.2, 0.4]])


@program((LAYER, X))
def a_layer(p, x):
    return np.sum(p(x) ** 2) + p.penalty


@program((NET, X))
def a_network(layers, x):
    for layer in layers:
        x = layer(x)
    return (x * x).mean() + sum(layer.penalty for layer in layers)


@program((Spring(2.0, 0.7), 0.3), (Spring(2.0, 0.7), 1.3))
def frozen(s, x):
    return s.force(x) * s.force(2.0 * x) if x < 1.0 else s.k * x


@program((Spring(2.0), 0.3, 4), (Spring(2.0), 0.3, 0))
def replaced_in_a_loop(s, x, n):
    for _ in range(n):
        s = dataclasses.replace(s, k=s.k * x, length=s.length + s.k)
    return s.k * s.length + s.force(x)


@program((Slotted(0.5, 1.5),))
def slots(s):
    t = Slotted(s.b * s.a, s.a)
    t.a += s.b
    return t.a * t.b


@program((Point(0.5, 1.5),), (Point(-0.5),))
def a_named_tuple(p):
    x, y = p
    return p.norm() * x + p[1] * y + len(p)


@program((Point(0.5, 1.5), 2.0))
def replaced_fields(p, k):
    q = p._replace(x=k * p.y)
    r = Point(y=q.x, x=p.x)
    return q.norm() * r.y + r._asdict()["x"]


@program((Pair(Point(0.5, 1.5), {"w": np.array([0.2, 0.3]), "n": 2}),))
def nested(p):
    return p.first.x * (p.second["w"] ** p.second["n"]).sum() + p.first.y


@program((SimpleNamespace(a=0.5, b=SimpleNamespace(c=2.0, d="x", e=None)),))
def namespaces(p):
    q = SimpleNamespace(**{"a": p.a * p.b.c})
    q.b = p.b if p.b.e is None else 3.0
    return q.a * q.b.c * math.sin(p.a)


@dataclass
class Model:
    slope: float
    offset: float = 0.25
    history: list[float] = field(default_factory=list)
    table: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.double = 2.0 * self.slope

    def step(self, x: float) -> float:
        self.history.append(x * self.slope)
        self.table["last"] = x
        self.offset = self.offset * x + self.slope
        return self.offset


@program((0.5, 1.5))
def made_inside(a, b):
    m = Model(a)
    y = m.step(b) + m.step(a * b)
    return y * m.double + sum(m.history) + m.table["last"] * m.offset


@program((0.5, 1.5))
def two_are_apart(a, b):
    m, n = Model(a), Model(b)
    m.step(b)
    n.step(a)
    m.history.append(a)
    return sum(m.history) * sum(n.history) + len(m.history) * m.offset


@program((0.5, 1.5), (1.5, 0.5))
def as_a_result(a, b):
    if a < b:
        return Spring(a * b, a, "first")
    return Spring(a, b * b, "first")


@program((NET,))
def layers_as_a_result(net):
    return [layer.scaled(2.0) for layer in net]


@dataclass
class Base:
    a: float

    def area(self) -> float:
        return self.a * self.a

    def describe(self, k: float) -> float:
        return k * self.area() + self.weight()

    def weight(self) -> float:
        return 1.0


@dataclass
class Derived(Base):
    b: float = 2.0

    def area(self) -> float:
        return super().area() * self.b

    def weight(self) -> float:
        return super().weight() + self.b


@program((Derived(0.5, 1.5), 2.0), (Base(0.7), 2.0))
def inherited(p, k):
    return p.describe(k) + (p.b if isinstance(p, Derived) else 0.0)


@program((LAYER, 0.5))
def one_attribute_of_many(p, k):
    return k * p.b.sum() * p.rate


@program((Spring(2.0, 0.7),), order=3)
def whole_parameters(s):
    return math.exp(-s.k * s.length) * sum(v * v for v in (s.k, s.length))


@refused((Spring(2.0), 0.3), match="a write into a Spring object.*Python raises")
def a_frozen_one_written(s, x):
    s.k = x
    return s.k


@program((LAYER, 0.3))
def an_argument_written(p, x):
    p.rate = x
    return p.rate * x


@refused((Spring(2.0), 0.3), match="the attribute `.kk`.*it has k, length, name")
def a_wrong_name(s, x):
    return s.kk * x


@refused((0.5, 1.5), match="structures of different layouts|of different layouts")
def two_classes(a, b):
    p = _either(a, b)
    return p.a


def _either(a, b):
    if a > b:
        return Slotted(a, b)
    return SimpleNamespace(a=a, b=b)


@refused((0.5, 3), match="its layout on one path|on one path only")
def a_class_that_depends_on_the_run(a, n):
    p = Slotted(a, a) if n > 2 else Point(a, a)
    return p[0]
