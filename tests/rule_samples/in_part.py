"""Reductions of some entries, and from an initial value."""

from __future__ import annotations

from typing import Any

import mpmath as mp

from tests.rule_samples.reductions import Core, deviation, mean, variance, with_nan, without_nan
from tests.rule_samples.sample import Shapes
from tests.rule_samples.whole import Whole, along

# Three entries at least are left of each, so that a deviation is not linear.
SHAPES: tuple[Shapes, ...] = (((5, 6),), ((5,),), ((5, 2, 5),))
# The arguments that say along which axes, and the axes.
AXES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("", {}),
    (", axis=0", {"axis": 0}),
    (", axis=-1, keepdims=True", {"axis": -1, "keepdims": True}),
)


def larger(core: Core) -> Core:
    """Of the entries that are larger than the smallest."""
    return lambda x: core([each for each in x if each > min(x)])


def _some(name: str, core: Core, options: str = "", *, nan: bool = False) -> list[Whole]:
    least = "np.nanmin" if nan else "np.min"
    prepared = {"prepared": with_nan} if nan else {}
    return [
        Whole(
            f"{name}(a{axes}, where=a > {least}(a{_kept(axes)}){options})",
            along(without_nan(larger(core)) if nan else larger(core), **ways),
            SHAPES,
            **prepared,
        )
        for axes, ways in AXES
        if not (name.endswith(".reduce") and not axes)
    ]


def _kept(axes: str) -> str:
    return axes if "keepdims" in axes or not axes else f"{axes}, keepdims=True"


def _from(name: str, core: Core, start: float, *, nan: bool = False) -> list[Whole]:
    prepared = {"prepared": with_nan} if nan else {}
    return [
        Whole(
            f"{name}(a{axes}, initial={start})",
            along(without_nan(core) if nan else core, **ways),
            SHAPES,
            **prepared,
        )
        for axes, ways in AXES
        if not (name.endswith(".reduce") and not axes)
    ]


def _more(x: list[Any]) -> Any:
    return sum(x) + mp.mpf("2.5")


def _times(x: list[Any]) -> Any:
    return mp.fprod(x) * mp.mpf("2.5")


def _largest(x: list[Any]) -> Any:
    return max([*x, mp.mpf("0.5")])


def _smallest(x: list[Any]) -> Any:
    return min([*x, mp.mpf("0.5")])


def _but_the_first(name: str, core: Core) -> list[Whole]:
    """With a mask that has fewer axes, and does not depend on the entries."""
    mask = "np.arange(a.shape[-1]) > 0"
    return [Whole(f"{name}(a, axis=-1, where={mask})", along(lambda x: core(x[1:]), -1), SHAPES)]


SOME, START = "of some entries", "from an initial value"
WHOLE: dict[str, list[Whole]] = {
    f"np.sum {SOME}": [
        *_some("np.sum", sum),
        *_some("np.sum", _more, ", initial=2.5"),
        *_but_the_first("np.sum", sum),
    ],
    f"np.nansum {SOME}": [
        *_some("np.nansum", sum, nan=True),
        *_but_the_first("np.nansum", sum),
    ],
    f"np.add.reduce {SOME}": [
        *_some("np.add.reduce", sum),
        *_but_the_first("np.add.reduce", sum),
    ],
    f"np.prod {SOME}": [
        *_some("np.prod", mp.fprod),
        *_some("np.prod", _times, ", initial=2.5"),
        *_but_the_first("np.prod", mp.fprod),
    ],
    f"np.nanprod {SOME}": _some("np.nanprod", mp.fprod, nan=True),
    f"np.multiply.reduce {SOME}": [
        *_some("np.multiply.reduce", mp.fprod),
        *_but_the_first("np.multiply.reduce", mp.fprod),
    ],
    f"np.mean {SOME}": [*_some("np.mean", mean), *_but_the_first("np.mean", mean)],
    f"np.nanmean {SOME}": [
        *_some("np.nanmean", mean, nan=True),
        *_but_the_first("np.nanmean", mean),
    ],
    f"np.var {SOME}": [*_some("np.var", variance()), *_some("np.var", variance(0.5), ", ddof=0.5")],
    f"np.nanvar {SOME}": _some("np.nanvar", variance(), nan=True),
    f"np.std {SOME}": _some("np.std", deviation()),
    f"np.nanstd {SOME}": _some("np.nanstd", deviation(), nan=True),
    f"np.sum {START}": _from("np.sum", _more, 2.5),
    f"np.nansum {START}": _from("np.nansum", _more, 2.5, nan=True),
    f"np.add.reduce {START}": _from("np.add.reduce", _more, 2.5),
    f"np.prod {START}": _from("np.prod", _times, 2.5),
    f"np.nanprod {START}": _from("np.nanprod", _times, 2.5, nan=True),
    f"np.multiply.reduce {START}": _from("np.multiply.reduce", _times, 2.5),
    f"np.max {START}": [
        *_from("np.max", _largest, 0.5),
        *_some("np.max", _largest, ", initial=0.5"),
    ],
    f"np.min {START}": [
        *_from("np.min", _smallest, 0.5),
        *_some("np.min", _smallest, ", initial=0.5"),
    ],
    f"np.nanmax {START}": _from("np.nanmax", _largest, 0.5, nan=True),
    f"np.nanmin {START}": _from("np.nanmin", _smallest, 0.5, nan=True),
    f"np.maximum.reduce {START}": _from("np.maximum.reduce", _largest, 0.5),
    f"np.minimum.reduce {START}": _from("np.minimum.reduce", _smallest, 0.5),
}
