"""What the names in a live function mean, as far as that alone is a reason to refuse it.

What runs in another thread or process is refused wherever it stands.  Where a construct is refused
for its form, no later pass sees the function: names that mean nothing, and functions that are
refused whatever they are given, are said here, so that all is said at once.
"""

from __future__ import annotations

import gast

from srcad.emit import text
from srcad.errors import Problems
from srcad.lower.resolve import MISSING, Resolver
from srcad.read import Source, Unresolved
from srcad.rules import Excluded, rule_of
from srcad.tree import Node, is_name

PARALLEL = ("threading", "_thread", "concurrent", "multiprocessing", "asyncio", "subprocess")
# What is asked of a thread, and locks: they start nothing.
HARMLESS = ("Lock", "RLock", "lock", "allocate_lock", "local", "current_thread", "get_ident")


def check_meanings(source: Source, problems: Problems, *, all_of_them: bool = False) -> None:
    """Add what is wrong with the meanings of names in a function that is there.

    Of one that has no problems so far a later pass says it, unless ``all_of_them`` are asked for.
    """
    if source.function is None:
        return
    resolver = Resolver(source.scope, _bound_in(source))
    calls = [node for node in source.nodes if isinstance(node, gast.Call)]
    for node in calls:
        name = text(node.func)
        if _is_parallel(node.func, resolver):
            why = "what runs in another thread or process is not followed, and has no derivative"
            problems.add(node, f"`{name}(...)`", why, "a plain call of the function")
    if not problems and not all_of_them:
        return
    for node in calls:
        rule = rule_of(resolver.object_of(node.func))
        if isinstance(rule, Excluded):
            problems.add(node, f"`{text(node.func)}(...)`", rule.why, rule.instead)
    for node in source.nodes:
        if is_name(node) and node.id not in resolver.variables:
            try:
                resolver.lookup(node.id)
            except Unresolved as unresolved:
                problems.add(node, f"`{node.id}`", unresolved.reason, "a parameter")


def _is_parallel(func: Node, resolver: Resolver) -> bool:
    """Whether a call hands something over to another thread or process."""
    found = resolver.object_of(func)
    if found is not MISSING:
        return _of_parallel(found) and getattr(found, "__name__", "") not in HARMLESS
    owner = resolver.object_of(func.value) if isinstance(func, gast.Attribute) else MISSING
    return owner is not MISSING and _of_parallel(type(owner)) and not _is_harmless(owner)


def _is_harmless(owner: object) -> bool:
    return type(owner).__name__.lstrip("_") in HARMLESS


def _of_parallel(found: object) -> bool:
    return str(getattr(found, "__module__", "")).partition(".")[0] in PARALLEL


def _bound_in(source: Source) -> set[str]:
    """Every name that is bound anywhere in a function, in the functions inside it too."""
    names = {each.id for each in source.nodes if is_name(each) and not _is_load(each)}
    given = source.tree.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    names |= {each.id for each in every if each is not None}
    for node in source.nodes:
        if isinstance(node, gast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        for field in ("name", "rest"):  # of definitions and patterns
            bound = getattr(node, field, None)
            names |= {bound} if isinstance(bound, str) else set()
    return names


def _is_load(node: Node) -> bool:
    return isinstance(node.ctx, gast.Load)
