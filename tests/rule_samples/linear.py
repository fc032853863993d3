"""Linear operations on arrays."""

from __future__ import annotations

import numpy as np

from tests.rule_samples.sample import Shapes

trapezoid = "trapezoid" if hasattr(np, "trapezoid") else "trapz"
# Calls with operands a, b, c, and shapes for them; None is a float.
STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = {
    "np.sum": [
        (call, [((3,),), ((2, 3),), ((1,),), ((0,),), ((2, 0),), ((2, 3, 4),)])
        for call in ("np.sum(a)", "a.sum()", "np.sum(a, axis=0)", "a.sum(axis=-1)",
                     "np.sum(a, axis=0, keepdims=True)", "np.sum(a, keepdims=True)",
                     "np.sum(a, axis=None)", "np.sum(a, 0)")
    ] + [
        (call, [((2, 3),), ((1, 3),), ((2, 3, 4),)])
        for call in ("np.sum(a, axis=1)", "np.sum(a, axis=(0, 1))",
                     "a.sum(axis=(-1, 0), keepdims=True)", "np.sum(a.T, axis=0)")
    ],
    "np.mean": [
        (call, [((3,),), ((2, 3),), ((1,),), ((2, 3, 4),)])
        for call in ("np.mean(a)", "a.mean()", "np.mean(a, axis=0)", "a.mean(axis=-1)",
                     "np.mean(a, axis=0, keepdims=True)")
    ] + [("np.mean(a, axis=(0, 1))", [((2, 3),), ((2, 3, 4),)])],
    "math.fsum": [("math.fsum([a, b, a])", [(None, None)]), ("math.fsum((a, b))", [(None, None)])],
    "helpers.unbroadcast": [
        ("unbroadcast(a, c)", [((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), (1, 1)), ((3,), (3,)),
                               ((2, 3), (1,))]),
    ],
    "helpers.row_sums": [
        ("row_sums(a, np.array([2, -4, 2]), c)", [((3, 2), (4, 2)), ((3, 1), (5, 1))]),
    ],
    "np.add.reduce": [
        ("np.add.reduce(a)", [((3,),), ((2, 3),), ((0,),)]),
        ("np.add.reduce(a, axis=1)", [((2, 3),), ((2, 1, 2),)]),
    ],
    **{
        f"helpers.running_{name}": [
            (f"running_{name}(a, np.array([1, 3, 3, 2]), np.array([1, 3, 3, 3]), 0)", [((4,),)]),
            (f"running_{name}(a, np.array([[1, 3, 4]]), np.array([[1, 3, 4]]), 1)", [((1, 3),)]),
        ]
        for name in ("tangent", "adjoint")
    },
    "math.fsum of a vector": [("math.fsum(a)", [((3,),), ((0,),)])],
    "np.average": [
        ("np.average(a)", [((3,),), ((2, 3),)]),
        ("np.average(a, axis=0, keepdims=True)", [((3,),), ((2, 3),)]),
    ],
    "np.cumsum": [
        ("np.cumsum(a)", [((3,),), ((2, 3),), ((1,),), ((0,),)]),
        ("a.cumsum(axis=0)", [((3,),), ((2, 3),), ((2, 3, 2),)]),
        ("np.cumsum(a, -1)", [((3,),), ((2, 3),), ((2, 3, 2),)]),
    ],
    "np.add.accumulate": [("np.add.accumulate(a)", [((3,),), ((2, 3),)])],
    "np.add.outer": [("np.add.outer(a, b)", [((2,), (3,)), ((2, 3), (2,)), ((2,), (2, 3))])],
    "np.subtract.outer": [("np.subtract.outer(a, b)", [((2,), (3,)), ((2, 3), (2,))])],
    "np.multiply.outer": [
        ("np.multiply.outer(a, b)", [((2,), (3,)), ((2, 3), (2,)), ((2,), (2, 3))]),
    ],
    "np.trapezoid over coordinates": [
        (f"np.{trapezoid}(a, b)", [((4,), (4,)), ((2, 4), (4,)), ((2, 4), (2, 4)), ((1,), (1,))]),
        (f"np.{trapezoid}(a, b, axis=0)", [((4,), (4,)), ((4, 2), (4,)), ((4, 2, 3), (4,)),
                                           ((4, 2), (4, 2)), ((4, 2), (4, 1))]),
    ],
    "np.trapezoid": [
        (f"np.{trapezoid}(a)", [((4,),), ((2, 4),), ((1,),)]),
        (f"np.{trapezoid}(a, dx=0.5, axis=0)", [((4,),), ((4, 2),), ((4, 2, 3),)]),
    ],
    "helpers.trapezoid_weights": [
        ("trapezoid_weights(a, 0)", [((4,),), ((4, 2),), ((1,),)]),
        ("trapezoid_weights(a, 1)", [((2, 4),)]),
    ],
    "helpers.trapezoid_slopes": [
        ("trapezoid_slopes(a, 0)", [((4,),), ((4, 2),), ((1,),)]),
        ("trapezoid_slopes(a, -1)", [((2, 4),)]),
    ],
    "np.unwrap": [("np.unwrap(a / 9)", [((3,),), ((2, 3),)])],
    "builtins.sum": [("sum(a)", [((3,),), ((2, 3),), ((0,),), ((1,),)])],
    **{
        f"numpy.fft.{name}": [
            (f"np.fft.{name}(a)", [((3,),), ((4,),), ((2, 3),), ((0,),)]),
            (f"np.fft.{name}(a, axes=1)", [((2, 3),), ((3, 4, 2),)]),
            (f"np.fft.{name}(a, (0, -1))", [((2, 3),), ((3, 4, 2),)]),
        ]
        for name in ("fftshift", "ifftshift")
    },
}  # fmt: skip
