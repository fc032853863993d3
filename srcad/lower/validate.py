"""The language that is accepted, construct by construct, and what is said of the rest.

This is a matter of form: what kind of value a name holds is found out by later passes.  All of a
function is looked at before anything is said.

>>> from srcad.read import read_module
>>> (source,) = read_module('''
... def f(x):
...     with lock:
...         y = {i: x * i for i in range(3)}
...     return y
... ''', "example.py").functions
>>> validate(source)
Traceback (most recent call last):
  File "example.py", line 3
    with lock:
         ^^^^
srcad.errors.UnsupportedError: cannot differentiate this function, for 2 reasons:
  example.py:3:10: `with lock`: entering and leaving a context are calls that have no derivative; \
write instead its body alone, and the `with` around the call of the function
  example.py:4:13: a dict comprehension: which value a key stands for is known only when \
the function runs; write instead a `for` loop over a list
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import gast

from srcad.errors import Problems
from srcad.lower.deletions import read_again
from srcad.lower.handlers import goes_on, reads_caught
from srcad.lower.meanings import check_meanings
from srcad.read import Source
from srcad.tree import Node, children, target_names, walk


class Refusal(NamedTuple):
    """What is said of a construct: its name, why it is refused, and what to write instead."""

    construct: str
    why: str
    instead: str


# ---- accepted wherever they stand --------------------------------------------------------------

STATEMENTS = (
    *(gast.Assign, gast.AugAssign, gast.If, gast.While, gast.Break, gast.Continue),
    *(gast.Return, gast.Pass, gast.Assert, gast.Raise, gast.Delete, gast.Match, gast.Import),
)
EXPRESSIONS = (
    *(gast.UnaryOp, gast.BinOp, gast.BoolOp, gast.Compare, gast.IfExp, gast.NamedExpr),
    *(gast.JoinedStr, gast.FormattedValue),
)

# ---- refused wherever they stand ---------------------------------------------------------------

_COROUTINE = "its values arrive at times that are not known from the source"
_KEYS = "which value a key stands for is known only when the function runs"
_ORDER = "a set has no order, and forgets which of two equal values it holds"
_MADE_INSIDE = "it is made anew at each call, and is not there before the function runs"
_BOUND_INSIDE = "what a name means is found out before the function runs"
_IMPORT = "the `import` at the top of the file"
_NO_NUMBER = "it makes the function a generator, and a call returns no number"
_JUMP = "an exception may leave it at any place, and each place has another derivative"
_CAUGHT = "which handler runs is known beforehand, and then nothing is raised"
_TO_TOP = "a function at the top of the file, with what it needs as parameters"

REFUSED: dict[type, Refusal] = {
    gast.TryStar: Refusal("`try` with `except*`", _JUMP, "an `if` that tests for it beforehand"),
    gast.TypeAlias: Refusal(
        "`type` inside a function", _BOUND_INSIDE, "the `type` statement at the top of the file"
    ),
    gast.FunctionDef: Refusal("a nested `def`", _MADE_INSIDE, _TO_TOP),
    gast.AsyncFunctionDef: Refusal("a nested `async def`", _MADE_INSIDE, _TO_TOP),
    gast.Lambda: Refusal("`lambda`", _MADE_INSIDE, _TO_TOP),
    gast.ClassDef: Refusal("a nested `class`", _MADE_INSIDE, "a variable for each attribute"),
    gast.Yield: Refusal("`yield`", _NO_NUMBER, "`return`, with the values as a tuple"),
    gast.YieldFrom: Refusal("`yield from`", _NO_NUMBER, "`return`, with the values as a tuple"),
    gast.Await: Refusal("`await`", _COROUTINE, "a plain call of a plain function"),
    gast.AsyncFor: Refusal("`async for`", _COROUTINE, "a plain `for`"),
    gast.AsyncWith: Refusal(
        "`async with`", _COROUTINE, "its body alone, and the `async with` around the call"
    ),
    gast.SetComp: Refusal("a set comprehension", _ORDER, "a `for` loop over a list"),
    gast.DictComp: Refusal("a dict comprehension", _KEYS, "a `for` loop over a list"),
    gast.Dict: Refusal("a dict", _KEYS, "a variable for each value"),
    gast.Set: Refusal("a set", _ORDER, "a tuple"),
}

# These have a scope of their own, and are refused as a whole: a `yield` in there is not ours.
COMPREHENSIONS = (gast.ListComp, gast.SetComp, gast.DictComp, gast.GeneratorExp)
OWN_SCOPE = (
    *(gast.FunctionDef, gast.AsyncFunctionDef, gast.Lambda, gast.ClassDef),
    *COMPREHENSIONS,
)

# ---- accepted in some forms: by a function of their own, below, which says what is refused ------

DELETED = Refusal(
    "`del` of an item",
    "what is deleted has no adjoint any more, and the items after it move",
    "a new list or array without it",
)

NAMESPACES = ("exec", "eval", "locals", "globals", "vars", "dir")


def validate(source: Source) -> None:
    """Raise `UnsupportedError`, with every construct of the function that is refused.

    Decorators, defaults and annotations are no part of what is differentiated.
    """
    function = _Function(source)
    function.header(source.tree)
    pending = list(reversed(source.tree.body))
    while pending:  # in source order, without recursion: a sum of many terms is a deep tree
        pending += reversed(list(function.check(pending.pop())))
    function.outer_names()
    function.deletions(source.tree.body)
    check_meanings(source, function.problems)
    function.problems.raise_if_any()


def _inside(comprehension: Node) -> list[Node]:
    """The parts of a comprehension that are expressions of its own."""
    parts = [part for each in comprehension.generators for part in (each.iter, *each.ifs)]
    return [*parts, comprehension.elt]


class _Function:
    """One function's problems, and what is known of its names once all of it was looked at."""

    def __init__(self, source: Source) -> None:
        self.problems = Problems(source)
        self.refuse = self.problems.add
        self.assigned: set[str] = set()
        self.outer: list[Node] = []  # the `global` and `nonlocal` statements

    def check(self, node: Node) -> Iterable[Node]:
        """Note what is wrong with one node; the parts of it that are to be checked as well."""
        kind = type(node)
        if kind in REFUSED:
            self.refuse(node, *REFUSED[kind])
            if isinstance(node, COMPREHENSIONS):
                self.assigned_in(node)
            return () if isinstance(node, OWN_SCOPE) else children(node)
        if isinstance(node, gast.Name):
            if not isinstance(node.ctx, gast.Load):
                self.assigned.add(node.id)
            return ()
        if isinstance(node, (gast.ListComp, gast.GeneratorExp)):
            self.assigned_in(node)
            return _inside(node)
        if kind in IN_SOME_FORMS:
            return IN_SOME_FORMS[kind](self, node)
        # What else a tree is made of (operators, slices, cases of a `match`) is no construct.
        if isinstance(node, (gast.stmt, gast.expr)) and kind not in STATEMENTS + EXPRESSIONS:
            why = "it is no part of the language that is differentiated"
            self.refuse(node, f"a {kind.__name__} node", why, "assignments, `if` and `for`")
        return children(node)

    def assigned_in(self, comprehension: Node) -> None:
        """`:=` in a comprehension: it assigns a variable of the function itself."""
        for node in walk(comprehension):
            if isinstance(node, gast.NamedExpr):
                construct = f"`{node.target.id} :=` inside a comprehension"
                why = "it assigns a variable of the function in a loop inside an expression"
                self.refuse(node, construct, why, "a `for` loop with an assignment")
                self.assigned.add(node.target.id)

    def header(self, tree: Node) -> None:
        """The `def` line: any parameters but `*args` and `**kwargs`, which may be many."""
        if isinstance(tree, gast.AsyncFunctionDef):
            why = "a call of it returns a coroutine and not a number"
            self.refuse(tree, "`async def`", why, "a plain `def`")
        if tree.type_params:
            why = "a type has no derivative, and could be read as a value"
            self.refuse(tree.type_params[0], "a type parameter", why, "a plain `def`")
        many = "how many values it holds is known only when the function is called"
        if tree.args.vararg:
            construct = f"the parameter `*{tree.args.vararg.id}`"
            self.refuse(tree.args.vararg, construct, many, "a parameter for each, or a tuple")
        if tree.args.kwarg:
            construct = f"the parameter `**{tree.args.kwarg.id}`"
            self.refuse(tree.args.kwarg, construct, many, "a parameter for each")

    def outer_names(self) -> None:
        """`global` and `nonlocal`: names that are read are constants; none is to be assigned."""
        for node in self.outer:
            word = "global" if isinstance(node, gast.Global) else "nonlocal"
            for name in node.names:
                if name in self.assigned:
                    why = "the function assigns it, and what outlives a call has no derivative"
                    instead = f"a parameter for the old value, and `return` for the new `{name}`"
                    self.refuse(node, f"`{word} {name}`", why, instead)

    def deletions(self, body: list[Node]) -> None:
        """`del name`, where what it was is not needed later."""
        for name, read in read_again(body):
            why = f"`{name.id}` is needed later, in line {read.lineno}"
            instead = "the statements without it: memory is freed at the end of the call"
            self.refuse(name, f"`del {name.id}`", why, instead)


def _constant(function: _Function, node: Node) -> Iterable[Node]:
    """Numbers, `True`, `False`, `None`, and strings (as messages, options, docstrings)."""
    if isinstance(node.value, bytes):
        why = "bytes are neither a number nor a message"
        function.refuse(node, "a bytes literal", why, "a string, or numbers")
    elif node.value is Ellipsis:
        why = "only an index has a use for it"
        function.refuse(node, "`...` as a value", why, "a number, or `None`")
    return ()


def _subscript(function: _Function, node: Node) -> Iterable[Node]:
    """`t[i]`, read with any index, slices and `...` too; assigned where `t` is a name or a part."""
    if isinstance(node.ctx, gast.Del):
        if not isinstance(node.value, gast.Name) or isinstance(
            node.slice, (gast.Slice, gast.Tuple)
        ):
            function.refuse(node, *DELETED)
    elif isinstance(node.ctx, gast.Store) and not isinstance(
        node.value, (gast.Name, gast.Subscript, gast.Attribute, gast.Call)
    ):
        why = "what is written must be known by a name"
        instead = "`t[i] = ...` with a plain name `t`"
        function.refuse(node, "an item of something without a name, assigned", why, instead)
    index = node.slice.elts if isinstance(node.slice, gast.Tuple) else [node.slice]
    return [node.value, *(part for part in index if not _is_ellipsis(part))]


def _is_ellipsis(node: Node) -> bool:
    return isinstance(node, gast.Constant) and node.value is Ellipsis


def _attribute(function: _Function, node: Node) -> Iterable[Node]:
    """`x.T`, `math.sin`: attributes are read only."""
    if isinstance(node.ctx, gast.Del):
        why = "what is deleted has no adjoint any more"
        function.refuse(node, "`del` of an attribute", why, "variables instead of attributes")
    elif not isinstance(node.ctx, gast.Load):
        why = "an object keeps it after the call, where no derivative follows it"
        construct = f"the attribute `.{node.attr}`, assigned"
        function.refuse(node, construct, why, "a variable, and `return` for its value")
    return children(node)


def _display(function: _Function, node: Node) -> Iterable[Node]:
    """`a, b` and `[a, b]`, as values; and as targets, of names and of such targets."""
    if isinstance(node.ctx, gast.Store) and not node.elts:
        why = "it assigns nothing"
        function.refuse(node, "an empty target", why, "the right-hand side alone")
    return children(node)


def _starred(function: _Function, node: Node) -> Iterable[Node]:
    """`*` before a target; before a value it is refused (before an argument: `_call`)."""
    if not isinstance(node.ctx, gast.Store):
        why = "how many values it stands for is known only when the function runs"
        function.refuse(node, "a starred value", why, "the values one by one")
    return children(node)


def _call(function: _Function, node: Node) -> Iterable[Node]:
    """Calls with positional and keyword arguments."""
    why = "which parameters it fills is known only when the function runs"
    for argument in node.args:
        if isinstance(argument, gast.Starred) and not _is_shape_of_indices(node):
            function.refuse(argument, "`*` in a call", why, "the arguments one by one")
    for keyword in node.keywords:
        if keyword.arg is None:
            function.refuse(keyword, "`**` in a call", why, "the keywords one by one")
    if isinstance(node.func, gast.Name) and node.func.id in NAMESPACES:
        why = "it reaches variables without naming them in the source"
        function.refuse(node, f"`{node.func.id}()`", why, "the expression or the names meant")
    arguments = [arg.value if isinstance(arg, gast.Starred) else arg for arg in node.args]
    return [node.func, *arguments, *(keyword.value for keyword in node.keywords)]


def _is_shape_of_indices(node: Node) -> bool:
    """``np.ndindex(*x.shape)``: how many indices there are is seen when the loop is rewritten."""
    (first, *others) = node.args
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    shape = getattr(getattr(first, "value", None), "attr", "") == "shape"
    return name == "ndindex" and shape and not others


def _expression_statement(function: _Function, node: Node) -> Iterable[Node]:
    """Docstrings, `...` as another `pass`, and calls for what they do."""
    value = node.value
    if isinstance(value, gast.Constant) and (isinstance(value.value, str) or _is_ellipsis(value)):
        return ()
    if not (isinstance(value, gast.Call) or type(value) in REFUSED):
        why = "its value is not used"
        function.refuse(node, "an expression as a statement", why, "`name = ...`, or nothing")
    return [value]


def _for(function: _Function, node: Node) -> Iterable[Node]:
    """`for name in range(...)`, `for name in t`; with `enumerate`, `zip` and their like too."""
    instead = "`for i in range(len(values))`, with `values[i]` in its body"
    iterable, ranges = node.iter, _calls_range(node.iter)
    if not (ranges or _is_sequence(iterable)):
        why = "the reverse sweep runs a loop backwards, which needs a `range`, an array or a list"
        function.refuse(iterable, "`for` over this iterable", why, instead)
    elif not (isinstance(node.target, gast.Name) or _takes_apart(node)):
        why = "the variable of a loop is one name"
        function.refuse(node.target, "this target of a `for`", why, instead)
    if ranges and (not 1 <= len(iterable.args) <= 3 or iterable.keywords):
        why = "`range` takes one to three arguments, without keywords"
        function.refuse(iterable, "this `range`", why, "`range(start, stop, step)`")
    function.assigned.update(target_names(node.target))
    over = [] if type(iterable) in REFUSED else [iterable]  # not refused twice
    return [*over, *node.body, *node.orelse]


def _is_sequence(node: Node) -> bool:
    """Whether an iterable may be an array or a list, or a pairing of such."""
    if isinstance(node, (gast.List, gast.Tuple)):
        return bool(node.elts) and not any(isinstance(each, gast.Starred) for each in node.elts)
    # What a call makes, and what a name means, is seen when the loop is rewritten.
    return isinstance(node, (gast.Name, gast.Subscript, gast.Attribute, gast.Call, gast.ListComp))


def is_short_display(node: Node) -> bool:
    """Whether an expression is a list or a tuple of a few elements that are written out."""
    if not isinstance(node, (gast.List, gast.Tuple)):
        return False
    starred = any(isinstance(each, gast.Starred) for each in node.elts)
    return 1 <= len(node.elts) <= FEW and not starred


# As many elements a chain of comparisons may choose from, in each trip.
FEW = 8


def _takes_apart(node: Node) -> bool:
    """Whether a loop takes apart what is paired up, or the rows of an array."""
    return isinstance(node.target, gast.Tuple) and not _calls_range(node.iter)


def _calls_range(node: Node) -> bool:
    return (
        isinstance(node, gast.Call) and isinstance(node.func, gast.Name) and node.func.id == "range"
    )


def _annotated(function: _Function, node: Node) -> Iterable[Node]:
    """`name: type = value`. Python does not run the annotation, but it does compile it."""
    for part in walk(node.annotation):
        if isinstance(part, (gast.Yield, gast.YieldFrom, gast.Await, gast.NamedExpr)):
            why = "it is never run, but changes what the function is"
            function.refuse(part, "this expression in an annotation", why, "a plain type")
    return [node.target] if node.value is None else [node.value, node.target]


def _outer(function: _Function, node: Node) -> Iterable[Node]:
    """`global` and `nonlocal`: judged once all of the function was seen, and so is `del`."""
    function.outer.append(node)
    return ()


def _with(function: _Function, node: Node) -> Iterable[Node]:
    """`with` for contexts that are known to change no value."""
    bindings: list[Node] = []
    for each in node.items:
        context, bound = each.context_expr, each.optional_vars
        called = context.func if isinstance(context, gast.Call) else context
        name = getattr(called, "attr", getattr(called, "id", ""))
        arguments = list(getattr(context, "args", []))
        arguments += [keyword.value for keyword in getattr(context, "keywords", [])]
        why, instead = "", "its body alone, and the `with` around the call of the function"
        if name == "suppress":
            why = "what it suppresses may leave its body at any place"
            instead = "an `if` that tests for the case beforehand"
        elif name == "open":
            why = "a file is read or written once, and a derivative goes over the body twice"
        elif name == "localcontext":
            why = "it changes what arithmetic gives"
        elif not isinstance(context, gast.Call) or name not in HARMLESS:
            why = "entering and leaving a context are calls that have no derivative"
        elif name == "errstate" and not all(
            isinstance(each, gast.Constant) and each.value in ("ignore", "warn")
            for each in arguments
        ):
            why = "it makes errors of what NumPy warns of, at places that a derivative has more of"
            instead = 'errstate(...="ignore")'
        elif name == "nullcontext" and bound is not None and len(arguments) != 1:
            why = "it binds nothing"
        elif name != "nullcontext" and bound is not None:
            why = "what it binds is no number"
        if why:
            function.refuse(context, f"`with {name}`" if name else "`with`", why, instead)
        bindings += [each for each in (*arguments, bound) if bound is not None]
    return [*bindings, *node.body]


# Names of contexts; what they mean is asked when the function is rewritten.
HARMLESS = ("errstate", "printoptions", "nullcontext", "catch_warnings")


def _try(function: _Function, node: Node) -> Iterable[Node]:
    """`try` whose `finally` binds names only; which handler runs is found out afterwards."""
    handled = [stmt for each in node.handlers for stmt in each.body] if goes_on(node) else []
    parts = [*node.body, *handled, *node.orelse, *node.finalbody]
    read = [each for each in node.handlers if handled and reads_caught(each)]
    if read:
        instead = "an `if` that tests for the case beforehand"
        function.refuse(read[0], "a handler that reads what was caught", _CAUGHT, instead)
    jumps = (gast.Return, gast.Break, gast.Continue)
    nodes = [each for stmt in node.finalbody for each in walk(stmt)]
    plain = all(isinstance(s, (gast.Assign, gast.Pass, gast.Delete)) for s in node.finalbody)
    if not plain or any(isinstance(each, (gast.Call, gast.Subscript)) for each in nodes):
        why = "it is done after an exception too, which may leave the body at any place"
        function.refuse(node, "`try` with this `finally`", why, "its statements after the body")
    elif any(not isinstance(each, gast.Pass) for each in node.finalbody) and any(
        isinstance(n, jumps) for stmt in (*node.body, *handled, *node.orelse) for n in walk(stmt)
    ):
        why = "a jump out of its body goes through what follows it"
        function.refuse(node, "`try` with a jump", why, "the jump after it")
    return parts


def _import(function: _Function, node: Node) -> Iterable[Node]:
    """Imports of modules that mean the same wherever they are imported."""
    if getattr(node, "level", 0):
        construct = "`from . import` inside a function"
        function.refuse(node, construct, _BOUND_INSIDE, _IMPORT)
    return ()


IN_SOME_FORMS: dict[type, Callable[[_Function, Node], Iterable[Node]]] = {
    gast.AnnAssign: _annotated,
    gast.For: _for,
    gast.Expr: _expression_statement,
    gast.With: _with,
    gast.Try: _try,
    gast.ImportFrom: _import,
    gast.Global: _outer,
    gast.Nonlocal: _outer,
    gast.Constant: _constant,
    gast.Subscript: _subscript,
    gast.Attribute: _attribute,
    gast.Tuple: _display,
    gast.List: _display,
    gast.Starred: _starred,
    gast.Call: _call,
}
