"""The derivatives to print: those that a file asks for, or one for each of its functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from srcad.read import Source, read_module
from srcad.show.settings import UsageError

RUN = "with --run the file is imported, which executes it"


@dataclass(frozen=True)
class Order:
    """One function whose derivative is wanted, with the options that the file gives."""

    name: str
    lineno: int
    source: Source | None
    target: str = ""  #: the name that the file gives to the derivative
    api: str = ""  #: ``grad`` or ``value_and_grad``; empty for a function that is not decorated
    options: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""  #: why there is nothing to print


def orders_in(text: str, filename: str) -> list[Order]:
    """All that a file defines and asks for; the file is read, not executed.

    >>> for order in orders_in('''
    ... from srcad import grad
    ... @grad(mode="forward")
    ... def f(x):
    ...     return x * x
    ... ''', "f.py"):
    ...     print(order.name, order.lineno, order.api, order.options)
    f 4 grad {'mode': 'forward'}
    """
    module = read_module(text, filename)
    found = [
        Order(
            request.name,
            request.source.tree.lineno if request.source else request.lineno,
            request.source,
            request.target,
            request.api,
            request.options,
            f"{request.reason}; {RUN}" if request.reason else "",
        )
        for request in module.requests
    ]
    requested = {id(request.source) for request in module.requests}
    for source in module.functions:
        if id(source) not in requested:
            reason = f"what its decorators make of it is not known without running the file; {RUN}"
            decorated = bool(source.tree.decorator_list)
            found.append(
                Order(source.name, source.tree.lineno, source, reason=reason if decorated else "")
            )
    for each in module.conditional:
        reason = f"it is defined inside `{each.inside}`, which is not executed; {RUN}"
        found.append(Order(each.name, each.lineno, None, each.name, each.api, reason=reason))
    return sorted(found, key=lambda order: order.lineno)


def chosen(orders: list[Order], function: str | None, filename: str) -> list[Order]:
    """Those of one function; else those that the file asks for; else all."""
    if not orders:
        raise UsageError(f"{filename} defines no function at its top level")
    if function is None:
        return [order for order in orders if order.api] or orders
    by_name = [order for order in orders if function in (order.name, order.target)]
    if not by_name:
        names = list(dict.fromkeys(order.name for order in orders if order.name))
        known = ", ".join(names[:10]) + (", ..." if len(names) > 10 else "")
        raise UsageError(f"{filename} has no function {function!r}: it has {known}")
    return [order for order in by_name if order.api] or by_name
