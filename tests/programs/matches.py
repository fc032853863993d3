"""``match``: constants, alternatives, captures, guards, sequences, classes."""

import numpy as np

from tests.programs import program, refused
from tests.programs.array_points import V3


@program((0.7, "square"), (0.7, "cube"), (0.7, "root"), (0.7, "else"))
def by_a_string(x, mode):
    match mode:
        case "square":
            return x * x
        case "cube" | "third":
            y = x**3
        case "root":
            y = np.sqrt(x)
        case _:
            y = 2 * x
    return y * x


@program((0.7, 0), (0.7, 1), (0.7, 2), (0.7, 5), (0.7, -5))
def by_an_int(x, n):
    match n:
        case 0:
            y = x
        case 1 | 2:
            y = x * x
        case k if k > 3:
            y = x**k
        case _:
            y = 1 / (x + 1)
    return y * x


@program((0.7, None), (0.7, True), (0.7, False))
def by_singletons(x, flag):
    match flag:
        case None:
            return x
        case True:
            return x * x
        case False:
            return x**3


@program((0.0,), (1.0,), (0.7,), (3.0,))
def by_a_float(x):
    match x:
        case 0.0:
            return 2 * x
        case 1.0:
            return x * x
        case y if y > 2:
            return y * x * x
        case y:
            return np.sin(y) * x


@program((0.7, 0, 1), (0.7, 1, 0), (0.7, 1, 1), (0.7, 2, 2))
def by_a_pair(x, i, j):
    match i, j:
        case 0, k:
            return x * k
        case k, 0:
            return x * x * k
        case (1, 1) | (3, 3):
            return x**3
        case a, b:
            return x * a * b


@program((0.7, 1.3))
def captures_active_values(x, y):
    match (x * y, x + y):
        case p, q if p > 10:
            return p
        case p, q if p > q:
            return p * q
        case p, q:
            return p / q


@program((0.7, 1.3, 2.0))
def a_star_takes_the_rest(x, y, z):
    match x, y, z, x * y:
        case first, *rest, last:
            return first * rest[0] * rest[1] + last * len(rest)


@program((0.7, 1.3))
def nested_sequences(x, y):
    match (x, (y, 2)):
        case a, (b, 3):
            return a
        case a, (b, 2 | 4 as n):
            return a * b**n
        case _:
            return x


@program((V3,), (V3 * 10,))
def matched_in_a_loop(x):
    s = 1.0
    for i, a in enumerate(x):
        match i:
            case 0:
                continue
            case 1 if a > 5:
                break
            case 1:
                s = s * a
            case _:
                s = s + a * a
    else:
        s = s * 2
    return s


@program((0.7, "a", 2), (0.7, "b", 2), (0.7, "a", 3))
def match_inside_match(x, mode, n):
    match mode:
        case "a":
            match n:
                case 2:
                    return x * x
                case _:
                    return x**3
        case _:
            return x


@program((0.7, 1.3))
def the_subject_is_computed_once(x, y):
    match x * y + 1:
        case 0:
            return x
        case 5:
            return y
        case s:
            return s * s


@program((0.7, 2), (0.7, 0))
def the_subject_is_bound_anew(x, n):
    match n:
        case 2 as x:
            return 3.0 * x
        case x:
            pass
    return x * 1.5


@program((0.7, 1), (0.7, 2))
def no_case_matches(x, n):
    y = x * x
    match n:
        case 1:
            y = y * x
    return y


@program((0.7,))
def an_array_is_no_sequence(x):
    match np.ones(2) * x:
        case y:
            return y[0] * y[1]


@refused((V3,), match="an array is a sequence here from NumPy 2.5 on")
def of_a_parameter_that_is_an_array(x):
    match x:
        case [a, b, c]:
            return a * b * c
        case _:
            return np.sum(x * x)


@program((0.7, 1.3))
def a_tuple_of_known_length(x, y):
    match (y, x + 2.0):
        case (a,):
            return x * a
        case a, b:
            return x * a * b
        case _:
            return x


@program((0.7,), (-1.2,))
def a_mapping(x):
    match x:
        case {"a": y}:
            return y
        case _:
            return x


@refused((0.7,), match="its alternatives bind names")
def alternatives_that_bind(x):
    match x, 2:
        case (1, y) | (y, 2):
            return y * x
    return x


@program((0.7,), (1.3,))
def a_failed_guard_has_bound(x):
    y = 2.0
    match x:
        case y if y > 1:
            return y
    return y * x


@refused((0.7, np.ones(2)), match="whether it is a sequence")
def a_sequence_of_unknown_length(x, t):
    match t * 2:
        case [a, b]:
            return a * b * x
    return x
