"""``with`` and ``try`` that do nothing to values: their bodies; and imports inside a function.

>>> import gast
>>> from srcad.emit import emit
>>> body = gast.parse('''
... with np.errstate(divide="ignore"):
...     y = 1 / x
... try:
...     z = y * y
... finally:
...     n = 0
... ''').body
>>> print(emit(without_contexts(body)), end="")
y = 1 / x
z = y * y
n = 0
"""

from __future__ import annotations

import contextlib
import importlib
import sys
import warnings

import gast
import numpy as np

from srcad.errors import Problems
from srcad.listing import with_origin
from srcad.lower.resolve import Resolver
from srcad.read import Names, Scope, Source
from srcad.read.contexts import kind_of
from srcad.tree import Node, blocks_of, copy_node

# Contexts that change what is said of values, not what they are.
CONTEXTS: dict[str, object] = {
    "errstate": np.errstate,
    "printoptions": np.printoptions,
    "nullcontext": contextlib.nullcontext,
    "catch_warnings": warnings.catch_warnings,
}


def without_contexts(body: list[Node]) -> list[Node]:
    """The body with the bodies of harmless ``with`` and ``try``, and without imports.

    Which of them are harmless was asked before.
    """
    out: list[Node] = []
    for stmt in body:
        if isinstance(stmt, gast.With):
            for each in stmt.items:
                if each.optional_vars is not None:  # of `nullcontext(value)`
                    (value,) = each.context_expr.args
                    new = gast.Assign([each.optional_vars], value, None)
                    out.append(with_origin(gast.copy_location(new, stmt), None))
            out += without_contexts(stmt.body)
        elif isinstance(stmt, gast.Try):
            out += without_contexts([*stmt.body, *stmt.orelse, *stmt.finalbody])
        elif isinstance(stmt, gast.Match):
            cases = [copy_node(each, body=without_contexts(each.body)) for each in stmt.cases]
            out.append(copy_node(stmt, cases=cases))
        elif isinstance(stmt, (gast.Import, gast.ImportFrom)):
            continue
        elif list(blocks_of(stmt)):
            blocks = {"body": without_contexts(stmt.body), "orelse": without_contexts(stmt.orelse)}
            out.append(copy_node(stmt, **blocks))
        else:
            out.append(stmt)
    return out


def check_contexts(source: Source, resolver: Resolver, problems: Problems) -> None:
    """Refuse contexts whose names mean something else than they seem to, or did before."""
    for context in source.contexts:
        for item in context.items:
            if not kind_of(item, resolver.scope, resolver.variables):
                why = "what is done on entering and leaving it is not known to be harmless"
                problems.add(item.context_expr, "this context", why, "its body alone")
    for node in source.nodes:
        if isinstance(node, gast.With):
            for each in node.items:
                called = each.context_expr.func
                name = getattr(called, "attr", getattr(called, "id", ""))
                if resolver.object_of(called) is not CONTEXTS[name]:
                    why = "what is done on entering and leaving it is not known to be harmless"
                    problems.add(each.context_expr, "this context", why, "its body alone")


class WithImports:
    """A scope in which the imports inside the function have been made."""

    def __init__(self, scope: Scope, imported: dict[str, tuple[Names, str, object]]) -> None:
        self.scope = scope
        self.imported = imported

    def lookup(self, name: str) -> object:
        """The object that a name means."""
        return self.imported[name][2] if name in self.imported else self.scope.lookup(name)

    def places(self, name: str) -> list[tuple[Names, str]]:
        """Where that may change."""
        if name in self.imported:
            return [self.imported[name][:2]]
        return self.scope.places(name)


def with_imports(source: Source, problems: Problems) -> Scope:
    """The function's scope; the modules that are imported inside it are looked up in it."""
    imported: dict[str, tuple[Names, str, object]] = {}
    for node in source.nodes:
        if not isinstance(node, (gast.Import, gast.ImportFrom)):
            continue
        for each in node.names:
            name = each.asname or each.name.partition(".")[0]
            try:
                found = _imported(node, each)
            except (ImportError, AttributeError) as error:
                problems.add(node, "this `import`", f"it fails: {error}", "a module that exists")
                continue
            known = imported.setdefault(name, found)
            if known[2] is not found[2] or name in source.assigned:
                why = f"`{name}` means several things in the function"
                problems.add(node, "this `import`", why, "a name for each")
    return WithImports(source.scope, imported) if imported else source.scope


def _imported(node: Node, alias: Node) -> tuple[Names, str, object]:
    """Where the name that an import binds is looked up, and what it means."""
    if isinstance(node, gast.ImportFrom):
        module = importlib.import_module(node.module)
        found = getattr(module, alias.name, None)
        if found is None:
            found = importlib.import_module(f"{node.module}.{alias.name}")
        return vars(module), alias.name, found
    importlib.import_module(alias.name)
    wanted = alias.name if alias.asname else alias.name.partition(".")[0]
    return sys.modules, wanted, sys.modules[wanted]
