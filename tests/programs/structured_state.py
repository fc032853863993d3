"""State: what is written into dicts, lists and objects of the caller's is written once."""

import math
from types import SimpleNamespace

import numpy as np

from tests.programs import program, refused

P = {"w": 1.5, "b": 0.5}
W = np.array([0.5, -1.25])


@program((P, 2.0), (P, -1.0))
def a_dict(p, x):
    p["w"] += x
    p["b"] = p["w"] * x
    return p["b"] ** 2 + p["w"]


@program((P, 2.0))
def keys_are_added_and_taken_out(p, x):
    v = p.pop("w")
    p["k"] = v * x
    p["name"] = "k"
    p.setdefault("n", 3)
    return p["k"] ** 2 * p["n"] + p["b"]


class Layer:
    def __init__(self, k):
        self.k = k
        self.count = 0
        self.last = None

    def __call__(self, x):
        self.count += 1
        self.last = x * self.k
        return self.last**2


@program((Layer(1.5), 2.0))
def an_object(layer, x):
    return layer(x) + layer(2 * x) * layer.last


@program((SimpleNamespace(x=1.0, v=0.5, steps=0), 0.1, 4), (SimpleNamespace(x=1.0, v=0.5), 0.1, 0))
def a_step_in_a_loop(s, dt, n):
    for _ in range(n):
        s.v -= dt * math.sin(s.x)
        s.x += dt * s.v
    return s.x * s.v


@program(([1.0, 2.0, 3.0], 2.0))
def a_list(a, x):
    for i in range(len(a)):
        a[i] = a[i] * x
    a.append(x * a[0])
    return sum(a) * a[-1]


@program(([1.0, 2.0, 3.0], 2.0))
def a_list_that_is_shorter(a, x):
    v = a.pop()
    a[0] += v * x
    return a[0] * x


@program(({"in": {"x": 1.0}, "all": [1.0], "at": (0.5, {"y": 2.0})}, 2.0))
def parts_of_parts(p, x):
    q = p["in"]
    q["x"] *= x
    q["done"] = True
    p["all"].append(q["x"] * x)
    p["at"][1]["y"] = [x, (q["x"], 3.0)]
    return q["x"] * p["all"][1] * p["at"][0]


@program((P, 2.0), (P, -2.0))
def on_one_path(p, x):
    if x > 0:
        p["w"] = p["w"] * x
    return p["w"] * x


@program((P, 2.0), (P, -2.0))
def before_an_early_end(p, x):
    if x < 0:
        return p["w"] * x
    p["w"], p["b"] = p["b"], p["w"] * x
    return p["w"] * p["b"]


@program(({"w": W, "n": 1}, 0.5))
def arrays(p, rate):
    slope = np.tanh(p["w"]) * rate
    p["w"] = p["w"] - slope
    p["n"] += 1
    return np.sum(p["w"] ** 2) * p["n"]


@program(({"log": 0.0}, 2.0), ({"log": 0.0}, -2.0), ({"log": 0.0}, 0.0))
def written_and_never_read(p, x):
    p["log"] = math.sqrt(abs(x))
    return x * x


@refused(({"a": {"v": 1.0}, "b": {"v": 2.0}}, 3.0), match="known elsewhere")
def parts_that_are_exchanged(p, x):
    p["a"], p["b"] = p["b"], p["a"]
    return p["a"]["v"] * x


@refused(({"in": {"x": 1.0}}, 3.0), match="it is exchanged, too")
def a_part_that_is_replaced(p, x):
    q = p["in"]
    q["x"] = x
    p["in"] = {"x": 2.0}
    return q["x"] * x


@refused((P, 3.0), match="has another value afterwards")
def a_parameter_that_is_bound_anew(p, x):
    p["w"] = x
    p = p["w"] * x
    return p


SEEN = {"n": 0}


@program((2.0,))
def a_global(x):
    SEEN["n"] += 1
    SEEN["x"] = x * x
    return SEEN["x"] * x


@program(({"x": {"a": 1.5}, "n": 1}, 2.0))
def a_part_in_the_place_of_a_dict(p, x):
    v = p["x"]
    p["x"] = x * v["a"]
    return p["x"] * v["a"] * x


def _by_a_method(put, v):
    put(v)


@program((2.0,))
def a_method_of_a_list_handed_on(x):
    items = []
    held = {"a": x}
    _by_a_method(items.append, x * x)
    items.append(x)
    return items[0] * items[1] * held["a"]
