"""Calls of user functions: helpers, their defaults, their returns, modules and closures."""

import math

from tests.programs import program
from tests.programs import shared_helpers as tools
from tests.programs.shared_helpers import damped
from tests.programs.shared_helpers import softplus as smooth

RATE = 0.25


def square(x):
    return x * x


def logistic(x):
    return 1 / (1 + math.exp(-x))


def clipped(x):
    if x > 1:
        return 1.0
    if x < -1:
        return -1.0
    return x * (1.5 - 0.5 * x * x)


def polar(x, y):
    r = math.sqrt(x * x + y * y)
    return r, math.atan2(y, x)


def both(x, y):
    p = x * y
    return (p, x), y * p


def scaled(x, k=2.0, *, shift=0.5):
    return k * x + shift * x * x


def overwrites(x, y):
    x = x * y
    y = x * x
    return y - x


def horner(x, n):
    s = 0.0
    for i in range(n):
        s = s * x + i + 1
    return s


def first_above(x, limit):
    for i in range(10):
        x = x * 1.3
        if x > limit:
            return x * i
    return x


def constant(x):
    return 2.5


def identity(x):
    return x


def ignores_second(x, y):
    return math.sin(x)


def no_arguments():
    return 1.5


def shout(x):
    print("large" if x > 100 else "", end="")
    return None


@program((0.7,), order=3)
def one_call(x):
    return square(x) * x


@program((0.7,))
def calls_of_calls(x):
    return square(logistic(square(x) + x)) * logistic(x)


@program((0.7, 4), (0.7, 0))
def called_in_a_loop(x, n):
    y = x
    for i in range(n):
        y = square(y) + logistic(y * i) - square(x)
    return y


@program((0.7,), (1.4,), (-2.0,))
def helper_with_early_returns(x):
    return clipped(x) * x + clipped(x / 3)


@program((0.3, 5))
def helper_with_early_returns_in_a_loop(x, n):
    y = x
    for i in range(n):
        y = clipped(y * 1.3) + 0.1 * x
    return y


@program((0.7, -0.4))
def tuple_result(x, y):
    r, t = polar(x, y)
    return r * t + r


@program((0.7, -0.4))
def tuple_result_partly_used(x, y):
    r, _ = polar(x, y)
    return r * x


@program((0.7, -0.4))
def tuple_result_indexed(x, y):
    t = polar(x, y)
    return t[0] * t[1] * polar(y, x)[0]


@program((0.7, -0.4))
def nested_unpacking_of_a_result(x, y):
    (a, b), c = both(x, y)
    return a * b + c * c


@program((0.7, 3))
def tuple_result_in_a_loop(x, n):
    a, b = x, 0.5
    for i in range(n):
        (a, _), b = both(b, a + 0.1 * i)
    return a * b


@program((0.7, 1.2))
def defaults_and_keywords(x, y):
    return scaled(x) + scaled(x, y) * scaled(y, shift=x) + scaled(k=x, x=y) + scaled(x, y, shift=y)


@program((0.7,), (0.7, 1.9))
def own_default(x, y=3.0):
    return x * y * y


@program((0.7,))
def own_keyword_only(x, *, k=3.0):
    return x * x * k


@program((0.7, 1.2))
def arguments_overwritten_by_the_helper(x, y):
    z = overwrites(x, y)
    return z * x * y


@program((0.7,))
def the_same_argument_twice(x):
    return overwrites(x, x) * polar(x, x)[0]


@program((0.7, 5))
def helper_with_a_loop(x, n):
    return horner(x, n) * horner(x * x, n + 1) + horner(x, 0)


@program((0.7,), (0.01,))
def helper_that_returns_from_a_loop(x):
    return first_above(x, 1.5) * x + first_above(x * x, x)


@program((0.7,))
def trivial_helpers(x):
    return (
        identity(x) * constant(x) + identity(identity(x * x)) + constant(3.0) + no_arguments() * x
    )


@program((0.7, 1.2))
def helper_that_ignores(x, y):
    return ignores_second(x, y) * ignores_second(2.0, y) + ignores_second(y, 1)


@program((0.7,))
def call_without_use_of_the_result(x):
    shout(x)
    square(x)
    return x * x


@program((0.7,))
def imported_helpers(x):
    return damped(x, 0.3) * tools.damped(x, tools.RATE) + smooth(x) * tools.softplus(-x) + RATE * x


@program((0.7,))
def helper_with_inactive_arguments(x):
    return polar(3.0, 4.0)[0] * x + scaled(2.0) * x


@program((0.7,))
def active_and_inactive_calls(x):
    return overwrites(x, 2.0) + overwrites(2.0, x) * overwrites(1.0, 2.0)


@program((0.7, 1.5), (-0.7, 1.5))
def call_in_a_condition(x, y):
    if square(x) > 0.4 and logistic(x) > 0.5:
        return square(y) * x
    return logistic(x * y)


@program((0.7,), (1.9,))
def call_in_a_ternary(x):
    return square(x) if x > 1 else logistic(x) * clipped(x)


@program((0.7,), (3.9,))
def call_in_a_while_condition(x):
    while square(x) > 1.5:
        x = x * 0.7
    return x * x


@program((0.7,))
def call_as_call_argument(x):
    return max(square(x), logistic(x)) * math.sin(square(x)) + abs(clipped(-x))


def _make(power, offset):
    def made(x):
        return x**power + offset * x

    return made


cube_plus = _make(3, 0.5)
square_minus = _make(2, -1.5)


@program((0.7,))
def closures_as_helpers(x):
    return cube_plus(x) * square_minus(x)


program((0.7,), (-0.7,))(_make(3, 0.25))

gently = lambda x: x * 0.5 + math.sin(x)


@program((0.7,))
def lambda_as_helper(x):
    return gently(gently(x)) * x


def level_1(x, y):
    return x * y + math.sin(x)


def level_2(x, y):
    return level_1(x, y) * level_1(y, x)


def level_3(x, y):
    return level_2(x, level_1(x, y)) + level_2(y, x)


@program((0.7, 1.2))
def deep_calls(x, y):
    return level_3(x, y) * level_3(y, 0.5)


def mixed_returns(x, n):
    if n == 0:
        return 0
    if n == 1:
        return x
    return x * x * n


@program((0.7,))
def helper_with_int_or_float_result(x):
    return mixed_returns(x, 0) + mixed_returns(x, 1) * mixed_returns(x, 2)


def counts(x, n):
    return n + 1, x * n


@program((0.7, 2))
def helper_with_int_results(x, n):
    n, x = counts(x, n)
    for i in range(n):
        n, x = counts(x, i)
    return x + n


def sine_steps(x, n):
    y = x
    for i in range(n):
        y = y * math.sin(y) + x
    return y


def sine_steps_until(x, n):
    y = x
    while n > 0:
        n -= 1
        y = y * math.sin(y) + x
        if y > 3:
            break
    return y


def recursive_sine_steps(x, n):
    y = sine_steps(x, n)
    if n == 0:
        return x
    return y * recursive_sine_steps(x * 0.5, n - 1)


@program((0.3, 3), (-0.3, 3), order=3)
def loop_called_in_a_branch(x, n):
    if x > 0:
        y = sine_steps(x, n)
    else:
        y = x * x
    return y * x


@program((0.3, 3), (-0.3, 3), order=3)
def loop_called_in_a_loop(x, n):
    y = x
    for i in range(n):
        y = sine_steps(y, n) * 0.5
    return y * x


@program((0.3, 3), (-0.3, 3), order=3)
def loop_that_breaks_called_in_one_that_breaks(x, n):
    y = x
    while n > 0:
        n -= 1
        if y > 2:
            break
        y = sine_steps_until(y, n) * 0.5
    return y * x


@program((0.3, 3), (-0.3, 0), order=3)
def loop_called_before_an_early_return(x, n):
    if n == 0:
        return sine_steps_until(x, 2) * 2
    y = sine_steps_until(x, n)
    return y * x


@program((0.3, 2), (-0.3, 0), order=3)
def recursion_called_in_a_loop(x, n):
    if n == 0:
        return recursive_sine_steps(x, 2) * 2
    for i in range(n):
        x = recursive_sine_steps(x, i)
    return recursive_sine_steps(x, n) * x


@program((0.3, 3), (-0.3, 1), order=3)
def loop_that_breaks_called_twice(x, n):
    y = sine_steps_until(x, n)
    y = sine_steps_until(y, n)
    return y * x


def cosine_steps(x):
    for _ in range(3):
        x = math.cos(-x / (2.0 + x * x))
    return math.tanh(x)


@program((0.9, 0.4, 1), (0.9, 0.4, 2))
def a_loop_called_for_what_comes_to_nothing(x, y, n):
    y = math.log(1.5 + x / (2.0 + y * y))
    z = math.sin(cosine_steps(y))
    z, t = -0.5, min(z, y) - x * x
    x, z = math.tanh(t), math.sin(t if n == 1 else n)
    return cosine_steps(2.0) * (-z)


def _swung(x, t):
    for _ in range(3):
        t *= 1.5 * math.sin(math.exp(-x * x))
    return math.cos(0.5 - x + 0.1 / (2.0 + t * t))


@program((-0.9,), (0.4,))
def what_one_call_saves_moves_and_another_ones_does_not(x):
    y = x * math.cos(x / (2.0 + _swung(0.1, x)))
    return y * _swung(y, 0.7)


def _nested(x, u, n):
    if n < 1:
        return math.tanh(x * u)
    return math.sin(_nested(x * u, u, n - 1)) * x


@program((0.4, 0.2, 3), (0.4, 0.2, 1))
def a_call_whose_result_nothing_reads(x, z, n):
    if n > 2:
        z = max(x, x) - _nested(x, x, 1)
        return math.tanh(z)
    x = _nested(z, z, 2)
    return 0.5


def doubled_in_a_list(y, n):
    q = [0.0] * n
    for i in range(n):
        q[i] = y * y * i
    total = 0.0
    for i in range(n):
        total = total * y + q[i]
    return total


def of_a_list_behind(y, n):
    return doubled_in_a_list(y, n) * y


@program((0.7, 4), (0.7, 0))
def helper_with_a_list_in_a_loop(x, n):
    total = 0.0
    for k in range(3):
        if k != 1:
            total += doubled_in_a_list(x + k * 0.1, n)
        else:
            total = total * of_a_list_behind(x, n)
    return total


@program((0.7, 4))
def helper_with_a_list_in_a_while_loop(x, n):
    total = 0.1
    while total < 2.0:
        total += total * of_a_list_behind(x + total, n)
    return total


def damped_forward(x):
    return 7.0 * x


def damped_reverse(x):
    return 3.0 + x


def damped_jvp(x):
    return 5.0 / x


@program((0.7,))
def names_of_what_is_generated_for_another_file(x):
    mine = damped_forward(2.0) + damped_reverse(1.0) * x + damped_jvp(2.0) * x
    return damped(x, 0.5) * mine * damped_forward(x) + damped_jvp(x) * damped_reverse(x)
