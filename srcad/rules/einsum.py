"""``np.einsum``: a product of arrays, indices named by letters, summed over some of them.

The map is linear in each operand, and its adjoint is again an ``einsum``: the letters of the
operand take the place of the result's, ``ȳ`` that of the operand.  Two kinds of letters need more:

- one that stands in this operand alone was summed: its adjoint is spread, by ``np.ones``;
- one that stands twice in it is a diagonal: its adjoint is put on one, by ``np.eye``.

>>> adjoint_of(parsed("ij,jk->ik", (2, 2)), 0)
"np.einsum('ik,jk->ij', ȳ, x1)"
>>> adjoint_of(parsed("ii->", (2,)), 0)
'ȳ * np.eye(like_x0.shape[0])'
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass

from srcad.analysis.kind import Array, Kind, broadcast_axis, promote, same_length
from srcad.rules.axes import array, dtype_of, rank_of
from srcad.rules.signature import Refused
from srcad.rules.table import Use, structured

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Subscripts:
    """The letters of the operands' axes and of the result's; an ellipsis is ``...0`` on."""

    inputs: tuple[Labels, ...]
    output: Labels


def parsed(text: str, ranks: Sequence[int]) -> Subscripts:
    """The subscripts of operands of some ranks."""
    left, arrow, right = text.replace(" ", "").partition("->")
    parts = left.split(",")
    if len(parts) != len(ranks):
        raise _refused(f"{len(parts)} terms for {len(ranks)} operands")
    spread = max(
        (rank - len(part.replace("...", "")) for part, rank in zip(parts, ranks, strict=True)),
        default=0,
    )
    inputs = tuple(_labels(part, rank, spread) for part, rank in zip(parts, ranks, strict=True))
    if arrow:
        output = _labels(right, None, spread)
    else:
        every = [label for labels in inputs for label in labels]
        once = sorted(label for label in set(every) if every.count(label) == 1 and len(label) == 1)
        dots = tuple(f"...{n}" for n in range(spread)) if "..." in left else ()
        output = (*dots, *once)
    unknown = set(output) - {label for labels in inputs for label in labels}
    if unknown or len(set(output)) < len(output):
        raise _refused("each letter of the result must stand once there, and in an operand")
    return Subscripts(inputs, output)


def _labels(part: str, rank: int | None, spread: int) -> Labels:
    """The letters of one term; its ellipsis stands for the last of all that are spread."""
    before, dots, after = part.partition("...")
    letters = before + after
    if not all(letter in string.ascii_letters for letter in letters):
        raise _refused("a term is made of letters and of one `...`")
    count = spread if rank is None else rank - len(letters)
    if count < 0 or (count and not dots):
        raise _refused("an operand has another number of axes than letters")
    inner = tuple(f"...{n}" for n in range(spread - count, spread)) if dots else ()
    return (*before, *inner, *after)


def _refused(why: str) -> Refused:
    return Refused("the subscripts of `einsum`", why, "subscripts that fit the operands")


def written(terms: Sequence[Labels], target: Labels) -> str:
    """Subscripts as text: ``...`` where the result has all of it, letters of its own where not."""
    every = {label for labels in (*terms, target) for label in labels}
    dots = sorted(label for label in every if len(label) > 1)
    free = iter(sorted(set(string.ascii_letters) - every))
    as_dots = all(label in target for label in dots)
    names = {} if as_dots else {label: next(free) for label in dots}

    def term(labels: Labels) -> str:
        text = "".join(names.get(label, label) for label in labels)
        if not as_dots or "..." not in text:
            return text
        first, last = text.index("..."), text.rindex("...") + len("...0")
        return f"{text[:first]}...{text[last:]}"

    return f"{','.join(map(term, terms))}->{term(target)}"


def adjoint_of(subscripts: Subscripts, operand: int, option: str = "") -> str:
    """The adjoint of an operand, but for operands that einsum broadcasts."""
    own = subscripts.inputs[operand]
    factors = [(labels, f"x{n}") for n, labels in enumerate(subscripts.inputs) if n != operand]
    if subscripts.output:
        factors.insert(0, (subscripts.output, "ȳ"))
    available = {label for labels, _ in factors for label in labels}
    alone = [label for label in own if label not in available]
    if len(alone) == len(own) and len(set(own)) == len(own) and own and len(factors) == 0:
        return f"np.full_like(like_x{operand}, ȳ)"
    free = iter(letter for letter in string.ascii_letters if letter not in _all(subscripts))
    target: list[str] = []
    for label in own:
        length = f"like_x{operand}.shape[{own.index(label)}]"
        if label in target:
            other = next(free)
            factors.append(((label, other), f"np.eye({length})"))
            label = other
        elif label in alone and own.count(label) == 1:
            factors.append(((label,), f"np.ones({length})"))
        target.append(label)
    product = _product(factors, tuple(target), option)
    if subscripts.output:
        return product
    return f"ȳ * {product}" if product else "ȳ"


def _all(subscripts: Subscripts) -> set[str]:
    return {label for labels in subscripts.inputs for label in labels}


def _product(factors: list[tuple[Labels, str]], target: Labels, option: str) -> str:
    """The product of factors, summed over all letters that are not the target's."""
    if not factors:
        return ""
    (labels, value), *others = factors
    if not others and labels == target:
        return value
    if not others and len(labels) == 2 and labels[::-1] == target:
        return f"{value}.T"
    terms = written([each for each, _ in factors], target)
    option = option if len(factors) > 2 else ""
    return f"np.einsum('{terms}', {', '.join(value for _, value in factors)}{option})"


def _subscripts(use: Use) -> Subscripts:
    text = use.value("subscripts")
    if not isinstance(text, str):
        raise Refused("`einsum`", "its subscripts are not a string", "a string, as in 'ij,jk->ik'")
    return parsed(text, [rank_of(kind) for kind in use.kinds])


def _lengths(use: Use, subscripts: Subscripts, without: int | None = None) -> dict[str, str]:
    """The length of each letter's axis in the operands, broadcast."""
    found: dict[str, str] = {}
    for n, (labels, kind) in enumerate(zip(subscripts.inputs, use.kinds, strict=True)):
        if n != without:
            for label, token in zip(labels, _axes(kind), strict=True):
                found[label] = broadcast_axis(found[label], token) if label in found else token
    return found


def _axes(kind: Kind) -> tuple[str, ...]:
    return kind.axes if isinstance(kind, Array) else ()


def _kind(use: Use) -> Kind:
    subscripts = _subscripts(use)
    lengths = _lengths(use, subscripts)
    dtype = dtype_of(use.kinds[0])
    for kind in use.kinds[1:]:
        dtype = promote(dtype, dtype_of(kind))
    return array(tuple(lengths[label] for label in subscripts.output), dtype)


def _adjoint(use: Use, operand: int) -> str:
    subscripts = _subscripts(use)
    option = ", optimize=optimize" if "optimize" in use.options else ""
    adjoint = adjoint_of(subscripts, operand, option)
    # Of a letter with two lengths one is 1: einsum broadcasts that axis.
    all_lengths, others = _lengths(use, subscripts), _lengths(use, subscripts, operand)
    for label, token in zip(subscripts.inputs[operand], _axes(use.kinds[operand]), strict=True):
        meets = all_lengths[label] if label in subscripts.output else others.get(label, token)
        if not same_length(token, meets):
            return f"unbroadcast({adjoint}, like_x{operand})"
    return adjoint


def _sums(use: Use) -> bool:
    """Whether a letter is summed over: the result is new then."""
    subscripts = _subscripts(use)
    return len(subscripts.output) < len(_all(subscripts))


OPTIONS = "* out! optimize=False dtype! order! casting!"

# Of one operand the result is a view, unless entries are added: a transpose, a diagonal.
structured(
    "np.einsum",
    f"subscripts= x0 {OPTIONS}",
    kind=_kind,
    adjoint=_adjoint,
    shares="view",
    copies=_sums,
    variant="of one operand",
)
structured("np.einsum", f"subscripts= *x {OPTIONS}", kind=_kind, adjoint=_adjoint)
