"""`try` with handlers that go on: which of them runs is known before the operation is."""

import math
from math import log

import numpy as np

from tests.programs import program, refused

A = np.array([0.5, -1.2, 2.0])


@program((2.0,), (0.3,), (-1.0,), (0.0,))
def a_logarithm(x):
    try:
        y = log(x)
    except ValueError:
        y = x * x
    return y * x


@program((2.0, 3.0), (2.0, 0.0), (-1.0, 0.0))
def a_quotient(x, d):
    try:
        y = x / d
    except ZeroDivisionError:
        y = 10.0 * x
    return y * y


@program((2.0, 3.0), (2.0, 0.0), (-2.0, 3.0), (-1.0, 0.0))
def two_handlers(x, d):
    try:
        y = math.log(x / d) * x
    except ZeroDivisionError:
        y = 2.0 * x
    except ValueError:
        y = x * d
    else:
        y = y + d
    finally:
        n = 3
    return y * n


@program((2.0, 3.0), (2.0, 0.0), (-2.0, 3.0), (-1.0, 0.0))
def one_handler_for_two(x, d):
    try:
        return math.sqrt(x / d) * x
    except (ZeroDivisionError, ValueError):
        return x * x - d


@program((2.0,), (800.0,), (-3.0,))
def too_large(x):
    try:
        y = math.exp(x)
    except OverflowError:
        y = x * 1e3
    return y * x


@program((0.5,), (1.5,), (-1.0,))
def all_exceptions(x):
    try:
        y = math.acos(x) + math.atanh(x)
    except Exception:
        y = x**3
    return y


@program((2.0,), (-2.0,))
def raised_by_the_body(x):
    try:
        if x < 0:
            raise ValueError("negative")
        y = math.sqrt(x) + math.log(x)
    except ValueError:
        y = x * x
    return y


@program((2.0, 4), (0.5, 4), (-1.0, 3))
def in_a_loop(x, n):
    s = 0.0
    for i in range(n):
        try:
            s += math.log(x - i * 0.5)
        except ValueError:
            s = s * x + 1
            if i > 2:
                break
            continue
        s = s * 0.5
    return s


@program((A, 2), (A[:2], 1), (A[:1], 0))
def past_the_end(x, n):
    s = 0.0
    for i in range(len(x)):
        try:
            after = x[i + 1]
        except IndexError:
            after = 0.0
        s += (after - x[i]) ** 2
    return s * n


@program((2.0, 3.0), (2.0, 0.0))
def what_is_done_before_stays(x, d):
    try:
        y = x * x
        z = y / d
        y = z * z
    except ZeroDivisionError:
        z = y * 3
    return y + z


@program((2.0,), (0.5,))
def another_error_is_raised(x):
    try:
        y = math.sqrt(x)
    except ValueError as error:
        raise RuntimeError("negative") from error
    return y * x


@program((2.0,), (-0.5,))
def one_in_another(x):
    s = 0.0
    for t in (x, x * x):
        try:
            y = math.sqrt(t)
        except ValueError:
            try:
                y = math.log(-t)
            except ValueError:
                y = 0.0
        s += y * t
    return s


@program(({"a": 2.0, "b": 0.0}["a"], 0.0), (3.0, 2.0))
def nothing_to_catch(x, d):
    try:
        y = x * d + 1
    except ZeroDivisionError:
        y = 0.0
    return y


@refused((A,), match="`try`: what is caught")
def numbers_of_numpy(x):
    try:
        y = x[0] / x[1]
    except ZeroDivisionError:
        y = 0.0
    return y


def _quotient(x, d):
    try:
        return x / d
    except ZeroDivisionError:
        return 0.0


@refused((A,), match="`try`: what is caught")
def numbers_of_numpy_in_a_helper(x):
    return _quotient(x[0], x[1])


@refused((2.0, 3.0), match="`try`: what is caught")
def raised_by_a_helper_that_handles_some(x, d):
    try:
        y = _quotient(x, d)
    except ValueError:
        y = 0.0
    return y


class NoRoot(Exception):
    """There is no root."""


def _root(v, least):
    """A root, of what has one."""
    if v < least:
        raise NoRoot(f"of {v}")
    w = math.sqrt(v)
    return w * v


def _two_roots(v):
    return _root(v, 0.1) * v


def _late(v):
    w = v - 1
    if w < 0:
        raise ValueError("small")
    return w


def _either(v):
    if v > 1:
        return v
    if v < 0:
        raise ValueError("small")
    return v * v


@program((2.0, 3.0), (-1.0, 3.0), (0.05, 3.0))
def raised_by_a_helper(x, d):
    try:
        y = _root(x, 0.1) * d
    except NoRoot:
        y = x * x
    try:
        z = d * _two_roots(x)
    except (NoRoot, ValueError):
        z = x - d
    return y * z


@refused((2.0,), match="`try`: what is caught")
def raised_by_a_helper_of_what_it_computes(x):
    try:
        y = _late(x)
    except ValueError:
        y = x
    return y


@refused((2.0,), match="`try`: what is caught")
def raised_by_a_helper_on_one_path(x):
    try:
        y = _either(x)
    except ValueError:
        y = x
    return y


@program((2 * np.eye(2) + 0.5,), (np.ones((2, 2)),))
def of_linear_algebra(a):
    try:
        y = np.linalg.inv(a)[0, 0] + np.sum(a)
    except np.linalg.LinAlgError:
        y = a[0, 0] ** 2
    return y


@program((2 * np.eye(2) + 0.5, A[:2]), (np.ones((2, 2)), A[:2]))
def a_solution_or_another(a, b):
    s = 0.0
    try:
        x = np.linalg.solve(a, b * 2)
        if x[0] > 100:
            s = 1.0
    except np.linalg.LinAlgError:
        x = b * a[0, 1]
    else:
        s = s + 2.0
    return np.sum(x * x) * (s + 1.0)


@program((np.eye(2) * 2 + 0.5,))
def cholesky_with_a_growing_shift(a):
    shift = 0.0
    for _ in range(8):
        try:
            low = np.linalg.cholesky((a + a.T) / 2 + shift * np.eye(2))
            break
        except np.linalg.LinAlgError:
            shift = 2 * shift + np.sum(a * a)
    else:
        return shift
    return np.sum(low**3) * (1 + shift)


@program((0.7, 4), (2.0, 4), (-1.0, 2))
def jumps_inside(x, n):
    s = 0.0
    for i in range(n):
        try:
            y = 1 / (x - i)
            if y > 5:
                break
            if y < -0.9:
                continue
        except ZeroDivisionError:
            s = s * x
            continue
        s += y * x
    return s * x


@refused((np.eye(2),), match="`try`: what is caught")
def of_eigenvalues(a):
    try:
        y = np.linalg.eigvalsh(a)[0]
    except np.linalg.LinAlgError:
        y = a[0, 0]
    return y


@refused((2.0,), match="`try`: what is caught")
def at_two_places(x):
    try:
        y = math.sqrt(x)
        z = math.log(y - 1)
    except ValueError:
        y = z = 0.0
    return y + z


@refused((2.0,), match="a handler that reads what was caught")
def what_was_caught_is_read(x):
    try:
        y = math.sqrt(x)
    except ValueError as error:
        y = float(len(str(error)))
    return y


@refused((2.0,), match="`try`: what is caught")
def one_operand_may_not_be_computed(x):
    try:
        y = math.log(x) if x > 1 else math.log(x + 1)
    except ValueError:
        y = 0.0
    return y


@refused((2.0, 0.5), match="`try`: what is caught")
def powers_overflow(x, a):
    try:
        y = x**a
    except (OverflowError, ZeroDivisionError):
        y = 0.0
    return y


@refused((A, 2.0), match="`try`: what is caught")
def written_before(a, x):
    try:
        a[0] = math.log(x)
    except ValueError:
        a[0] = 0.0
    return a[0] * x


def _solved(a, b):
    return np.linalg.solve(a, b) * 2


@program((2 * np.eye(2) + 0.5, A[:2]), (np.ones((2, 2)), A[:2]))
def solved_by_a_helper(a, b):
    try:
        x = _solved(a, b)
    except np.linalg.LinAlgError:
        x = b * a[0, 1]
    return np.sum(x * x)
