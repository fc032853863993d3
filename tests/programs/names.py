"""User names that meet the names a generator would choose, and names that hide modules."""

import math

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3


@program((0.7, 1.2), order=3)
def temporaries(w1, w2):
    w3 = w1 * w2
    w4 = math.sin(w3) * w1
    w5 = w4 * w3
    return w5 * w5 + w4


@program((0.7, 1.2))
def adjoints(x, x̄):
    w1 = x * x̄
    w̄1 = w1 * x
    ȳ = w̄1 * x̄ + w1
    return ȳ * w̄1


@program((0.7, 1.2))
def tangents(x, ẋ):
    w1 = x * ẋ
    ẇ1 = math.sin(w1) * x
    ẏ = ẇ1 * ẋ
    return ẏ * ẇ1


@program((0.7, 1.2))
def ascii_forms(x, x_dot):
    x_bar = x * x_dot
    y_bar = math.sin(x_bar)
    w1_bar = y_bar * x_bar
    x_bar2 = w1_bar * x
    return x_bar2 * y_bar


@program((0.7, 3))
def tapes(x, n):
    tape = x
    y_tape = x * x
    w1_tape = tape * y_tape
    for i in range(n):
        y = y_tape * x
        y_tape = y * tape + w1_tape
        tape = math.sin(y)
        w1_tape = y * y
    return y_tape * tape + w1_tape


@program((0.7, 8), (0.2, 3))
def stops(x, n):
    stop = x
    trips = 0.5
    for i in range(n):
        stop = stop * x + trips
        if stop > 1:
            break
        trips = trips * stop
        if trips > 0.6:
            return stop * trips
    return stop + trips


@program((0.7,))
def modules_hidden_by_locals(x):
    np = x * x
    numpy = np * x
    srcad = numpy + 1
    return np * numpy * srcad


@program((0.7,))
def functions_hidden_by_locals(x):
    sin = math.sin(x)
    exp = sin * x
    max = exp + sin
    float = max * x
    range = float * float
    reversed = range + x
    len = reversed * x
    abs = len * 2
    return abs * range


@program((0.7, 1.2))
def parameters_that_hide_builtins(sum, abs):
    range = sum * abs
    return range * sum


@program((0.7, 1.2))
def builtin_names_as_parameters(max, float):
    zip = max * float
    list = zip + max
    return zip * list


@program((V3, 1.2, 0.4))
def parameters_that_loops_would_call(x, len, range):
    s = 0.0
    for v in x:
        s += v * v * len
    for i, v in enumerate(x):
        s += v * range * i
    return s * sum([v * len for v in x]) + np.dot(x, x) * range


@refused((V3, 1.2), match="`len` is a variable here")
def parameter_that_is_called_too(x, len):
    s = 0.0
    for v in x:
        s += v * v * len(x)
    return s


@program((0.7,))
def name_of_the_module_as_result(x):
    y = np.sin(x)
    result = y * x
    value = result * y
    seed = value + 1
    return seed * result


@program((0.7, 1.2))
def its_own_name(x, its_own_name):
    return x * its_own_name * its_own_name


@program((0.7, 1.2))
def keywords_nearly(lambda_, _):
    __ = lambda_ * _
    ___ = __ * __
    return ___ + _


@program((0.7, 1.2))
def letters_that_cannot_be_marked(i, j):
    l = i * j  # noqa: E741
    ı = l * i
    O = ı + j  # noqa: E741
    return O * l


@program((0.7, 1.2))
def greek_and_more(α, θ1):
    Δ = α * θ1
    ω_0 = math.sin(Δ) + α
    é = ω_0 * Δ
    名 = é * α
    return 名 * é


@program((0.7, 1.2))
def marked_already(y̿, y_dot_dot):
    ÿ = y̿ * y_dot_dot
    ẅ = ÿ * y̿
    return ẅ * ÿ


@program((0.7,))
def ligatures(ﬁ):
    # NFKC: Python reads this name as "fi".
    ﬂ = fi * ﬁ
    return fl * ﬂ


@program((0.7, 1.2))
def grad(value, gradient):
    primals = value * gradient
    tangents = primals * value
    pullback = tangents + gradient
    return pullback * primals


@program((0.7, 1.2))
def mixed_case(X, x):
    Y = X * x
    y = Y * X
    return Y * y


@program((0.7, 3))
def underscore_loop(_, n):
    s = _
    for _ in range(n):
        s = s * s + _
    return s * _


def w1(x):
    return x * x


def tape(x):
    return math.sin(x)


@program((0.7,))
def helpers_with_generated_names(x):
    return w1(tape(x)) * tape(w1(x) + x)


@program((0.7,))
def f_grad(x):
    f_forward = x * x
    f_reverse = f_forward * x
    return f_forward * f_reverse


@program((0.7,))
def dunder(__x):
    __y = __x * __x
    return __y * __x


shade = 3.0


@refused((0.7,), match="`shade`: it is read before it has a value")
def a_local_that_hides_a_global(x):
    y = shade * x  # noqa: F823
    shade = y
    return y * shade


@refused((0.7, 3), match="`t`: it is read before it has a value")
def read_before_the_loop(x, n):
    s = x * t  # noqa: F821
    for i in range(n):
        t = s * i
    return s


@refused((0.7, 3), match="`t`: it is read before it has a value")
def adds_to_nothing(x, n):
    if n > 2:
        t += x  # noqa: F821
    return x


@program((0.7, 3), (0.7, 1))
def read_in_a_later_trip(x, n):
    s = x
    for i in range(n):
        if i > 0:
            s = s * t  # noqa: F821
        t = x * x + i
    return s


w2 = w3 = w4 = 2.0


@program((np.array([0.5, -1.0, 2.0]),))
def temporaries_that_are_called_as_globals(x):
    y = np.stack([x, x * x])[1]
    y[0] = y[1] * x[2]
    return np.sum(y * y)


@program((0.7,))
def length_of_what_is_no_list(x):
    len = x * 2
    values = [x, len]
    return values[1] * values[0] * len


@program((0.7, 2.0))
def parameters_that_generated_code_calls(x, len):
    values = [x, x * x]
    return values[1] * len * values[0]


@program((0.7, 3), (0.7, 0))
def a_range_that_is_a_number(x, n):
    range = x
    while range < 10.0 and n > 0:
        range = range * 2.0 + x
    return range * x


@program((np.array([0.5, 1.5]), 2.0))
def a_float_that_is_a_number(x, float):
    y = np.zeros(3)
    for v in x:
        y[0] += v * v * float
    return y[0] * float


@program((np.array([0.5, 1.5]), 2.0, 3.0))
def reductions_that_are_numbers(x, sum, max):
    y = np.outer(x, x) * sum
    return np.max(y) * max + np.abs(x).sum() * sum
