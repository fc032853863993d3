"""Returns from anywhere."""

import math

from tests.programs import program, refused


@program((0.7,), (-0.7,))
def guard(x):
    if x < 0:
        return 0.0
    return x * x


@program((0.7,), (-0.7,), (4.0,))
def three_ways(x):
    if x < 0:
        return x
    y = x * x
    if y > 9:
        return math.sqrt(y) * x
    y = y * y
    return y + x


@program((0.7, 5), (1.2, 5), (0.7, 0))
def from_a_loop(x, n):
    y = x
    for i in range(n):
        y = y * 1.2
        if y > 2:
            return y * x * i
        y = y - 0.05
    return y * y


@program((0.7, 4), (1.2, 4), (0.1, 4))
def from_nested_loops(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            s = s * x + 0.4
            if s > 1.5:
                return s * s + i * x + j
        s = s * 0.9
    return s


@program((0.7,), (0.1,))
def from_while(x):
    k = 0
    while k < 8:
        x = x * 1.2 + 0.01
        if x > 1:
            return x**k
        k += 1
    return x - k


@program((0.7, 4), (2.0, 4))
def from_loop_else(x, n):
    for i in range(n):
        x = x * 0.9
        if x > 1.5:
            break
    else:
        return x * x
    return x * x * x


@program((0.7,), (-0.7,))
def code_after_return(x):
    if x > 0:
        return x * x
        x = x + 1
    else:
        return math.sin(x)
    return x


@program((0.7, 3))
def in_the_first_trip(x, n):
    for i in range(n):
        return x * x + i
    return x


@program((0.7, 0), (0.7, 3))
def loop_that_may_not_return(x, n):
    for i in range(n):
        x = x * x
        return x * 3
    return x * 5


@program((0.7, 4), (1.4, 4))
def variables_used_after_on_one_path(x, n):
    y = x
    for i in range(n):
        t = y * y
        if t > 1:
            return t * y
        y = t + 0.3
    return t * y


@program((0.7,), (-0.7,), (1.5,))
def nested_ifs(x):
    if x > 0:
        if x > 1:
            return math.log(x)
        y = x * 2
    else:
        y = x * x
    return y * y


@program((0.7,), (-0.7,))
def returns_a_constant_or_a_value(x):
    if x > 0:
        return 1.0
    return x


@program((0.7,), (-0.7,))
def returns_an_int_or_a_value(x):
    if x > 0:
        return 0
    return x * x


@program((0.7, 3), (1.2, 6), (0.2, 5))
def break_continue_return(x, n):
    y = x
    for i in range(n):
        if i == 1:
            continue
        y = y * 1.3 + 0.1 * i
        if y > 1.5:
            return y * x
        if y < 0.35:
            break
        y = y * y
    return y + x * i


@program((0.7,), (-0.7,))
def returns_a_ternary(x):
    return x * x if x > 0 else x


@program((0.7, 1.5), (0.7, -1.5))
def returns_a_tuple(x, y):
    if y < 0:
        return x * y, y
    return x * x, x + y


@program((0.7, 1.5))
def returns_a_parameter_and_a_constant(x, y):
    return x, 2.0, x * y, x


@program((0.7, 1.5))
def returns_nested_tuples(x, y):
    return (x * y, (x + y, y)), x


@program((0.7, 4), (1.4, 4))
def from_an_endless_loop(x, n):
    while True:
        x = x * x + 1
        if x > 3:
            return x * n


@program((0.7, 4), (1.4, 4))
def or_raises(x, n):
    for i in range(n):
        x = x * x + 1
        if x > 3:
            return x * i
    raise ValueError("too few steps")


@program((0.7,), (0.0,), (-0.7,))
def every_branch_ends(x):
    if x > 0:
        assert x < 3
        return x * x
    elif x == 1:
        raise ValueError
    else:
        while True:
            x += 1
            if x > 0:
                break
        return x * x * x


@program((0.7,), (-0.7,))
def none_until_a_branch(x):
    y = None
    if x > 0:
        y = x * x
    else:
        y = x
    return y


@refused((0.7,), match="the path that ends here: it returns None")
def runs_off_an_if(x):
    if x > 0:
        return x * x
    elif x > -1:
        return x


@refused((0.7, 4), match="the path that ends here: it returns None")
def runs_off_a_loop(x, n):
    for i in range(n):
        x = x * x + 1
        if x > 3:
            return x


@refused((0.7, 4), match="the path that ends here: it returns None")
def runs_off_after_a_break(x, n):
    for i in range(n):
        x = x * x + 1
        if x > 3:
            break
    else:
        return x


@refused((0.7,), match="the path that ends here: it returns None")
def calls_what_runs_off_its_end(x):
    return runs_off_an_if(x) * x


@refused((0.7,), match="None: it may be returned")
def returns_none_in_a_ternary(x):
    return x if x > 0 else None


@refused((0.7,), match="None: it may be returned")
def returns_nothing_early(x):
    if x > 0:
        return
    return x


@refused((0.7, 3), match="None: it may be returned")
def keeps_none_through_a_break(x, n):
    y = None
    for i in range(n):
        if i > 1:
            break
        y = x * x
    return y
