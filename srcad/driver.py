"""Forward mode's gradient: the tangent function called once for each entry of each input."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import gast

from srcad.analysis.kind import Array, Kind, is_complex
from srcad.names import Names
from srcad.tree import Node, assign, binary, call, constant, is_name, item, load, store


class Driver:
    """The body of ``f_grad`` around ``f_jvp``.

    >>> from srcad.analysis.kind import FLOAT
    >>> from srcad.emit import emit
    >>> driver = Driver("f_jvp", ["x", "a"], ["x", "a"], [FLOAT, FLOAT], [0, 1], ["x", "a"],
    ...                 lambda name, taken: name)
    >>> print(emit(driver.body(value=False, several=True)), end="")
    w1, ẋ = f_jvp(x, a, 1.0, 0.0)
    w1, ȧ = f_jvp(x, a, 0.0, 1.0)
    return ẋ, ȧ
    """

    def __init__(
        self,
        jvp: str,
        given: list[str],
        wanted: list[str],
        kinds: list[Kind],
        seeded: list[int],
        parameters: list[str],
        alias: Callable[[str, set[str]], str],
        *,
        written: Sequence[str] = (),
        rebound: Collection[str] = (),
        ascii: bool = False,
        others: int = 0,
    ) -> None:
        # So many results come after the one that is differentiated.
        self.others = others
        self.written = written
        # Of what is written, those whose names become other arrays': the caller's may be read only.
        self.rebound = rebound
        self.starts: dict[str, str] = {}
        self.jvp = jvp
        self.given = given
        self.wanted = wanted
        self.kinds = dict(zip(wanted, kinds, strict=True))
        self.seeded = [parameters[n] for n in seeded]
        self.names = Names({*given, jvp}, ascii=ascii)
        self.value = self.names.temporary()
        self.np = alias("np", self.names.taken) if self._any_array() else "np"
        self.names.taken.add(self.np)

    def _seeds(self, zeros: dict[str, Node]) -> set[str]:
        return {node.id for node in zeros.values() if is_name(node)}

    def _any_array(self) -> bool:
        return any(isinstance(kind, Array) for kind in self.kinds.values())

    def body(self, *, value: bool, several: bool) -> list[Node]:
        """The statements: seeds, sweeps, the result."""
        out: list[Node] = []
        zeros: dict[str, Node] = {}
        for name in self.written:  # each sweep starts from what the caller gave
            self.starts[name] = self.names.fresh(f"{name}_start")
            out.append(
                assign(self.starts[name], call(gast.Attribute(load(name), "copy", gast.Load())))
            )
        for name in self.wanted:
            if isinstance(self.kinds[name], Array):
                seed = self.names.fresh(f"{name}_seed")
                out.append(assign(seed, self._zeros_like(name)))
                zeros[name] = load(seed)
            else:  # of the argument's own type: an array made of it must hold all that comes
                zeros[name] = constant(0j if is_complex(self.kinds[name]) else 0.0)
        results = []
        for name in self.wanted:
            made = isinstance(self.kinds[name], Array) or is_complex(self.kinds[name])
            results.append(load(self.names.bar(name) if made else self.names.dot(name)))
            out += self._sweeps(name, zeros)
        if all(isinstance(self.kinds[name], Array) for name in self.wanted):
            # The value, and what the function does beside it, also where no entry has a sweep.
            sizes: list[Node] = [
                gast.Attribute(load(name), "size", gast.Load()) for name in self.wanted
            ]
            any_entry = sizes[0] if len(sizes) == 1 else gast.BoolOp(gast.Or(), sizes)
            sweep = self._sweep(self.value, self.names.temporary(), zeros)
            out.append(gast.If(gast.UnaryOp(gast.Not(), any_entry), sweep, []))
        result: Node = results[0]
        if several or len(results) > 1:
            result = gast.Tuple(results, gast.Load())
        if value:
            result = gast.Tuple([load(self.value), result], gast.Load())
        return [*out, gast.Return(result)]

    def _sweep(self, value: str, tangent: str, seeds: dict[str, Node]) -> list[Node]:
        """One call of the tangent function."""
        again = [self._started(name, load(start)) for name, start in self.starts.items()]
        arguments = [load(each) for each in self.given] + [seeds[each] for each in self.seeded]
        tangents: Node = store(tangent)
        if self.others:
            rest = [store(self.names.temporary()) for _ in range(self.others)]
            tangents = gast.Tuple([tangents, *rest], gast.Store())
        target = gast.Tuple([store(value), tangents], gast.Store())
        # The sweep may have written into any seed.
        zeroed = [_filled(n, constant(0.0)) for n in sorted(self._seeds(seeds)) if self.written]
        return [*again, assign(target, call(load(self.jvp), *arguments)), *zeroed]

    def _started(self, name: str, start: Node) -> Node:
        """An argument as the caller gave it; it may be read only where its name is rebound."""
        again = _filled(name, start)
        if name not in self.rebound:
            return again
        flags = gast.Attribute(load(name), "flags", gast.Load())
        return gast.If(gast.Attribute(flags, "writeable", gast.Load()), [again], [])

    def _zeros_like(self, name: str) -> Node:
        return call(gast.Attribute(load(self.np), "zeros_like", gast.Load()), load(name))

    def _sweeps(self, name: str, zeros: dict[str, Node]) -> list[Node]:
        if not isinstance(self.kinds[name], Array):
            return self._number(name, zeros)
        gradient, seed = self.names.bar(name), zeros[name].id
        index, tangent = self.names.fresh("i"), self.names.temporary()
        shape = gast.Attribute(load(name), "shape", gast.Load())
        entries = call(gast.Attribute(load(self.np), "ndindex", gast.Load()), shape)

        def put(array: str, value: Node) -> Node:
            return gast.Assign([item(array, load(index), stored=True)], value, None)

        slope: Node = load(tangent)
        body = [put(seed, constant(1.0)), *self._sweep(self.value, tangent, zeros)]
        if is_complex(self.kinds[name]):
            other = self.names.temporary()
            body += [put(seed, constant(1j)), *self._sweep(self.value, other, zeros)]
            slope = _complex_slope(tangent, other)
        body += [put(gradient, slope), put(seed, constant(0.0))]
        if self.written:
            body.pop()
        return [
            assign(gradient, self._zeros_like(name)),
            gast.For(store(index), entries, body, [], None),
        ]

    def _number(self, name: str, zeros: dict[str, Node]) -> list[Node]:
        """The derivative with respect to a number; to a complex one, along both of its parts."""
        dot = self.names.dot(name)
        if not is_complex(self.kinds[name]):
            return self._sweep(self.value, dot, {**zeros, name: constant(1.0)})
        tangents = self.names.temporary(), self.names.temporary()
        one = binary(constant(1), gast.Add(), constant(0j))
        seeds = zip(tangents, (one, constant(1j)), strict=True)
        sweeps = [
            stmt
            for tangent, seed in seeds
            for stmt in self._sweep(self.value, tangent, {**zeros, name: seed})
        ]
        return [*sweeps, assign(self.names.bar(name), _complex_slope(*tangents))]


def _complex_slope(real: str, imaginary: str) -> Node:
    """``∂L/∂x - i ∂L/∂y``."""
    turned = binary(constant(1j), gast.Mult(), load(imaginary))
    return binary(load(real), gast.Sub(), turned)


def _filled(name: str, value: Node) -> Node:
    """``name[...] = value``."""
    return gast.Assign([item(name, gast.Constant(..., None), stored=True)], value, None)
