"""Products: linear in each operand.  Calls in operands a, b and d, and shapes for them."""

from __future__ import annotations

import numpy as np

from tests.rule_samples.sample import Shapes

Samples = list[tuple[str, list[Shapes]]]

MATMUL: list[Shapes] = [
    *(((3,), (3,)), ((2, 3), (3,)), ((2,), (2, 3)), ((2, 3), (3, 4)), ((1, 3), (3, 1))),
    *(((0, 3), (3, 2)), ((2, 0), (0, 3)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4))),
    *(((5, 2, 3), (5, 3, 4)), ((3,), (5, 3, 4)), ((5, 2, 3), (3,)), ((5, 2, 3), (1, 3, 4))),
    *(((2, 1, 2, 3), (4, 3, 2)), ((2, 1, 2, 3), (3,)), ((3,), (2, 1, 3, 2))),
]
DOT: list[Shapes] = [
    *(((3,), (3,)), ((2, 3), (3,)), ((2,), (2, 3)), ((2, 3), (3, 4)), ((0,), (0,))),
    *(((5, 2, 3), (3,)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((3,), (5, 3, 4))),
]
NUMBERS: list[Shapes] = [(None, (3,)), ((2, 3), None), (None, None), ((), (3,))]
INNER: list[Shapes] = [
    *(((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((5, 2, 3), (4, 3))),
    *(((3,), (2, 4, 3)), ((2, 4, 3), (3,)), ((2, 1), (5, 2, 1))),
]
VECDOT: list[Shapes] = [
    *(((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((2, 1, 3), (4, 3)), ((1, 3), (2, 3))),
]
CROSS: list[Shapes] = [
    *(((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((2, 1, 3), (4, 3)), ((1, 3), (2, 3))),
]


def _einsum(subscripts: str, *shapes: Shapes, option: str = "") -> tuple[str, list[Shapes]]:
    operands = ", ".join("abd"[: len(shapes[0])])
    return f"np.einsum({subscripts!r}, {operands}{option})", list(shapes)


EINSUM: Samples = [
    # one operand: transposes, sums, diagonals, traces
    _einsum("ij->ji", ((2, 3),), ((1, 3),)),
    _einsum("ba", ((2, 3),)),
    _einsum("ij", ((2, 3),)),
    _einsum("ij->", ((2, 3),), ((2, 0),)),
    _einsum("i->", ((3,),)),
    _einsum("ij->i", ((2, 3),), ((1, 3),)),
    _einsum("ijk->j", ((2, 3, 4),)),
    _einsum("ii", ((3, 3),), ((1, 1),)),
    _einsum("ii->i", ((3, 3),)),
    _einsum("iij->ji", ((2, 2, 3),)),
    _einsum("iij->j", ((2, 2, 3),)),
    _einsum("iii->i", ((2, 2, 2),)),
    _einsum("ijij->", ((2, 3, 2, 3),)),
    _einsum("...ij->...ji", ((4, 2, 3),), ((2, 3),)),
    _einsum("i...->...", ((2, 3),), ((2, 3, 4),)),
    _einsum("...ii->...", ((4, 2, 2),)),
    # two
    _einsum("i,i", ((3,), (3,)), ((0,), (0,))),
    _einsum("i,j", ((2,), (3,))),
    _einsum("i,j->ji", ((2,), (3,))),
    _einsum("ij,jk", ((2, 3), (3, 4))),
    _einsum("ij,jk->ik", ((2, 3), (3, 4)), ((1, 3), (3, 1)), ((2, 0), (0, 3))),
    _einsum("ij, kj -> ki", ((2, 3), (4, 3))),
    _einsum("ij,ij->", ((2, 3), (2, 3))),
    _einsum("ij,ji->", ((2, 3), (3, 2))),
    _einsum("ij,ij->j", ((2, 3), (2, 3)), ((1, 3), (2, 3)), ((2, 1), (2, 3)), ((2, 3), (1, 1))),
    _einsum("i,i->", ((1,), (3,)), ((3,), (1,))),
    _einsum("ij,kl->il", ((2, 3), (4, 2))),
    _einsum("ii,ij->j", ((3, 3), (3, 2))),
    _einsum("ij,jj->i", ((2, 3), (3, 3))),
    _einsum("bij,bjk->bik", ((5, 2, 3), (5, 3, 4)), ((1, 2, 3), (5, 3, 4))),
    _einsum(",ij->ij", (None, (2, 3)), ((), (2, 3))),
    _einsum("...ij,...jk->...ik", ((5, 2, 3), (5, 3, 4)), ((2, 3), (5, 3, 4)), ((2, 3), (3, 4)),
            ((2, 1, 2, 3), (4, 3, 2))),
    _einsum("...i,i->...", ((2, 3), (3,)), ((3,), (3,))),
    _einsum("...i,...", ((2, 3), (2,))),
    _einsum("i...,...i->i...", ((3, 2), (2, 3))),
    # three
    _einsum("ij,jk,kl->il", ((2, 3), (3, 4), (4, 2))),
    _einsum("ij,jk,kl->il", ((2, 3), (3, 4), (4, 2)), option=", optimize=True"),
    _einsum("i,ij,j->", ((2,), (2, 3), (3,))),
    _einsum("i,i,i->i", ((3,), (3,), (1,))),
    _einsum("ab,cab,dc->d", ((2, 3), (4, 2, 3), (2, 4))),
    _einsum("...,...i,i...->...", ((2,), (2, 3), (3, 1))),
]  # fmt: skip

PRODUCTS: dict[str, Samples] = {
    "np.matmul": [("np.matmul(a, b)", MATMUL), ("a @ b", MATMUL)],
    "np.dot": [("np.dot(a, b)", DOT), ("a.dot(b)", DOT), ("np.dot(a, b)", NUMBERS)],
    "np.vdot": [
        ("np.vdot(a, b)", [((3,), (3,)), ((2, 3), (2, 3)), ((2, 3), (3, 2)), ((2, 3), (6,)),
                           ((6,), (1, 6)), ((1,), None), (None, None)]),
    ],
    "np.inner": [("np.inner(a, b)", [*INNER, *NUMBERS])],
    "np.outer": [
        ("np.outer(a, b)", [((2,), (3,)), ((1,), (3,)), ((0,), (3,)), ((2, 2), (3,)),
                            ((2,), (3, 2)), (None, (3,)), ((2, 2), None)]),
    ],
    "np.tensordot": [
        ("np.tensordot(a, b)", [((2, 3), (2, 3)), ((4, 2, 3), (2, 3, 5))]),
        ("np.tensordot(a, b, 1)", [((3,), (3,)), ((2, 3), (3, 4)), ((5, 2, 3), (3, 4, 2))]),
        ("np.tensordot(a, b, axes=0)", [((2,), (3,)), ((2, 3), (2,))]),
        ("np.tensordot(a, b, (0, 1))", [((3, 2), (4, 3)), ((3,), (2, 3))]),
        ("np.tensordot(a, b, ([1, 0], [0, 1]))", [((3, 2), (2, 3)), ((3, 2, 4), (2, 3, 5))]),
        ("np.tensordot(a, b, axes=((-1, 0), (0, 2)))", [((3, 4, 2), (2, 5, 3))]),
        ("np.tensordot(a, b, axes=((2, 0, 1), (1, 0, 2)))", [((2, 3, 4), (2, 4, 3, 2))]),
    ],
    "np.einsum of one operand": [each for each in EINSUM if "b" not in each[0].split("', ")[1]],
    "np.einsum": [each for each in EINSUM if "b" in each[0].split("', ")[1]],
    "np.kron": [
        ("np.kron(a, b)", [((2,), (3,)), ((2, 3), (3, 2)), ((2,), (3, 2)), ((2, 3), (2,)),
                           ((2, 1, 2), (1, 3, 2)), (None, (3,)), ((2, 3), None), ((1, 2), (3, 1))]),
    ],
    "np.linalg.multi_dot": [
        ("np.linalg.multi_dot([a, b, d])", [((2, 3), (3, 4), (4, 2)), ((3,), (3, 4), (4, 2)),
                                            ((2, 3), (3, 4), (4,)), ((3,), (3, 4), (4,))]),
        ("np.linalg.multi_dot((a, b))", [((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)),
                                         ((3,), (3,))]),
    ],
    "np.cross": [
        ("np.cross(a, b)", CROSS),
        ("np.cross(a, b, axis=0)", [((3, 2), (3, 2))]),
        ("np.cross(a, b, 0, 1, 0)", [((3, 4), (4, 3))]),
        ("np.cross(a, b, axisa=0, axisc=1)", [((3, 4), (4, 3))]),
        ("np.cross(np.array([1.0, 2.0, 3.0]), b * a)", [(None, (3,))]),
    ],
}  # fmt: skip

LAST: list[Shapes] = [((3, 3),), ((2, 3),), ((3, 2),), ((2, 3, 3),), ((2, 1, 3, 2),)]

SINCE_NUMPY_2: dict[str, Samples] = {
    "np.linalg.diagonal": [
        (call, LAST) for call in ("np.linalg.diagonal(a)", "np.linalg.diagonal(a, offset=1)")
    ],
    "np.linalg.trace": [
        (call, LAST) for call in ("np.linalg.trace(a)", "np.linalg.trace(a, offset=-1)")
    ],
    "np.vecdot": [("np.vecdot(a, b)", VECDOT), ("np.vecdot(a, b, axis=0)", [((3, 2), (3, 2))])],
    "np.linalg.vecdot": [("np.linalg.vecdot(a, b)", VECDOT)],
    "np.linalg.outer": [("np.linalg.outer(a, b)", [((2,), (3,)), ((1,), (3,))])],
    "np.linalg.tensordot": [
        ("np.linalg.tensordot(a, b, axes=1)", [((2, 3), (3, 4))]),
    ],
    "np.linalg.cross": [("np.linalg.cross(a, b)", CROSS)],
}
SINCE_NUMPY_2_2: dict[str, Samples] = {
    "np.matvec": [
        ("np.matvec(a, b)", [((2, 3), (3,)), ((5, 2, 3), (3,)), ((2, 3), (5, 3)),
                             ((5, 2, 3), (5, 3)), ((5, 2, 3), (4, 1, 3))]),
    ],
    "np.vecmat": [
        ("np.vecmat(a, b)", [((2,), (2, 3)), ((5, 2), (2, 3)), ((2,), (5, 2, 3)),
                             ((5, 2), (5, 2, 3)), ((4, 1, 2), (5, 2, 3))]),
    ],
}  # fmt: skip

if hasattr(np, "vecdot"):
    PRODUCTS |= SINCE_NUMPY_2
if hasattr(np, "matvec"):
    PRODUCTS |= SINCE_NUMPY_2_2
