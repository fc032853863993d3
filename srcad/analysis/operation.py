"""Which operation a statement of a listing performs, on which operands."""

from __future__ import annotations

import ast
import builtins
import math
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gast
import numpy as np

from srcad.analysis.kind import NOTHING, Kind, as_array, is_complex
from srcad.emit import text
from srcad.functions import source_of
from srcad.functions.derived import Derived, is_derived
from srcad.lower.resolve import MISSING, Resolver
from srcad.read import Source
from srcad.read.called import signature_of
from srcad.rules import (
    ATTRIBUTES,
    METHODS,
    UNKNOWN_VALUE,
    Entry,
    Excluded,
    Refused,
    Rule,
    Structured,
    Use,
    complex_rule,
    entries_of,
    operator_rule,
    rule_of,
)
from srcad.rules.nearest import nearest_member, unfollowed
from srcad.rules.refusals import CALLS, ENTRY_BY_ENTRY
from srcad.tree import Node, constant, is_name, is_number, number_of

NUMPY_FUNCTIONS = (np.ufunc, type(np.sum))


@dataclass(eq=False)
class Operation:
    """An elementary operation: its rule, or the user's function that is called.

    ``operands`` are pairs of a parameter of the rule and the operand's expression; ``options`` are
    those that are given, and carry no derivative; ``values`` what all options are, where that is
    known before running.  ``module`` is ``math`` or ``np`` where the function comes from there.
    """

    rule: Rule | None
    operands: list[tuple[str, Node]]
    options: dict[str, Node] = field(default_factory=dict)
    module: str = ""
    callee: Source | None = None
    values: dict[str, Any] = field(default_factory=dict)
    # The derivative that is called, until its code is known (``lower/derived.py``).
    derived: Derived | None = None

    def use(self, result: Kind, like: Callable[[int], Node] | None = None) -> Use:
        """The operation as its rule's functions see it; ``like`` gives the shape of an operand."""
        nodes = tuple(node for _, node in self.operands)
        kinds = tuple(getattr(node, "kind", NOTHING) for node in nodes)
        if isinstance(self.rule, Structured) and self.rule.takes_lists:
            kinds = tuple(map(as_array, kinds))
        return Use(
            nodes,
            kinds,
            self.options,
            result,
            like or nodes.__getitem__,
            tuple(name for name, _ in self.operands),
            self.values,
        )


def for_kinds(operation: Operation) -> Operation:
    """The operation with the rule for its operands' kinds: complex ones may have another.

    Raises :class:`Refused` where the rule is one of real numbers only.
    """
    kinds = [getattr(node, "kind", NOTHING) for _, node in operation.operands]
    options = [getattr(node, "kind", NOTHING) for node in operation.options.values()]
    if operation.rule is None or not any(map(is_complex, kinds + options)):
        return operation
    name = f"`{operation.rule.name.rpartition('.')[2]}`"
    if operation.module == "math":
        raise Refused(f"{name} of a complex number", "math takes real numbers", "NumPy's function")
    if any(map(is_complex, options)):
        raise Refused(f"a complex option of {name}", "it has no rule", "a real one")
    rule = complex_rule(operation.rule, operation.use(NOTHING))
    if rule is None:
        why = "its rule is one of real numbers"
        raise Refused(f"{name} of a complex value", why, "its `.real`, its `.imag` or its `abs`")
    return operation if rule is operation.rule else replace(operation, rule=rule)


def operation_of(expression: Node, resolver: Resolver) -> Operation | None:
    """The operation that an elementary expression performs; None for an atom.

    Raises :class:`Refused` for a call that has no rule.
    """
    if isinstance(expression, gast.BinOp):
        if isinstance(expression.op, gast.MatMult):
            rule = rule_of(np.matmul)
        else:
            rule = operator_rule(expression.op)
        if rule is None:
            return None
        return Operation(rule, [("a", expression.left), ("b", expression.right)])
    if isinstance(expression, gast.UnaryOp):
        found = operator_rule(expression.op)
        return None if found is None else Operation(found, [("a", expression.operand)])
    if isinstance(expression, gast.Attribute):
        found = ATTRIBUTES.get(expression.attr)
        if found is None:
            return None
        values = found.signatures[0].defaults
        operands = [(found.parameters[0], expression.value)]
        return Operation(found, operands, module="np", values=values)
    if isinstance(expression, gast.Call):
        return _call(expression, resolver)
    return None


def _call(expression: Node, resolver: Resolver) -> Operation:
    function = resolver.object_of(expression.func)
    name = f"`{_name_of(expression.func)}(...)`"
    if function is MISSING and isinstance(expression.func, gast.Attribute):
        method, entries = expression.func.attr, METHODS.get(expression.func.attr, [])
        owner = resolver.object_of(expression.func.value)
        if isinstance(owner, types.ModuleType):
            raise Refused(
                name, f"{owner.__name__} has no `{method}` here", "a function that it has"
            )
        arguments = [expression.func.value, *expression.args]
        module = "np"
        if not entries:
            raise Refused(
                f"`.{method}()`",
                "this method has no rule",
                nearest_member(method)
                or f"one of the methods {', '.join(sorted(METHODS))}, or NumPy's function",
            )
    else:
        entries, arguments = entries_of(function), list(expression.args)
        module = _module_of(function)
    if entries:
        return _bind(entries, name, arguments, expression.keywords, module, resolver)
    if isinstance(function, (types.FunctionType, Source)) and not _is_library(function):
        return _bind_user(source_of(function), expression)
    if is_derived(function):
        return _bind_derived(function, expression)
    raise Refused(*_no_rule(expression, function, resolver))


def _name_of(func: Node) -> str:
    """What is called, as it is written."""
    if is_name(func):
        return str(func.id)
    if isinstance(func, gast.Attribute) and is_name(func.value):
        return f"{func.value.id}.{func.attr}"
    return text(func)


def _module_of(function: object) -> str:
    """The module that a partial derivative calls: none for Python's own functions, which take both
    numbers and arrays."""
    name = getattr(function, "__module__", "") or ""
    owner = getattr(function, "__self__", None)
    if (
        isinstance(function, NUMPY_FUNCTIONS)
        or isinstance(owner, np.ufunc)
        or name.split(".")[0] in ("numpy", "scipy")
    ):
        return "np"
    return "math" if name == "math" else ""


def _is_library(function: object) -> bool:
    module = getattr(function, "__module__", "") or ""
    return module.split(".")[0] in {"numpy", "scipy", "math", "builtins"}


def _no_rule(expression: Node, function: object, resolver: Resolver) -> tuple[str, str, str]:
    name = text(expression.func)
    if function is MISSING and callable(vars(builtins).get(name)):
        why = f"`{name}` is a variable here, where the derivative calls Python's own function"
        return f"`{name}(...)`", why, "another name for that variable"
    made_by = getattr(expression.func, "func", None)  # np.vectorize(f)(x)
    if isinstance(function, np.vectorize) or (
        made_by is not None and resolver.object_of(made_by) is np.vectorize
    ):
        return f"`{name}(...)`", CALLS, ENTRY_BY_ENTRY
    if function is MISSING:
        return f"`{name}(...)`", "what this calls is not known before running", "a plain function"
    why, instead = unfollowed(function, name)
    if why:
        return f"`{name}(...)`", why, instead
    return (
        f"`{name}(...)`",
        "there is no rule for this function",
        "a function of math or numpy that has a rule, or a plain Python function",
    )


def _bind(
    entries: Sequence[Entry],
    name: str,
    arguments: list[Node],
    keywords: list[Node],
    module: str,
    resolver: Resolver,
) -> Operation:
    """The operation of a call: that of the first rule which its arguments fit."""
    refusals: list[Refused] = []
    for entry in entries:
        if isinstance(entry.rule, Excluded):
            raise Refused(name, entry.rule.why, entry.rule.instead)
        if not entry.signatures:  # no matter what it is given: the derivative is zero
            operands = [(f"x{n}", each) for n, each in enumerate(arguments)]
            options = {each.arg: each.value for each in keywords}
            return Operation(entry.rule, operands, options, module)
        for signature in entry.signatures:
            try:
                bound = signature.bind(name, arguments, keywords)
            except Refused as refused:
                refusals.append(refused)
                continue
            defaults = signature.defaults
            values = {
                option: literal_value(bound.options[option], resolver)
                if option in bound.options
                else default
                for option, default in defaults.items()
            }
            return Operation(entry.rule, bound.operands, bound.options, module, values=values)
    raise refusals[0]


def literal_value(node: Node, resolver: Resolver) -> Any:
    """What an option is, as far as it is known before running: a literal or a captured constant.

    >>> from srcad.tree import parse
    >>> literal_value(parse("(0, -1)"), None)
    (0, -1)
    """
    if isinstance(node, gast.Constant):
        return node.value
    if is_number(node):
        return number_of(node)
    if isinstance(node, gast.UnaryOp) and isinstance(node.op, gast.USub):
        value = literal_value(node.operand, resolver)
        return -value if isinstance(value, float) else UNKNOWN_VALUE
    if isinstance(node, (gast.Tuple, gast.List)):
        items = [literal_value(each, resolver) for each in node.elts]
        return UNKNOWN_VALUE if any(each is UNKNOWN_VALUE for each in items) else tuple(items)
    if isinstance(node, (gast.Name, gast.Attribute)):
        value = resolver.object_of(node)
        of_library = is_name(node) or resolver.object_of(node.value) in (np, math)
        if isinstance(value, type) or (of_library and _is_plain(value)):
            return value
    return UNKNOWN_VALUE


def _is_plain(value: object) -> bool:
    """Whether a captured constant may stand for an option: it cannot change."""
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (bool, int, float, str, np.dtype))


def parameters_of(source: Source) -> list[str]:
    """The names of a function's parameters, in order."""
    arguments = source.tree.args
    ordered = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [each.id for each in ordered]


def defaults_of(source: Source) -> dict[str, Any]:
    """The default values of a function's parameters, as they are now."""
    if source.function is not None:
        signature = signature_of(source.function)
        return {
            name: parameter.default
            for name, parameter in signature.parameters.items()
            if parameter.default is not parameter.empty
        }
    arguments = source.tree.args
    positional = [*arguments.posonlyargs, *arguments.args]
    nodes = dict(
        zip(
            [each.id for each in positional][len(positional) - len(arguments.defaults) :],
            arguments.defaults,
            strict=True,
        )
    )
    for each, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if node is not None:
            nodes[each.id] = node
    return {name: _literal(node) for name, node in nodes.items()}


def _literal(node: Node) -> Any:
    try:
        return ast.literal_eval(text(node))
    except (ValueError, SyntaxError):
        return node


def _bind_user(source: Source, expression: Node) -> Operation:
    """The operands of a call of the user's function, in the order of its parameters."""
    arguments = source.tree.args
    name = f"`{source.name}(...)`"
    if arguments.vararg is not None or arguments.kwarg is not None:
        raise Refused(name, "it takes *args or **kwargs", "named parameters")
    positional = [each.id for each in [*arguments.posonlyargs, *arguments.args]]
    if len(expression.args) > len(positional):
        raise Refused(name, "it is given too many arguments", "the arguments it takes")
    bound: dict[str, Node] = dict(zip(positional, expression.args, strict=False))
    allowed = {each.id for each in [*arguments.args, *arguments.kwonlyargs]}
    for keyword in expression.keywords:
        if keyword.arg in bound or keyword.arg not in allowed:
            raise Refused(
                name, f"it does not take the argument {keyword.arg!r} here", "its own parameters"
            )
        bound[keyword.arg] = keyword.value
    ordered = _ordered(name, parameters_of(source), bound, defaults_of(source))
    return Operation(None, ordered, callee=source)


def _bind_derived(derived: Derived, expression: Node) -> Operation:
    """The operands of a call of a derivative, in the order of the function's parameters."""
    name = f"`{_name_of(expression.func)}(...)`"
    parameters = derived.signature.parameters
    if any(each.kind in (each.VAR_POSITIONAL, each.VAR_KEYWORD) for each in parameters.values()):
        raise Refused(name, "its function takes *args or **kwargs", "named parameters")
    keywords = {each.arg: each.value for each in expression.keywords}
    try:
        bound = derived.signature.bind_partial(*expression.args, **keywords).arguments
    except TypeError as error:
        raise Refused(name, str(error), "its own parameters") from None
    defaults = {n: p.default for n, p in parameters.items() if p.default is not p.empty}
    return Operation(None, _ordered(name, list(parameters), bound, defaults), derived=derived)


def _ordered(
    name: str, parameters: list[str], bound: dict[str, Node], defaults: dict[str, Any]
) -> list[tuple[str, Node]]:
    """The operands of a call in the order of the parameters, the defaults written out."""
    ordered: list[tuple[str, Node]] = []
    for parameter in parameters:
        if parameter not in bound:
            if parameter not in defaults:
                raise Refused(name, f"the argument {parameter!r} is missing", "all of them")
            value = defaults[parameter]
            if not isinstance(value, (int, float, str, bool, type(None))):
                raise Refused(
                    name,
                    f"the default value of {parameter!r} is not a number, a string or None",
                    "the argument in the call",
                )
            bound[parameter] = constant(value)
        ordered.append((parameter, bound[parameter]))
    return ordered
