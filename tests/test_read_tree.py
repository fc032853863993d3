"""Python's trees to gast trees: equal to gast's own where that one gets through, and deep ones."""

import ast
import sys
import time

import gast
import pytest

from srcad.read.tree import definition, to_gast

PROGRAM = '''
@decorated(1)
async def f(a, /, b: int = 1, *c, d=2, **e) -> float:
    """Doc."""
    global g
    x, *y = z[1:2, ..., ::3] = [i async for i in j if i if k]
    try:
        del x.a
    except (A, B) as error:
        raise C from error
    except D:
        pass
    else:
        await q
    finally:
        return f"{x!r:>{y}}" "s"
    with a as b, c:
        print(-x ** 2 if not y else lambda: 0 < 1 <= 2)
    for i in {1: 2, **x}: break
    else: continue
    while (n := 1) and {*s}: n += yield_
    match x:
        case {"a": 1, **rest} | [1, *_] | Point(x=0) as p if p: pass
    import a.b as c
    from . import d
    class K(B, metaclass=M): v: int = 3
    nonlocal h
    assert x, "m"
'''


def test_the_same_as_gast():
    tree = ast.parse(PROGRAM)
    ours, theirs = to_gast(tree), gast.ast_to_gast(tree)
    for handler in (n for n in gast.walk(theirs) if isinstance(n, gast.ExceptHandler) and n.name):
        gast.copy_location(handler.name, handler)  # gast gives the name no place at all
    for class_ in (n for n in gast.walk(theirs) if isinstance(n, gast.ClassDef)):
        class_.type_params = []  # which older releases of gast leave out
    assert gast.dump(ours, include_attributes=True) == gast.dump(theirs, include_attributes=True)


def test_a_lambda_keeps_its_places():
    tree = definition(ast.parse("f(\n  lambda x, k=1: x*k)").body[0].value.args[0])
    assert (tree.name, tree.lineno, tree.col_offset) == ("lambda_", 2, 2)
    returned = tree.body[0]
    assert (returned.lineno, returned.col_offset, returned.end_col_offset) == (2, 17, 20)
    assert [a.id for a in tree.args.args] == ["x", "k"]
    assert tree.args.defaults[0].value == 1


def deep(left, count):
    """A tree as deep as `count`, made by hand: Python's own parser may refuse one so deep."""
    tree = ast.Name("x", ast.Load(), lineno=1, col_offset=0)
    for _ in range(count):
        tree = left(tree)
    return tree


def one():
    return ast.Constant(1, lineno=1, col_offset=0)


@pytest.mark.parametrize(
    "left",
    [
        lambda t: ast.BinOp(t, ast.Add(), one(), lineno=1, col_offset=0),
        lambda t: ast.BinOp(one(), ast.Pow(), t, lineno=1, col_offset=0),
        lambda t: ast.Attribute(t, "a", ast.Load(), lineno=1, col_offset=0),
        lambda t: ast.Call(t, [], [], lineno=1, col_offset=0),
        lambda t: ast.IfExp(one(), one(), t, lineno=1, col_offset=0),
    ],
)
def test_deep_trees_do_not_recurse(left):
    count = 20_000
    assert count > sys.getrecursionlimit()
    tree = to_gast(deep(left, count))
    assert sum(1 for _ in gast.walk(tree)) > count


def test_long_elif_chains_do_not_recurse():
    branch = ast.If(one(), [ast.Pass()], [])
    for _ in range(20_000):
        branch = ast.If(one(), [ast.Pass()], [branch])
    assert sum(isinstance(n, gast.If) for n in gast.walk(to_gast(branch))) == 20_001


def test_time_is_linear():
    def seconds(count):
        tree = ast.parse("def f(x):\n" + "    x = x * 2 + 1\n" * count)
        start = time.perf_counter()
        to_gast(tree)
        return time.perf_counter() - start

    seconds(1000)
    assert seconds(5000) < 2.0  # 0.1 on an idle machine
