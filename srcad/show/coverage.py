"""The page of coverage: public functions of ``math``, ``cmath``, NumPy and SciPy, and their rules.

>>> print(coverage().splitlines()[0])
# Coverage
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

import numpy

from srcad.rules import METHODS, Entry, Excluded, Rule, entries_of, is_zero_function, takes_complex

COMMAND = "python -m srcad.show --coverage"
MODULES = ("builtins", "math", "cmath", "numpy", "numpy.linalg", "numpy.fft", "numpy.random")
LATE = ("scipy.special", "scipy.linalg")
# Of Python's own functions, those that a function of numbers may call.
BUILTINS = [
    "abs",
    "bool",
    "complex",
    "divmod",
    "float",
    "int",
    "len",
    "max",
    "min",
    "pow",
    "range",
    "round",
    "sum",
]
# Functions that are taken apart into others before anything is differentiated.
TAKEN_APART = {
    "builtins.divmod": "as `a // b, a % b`",
    "numpy.divmod": "as `a // b, a % b`",
    "math.dist": "of two displays, as a `hypot`",
    "math.prod": "of a display, as a product; of a vector",
}

HEAD = """# Coverage

Which functions can be differentiated. This page is made from the table of rules; `{command}` prints
it (here with {versions}).

- A function *with a derivative* has a rule for both modes. The remark says where the derivative
  exists, if not everywhere, what is taken at a kink, in which parameters it is not differentiated,
  and which options may be given. Other options are refused by name.
- *Complex too*: operands may be complex ([complex numbers](complex.md)).
- The derivative of some functions is *zero* wherever it exists: steps, comparisons, shapes.
- All others are *refused* where a derivative depends on them, with the place in the source.

Functions of your own need no rule.
"""


def coverage() -> str:
    """The page, as Markdown."""
    pages = [*MODULES, *(name for name in LATE if _module(name) is not None)]
    parts = [HEAD.format(command=COMMAND, versions=versions())]
    parts += [_section(name) for name in pages]
    parts.append(_methods())
    return "\n".join(parts)


def versions() -> str:
    """The libraries that are there, without their last digits."""
    found = {"Python": sys.version, "NumPy": numpy.__version__}
    scipy = _module("scipy")
    if scipy is not None:
        found["SciPy"] = scipy.__version__
    return ", ".join(f"{name} {'.'.join(v.split('.')[:2])}" for name, v in found.items())


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def functions(name: str) -> dict[str, object]:
    """The public functions of a module, by name."""
    module = importlib.import_module(name)
    names = BUILTINS if name == "builtins" else sorted(set(_public(module)), key=str.lower)
    found: dict[str, object] = {}
    for each in names:
        value = getattr(module, each, None)
        if callable(value) and not (isinstance(value, type) and name != "builtins"):
            found[each] = value
    return found


def _public(module: types.ModuleType) -> Iterator[str]:
    yield from getattr(module, "__all__", None) or (n for n in vars(module) if n[0] != "_")


def _section(name: str) -> str:
    rows: dict[tuple[int, ...], tuple[list[str], str]] = {}
    zero: list[str] = []
    excluded: dict[str, list[str]] = {}
    others: list[str] = []
    for each, function in functions(name).items():
        entries = entries_of(function)
        rules = [entry.rule for entry in entries]
        if f"{name}.{each}" in TAKEN_APART:
            rows[(len(rows),)] = ([each], TAKEN_APART[f"{name}.{each}"])
        elif not entries:
            others.append(each)
        elif isinstance(rules[0], Excluded):
            reason = f"{rules[0].why}; write {rules[0].instead}"
            excluded.setdefault(reason, []).append(each)
        elif is_zero_function(entries):
            zero.append(each)
        else:
            key = tuple(map(id, rules))
            rows.setdefault(key, ([], _remark(entries)))[0].append(each)
    lines = [f"## {name}\n"]
    if rows:
        lines += ["| with a derivative | remark |", "|---|---|"]
        lines += [f"| {_list(names)} | {remark} |" for names, remark in rows.values()]
        lines.append("")
    if zero:
        lines.append(f"Derivative zero: {_list(zero)}.\n")
    for reason, names in excluded.items():
        lines.append(f"Refused: {_list(names)}: {reason}.\n")
    if others:
        lines.append(f"Refused, without a rule: {_list(others)}.\n")
    return "\n".join(lines)


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _remark(entries: Sequence[Entry]) -> str:
    """Where the derivative exists, and which options may be given."""
    facts: list[str] = []
    for entry in entries:
        facts += [fact for fact in _facts(entry.rule) if fact not in facts]
    fixed = [name for entry in entries for name in _options(entry, required=True)]
    if fixed:
        facts.append(f"not in {_list(list(dict.fromkeys(fixed)))}")
    options = [name for entry in entries for name in _options(entry, required=False)]
    if options:
        word = "option" if len(set(options)) == 1 else "options"
        facts.append(f"{word} {_list(list(dict.fromkeys(options)))}")
    if any(takes_complex(entry.rule) for entry in entries):
        facts.append("complex too")
    return "; ".join(facts)


def _facts(rule: Rule) -> Iterator[str]:
    if rule.domain not in ("", "all reals"):
        yield f"for {rule.domain}".replace("|", "\\|")
    if rule.kink:
        yield rule.kink


def _options(entry: Entry, *, required: bool) -> Iterator[str]:
    for signature in entry.signatures:
        for parameter in signature.parameters:
            if parameter.role == "option" and parameter.required is required:
                yield parameter.names[-1]


def _methods() -> str:
    """The methods of arrays that have rules."""
    zero = sorted(name for name, entries in METHODS.items() if is_zero_function(entries))
    others = sorted(set(METHODS) - set(zero))
    return (
        f"## Methods of arrays\n\nWith a derivative: {_list(others)}.\n\n"
        f"Derivative zero: {_list(zero)}.\n"
    )
