"""Conditions of all forms; variables that only some paths make or change."""

import math

from tests.programs import program, refused


@program((0.7,), (-0.7,))
def if_else(x):
    if x > 0:
        y = x * x
    else:
        y = math.sin(x)
    return y * x


@program((0.7,), (-0.7,))
def overwritten_in_one_branch(x):
    y = x * x
    if x > 0:
        y = y * y * x
    return y * y


@program((0.7,), (-0.7,), (2.5,))
def elif_chain(x):
    if x < 0:
        y = x * x
    elif x < 1:
        y = math.exp(x)
    elif x < 2:
        y = x
    else:
        y = 1 / x
    return y * y


@program((0.7, 1.0), (-0.7, 1.0), (-0.7, -1.0), (0.7, -1.0))
def nested(x, y):
    if x > 0:
        if y > 0:
            x = x * y
        else:
            y = y * x * x
        x = x * y
    else:
        if y > 0:
            y = y * math.cos(x)
        x = x + y * y
    return x * y


@program((0.7, 1), (0.7, 0))
def variable_of_one_branch(x, n):
    if n:
        t = x * x
    y = x + 1
    if n:
        y = y * t
    return y


@program((0.7,), (-0.7,))
def variable_of_one_branch_active_condition(x):
    if x > 0:
        t = x * x
        y = t * x
    else:
        y = x
    if x > 0:
        y = y * t
    return y


@program((0.7,), (-0.7,))
def the_condition_variable_is_overwritten(x):
    if x > 0:
        x = -x * x
    else:
        x = x * x * x
    if x > 0:
        x = x * 2
    else:
        x = math.exp(x)
    return x * x


@program((0.7,), (-0.7,))
def the_same_condition_twice_after_a_change(x):
    y = x
    if y > 0:
        y = y - 5
    if y > 0:
        y = y * y
    if y < 0:
        y = y * y * y
    return y


@program((0.7,), (-0.7,))
def swap_in_a_branch(x):
    a, b = x, x * x
    if x > 0:
        a, b = b, a
    return a * a * b


@program((0.7,), (-0.7,), (3.0,))
def ternary(x):
    y = x * x if x > 0 else math.sin(x)
    return y * (1.0 if x > 2 else y)


@program((0.7,), (-0.7,), (3.0,), (-3.0,))
def chained_ternary(x):
    return x * x if x > 2 else x**3 if x > 0 else math.exp(x) if x > -2 else 1 / x


@program((0.7,), (-0.7,))
def ternary_as_operand(x):
    y = 2.0 * (x if x > 0 else -x * x) + (x * (3 if x > 0 else 4)) ** 2
    return y


@program((0.7,), (1.2,))
def ternary_guards(x):
    y = math.sqrt(1 - x) if x < 1 else 0.0
    return y + x * x


@program((0.7, 2.0), (0.0, 2.0), (-0.7, 0.0))
def or_gives_a_value(x, y):
    return (x or y) * y + (y or 3.0)


@program((0.7, 2.0), (0.7, 0.0))
def and_gives_a_value(x, y):
    return (y and x * y) + x * x


@program((0.7, 2.0), (-0.7, 2.0), (0.7, -2.0), (-0.7, -2.0))
def boolean_operators(x, y):
    if x > 0 and y > 0:
        z = x * y
    elif x > 0 or y > 0:
        z = x * x * y
    elif not x > 0:
        z = y * y * x
    else:
        z = 0.0
    return z * x


@program((0.7,), (1.4,), (2.4,))
def chained_comparison(x):
    if 1 < x <= 2:
        return x * x
    if not (0 < x < 1 < 2):
        return math.sin(x)
    return x


@program((0.7,), (-0.7,))
def comparison_stored(x):
    big = x > 0
    x = -x
    if big:
        x = x * x
    return x * 3 if not big else x * 2


@program((0.7,), (3.0,))
def walrus_in_condition(x):
    if (y := x * x) > 1:
        return y * x
    elif (z := y + 1) > 1.2:
        return z * y
    return y


@program((0.7,), (2.0,))
def short_circuit_guards(x):
    if x < 1 and math.sqrt(1 - x) > 0.1:
        return x * math.sqrt(1 - x)
    return x * x


@program((0.7,), (-0.7,))
def empty_branch(x):
    if x > 0:
        pass
    else:
        x = x * x
    return x * x


@program((0.7,), (-0.7,))
def constant_in_one_branch(x):
    if x > 0:
        y = 2.0
    else:
        y = x * x
    return y


@program((0.7,), (-0.7,))
def int_in_one_branch(x):
    if x > 0:
        y = 0
    else:
        y = x
    return y * x + y


@program((0.7, 1), (0.7, 2), (0.7, 5))
def branches_on_ints(x, n):
    if n == 1:
        return x
    if n % 2 == 0:
        x = x * x
    else:
        x = x**n
    return x * n


@program((0.7, "square"), (0.7, "cube"), (0.7, None))
def branches_on_strings(x, how):
    if how is None:
        return x
    if how == "square":
        return x * x
    return x**3


@program((0.7,), (-0.7,))
def assert_passes(x):
    assert x > -10, "far too small"
    y = x * x
    assert y >= 0
    return y


@program((0.7,), (-0.7,))
def raise_not_taken(x):
    if x > 10:
        raise ValueError(f"too large: {x:.2f}")
    if x < 0:
        x = x * x
    return x * x


@program((0.7,), (-0.7,))
def both_branches_return(x):
    if x > 0:
        y = x * x
        return y
    else:
        y = math.cos(x)
        return y * y


@program((0.7, 0.7), (0.7, 0.8))
def branch_on_equality(x, y):
    if x == y:
        return x * x
    return x * y * y


@program((0.7,), (-0.7,), (-2.0,))
def many_assignments_per_path(x):
    y = z = x
    if x > 0:
        y = y * z
        z = z * y
        y = y * z
    elif x > -1:
        z = y
        y = z * z * z
    w = y * z
    if w > 0.2:
        w = w * y
        y = w
    return y * w * z


@program((0.7,), (-0.7,))
def only_a_constant_overwrites(x):
    y = x * x
    if x > 0:
        x = 1.0
    return x * y


@program((0.7, 2.0), (2.0, 0.7))
def order_two_values(a, b):
    if a > b:
        a, b = b, a
    return b - a * a


@program((0.3, 3), (0.7, 0), (0.2, 1))
def none_until_the_first_trip(x, n):
    y = None
    for _ in range(n):
        if y is None:
            y = x
        else:
            y = y * y + x
    if y is None:
        y = 0.0
    return y * x


@program((0.3, 3), (0.7, 1), order=3)
def none_before_an_inner_loop(x, n):
    before = None
    s = 0.0
    for i in range(n):
        for _ in range(2):
            if before is not None:
                s = s + before * math.sin(before * x)
            before = x * (i + 1) + s
    return s


@program((0.3,), (-0.3,))
def none_where_it_is_not_returned(x):
    y = None
    if x > 0:
        y = x * x
    if y is not None:
        return y
    y = None
    if x < 1:
        y = x * x * x
    if y is None:
        y = x
    return y


@refused((0.3, 3), match="an operation on None")
def none_times_a_number(x, n):
    y = None
    for _ in range(n):
        for _ in range(n):
            x = x * math.sin(y)
    return x
