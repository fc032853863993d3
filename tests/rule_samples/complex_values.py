"""Operations on complex values: calls, and what their tangents are.

A derivative is given in the operands and the tangents ``da``, ``db``; one that is left out is the
operation itself on the tangent: the operation is linear.  An operand's kind is a letter: ``c`` for
complex, ``r`` for real.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.rule_samples.sample import Shapes


@dataclass(frozen=True)
class Complex:
    """A call in the operands a and b, kinds and shapes of them, and its tangent."""

    call: str
    kinds: str
    shapes: tuple[Shapes, ...]
    tangent: str = ""


VECTOR, MATRIX, NUMBER = ((3,),), ((2, 3),), (None,)
ONE: tuple[Shapes, ...] = (VECTOR, MATRIX, NUMBER)
F = "np.fft"


def _transforms(name: str, kinds: str) -> list[Complex]:
    """One axis: of all lengths, cut and continued, along each axis, in each norm."""
    calls = {
        "(a)": (((4,),), ((5,),), ((1,),), ((2, 4),)),
        "(a, 4)": (((6,),), ((4,),), ((2,),), ((3, 7),)),
        "(a, n=7)": (((5,),), ((2, 9),)),
        "(a, axis=0)": (((4, 2),), ((5, 2, 3),)),
        "(a, 5, 0)": (((4, 2),), ((7, 2),)),
        "(a, norm='ortho')": (((4,),),),
        "(a, norm='forward')": (((5,),),),
        "(a, 6, 0, 'backward')": (((4, 2),),),
    }
    whole = name in ("irfft", "hfft")  # of one number they make none
    return [
        Complex(f"{F}.{name}{call}", kind, tuple(s for s in shapes if not (whole and s == ((1,),))))
        for kind in kinds
        for call, shapes in calls.items()
    ]


def _several(name: str, kinds: str) -> list[Complex]:
    calls = {
        "(a)": (((3, 4),), ((2, 3, 5),)),
        "(a, axes=(0, 1))": (((3, 4, 2),),),
        "(a, axes=(2, 0))": (((3, 2, 4),),),
        "(a, s=(4, 3), axes=(0, 1))": (((5, 2),), ((3, 4, 2),)),
        "(a, (4, 5), (1, 0), norm='ortho')": (((3, 4),),),
        "(a, norm='forward')": (((4, 2),),),
    }
    return [
        Complex(f"{F}.{name}{call}", kind, shapes)
        for kind in kinds
        for call, shapes in calls.items()
    ]


def _variance(axis: str = "") -> str:
    """The change of the mean of the squared sizes, less that of the squared size of the mean."""
    squares = f"np.mean(2 * (np.conj(a) * da).real{axis})"
    return f"{squares} - 2 * (np.conj(np.mean(a{axis})) * np.mean(da{axis})).real"


# Functions of ``cmath``, and their derivatives: of complex numbers, and of real ones.
CMATH = {
    **{"exp": "np.exp(a)", "log": "1 / a", "log10": "1 / (a * np.log(10))", "sin": "np.cos(a)"},
    **{"sqrt": "1 / (2 * np.sqrt(a + 0j))", "cos": "-np.sin(a)", "tan": "1 / np.cos(a) ** 2"},
    **{"sinh": "np.cosh(a)", "cosh": "np.sinh(a)", "tanh": "1 / np.cosh(a) ** 2"},
    **{"asin": "(1 - a * a + 0j) ** -0.5", "acos": "-((1 - a * a + 0j) ** -0.5)"},
    **{"atan": "0.5j / (a + 1j) - 0.5j / (a - 1j)", "asinh": "(1 + a * a) ** -0.5"},
    **{"acosh": "(a - 1 + 0j) ** -0.5 * (a + 1 + 0j) ** -0.5", "atanh": "1 / (1 - a * a)"},
}
_TO_A_BASE = "da / (a * cmath.log(b)) - db * cmath.log(a) / (b * cmath.log(b) ** 2)"

# Of matrices: the conjugate transpose of the tangent; the Hermitian matrix whose lower triangle it
# has; singular vectors.
_DAGGER = "np.conj(np.swapaxes({}, -1, -2))"
_LOWER = "np.tril(da, -1)"
_HERMITIAN = f"({_LOWER} + {_DAGGER.format(_LOWER)} + da.real * np.eye(3))"
_V = "np.linalg.eigh(a)[1]"
_EIGENVALUES = f"np.einsum('...ij,...ik,...kj->...j', np.conj({_V}), {_HERMITIAN}, {_V}).real"
_SVD = "np.linalg.svd(a, full_matrices=False)"
_SINGULAR = f"np.einsum('...ij,...ik,...jk->...j', np.conj({_SVD}[0]), da, np.conj({_SVD}[2])).real"
_SQUARE, _TALL = (((3, 3),), ((2, 3, 3),)), (((4, 3),), ((2, 4, 3),))
_GRAM = f"np.linalg.inv({_DAGGER.format('a')} @ a)"
_PINV = (
    f"{_GRAM} @ ({_DAGGER.format('da')} - "
    f"({_DAGGER.format('da')} @ a + {_DAGGER.format('a')} @ da) @ np.linalg.pinv(a))"
)
_FACTOR = "np.linalg.cholesky(a + 9 * np.eye(3))"
_INNER = f"np.linalg.inv({_FACTOR}) @ {_HERMITIAN} @ {_DAGGER.format(f'np.linalg.inv({_FACTOR})')}"
_CHOLESKY = f"{_FACTOR} @ (np.tril({_INNER}, -1) + np.eye(3) * ({_INNER}).real / 2)"
_SIZES = "(np.conj(a) * da).real / np.abs(a)"


def _bilinear(call: str, kinds: Sequence[str], *shapes: Shapes) -> list[Complex]:
    """A product that conjugates one of its operands."""
    tangent = " + ".join(re.sub(rf"\b{v}\b", f"d{v}", call) for v in "ab")
    return [Complex(call, kind, shapes, tangent) for kind in kinds]


COMPLEX: dict[str, list[Complex]] = {
    **{
        f"cmath.{name}": [
            Complex(f"cmath.{name}(a)", kind, (NUMBER,), f"da * ({derivative})")
            for kind in ("c" if name in ("asin", "acos", "atanh") else "cr")
        ]
        for name, derivative in CMATH.items()
    },
    "cmath.log to a base": [
        Complex("cmath.log(a, b)", kinds, ((None, None),), _TO_A_BASE) for kinds in ("cc", "cr")
    ] + [Complex("cmath.log(a, 3)", "c", (NUMBER,), "da / (a * np.log(3))")],
    "cmath.phase": [
        Complex("cmath.phase(a)", "c", (NUMBER,), "(da / a).imag"),
        Complex("cmath.phase(a)", "r", (NUMBER,), "0.0 * da"),
    ],
    "cmath.polar": [
        Complex("cmath.polar(a)[0]", "c", (NUMBER,), "(np.conj(a) * da).real / abs(a)"),
        Complex("cmath.polar(a)[0]", "r", (NUMBER,), "np.sign(a) * da"),
        Complex("cmath.polar(a)[1]", "c", (NUMBER,), "(da / a).imag"),
    ],
    "cmath.rect": [
        Complex("cmath.rect(a, b)", "rr", ((None, None),),
                "(da + 1j * a * db) * np.exp(1j * b)"),
        Complex("cmath.rect(2, b)", "r", (NUMBER,), "2j * db * np.exp(1j * b)"),
    ],
    "np.conjugate of complex numbers": [
        Complex("np.conj(a)", "c", ONE),
        Complex("np.conjugate(a)", "c", (VECTOR,)),
        Complex("a.conj()", "c", (VECTOR,)),
        Complex("a.conjugate()", "c", (VECTOR, NUMBER)),
    ],
    "np.real of complex numbers": [
        Complex("np.real(a)", "c", ONE),
        Complex("a.real", "c", ONE),
    ],
    "np.imag of complex numbers": [
        Complex("np.imag(a)", "c", ONE),
        Complex("a.imag", "c", ONE),
    ],
    "np.abs of complex numbers": [
        Complex(call, "c", ONE, "(np.conj(a) * da).real / np.abs(a)")
        for call in ("np.abs(a)", "abs(a)", "np.absolute(a)")
    ] + [Complex("np.abs(a) ** 2", "c", ONE, "2 * (np.conj(a) * da).real")],
    "np.angle of complex numbers": [
        Complex("np.angle(a)", "c", ONE, "(da / a).imag"),
        Complex("np.angle(a, deg=True)", "c", (VECTOR,), "np.rad2deg((da / a).imag)"),
    ],
    "np.vdot of complex numbers": [
        Complex("np.vdot(a, b)", kinds, (((3,), (3,)), ((2, 3), (2, 3)), ((1,), (1,))),
                "np.vdot(da, b) + np.vdot(a, db)")
        for kinds in ("cc", "rc", "cr")
    ],
    "np.vecdot of complex numbers": [
        *_bilinear("np.vecdot(a, b)", ("cc", "rc", "cr"), ((3,), (3,)), ((2, 3), (3,))),
        *_bilinear("np.vecdot(a, b, axis=0)", ("cc",), ((3, 2), (3, 2))),
        *_bilinear("np.linalg.vecdot(a, b)", ("cc",), ((3,), (2, 3))),
    ],
    "np.vecmat of complex numbers": _bilinear(
        "np.vecmat(a, b)", ("cc", "rc", "cr"), ((3,), (3, 2)), ((2, 3), (3, 4))
    ),
    "np.correlate of complex numbers": [
        *_bilinear("np.correlate(a, b)", ("cc", "rc", "cr"), ((4,), (2,)), ((2,), (5,))),
        *_bilinear("np.correlate(a, b, 'full')", ("cc", "rc"), ((4,), (2,)), ((2,), (3,))),
        *_bilinear("np.correlate(a, b, mode='same')", ("cc",), ((4,), (2,)), ((2,), (5,))),
    ],
    "np.linalg.eigh of complex numbers": [
        Complex("np.linalg.eigh(a)[0]", "c", _SQUARE, _EIGENVALUES),
    ],
    "np.linalg.eigvalsh of complex numbers": [
        Complex("np.linalg.eigvalsh(a)", "c", _SQUARE, _EIGENVALUES),
    ],
    "np.linalg.cholesky of complex numbers": [
        Complex(_FACTOR, "c", _SQUARE, _CHOLESKY),
    ],
    "np.linalg.svd of complex numbers": [
        Complex("np.linalg.svd(a, full_matrices=False)[1]", "c", _TALL, _SINGULAR),
        Complex("np.linalg.svd(a, compute_uv=False)", "c", _SQUARE, _SINGULAR),
    ],
    "np.linalg.svdvals of complex numbers": [
        Complex("np.linalg.svdvals(a)", "c", _TALL, _SINGULAR),
    ],
    "np.linalg.cond of complex numbers": [
        Complex("np.linalg.cond(a)", "c", (((3, 3),),),
                f"(({_SINGULAR})[0] - np.linalg.cond(a) * ({_SINGULAR})[2])"
                " / np.linalg.svd(a)[1][2]"),
    ],
    "np.linalg.qr of complex numbers": [
        Complex("np.linalg.qr(a)[0] @ np.linalg.qr(a)[1]", "c", (*_SQUARE, *_TALL)),
        Complex("np.linalg.qr(a).Q @ np.linalg.qr(a, mode='r')", "c", _TALL),
    ],
    "helpers.free_of_phase": [Complex("free_of_phase(a, -a)", "c", _SQUARE, "da")],
    "np.linalg.pinv of complex numbers": [
        Complex("np.linalg.pinv(a)", "c", _TALL, _PINV),
        Complex("np.linalg.pinv(a)", "c", _SQUARE, "-np.linalg.inv(a) @ da @ np.linalg.inv(a)"),
    ],
    "np.linalg.lstsq of complex numbers": [
        Complex("np.linalg.lstsq(a, b, rcond=None)[0]", kinds, (((4, 3), (4,)), ((4, 3), (4, 2))),
                f"np.linalg.pinv(a) @ db + ({_PINV}) @ b")
        for kinds in ("cc", "rc", "cr")
    ],
    "np.linalg.slogdet of complex numbers": [
        Complex("np.linalg.slogdet(a)[1]", "c", (((3, 3),),),
                "np.trace(np.linalg.inv(a) @ da).real"),
        Complex("np.linalg.slogdet(a)[0]", "c", (((3, 3),),),
                "1j * np.linalg.slogdet(a)[0] * np.trace(np.linalg.inv(a) @ da).imag"),
    ],
    "np.linalg.vector_norm of complex numbers": [
        Complex("np.linalg.vector_norm(a, ord=1)", "c", (VECTOR, MATRIX), f"np.sum({_SIZES})"),
    ],
    "np.linalg.matrix_norm of complex numbers": [
        Complex("np.linalg.matrix_norm(a, ord='nuc')", "c", (((4, 3),),), f"np.sum({_SINGULAR})"),
    ],
    "np.linalg.norm of complex numbers": [
        Complex("np.linalg.norm(a, 1)", "c", (VECTOR,), f"np.sum({_SIZES})"),
        Complex("np.linalg.norm(a, np.inf)", "c", (VECTOR,), f"({_SIZES})[np.argmax(np.abs(a))]"),
        Complex("np.linalg.norm(a, 3, axis=1)", "c", (MATRIX,),
                f"np.sum(np.abs(a) ** 2 * {_SIZES}, axis=1) / np.linalg.norm(a, 3, axis=1) ** 2"),
        Complex("np.linalg.norm(a, 2)", "c", (((4, 3),),), f"({_SINGULAR})[0]"),
        Complex("np.linalg.norm(a, 'nuc')", "c", (((4, 3),),), f"np.sum({_SINGULAR})"),
        Complex("np.linalg.norm(a, 1)", "c", (((4, 3),),),
                f"np.sum({_SIZES}, axis=0)[np.argmax(np.sum(np.abs(a), axis=0))]"),
        Complex("np.linalg.norm(a)", "c", (VECTOR, MATRIX),
                "np.sum((np.conj(a) * da).real) / np.linalg.norm(a)"),
        Complex("np.linalg.norm(a, axis=0)", "c", (MATRIX,),
                "np.sum((np.conj(a) * da).real, axis=0) / np.linalg.norm(a, axis=0)"),
        Complex("np.linalg.norm(a, axis=1, keepdims=True)", "c", (MATRIX,),
                "np.sum((np.conj(a) * da).real, axis=1, keepdims=True)"
                " / np.linalg.norm(a, axis=1, keepdims=True)"),
    ],
    "np.var of complex numbers": [
        Complex("np.var(a)", "c", (VECTOR, MATRIX), _variance()),
        Complex("a.var()", "c", (VECTOR,), _variance()),
        Complex("np.var(a, axis=1, keepdims=True)", "c", (MATRIX,),
                _variance(", axis=1, keepdims=True")),
        Complex("np.var(a, 0, ddof=1)", "c", (MATRIX,),
                f"({_variance(', axis=0')}) * len(a) / (len(a) - 1)"),
    ],
    "np.std of complex numbers": [
        Complex("np.std(a)", "c", (VECTOR, MATRIX), f"({_variance()}) / (2 * np.std(a))"),
        Complex("a.std(axis=0)", "c", (MATRIX,), f"({_variance(', axis=0')}) / (2 * np.std(a, 0))"),
    ],
    "builtins.complex": [
        Complex("complex(a, b)", "rr", ((None, None),), "da + 1j * db"),
        Complex("complex(a)", "r", (NUMBER,)),
        Complex("complex(a)", "c", (NUMBER,)),
        Complex("complex(2.0, b)", "rr", ((None, None),), "1j * db"),
    ],
    "np.complex128": [Complex("np.complex128(a)", kind, ONE) for kind in "rc"],
    "np.complex64": [Complex("np.complex64(a)", kind, ()) for kind in "rc"],
    **{f"numpy.fft.{name}": _transforms(name, "rc") for name in ("fft", "ifft", "irfft", "hfft")},
    **{f"numpy.fft.{name}": _transforms(name, "r") for name in ("rfft", "ihfft")},
    **{
        f"numpy.fft.{name}": _several(name, "rc")
        for name in ("fft2", "ifft2", "irfft2", "fftn", "ifftn", "irfftn")
    },
    **{f"numpy.fft.{name}": _several(name, "r") for name in ("rfft2", "rfftn")},
    "helpers.fitted": [
        Complex("fitted(a, b, (0,))", kinds, (((3,), (2,)), ((3,), (5,)), ((3, 2), (4, 2))),
                "fitted(da, b, (0,))")
        for kinds in ("cr", "rr")
    ],
    "helpers.with_mirrors": [
        Complex("with_mirrors(a, 4, 0)", kinds, (((3,),), ((3, 2),))) for kinds in "cr"
    ] + [Complex("with_mirrors(a, 5, 1)", "c", (((2, 3),),))],
}  # fmt: skip

# Real and complex in one call: the real ones get real adjoints.  Each is linear in each operand.
TOGETHER = [
    *("a + b", "a - b", "a * b", "a @ b", "np.dot(a, b)", "np.outer(a, b)", "np.inner(a, b)"),
    *("np.where(a.real > 0, a, b)", "np.where(np.abs(b) > 1, a, b)", "np.einsum('i,i', a, b)"),
    *("np.einsum('i,j->ji', a, b)", "np.concatenate([a, b])", "np.stack([a, b], axis=1)"),
    *("np.tensordot(a, b, 1)", "np.kron(a, b)", "np.array([a[0], b[1], 2.0])", "np.hstack((a, b))"),
    *("a[0] * b[1:]", "np.full(3, a[1]) * b", "np.sum(a) * b", "np.mean(a) * b"),
    *("(a.astype(complex) * b)[::-1]", "(a * b.real + a.imag).reshape(3, 1)", "a * np.conj(b)"),
    *("np.insert(b + 0j, 1, a[0])", "np.select([a.real > 0], [a], b)", "np.cross(a, b)"),
    *("np.choose(np.array([1, 0, 1]), [a, b])", "np.add.outer(a, b)", "np.multiply.outer(a, b)"),
    *("np.pad(b + 0j, 1, constant_values=a[1])", "np.meshgrid(a, b)[0] * b", "np.append(a, b)"),
    *("np.broadcast_arrays(a, b[0])[1] * a", "np.where(a.real > 0, a, 1j) * b", "sum(a) * b"),
    *("np.array([a, 1j * a]) @ b", "np.block([a, b])"),
    *("np.full_like(b + 0j, a[0])", "np.diag(a) @ b", "np.roll(a, 1) - np.flip(b)"),
]
