"""Numbers of entries: where something is, or belongs.  They are ints, without derivative."""

from __future__ import annotations

from srcad.analysis.indexing import array_of_list
from srcad.analysis.kind import BOOL, INT, Array, Kind, TupleOf, broadcast
from srcad.rules.axes import dtype_of, one, rank_of
from srcad.rules.signature import Refused
from srcad.rules.sizes import axes_of, shape_option, token_of
from srcad.rules.table import Use, zero

ROW = Array(("?",), "i8")


def _nonzero(use: Use) -> Kind:
    return TupleOf((ROW,) * max(1, rank_of(use.kinds[0])))


def _argwhere(use: Use) -> Kind:
    return Array(("?", "?"), "i8")


def _searched(use: Use) -> Kind:
    wanted = use.kinds[use.names.index("v")]
    return Array(wanted.axes, "i8") if isinstance(wanted, Array) else INT


def _unravelled(use: Use) -> Kind:
    numbers = use.kinds[0]
    each = Array(numbers.axes, "i8") if isinstance(numbers, Array) else INT
    return TupleOf((each,) * len(shape_option(use)))


def _found(use: Use) -> Kind:
    wanted = use.kinds[0]
    return Array(wanted.axes, "b1") if isinstance(wanted, Array) else BOOL


def _window(use: Use) -> Kind:
    return Array((token_of(use.options["m"]),), "f8")


def _open_mesh(use: Use) -> Kind:
    results = []
    for n, (given, node) in enumerate(zip(use.kinds, use.operands, strict=True)):
        kind = array_of_list(given, node)
        if dtype_of(kind)[0] not in "iub":
            raise Refused("`np.ix_`", "it is given no ints", "ints or bools")
        own = axes_of(kind)[0] if rank_of(kind) == 1 and dtype_of(kind) != "b1" else "?"
        results.append(Array(tuple(own if m == n else "1" for m in range(len(use.kinds))), "i8"))
    return TupleOf(tuple(results))


def _indices(use: Use) -> Kind:
    axes = shape_option(use, "dimensions")
    return Array((f"={len(axes)}" if len(axes) != 1 else "1", *axes), "i8")


def _ravelled(use: Use) -> Kind:
    whole = broadcast(*use.kinds)
    return Array(whole.axes, "i8") if isinstance(whole, Array) else INT


def _lexsorted(use: Use) -> Kind:
    if any(rank_of(kind) != 1 for kind in use.kinds):
        raise Refused("`np.lexsort` of these keys", "they are no rows", "keys with one axis")
    return Array(axes_of(use.kinds[-1]), "i8")


zero("np.nonzero", _nonzero, "x/a", methods="nonzero")
zero("np.flatnonzero", one(ROW), "x/a")
zero("np.argwhere", _argwhere, "x/a")
zero("np.where", _nonzero, "x/condition")
zero("np.searchsorted", _searched, "x/a v side='left' sorter!", methods="searchsorted")
zero("np.digitize", _searched, "v/x x/bins right=False")
zero("np.triu_indices np.tril_indices", one(TupleOf((ROW, ROW))), "n= k=0 m=None")
zero("np.triu_indices_from np.tril_indices_from", one(TupleOf((ROW, ROW))), "x/arr k=0")
zero("np.diag_indices", one(TupleOf((ROW, ROW))), "n=")
zero("np.diag_indices_from", one(TupleOf((ROW, ROW))), "x/arr")
zero("np.unravel_index", _unravelled, "x/indices shape= order='C'")
zero("np.ravel_multi_index", _ravelled, "[x]/multi_index dims= mode='raise' order='C'")
zero("np.lexsort", _lexsorted, "[x]/keys axis!")
zero("np.isin", _found, "x/element y/test_elements assume_unique! invert=False kind!")
zero("np.bartlett np.blackman np.hamming np.hanning", _window, "m/M=")
zero("np.kaiser", _window, "m/M= beta=")
zero("np.ix_", _open_mesh, "x | *x")
zero("np.indices", _indices, "dimensions=")
