"""The same entries in another shape or order."""

from __future__ import annotations

from tests.rule_samples.sample import Shapes

ANY_RANK: list[Shapes] = [((3,),), ((2, 3),), ((1,),), ((0,),), ((2, 0),), ((2, 3, 4),), ((),)]
MATRICES: list[Shapes] = [((2, 3),), ((1, 3),), ((0, 2),), ((2, 3, 4),)]

STRUCTURED: dict[str, list[tuple[str, list[Shapes]]]] = {
    "np.reshape": [
        ("np.reshape(a, -1)", ANY_RANK),
        ("np.reshape(a, (-1,), order='F')", ANY_RANK),
        ("a.reshape(-1, 1)", ANY_RANK),
        ("a.reshape((1, -1))", ANY_RANK),
        ("a.reshape(a.shape)", ANY_RANK),
        ("a.reshape(a.shape[::-1], order='F')", [((2, 3),), ((2, 3, 4),), ((0, 2),)]),
        ("a.reshape(3, 2)", [((2, 3),), ((6,),), ((1, 6, 1),)]),
        ("np.reshape(a, shape=(len(a), -1))", [((2, 3),), ((6,),), ((2, 3, 4),)]),
        ("np.reshape(a, [a.shape[1], a.shape[0]])", [((2, 3),), ((1, 3),), ((0, 3),)]),
        ("a.reshape(())", [((1,),), ((),), ((1, 1),)]),
        ("np.reshape(a, 1)", [(None,)]),
        ("np.reshape(a, ())", [(None,)]),
    ],
    "np.ravel": [
        (call, ANY_RANK)
        for call in ("np.ravel(a)", "a.ravel()", "a.ravel(order='F')", "np.ravel(a, 'C')")
    ]
    + [("np.ravel(a)", [(None,)])],
    "np.ndarray.flatten": [(call, ANY_RANK) for call in ("a.flatten()", "a.flatten('F')")],
    "np.expand_dims": [
        ("np.expand_dims(a, 0)", [*ANY_RANK, (None,)]),
        ("np.expand_dims(a, axis=-1)", ANY_RANK),
        ("np.expand_dims(a, (0, 2))", ANY_RANK[:-1]),
    ],
    "np.squeeze": [
        ("np.squeeze(a)", [*ANY_RANK, ((1, 3, 1),), ((1, 1),), (None,)]),
        ("a.squeeze(axis=1)", [((3, 1),), ((1, 1, 4),)]),
        ("np.squeeze(a, (0, -1))", [((1, 3, 1),), ((1, 1),)]),
        ("a[:, :c.size].squeeze(1)", [((3, 4), (1,))]),
    ],
    "np.atleast_1d": [("np.atleast_1d(a)", [*ANY_RANK, (None,)])],
    "np.atleast_2d": [("np.atleast_2d(a)", [*ANY_RANK, (None,)])],
    "np.atleast_3d": [("np.atleast_3d(a)", [*ANY_RANK, ((2, 3, 4, 5),), (None,)])],
    "np.transpose": [
        (call, [((3,),), ((2, 3),), ((2, 3, 4),), ((0, 2),), ((1, 1),), ((),)])
        for call in ("np.transpose(a)", "a.T", "a.transpose()", "np.permute_dims(a)",
                     "np.transpose(a, None)")
    ]
    + [
        (call, [((2, 3, 4),), ((1, 3, 2),), ((2, 0, 4),)])
        for call in ("np.transpose(a, (2, 0, 1))", "a.transpose(1, 2, 0)", "a.transpose((0, 2, 1))",
                     "np.permute_dims(a, axes=(-1, 1, 0))", "a.transpose([1, 0, -1])")
    ],
    "np.swapaxes": [
        (call, [((2, 3, 4),), ((1, 3),), ((2, 0),)])
        for call in ("np.swapaxes(a, 0, -1)", "a.swapaxes(1, 0)", "a.swapaxes(0, 0)")
    ],
    "np.moveaxis": [
        ("np.moveaxis(a, 0, -1)", [((2, 3, 4),), ((2, 3),), ((3,),)]),
        ("np.moveaxis(a, (0, 1), (2, 0))", [((2, 3, 4),), ((2, 3, 4, 5),)]),
        ("np.moveaxis(a, source=[-1], destination=[0])", [((2, 3, 4),)]),
    ],
    "np.rollaxis": [
        ("np.rollaxis(a, 2)", [((2, 3, 4),), ((2, 3, 4, 5),)]),
        ("np.rollaxis(a, 0, 3)", [((2, 3, 4),)]),
        ("np.rollaxis(a, -1, start=1)", [((2, 3, 4),), ((2, 3),)]),
    ],
    "np.matrix_transpose": [
        (call, MATRICES) for call in ("np.matrix_transpose(a)", "a.mT")
    ],
    "np.flip": [
        ("np.flip(a)", [*ANY_RANK, (None,)]),
        ("np.flip(a, axis=0)", [((3,),), ((2, 3),), ((2, 3, 4),)]),
        ("np.flip(a, (0, -1))", [((2, 3),), ((2, 3, 4),)]),
    ],
    "np.flipud": [("np.flipud(a)", [((3,),), ((2, 3),), ((2, 3, 4),), ((0,),)])],
    "np.fliplr": [("np.fliplr(a)", [((2, 3),), ((2, 3, 4),), ((2, 0),)])],
    "np.rot90": [
        (call, [((2, 3),), ((2, 3, 4),), ((1, 1),), ((0, 2),)])
        for call in ("np.rot90(a)", "np.rot90(a, 2)", "np.rot90(a, k=-1)", "np.rot90(a, 3, (1, 0))",
                     "np.rot90(a, len(a))")
    ]
    + [("np.rot90(a, axes=(-1, 1))", [((2, 3, 4),)])],
    "np.roll": [
        ("np.roll(a, 1)", [*ANY_RANK, (None,)]),
        ("np.roll(a, -2, axis=0)", [((3,),), ((2, 3),), ((2, 3, 4),)]),
        ("np.roll(a, len(a) - 1)", [((3,),), ((2, 3),)]),
        ("np.roll(a, (1, -1), axis=(0, 1))", [((2, 3),), ((2, 3, 4),)]),
        ("np.roll(a, shift=(1, 2), axis=1)", [((2, 3),)]),
    ],
    "np.broadcast_to": [
        ("np.broadcast_to(a, (2, 3))", [((3,),), ((2, 3),), ((1, 3),), ((2, 1),), ((1,),), ((),),
                                        (None,)]),
        ("np.broadcast_to(a, 3)", [((3,),), ((1,),), ((),), (None,)]),
        ("np.broadcast_to(a, c.shape)", [((3,), (2, 3)), ((2, 1), (2, 3)), ((1,), (0,))]),
        ("np.broadcast_to(a, (len(c), a.shape[-1]))", [((3,), (2, 4)), ((1,), (2,)),
                                                     ((2, 1), (2, 3))]),
        ("np.broadcast_to(a, (c.shape[0], len(c) - 1))", [((3,), (4,)), ((1,), (2,)),
                                                        ((2, 1), (2, 3))]),
    ],
}  # fmt: skip
