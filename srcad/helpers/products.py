"""Derivatives of products of many numbers, right also where some of them are 0.

With ``x + e1 u1 + e2 u2 + ...`` in the place of x, and each e squaring to 0, a product becomes a
polynomial in the e; its coefficient at all of them together is a higher derivative.  The helpers
compute these, along the entries of the given axes taken in order.

>>> x = np.array([3.0, 0.0, 2.0, 5.0])
>>> product_of_others(x, None)
array([ 0., 30.,  0.,  0.])
>>> product_of_others(np.array([3.0, 0.0, 0.0]), 0)
array([0., 0., 0.])
>>> cumprod_tangent(x, None, [np.array([0.0, 1.0, 0.0, 0.0])])
array([ 0.,  3.,  6., 30.])
>>> cumprod_adjoint(x, None, [], np.array([1.0, 1.0, 0.0, 0.0]))
array([1., 3., 0., 0.])
"""

import numpy as np

from srcad.helpers.lines import lines_along


def product_of_others(x, axis, directions=()):  # type: ignore[no-untyped-def]
    """The product of all entries but one, for each one; its derivative along the directions."""
    lines, back = lines_along(x, axis)
    if not lines.size or directions:
        last = np.zeros_like(lines)
        last[-1:] = 1.0
        return back(poly_others(lines, [lines_along(u, axis)[0] for u in directions], last))
    first = np.ones_like(lines[:1])
    before = np.cumprod(np.concatenate([first, lines[:-1]]), axis=0)
    after = np.cumprod(np.concatenate([first, lines[:0:-1]]), axis=0)[::-1]
    return back(before * after)


def cumprod_tangent(x, axis, directions):  # type: ignore[no-untyped-def]
    """The derivative of ``np.cumprod(x, axis)`` along the directions."""
    lines, back = lines_along(x, axis)
    others = [lines_along(u, axis)[0] for u in directions]
    made = np.zeros_like(lines)
    for j, product in enumerate(poly_products(lines, others)[1:]):
        made[j] = product[-1]
    return made if axis is None else back(made)


def cumprod_adjoint(x, axis, directions, d):  # type: ignore[no-untyped-def]
    """The gradient with respect to x of d times ``cumprod_tangent(x, axis, directions)``."""
    lines, back = lines_along(x, axis)
    others = [lines_along(u, axis)[0] for u in directions]
    return back(poly_others(lines, others, d if axis is None else lines_along(d, axis)[0]))


def poly_entry(lines, others, j):  # type: ignore[no-untyped-def]
    """The polynomial x[j] + e1 u1[j] + e2 u2[j] + ...: a coefficient for each subset of the e."""
    found = [np.zeros_like(lines[j])] * (1 << len(others))
    found[0] = lines[j]
    for k, u in enumerate(others):
        found[1 << k] = u[j]
    return found


def poly_times(left, right):  # type: ignore[no-untyped-def]
    """The product of two such polynomials."""
    found = [0.0] * len(left)
    for s in range(len(left)):
        for t in range(len(right)):
            if not s & t:
                found[s | t] = found[s | t] + left[s] * right[t]
    return found


def poly_products(lines, others):  # type: ignore[no-untyped-def]
    """The products of the first 0, 1, 2 ... entries."""
    found = [[1.0] + [0.0] * ((1 << len(others)) - 1)]
    for j in range(len(lines)):
        found.append(poly_times(found[-1], poly_entry(lines, others, j)))
    return found


def poly_others(lines, others, d):  # type: ignore[no-untyped-def]
    """The sum over i of d[i] times the product of the entries up to i but one, for each one."""
    before = poly_products(lines, others)
    made = np.zeros_like(lines)
    after = [np.zeros_like(made[:1].sum(axis=0))] * (1 << len(others))
    for j in range(len(lines) - 1, -1, -1):
        after[0] = after[0] + d[j]
        made[j] = sum(before[j][s] * after[-1 - s] for s in range(len(after)))
        after = poly_times(after, poly_entry(lines, others, j))
    return made
