"""Loops over what pairs up, joins, repeats and cuts sequences: zip, enumerate, itertools."""

import itertools
import operator
from itertools import accumulate, chain, cycle, islice, pairwise, product, repeat
from itertools import zip_longest as longest

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import M23, V3

W3 = np.array([0.3, -1.2, 2.0])
W4 = np.array([0.3, -1.2, 2.0, 0.7])
NONE = np.zeros(0)


@program((V3, W3))
def zip_strict(x, y):
    s = 0.0
    for a, b in zip(x, y, strict=True):
        s += a * b * b
    return s


@program((V3, W4))
def zip_not_strict(x, y):
    s = 0.0
    for a, b in zip(x, y, strict=False):
        s += a * b * b
    return s


@program((V3, W4, 2))
def zip_of_three_with_a_range(x, y, n):
    s = 0.0
    for i, a, b in zip(range(n, n + 9, 2), x, y):
        s += i * a * b
    return s


@program((V3, W3), (NONE, NONE))
def enumerate_of_zip(x, y):
    s = 0.0
    for i, (a, b) in enumerate(zip(x, y), start=2):
        s += i * a * b**2
    return s


@program((V3, W3, 3))
def zip_of_enumerate(x, y, n):
    s = 0.0
    for (i, a), b in zip(enumerate(x, n), y):
        s += i * a * b**2
    return s


@program((V3, 2))
def pair_by_one_name(x, n):
    s = 0.0
    for pair in zip(x, x[1:]):
        s += pair[0] * pair[1] ** n
    return s


@program((V3,), (NONE,))
def backwards_by_enumerate(x):
    s = 0.0
    for i, a in enumerate(reversed(x)):
        s = s * a + i
    return s


@program((0.7, 7), (0.7, 0))
def reversed_range_with_a_step(x, n):
    s = 1.0
    for i in reversed(range(1, n, 2)):
        s = s * x + i
    return s


@program((V3, M23))
def product_of_ranges(x, a):
    s = 0.0
    for i, j in product(range(2), range(3)):
        s += x[j] * a[i, j] ** 2
    return s


@program((V3, W4), (V3, NONE))
def product_of_arrays_with_break(x, y):
    s = 1.0
    for a, b in itertools.product(x, y):
        if a * b > 4.0:
            break
        s = s * (1 + 0.1 * a * b)
    else:
        s = s * 2
    return s


@program((V3,))
def product_repeated(x):
    s = 0.0
    for a, b, c in product(x, repeat=3):
        if b > 1.5:
            continue
        s += a * b * c * c
    return s


@program((V3, W4), (NONE, W4), (V3, NONE))
def chain_of_arrays(x, y):
    s = 1.0
    for a in chain(x, y):
        s = s * 0.5 + a * a
    return s


@program((V3, W4))
def chain_of_three_enumerated(x, y):
    s = 1.0
    for i, a in enumerate(chain(x, y, x)):
        s = s * 0.5 + i * a * a
    return s


@program((V3,), (np.ones(1),), (NONE,))
def pairwise_differences(x):
    s = 0.0
    for a, b in pairwise(x):
        s += (b - a) ** 2 * b
    return s


@program((V3, 2), (V3, 7), (V3, 0))
def first_few(x, n):
    s = 1.0
    for a in islice(x, n):
        s *= a
    return s


@program((W4, 1, 4), (W4, 0, 1), (W4, 3, 2))
def islice_with_start_stop_step(x, m, n):
    s = 1.0
    for a in islice(x, m, n, 2):
        s = s * a + a
    return s


@program((V3, 0.7))
def repeat_beside_others(x, c):
    s = 1.0
    for a, b in zip(x, repeat(c)):
        s = s * b + a
    return s


@program((0.7, 3), (0.7, 0), (0.7, -2))
def repeat_some_times(x, n):
    s = 1.0
    for a in repeat(x * x, n):
        s = s * a + a
    return s


@program((V3,))
def numbered_by_count(x):
    s = 0.0
    for i, a in zip(itertools.count(1), x):
        s += a**i
    return s


@program((W4, V3))
def cycled_beside_others(x, y):
    s = 0.0
    for a, b in zip(x, cycle(y)):
        s += a * b * b
    return s


@program((V3,), (NONE,))
def running_sums(x):
    s = 0.0
    for a in accumulate(x):
        s += a * a
    return s


@program((V3,))
def running_products(x):
    s = 0.0
    for i, a in enumerate(accumulate(x, operator.mul)):
        s += i * a * a
    return s


def decayed(total, value):
    return 0.5 * total * value + value


@program((V3, W3))
def running_function_beside(x, y):
    s = 0.0
    for a, b in zip(accumulate(x, decayed), y):
        s += a * b
    return s


@program((V3, W3))
def names_bound_anew_inside(x, y):
    s = 0.0
    for x, y in zip(x, y):
        s += x * y
    return s * x * y


@program((V3, W4, 2))
def bounds_bound_anew_inside(x, y, n):
    s = 0.0
    for n, i in product(range(n), range(n + 1)):
        s += x[i] * y[n]
        n = 5
    return s * n


@program((V3, W3))
def nested_break_continue_else(x, y):
    s = 1.0
    for i, a in enumerate(x):
        for j, b in enumerate(y):
            if b < 0:
                continue
            if a * b > 3:
                break
            s += a * b * j
        else:
            s = s * a + i
            continue
        s = s * 1.1
        if i == 2:
            break
    else:
        s = s * 3
    return s


@program((0.7, 1.3))
def over_pairs_that_are_written_out(x, y):
    s = 1.0
    for k, a in ((1, x), (2, y), (3, x * y)):
        s = s * a + k
    return s


@program((V3, W3))
def itertools_in_comprehensions(x, y):
    s = sum(a * b for a, b in zip(x, y, strict=True))
    s += sum([a * b for a, b in product(x, y) if a > 1])
    return s + max((b - a) ** 2 for a, b in pairwise(y))


@program((V3, W3, 1.0))
def iterating_while_the_source_is_rebound(x, y, c):
    for a, b in zip(x, y):
        x = x * a
        c = c + x[1] * b
    return c


@program((V3, W4))
def zip_longest_by_another_name(x, y):
    s = 0.0
    for a, b in longest(x, y, fillvalue=0.0):
        s += a * b
    return s


@program((V3,))
def count_alone(x):
    s = 0.0
    for i in itertools.count():
        s += x[i]
        if i > 1:
            break
    return s


@refused((V3, W3), match="this target of a `for`")
def too_many_names(x, y):
    s = 0.0
    for a, b, c in zip(x, y):
        s += a * b * c
    return s


@program((0.7, 1.3))
def over_many_that_are_written_out(x, y):
    s = 1.0
    for a in (x, y, x, 2.0, x * y, y, x, y, x + y, x):
        s = s * a + 1
    return s


@program((V3,))
def over_a_comprehension(x):
    s = 1.0
    for a in [2 * b for b in x]:
        s = s * a + 1
    return s


def _doubled(x):
    return [2 * each for each in x]


@program((V3,), may_refuse=True)
def over_what_a_function_returns(x):
    s = 1.0
    for a in _doubled(x):
        s = s * a + 1
    return s


@program((V3, 4))
def over_what_numpy_returns(x, n):
    s = 1.0
    for t, a in zip(np.linspace(0.0, 1.0, n), np.sin(x)):
        s = s * a + t
    return s


@program((V3, W3))
def chain_of_pairs(x, y):
    s = 1.0
    for a, b in chain(zip(x, y), zip(y, x)):
        s = s * 0.5 + a * b**2
    return s


@refused((V3,))
def over_an_iterator(x):
    s = 0.0
    for a in iter(x):
        s += a
    return s


@refused((V3,), match="its body may write into that")
def pairwise_keeps_what_it_has_read(x):
    y = x * 1.0
    s = 0.0
    for i, (a, b) in enumerate(pairwise(y)):
        y[i + 1] = 2 * b
        s = s + a * b
    return s


@refused((V3,), match="its body may write into that")
def product_keeps_what_it_has_read(x):
    y = x * 1.0
    s = 0.0
    for a, b in product(y, y):
        y += 0.1
        s = s + a * b
    return s


@program((V3,))
def zip_reads_what_is_written(x):
    y = x * 1.0
    s = 0.0
    for i, (a, b) in enumerate(zip(y, y[1:])):
        y[i + 1] = 2 * b
        s = s + a * b
    return s


@program((M23,))
def indices_of_an_array(a):
    s = 0.0
    for i, j in np.ndindex(a.shape):
        if i > j:
            continue
        s += a[i, j] ** 2 * (j + 1)
        if s > 1.5:
            break
    for i, j in np.ndindex(*a.shape):
        s = 0.5 * s + a[i, j]
    for i, j in np.ndindex(2, 2):
        s *= a[j, i]
    for k in np.ndindex((2, 1)):
        s += a[k] * a[k]
    return s


@program((M23,), (np.zeros((0, 2)),))
def indices_and_entries(a):
    s = 0.0
    for (i, j), v in np.ndenumerate(a):
        s += (i - j) * v * v
    return s


@program((M23,))
def entries_that_are_written(a):
    b = a.copy()
    for (i, j), v in np.ndenumerate(b):
        b[i, 1 - j] = v * b[i, j] + i
    return b.sum()


@program((1.3, 4), (1.3, 0))
def range_turned_round(x, n):
    s = x
    for i in range(n)[::-1]:
        s = s * x + i
    for i in range(1, n, 2)[::-1]:
        s = s / (x + i)
    return s


@refused((M23,), "3 values for 2 names|2 values for 3 names")
def indices_of_another_array(a):
    s = 0.0
    for i, j, _k in np.ndindex(a.shape):
        s += a[i, j]
    return s


@program((M23,))
def rows_that_a_trip_makes(a):
    e = 0.0
    for row in a:
        r = 0.5 * row
        for v in r:
            if v > 0:
                e += np.sin(v)
        while e > 2.0:
            e = e * r[0]
    return e
