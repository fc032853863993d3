"""Arrays of other libraries: the derivative runs on them as the function does, and gives them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import srcad

da = pytest.importorskip("dask.array")
dask = pytest.importorskip("dask")

RANDOM = np.random.default_rng(0)
X, W, T, V = (RANDOM.uniform(0.3, 1.7, shape) for shape in ((6, 4), 4, 6, 5))


def loss(w: Any, X: Any, t: Any) -> Any:
    r = np.tanh(X @ w) - t
    return np.mean(r * r)


def parts(x: Any) -> Any:
    return np.sum((x[1:] - x[:-1]) ** 2) + np.sum(x[::2] * x[::-2]) * x[0]


def choices(x: Any) -> Any:
    return np.sum(np.maximum(x, 0.9) * np.where(x > 0.7, x, x * x)) + np.sum(np.clip(x, 0.5, 1.2))


def axes(x: Any, b: Any) -> Any:
    rows = np.mean(x, axis=1, keepdims=True)
    return np.sum(np.sum(x * b, axis=0) ** 2) + np.sum(x * rows) + np.mean(x, axis=1) @ rows[:, 0]


def shapes(x: Any) -> Any:
    y = np.concatenate([np.reshape(x, (-1,)), x.T.ravel()])
    return np.sum(y**3) + np.sum(np.stack([x, 2.0 * x]) ** 2) + np.sum(np.dot(x.T, x) ** 2)


def row_by_row(x: Any) -> Any:
    s = 1.0
    for i in range(len(x)):
        s = s * np.sum(np.sin(x[i])) + x[i, 0]
    return s


def part_of(x: Any, k: int) -> Any:
    return x[k:] * np.exp(-x[: len(x) - k])


def with_a_helper(x: Any) -> Any:
    s = x
    for k in range(3):
        s = part_of(s, 1) + np.sum(s)
    return np.log(np.sum(np.exp(s) * s))


CASES = [
    (loss, (W, X, T)), (parts, (V,)), (choices, (X,)), (axes, (X, W)), (shapes, (X,)),
    (row_by_row, (X,)), (with_a_helper, (V,)),
]  # fmt: skip
NAMES = [f.__name__ for f, _ in CASES]


def pieces(*arrays: Any) -> tuple[Any, ...]:
    return tuple(da.from_array(a, chunks=tuple(max(1, n // 2) for n in a.shape)) for a in arrays)


def check(got: Any, want: Any, kind: type = da.Array) -> None:
    """Arrays of the other library, with NumPy's numbers."""
    for one, other in zip(got, want, strict=True):
        assert type(one) is kind
        assert (one.shape, one.dtype) == (np.shape(other), np.asarray(other).dtype)
        np.testing.assert_allclose(np.asarray(one), other, rtol=1e-12, atol=1e-14)


@pytest.fixture(autouse=True)
def in_this_thread() -> Any:
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.mark.parametrize(("f", "args"), CASES, ids=NAMES)
@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_gradients(f: Any, args: Any, mode: Any) -> None:
    args = args if mode == "reverse" else tuple(a[:3] if a.ndim == 2 else a for a in args)
    args = (*args[:2], args[2][:3]) if mode == "forward" and f is loss else args
    wrt = tuple(range(len(args)))
    want = srcad.value_and_grad(f, wrt=wrt, mode=mode)(*args)
    derivative = srcad.value_and_grad(f, wrt=wrt, mode=mode)
    for _ in range(2):  # the second call takes the quick way
        value, gradient = derivative(*pieces(*args))
        check((value, *gradient), (want[0], *want[1]))
    check((srcad.grad(f, mode=mode)(*pieces(*args)),), want[1][:1])


@pytest.mark.parametrize(("f", "args"), CASES, ids=NAMES)
def test_products(f: Any, args: Any) -> None:
    tangents = tuple(RANDOM.normal(size=a.shape) for a in args)
    check(srcad.jvp(f, pieces(*args), pieces(*tangents)), srcad.jvp(f, args, tangents))
    value, pullback = srcad.vjp(f, *pieces(*args))
    want, numpy_pullback = srcad.vjp(f, *args)
    check((value,), (want,))
    for seed in (1.0, 2.5, 1.0):
        check(pullback(seed), numpy_pullback(seed))
    check(pullback(da.asarray(np.array(2.0))), numpy_pullback(2.0))


def test_an_array_as_the_result() -> None:
    ((x,), (seed,)) = pieces(V), pieces(V[1:] * V[1:])
    value, pullback = srcad.vjp(lambda x: part_of(x, 1), x)
    want, numpy_pullback = srcad.vjp(lambda x: part_of(x, 1), V)
    check((value, *pullback(seed)), (want, *numpy_pullback(V[1:] * V[1:])))


def test_some_arguments_are_numpys() -> None:
    gradient = srcad.grad(loss)
    check((gradient(W, *pieces(X, T)),), (gradient(W, X, T),))
    assert type(gradient(W, X, T)) is np.ndarray


def test_single_precision() -> None:
    x = X.astype(np.float32)
    for f in (choices, shapes):
        got = srcad.grad(f)(*pieces(x))
        assert (type(got), got.dtype) == (da.Array, np.float32)
        np.testing.assert_allclose(np.asarray(got), srcad.grad(f)(x), rtol=1e-5)


def test_second_derivatives() -> None:
    hessian_product = srcad.jvp(srcad.grad(choices), pieces(X), pieces(X * X))
    check(hessian_product, srcad.jvp(srcad.grad(choices), (X,), (X * X,)))


def test_nothing_is_computed_before_it_is_asked_for() -> None:
    computed: list[int] = []

    def piece(block: Any) -> Any:
        computed.append(1)
        return block

    x = pieces(X)[0].map_blocks(piece, dtype=X.dtype, meta=np.zeros((0, 0)))
    for mode in ("reverse", "forward"):
        gradient = srcad.grad(choices, mode=mode)(x)
        assert computed == []
    value, pullback = srcad.vjp(choices, x)
    srcad.jvp(choices, (x,), (x,))
    (adjoint,) = pullback(value)
    assert computed == []
    adjoint.compute()
    assert computed
    np.testing.assert_allclose(np.asarray(gradient), srcad.grad(choices)(X), rtol=1e-12)


# -- what is refused -------------------------------------------------------------------------------


def writes_an_element(x: Any) -> Any:
    y = x * 1.0
    y[0] = y[1]
    return np.sum(y * y)


def writes_its_argument(x: Any) -> Any:
    x[1:] *= 2.0
    return np.sum(x * x)


def repeats(x: Any) -> Any:
    y = x * x
    return np.sum(y[[0, 1, 0]])


def with_a_new_axis(x: Any) -> Any:
    return np.sum(x[:, None] * x[None, :])


CAPTURED = pieces(V)[0]


def captures(x: Any) -> Any:
    return np.sum(x * CAPTURED)


@pytest.mark.parametrize(("f", "said"), [
    (writes_an_element, "a write into an array (`y`): an argument is an array of dask, and what"),
    (writes_its_argument, "a write into an array (`x`): an argument is an array of dask"),
    (repeats, "arrays of dask are not written in place, as `np.add.at("),
    (with_a_new_axis, "arrays of dask are not written in place, as `x̄["),
    (captures, "`CAPTURED`: a captured array of dask is not NumPy's; write instead a parameter"),
])  # fmt: skip
def test_refused(f: Any, said: str) -> None:
    for call in (srcad.grad(f), lambda x: srcad.vjp(f, x)):
        with pytest.raises(srcad.SrcadError) as error:
            call(*pieces(V))
        assert said in str(error.value)
    if f is not captures:
        srcad.grad(f)(V.copy())


def test_arguments_that_are_refused() -> None:
    x = pieces(V)[0]
    for bad, said in (
        (x[x > 1.0], "pass x when its lengths are known (x.compute_chunk_sizes())"),
        (x.astype(complex), "argument x is an array of dask of dtype complex128 and shape (5,)"),
        (x.astype(">f8"), 'pass x.astype(x.dtype.newbyteorder("="))'),
        (x.astype(int), "it is an array of dtype i8: pass an array of floats"),
    ):
        with pytest.raises(srcad.ArgumentError) as error:
            srcad.grad(parts)(bad)
        assert said in str(error.value)
    with pytest.raises(srcad.ArgumentError, match="check_grads takes NumPy's arrays, not dask's"):
        srcad.check_grads(parts, (x,))


# -- another library yet ---------------------------------------------------------------------------


def _inside(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return type(value)(map(_inside, value))
    return value.array if isinstance(value, Wrapped) else value


class Wrapped(np.lib.mixins.NDArrayOperatorsMixin):
    """An array that knows NumPy's functions, and cannot be written to."""

    def __init__(self, array: Any) -> None:
        self.array = np.asarray(array)
        self.array.flags.writeable = False

    shape = property(lambda self: self.array.shape)
    dtype = property(lambda self: self.array.dtype)
    size = property(lambda self: self.array.size)
    T = property(lambda self: Wrapped(self.array.T))

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        return Wrapped(getattr(ufunc, method)(*_inside(args), **kwargs))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        result = function(*_inside(args), **{k: _inside(v) for k, v in kwargs.items()})
        return Wrapped(result) if isinstance(result, (np.ndarray, np.floating)) else result

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.array

    def astype(self, dtype: Any) -> Wrapped:
        return Wrapped(self.array.astype(dtype))

    def copy(self) -> Wrapped:
        return Wrapped(self.array.copy())


@pytest.mark.parametrize(("f", "args"), [(loss, (W, X, T)), (choices, (X,))])
def test_a_library_of_our_own(f: Any, args: Any) -> None:
    given = tuple(map(Wrapped, map(np.copy, args)))
    value, gradient = srcad.value_and_grad(f)(*given)
    want = srcad.value_and_grad(f)(*args)
    check((value, gradient), want, Wrapped)
    check(srcad.jvp(f, given, given), srcad.jvp(f, args, args), Wrapped)
    check(srcad.vjp(f, *given)[1](1.0), srcad.vjp(f, *args)[1](1.0), Wrapped)
