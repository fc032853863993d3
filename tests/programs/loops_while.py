"""`while`: lengths that depend on data, and conditions that do something."""

import math

from tests.programs import program


@program((2.0,), (9.0,), order=2)
def newton_sqrt(x):
    y = x
    while abs(y * y - x) > 1e-12 * x:
        y = 0.5 * (y + x / y)
    return y


@program((0.7, 3), (0.7, 0))
def countdown(x, n):
    y = x
    while n > 0:
        y = math.sin(y) * x + n
        n = n - 1
    return y * y


@program((0.7, 3))
def counter_up(x, n):
    i = 0
    s = x
    while i < n:
        s = s * s + i
        i += 1
    return s * i


@program((0.7, 8))
def truth_of_an_int(x, n):
    while n:
        x = x * 1.1 + math.sin(x)
        n = n // 2
    return x


@program((0.7,), (5.0,))
def halving(x):
    y = x * x
    while y > 1:
        y = y / 2
        x = x * y
    return x * y


@program((0.7,), (20.0,))
def while_true(x):
    y = x
    while True:
        if y < 1:
            break
        y = math.sqrt(y) * 0.9
    return y * x


@program((0.7,), (3.0,))
def while_true_return(x):
    k = 0
    while True:
        x = x * 0.8 + 0.1
        k += 1
        if x < 1:
            return x * x * k


@program((0.7, 4), (0.7, 0))
def while_else(x, n):
    while n > 0:
        n -= 1
        x = x * x + 0.1
    else:
        x = math.sin(x)
    return x


@program((0.7, 4), (1.5, 4), (0.7, 0))
def while_else_with_break(x, n):
    while n > 0:
        n -= 1
        x = x * x + 0.1
        if x > 1:
            x = x * 3
            break
    else:
        x = math.sin(x)
    return x * x


@program((0.7,), (2.2,))
def walrus_in_condition(x):
    y = x
    while (r := y * y - x) > 1e-3:
        y = y - 0.5 * r
    return y * r


@program((0.7,), (4.0,), order=1)
def compound_condition(x):
    i = 0
    y = x
    while y > 0.5 and i < 6:
        y = y * 0.7 - 0.01 * x
        i += 1
    return y * i


@program((0.7,), (4.0,), order=1)
def condition_on_two_active_values(x):
    a, b = x, 3.0
    while a < b:
        a, b = a * 1.5, b * a * 0.9
    return a * b


@program((3.7, 2.2), (1.0, 4.0))
def agm(a, b):
    while abs(a - b) > 1e-10:
        a, b = 0.5 * (a + b), math.sqrt(a * b)
    return a


@program((0.7, 3))
def nested_whiles(x, n):
    i = 0
    y = x
    while i < n:
        j = 0
        while j < i:
            y = math.sin(y) * x + j
            j += 1
        y = y * y
        i += 1
    return y


@program((0.7, 3))
def while_in_for(x, n):
    y = x
    for i in range(n):
        k = i
        while k > 0:
            y = y * math.cos(y)
            k -= 2
        y = y + k * x
    return y


@program((0.7, 3))
def for_in_while(x, n):
    y = x
    while n > 0:
        for i in range(n):
            y = y * x + i
        n -= 1
        y = math.tanh(y)
    return y


@program((0.7,), (40.0,))
def collatz_like(x):
    n = int(x * 3)
    y = x
    while n > 1:
        if n % 2 == 0:
            n = n // 2
            y = y * 0.7
        else:
            n = 3 * n + 1
            y = math.sin(y) + x
    return y


@program((1.3, 10))
def bisect(x, n):
    lo, hi = 0.0, 3.0 * x
    k = 0
    while k < n:
        mid = 0.5 * (lo + hi)
        if mid * mid < x:
            lo = mid
        else:
            hi = mid
        k += 1
    return lo * hi


@program((0.3,))
def series_until_small(x):
    term = x
    total = 0.0
    k = 1
    while abs(term) > 1e-17:
        total += term
        term = -term * x * x / ((2 * k) * (2 * k + 1))
        k += 1
    return total


@program((0.7,))
def never_entered(x):
    y = x * x
    while False:
        y = y * 2
    while y < -1:
        y = y * x
    return y


@program((5.0,), (0.5,))
def not_condition(x):
    while not x < 1:
        x = x / 2 + 0.01 * x * x
    return x * x


@program((0.7, 3), (2.5, 8), (1.5, 0))
def value_made_on_some_paths(x, n):
    while n > 0:
        n = n - 1
        if n % 2 == 1:
            t = math.sin(x)
            x = x * t * t
        elif n > 5:
            t = x * x
            x = x * t * t
    return x


@program((0.7, 3), (1.9, 4), (1.5, 0))
def value_made_before_and_after_a_break(x, n):
    for i in range(n):
        if i % 2 == 1:
            t = math.sin(x)
            x = x * t * t
        if x > 2:
            break
        t = math.cos(x)
        x = x * t * t + 1.0
    return x
