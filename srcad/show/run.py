"""``--run``: the file is imported, and what its names mean is asked of the live objects."""

from __future__ import annotations

import contextlib
import linecache
import os.path
import sys
import types
from typing import Any

from srcad.derivative import Derivative
from srcad.errors import SrcadError
from srcad.functions import source_of
from srcad.read import Source
from srcad.show.order import Order
from srcad.show.settings import UsageError
from srcad.suggest import suggested_kinds


def live_orders(text: str, filename: str) -> list[Order]:
    """All that a file defines and asks for, found by executing it."""
    module = executed(text, filename)
    found: list[Order] = []
    primals: set[int] = set()
    for target, value in list(vars(module).items()):
        if isinstance(value, Derivative):
            primals.add(id(value.primal))
            found.append(_of_derivative(target, value))
    for value in list(vars(module).values()):
        own = isinstance(value, types.FunctionType) and value.__module__ == module.__name__
        if own and id(value) not in primals:
            primals.add(id(value))
            found.append(_of_function(value))
    return sorted(found, key=lambda order: order.lineno)


def executed(text: str, filename: str) -> types.ModuleType:
    """The file as a module.  What it prints goes to stderr: stdout is for source."""
    stem = os.path.splitext(os.path.basename(filename))[0]
    name = stem if stem.isidentifier() and stem not in sys.modules else "srcad_show_file"
    module = types.ModuleType(name)
    module.__file__ = filename
    sys.modules[name] = module
    folder = os.path.dirname(os.path.abspath(filename))
    sys.path.insert(0, folder)
    # A text from stdin has no file: it is kept where its functions can be found again.
    linecache.cache[filename] = (len(text), None, text.splitlines(keepends=True), filename)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exec(compile(text, filename, "exec", dont_inherit=True), module.__dict__)
    except SystemExit:
        raise UsageError(f"{filename} ends Python when it is imported") from None
    except SrcadError:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise UsageError(f"{filename} cannot be imported: {reason}") from None
    finally:
        sys.path.remove(folder)
    return module


def _of_derivative(target: str, value: Derivative[..., object]) -> Order:
    options: dict[str, object] = {
        "mode": value.mode,
        "wrt": value.wrt,
        "names": value.options.names,
        "ascii": value.options.ascii,
        "optimize": value.options.optimize,
    }
    name = value.__name__
    try:
        source = _source_of(value.primal, value.positions)
    except SrcadError as error:
        return Order(name, 1, None, target, value.what, options, str(error))
    return Order(name, source.tree.lineno, source, target, value.what, options)


def _of_function(function: types.FunctionType) -> Order:
    name, lineno = function.__name__, function.__code__.co_firstlineno
    try:
        source = source_of(function)
    except SrcadError as error:
        return Order(name, lineno, None, reason=str(error))
    return Order(name, source.tree.lineno, source)


def _source_of(primal: Any, positions: tuple[int, ...]) -> Source:
    """The source that is differentiated: of a derivative, what is generated for it."""
    if isinstance(primal, Derivative):
        return source_of(primal.module_for(suggested_kinds(primal, positions)).function)
    return source_of(primal)
