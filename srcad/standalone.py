"""A generated module as a file that needs only Python's library and NumPy.

The generated functions come last.  Before them comes what their free names mean: imports, captured
constants, and the functions that they call as they are, each with what *its* free names mean.

>>> import srcad
>>> k = 0.5
>>> def wave(x):
...     return k * math.sin(x)
>>> print(srcad.grad(wave).standalone(), end="")
import math
<BLANKLINE>
k = 0.5
<BLANKLINE>
<BLANKLINE>
def wave_grad(x):
    if not isinstance(x, float):
        raise TypeError("x must be a float: this was generated for one")
    # return k * math.sin(x)
    x̄ = k * math.cos(x)
    return x̄
"""

from __future__ import annotations

import ast
import builtins
import importlib
import math
import re
import symtable
import sys
import textwrap
import types
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import gast
import numpy as np

from srcad.analysis.kind import Kind
from srcad.emit import emit
from srcad.entry import checks
from srcad.errors import ArgumentError, SrcadError
from srcad.read import Source, Unresolved, source_for
from srcad.rules import LATE
from srcad.tree import copy_node, parse

if TYPE_CHECKING:
    from srcad.pipeline import Program

LONG = (np.longdouble, np.clongdouble)
LARGEST_ARRAY = 1000


def standalone(program: Program, entry: str, kinds: Sequence[Kind]) -> str:
    """The text of a program's module, with all that it needs written before it.

    What is called from outside, ``entry``, has arguments of the ``kinds``, and looks at them.

    :raises ArgumentError: for a captured object that cannot be written as text, and where two
        functions of the module give one name two meanings.
    """
    preamble = Preamble(program.generated)
    return preamble.module(program.text(), program.live_bindings(), entry, kinds)


class Preamble:
    """What stands before the generated functions; it grows as free names are followed.

    >>> preamble = Preamble(set())
    >>> preamble.bind("np", np)
    >>> preamble.bind("e", math.exp)
    >>> preamble.bind("weights", (0.5, np.array([[1.0, np.inf]])))
    >>> print(preamble)
    from math import exp as e
    import numpy as np
    <BLANKLINE>
    weights = (0.5, np.array([[1.0, np.inf]], dtype="float64"))
    """

    def __init__(self, generated: set[str]) -> None:
        self.generated = generated
        self.meanings: dict[str, object] = {}
        self.imports: set[tuple[str, str]] = set()
        self.constants: list[str] = []
        self.functions: list[str] = []
        self.synonyms: list[str] = []

    def module(
        self, text: str, bindings: dict[str, object], entry: str, kinds: Sequence[Kind]
    ) -> str:
        """The whole file: the preamble and the generated functions."""
        for name in global_names(text):
            if name in bindings and name not in self.generated:
                self.bind(name, bindings[name])
        text = self._guarded(text, entry, kinds)
        before = str(self)
        return f"{before}\n\n\n{text}" if before else text

    def __str__(self) -> str:
        imports = "\n".join(line for _, line in sorted(self.imports))
        head = "\n\n".join(part for part in (imports, "\n".join(self.constants)) if part)
        synonyms = "\n".join(self.synonyms)
        return "\n\n\n".join(part for part in (head, *self.functions, synonyms) if part)

    def bind(self, name: str, value: object) -> None:
        """Make a name of the module mean a value."""
        if name in self.meanings:
            if not _same_meaning(self.meanings[name], value):
                raise ArgumentError(
                    f"cannot write a stand-alone module: {name} has two meanings, "
                    f"{_said(self.meanings[name])} in one function and {_said(value)} in another; "
                    "rename one of them"
                )
            return
        if name in self.generated:
            raise ArgumentError(
                f"cannot write a stand-alone module: {name} is the name of a generated function "
                f"and of {_said(value)}; rename the latter"
            )
        self.meanings[name] = value
        if isinstance(value, types.ModuleType):
            self._import(name, value)
        elif isinstance(value, types.FunctionType) and not _is_library(value.__module__):
            self._define(name, value)
        elif callable(value):
            self._import_from(name, value)
        else:
            self.constants.append(f"{name} = {self.literal(value, name)}")

    def _guarded(self, text: str, entry: str, kinds: Sequence[Kind]) -> str:
        """The generated functions, with the checks of its arguments in the one to be called."""
        tables = symtable.symtable(text, "<module>", "exec").get_children()
        (own,) = (t for t in tables if isinstance(t, symtable.Function) and t.get_name() == entry)

        def name_of(value: object, wanted: str) -> str:
            name, number = wanted, 2
            while name in own.get_locals() or not self._may_mean(name, value):
                name, number = f"{wanted}{number}", number + 1
            if getattr(builtins, name, None) is not value and name not in self.meanings:
                self.bind(name, value)
            return name

        lines = text.split("\n")
        start = next(n for n, line in enumerate(lines) if line.startswith(f"def {entry}("))
        named = dict(zip(own.get_parameters(), kinds, strict=True))
        lines[start + 1 : start + 1] = checks(named, name_of)
        return "\n".join(lines)

    def _may_mean(self, name: str, value: object) -> bool:
        return name not in self.generated and self.meanings.get(name, value) is value

    # -- imports ---------------------------------------------------------------------------------

    def _import(self, name: str, module: types.ModuleType) -> None:
        path = module.__name__
        if not _is_library(path):
            raise ArgumentError(
                f"cannot write a stand-alone module: {name} is the module {path}, which is part "
                "neither of Python nor of NumPy; import the functions that are called from it"
            )
        line = f"import {path}" if name == path else f"import {path} as {name}"
        package, _, last = path.rpartition(".")
        if package and name == last:
            line = f"from {package} import {name}"
        self.imports.add((path, line))

    def _import_from(self, name: str, value: Any) -> None:
        if getattr(builtins, name, None) is value:
            return
        paths = [
            "math",
            "cmath",
            "numpy",
            "builtins",
            *LATE,
            getattr(value, "__module__", None) or "",
        ]
        for path in [each for each in paths if each in sys.modules]:
            original = getattr(value, "__name__", "")
            if not _is_library(path) or not original.isidentifier():
                continue
            if getattr(importlib.import_module(path), original, None) is value:
                suffix = "" if name == original else f" as {name}"
                self.imports.add((path, f"from {path} import {original}{suffix}"))
                return
        raise _unwritable(name, value)

    def _numpy(self) -> str:
        """A name that means NumPy: the module's own, or ``np``."""
        for name, value in self.meanings.items():
            if value is np:
                return name
        self.bind("np", np)
        return "np"

    # -- constants -------------------------------------------------------------------------------

    def literal(self, value: Any, name: str) -> str:
        """A constant as an expression that gives it back to the last bit."""
        if isinstance(value, np.ndarray):
            return self._array(value, name)
        if isinstance(value, np.generic):
            if value.dtype.kind not in "biufc" or value.dtype in LONG:
                raise _unwritable(name, value)
            inner = self.literal(value.item(), name)
            return f"{self._numpy()}.{type(value).__name__}({inner})"
        if isinstance(value, float) and not math.isfinite(value):
            return f'float("{value}")'
        if type(value) is complex:
            parts = [self.literal(each, name) for each in (value.real, value.imag)]
            return repr(value) if _is_exact(value) else f"complex({', '.join(parts)})"
        if value is None or type(value) in (bool, int, float, str, bytes):
            return repr(value)
        if type(value) in (tuple, list):
            parts = [self.literal(each, name) for each in value]
            comma = "," if len(parts) == 1 and type(value) is tuple else ""
            inside = ", ".join(parts) + comma
            return f"({inside})" if type(value) is tuple else f"[{inside}]"
        raise _unwritable(name, value)

    def _array(self, value: np.ndarray[Any, Any], name: str) -> str:
        dtype = value.dtype
        if dtype.kind not in "biufc" or dtype in LONG or type(value) is not np.ndarray:
            raise _unwritable(name, value)
        if value.size > LARGEST_ARRAY:
            raise ArgumentError(
                f"cannot write a stand-alone module: the captured array {name} has {value.size} "
                f"entries, more than {LARGEST_ARRAY}; make it an argument of the function"
            )
        numpy = self._numpy()
        written = f'"{dtype.name if dtype.isnative else dtype.str}"'
        if value.size == 0:
            return f"{numpy}.zeros({value.shape!r}, dtype={written})"
        if dtype.kind == "c" and not _is_exact(value):  # by pairs of real numbers
            parts = value.reshape(-1).view(value.real.dtype)
            return f"{self._array(parts, name)}.view({written}).reshape({value.shape!r})"
        entries = repr(value.tolist())
        entries = re.sub(r"\b(nan|inf)\b", rf"{numpy}.\1", entries)
        return f"{numpy}.array({entries}, dtype={written})"

    # -- functions that are called as they are ---------------------------------------------------

    def _define(self, name: str, function: types.FunctionType) -> None:
        try:
            source = source_for(function)
        except SrcadError as error:
            raise ArgumentError(
                f"cannot write a stand-alone module: {name} is a function whose source is not "
                f"known ({error})"
            ) from None
        tree = self._plain(source, function, name)
        own = source.name
        recursive = own in global_names(emit([tree])) and _means(source, own, function)
        if own != name and (recursive or self.meanings.get(own) is function):
            # It calls itself by its own name: it keeps that, and gets the other one too.
            self.bind(own, function)
            self.synonyms.append(f"{name} = {own}")
            return
        if own != name:
            tree = copy_node(tree, name=name)
        text = _as_written(source, tree) or emit([tree]).rstrip("\n")
        for each in global_names(text):
            try:
                meaning = source.scope.lookup(each)
            except Unresolved:
                continue  # not defined: to call it is an error here as it is there
            self.bind(each, meaning)
        # After the functions that it calls.
        self.functions.append(text)

    def _plain(self, source: Source, function: types.FunctionType, name: str) -> Any:
        """The definition without decorators and annotations, its defaults as values."""
        tree = source.tree
        arguments = tree.args
        defaults = [self._default(value, name) for value in function.__defaults__ or ()]
        by_name = function.__kwdefaults__ or {}
        changes: dict[str, Any] = {
            "defaults": defaults,
            "kw_defaults": [
                self._default(by_name[each.id], name) if each.id in by_name else None
                for each in arguments.kwonlyargs
            ],
        }
        for part in ("args", "posonlyargs", "kwonlyargs"):
            changes[part] = [_unannotated(each) for each in getattr(arguments, part) or []]
        for part in ("vararg", "kwarg"):
            changes[part] = _unannotated(getattr(arguments, part))
        plain = copy_node(arguments, **changes)
        return copy_node(tree, args=plain, decorator_list=[], returns=None)

    def _default(self, value: object, name: str) -> Any:
        return parse(self.literal(value, name))


def global_names(text: str) -> list[str]:
    """The names that the functions of a module read from outside, sorted.

    >>> global_names("def f(x):\\n    y = sin(x)\\n    return g(y + k)\\n")
    ['g', 'k', 'sin']
    """
    found = set(names_in_scope(symtable.symtable(text, "<module>", "exec")))
    return sorted(found)


def names_in_scope(table: symtable.SymbolTable) -> Iterator[str]:
    """The global names of a scope and of all scopes in it."""
    for symbol in table.get_symbols():
        if symbol.is_global() and symbol.is_referenced():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from names_in_scope(inner)


def _as_written(source: Source, tree: Any) -> str | None:
    """The user's own lines, comments and all, where they mean the tree that is wanted."""
    first, last = source.tree.lineno, source.tree.end_lineno
    text = textwrap.dedent("\n".join(source.lines[first - 1 : last]))
    text = re.sub(r"[ \t]*# type: ignore.*", "", text)
    try:
        read = ast.dump(ast.parse(text))
        return text if read == ast.dump(ast.parse(emit([tree]))) else None
    except SyntaxError:
        return None


def _means(source: Source, name: str, value: object) -> bool:
    try:
        return source.scope.lookup(name) is value
    except Unresolved:
        return False


def _unannotated(argument: Any) -> Any:
    return gast.Name(argument.id, gast.Param(), None, None) if argument is not None else None


def _is_library(path: str | None) -> bool:
    """Whether a module comes with Python, with NumPy or with SciPy."""
    root = (path or "").partition(".")[0]
    return root in ("numpy", "scipy") or (root in sys.stdlib_module_names and root != "__main__")


def _same_meaning(one: object, other: object) -> bool:
    if one is other:
        return True
    simple = (bool, int, float, str, bytes, type(None))
    return type(one) is type(other) and type(one) in simple and repr(one) == repr(other)


def _said(value: object) -> str:
    """An object in few words, for an error."""
    if isinstance(value, types.ModuleType):
        return f"the module {value.__name__}"
    if isinstance(value, types.FunctionType):
        return f"the function {value.__module__}.{value.__qualname__}"
    if isinstance(value, (bool, int, float, str, type(None))):
        return repr(value)
    return f"a {type(value).__name__}"


def _is_exact(value: Any) -> bool:
    """Whether complex numbers are what is read of their texts: no -0.0 in them, no nan, no inf."""
    parts = np.atleast_1d(value).astype(np.complex128).view(np.float64)
    return bool(np.all(np.isfinite(parts) & ((parts != 0) | ~np.signbit(parts))))


def _unwritable(name: str, value: object) -> ArgumentError:
    return ArgumentError(
        f"cannot write a stand-alone module: {name} is {_said(value)}, which cannot be written as "
        "text; make it an argument of the function, or a number, a string, a tuple or an array"
    )


__all__ = ["Preamble", "global_names", "standalone"]
