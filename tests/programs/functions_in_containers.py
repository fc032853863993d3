"""Lists, tuples and dicts of lambdas, and of other functions."""

import math

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3


def square(x):
    return x * x


def in_turn(layers, x):
    for f in layers:
        x = f(x)
    return x


def pick(acts, name, x):
    return acts[name](x)


@program((1.3,))
def in_the_head_of_a_loop(x):
    for f in [square, math.sin, lambda y: y * x]:  # noqa: B023
        x = f(x)
    return x


@program((1.3,))
def a_list_in_a_variable(x):
    a = 2 * x
    layers = [lambda y: y * a, square, lambda y: y + x]
    a = a * x
    t = x
    for f in layers:
        t = f(t)
    return t * layers[0](x) * layers[-1](x)


@program((1.3,))
def handed_on(x):
    layers = [lambda y: y * x, square]
    return in_turn(layers, x) + in_turn([lambda y: y + x, math.sin], x)


@program((1.3, 0), (1.3, 1), (1.3, 2), (1.3, -1))
def by_an_index(x, i):
    fs = [lambda y: y * x, lambda y: y + x, math.sin]
    return fs[i](x) * x


@program((1.3,))
def by_the_number_of_a_trip(x):
    fs = [lambda y: y * x, lambda y: y + x, math.sin]
    t = 0.0
    for i in range(3):
        t += fs[i](x + i)
    return t


@program((1.3,))
def by_a_computed_index(x):
    fs = [lambda y: y * x, lambda y: y + x, math.sin]
    t = 0.0
    for i in range(7):
        t += fs[i % 3](x + i) * fs[(i + 1) % 3](x)
    return t


@program((1.3, "a"), (1.3, "b"))
def by_a_key(x, name):
    acts = {"a": lambda y: y * x, "b": math.sin}
    return acts[name](x) * x


@program((1.3, "a"), (1.3, "b"))
def by_a_key_and_called_later(x, name):
    acts = {"a": lambda y: y * x, "b": math.sin}
    act = acts[name]
    x = x * x
    return act(x) * act(2 * x) + pick(acts, name, x)


@program((V3, "relu"), (V3, "tanh"), (V3, "id"))
def activations(x, name):
    acts = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh, "id": lambda z: z}
    h = acts[name](x * x[0])
    return np.sum(h * h * x)


@program((1.3,))
def items_values_and_keys(x):
    fs = {"a": lambda y: y * x, "bb": math.sin}
    t = 0.0
    for k, f in fs.items():
        t += f(x) * len(k)
    for f in fs.values():
        t += f(x)
    for k in fs:
        t += fs[k](2 * x)
    for k in fs.keys():
        t += len(k)
    return t


@program((1.3,))
def numbered(x):
    fs = [lambda y: y * x, math.sin]
    t = 0.0
    for i, f in enumerate(fs):
        t += f(x) * i
    return t


@program((1.3,))
def in_comprehensions(x):
    fs = [lambda y: y * x, math.sin]
    f = 5.0
    return (
        sum(f(x) for f in fs)
        + sum([f(x) * i for i, f in enumerate(fs)]) * f
        + max(g(x) for g in fs)
    )


@program((1.3,))
def captures_in_comprehensions(x):
    g = lambda y: y * f
    f = x
    fs = (g, lambda y: g(y) + f)
    return sum(f(x) for f in fs)


@program((1.3,))
def taken_from_what_is_written_there(x):
    return {"a": lambda y: y * x, "b": lambda y: y + x}["a"](2 * x) + [lambda y: y * x, square][0](
        x
    )


@program((1.3,))
def defaults_in_a_list(x):
    fs = [lambda y, k=x: y * k, lambda y, k=2 * x: y + k]
    x = x * x
    return fs[0](x) + fs[1](x)


@refused((1.3,), match="is used as a value")
def chosen_by_a_branch(x):
    if x > 1:
        fs = [lambda y: y * x, square]
    else:
        fs = [lambda y: y + x, square]
    return fs[0](x)


@refused((1.3,), match="used otherwise here than in a loop")
def one_more(x):
    fs = [lambda y: y * x]
    fs.append(square)
    return fs[1](x)


@refused((1.3,), match="used otherwise here than in a loop")
def one_exchanged(x):
    fs = [lambda y: y * x, square]
    fs[0] = square
    return fs[0](x)


@program((1.3,))
def another_name(x):
    fs = [lambda y: y * x, square]
    gs = fs
    return gs[0](x) + fs[1](x)


@program((1.3,))
def a_part(x):
    fs = [lambda y: y * x, square, math.sin]
    for f in fs[1:]:
        x = f(x)
    return x


@program((1.3,))
def backwards(x):
    fs = [lambda y: y * x, square, math.sin]
    for f in reversed(fs):
        x = f(x)
    return x


@program((1.3,))
def how_many(x):
    fs = [lambda y: y * x, square]
    return fs[0](x) * len(fs)


@program((1.3,))
def captured(x):
    fs = [lambda y: y * x, square]

    def net(z):
        for f in fs:
            z = f(z)
        return z

    x = 2 * x
    return net(x)


@refused((1.3,), match="a jump out of a `for` over functions")
def a_loop_that_breaks(x):
    t = x
    for f in [lambda y: y * x, square, math.sin]:
        t = f(t)
        if t > 2:
            break
    return t


@program((1.3,))
def made_in_a_loop(x):
    t = 0.0
    for i in range(3):
        fs = [lambda y, k=t: y * x + k, lambda y: y + i]  # noqa: B023
        t += fs[i % 2](x)
    return t


def put(u, i, v):
    u[i] = v
    return v


@program((V3,))
def a_list_of_what_functions_write(x):
    y = x.copy()
    fs = [lambda v: put(y, 0, v * y[1]), lambda v: put(y, 1, v * y[0])]
    return sum([f(x[2]) for f in fs]) * y[0] * y[1]


@refused((V3,), match="it may write, and may not be gone over to its end")
def a_generator_over_functions_that_write(x):
    y = x.copy()
    fs = [lambda v: put(y, 0, v * y[1]), lambda v: put(y, 1, v * y[0])]
    return any(f(x[2]) > -5 for f in fs) * y[0] * y[1]
