"""What generating a derivative leaves behind: its text, and nothing of the trees."""

from __future__ import annotations

import gc
from typing import Literal

import gast
import numpy as np
import pytest

import srcad


def smooth(x: float, n: int) -> float:
    y = x
    for i in range(n):
        z = y * y - x
        if z > 1.0:
            y = z / (y + i)
        else:
            y = z * y + x**3
    return y


def sums(x: np.ndarray, c: float) -> float:
    y = np.sqrt(x * x + c)
    return float(np.sum(np.where(y > x, y, x) * np.maximum(x, y)))


def trees() -> int:
    """How many generated statements are alive: those that have no place in the user's file."""
    # By their types: some objects of other libraries do not like to be asked for their class.
    every = [each for each in gc.get_objects() if issubclass(type(each), gast.stmt)]
    return sum(not hasattr(each, "lineno") for each in every)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
@pytest.mark.parametrize("fun", [smooth, sums], ids=["numbers", "arrays"])
def test_no_tree_outlives_the_generation(fun: object, mode: Literal["forward", "reverse"]) -> None:
    arguments = (2.0, 3) if fun is smooth else (np.array([0.5, 1.5]), 0.3)
    # What the process keeps: sources, parsed rules.
    srcad.grad(fun, mode=mode, ascii=True)(*arguments)
    gc.collect()
    before = trees()
    gc.disable()  # whatever dies has to die without the collector of cycles
    try:
        derivative = srcad.grad(fun, mode=mode, ascii=True)
        derivative(*arguments)
        left = trees() - before
    finally:
        gc.enable()
    assert left <= 0, f"{left} statements are alive"
    assert derivative.stages["emit"] == derivative.source
