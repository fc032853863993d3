"""Padding: what is put around an array is made of its entries.

Each mode but a constant's is linear along each axis; the adjoint of an entry is that of all the
entries that were made of it.
"""

from __future__ import annotations

from typing import Any

from srcad.analysis.kind import INT, Array, Kind, Scalar
from srcad.analysis.lengths import longer
from srcad.rules.axes import dtype_of, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import axes_of, written
from srcad.rules.table import Use, structured
from srcad.tree import is_number, number_of

# The modes that copy entries, and those that make sums of them.
COPIES = ("edge", "reflect", "symmetric", "wrap")
SUMS = ("mean", "linear_ramp")


def _mode(use: Use) -> str:
    mode = use.value("mode")
    if mode not in ("constant", *COPIES, *SUMS):
        raise Refused(
            f"`mode={mode!r}` of `np.pad`",
            "it has no derivative here",
            f"'constant', {', '.join(map(repr, COPIES + SUMS))}",
        )
    allowed = {
        "constant": "constant",
        "linear_ramp": "end",
        "mean": "stat_length",
        "reflect": "reflect_type",
        "symmetric": "reflect_type",
    }.get(mode)
    for option in (*use.options, *use.names):
        if option not in ("x", "pad_width", "mode", allowed):
            raise Refused(
                f"`{option}=` of `np.pad`", f"{mode!r} does not take it", "no such option"
            )
    return str(mode)


def _is_copied(use: Use) -> bool:
    """Whether each entry of the result is one of the operand's."""
    return _mode(use) in COPIES and use.values.get("reflect_type") == "even"


def _widths(use: Use) -> list[tuple[str, str]]:
    """How many entries are put before and after those along each axis, as the formula reads it."""
    rank = rank_of(use.kinds[0])
    widths: Any = written(use, "pad_width")
    if isinstance(widths, str):
        return [(widths, widths)] * rank
    if len(widths) == 1 and isinstance(widths[0], list):
        widths = widths * rank
    elif len(widths) == 1:
        widths = [widths * 2] * rank
    elif len(widths) == 2 and all(isinstance(each, str) for each in widths):
        widths = [widths] * rank
    pairs = [each * 2 if len(each) == 1 else each for each in widths if isinstance(each, list)]
    if len(pairs) != rank or any(len(each) != 2 for each in pairs):
        raise Refused("`pad_width=`", f"the array has {rank} axes", "a pair of widths for each")
    return [(before, after) for before, after in pairs]


def _literal(use: Use, name: str) -> int | None:
    """The value of a width, where it is written out."""
    node = use.options["pad_width"]
    for step in name.split("_")[2:]:
        node = node.elts[int(step)]
    return int(number_of(node)) if is_number(node) else None


def _pad_kind(use: Use) -> Kind:
    _mode(use)
    if isinstance(use.kinds[0], Scalar):
        raise Refused("`np.pad`", "it is given a number", "an array")
    axes = []
    for token, pair in zip(axes_of(use.kinds[0]), _widths(use), strict=True):
        numbers = [_literal(use, name) for name in pair]
        if None in numbers:
            axes.append("?")
            continue
        axes.append(longer(token, sum(each for each in numbers if each is not None)))
    stat_length = use.options.get("stat_length")
    if stat_length is not None and getattr(stat_length, "kind", INT) != INT:
        raise Refused("`stat_length=`", "it is not one int", "an int")
    for name, kind in zip(use.names, use.kinds, strict=True):
        if name != "x" and isinstance(kind, Array) and kind.rank:
            raise Refused(f"`{name}_values=`", "it is an array", "one number")
    return Array(tuple(axes), dtype_of(use.kinds[0]))


def _inner(use: Use) -> str:
    """Where the operand is in the result."""
    parts = []
    for n, (before, after) in enumerate(_widths(use)):
        length = "len(like_x)" if n == 0 else f"like_x.shape[{n}]"
        start, stop = _literal(use, before), _literal(use, after)
        first = "" if start == 0 else before
        if stop is not None:
            parts.append(f"{first}:{f'-{after}' if stop else ''}")
        else:
            parts.append(f"{first}:{f'{before} + ' if first else ''}{length}")
    return f"ȳ[{', '.join(parts)}]"


def _pad_adjoint(use: Use, operand: int) -> str:
    mode = _mode(use)
    if mode == "constant":
        inner = _inner(use)
        return inner if use.names[operand] == "x" else f"ȳ.sum() - {inner}.sum()"
    if use.names[operand] == "end":
        # Together, the operand and this end make all of the result, if both are one.
        ones = "np.pad(np.zeros_like(like_x), pad_width, mode='linear_ramp', end_values=1.0)"
        return f"(ȳ * {ones}).sum()"
    options = "".join(f", {name}={name}" for name in ("stat_length", "reflect_type")
                      if name in use.options)  # fmt: skip
    if _is_copied(use):
        numbers = [
            f"np.pad(np.arange(like_x.shape[{n}]), ({before}, {after}), mode={mode!r}{options})"
            for n, (before, after) in enumerate(_widths(use))
        ]
        index = numbers[0] if len(numbers) == 1 else f"np.ix_({', '.join(numbers)})"
        return f"at[{index}] += ȳ"
    # The matrix of the padding along each axis.
    rank, before = rank_of(use.kinds[0]), ""
    for n, widths in enumerate(_widths(use)):
        eye = f"np.eye(like_x.shape[{n}])"
        pairs = f"(({', '.join(widths)}), (0, 0))"
        before += f"p{n} = np.pad({eye}, {pairs}, mode={mode!r}{options}); "
    if rank == 1:
        return f"{before}ȳ @ p0"
    if rank == 2:
        return f"{before}p0.T @ ȳ @ p1"
    result = "ȳ"
    for n in range(rank):
        result = f"np.moveaxis(np.tensordot({result}, p{n}, ({n}, 0)), -1, {n})"
    return before + result


structured(
    "np.pad",
    "x/array pad_width= mode='constant' * constant?/constant_values end?/end_values "
    "stat_length=None reflect_type='even'",
    jointly=True,
    kind=_pad_kind,
    adjoint=_pad_adjoint,
)
