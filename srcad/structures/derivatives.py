"""Derivatives inside a function, of functions that are given structures.

``grad(loss)(p, x)`` with a dict ``p`` is the derivative of ``loss`` as it is written for the leaves
of ``p``, with respect to those of them that are its own; they are put together like ``p`` again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gast

from srcad.errors import SrcadError
from srcad.functions.derived import MAKERS, Inner, is_derived
from srcad.read import Source, source_for
from srcad.structures.base import said
from srcad.structures.run import Specialised
from srcad.structures.values import Const, Leaf, Struct, Value, is_int
from srcad.tree import Node, assign, load, store

GRADIENTS = ("grad", "value_and_grad")


def of_structures(
    caller: Any,
    derivative: Any,
    args: list[Value],
    keywords: dict[str, Value],
    node: Node,
    stem: str,
) -> Value | None:
    """What a call of a derivative gives; None where no structure takes part in it."""
    if not is_derived(derivative):
        return None
    if not any(isinstance(each, Struct) for each in (*args, *keywords.values())):
        return None
    call = Call(caller, derivative, node, stem)
    if call.maker.what in GRADIENTS:
        return call.gradient(args, keywords)
    return call.along(args) if call.maker.what == "jvp" else call.pulled_back(args)


class Call:
    """One call of a derivative."""

    def __init__(self, caller: Any, derivative: Any, node: Node, stem: str) -> None:
        self.caller = caller
        self.node = node
        self.stem = stem
        self.derivative = derivative
        if isinstance(derivative, Inner):
            self.maker, self.options = derivative.maker, dict(derivative.options)
            self.of: Any = derivative.of
        else:
            self.maker = next(each for each in MAKERS.values() if each.what == derivative.what)
            self.of = derivative.primal
            names = [derivative.parameters[n] for n in derivative.positions]
            self.options = {
                "mode": derivative.mode,
                "wrt": tuple(names) if derivative.several else names[0],
            }

    def refuse(self, why: str, instead: str) -> Any:
        """Refuse the call."""
        self.caller.refuse(self.node, "this derivative", why, instead)

    def source(self) -> Source:
        """The function that is differentiated."""
        if is_derived(self.of):
            self.refuse("it is one of a derivative of structures", "`jvp` of it")
        if isinstance(self.of, Source):
            return self.of
        try:
            return source_for(self.of)
        except SrcadError as error:
            self.refuse(f"its source is not known ({error.msg})", "a function of a file")
            raise

    def specialised(self, args: list[Value], keywords: dict[str, Value]) -> tuple[Specialised, Any]:
        """The function for the layouts of its arguments, and those by the names of parameters."""
        caller, source = self.caller, self.source()
        for each in (*args, *keywords.values()):
            if isinstance(each, Struct) and not each.stem:
                caller.name_parts(each, "part")
        bound = caller.bound(source.function, args, keywords, self.node)
        bound |= {name: value for name, value in caller.arguments.items() if name[0] == " "}
        made = caller.run.specialised(source, bound, caller, False, whole=True)
        name = source.name
        if not isinstance(made.result, Leaf) or len(made.outputs) != 1:
            changed = any(made.structs[key].parts != parts for key, parts in made.before.items())
            why = f"{name} returns {said(made.result)}"
            if changed:
                why = f"{name} writes into what it is given, or what is outside"
            self.refuse(why, "a function that returns one number, and writes nothing")
        return made, bound

    # -- leaves ------------------------------------------------------------------------------------

    def leaves(self, made: Specialised, own: Value, given: Value) -> Iterator[str]:
        """The parameters that a structure's leaves are, as far as they may be floating point."""
        if isinstance(own, Struct):
            if not isinstance(given, Struct):
                self.refuse("its argument has parts that are no structure here", "one layout")
                return
            for key, part in made.before[id(own)].items():
                yield from self.leaves(made, part, given.parts[key])
        elif isinstance(own, Leaf) and not is_int(given):
            yield own.node.id

    def made_like(
        self, made: Specialised, own: Value, given: Value, slopes: Iterator[str], stem: str
    ) -> Value:
        """A structure like an argument, with the derivatives in it."""
        if isinstance(own, Struct):
            assert isinstance(given, Struct)
            parts = made.before[id(own)]
            result = Struct(given.form, given.cls, {}, stem)
            for key, part in parts.items():
                inner = self.caller.part_stem(stem, key)
                result.parts[key] = self.made_like(made, part, given.parts[key], slopes, inner)
            return result
        if isinstance(own, Leaf) and not is_int(given):
            return Leaf(load(next(slopes)), isinstance(given, Leaf) and given.number)
        return Const(None)

    def call(self, inner: Inner, operands: list[Node]) -> Node:
        """The call of a derivative of a plain function."""
        func = self.caller.written(inner, inner.__name__)
        return self.caller.located_at(gast.Call(func, operands, []), self.node)

    def emitted(self, target: Node, call: Node) -> None:
        """A statement that gives names to what it returns."""
        self.caller.emit(gast.copy_location(assign(target, call), self.caller.place))

    # -- what is called ----------------------------------------------------------------------------

    def plain(self, args: list[Value], keywords: dict[str, Value]) -> Plain:
        """``grad(f)`` for the leaves of its arguments."""
        made, bound = self.specialised(args, keywords)
        wrt = self.options.pop("wrt", 0)
        wanted = wrt if isinstance(wrt, tuple) else (wrt,)
        names = [each if isinstance(each, str) else list(bound)[each] for each in wanted]
        leaves = [leaf for n in names for leaf in self.leaves(made, made.arguments[n], bound[n])]
        if not leaves:
            self.refuse("what it is with respect to has no floats in it", "structures of floats")
        if len(set(leaves)) < len(leaves):
            self.refuse("one object is at two places of what it is with respect to", "a copy")
        inner = Inner(made.source, self.maker, {**self.options, "wrt": tuple(leaves)})
        return Plain(self, inner, made, bound, names, leaves, isinstance(wrt, tuple))

    def gradient(self, args: list[Value], keywords: dict[str, Value]) -> Value:
        """``grad(f)(p, x)``: what it gives, and its value if it is asked for."""
        plain = self.plain(args, keywords)
        call = self.call(plain.inner, plain.made.operands(self.caller, plain.bound, self.node))
        target, result = plain.result(self.stem or "slope")
        self.emitted(target, call)
        return result

    def along(self, args: list[Value]) -> Value:
        """``jvp(f, (p,), (v,))``: the value and its tangent."""
        count = self.options["count"]
        own, tangents = args[:-count], args[-count:]
        plain: Plain | None = None
        if is_derived(self.of):  # of a gradient
            inside = Call(self.caller, self.of, self.node, self.stem)
            if inside.maker.what not in GRADIENTS:
                self.refuse("it is one of a derivative of structures", "`jvp` of a gradient")
            plain = inside.plain(own, {})
            made, bound = plain.made, plain.bound
        else:
            made, bound = self.specialised(own, {})
        base: Any = made.source if plain is None else plain.inner
        leaves = self.first(made, bound, count)
        rows = zip(list(bound)[:count], tangents, strict=True)
        seeds = [s for n, t in rows for s in self.seeds(made, made.arguments[n], bound[n], t)]
        inner = Inner(base, self.maker, {"count": len(leaves)})
        call = self.call(inner, [*made.operands(self.caller, bound, self.node), *seeds])
        parts: dict[Any, Value] = {}
        targets: list[Node] = []
        for n, what in enumerate(("value", "tangent")):
            if plain is None:
                name = self.caller.fresh(what)
                targets.append(store(name))
                parts[n] = Leaf(load(name))
            else:
                target, parts[n] = plain.result(what)
                targets.append(target)
        self.emitted(gast.Tuple(targets, gast.Store()), call)
        return Struct("tuple", tuple, parts, self.stem or "along")

    def pulled_back(self, args: list[Value]) -> Value:
        """The call of a pullback: the adjoints of the first arguments."""
        count, results = self.options["count"], self.options["results"]
        own, seeds = args[:-results], args[-results:]
        made, bound = self.specialised(own, {})
        leaves = self.first(made, bound, count)
        if results != 1 or isinstance(seeds[0], Struct):
            self.refuse("it has several results", "a function of one number or array")
        inner = Inner(made.source, self.maker, {"count": len(leaves), "results": 1})
        seed = self.caller.node_of(seeds[0], self.node)
        call = self.call(inner, [*made.operands(self.caller, bound, self.node), seed])
        slopes = [self.caller.fresh(f"adjoint_{leaf}") for leaf in leaves]
        self.emitted(gast.Tuple([store(each) for each in slopes], gast.Store()), call)
        rest = iter(slopes)
        parts: dict[Any, Value] = {
            n: self.made_like(made, made.arguments[name], bound[name], rest, f"adjoint_{name}")
            for n, name in enumerate(list(bound)[:count])
        }
        return Struct("tuple", tuple, parts, self.stem or "adjoints")

    def first(self, made: Specialised, bound: dict[str, Value], count: int) -> list[str]:
        """The leaves of the first arguments, which are the first parameters of the function."""
        names = list(bound)[:count]
        leaves = [leaf for n in names for leaf in _every_leaf(made, made.arguments[n])]
        if made.inputs[: len(leaves)] != leaves or not leaves:
            self.refuse("one object is at two places of its arguments", "a copy")
        return leaves

    def seeds(self, made: Specialised, own: Value, given: Value, tangent: Value) -> Iterator[Node]:
        """The tangents of a structure's leaves."""
        if isinstance(own, Struct):
            parts = made.before[id(own)]
            alike = isinstance(tangent, Struct) and tangent.parts.keys() == parts.keys()
            if not alike or not isinstance(given, Struct):
                self.refuse(f"the tangent of {said(own)} is not like it", "one of its layout")
                return
            assert isinstance(tangent, Struct)
            for key, part in parts.items():
                yield from self.seeds(made, part, given.parts[key], tangent.parts[key])
        elif isinstance(own, Leaf):
            known = gast.Constant(None, None) if is_int(given) else None
            yield known or self.caller.node_of(tangent, self.node)


@dataclass
class Plain:
    """A gradient of a plain function, and what is made of it."""

    by: Call
    inner: Inner
    made: Specialised
    bound: dict[str, Value]
    names: list[str]
    leaves: list[str]
    several: bool

    def result(self, stem: str) -> tuple[Node, Value]:
        """Names for what it returns, and what they are together."""
        fresh = self.by.caller.fresh
        slopes = [fresh(f"{stem}_{leaf}") for leaf in self.leaves]
        target: Node = gast.Tuple([store(each) for each in slopes], gast.Store())
        rest = iter(slopes)
        found: list[Value] = []
        for name in self.names:
            own, given = self.made.arguments[name], self.bound[name]
            found.append(self.by.made_like(self.made, own, given, rest, f"{stem}_{name}"))
        result = found[0]
        if self.several:
            result = Struct("tuple", tuple, dict(enumerate(found)), stem)
        if self.by.maker.what == "value_and_grad":
            value = fresh(f"{stem}_value")
            target = gast.Tuple([store(value), target], gast.Store())
            result = Struct("tuple", tuple, {0: Leaf(load(value)), 1: result}, stem)
        return target, result


def _every_leaf(made: Specialised, own: Value) -> list[str]:
    if isinstance(own, Struct):
        return [leaf for part in made.before[id(own)].values() for leaf in _every_leaf(made, part)]
    return [own.node.id] if isinstance(own, Leaf) else []
