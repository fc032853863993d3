"""`match` of dicts, sequences and objects: mappings, classes, guards and captures."""

import math
from collections import namedtuple
from dataclasses import dataclass

from tests.programs import program, refused

Pair = namedtuple("Pair", "a b")


@dataclass
class Circle:
    r: float


@dataclass
class Box:
    w: float
    h: float
    name: str = "box"


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


@program((Circle(1.5), 2.0), (Box(1.5, 0.5), 2.0), (Box(1.5, 0.5, "square"), 2.0))
def an_area(shape, k):
    match shape:
        case Circle(r):
            return math.pi * r**2 * k
        case Box(w, name="square"):
            return w * w * k
        case Box(w=w, h=h):
            return w * h * k


@program(({"w": 1.5, "act": "tanh"}, 2.0), ({"w": 1.5, "act": "none", "b": 0.5}, 2.0), ({}, 2.0))
def a_layer(p, x):
    match p:
        case {"w": w, "act": "tanh"}:
            y = math.tanh(w * x)
        case {"w": w, **rest} if "b" in rest:
            y = w * x * rest["b"] + len(rest)
        case {"w": w}:
            y = w * x
        case _:
            y = x * x
    return y * x


@program(
    ([1.5], 2.0),
    ([1.5, 0.5], 2.0),
    ((1.5, 0.5, 2.5), 2.0),
    ((), 2.0),
    (Pair(1.5, 0.5), 2.0),
    order=1,
)
def a_sequence(v, x):
    match v:
        case [a]:
            y = a * x
        case [a, b] | (a, b):
            y = a * b * x
        case [first, *others]:
            y = first * sum(others) * x
        case _:
            y = x * x
    return y * y


@program((Point(1.5, 0.5), 2.0), (Point(1.5, 0.5), 0.1), (Point(-1.5, 0.5), 2.0), order=1)
def a_guard_of_the_run(p, x):
    match p:
        case Point(u, v) if u > x:
            return u * v * x
        case Point(u, y=v) if u > 0:
            return u * u + v * x
        case Point():
            return p.x * x
    return x


@program((2.0,), (0.5,), order=1)
def nested_and_captured(x):
    tree = {"left": {"v": x * x}, "right": [x, {"v": 3.0 * x}], "none": None}
    match tree:
        case {"left": {"v": a}, "right": [b, {"v": c}] as pair, "none": None}:
            return a * b * c + len(pair)
    return x


@program((2.0, 1), (2.0, 3), (2.0, 7), order=1)
def a_value_of_the_run(x, n):
    p = {"n": n, "x": x}
    match p["n"]:
        case 1 | 2:
            y = p["x"] * x
        case 3:
            y = p["x"] ** 3
        case _:
            y = x
    return y * x


@program((Box(1.5, 0.5), 3), order=1)
def in_a_loop(box, n):
    total = 0.0
    for i in range(n):
        match box:
            case Box(w, h) if i % 2:
                total += w * h
            case Box(w=w):
                total += w * w * i
    return total * box.h


@program((2.0,), order=1)
def what_is_captured_may_be_written(x):
    p = {"q": {"v": x}}
    match p:
        case {"q": q}:
            q["v"] = q["v"] * x
    return p["q"]["v"] * x


@refused((Box(1.5, 0.5), 2.0), match="Box takes 3 positions|takes 3 positions in a pattern")
def too_many_positions(p, x):
    match p:
        case Box(a, b, c, d):
            return a * b * x
    return x
