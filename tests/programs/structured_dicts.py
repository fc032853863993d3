"""Dicts: as arguments, on the way, and as results."""

import math

import numpy as np

from tests.programs import program, refused

P = {"w": 0.7, "b": -0.4}
NET = {
    "W1": np.array([[0.3, -0.2], [0.5, 0.1], [-0.7, 0.4]]),
    "b1": np.array([0.1, -0.2]),
    "W2": np.array([0.6, -0.9]),
    "b2": 0.2,
}
X = np.array([[0.5, -1.0, 0.25], [1.5, 0.75, -0.5]])


@program((P, 1.3), ({"b": 0.2, "w": 2.0}, -0.3))
def read(p, x):
    return p["w"] * x * x + p["b"]


@program((NET, X))
def network(p, x):
    h = np.tanh(x @ p["W1"] + p["b1"])
    y = h @ p["W2"] + p["b2"]
    return (y * y).sum()


@program((NET,))
def all_values(p):
    return sum(np.sum(v * v) for v in p.values())


@program(
    ({"w": 0.7, "n": 3, "how": "sin", "on": True, "none": None}, 0.5),
    ({"w": 0.7, "n": 0, "how": "exp", "on": False, "none": None}, 0.5),
)
def mixed_kinds(p, x):
    if p["how"] == "sin":
        y = math.sin(p["w"] * x)
    else:
        y = math.exp(p["w"] * x)
    for _ in range(p["n"]):
        y = y * x
    return y if p["on"] and p["none"] is None else y * p["w"]


@program(({"a": {"x": 0.5, "y": 2.0}, "b": {"x": 1.5}}, 2.0))
def nested(p, k):
    return p["a"]["x"] * p["b"]["x"] ** 2 + k * p["a"]["y"]


@program(({"a": 0.5, "b": 2.0, "c": -1.0},))
def iterate_keys(p):
    s = 0.0
    for name in p:
        s += p[name] * p[name]
    return s


@program(({"a": 0.5, "b": 2.0, "c": -1.0},), ({"c": 1.0},))
def iterate_items(p):
    s = 1.0
    for name, v in p.items():
        if name != "b":
            s = s * v + v
    return s + 0.0 * sum(p.values())


@program(({"c": 0.5, "a": 2.0, "b": -1.0},))
def order_of_insertion(p):
    s = 1.0
    for v in p.values():
        s = s * 0.5 + math.sin(v * s)
    return s


@program((P, 0.3))
def get_with_default(p, x):
    return p.get("w", x) * x + p.get("missing", x) * 3.0 + (p.get("none") is None)


@program((P, 0.3), ({"w": 0.7, "b": 1.0, "c": 3.0}, 0.3))
def membership(p, x):
    if "c" in p:
        x = x * p["c"]
    if "z" not in p:
        x = x + p["w"]
    return x * len(p)


@program((0.7, 1.2))
def made_inside(x, y):
    p = {"a": x * y, "b": math.sin(x)}
    p["c"] = p["a"] * p["b"]
    p["a"] = p["c"] + y
    return p["a"] * p["b"] * p["c"]


@program((0.7, 1.2))
def update_and_merge(x, y):
    p = {"a": x, "b": y}
    q = {**p, "b": x * y, "c": y * y}
    p.update(q, d=x)
    r = p | {"a": 3.0 * x}
    return r["a"] * r["b"] + r["c"] * p["a"] - r["d"] * len(r)


@program((0.7, 1.2))
def aliases_are_one_dict(x, y):
    p = {"a": x}
    q = p
    q["a"] = p["a"] * y
    p["b"] = q["a"]
    return q["b"] * p["a"] + len(q)


@program((0.7, 1.2))
def copies_are_two(x, y):
    p = {"a": x}
    q = dict(p)
    r = p.copy()
    q["a"] = y
    r["a"] = x * y
    return p["a"] + 10.0 * q["a"] + 100.0 * r["a"]


@program((0.7, 4), (0.7, 0))
def written_in_a_loop(x, n):
    p = {"v": x, "u": 0.5}
    for i in range(n):
        p["v"] = p["v"] * p["u"] + math.sin(x) * i
        p["u"] = p["v"] - p["u"]
    return p["v"] * p["u"]


@program((0.7, 4), (0.7, 0))
def made_anew_in_a_loop(x, n):
    state = {"q": x, "p": 1.0}
    for _ in range(n):
        state = {"q": state["q"] + 0.1 * state["p"], "p": state["p"] - 0.1 * math.sin(state["q"])}
    return state["q"] * state["p"]


@program((0.7, 1.2), (-0.7, 1.2))
def written_in_a_branch(x, y):
    p = {"a": x, "b": y}
    if x > 0:
        p["a"] = x * y
    else:
        p["b"] = x * x
    return p["a"] * p["b"]


@program((0.7, 1.2), (-0.7, 1.2))
def made_in_branches(x, y):
    if x > 0:
        p = {"a": x, "b": y}
    else:
        p = {"a": y * y, "b": x}
    return p["a"] * p["a"] + p["b"]


@program((0.7, 1.2))
def as_a_result(x, y):
    return {"sum": x + y, "product": {"xy": x * y, "n": 3, "name": "product"}}


def scaled(p, k):
    return {name: k * v for name, v in p.items()}


@program((P, 1.5))
def returned_by_a_function(p, k):
    q = scaled(p, k)
    r = scaled(q, q["w"])
    return r["w"] * r["b"]


def add_to(p, name, v):
    p[name] = p.get(name, 0.0) + v


@program((0.7, 1.2))
def written_by_a_function(x, y):
    p = {"a": x}
    add_to(p, "a", y)
    add_to(p, "b", x * y)
    add_to(p, "b", p["a"])
    return p["a"] * p["b"]


@program((0.7, 1.2))
def dict_comprehensions(x, y):
    p = {name: v * v for name, v in zip("ab", (x, y), strict=True)}
    q = {f"{name}{i}": v * i for i, (name, v) in enumerate(p.items())}
    return q["b1"] * p["a"] + q["a0"]


@program((0.7, 1.2))
def pop_and_setdefault(x, y):
    p = {"a": x, "b": y}
    a = p.pop("a")
    b = p.pop("z", a * y)
    c = p.setdefault("b", 3.0) * p.setdefault("d", a)
    del p["b"]
    return a * b * c + len(p) * p["d"]


@program(({0: 0.5, 1: 2.0, ("a", 2): 3.0},))
def keys_that_are_no_strings(p):
    return p[0] * p[1] + p["a", 2] * p[0]


@program(({"w": np.array([0.5, -1.5]), "k": 2.0},))
def arrays_written_in_place(p):
    w = p["w"].copy()
    q = {"w": w}
    q["w"][0] = q["w"][1] * p["k"]
    q["w"] *= p["k"]
    return (w * w).sum()


@program(({"w": np.array([0.5, -1.5]), "k": 2.0},))
def an_argument_written_in_place(p):
    p["w"][0] = p["w"][1] * p["k"]
    return (p["w"] * p["w"]).sum()


@program(({"w": 0.5, "b": 1.5}, 1.0))
def a_number_added_to(p, x):
    q = {"n": p["w"] * x}
    before = q["n"]
    q["n"] += p["b"]
    return q["n"] * before


@program((0.5, 1.5))
def order_of_evaluation(x, y):
    p = {"a": x}
    return p["a"] * bumped(p, y) + p["a"]


def bumped(p, y):
    p["a"] = p["a"] * y
    return p["a"] + 1.0


CONSTANTS = {"g": 9.81, "scale": {"x": 2.0}, "name": "earth"}


@program((0.5,))
def a_global_dict(x):
    if CONSTANTS["name"] == "earth":
        return CONSTANTS["g"] * x * x * CONSTANTS["scale"]["x"]
    return x


@program((P, 0.3), order=3)
def all_at_once(p, x):
    q = {**p, "x": x}
    return math.exp(sum(v * v for v in q.values()) * min(q.values()))


@refused((P, 1.0), match="the key 'z'.*has the keys 'w', 'b'")
def a_key_that_is_not_there(p, x):
    return p["z"] * x


@program((P, 1.0))
def an_argument_that_gets_a_value(p, x):
    p["w"] = x
    return p["w"] * x


@program((0.5, 3), (0.5, 0))
def keys_added_in_a_loop(x, n):
    p = {}
    for i in range(n):
        p["k"] = x * i
    return x * x * len(p)


@refused((2.5, 3.0), match="its layout depends on the trips")
def keys_added_in_a_loop_of_the_run(x, y):
    p = {}
    while x < y:
        p["k"] = x * x
        x += 1.0
    return x * len(p)


@refused((0.5, 1.0), match="which part of .* known only when the function runs|key of")
def a_key_that_depends_on_the_run(x, y):
    p = {0: x, 1: y}
    k = int(x > y)
    return p[k]


@refused((0.5, 1.0), match="a dict here")
def a_dict_added(x, y):
    return np.sum({"a": x}) * y


@refused((P,), match="returns a dict")
def the_gradient_of_a_dict(p):
    return {"a": p["w"]}


@program(({"a": 2.0}, 0.5), ({"a": -2.0}, 0.5), ({"a": 2.0, "b": 0.0}, 0.5))
def handlers(p, x):
    try:
        y = math.log(p["a"])
    except ValueError:
        y = p["a"] * x
    try:
        scale = p["b"]
    except KeyError:
        scale = x
    try:
        z = y / scale
    except ZeroDivisionError:
        z = y
    return y * scale + z


@program(({"w0": 1.0, "w1": 2.0, "b0": 0.1, "b1": 0.2, "use": "sin+exp"}, 0.5))
def keys_and_words_that_are_made(p, x):
    for i in range(2):
        x = math.tanh(p[f"w{i}"] * x + p["b" + str(i)])
    for name in p["use"].split("+"):
        if name.upper() == "SIN":
            x = math.sin(x)
        elif name.startswith("e"):
            x = math.exp(x) * x
    return x
