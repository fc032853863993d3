"""Where memory comes from: zeros, full, arange, copies; integers, single precision, `out=`."""

import numpy as np

from tests.programs import program
from tests.programs.array_points import (
    DYADIC,
    FORTRAN,
    M23,
    M33,
    M34,
    POINT,
    REVERSED,
    SINGLE,
    U3,
    U6,
    V0,
    V1,
    V2,
    V3,
    V5,
    V6,
)


@program((V3,), (V5,))
def zeros_ones_empty_full(x):
    n = len(x)
    a, b, c, d = np.zeros(n), np.ones(n), np.empty(n), np.full(n, 0.5)
    a[0] = x[0]
    b[1] = x[1] * a[0]
    c[:] = b
    c[0] *= x[2]
    d *= c
    return np.sum(a + b * c * d)


@program((V3,), (V5,), (FORTRAN,), (SINGLE,))
def made_like_another(x):
    a = np.zeros_like(x)
    b = np.ones_like(x)
    c = np.empty_like(x)
    d = np.full_like(x, 1.5)
    a[0] = x[0] * 2.0
    b += a
    c[...] = b * x
    d *= c
    return np.sum(d * x)


@program((V3, 0.7), (V5, -1.3))
def full_of_an_active_number(x, a):
    b = np.full(len(x), a)
    b[0] = b[1] * x[0]
    c = np.full_like(x, a * a)
    c *= b
    return np.sum(b * c)


@program((V3,), (V5,))
def arange_and_linspace(x):
    a = np.arange(float(len(x)))
    b = np.linspace(0.0, 1.0, len(x))
    a[1] = x[0] * a[1]
    b *= x
    b[0] = a[1] * 2.0
    return np.sum(a * b)


@program((V3,), (V5,))
def eye_identity_diag(x):
    n = len(x)
    a = np.eye(n)
    b = np.identity(n)
    a[0] = x
    b[:, 1] *= x
    a[1, 1] = b[1, 1] * x[0]
    return np.sum(a @ b)


@program((V3,), (U3,))
def a_literal(x):
    a = np.array([0.0, 1.0, 2.0])
    b = np.array([[1.0, 2.0], [3.0, 4.0]])
    a[0] = x[0] * x[1]
    b[0, 1] = a[0] * x[2]
    b[1] *= a[:2]
    return np.sum(a) * np.sum(b * b)


@program((V3,), (U3,))
def a_literal_with_active_numbers(x):
    a = np.array([x[0], 1.0, x[1] * x[2]])
    a[1] = a[0] * a[2]
    a *= x
    return np.sum(a * a)


@program((V3,), (FORTRAN,))
def copies_of_all_kinds(x):
    a = x.copy()
    b = np.copy(x)
    c = np.array(x)
    d = 1.0 * x
    a[0] = b[0] * 2.0
    b[0] = c[0] * a[0]
    c *= d
    d += a
    return np.sum(a * b * c * d)


@program((V3,), (U3,), may_refuse=True)
def astype_is_a_copy(x):
    a = x.astype(float)
    a[0] = a[1] * x[2]
    a *= x
    return np.sum(a * a)


@program((V3,), (V5,))
def integers_beside(x):
    k = np.zeros(len(x), dtype=int)
    for i in range(len(x)):
        k[i] = i * i % len(x)
    k[0] += 1
    y = x * k
    y[k[1]] *= 2.0
    return np.sum(y * x)


@program((V3,), (V5,))
def numbers_into_integers_lose_their_derivative(x):
    k = np.zeros(len(x), dtype=int)
    for i in range(len(x)):
        k[i] = x[i] * 10.0 + 0.5
    y = x * k
    return np.sum(y * y)


@program((V3,), (V5,), may_refuse=True)
def an_array_into_integers(x):
    k = np.zeros(len(x), dtype=np.int64)
    k[:] = x * 10.0 + 0.5
    k[0] = k[1] * k[-1]
    return np.sum(k * x * x)


@program((V3,), (V5,))
def counters(x):
    count = np.zeros(2, int)
    total = np.zeros(2)
    for e in range(len(x)):
        which = int(x[e] > 0)
        count[which] += 1
        total[which] += x[e] * x[e]
    return total[0] * count[0] + total[1] * count[1]


@program((V3,), (V5,))
def booleans(x):
    seen = np.zeros(len(x), dtype=bool)
    y = x.copy()
    for i in range(len(x)):
        if y[i] > 0:
            seen[i] = True
            y[i] = y[i] * y[0]
    y[seen] *= 2.0
    return np.sum(y * y)


@program((DYADIC,), (DYADIC[::-1],), precision=1e-6)
def a_buffer_in_single_precision(x):
    y = np.zeros(len(x), dtype=np.float32)
    y[:] = x
    y[0] = x[1] * x[2]
    y *= 2.0
    y[1] += x[0]
    return np.sum(y * x)


@program((V5,), (V3,), precision=1e-5)
def single_precision_rounds(x):
    y = np.zeros(len(x), np.float32)
    for i in range(len(x)):
        y[i] = x[i] / 3.0
    y[1:] = y[:-1] * x[1:]
    return float(np.sum(y * y))


@program((SINGLE,), (SINGLE[::-1],))
def single_precision_into_double(x):
    y = np.zeros(len(x))
    y[:] = x
    y[0] = x[1] * y[2]
    y *= x
    return np.sum(y * y)


@program((SINGLE,), (SINGLE[::-1],))
def a_result_in_single_precision(x):
    y = x.copy()
    y[0] = x[1] * 0.5
    y[1:] *= x[:-1]
    return y


@program((POINT, 0.7), (0.4, 1.2), may_refuse=True)
def without_axes(x, a):
    y = np.zeros(())
    y[...] = x * a
    y += a
    y[()] = y * y
    z = np.array(0.5)
    z *= y
    return z * y


@program((V0,), (V1,), (V3,))
def empty_arrays(x):
    y = np.zeros(0)
    y[:] = 3.0
    z = x * x
    z[:0] = y
    z[len(z) :] *= 2.0
    z *= 0.5
    return np.sum(y) + np.sum(z * z)


@program((V3,), (V1,))
def one_element_arrays(x):
    y = np.zeros(1)
    y[0] = x[0] * x[0]
    y[:] = y * x[:1]
    z = np.zeros((1, 1))
    z[...] = y
    z *= x[-1]
    return z[0, 0] * y[0]


@program((V3,), (V5,))
def filled(x):
    y = x * x
    s = np.sum(y)
    y.fill(s)
    y[0] = x[1] * y[1]
    z = np.empty(3)
    z.fill(2.0)
    z[1] = y[0]
    v = y[1:]
    v.fill(x[0])
    return np.sum(y * y) + np.sum(z)


@program((V6, U6), (V3, U3))
def copied_to(x, z):
    y = x.copy()
    np.copyto(y, z * x)
    np.copyto(y[1:], y[:-1])
    np.copyto(y[:2], x[1])
    return np.sum(y * y)


@program((V6, U6), (V3, U3), may_refuse=True)
def copied_where(x, z):
    y = x.copy()
    np.copyto(y, z * z, where=x > 0)
    return np.sum(y * y)


@program((V6, U6), (V3, U3))
def out_of_arithmetic(x, z):
    y = np.empty(len(x))
    np.multiply(x, z, out=y)
    np.add(y, x, out=y)
    np.multiply(y, y, out=y)
    np.subtract(y[1:], y[:-1], out=y[1:])
    return np.sum(y * x)


@program((V6, U6), (V3, U3))
def out_of_functions(x, z):
    y = np.zeros(len(x))
    np.sin(x, out=y)
    np.exp(y, out=y)
    np.tanh(z, out=y[:])
    np.square(y, y)
    w = np.negative(y, out=np.zeros(len(x)))
    return np.sum(y * w * x)


@program((V6,), (V3,))
def what_out_returns(x):
    y = np.zeros(len(x))
    z = np.multiply(x, x, out=y)
    z[0] = y[1] * 2.0
    y[1] *= z[0]
    return np.sum(y * z)


@program((V6,), (V3,), may_refuse=True)
def out_with_where(x):
    y = x * 2.0
    np.multiply(x, x, out=y, where=x > 0)
    return np.sum(y * y)


@program((V6, U6), (V3, U3))
def maximum_in_place(x, z):
    y = x.copy()
    np.maximum(y, z, out=y)
    np.minimum(y, 1.0, out=y)
    np.clip(y, -0.5, 0.95, out=y)
    return np.sum(y * y * x)


@program((M33, M34), (M23, M34), may_refuse=True)
def out_of_products(a, b):
    c = np.zeros((a.shape[0], b.shape[1]))
    np.matmul(a, b, out=c)
    c *= c
    d = np.empty(b.shape[1])
    np.dot(c[0], c[0])
    d[:] = c.sum(axis=0)
    return np.sum(c[0] * d)


@program((M34,), (M23,), may_refuse=True)
def out_of_reductions(a):
    s = np.zeros(a.shape[1])
    np.sum(a * a, axis=0, out=s)
    t = np.empty(a.shape)
    np.cumsum(a, axis=1, out=t)
    t *= s
    return np.sum(t * t)


@program((V6, M34), (V3, M23))
def out_of_methods(x, a):
    y = np.empty((2, len(x)))
    x.clip(-0.47, 0.83, out=y)  # to both rows
    x.cumsum(out=y[1])
    s = np.zeros(a.shape[0])
    z = a.sum(axis=1, out=s)
    z[0] *= y[1, 0]
    return np.sum(y * y * x) + np.sum(s * s)


@program((V6,), (V3,))
def out_of_a_length_known_when_running(x):
    chosen = x[x > -10.0]
    y = np.zeros((2, len(x)))
    z = np.cumsum(chosen * chosen, out=y[1])
    z[0] = z[1] * x[0]
    return np.sum(y * y)


@program((V6, 3), (V3, 2))
def a_buffer_used_again(x, n):
    work = np.empty(len(x))
    s = 0.0
    for i in range(n):
        work[:] = x
        work *= x[i]
        work[0] += work[1] * s
        s += np.sum(work * work)
    return s


@program((V6, 3), (V3, 2))
def a_buffer_that_is_cleared(x, n):
    work = np.zeros(len(x))
    s = 1.0
    for i in range(n):
        work[i] = x[i] * s
        s = np.sum(work * x)
        work[:] = 0.0
        work[i - 1] = s * s
    return s * np.sum(work)


@program((V3,), (REVERSED,))
def constant_buffers_stay_constant(x):
    w = np.ones(len(x))
    w[0] = 0.5
    w[-1] = 0.5
    w *= 2.0
    return np.sum(w * x * x)


@program((V3, 3), (V2, 0))
def a_buffer_becomes_active_late(x, n):
    w = np.ones(len(x))
    s = 0.0
    for i in range(n):
        s += np.sum(w * x)
        w[i % 2] = x[0] * w[i % 2]
    return s + np.sum(w * w)


@program((V3,), (V2,))
def a_buffer_becomes_constant_again(x):
    w = x * x
    s = np.sum(w * w)
    w[:] = 2.0
    w[0] = 3.0
    return s + np.sum(w * x)


@program((M34,), (FORTRAN,), (M33,), may_refuse=True)
def orders_of_memory(a):
    b = np.zeros(a.shape, order="F")
    b[:] = a
    f = b.ravel(order="K") * 2.0
    b[0] *= b[1]
    return np.sum(b * b) + np.sum(f * f)


@program((M34,), (np.asfortranarray(M34),), order=1)
def made_in_an_order_of_its_own(a):
    y = a.copy(order="F")
    v = y.ravel()
    v[0] = 3.0 * v[1]
    w = y.T.ravel()
    w[0] *= w[-1] * w[1]
    z = np.zeros(a.shape, order="F")
    z[:] = y
    z.reshape(-1, order="F")[1] *= z[0, 0]
    u = np.asarray(z, order="C")
    u[0, 0] *= 3.0
    return np.sum(y * y * z) + np.sum(np.array(u, order="F") ** 3)


@program((np.array([0.7, -1.2, 2.0]), np.array([-0.8, 1.5, 0.4])), order=2)
def a_quotient_of_positive_ones(x, y):
    part = np.sum(np.divide(x, y, out=np.zeros_like(x), where=y > 0) * y)
    return part + 2 * np.sum(np.exp(np.multiply(x, y, out=np.ones(3)) + x))
