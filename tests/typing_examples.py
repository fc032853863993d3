"""What a type checker is to know of srcad's functions; it is checked, never run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, assert_type

import srcad


def f(x: float, a: float, *, n: int = 3) -> float:
    return x * a * n


# The derivative takes the function's own arguments.

df = srcad.grad(f)
assert_type(df(1.0, 2.0), Any)
assert_type(df(1.0, 2.0, n=3), Any)
df()  # type: ignore[call-arg]
df(1.0, "two")  # type: ignore[arg-type]
df(1.0, 2.0, k=3)  # type: ignore[call-arg]

both = srcad.value_and_grad(f, mode="forward", wrt=("x", 1))
assert_type(both(1.0, 2.0), tuple[float, Any])
value, slope = both(1.0, 2.0)
assert_type(value, float)

# As a decorator, with and without options.


@srcad.grad
def plain(x: float) -> float:
    return x * x


@srcad.grad(mode="forward", wrt="x", names="w", ascii=True, optimize=False, dump=Path("out.py"))
def with_options(x: float, k: int) -> float:
    return x * k


@srcad.value_and_grad(wrt=0)
def with_value(x: float) -> float:
    return x * x


assert_type(plain(1.0), Any)
assert_type(with_options(1.0, 2), Any)
assert_type(with_value(1.0), tuple[float, Any])
plain("one")  # type: ignore[arg-type]
with_options(1.0, 2.0)  # type: ignore[arg-type]
with_value()  # type: ignore[call-arg]

# Of a derivative.

assert_type(srcad.grad(srcad.grad(f))(1.0, 2.0), Any)
assert_type(df.source, str)
assert_type(df.stages, dict[str, str])
assert_type(df.__name__, str)

# Options are checked.

srcad.grad(f, mode="backward")  # type: ignore[call-overload]
srcad.grad(f, names="v")  # type: ignore[call-overload]
srcad.grad(f, wrt=1.5)  # type: ignore[call-overload]
srcad.grad(3.0)  # type: ignore[call-overload]
srcad.grad(f, 0)  # type: ignore[call-overload]

# The functions.

assert_type(srcad.jvp(f, (1.0, 2.0), (1.0, 0.0)), tuple[Any, Any])
result, pullback = srcad.vjp(f, 1.0, 2.0)
assert_type(pullback, Callable[[Any], tuple[Any, ...]])
assert_type(pullback(1.0), tuple[Any, ...])
srcad.check_grads(f, (1.0, 2.0), order=1, modes=("forward",), rtol=1e-6, eps=1e-2)
srcad.save(df, "out.py")
srcad.save(df, Path("out.py"))
srcad.save(f, "out.py")  # type: ignore[arg-type]
