"""Derivatives of functions of `*args` and `**kwargs`: of the arguments of each call."""

import functools
import inspect
import math

import numpy as np
import pytest

import srcad
from tests.oracle import assert_close

SCALE = 2.0


def weighted(a, k=2.0, *xs, c=1.0, **named):
    total = a * k * c * SCALE
    for x in xs:
        total = total * x + math.sin(x)
    return total * named["w"]


def layers(x, *weights):
    for w in weights:
        x = np.tanh(w * x)
    return x.sum()


def handed_on(*xs):
    first, *others = xs
    return weighted(*xs, w=others[0]) + len(xs) * max(xs)


def difference(f, arguments, n, h=1e-4):
    """The slope in an argument, by differences of the sixth order."""
    weights = {3: 1.0, 2: -9.0, 1: 45.0}

    def at(step):
        moved = list(arguments)
        moved[n] = moved[n] + step
        return f(*moved)

    return sum(w * (at(k * h) - at(-k * h)) for k, w in weights.items()) / (60 * h)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
@pytest.mark.parametrize("arguments", [(0.7, 1.1), (0.7, 1.1, 0.4), (0.7, 1.1, 0.4, 1.9)])
def test_each_argument_of_a_call(mode, arguments):
    wrt = tuple(range(len(arguments)))
    found = srcad.value_and_grad(handed_on, wrt=wrt, mode=mode)(*arguments)
    expected = [difference(handed_on, arguments, n) for n in wrt]
    assert found[0] == handed_on(*arguments)
    assert_close(found[1], tuple(expected), 1e-9)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_one_derivative_for_calls_of_several_forms(mode):
    gradient = srcad.grad(weighted, wrt=(-1, "c", "w"), mode=mode)
    # a k c SCALE x w + sin(x) w, by hand
    for _ in range(2):
        x, w = 0.4, 3.0
        slopes = (0.7 * 1.1 * SCALE + math.cos(x)) * w, 0.7 * 1.1 * SCALE * x * w
        value = 0.7 * 1.1 * SCALE * x + math.sin(x)
        assert_close(gradient(0.7, 1.1, x, w=w), (*slopes, value), 1e-14)
        expected = (0.7 * SCALE * 3.0 * w, 0.7 * 1.1 * SCALE * w, 0.7 * 1.1 * SCALE * 3.0)
        assert_close(gradient(0.7, 1.1, c=3.0, w=w), expected, 1e-14)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_arrays(mode):
    x, v, w = np.array([0.3, -0.7]), np.array([1.2, 0.4]), np.array([-0.5, 0.8])
    h = np.tanh(v * x)
    outer = 1 - np.tanh(w * h) ** 2
    inner = outer * w * (1 - h * h)
    found = srcad.grad(layers, wrt=(0, 1, 2), mode=mode)(x, v, w)
    assert_close(found, (inner * v, inner * x, outer * h), 1e-14)


def test_what_changes_between_calls_is_seen(monkeypatch):
    gradient = srcad.grad(weighted, wrt="a")
    assert_close(gradient(0.7, 1.1, w=3.0), 1.1 * 2.0 * 3.0, 1e-14)
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    assert_close(gradient(0.7, 1.1, w=3.0), 1.1 * 5.0 * 3.0, 1e-14)
    monkeypatch.setattr(weighted, "__defaults__", (7.0,))
    assert_close(gradient(0.7, w=3.0), 7.0 * 5.0 * 3.0, 1e-14)


def test_each_argument_has_a_name_in_the_source():
    gradient = srcad.grad(lambda *xs: xs[0] * xs[1])
    assert gradient(2.0, 3.0) == 3.0
    assert "(xs_1, xs_2)" in gradient.source


@pytest.mark.parametrize(
    ("wrt", "arguments", "message"),
    [
        (2, (1.0, 2.0), "wrt=2: this call of handed_on has the arguments: 2 by position"),
        ("ys", (1.0, 2.0), "wrt='ys': this call of handed_on"),
        (0, (1, 2.0), "with respect to xs_1, but it is an int"),
    ],
)
def test_refused(wrt, arguments, message):
    with pytest.raises(srcad.ArgumentError, match=message):
        srcad.grad(handed_on, wrt=wrt)(*arguments)


def test_arguments_that_do_not_fit():
    with pytest.raises(srcad.ArgumentError, match="missing a required argument: 'a'"):
        srcad.grad(weighted)()


def test_another_signature_is_not_taken_for_its_own():
    def product(*xs):
        return xs[0] * xs[1]

    product.__signature__ = inspect.signature(lambda a: a)
    assert srcad.grad(product, wrt=1)(2.0, 3.0) == 2.0


def product(x, *ys, k=2.0, **named):
    for y in ys:
        x = x * y + math.sin(x)
    scale = named.get("scale", 1.0) if "scale" in named else k
    return x * x * scale * named.get("other", 1.0)


def test_jvp_and_vjp():
    arguments = (0.7, 1.2, 0.4)
    slopes = [difference(product, arguments, n) for n in range(3)]
    value, pullback = srcad.vjp(product, *arguments)
    assert_close(value, product(*arguments), rtol=1e-14)
    for seed in (1.0, 2.0):
        adjoints = pullback(seed)
        assert len(adjoints) == 3
        assert_close(adjoints, [seed * each for each in slopes], rtol=1e-9)
    for n in range(3):
        tangents = [float(n == k) for k in range(3)]
        value, tangent = srcad.jvp(product, arguments, tangents)
        assert_close(tangent, slopes[n], rtol=1e-9)
    assert_close(srcad.jvp(product, (0.7,), (1.0,)), (0.98, 2.8), rtol=1e-14)
    assert_close(srcad.vjp(layers, np.ones(2), 0.5)[1](1.0)[1].shape, ())


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_second_derivatives(mode):
    arguments = (0.7, 1.2, 0.4)
    first = srcad.grad(product, wrt=2, mode=mode)
    second = srcad.grad(first, wrt=1, mode=mode)
    assert_close(second(*arguments), difference(first, arguments, 1), rtol=1e-8)
    assert_close(second(*arguments, scale=3.0), 1.5 * second(*arguments), rtol=1e-13)
    slopes = [difference(first, arguments, n) for n in range(3)]
    assert_close(srcad.vjp(first, *arguments)[1](1.0), slopes, rtol=1e-8)
    assert_close(srcad.jvp(first, arguments, (0.0, 0.0, 1.0))[1], slopes[2], rtol=1e-8)
    srcad.check_grads(product, arguments)
    srcad.check_grads(srcad.grad(product), arguments, order=1)


def _twice(f):
    @functools.wraps(f)
    def wrapper(*args, **named):
        return 2.0 * f(*args, **named)

    return wrapper


@_twice
def decorated(x, y=2.0):
    return x * x * y


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_a_decorated_function(mode):
    gradient = srcad.grad(decorated, mode=mode)
    assert gradient(3.0) == 24.0
    assert gradient(3.0, 4.0) == 48.0
    assert gradient(3.0, y=1.0) == 12.0
    assert srcad.grad(decorated, mode=mode, wrt=1)(3.0, 4.0) == 18.0
    assert srcad.grad(gradient)(3.0) == 8.0
    assert srcad.jvp(decorated, (3.0,), (1.0,)) == (36.0, 24.0)
    assert srcad.vjp(decorated, 3.0, 4.0)[1](1.0) == (48.0, 18.0)
