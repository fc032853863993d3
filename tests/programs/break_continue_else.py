"""Jumps out of loops and over statements."""

import math

from tests.programs import program


@program((0.7, 10), (1.1, 10), (0.7, 0), (1.1, 1))
def break_on_active(x, n):
    s = 1.0
    for i in range(n):
        s = s * x + 0.5
        if s > 2:
            break
        s = s * s * 0.6
    return s * x


@program((0.7, 6))
def continue_on_index(x, n):
    s = x
    for i in range(n):
        if i % 3 == 1:
            continue
        s = s * s + 0.1 * i
    return s


@program((0.7, 6), (-0.9, 6))
def continue_on_active(x, n):
    s = x
    for i in range(n):
        s = s + 0.3
        if s > 0.9:
            s = s * s - 1.1
            continue
        s = math.sin(s) * x
    return s


@program((0.7, 6), (0.2, 6))
def break_inside_nested_ifs(x, n):
    y = x
    for i in range(n):
        y = y * 1.3
        if i > 1:
            if y > 1:
                y = y * y
                break
            y = y + 0.1 * x
        y = math.sin(y) + 0.2
    return y * y


@program((0.7, 4), (1.5, 4), (0.7, 0))
def for_else(x, n):
    for i in range(n):
        x = x * x + 0.05
        if x > 1:
            break
    else:
        x = x * 3 + math.exp(x)
    return x * x


@program((0.7, 4), (0.2, 4))
def continue_and_else(x, n):
    y = x
    for i in range(n):
        if y > 0.5:
            y = y * 0.5
            continue
        y = y * y + 0.6
    else:
        y = y * x
    return y


@program((0.7, 4), (1.5, 4), (0.3, 4))
def break_continue_else(x, n):
    y = x
    for i in range(n):
        y = y * 1.2
        if i == 1:
            continue
        if y > 1:
            break
        y = y - 0.1 * x * i
    else:
        y = y * y * y
    return y * x


@program((0.7, 4, 4), (1.3, 4, 4))
def break_of_inner_loop_only(x, n, m):
    s = x
    for i in range(n):
        t = s
        for j in range(m):
            t = t * x + 0.2
            if t > 1:
                t = t * t
                break
        else:
            t = t - 0.3
        s = s * 0.5 + math.sin(t)
    return s


@program((0.7, 4), (1.3, 4))
def break_of_both(x, n):
    s = x
    for i in range(n):
        for j in range(n):
            s = s * 1.1 + 0.1 * i
            if s > 2:
                break
        if s > 2:
            s = s * s
            break
        s = s + j * x
    return s


@program((0.7, 5))
def index_after_break(x, n):
    for i in range(n):
        x = x * 1.3
        if x > 1:
            break
    return x * i


@program((0.7, 5))
def break_at_once(x, n):
    for i in range(n):
        x = x * x
        break
    return x


@program((0.7, 5))
def continue_at_the_end(x, n):
    for i in range(n):
        x = math.sin(x) + 0.1
        continue
    return x


@program((0.7, 5), (0.2, 5))
def two_breaks(x, n):
    y = x
    for i in range(n):
        y = y * 1.5
        if y > 2:
            y = y * y
            break
        y = y - 0.1
        if y < 0.2:
            y = math.exp(y)
            break
        y = y * math.cos(y)
    return y


@program((0.7, 8))
def two_continues(x, n):
    y = x
    for i in range(n):
        if i % 4 == 0:
            y = y + x
            continue
        y = y * 0.8
        if y > 0.9:
            continue
        y = y * y + 0.4
    return y


@program((0.7,), (3.0,))
def break_in_while(x):
    y = x
    k = 0
    while k < 10:
        k += 1
        if k == 2:
            continue
        y = y * 0.7 + 0.1
        if y < 0.5:
            break
        y = y * x / (1 + x)
    return y * k


@program((0.7, 5), (2.0, 5))
def break_before_anything(x, n):
    y = x
    for i in range(n):
        if y > 1:
            break
        y = y * y + 0.5
    return y


@program((0.7, 5), (-0.7, 5))
def break_in_else_branch(x, n):
    y = x
    for i in range(n):
        if y > 0:
            y = y - 0.3 * x
        else:
            y = y * y
            break
        y = y * 1.1
    return y * x


@program((0.7, 4))
def the_last_value_of_each_trip_matters(x, n):
    last = 0.0
    for i in range(n):
        if i % 2 == 0:
            last = x * (i + 1)
            continue
        last = last * last
        if i == 3:
            break
    return last * x


@program((0.7, 3))
def jumps_in_a_loop_run_many_times(x, n):
    total = 0.0
    for i in range(n):
        y = x
        for j in range(5):
            if j == i:
                continue
            y = y * x + 0.3
            if y > 0.9 + 0.1 * i:
                break
        total = total + y * y
    return total


@program((0.7, 4))
def find_first(x, n):
    found = -1
    y = x
    for i in range(n):
        y = y * 1.4
        if y > 1 and found < 0:
            found = i
    return y * found


@program((0.4, 9), (0.9, 9))
def hunt(x, n):
    s = 1.0
    for i in range(n):
        if i % 3 == 1:
            continue
        s = math.cos(i) * s * s + x
        if s > 1.8:
            break
        x = x + 0.3 * s * s
        if x > 1.5:
            return s * x
    return s - x


@program((0.6, 1.3), (0.9, -0.4), (2.5, 0.7))
def the_index_of_a_loop_that_a_trip_leaves_out(x, y):
    w = x
    i = 0
    for j in range(3):
        if j % 2 == 1:
            if y * i > 0.9:
                w = math.sin(w * y)
            if x < 1.0:
                continue
        for i in range(4, j, -1):
            pass
    return w * x
