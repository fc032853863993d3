"""What the names of a file mean, found by reading it: the file is not executed.

Only `math`, NumPy and srcad are imported. Of the rest, what is plain to see is known (functions,
literal constants). Anything else is `Unresolved`: only running the file would tell.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import types

from srcad.read.bindings import Binding, bindings
from srcad.read.constants import NotConstant, constant_value
from srcad.read.contexts import without_contexts
from srcad.read.source import Names, Source, Unresolved
from srcad.read.text import File
from srcad.read.tree import definition

# The modules that are imported for their meaning. Importing them executes nothing of the user's.
MODULES = frozenset(
    {"math", "cmath", "srcad", "numpy"}
    | {f"numpy.{part}" for part in ("exceptions", "fft", "lib", "linalg", "ma", "polynomial")}
    | {f"numpy.{part}" for part in ("random", "typing")}
    | {"scipy", "scipy.linalg", "scipy.special"}
)
_RUN = "that is known only by running the file"
_OF_THE_MODULE = frozenset({"__name__", "__doc__", "__file__", "__package__", "__spec__"}) | {
    "__loader__",
    "__path__",
    "__cached__",
    "__builtins__",
    "__annotations__",
}


class StaticScope:
    """The global names of a file that is not executed.

    >>> from srcad.read.text import parse
    >>> scope = StaticScope(parse("import math\\nK = 2 * math.pi\\nz = open('z')\\n", "f.py"))
    >>> scope.lookup("K"), scope.lookup("abs") is abs
    (6.283185307179586, True)
    >>> scope.lookup("z")
    Traceback (most recent call last):
    srcad.read.source.Unresolved: `z`: it is assigned by a call; that is known only by running \
the file
    """

    def __init__(self, file: File, flags: int = 0) -> None:
        self._file = file
        self._flags = flags
        self._bindings, self._stars = bindings(file.tree)
        self._known: dict[str, object] = {}
        self._sources: dict[ast.AST, Source] = {}

    def lookup(self, name: str) -> object:
        """The object that a global name (or a builtin) means at the end of the file."""
        if name not in self._known:
            self._find(name, frozenset())
        return self._known[name]

    def places(self, name: str) -> list[tuple[Names, str]]:
        """A file that is only read does not change."""
        return []

    def source(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Source:
        """The source of a function of this file, the same one each time."""
        if node not in self._sources:
            tree, file = definition(node), self._file
            found = Source(tree.name, tree, file.filename, file.lines, self, None, self._flags)
            self._sources[node] = without_contexts(found)
        return self._sources[node]

    def _find(self, name: str, through: frozenset[str]) -> object:
        """`through`: the names that are being looked up already."""
        found = self._bindings.get(name, [])
        if not found:
            self._known[name] = self._from_outside(name)
            return self._known[name]
        if not all(binding.certain for binding in found):
            raise Unresolved(name, f"it is defined or assigned conditionally; {_RUN}")
        if any(star.lineno > found[0].lineno for star in self._stars):
            raise Unresolved(name, f"a later `import *` may define it anew; {_RUN}")
        # `import numpy` and `import numpy.linalg` both bind numpy: that is twice the same.
        imported = all(isinstance(binding.value, ast.alias) for binding in found)
        if len(found) > 1 and not imported:
            raise Unresolved(name, f"it is assigned more than once; {_RUN}")
        values = [self._bound(name, binding, through) for binding in found]
        if any(value is not values[0] for value in values):
            raise Unresolved(name, f"it is imported more than once; {_RUN}")
        self._known[name] = values[0]
        return values[0]

    def _from_outside(self, name: str) -> object:
        """A name that the file does not bind: from a star import, or a builtin."""
        for star in reversed(self._stars):
            if star.module not in MODULES or not star.certain:
                raise Unresolved(name, f"`from {star.module} import *` may define it; {_RUN}")
            module = importlib.import_module(star.module)
            public = getattr(module, "__all__", [n for n in vars(module) if n[0] != "_"])
            if name in public:
                value: object = getattr(module, name)
                return value
        if name in vars(builtins) and name not in _OF_THE_MODULE:
            return vars(builtins)[name]
        reason = _RUN if name in _OF_THE_MODULE else "it is not defined in the file"
        raise Unresolved(name, reason)

    def _bound(self, name: str, binding: Binding, through: frozenset[str]) -> object:
        node, value = binding.node, binding.value
        if isinstance(value, ast.FunctionDef | ast.AsyncFunctionDef):
            if value.decorator_list:
                raise Unresolved(name, f"it is what its decorator returns; {_RUN}")
            return self.source(value)
        if isinstance(value, ast.Lambda):
            return self.source(value)
        if isinstance(value, ast.alias):
            return _imported(name, node, value)
        if isinstance(node, ast.ClassDef):
            raise Unresolved(name, f"it is a class; {_RUN}")
        if value is None:
            raise Unresolved(name, f"it is not assigned by a plain `{name} = ...`; {_RUN}")
        if name in through:
            raise Unresolved(name, "it is defined by itself")
        try:
            return constant_value(value, lambda part: self._part(part, through | {name}))
        except NotConstant as error:
            raise Unresolved(name, f"{error}; {_RUN}") from None

    def part(self, node: ast.expr) -> object:
        """The value of a name inside a constant expression; `NotConstant` if it is not plain."""
        return self._part(node, frozenset())

    def _part(self, node: ast.expr, through: frozenset[str]) -> object:
        """The value of a name, or of an attribute of a module, inside a constant expression."""
        if isinstance(node, ast.Name):
            if any(b.lineno > node.lineno for b in self._bindings.get(node.id, [])):
                raise NotConstant(f"`{node.id}` gets its meaning later in the file")
            if len(through) > 50:  # each name of the chain takes some frames of the stack
                raise NotConstant("it is the end of a long chain of names")
            if node.id in self._known:
                return self._known[node.id]
            try:
                return self._find(node.id, through)
            except Unresolved as error:
                raise NotConstant(f"it is made from {error}") from None
        assert isinstance(node, ast.Attribute)
        if isinstance(node.value, ast.Name | ast.Attribute):
            owner = self._part(node.value, through)
            if isinstance(owner, types.ModuleType) and owner.__name__ in MODULES:
                try:
                    value: object = getattr(owner, node.attr)
                    return value
                except AttributeError:
                    pass
        raise NotConstant(f"it is made from the attribute `{node.attr}`")

    def qualified(self, node: ast.AST) -> str | None:
        """The dotted name that an expression has outside of this file: `srcad.grad`, say.

        None where it is not the name of something imported.
        """
        attributes: list[str] = []
        while isinstance(node, ast.Attribute):
            attributes.insert(0, node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        found = self._bindings.get(node.id, [])
        origins = {_origin(binding) for binding in found}
        if not found:
            origins = {f"{star.module}.{node.id}" for star in self._stars if star.module == "srcad"}
        if len(origins) != 1 or None in origins:
            return None
        return ".".join([str(*origins), *attributes])


def _origin(binding: Binding) -> str | None:
    """The dotted name of what an import statement binds."""
    alias, node = binding.value, binding.node
    if not isinstance(alias, ast.alias):
        return None
    if isinstance(node, ast.ImportFrom):
        return f"{'.' * node.level}{node.module or ''}.{alias.name}"
    return alias.name if alias.asname else alias.name.split(".")[0]


def _imported(name: str, node: ast.AST, alias: ast.alias) -> object:
    """What an import statement binds to a name."""
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        wanted = alias.name
    else:
        module, wanted = alias.name, ""
    if module not in MODULES:
        raise Unresolved(name, f"it comes from the module {module}, which is not read; {_RUN}")
    try:
        loaded = importlib.import_module(module)
        if not wanted:
            return loaded if alias.asname else importlib.import_module(module.split(".")[0])
        if f"{module}.{wanted}" in MODULES:
            return importlib.import_module(f"{module}.{wanted}")
        value: object = getattr(loaded, wanted)
        return value
    except (ImportError, AttributeError):
        what = f"{module} has no {wanted}" if wanted else f"there is no module {module}"
        raise Unresolved(name, what) from None
