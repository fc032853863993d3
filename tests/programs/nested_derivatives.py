"""Derivatives inside a function that is differentiated: `grad` called in it, or made before."""

import math

import numpy as np

import srcad
from srcad import grad, jvp, value_and_grad, vjp
from tests.programs import program, refused
from tests.programs.array_points import U3, V3, V4


def wave(y):
    return y * y * math.sin(y)


def well(x, a):
    return np.sum(a * x**4 - x * x)


wave_slope = grad(wave)
wave_forward = grad(wave, mode="forward")
wave_curvature = grad(grad(wave), mode="forward")


@grad(wrt=("y", 0))
def scaled(x, *, y=2.0):
    return x * x * y * y * y


@program((1.3,), (0.0,))
def confusion(x):
    return x * grad(lambda y: x + y)(1.0)


@program((1.3,))
def confusion_of_products(x):
    return x * grad(lambda y: x * y)(1.0)


@program((1.3,))
def confusion_of_equal_names(x):
    return x * grad(lambda x: x * x * x)(x) + x


@program((1.3, 0.7))
def confusion_of_three_levels(x, a):
    return x * grad(lambda y: a * y * grad(lambda z: x * y * z * z)(a))(x)


@program((0.6,))
def of_both_at_once(x):
    return grad(lambda y: grad(lambda z: math.sin(x * y * z))(y) * x)(x)


@program((1.3,), order=3)
def made_before(x):
    return x * wave_slope(x)


@program((1.3,))
def made_before_in_forward_mode(x):
    return wave_forward(x * x) + wave_slope(x)


@program((1.3,))
def second_derivative_made_before(x):
    return x * wave_curvature(x)


@program((1.3, 0.7))
def decorated_before(x, a):
    by_y, by_x = scaled(x * a, y=a)
    return by_y * by_x + scaled(a)[0]


@program((1.3,))
def of_a_function_beside(x):
    return grad(wave)(x * x) * grad(wave, mode="forward")(x)


@program((1.3,), order=3)
def second_derivative_inside(x):
    return grad(grad(wave))(x) * x


@program((1.3,))
def mixed_second_derivative(x):
    outer = grad(grad(wave, mode="forward"), mode="reverse")
    return outer(x) - srcad.grad(srcad.grad(wave), mode="forward")(x * x)


@program((1.3,))
def of_a_nested_def(x):
    def g(y):
        z = y * x
        for _ in range(3):
            z = z * y + x
        return z

    slope = grad(g)
    return slope(x) + slope(2.0) * x


@program((1.3,))
def decorated_inside(x):
    @grad(mode="forward")
    def slope(y):
        return y**3 * x

    return slope(x) * slope(2.0)


@program((1.3, 0.4))
def value_and_slope(x, a):
    value, slope = value_and_grad(lambda y: y * y * math.exp(a * y))(x * a)
    return value * slope


@program((1.3, 0.4))
def with_respect_to_several(x, a):
    by_z, by_y = grad(lambda y, z: y * y * z * z * z * x, wrt=("z", 0))(a, x)
    return by_z - 2 * by_y + grad(lambda y, z: y * z * a, wrt=-1)(x, a)


@program((2.0,), (3.0,))
def newton_step(a):
    def residual(y):
        return y * y * y - a

    y = a
    for _ in range(4):
        y = y - residual(y) / grad(residual)(y)
    return y


@program((2.0,))
def newton_until_it_is_found(a):
    residual = lambda y: math.exp(y) - a
    y, step = 1.0, 1.0
    while abs(step) > 1e-3:
        step = residual(y) / grad(residual)(y)
        y = y - step
    return y


@program((1.5, 0.05, 3), (1.5, 0.05, 0))
def descent(x, rate, n):
    def loss(y):
        return (y * y - 2.0) ** 2 * x

    y = x
    for _ in range(n):
        y = y - rate * grad(loss)(y)
    return loss(y)


def minimised(loss, slope, start):
    y = start
    for _ in range(2):
        y = y - 0.1 * slope(y)
    return loss(y)


@program((1.3,))
def handed_on(x):
    loss = lambda y: (y - x) ** 4
    return minimised(loss, grad(loss), 2.0 * x) + minimised(wave, wave_slope, x)


@program((1.3, 1), (1.3, -1))
def one_of_two(x, n):
    slope = grad(wave if n > 0 else lambda y: y * x)
    return slope(x) if x > 0 else 0.0


@program((1.3, 1), (1.3, -1))
def called_in_a_branch(x, n):
    if n > 0:
        y = grad(lambda y: y * y * x)(x)
    else:
        y = wave_slope(x)
    return y * x


@program((1.3, 3))
def in_a_comprehension(x, n):
    return sum(grad(lambda y: y**3 * x)(i * x) for i in range(n))


@program((1.3,))
def of_a_function_with_a_branch(x):
    def g(y):
        if y > x:
            return y * y * x
        return y * x * x

    return grad(g)(2.0) + grad(g)(1.0)


@program((1.3,))
def without_derivative(x):
    return x * grad(wave)(2.0) + wave_slope(1.0)


@program((1.3,))
def a_test_on_a_slope(x):
    return x * x if wave_slope(x) > 0 else -x


def horner(y, n):
    total = 0.0
    for i in range(n):
        total = total * y + math.sin(y * i)
    return total


horner_slope = grad(horner)


def horner_slope_beside(y, n):
    return horner_slope(y, n) * y


@program((0.7, 3), (0.7, 0))
def slopes_of_a_loop_in_a_loop(x, n):
    total = 0.0
    for k in range(3):
        if k != 1:
            total += horner_slope_beside(x + k * 0.1, n)
        else:
            total = total * horner_slope(x, n)
    return total


def slope_at(x):
    return wave_slope(x) + grad(lambda y: y * x)(x)


@program((1.3,))
def in_a_function_that_is_called(x):
    return slope_at(x) * slope_at(2.0)


@program((1.3,))
def late_binding_of_a_capture(x):
    slope = grad(lambda y: y * y * a)
    a = x
    first = slope(x)
    a = x * x
    return first + slope(x)


@program((V3, 0.4))
def of_an_array(x, a):
    return np.sum(grad(lambda y: np.sum(y**3) * a)(x) * x)


@program((V3, 0.4))
def penalty(x, a):
    slope = grad(well)(x, a)
    return well(x, a) + 0.5 * np.sum(slope * slope)


@program((V3, 0.4))
def length_of_a_gradient(x, a):
    return np.sqrt(np.sum(grad(well)(x, a) ** 2)) + grad(well, wrt=1)(x, a)


@program((V3, V4[:3]))
def product_with_the_hessian(x, v):
    return np.sum(grad(lambda y: np.sum(grad(lambda z: np.sum(z**4) * z[0])(y) * v))(x))


@program((V3,))
def array_descent(x):
    def loss(y):
        return np.sum((y * y - x) ** 2)

    y = x.copy()
    for _ in range(3):
        y = y - 0.05 * grad(loss)(y)
    return loss(y)


@program((V3,))
def in_forward_mode_of_an_array(x):
    return np.sum(grad(lambda y: np.sum(y * y * x), mode="forward")(x))


@program((V3,))
def of_a_loop_over_an_array(x):
    def chain(y):
        total = 0.0
        for i in range(len(y)):
            total = total * y[i] + y[i] * x[i]
        return total

    return np.sum(grad(chain)(x * x))


@program((V3,))
def of_what_writes_an_array(x):
    def chain(y):
        z = y * x
        for i in range(1, len(z)):
            z[i] = z[i] * z[i - 1]
        return np.sum(z)

    return np.sum(grad(chain)(x))


@program((1.3, 0.4))
def tangent(x, a):
    value, slope = jvp(lambda y, z: y * y * math.sin(z * a), (x, a), (a, 2.0))
    return value * slope + jvp(wave, [x * a], [x])[1]


@program((1.3,))
def tangent_of_a_slope(x):
    return jvp(grad(wave), (x,), (x,))[1] + x * jvp(wave_slope, (2.0,), (x,))[0]


@program((1.3, 0.4))
def confusion_of_tangents(x, a):
    return jvp(lambda y: jvp(lambda z: x * y * z * z, (a,), (y,))[1] * x, (x,), (a,))[1]


@program((1.3, 3))
def tangent_of_an_argument_that_does_not_vary(x, n):
    return jvp(lambda y, k: y**k * x, (x, n), (x, None))[1]


@program((1.3, 0.4))
def pulled_back(x, a):
    value, pullback = vjp(lambda y, z: y * y * z * x, x, a * x)
    by_y, by_z = pullback(a)
    return value * by_y + by_z * pullback(1.0)[0]


@program((1.3, 0.4))
def pulled_back_after_a_change(x, a):
    y = x * a
    _, pullback = vjp(lambda z: z**3 * a * y, y)
    y = y + 1.0
    a = a * a
    return pullback(y)[0] * a


@program((1.3,))
def pulled_back_from_several(x):
    value, pullback = srcad.vjp(lambda y: (y * y, y * x), x)
    return pullback((x, 2.0))[0] * value[0]


@program((1.3, 0.4))
def pulled_back_through_a_slope(x, a):
    _, pullback = vjp(grad(lambda y: y**4 * a), x)
    return pullback(x)[0] * a


@program((V3,))
def slope_is_its_own_array(x):
    slope = grad(lambda y: np.sum(y * x))(x)
    slope[0] = slope[1] * x[2]
    return np.sum(slope * x * x)


@program((V3, U3))
def tangents_that_are_one_array(x, v):
    (y, z), (first, second) = jvp(lambda y: (y, y[1:]), (x * x,), (v,))
    first[1] = x[0]
    z[0] = v[2]
    return np.sum(first) * np.sum(second * y[1:]) + np.sum(z)


@program((1.3, 0.4))
def pulled_back_where_nothing_varies(x, a):
    value, pullback = vjp(lambda y, z: x, x, a)
    return value + pullback(a)[0] * x + pullback(x)[1]


@program((1.3, 0.4))
def pulled_back_among_calls(x, a):
    total = 1.0
    value, pullback = vjp(lambda y: wave(y) * slope_at(a), x)
    total += pullback(slope_at(x) * value)[0]
    total += wave_slope(pullback(total)[0] * 0.1)
    return total


@program((1.3, 3))
def pulled_back_from_a_recursion(x, n):
    def power(y, m):
        return 1.0 if m == 0 else y * x * power(y, m - 1)

    value, pullback = vjp(lambda y: power(y, n), x)
    return value * pullback(x)[0]


@program((1.3, 1), (1.3, -1))
def pulled_back_in_a_branch(x, n):
    if n > 0:
        value, pullback = vjp(wave, x * x)
        slope = pullback(value)[0]
    else:
        value, pullback = vjp(lambda y: y**4, x)
        slope = pullback(x)[0]
    return slope * value


@program((1.3, 1), (1.3, -1))
def slope_chosen_by_a_branch(x, n):
    if n > 0:
        slope = grad(wave)
    else:
        slope = grad(lambda y: y**4 * x)
    return slope(x) * x


@program((V3, U3))
def hessian_vector_product(x, v):
    product = jvp(grad(lambda y: np.sum(y**4) * y[0]), (x,), (v,))[1]
    return np.sum(product * product)


@program((V3, U3))
def tangent_of_an_array(x, v):
    y, dot = jvp(lambda z: z * z * x, (x * v,), (v,))
    return np.sum(y * dot)


@program((V3, U3))
def tangent_is_its_own_array(x, v):
    y, dot = jvp(lambda z: z, (x,), (v,))
    dot[0] = 2.0 * x[1]
    y[1] = v[0]
    return np.sum(dot * y) + np.sum(x * v)


@program((V3,))
def pulled_back_array(x):
    value, pullback = vjp(lambda y: y * y * x, x * 2.0)
    total = 0.0
    total += np.sum(pullback(np.ones_like(value) * value)[0])
    return total


@program((V3, 0.05, 3))
def gauss_newton(x, rate, n):
    y = x * x
    for _ in range(n):
        r, dot = jvp(lambda z: z * z - x, (y,), (np.ones_like(y),))
        y = y - rate * r * dot
    return np.sum(y)


@refused((1.3,), match="`grad` inside a function")
def of_what_is_not_known(x):
    fs = [wave]
    return grad(fs[0])(x)


@refused((1.3, 0), match="which derivative is meant must be known")
def option_that_is_not_known(x, n):
    return grad(lambda y, z: y * z * x, wrt=n)(x, x)


@refused((1.3,), match="pass a float")
def of_an_int(x):
    return grad(lambda y: y * x)(2)


@refused((1.3,), match="returns a tuple")
def of_several_values(x):
    return grad(lambda y: (y, y * x))(x)


@refused((1.3,), match="no such parameter")
def with_respect_to_nothing(x):
    return grad(lambda y: y * x, wrt="z")(x)


@refused((1.3, 2), match="calls its own derivative")
def its_own_derivative(x, n):
    if n == 0:
        return x * x
    return x * grad(its_own_derivative)(x, n - 1)


@refused((1.3,), match=r"takes \*args")
def of_starred_parameters(x):
    return grad(lambda *y: y[0] * x)(x)


@refused((1.3,), match="`dump=` inside a function")
def dumped(x):
    return grad(lambda y: y * x, dump=True)(x)


@refused((1.3,), match="used as a value here")
def kept_as_a_value(x):
    slopes = [grad(wave)]
    return slopes[0](x)


@refused((1.3,), match="its primals and tangents are not written out")
def primals_that_are_not_written_out(x):
    primals = (x,)
    return jvp(wave, primals, (1.0,))[1]


@refused((1.3,), match="floating point and of its shape")
def tangent_of_another_shape(x):
    return jvp(lambda y: y * x, (x,), (np.ones(2),))[1]


@refused((1.3,), match="as many as values")
def too_many_adjoints(x):
    _, pullback = vjp(lambda y: y * x, x)
    return pullback((1.0, x))[0]


@refused((V3,), match="an array may be written between")
def pulled_back_over_a_write(x):
    y = x * x
    _, pullback = vjp(lambda z: np.sum(z * y), y)
    y[0] = 2.0
    return np.sum(pullback(1.0)[0])


@refused((1.3,), match="`vjp` inside a function")
def pulled_back_at_once(x):
    return vjp(lambda y: y * x, x)[1](1.0)[0]


@refused((V3,), match="not certainly of the shape of the result")
def adjoint_of_a_shape_that_is_not_known(x):
    _, pullback = vjp(lambda y: y[y > 0] * 2.0, x)
    return np.sum(pullback(x[x > 0])[0])
