"""Arrays made of arrays."""

from __future__ import annotations

from tests.rule_samples.sample import Shapes

SAME: list[Shapes] = [((3,), (3,)), ((2, 3), (2, 3)), ((1,), (1,)), ((0,), (0,)), ((), ())]

STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = {
    "np.array": [
        ("np.array([a, b])", [(None, None), ((3,), (3,)), ((2, 3), (2, 3)), ((), ())]),
        ("np.array([a])", [(None,), ((3,),)]),
        ("np.array((a, b, a))", [(None, None), ((3,), (3,))]),
        ("np.asarray([a, b])", [(None, None), ((3,), (3,))]),
        ("np.ascontiguousarray([a, b])", [(None, None), ((3,), (3,))]),
        ("np.array([[a, b], [b, a]])", [(None, None)]),
        ("np.array([a, b], dtype=float)", [(None, None)]),
        ("np.array([[a, 0.0, 0], (b, a, 0)], float)", [(None, None)]),
    ],
    "np.array of an array": [
        (call, [((3,),), ((2, 3),), ((0,),), ((),), (None,)])
        for call in ("np.array(a)", "np.array(a, dtype=np.float64)", "np.array(a, copy=True)")
    ],
    "np.copy": [
        (call, [((3,),), ((2, 3),), ((0,),)]) for call in ("np.copy(a)", "a.copy()")
    ],
    "np.asarray": [
        (call, [((3,),), ((2, 3),), ((0,),)])
        for call in ("np.asarray(a)", "np.ascontiguousarray(a)", "np.asarray(a, float)")
    ],
    "np.stack": [
        ("np.stack([a, b])", SAME),
        ("np.stack((a, b, a), axis=-1)", SAME),
        ("np.stack([a, b], 1)", [((3,), (3,)), ((2, 3), (2, 3)), ((1, 3), (1, 3))]),
        ("np.stack([a])", [((3,),)]),
        ("np.stack([a, b])", [(None, None)]),
        ("np.stack([[a, b], [b, a]], axis=1)", [(None, None), ((3,), (3,))]),
    ],
    "np.concatenate": [
        ("np.concatenate([a, b])", [((3,), (2,)), ((2, 3), (1, 3)), ((0,), (2,)), ((3,), (0,))]),
        ("np.concatenate((a, b, a), axis=0)", [((3,), (2,)), ((2, 3), (1, 3)), ((1,), (1,))]),
        ("np.concatenate([a, b], axis=1)", [((2, 3), (2, 1)), ((2, 0), (2, 1))]),
        ("np.concatenate([a, b], axis=-1)", [((2, 3), (2, 1)), ((3,), (1,)), ((1, 2), (1, 2))]),
        ("np.concatenate([a, b, a], axis=None)", [((3,), (2, 2)), ((2, 3), (1,)), (None, (2,)),
                                                  ((), (2, 0))]),
        ("np.concatenate([a, b, a], -2)", [((2, 3, 4), (2, 1, 4))]),
        ("np.concatenate([a[1:], b, a[:1]])", [((3,), (2,)), ((2, 3), (1, 3))]),
    ],
    **{
        f"np.{name} of a list": [
            (f"np.{name}([(k + 1) * a for k in range(3)]{option})", shapes)
            for option, shapes in uses
        ]
        for name, uses in {
            "concatenate": [("", [((3,),), ((2, 3),), ((0,),)]), (", axis=-1", [((2, 3),)]),
                            (", axis=1", [((2, 3, 4),)])],
            "stack": [("", [((3,),), ((2, 3),)]), (", axis=1", [((3,),), ((2, 3),)]),
                      (", axis=-1", [((2, 3),)])],
            "vstack": [("", [((3,),), ((2, 3),), (None,), ((2, 3, 4),)])],
            "hstack": [("", [((3,),), ((2, 3),), (None,), ((2, 3, 4),)])],
            "column_stack": [("", [((3,),), ((2, 3),), (None,)])],
        }.items()
    },
    "np.vstack": [
        (call, [((3,), (3,)), ((3,), (2, 3)), ((2, 3), (3,)), ((2, 3), (1, 3)), (None, None),
                (None, (1,)), ((2, 3, 4), (1, 3, 4)), ((0, 3), (3,)), ((), (2, 1))])
        for call in ("np.vstack([a, b])", "np.vstack((a, b, a))")
    ] + [("np.vstack([[a, b], (b, a)])", [(None, None)])],
    "np.hstack": [
        (call, [((3,), (2,)), ((2, 3), (2, 1)), (None, (3,)), ((3,), None), (None, None),
                ((2, 3, 4), (2, 1, 4)), ((0,), (3,)), ((), ())])
        for call in ("np.hstack([a, b])", "np.hstack((a, b, a))")
    ],
    "np.dstack": [
        ("np.dstack([a, b, a])", [((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (2, 3, 2)), (None, None),
                                  ((3,), (1, 3)), ((2, 3, 2), (2, 3, 1))]),
    ],
    "np.column_stack": [
        ("np.column_stack([a, b, a])", [((3,), (3,)), ((3,), (3, 2)), ((3, 2), (3,)), (None, None),
                                        ((3, 0), (3,)), ((1,), (1, 2))]),
    ],
    "np.block": [
        ("np.block([a, b])", [((3,), (2,)), ((2, 3), (2, 1)), (None, (2,)), (None, None),
                              ((3,), (1, 2))]),
        ("np.block([[a, b], [b, a]])", [((2, 2), (2, 2)), ((1, 2), (1, 3)), (None, None),
                                        ((3,), (3,)), ((3,), (2,)), ((2, 3, 2), (2, 3, 1))]),
        ("np.block([[a, 0.0], [b[:1], a]])", [((3,), (4,))]),
    ],
    "np.append": [
        ("np.append(a, b)", [((3,), (2,)), ((2, 3), (2,)), ((3,), None), (None, (2, 2)),
                             (None, None)]),
        ("np.append(a, b, axis=0)", [((3,), (2,)), ((2, 3), (1, 3))]),
        ("np.append(a, values=b, axis=1)", [((2, 3), (2, 1))]),
    ],
}  # fmt: skip
