"""What must be refused, before anything runs, because its derivative is not known to be right."""

import cmath
import math
import random

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import M23, V3

TOTAL = 0.0
STATE = np.zeros(3)
STATES = [np.zeros(3), np.zeros(3)]


@refused((V3,))
def writes_by_a_method(x):
    y = x * 1.0
    y.sort()
    return y[0] * y[1]


@refused((0.7,))
def writes_a_global(x):
    global TOTAL
    TOTAL = x * x
    return TOTAL * x


def _outer():
    state = 1.0

    def inner(x):
        nonlocal state
        state = state * x
        return state * x

    return inner


refused((0.7,))(_outer())


@program((0.7,))
def list_that_grows(x):
    values = []
    for i in range(3):
        values.append(x * i)
    return values[0] * values[2]


@program((0.7,))
def list_item_written(x):
    values = [x, x * x]
    values[0] = values[1] * x
    return values[0]


@refused((V3,))
def writes_an_element_of_a_captured_array(x):
    STATE[0] = x[0] * x[1]
    return np.sum(STATE * x)


@refused((V3,))
def adds_to_a_captured_array(x):
    y = STATE
    y += x
    return np.sum(y * y)


@refused((V3,))
def writes_through_a_view_of_a_captured_array(x):
    v = STATE[1:]
    v[0] = x[0] * x[1]
    return np.sum(v * x[1:])


@refused((V3,))
def writes_to_a_captured_array_in_one_branch(x):
    y = STATE if x[0] > 0 else x.copy()
    y[0] = x[1]
    return np.sum(y * x)


@refused((V3,))
def writes_to_a_captured_array_by_out(x):
    np.multiply(x, x, out=STATE)
    return np.sum(STATE * x)


@refused((V3,), match="`out=`: the array has not the shape of the result")
def out_with_an_axis_too_many_for_a_sum(x):
    y = np.zeros(3)
    np.sum(x * x, out=y)
    return np.sum(y)


@refused((V3,), match="`out=`: the array has not the shape of the result")
def out_with_rows_for_a_running_sum(x):
    y = np.zeros((2, 3))
    np.cumsum(x, out=y)
    return np.sum(y * y)


@refused((V3,), match="`out=`: the array has not the shape of the result")
def out_longer_than_a_sum_that_keeps_its_axis(x):
    y = np.zeros(3)
    x.sum(keepdims=True, out=y)
    return np.sum(y * y)


@refused((V3,), match="`out=`: the array is one of ints")
def out_of_ints(x):
    y = np.zeros(3, dtype=int)
    np.multiply(x, x, out=y)
    return np.sum(y * x)


@refused((V3,), match="`np.copyto`: the array is one of ints")
def copies_to_ints(x):
    y = np.zeros(3, dtype=int)
    np.copyto(y, x)
    return np.sum(y * x)


@refused((V3,), match="`out=`: what is written may be a copy")
def out_that_a_mask_copies(x):
    y = x.copy()
    np.multiply(x[:2], 2.0, out=y[y > 0])
    return np.sum(y * x)


@refused((V3,), match="`.fill`: what is written may be a copy")
def fills_what_an_index_copies(x):
    y = x.copy()
    y[[0, 1]].fill(0.0)
    return np.sum(y * x)


@refused((V3,), match="effect")
def a_diagonal_that_is_wrapped(x):
    a = np.zeros((6, 2))
    np.fill_diagonal(a, x[0], wrap=True)
    return np.sum(a)


@refused((V3,), match="np.putmask.*has not the axes")
def a_mask_of_ints(x):
    y = x * x
    np.putmask(y, [1, 0, 1], x)
    return np.sum(y)


@refused((V3,), match="np.fill_diagonal.*has not the axes")
def a_diagonal_of_three_axes(x):
    a = np.zeros((3, 3, 3))
    np.fill_diagonal(a, x[0])
    return np.sum(a)


@refused((V3,), match="one of ints")
def put_floats_into_ints(x):
    y = np.zeros(3, dtype=int)
    np.put(y, [0], x[0])
    return np.sum(y * x)


@refused((V3,), match="one place gets several values")
def several_values_at_one_place(x):
    y = x * x
    np.put(y, 1, x)
    return np.sum(y)


@refused((V3,), match="not one for each place")
def one_row_for_several_places(x):
    y = np.outer(x, x)
    np.multiply.at(y, [0, 1], x)
    return np.sum(y)


@refused((V3,), match="has not the axes")
def changed_at_places_of_two_axes(x):
    y = np.outer(x, x)
    np.multiply.at(y, ([0, 1], [1, 1]), x[:2])
    return np.sum(y)


@refused((V3,))
def multiplied_at_a_flat_place(x):
    a = np.outer(x, x)
    a.flat[1] *= x[0]
    return np.sum(a)


@refused((V3,))
def adds_at_a_captured_array(x):
    np.add.at(STATE, [0, 0], x[:2])
    return np.sum(STATE * x)


@refused((V3,))
def fills_a_captured_array(x):
    STATE.fill(x[0])
    return np.sum(STATE * x)


@refused((V3,))
def copies_to_a_captured_array(x):
    np.copyto(STATE, x)
    return np.sum(STATE * x)


def _scaled(u, c):
    u *= c
    return u


@refused((V3,))
def lends_a_captured_array_to_a_helper(x):
    return np.sum(_scaled(STATE, x[0]) * x)


def _remembers():
    memory = np.zeros(3)

    def inner(x):
        memory[1:] = memory[:-1]
        memory[0] = x[0] * x[1]
        return np.sum(memory * x)

    return inner


refused((V3,))(_remembers())


@refused((0.7,))
def set_of_values(x):
    s = {x, x * x}
    return sum(s)


@refused((0.7,))
def generator(x):
    yield x * x


@program((0.7,))
def generator_expression(x):
    return sum(x * i for i in range(3))


@program((0.7,))
def delete(x):
    y = x * x
    z = y * x
    del y
    return z


@refused((0.7,))
def randomness(x):
    return x * random.random()


@refused((0.7,))
def attribute_of_an_object(x):
    class Box:
        pass

    b = Box()
    b.value = x
    return b.value * x


@refused((0.7,))
def evaluates_text(x):
    return eval("x * x")


@program((0.7,), may_refuse=True)
def star_arguments(*xs):
    return xs[0] * xs[0]


@refused((0.7,))
def getattr_of_a_module(x):
    return getattr(math, "sin")(x)  # noqa: B009


@refused((0.7,))
def undefined_name(x):
    return x * not_defined_anywhere  # noqa: F821


@refused((0.7,))
async def coroutine(x):
    return x * x


@refused((M23,))
def no_rule(x):
    return np.linalg.slogdet(x @ x.T)[1] * np.poly(x[0])[1]


@refused((0.7,), match="complex; take .real, .imag or abs")
def a_complex_result(x):
    return x * 1j + 2


@refused((0.7,), match="they have no order")
def complex_numbers_in_order(x):
    return x if x * 1j + 2 > 1 else 2 * x


@refused((V3,), match="its rule is one of real numbers")
def a_rounded_complex_number(x):
    return np.sum(np.round(x * 1j).imag)


@refused((V3,), match="imaginary part has no place there")
def complex_numbers_in_a_real_array(x):
    y = np.zeros(3)
    y[0] = x[0] * 1j
    return np.sum(y)


@refused((V3,), match="real value of `z`")
def real_before_a_loop(x):
    z = x[0]
    for each in x:
        z = z * (each + 1j)
    return abs(z)


@refused((V3,), match="complex on one path")
def complex_on_one_path(x):
    z = x * 2
    for _ in range(2):
        z = z * (x + 1j)
    return np.sum(abs(z))


@refused((V3,), match="a real base of a complex power")
def a_real_base(x):
    return np.sum(abs(x ** (x + 1j)))


@refused((V3,), match="a function of `cmath` of an array: it takes numbers; write instead NumPy's")
def cmath_of_an_array(x):
    return np.sum(abs(cmath.exp(x * 1j)))


@refused((V3,), match="math takes real numbers")
def math_of_a_complex_number(x):
    return math.exp(x[0] * 1j)


@refused((V3,), match="the imaginary part of an array that is written")
def a_view_of_imaginary_parts(x):
    z = x + 0j
    v = z.imag
    v[0] = x[1]
    return np.sum(abs(z))


@refused((V3,), match="drops the imaginary parts")
def made_real(x):
    return np.sum((x + 1j).astype(float))


@program((0.7,))
def unpacks_a_starred_name(x):
    a, *b = (x, x * x, x)
    return a * b[0] * b[1]


@program((0.7,), may_refuse=True)
def list_comprehension(x):
    return sum([x**i for i in range(4)])


@program((0.7,), may_refuse=True)
def list_literal_that_is_only_read(x):
    c = [1.0, x, x * x]
    return c[0] + c[1] * c[2]


@program((0.7,), may_refuse=True)
def for_over_a_tuple(x):
    s = x
    for c in (1.0, 2.0, x):
        s = s * c + x
    return s


@program((0.7,), may_refuse=True)
def for_over_zip_and_enumerate(x):
    s = x
    for i, c in enumerate((1.0, x)):
        s = s * c + i
    for a, b in zip((x, 2.0), (3.0, x)):
        s = s + a * b
    return s


@program((0.7,), may_refuse=True)
def inner_function(x):
    def inner(y):
        return y * x

    return inner(x) * inner(2.0)


@program((0.7,), may_refuse=True)
def inner_lambda(x):
    k = lambda y: y * x * 2
    return k(x)


@program((0.7,), may_refuse=True)
def local_import(x):
    import math as m

    return m.sin(x) * x


@program((0.7,), may_refuse=True)
def for_over_reversed(x):
    for i in reversed(range(4)):
        x = math.sin(x) + i * x
    return x


@program((0.7, True), (0.7, False), may_refuse=True)
def possibly_undefined_but_not_used(x, flag):
    if flag:
        y = x * x
    if flag:
        return y
    return x


@refused((0.7,), match="math has no `tangent` here")
def function_that_a_module_lacks(x):
    return math.tangent(x)


@refused((V3,), match="has no `summe` here")
def function_that_numpy_lacks(x):
    return np.summe(x) + np.linalg.inverse(x)


@program((0.7,))
def list_of_lists(x):
    a = [[x, 1.0], [2.0, x * x]]
    return a[0][0] * a[1][1] - a[0][1] * a[1][0]


# -- what Python would not run: the derivative may not need the value, and would not fail ---------


@refused((2.0,), match="`x | 2` of a float")
def bits_of_a_float(x):
    return x | 2


@refused((2.0,), match="`~x` of a float")
def inverted_float(x):
    return x * x + ~x


@refused((V3,), match="`x << 1` of a float")
def shifted_array(x):
    return np.sum(x << 1)


@refused((V3,), match="a float in a function of whole numbers")
def bits_of_an_array(x):
    return np.sum(np.bitwise_or(x, 1))


@program((2.0, 3), (0.5, 6))
def bits_of_whole_numbers(x, n):
    whole = (n | 2) + (n << 1) + (~n & 3) + (n ^ 1) + (n >> 1)
    return x * whole * ((x > 1) | (x < 0)) + x * int(x) * (int(x) & 3)


def _bits_added(y, v):
    y[0] += v
    return y[0] ^ 1


@refused((V3, 2), match="1` of a float")
def a_refused_helper_in_a_loop(x, n):
    y = x * x
    for i in range(n):
        _bits_added(y, x[i])
    return np.sum(y)
