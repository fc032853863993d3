"""Objects: attributes of all kinds, globals, functions in structures, trees and aliases."""

import math
from types import SimpleNamespace

import numpy as np

from tests.programs import program, refused


class Params:
    scale = 2.0
    kinds = ("a", "b")

    def __init__(self, w, b, f=math.sin):
        self.w = w
        self.b = b
        self.f = f


class Tied:
    def __init__(self, inner):
        self.first = inner
        self.second = inner


CONFIG = SimpleNamespace(rate=0.25, flags={"on": True}, table=np.array([1.0, 2.0]))
MODEL = Params(3.0, 0.5)


@program((Params(0.5, 1.5), 0.7))
def attributes(p, x):
    return p.w * p.f(x) + p.b * p.scale * len(Params.kinds)


@program((Params(np.array([0.5, 1.5]), 0.1, np.tanh), np.array([0.3, -0.4])))
def a_function_in_an_object(p, x):
    return p.f(p.w * x + p.b).sum()


@program((0.7,))
def a_global_object(x):
    if CONFIG.flags["on"]:
        x = x * CONFIG.rate
    return x * x + MODEL.w * (CONFIG.table * x).sum()


@program((Params(0.5, 1.5), 0.7))
def set_and_get_by_name(p, x):
    q = SimpleNamespace()
    for name in ("w", "b"):
        setattr(q, name, getattr(p, name) * x)
    total = getattr(q, "missing", x)
    return q.w * q.b + total * hasattr(q, "w") + 2.0 * hasattr(q, "z") * x


@program((0.5, 1.5))
def shared_inside(a, b):
    inner = {"v": a}
    t = Tied(inner)
    t.first["v"] = t.second["v"] * b
    return t.second["v"] * inner["v"] + (t.first is t.second) * a


@program((Tied({"v": 0.5}), 1.5))
def tied_arguments(t, k):
    return t.first["v"] * t.second["v"] ** 2 * k


@program((0.5, 3), (0.5, 0))
def counters(x, n):
    p = SimpleNamespace(calls=0, total=x)
    for _ in range(n):
        bump(p, x)
    return p.total * (p.calls + 1)


def bump(p, x):
    p.calls += 1
    p.total = p.total * x + p.calls


@program((0.5, 4), (2.5, 4), (0.5, 0))
def constants_at_the_ends_of_trips(x, n):
    p = {"v": x}
    k = 5
    for _ in range(n):
        if p["v"] > 2.0:
            k = 1
            break
        k = 2
        p["v"] = p["v"] + 0.7 * x
    return p["v"] * k


@program((0.5, 4), (2.5, 4))
def constants_that_a_loop_makes(x, n):
    p = {"v": x}
    for _ in range(n):
        if p["v"] > 2.0:
            k = 1
            break
        k = 2
        p["v"] = p["v"] + 0.1 * x
    return p["v"] * k


@program((0.5, 4), (2.5, 4), (0.5, 0))
def otherwise(x, n):
    p = {"v": x}
    for i in range(n):
        p["v"] = p["v"] * x + i
    else:
        p["v"] = p["v"] + 3.0
    while p["v"] < 9.0:
        p["v"] = p["v"] * 1.5 + x
    else:
        p = {"v": p["v"] * x}
    return p["v"]


@program((0.5, (1.5, 2.5)), (3.5, (1.5, 2.5)))
def breaks_that_are_known(x, t):
    s = x
    for i, v in enumerate(t):
        if i == 1:
            break
        s = s * v
    else:
        s = s + 100.0
    for name in ("a", "b", "c"):
        if name == "b":
            continue
        s = s + x * len(name)
    return s


@program((0.5, 1.5, 3), (2.5, 1.5, 3), (0.5, 1.5, 0))
def branches_in_loops(x, y, n):
    s = SimpleNamespace(a=x, b={"c": y})
    for i in range(n):
        if s.a > s.b["c"]:
            s.a, s.b["c"] = s.b["c"], s.a * 0.5
        else:
            s.b = {"c": s.b["c"] * x + i}
            s.a += y
    return s.a * s.b["c"]


@program((np.array([0.5, 1.5]), 2.0))
def one_array_by_two_names(x, k):
    p = {"u": x * k}
    q = SimpleNamespace(v=p["u"])
    q.v[0] = q.v[1] * k
    p["u"] += x
    return (q.v * p["u"]).sum()


@program((np.array([0.5, 1.5]), 2.0))
def arrays_bound_anew(x, k):
    p = {"u": x * k}
    old = p["u"]
    p["u"] = p["u"] * k
    return (old * p["u"]).sum()


@program((np.float64(0.5), 1.5))
def while_true(x, y):
    p = {"v": x, "n": 0}
    while True:
        p["n"] += 1
        p["v"] = p["v"] * y + x
        if p["v"] > 5.0:
            break
    return p["v"] * p["n"]


class Body:
    def __init__(self, q, p):
        self.q = q
        self.p = p

    def kick(self, f, dt):
        self.p = self.p + f * dt

    def drift(self, dt):
        self.q = self.q + self.p * dt


@program((0.5, 0.1, 5))
def leapfrog(k, dt, n):
    body = Body(1.0, 0.0)
    for _ in range(n):
        body.kick(-k * body.q, 0.5 * dt)
        body.drift(dt)
        body.kick(-k * body.q, 0.5 * dt)
    return body.q**2 + body.p**2


@program(({"net": [{"w": 0.5}, {"w": 1.5}], "k": 3}, 0.2))
def maps_over_structures(p, x):
    q = {k: [{"w": d["w"] * x} for d in v] if k == "net" else v for k, v in p.items()}
    return sum(d["w"] for d in q["net"]) * q["k"] + flattened(p["net"])[1]


def flattened(t):
    found = []
    for d in t:
        found.extend(d.values())
    return found


@program((0.5, 3), (0.5, 0))
def the_state_before(x, n):
    state = {"v": x}
    old = state
    for _ in range(n):
        old = state
        state = {"v": state["v"] * x + 1.0}
    return state["v"] * old["v"]


@program((0.5, 3), (0.5, 0))
def fresh_objects_are_written(x, n):
    state = {"v": x, "n": 0.0}
    for i in range(n):
        state = dict(state)
        state["v"] = state["v"] * x + 1.0
        if i > 0:
            state = {"v": x * i, "n": state["n"]}
        state["n"] += state["v"]
    state["v"] += x
    return state["v"] * state["n"] + state["v"]


@refused((0.5, 3), match="what another name meant in the last trip")
def the_state_of_the_last_trip(x, n):
    state = {"v": x}
    for _ in range(n):
        old = state
        state = {"v": state["v"] * x + 1.0}
    return state["v"] * old["v"]


@refused((0.5, 3), match="a write into a dict")
def an_old_state_written(x, n):
    state = {"v": x}
    first = state
    for _ in range(n):
        state = {"v": state["v"] * x + 1.0}
    state["v"] = x
    return state["v"] * first["v"]


@refused((Tied({"v": 0.5}), 1.5), match="one object twice is not known")
def identity_of_arguments(t, k):
    return t.first["v"] * k if t.first is t.second else k


@refused((0.5, 1.5), match="which object it is depends on the path")
def a_write_into_one_of_two(x, y):
    p, q = {"v": x}, {"v": y}
    r = p if x > y else q
    r["v"] = x * y
    return p["v"] * q["v"]


@refused((0.5, 3), match="a starred value|layout")
def a_layout_that_grows(x, n):
    t = (x,)
    for _ in range(n):
        t = (*t, x)
    return t[0] * len(t)


@refused((0.5, 1.5), match="`v` is read before|`p`|on one path only")
def known_on_one_path(x, y):
    if x > y:
        p = {"v": x}
    return p["v"]


@program((0.5, 1.5))
def objects_appended_in_a_range(x, y):
    found = []
    for i in range(3):
        q = {"v": x * i}
        found.append(q)
        q["v"] = q["v"] + y
    return sum(q["v"] ** 2 for q in found)


def with_defaults(x, extra={"k": 3.0}, acc=(1.0, 2.0)):  # noqa: B006
    return x * extra["k"] + sum(acc)


@program((0.5, 1.5))
def defaults_that_are_structures(x, y):
    return with_defaults(x) * with_defaults(y, {"k": x})


@program((np.array([0.5, 1.5]), 2.0))
def arrays_of_a_loop_written_in_place(x, k):
    p = {"a": x * k, "b": x + k}
    for w in p.values():
        w *= k
    return sum((w * w).sum() for w in p.values())


@program((np.array([0.5, 1.5]), 2.0), (np.array([0.5, 1.5]), -2.0))
def an_array_of_either_path_written(x, k):
    p = {"u": x} if k > 0 else {"u": x * k}
    p["u"][0] = k * x[1]
    return (p["u"] * x).sum()


class Steps:
    def __init__(self, k):
        self.k = k

    def __call__(self, x):
        return self.k * x * x

    def step(self, x):
        return x * self.k + 1

    def grow(self, x):
        self.k = self.k * x
        return self.k

    def both(self, x):
        return scaled(self.step, x) * of_each_other(self.step, self, x)


STEPS = Steps(2.5)


def scaled(f, x, w=(2.0, 3.0)):
    return f(x) * w[0] + w[1]


def of_each_other(f, g, x):
    return f(g(x))


def repeated(f, n, x):
    return x if n == 0 else repeated(f, n - 1, f(x))


@program((1.3,))
def bound_methods_as_arguments(x):
    s, t = Steps(x), Steps(x * x)
    first = of_each_other(s.step, t.step, x) + of_each_other(s, t.step, x)
    return first + of_each_other(STEPS.step, s.step, x) + s.both(x)


@program((1.3,))
def a_bound_method_sees_what_changes(x):
    s = Steps(x)
    first = scaled(s.step, x)
    s.k = x * 3
    return first * scaled(s.step, x)


@program((1.3,))
def a_bound_method_that_writes(x):
    s = Steps(x)
    first = scaled(s.grow, x)
    return first * of_each_other(s.grow, s.step, x) * of_each_other(s.grow, s.grow, x) * s.k


@program((1.1, 3), (1.1, 0))
def a_bound_method_in_a_recursion(x, n):
    return repeated(STEPS.step, n, x)
