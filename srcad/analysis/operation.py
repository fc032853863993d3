"""Which operation a statement of a listing performs, on which operands."""

from __future__ import annotations

import ast
import inspect
import types
from dataclasses import dataclass, field
from typing import Any

import gast
import numpy as np

from srcad.emit import text
from srcad.lower.resolve import MISSING, Resolver
from srcad.read import Source, source_for
from srcad.rules import ATTRIBUTES, METHODS, Rule, Structured, Zero, operator_rule, rule_of
from srcad.tree import Node, constant

NUMPY_FUNCTIONS = (np.ufunc, type(np.sum))


class NotAnOperation(Exception):
    """An expression that has no rule: the construct, why, and what to write instead."""


@dataclass(eq=False)
class Operation:
    """An elementary operation: its rule, or the user's function that is called.

    ``operands`` are pairs of a parameter of the rule and the operand's expression; ``options`` are
    the parameters that carry no derivative.
    """

    rule: Rule | None
    operands: list[tuple[str, Node]]
    options: dict[str, Node] = field(default_factory=dict)
    module: str = ""
    callee: Source | None = None


def operation_of(expression: Node, resolver: Resolver) -> Operation | None:
    """The operation that an elementary expression performs; None for an atom.

    Raises :class:`NotAnOperation` for a call that has no rule.
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
        return Operation(found, [(found.parameters[0], expression.value)], module="np")
    if isinstance(expression, gast.Call):
        return _call(expression, resolver)
    return None


def _call(expression: Node, resolver: Resolver) -> Operation:
    function = resolver.object_of(expression.func)
    arguments = list(expression.args)
    if function is MISSING and isinstance(expression.func, gast.Attribute):
        rule: Rule | None = METHODS.get(expression.func.attr)
        arguments.insert(0, expression.func.value)
        module = "np"
        if rule is None:
            raise NotAnOperation(
                f"`.{expression.func.attr}()`",
                "this method has no rule",
                f"one of the methods {', '.join(sorted(METHODS))}, or NumPy's function",
            )
    else:
        rule = rule_of(function)
        name = getattr(function, "__module__", "") or ""
        module = "np" if isinstance(function, NUMPY_FUNCTIONS) or "numpy" in name else "math"
    if rule is not None:
        return _bind_rule(rule, expression, arguments, module)
    if isinstance(function, (types.FunctionType, Source)) and not _is_library(function):
        return _bind_user(source_for(function), expression)
    raise NotAnOperation(*_no_rule(expression, function))


def _is_library(function: object) -> bool:
    module = getattr(function, "__module__", "") or ""
    return module.split(".")[0] in {"numpy", "math", "builtins"}


def _no_rule(expression: Node, function: object) -> tuple[str, str, str]:
    name = text(expression.func)
    if function is MISSING:
        return f"`{name}(...)`", "what this calls is not known before running", "a plain function"
    return (
        f"`{name}(...)`",
        "there is no rule for this function",
        "a function of math or numpy that has a rule, or a plain Python function",
    )


def _bind_rule(rule: Rule, expression: Node, arguments: list[Node], module: str) -> Operation:
    """The operands of a call in the order of the rule's parameters."""
    name = f"`{text(expression.func)}(...)`"
    options: dict[str, Node] = {}
    operands: list[tuple[str, Node]] = []
    variadic = bool(rule.parameters) and rule.parameters[-1].startswith("*")
    if variadic:
        if len(arguments) >= 1 and isinstance(arguments[0], (gast.List, gast.Tuple)):
            extra = arguments[1:]
            arguments = list(arguments[0].elts)
        elif isinstance(rule, Structured):
            if len(arguments) == 1 and rule.name == "np.array":
                return Operation(METHODS["copy"], [("x", arguments[0])], module="np")
            raise NotAnOperation(name, "its operands must be written out", f"{name[1:-5]}([a, b])")
        elif rule.name in ("builtins.max", "builtins.min") and len(arguments) == 1:
            raise NotAnOperation(
                name, "it is not differentiated over an array", "max(a, b) of numbers"
            )
        else:
            extra = []
        operands = [(f"x{n}", each) for n, each in enumerate(arguments)]
    else:
        count = len(rule.parameters)
        operands = list(zip(rule.parameters, arguments, strict=False))
        extra = arguments[count:]
    if len(extra) > len(rule.options):
        raise NotAnOperation(name, "it is given too many arguments", "the arguments it takes")
    options.update(zip(rule.options, extra, strict=False))
    for keyword in expression.keywords:
        if keyword.arg in rule.options and keyword.arg not in options:
            options[keyword.arg] = keyword.value
        elif keyword.arg in rule.parameters and keyword.arg not in dict(operands):
            operands.append((keyword.arg, keyword.value))
        elif (
            rule.name == "np.clip"
            and keyword.arg in CLIP
            and CLIP[keyword.arg] not in dict(operands)
        ):
            operands.append((CLIP[keyword.arg], keyword.value))
        elif not isinstance(rule, Zero):
            raise NotAnOperation(
                f"`{keyword.arg}=` of {name}", "this option has no rule", "the call without it"
            )
        else:
            operands.append((str(keyword.arg), keyword.value))
    missing = len(rule.parameters) - len(operands)
    if not variadic and missing > 0 and rule.name not in {"math.log"}:
        raise NotAnOperation(name, "it is given too few arguments", "all its operands")
    return Operation(rule, operands, options, module)


CLIP = {"a_min": "low", "a_max": "high", "min": "low", "max": "high"}


def parameters_of(source: Source) -> list[str]:
    """The names of a function's parameters, in order."""
    arguments = source.tree.args
    ordered = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [each.id for each in ordered]


def defaults_of(source: Source) -> dict[str, Any]:
    """The default values of a function's parameters, as they are now."""
    if source.function is not None:
        signature = inspect.signature(source.function, follow_wrapped=False)
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
        raise NotAnOperation(name, "it takes *args or **kwargs", "named parameters")
    positional = [each.id for each in [*arguments.posonlyargs, *arguments.args]]
    if len(expression.args) > len(positional):
        raise NotAnOperation(name, "it is given too many arguments", "the arguments it takes")
    bound: dict[str, Node] = dict(zip(positional, expression.args, strict=False))
    allowed = {each.id for each in [*arguments.args, *arguments.kwonlyargs]}
    for keyword in expression.keywords:
        if keyword.arg in bound or keyword.arg not in allowed:
            raise NotAnOperation(
                name, f"it does not take the argument {keyword.arg!r} here", "its own parameters"
            )
        bound[keyword.arg] = keyword.value
    defaults = defaults_of(source)
    ordered: list[tuple[str, Node]] = []
    for parameter in parameters_of(source):
        if parameter not in bound:
            if parameter not in defaults:
                raise NotAnOperation(name, f"the argument {parameter!r} is missing", "all of them")
            value = defaults[parameter]
            if not isinstance(value, (int, float, str, bool, type(None))):
                raise NotAnOperation(
                    name,
                    f"the default value of {parameter!r} is not a number, a string or None",
                    "the argument in the call",
                )
            bound[parameter] = constant(value)
        ordered.append((parameter, bound[parameter]))
    return Operation(None, ordered, callee=source)
