"""What a saved function asks of its arguments, as the first statements of its body.

Code is generated for kinds of arguments: numbers, or arrays of a dtype, of so many axes, each of a
length of 0, 1, 2, 3 or more.  Called with others it may be wrong, and nothing would show it.

>>> from srcad.analysis.kind import FLOAT, Array
>>> name = lambda value, wanted: wanted
>>> print("\\n".join(checks({"a": FLOAT, "x": Array(("x:0", "1"), "f8")}, name)))
    if not isinstance(a, float):
        raise TypeError("a must be a float: this was generated for one")
    if (
        not isinstance(x, np.ndarray)
        or x.dtype != "float64"
        or x.ndim != 2
        or x.shape[0] < 4
        or x.shape[1] != 1
    ):
        raise TypeError("x must be a float64 array of shape (> 3, 1): this was generated for one")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from srcad.analysis.kind import BOOL, COMPLEX, FLOAT, INT, Array, Kind, Literal
from srcad.emit import text
from srcad.errors import ArgumentError
from srcad.structures.layout import DICT, LIST, TUPLE, Structure, path
from srcad.tree import parse

NameOf = Callable[[object, str], str]
NUMBERS: dict[Kind, tuple[type, ...]] = {
    FLOAT: (float,), INT: (int,), COMPLEX: (float, complex), BOOL: (bool, np.bool_)
}  # fmt: skip
WIDTH = 100


def checks(kinds: Mapping[str, Kind], name_of: NameOf) -> list[str]:
    """The lines that raise where an argument is not of its kind.

    ``name_of`` gives the name by which an object is reached, from the name that is wanted for it.
    """
    lines: list[str] = []
    for name, kind in kinds.items():
        if isinstance(kind, Literal):
            wanted, error = repr(kind.value), name_of(TypeError, "TypeError")
            differs = "is not" if kind.value is None else "!="
            said = f"{name} must be {wanted}: this was generated for it"
            lines += [
                f"    if {name} {differs} {wanted}:",
                f"        raise {error}({_quoted(said)})",
            ]
            continue
        if isinstance(kind, Structure):
            lines += _of_structure(name, kind, name_of)
            continue
        reasons, wanted = (
            _of_array(name, kind, name_of)
            if isinstance(kind, Array)
            else _of_number(name, kind, name_of)
        )
        error = name_of(TypeError, "TypeError")
        lines += _condition(reasons)
        said = f"{name} must be {wanted}: this was generated for one"
        lines += [f"        raise {error}({_quoted(said)})"]
    return lines


def _of_structure(name: str, kind: Structure, name_of: NameOf) -> list[str]:
    """The lines that raise where a structure is of another layout, and those for its parts."""
    keys = list(kind.keys)
    instance, error = name_of(isinstance, "isinstance"), name_of(TypeError, "TypeError")
    if kind.form == DICT:
        same = f"{name_of(list, 'list')}({name}) != {keys!r}"
        reasons = [f"not {instance}({name}, {name_of(dict, 'dict')})", same]
        said = f"{name} must be a dict with the keys {', '.join(map(str, keys))}, in this order"
    elif kind.form in (LIST, TUPLE):
        reasons = [
            f"not {instance}({name}, {name_of(kind.cls, kind.cls.__name__)})",
            f"{name_of(len, 'len')}({name}) != {len(keys)}",
        ]
        said = f"{name} must be a {kind.form} of {len(keys)}"
    else:
        has = name_of(hasattr, "hasattr")
        reasons = [f'not {has}({name}, "{key}")' for key in keys]
        said = f"{name} must have the attributes {', '.join(map(str, keys))}"
    lines = _condition(reasons) if reasons else []
    lines += [f"        raise {error}({_quoted(said)})"] if reasons else []
    for n, (key, part) in enumerate(zip(keys, kind.items, strict=True)):
        if isinstance(part, Literal) and callable(part.value):
            raise ArgumentError(
                f"cannot write a stand-alone module: it is made for a function in {name}, and "
                "could not tell another one from it; call the derivative itself"
            )
        lines += checks({text(path(kind, parse(name), key, n)): part}, name_of)
    return lines


def _quoted(said: str) -> str:
    """A message as a string in quotes of the kind that reads best."""
    return f'"{said}"' if '"' not in said and "\\" not in said else repr(said)


def _of_number(name: str, kind: Kind, name_of: NameOf) -> tuple[list[str], str]:
    types = [
        f"{name_of(np, 'np')}.bool_" if each is np.bool_ else name_of(each, each.__name__)
        for each in NUMBERS[kind]
    ]
    written = types[0] if len(types) == 1 else f"({', '.join(types)})"
    reason = f"not {name_of(isinstance, 'isinstance')}({name}, {written})"
    what = NUMBERS[kind][-1] if kind == COMPLEX else NUMBERS[kind][0]
    return [reason], f"{'an' if what is int else 'a'} {what.__name__}"


def _of_array(name: str, kind: Array, name_of: NameOf) -> tuple[list[str], str]:
    dtype = np.dtype(kind.dtype).name
    reasons = [f'{name}.dtype != "{dtype}"', f"{name}.ndim != {kind.rank}"]
    if not kind.library:
        instance, numpy = name_of(isinstance, "isinstance"), name_of(np, "np")
        reasons.insert(0, f"not {instance}({name}, {numpy}.ndarray)")
    lengths = []
    for axis, token in enumerate(kind.axes):
        length, is_exact = token.lstrip("="), token == "1" or token[0] == "="
        if is_exact:
            reasons.append(f"{name}.shape[{axis}] != {length}")
        elif token[0] != "?":
            reasons.append(f"{name}.shape[{axis}] < 4")
        lengths.append(length if is_exact else "any" if token[0] == "?" else "> 3")
    inside = ", ".join(lengths) + "," * (len(lengths) == 1)
    return reasons, f"a {dtype} array of shape ({inside})"


def _condition(reasons: list[str]) -> list[str]:
    """An ``if`` of all that may be wrong, on a line of its own each where one is not enough."""
    line = f"    if {' or '.join(reasons)}:"
    if len(line) <= WIDTH:
        return [line]
    first, *others = reasons
    return ["    if (", f"        {first}", *(f"        or {each}" for each in others), "    ):"]
