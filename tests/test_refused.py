"""The constructs that are refused, each with its sentence and its place, and what is accepted.

In a refused program, « and » are around what the caret is to mark.
"""

import ast
import inspect
import sys
from typing import NamedTuple

import gast
import pytest

from srcad.errors import UnsupportedError
from srcad.lower.validate import IN_SOME_FORMS, REFUSED, validate
from srcad.read import read_module
from srcad.read.source import Source


class Case(NamedTuple):
    refused: str  #: statements, or all of a file with `f` last
    sentence: tuple[str, str, str]  #: the construct, and words of the reason and of the way out
    accepted: str  #: the near miss
    since: tuple[int, int] = (3, 11)


OPEN, CLOSE = "«", "»"
GENERATOR = "makes the function a generator"
MADE = "made anew at each call"
TOP = "at the top of the file"
ITERABLE = ("runs a loop backwards", "`for i in range(len(values))`, with `values[i]`")
COUNT = "known only when the function"

CASES = {
    # Statements
    "with": Case(
        "with «lock»:\n    y = x\nreturn y",
        ("`with lock`", "entering and leaving a context", "its body alone"),
        "with np.errstate(divide='ignore'):\n    y = x\nreturn y",
    ),
    "with a file": Case(
        "with «open(x)» as h:\n    y = x\nreturn y",
        ("`with open`", "a file is read or written once", "its body alone"),
        "with nullcontext(x) as h:\n    y = h\nreturn y",
    ),
    "with suppress": Case(
        "with «suppress(ValueError)»:\n    y = x\nreturn y",
        ("`with suppress`", "may leave its body at any place", "an `if`"),
        "y = x\nreturn y",
    ),
    "with localcontext": Case(
        "with «decimal.localcontext()»:\n    y = x\nreturn y",
        ("`with localcontext`", "changes what arithmetic gives", "its body alone"),
        "y = x\nreturn y",
    ),
    "with errors of NumPy": Case(
        "with «np.errstate(all='raise')»:\n    y = x\nreturn y",
        ("`with errstate`", "it makes errors", "ignore"),
        "with np.errstate(all='warn'):\n    y = x\nreturn y",
    ),
    "with a name for warnings": Case(
        "with «warnings.catch_warnings(record=True)» as w:\n    y = x\nreturn y",
        ("`with catch_warnings`", "what it binds is no number", "its body alone"),
        "with warnings.catch_warnings():\n    y = x\nreturn y",
    ),
    "async with": Case(
        "async def f(x):\n    «async with x:»\n        pass",
        ("`async with`", "at times that are not known", "its body alone"),
        "pass",
    ),
    "async for": Case(
        "async def f(x):\n    «async for y in x:»\n        pass",
        ("`async for`", "at times that are not known", "a plain `for`"),
        "for y in x:\n    pass",
    ),
    "await": Case(
        "async def f(x):\n    return «await x»",
        ("`await`", "at times that are not known", "a plain call"),
        "return g(x)",
    ),
    "async def": Case(
        "@stay\n«async def f(x):»\n    return x",
        ("`async def`", "a coroutine and not a number", "a plain `def`"),
        "@stay\ndef f(x):\n    return x",
    ),
    "try": Case(
        "try:\n    y = 1 / x\n«except ZeroDivisionError as e:»\n    y = len(e.args)\nreturn y",
        ("a handler that reads what was caught", "nothing is raised", "an `if` that tests"),
        "try:\n    y = 1 / x\nexcept ZeroDivisionError as e:\n    y = 0.0\nreturn y",
    ),
    "try finally": Case(
        "«try:»\n    y = x\nfinally:\n    print(x)",
        ("`try` with this `finally`", "done after an exception too", "after the body"),
        "try:\n    y = x\nfinally:\n    z = 2",
    ),
    "try with a jump": Case(
        "y = 2\n«try:»\n    return x\nfinally:\n    del y",
        ("`try` with a jump", "goes through what follows it", "the jump after it"),
        "try:\n    y = x\nexcept ValueError:\n    raise\nreturn y",
    ),
    "except*": Case(
        "«try:»\n    y = x\nexcept* ValueError:\n    y = 0.0",
        ("`try` with `except*`", "an exception may leave it", "an `if`"),
        "y = x",
    ),
    "from import": Case(
        "«from . import sin»\nreturn sin(x)",
        ("`from . import` inside a function", "before the function runs", TOP),
        "from math import sin\nreturn sin(x)",
    ),
    "type": Case(
        "«type T = float»\nreturn x",
        ("`type` inside a function", "before the function runs", TOP),
        "type = 1\nreturn type * x",
        (3, 12),
    ),
    "nested def": Case(
        "@stay\n«def g(y):»\n    yield y\nreturn g(x)",
        ("a nested `def`", MADE, "a function at the top of the file"),
        "def g(y):\n    return y\ndef f(x):\n    return g(x)",
    ),
    "nested async def": Case(
        "«async def g(y):»\n    await y\nreturn x",
        ("a nested `async def`", MADE, "a function at the top of the file"),
        "return x",
    ),
    "class": Case(
        "«class C:»\n    a = 1j\nreturn x",
        ("a nested `class`", MADE, "a variable for each attribute"),
        "a = 1\nreturn x",
    ),
    "global": Case(
        "«global count, k»\ncount = k * x\nreturn x",
        ("`global count`", "what outlives a call", "`return` for the new `count`"),
        "global count\ny = count * x\nreturn y",
    ),
    "global, augmented": Case(
        "«global count»\ncount += x\nreturn x",
        ("`global count`", "what outlives a call", "a parameter for the old value"),
        "global count\nx += count\nreturn x",
    ),
    "global, as a loop variable": Case(
        "«global i»\nfor i in range(3):\n    x = x * x\nreturn x",
        ("`global i`", "what outlives a call", "`return` for the new `i`"),
        "global i\nfor j in range(i):\n    x = x * x\nreturn x",
    ),
    "global, deleted": Case(
        "«global i»\ndel i",
        ("`global i`", "what outlives a call", "a parameter"),
        "global i\nreturn x * i",
    ),
    "nonlocal": Case(
        "def f():\n    k = 1\n    def f(x):\n        «nonlocal k»\n        k = x\n    return f",
        ("`nonlocal k`", "what outlives a call", "`return` for the new `k`"),
        "def f():\n    k = 1\n    def f(x):\n        nonlocal k\n        return k\n    return f",
    ),
    "del, read later": Case(
        "t = x * x\ndel «t»\nreturn t",
        ("`del t`", "`t` is needed later, in line 4", "the statements without it"),
        "t = x * x\ny = t\ndel t\nreturn y",
    ),
    "del, augmented later": Case(
        "t = s = x\ndel s, «t»\nt += x",
        ("`del t`", "`t` is needed later, in line 4", "the statements without it"),
        "t = s = x\ndel s, t\nt = x",
    ),
    "del, twice": Case(
        "t = x\ndel «t»\ndel t",
        ("`del t`", "`t` is needed later, in line 4", "the statements without it"),
        "t = s = x\ndel t\ndel s",
    ),
    "del, in a loop": Case(
        "t = x\nfor i in range(3):\n    x = x + t\n    if x:\n        del «t»\nreturn x",
        ("`del t`", "`t` is needed later, in line 4", "the statements without it"),
        "for i in range(3):\n    t = i * x\n    x = x + t\n    if x:\n        del t\nreturn x",
    ),
    "del, of an item": Case(
        "t = [x, x]\ndel «t[1:]»\nreturn t[0]",
        ("`del` of an item", "the items after it move", "a new list or array without it"),
        "t = [x, x]\ndel t[1]\nreturn t[0]",
    ),
    "del, of an attribute": Case(
        "y = x\ndel (y, «x.grid»)",
        ("`del` of an attribute", "no adjoint any more", "variables instead"),
        "y = x\ndel (y, x)",
    ),
    "attribute": Case(
        "«x.T» = y = x\nreturn y",
        ("the attribute `.T`, assigned", "keeps it after the call", "a variable"),
        "T = y = x.T\nreturn y",
    ),
    "attribute, augmented": Case(
        "«x.flat» += 1",
        ("the attribute `.flat`, assigned", "keeps it after the call", "a variable"),
        "flat = x.flat\nflat += 1",
    ),
    "attribute, annotated": Case(
        "«x.n»: int = 3",
        ("the attribute `.n`, assigned", "keeps it after the call", "a variable"),
        "n: int = 3\nm: float\nx[0]: float = 3",
    ),
    "attribute, unpacked": Case(
        "a, («x.n», c) = y",
        ("the attribute `.n`, assigned", "keeps it after the call", "a variable"),
        "a, [b, c] = y",
    ),
    "empty target": Case(
        "«()» = x", ("an empty target", "it assigns nothing", "the right-hand side"), "y = ()"
    ),
    "item of a call": Case(
        "«(x + 1)[0]» += 3.0",
        ("an item of something without a name", "known by a name", "with a plain name `t`"),
        "x.ravel()[0] += 3.0\nx[0][1] = x[0, 1] = 3.0\nx[1:] += 1\nx[...] = 1",
    ),
    "annotation": Case(
        "y: («yield») = x",
        ("this expression in an annotation", "changes what the function is", "a plain type"),
        "y: 'list[float]' = x",
    ),
    "expression statement": Case(
        "«x + 1»\nreturn x",
        ("an expression as a statement", "its value is not used", "`name = ...`, or nothing"),
        "'text'\nprint(x)\nx.append(1)\nreturn x",
    ),
    "bare walrus": Case(
        "«(y := x)»\nreturn y",
        ("an expression as a statement", "its value is not used", "`name = ...`"),
        "z = (y := x)\nwhile (y := y + 1) < 3:\n    pass\nreturn z",
    ),
    # Loops
    "for over nothing": Case(
        "for y in «()»:\n    pass",
        ("`for` over this iterable", *ITERABLE),
        "for y in (1, 2, 3, 4, 5, 6, 7, 8, 9):\n    pass\nfor y in [a for a in x]:\n    pass",
    ),
    "for over a string": Case(
        "for y in «'ab'»:\n    pass",
        ("`for` over this iterable", *ITERABLE),
        "for y in x:\n    pass",
    ),
    "for with an item": Case(
        "for «x[0]» in range(3):\n    pass",
        ("this target of a `for`", "is one name", "`for i in range(len(values))`"),
        "for i in range(3):\n    x[0] = i",
    ),
    "range of nothing": Case(
        "for i in «range()»:\n    pass",
        ("this `range`", "one to three arguments", "`range(start, stop, step)`"),
        "for i in range(3):\n    pass\nfor i in range(1, 3):\n    pass",
    ),
    "range of four": Case(
        "for i in «range(1, 2, 3, 4)»:\n    pass",
        ("this `range`", "one to three arguments", "`range(start, stop, step)`"),
        "for i in range(1, 2, 3):\n    pass",
    ),
    "range with a keyword": Case(
        "for i in «range(1, stop=2)»:\n    pass",
        ("this `range`", "without keywords", "`range(start, stop, step)`"),
        "for i in range(1, 2):\n    pass",
    ),
    # Expressions
    "yield": Case("«yield x»", ("`yield`", GENERATOR, "`return`"), "return x"),
    "yield from": Case(
        "y = «yield from x»", ("`yield from`", GENERATOR, "`return`"), "return x, 1"
    ),
    "lambda": Case(
        "return g(«lambda y: (yield 1j)», x)",
        ("`lambda`", MADE, "a function at the top of the file"),
        "f = lambda x: x * x",
    ),
    "list comprehension": Case(
        "return sum([a * a for a in x if («lambda: a»)])",
        ("`lambda`", MADE, TOP),
        "s = 0.0\nfor a in x:\n    s += a * a\nreturn sum([s, s])",
    ),
    "set comprehension": Case(
        "return «{a for a in x}»",
        ("a set comprehension", "a set has no order", "a `for` loop over a list"),
        "return (x,)",
    ),
    "dict comprehension": Case(
        "return «{a: a for a in x}»",
        ("a dict comprehension", "which value a key stands for", "a `for` loop over a list"),
        "return (x,)",
    ),
    "dict": Case(
        "p = «{'a': x}»\nreturn p['a']",
        ("a dict", "which value a key stands for", "a variable for each value"),
        "p = [x]\nreturn p[0]",
    ),
    "set": Case("return x in «{1, 2}»", ("a set", "has no order", "a tuple"), "return x in (1, 2)"),
    "starred value": Case(
        "y = [x, «*x»]",
        ("a starred value", COUNT, "the values one by one"),
        "y = [x, x * x]",
    ),
    "starred call": Case(
        "return g(1, «*x», k=2)",
        ("`*` in a call", "which parameters it fills", "the arguments one by one"),
        "return g(1, x, k=2)",
    ),
    "starred range": Case(
        "for i in range(«*x»):\n    pass",
        ("`*` in a call", "which parameters it fills", "the arguments one by one"),
        "for i in range(x):\n    pass",
    ),
    "keywords in a call": Case(
        "return g(x, «**x»)",
        ("`**` in a call", "which parameters it fills", "the keywords one by one"),
        "return g(x, x=x**2)",
    ),
    "bytes": Case(
        "print(«b'x'»)", ("a bytes literal", "neither a number nor", "a string"), "print('x')"
    ),
    "ellipsis": Case(
        "y = «...»\nreturn x",
        ("`...` as a value", "only an index", "a number, or `None`"),
        "if x > 1:\n    ...\nreturn x[...] + x[..., 1:2, None]",
    ),
    "ellipsis, deeper in an index": Case(
        "return x[1, [«...»]]",
        ("`...` as a value", "only an index", "a number"),
        "return x[1, ...]",
    ),
    **{
        f"{name}()": Case(
            f"y = x\nreturn «{name}('y')»",
            (f"`{name}()`", "reaches variables without naming them", "the names meant"),
            f"y = x\nreturn m.{name}('y')",
        )
        for name in ("exec", "eval", "locals", "globals", "vars", "dir")
    },
    "inside an f-string": Case(
        "assert x > 0, f'''ẏ\n {x!r:>{3}} { «{a for a in x}» }'''\nreturn x",
        ("a set comprehension", "a set has no order", "a `for` loop over a list"),
        "assert x > 0, f'''ẏ\n {x!r:>{3}} {x}'''\nreturn x",
    ),
    "after wide characters": Case(
        "ẇ = 'é𝄞'; ẇ = «{a for a in ẇ}»",
        ("a set comprehension", "a set has no order", "a `for` loop over a list"),
        "ẇ = 'é𝄞'; return ẇ",
    ),
    # The header
    "*args": Case(
        "def f(x, *«args»):\n    return x",
        ("the parameter `*args`", COUNT, "a parameter for each, or a tuple"),
        "def f(x, /, args=[a for a in ()], *, k={}, m: {1} = lambda: 1) -> {}:\n    return x",
    ),
    "**kwargs": Case(
        "def f(x, **«options»):\n    return x",
        ("the parameter `**options`", COUNT, "a parameter for each"),
        "@trace(*[1], **{})\ndef f(x, *, options=1j):\n    return x",
    ),
    "type parameter": Case(
        "def f[«T: float», *Ts](x: T) -> T:\n    return x",
        ("a type parameter", "a type has no derivative", "a plain `def`"),
        "def f(x: T) -> T:\n    return x",
        (3, 12),
    ),
}


def file_of(program: str) -> str:
    """The program as a file: statements alone become the body of a function."""
    if any(
        line.lstrip(OPEN).startswith(("async def f", "def f", "f ="))
        for line in program.split("\n")
    ):
        return program
    return "def f(x):\n    " + program.replace("\n", "\n    ")


def source_of(text: str) -> Source:
    """The source of the last function of a file: a nested one if it is called `f` too."""
    compile(text, "f.py", "exec")  # it is Python
    module = read_module(text, "f.py")
    nodes = [node for node in ast.walk(ast.parse(text)) if getattr(node, "name", "") == "f"]
    if len(nodes) == 2:
        return module.scope.source(nodes[-1])
    return module.functions[-1] if module.functions else module.scope.lookup("f")


def refusal(text: str) -> UnsupportedError:
    with pytest.raises(UnsupportedError) as caught:
        validate(source_of(text))
    return caught.value


def skip_before(version):
    if sys.version_info < version:
        pytest.skip("this Python has no such syntax")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_refused(case):
    skip_before(case.since)
    marked = file_of(case.refused)
    text = marked.replace(OPEN, "").replace(CLOSE, "")
    error = refusal(text)
    line, number = next(
        (line, number) for number, line in enumerate(marked.split("\n"), 1) if OPEN in line
    )
    start, end = line.index(OPEN), line.index(CLOSE) - 1
    found = [
        problem
        for problem in error.problems
        if (problem.lineno, problem.col_offset) == (number, start)
    ]
    if marked.startswith("async def"):  # that alone is a reason
        assert error.problems[0].construct == "`async def`"
        assert len(error.problems) == 2
    else:
        assert error.problems == tuple(found)
        assert (error.lineno, error.offset, error.end_offset) == (number, start + 1, end + 1)
        assert error.filename == "f.py"
    (problem,) = found
    construct, why, instead = case.sentence
    assert problem.construct.startswith(construct)
    assert why in problem.why
    assert instead in problem.instead
    assert f"{problem.construct}: {problem.why}; write instead {problem.instead}" in str(error)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_its_near_miss_is_accepted(case):
    validate(source_of(file_of(case.accepted)))


def test_everything_that_has_a_sentence_is_tested():
    tested = set() if sys.version_info >= (3, 12) else {gast.TypeAlias}
    for case in CASES.values():
        if sys.version_info >= case.since:
            text = file_of(case.refused).replace(OPEN, "").replace(CLOSE, "")
            tested |= {type(node) for node in gast.walk(gast.parse(text))}
    assert set(REFUSED) | set(IN_SOME_FORMS) <= tested


def test_sentences_differ():
    said = [refused.construct for refused in REFUSED.values()]
    assert len(set(said)) == len(said)


def test_all_at_once_in_the_order_of_the_source():
    error = refusal(
        inspect.cleandoc("""
        def f(x, *rest):
            global total
            with open(x) as x.handle:
                try:
                    y = [(z := a) for a in x]
                except ValueError as e:
                    y = eval("x", {}, e)
            total = g(*rest, k=lambda: (yield))
            def h():
                yield [1j]
            return y
        """)
    )
    assert [(p.lineno, p.col_offset, p.construct) for p in error.problems] == [
        (1, 10, "the parameter `*rest`"),
        (2, 4, "`global total`"),
        (3, 9, "`with open`"),
        (3, 20, "the attribute `.handle`, assigned"),
        (5, 18, "`z :=` inside a comprehension"),
        (6, 8, "a handler that reads what was caught"),
        (7, 16, "`eval()`"),
        (7, 26, "a dict"),
        (8, 14, "`*` in a call"),
        (8, 23, "`lambda`"),
        (9, 4, "a nested `def`"),
    ]
    assert str(error).startswith("cannot differentiate this function, for 11 reasons:\n")
    assert all(str(problem) in str(error) for problem in error.problems)


def test_the_loop_that_a_comprehension_is_and_what_it_assigns():
    error = refusal("def f(x):\n    global z\n    return [(z := a) for a in x]")
    assert [p.construct for p in error.problems] == [
        "`global z`",
        "`z :=` inside a comprehension",
    ]


def test_both_names_of_one_global():
    error = refusal("def f(x):\n    global a, b, c\n    a = b = c")
    assert [p.construct for p in error.problems] == ["`global a`", "`global b`"]


def test_a_generator_is_refused_at_each_yield():
    error = refusal("def f(x):\n    yield x\n    if x:\n        y = yield\n    yield from (x, y)")
    assert [(p.lineno, p.construct) for p in error.problems] == [
        (2, "`yield`"),
        (4, "`yield`"),
        (5, "`yield from`"),
    ]


def test_a_lambda_that_is_differentiated_itself():
    validate(source_of("f = lambda x, k=2: x ** k if x > 0 else -x"))
    error = refusal("f = lambda x: (lambda: x)() + (yield)")
    assert [p.construct for p in error.problems] == ["`lambda`", "`yield`"]


def test_a_construct_that_is_not_known():
    class Future(gast.expr):
        _fields = ("value",)

    source = source_of("def f(x):\n    return x")
    node = Future(gast.Constant(2j, None))
    source.tree.body[0].value = gast.copy_location(node, source.tree.body[0].value)
    with pytest.raises(UnsupportedError, match="a Future node: it is no part of the language"):
        validate(source)


def test_all_that_is_accepted_together():
    validate(
        source_of(
            inspect.cleandoc('''
            def f(x: float, /, n: int = 3, *, k: float = 0.5) -> float:
                """What it does."""
                global scale
                y: float = x * scale
                a = b = y
                a, (b, c) = [b, (a, x.shape[0])]
                t = [0.0] * n
                for i in range(0, n, 2):
                    if i % 2 == 0 and not (y < 0 or 1 < x <= 2):
                        continue
                    elif x is None:
                        break
                    t[i] = t[i - 1] = -y @ x // 3 ** (i << 1 | 3 & ~i ^ 1 >> 2)
                    t[i] += 1
                else:
                    y -= 1
                for v in t[::-1]:
                    y += v
                while (z := y * y) > 1:
                    y = y / 2 if z else y
                else:
                    pass
                assert z in (1, 2), f"{z:>{n}} is not {n!r}"
                if y != y:
                    raise ValueError("not a number") from None
                del v
                print("done", y, sep="")
                return y, x[..., ::2], x.T[1:, None]
            ''')
        )
    )


def test_deep_and_long_functions():
    lines = [f"    x = x + {i}" for i in range(20_000)]
    source = source_of("\n".join(["def f(x):", *lines, "    return x"]))
    # Not every Python's parser takes a sum as long as this one: it is put together here.
    total = source.tree.body[-1].value
    for _ in range(20_000):
        total = gast.BinOp(total, gast.Add(), gast.Constant(1, None))
    source.tree.body[-1].value = total
    validate(source)
