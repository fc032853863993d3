"""Functions that choose one of their operands, with their twins in mpmath."""

from __future__ import annotations

from typing import Any

from tests.rule_samples.sample import ANY, NEGATIVE, POSITIVE, Sample, Shapes, of


def _clip(x: Any, low: Any, high: Any) -> Any:
    return min(max(x, low), high)


ELEMENTWISE: dict[str, list[Sample]] = {
    "np.maximum": [of(max, ANY, ANY)],
    "np.minimum": [of(min, ANY, ANY)],
    "np.fmax": [of(max, ANY, ANY)],
    "np.fmin": [of(min, ANY, ANY)],
    "np.clip": [
        of(_clip, ANY, (-0.8, -0.6), (0.6, 0.8)),
        of(max, ANY, ANY, call="{f}(x, y, None)"),
        of(min, ANY, ANY, call="{f}(x, None, y)"),
        of(_clip, ANY, (0.6, 0.8), (-0.8, -0.6)),
        of(_clip, ANY, (-0.8, -0.6), (0.6, 0.8), call="{f}(a_max=z, a_min=y, a=x)"),
    ],
    "np.heaviside": [
        of(lambda x, h: 0 * x, NEGATIVE, ANY),
        of(lambda x, h: 1 + 0 * x, POSITIVE, ANY),
    ],
    "np.nan_to_num": [of(lambda x: x, ANY), of(lambda x: x, ANY, call="{f}(x, nan=1.0)")],
}
STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = {
    "np.where": [
        ("np.where(c > 0, a, b)", [((3,), (3,), (3,)), ((2, 3), (3,), (2, 1)), ((3,), None, (3,)),
                                   (None, (3,), (3,)), ((1,), (3,), (1, 3)), ((0,), (1,), (0,)),
                                   (None, None, (2, 3)), (None, (3,), None)]),
    ],
}  # fmt: skip
