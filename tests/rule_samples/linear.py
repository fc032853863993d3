"""Linear operations on arrays."""

from __future__ import annotations

from tests.rule_samples.sample import Shapes

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
    "np.where": [
        ("np.where(c > 0, a, b)", [((3,), (3,), (3,)), ((2, 3), (3,), (2, 1)), ((3,), None, (3,)),
                                   (None, (3,), (3,)), ((1,), (3,), (1, 3)), ((0,), (1,), (0,)),
                                   (None, None, (2, 3)), (None, (3,), None)]),
    ],
    "helpers.unbroadcast": [
        ("unbroadcast(a, c)", [((2, 3), (3,)), ((2, 3), (2, 1)), ((2, 3), (1, 1)), ((3,), (3,)),
                               ((2, 3), (1,))]),
    ],
    "builtins.sum": [("sum(a)", [((3,),), ((2, 3),), ((0,),), ((1,),)])],
}  # fmt: skip
