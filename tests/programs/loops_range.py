"""`for` over ranges: carried values, zero trips, steps, and the index in all its roles."""

import math

from tests.programs import program


@program((0.7, 0), (0.7, 1), (0.7, 4), order=3)
def power(x, n):
    y = 1.0
    for i in range(n):
        y = y * x
    return y


@program((0.7, 5), (0.7, 0))
def carried_and_overwritten(x, n):
    y = x
    for _ in range(n):
        y = math.sin(y) * y + x
    return y * y


@program((0.7, 0.3, 4), (0.7, 0.3, 0), (0.7, 0.3, 3))
def swap_in_loop(a, b, n):
    for i in range(n):
        a, b = b, a * b + 1
    return a * a * b


@program((0.7, 0.3, 3), (0.7, 0.3, 4))
def pure_swap_in_loop(a, b, n):
    for i in range(n):
        a, b = b, a
    return a * a * b


@program((0.7, 0.3, 0.2, 4))
def rotation_in_loop(a, b, c, n):
    for i in range(n):
        a, b, c = b, c, a * b
    return a + b * c


@program((0.7, 3), (0.7, 0))
def index_after_loop(x, n):
    i = 7
    y = x
    for i in range(n):
        y = y * x
    return y * i


@program((0.7, 4))
def index_reassigned_in_body(x, n):
    y = 0.0
    for i in range(n):
        i = i * 2 + 1
        y = y + x**i
    return y * i


@program((0.7, 4), (0.7, 0))
def index_shadows_a_value(x, n):
    y = x * x
    i = n
    for i in range(i):
        y = y * x + i
    return y + i


@program((0.7, 4), (0.7, 1))
def index_shadows_the_parameter(x, n):
    s = x
    for x in range(n):
        s = s * s + x
    return s * x


@program((0.7, 3), (0.7, 0))
def bound_changed_in_body(x, n):
    y = x
    for i in range(n):
        n = n + 5
        y = y * x + n
    return y * n


@program((0.7, 3))
def bounds_and_step_changed_in_body(x, n):
    y = x
    step = 2
    start = 1
    for i in range(start, n * 2, step):
        start = start + 1
        step = step + 1
        y = y * x + i * step + start
    return y


@program((0.7, 5), (0.7, 0))
def negative_step(x, n):
    y = x
    for i in range(n - 1, -1, -1):
        y = y * y * 0.5 + i * x
    return y


@program((0.7, 2, 9, 3), (0.7, 9, 2, -3), (0.7, 9, 2, 3), (0.7, 2, 2, 1), (0.7, 2, 9, -1))
def any_step(x, a, b, step):
    y = x
    for i in range(a, b, step):
        y = math.sin(y) * i + x
    return y


@program((0.7, 7), (0.7, -3))
def negative_count(x, n):
    y = x
    for i in range(n - 5):
        y = y * x
    return y * x


@program((0.7, 2, 3), (0.7, 0, 3), (0.7, 3, 0))
def nested(x, n, m):
    y = x
    for i in range(n):
        for j in range(m):
            y = y * math.cos(y) + i * x - j
        y = y * x
    return y


@program((0.7, 4))
def triangular(x, n):
    s = 0.0
    for i in range(n):
        t = x
        for j in range(i):
            t = t * x + j
        s = s + t * t
    return s


@program((0.7, 3))
def inner_index_reused(x, n):
    y = x
    for i in range(n):
        y = y * x
        for i in range(2):
            y = y * y + i
        y = y + i * x
    return y


@program((0.7, 3))
def two_loops_with_one_index(x, n):
    y = x
    for i in range(n):
        y = y * y + i
    for i in range(2 * n, n, -1):
        y = math.sin(y) * i
    return y * i


@program((0.7, 4))
def temporaries_in_loop(x, n):
    y = x
    for i in range(n):
        a = y * x
        b = a * a
        a = math.sin(b) + a
        y = a * b
    return y + a * b


@program((0.7, 4), (0.7, 1))
def temporary_of_the_previous_trip(x, n):
    t = x
    y = 0.0
    for i in range(n):
        y = y + t * t
        t = y * x
    return y * t


@program((0.7, 0), (0.7, 3))
def temporary_of_the_loop_after_it(x, n):
    t = 2.0 * x
    for i in range(n):
        t = x * x + i * t
    return t * t


@program((0.7, 4))
def reset_inside(x, n):
    s = x
    for i in range(n):
        t = 0.0
        t = t + x * i
        s = s * t + x
        t = 1.0
    return s * t


@program((0.7, 4))
def overwritten_by_a_constant(x, n):
    y = x
    s = 0.0
    for i in range(n):
        s = s + y * y
        y = x * s
        s = s * y
        y = 2.0
    return s * y


@program((0.7, 4))
def alias_in_loop(x, n):
    old = x
    y = x
    for i in range(n):
        old = y
        y = y * x
        y = y + old * old
    return y * old


@program((0.7, 1.0, 6))
def fibonacci_like(a, b, n):
    for i in range(n):
        a, b = b, a * 0.5 + b * a
    return a + b


@program((0.7, 5))
def branch_in_loop_on_index(x, n):
    y = x
    for i in range(n):
        if i % 2:
            y = y * y
        else:
            y = math.sin(y) + x
    return y


@program((0.7, 6), (-0.7, 6))
def branch_in_loop_on_active_value(x, n):
    y = x
    for i in range(n):
        if y > 0.5:
            y = y * y - 0.3
        elif y > 0:
            y = y * 3
        else:
            y = math.cos(y) + x
    return y


@program((0.7, 5))
def variable_of_one_branch_in_loop(x, n):
    t = x
    s = 0.0
    for i in range(n):
        if i % 3 == 1:
            t = math.exp(-x * i)
        s = s + t * x
    return s


@program((0.7, 4))
def made_only_in_first_trip(x, n):
    s = 0.0
    for i in range(n):
        if i == 0:
            first = x * x
        s = s + first * i
    return s + first


@program((0.7, 5))
def integer_arithmetic_carried(x, n):
    k = 1
    y = x
    for i in range(n):
        k = k * 2 + i
        y = y * x + k
        if k > 10:
            k = k - 7
    return y * k


@program((0.7, 5))
def integer_becomes_float(x, n):
    s = 0
    for i in range(n):
        s = s + x * i
    return s * s


@program((0.7, 5), (0.7, 0))
def integer_stays_without_trips(x, n):
    p = 1
    for i in range(n):
        p *= x
    return p + x


@program((0.7, 5))
def augmented_in_loop(x, n):
    s = x
    for i in range(1, n):
        s += x / i
        s *= s
        s /= i + 1
        s -= x
    return s


@program((1.05, 3))
def augmented_power_in_loop(x, n):
    for i in range(n):
        x **= 2
    return x


@program((0.7, 10))
def float_counter(x, n):
    t = 0.0
    y = x
    for i in range(n):
        t = t + 0.1
        y = y + 0.1 * math.cos(t * y)
    return y


@program((0.7,))
def literal_range(x):
    for i in range(3):
        x = x * x + i
    return x


@program((0.7,))
def range_of_a_bool_and_len(x):
    for i in range(len((x, x, 1.0))):
        x = x * x + i
    return x


@program((0.7, 3))
def loop_with_dead_result(x, n):
    z = x
    for i in range(n):
        z = z * z
    return x * x


@program((0.7, 3))
def linear_loop(x, n):
    s = 0.0
    for i in range(n):
        s = s + 2 * x
        x = 3 * x - s
    return s - x


@program((0.7, 2))
def three_deep(x, n):
    y = x
    for i in range(n):
        a = y
        for j in range(n):
            b = a * x
            for k in range(n):
                b = b * a + k
                a = a * 0.5
            y = y * 0.1 + b * a
        y = math.sin(y) + a
    return y


@program((0.7, 4))
def reads_index_as_float(x, n):
    s = 0.0
    for i in range(n):
        s = s + math.cos(i) * x ** (i / 2 + 1) + x**i
    return s


@program((0.3, 50))
def long_loop(x, n):
    y = x
    for i in range(n):
        y = math.sin(y) + 0.5 * x
    return y


@program((0.7, 3, 2))
def trip_count_is_computed(x, n, m):
    for i in range(n * m - 1):
        x = math.sin(x) * 1.5
        for j in range(i // 2, m + i % 3):
            x = x * x + 0.1 * j
    return x


@program((2.7,), (0.5,))
def trip_count_is_active(x):
    y = x
    for i in range(int(x)):
        y = y * x
    return y


@program((0.7, 4))
def triple_product_of_carried(x, n):
    a = b = c = x
    for i in range(n):
        a = a * b
        b = b + c * a * 0.1
        c = c * a - b
        a = a + c
    return a * b * c


@program((0.7, 1.3, 3), (0.7, 1.3, 0))
def old_value_in_a_product_of_constants(x, y, n):
    t = 0.0
    for i in range(n):
        x = x * 0.9
        w = x
        x = w * y * 0.7
        s = 0.1 * w * 2.0
        t += s * s * x
    return t * x


@program((0.7, 1.3, 3))
def old_value_by_several_names(x, y, n):
    t = 0.0
    k = 2.0
    for i in range(n):
        w = v = x
        x = math.sin(w * y)
        s = 3.0 * v * k
        k = k + 1.0
        t += (s + i) * (s + i) * x
    return t * x
