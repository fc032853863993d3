"""Reading a file that is not executed: what its names mean, and what it asks for."""

import math

import gast
import numpy as np
import pytest

import srcad
from srcad.errors import SourceError
from srcad.read import Source, StaticScope, Unresolved, read_module, read_text, source_for


def scope_of(text):
    return read_module(text, "m.py").scope


def unresolved(text, name):
    with pytest.raises(Unresolved) as caught:
        scope_of(text).lookup(name)
    assert caught.value.name == name
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("import math", "math", math),
        ("import numpy as np", "np", np),
        ("import numpy.linalg as la", "la", np.linalg),
        ("import numpy.linalg", "numpy", np),
        ("import numpy\nimport numpy.linalg", "numpy", np),
        ("from numpy import linalg", "linalg", np.linalg),
        ("from numpy.linalg import norm as n", "n", np.linalg.norm),
        ("from math import sin as s, cos", "s", math.sin),
        ("from math import sin as s, cos", "cos", math.cos),
        ("from math import *", "sin", math.sin),
        ("from math import *", "abs", abs),
        ("import srcad as s", "s", srcad),
        ("from __future__ import annotations\nimport math", "math", math),
        ("s = math.sin\nimport math", "abs", abs),
        ("import math\ns = math.sin", "s", math.sin),
        ("import math\nTAU = 2 * math.pi", "TAU", 2 * math.pi),
        ("", "len", len),
    ],
)
def test_modules_and_builtins(text, name, value):
    assert scope_of(text).lookup(name) is value or scope_of(text).lookup(name) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-1.5", -1.5),
        ("'s'", "s"),
        ("None", None),
        ("True", True),
        ("not 0", True),
        ("...", ...),
        ("2j", 2j),
        ("()", ()),
        ("(1, (2.0, -3), 'a')", (1, (2.0, -3), "a")),
        ("1 - 2 - 3", -4),
        ("2 ** 3 ** 2 / 4 % 7 // 1 * 2", 4.0),
        ("1 / (3 - 1)", 0.5),
        (" + ".join(["1"] * 500), 500),
    ],
)
def test_constants(text, value):
    found = scope_of(f"K = {text}").lookup("K")
    assert (type(found), found) == (type(value), value)
    assert scope_of(f"K: Final = {text}").lookup("K") == value
    assert scope_of(f"J = K = {text}").lookup("K") == value


def test_constants_made_of_constants():
    scope = scope_of("N = 10\nH = 1.0 / N\nZERO = 0\nPAIR = (H, -N, ZERO)\nM = N\n")
    assert scope.lookup("PAIR") == (0.1, -10, 0)
    assert scope.lookup("M") == 10
    doubling = "".join(f"k{i + 1} = k{i} + k{i}\n" for i in range(40))
    assert scope_of("k0 = 1\n" + doubling).lookup("k40") == 2**40


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("k = open('k')", "assigned by a call"),
        ("k = [1]", "not a number"),
        ("k = {}", "not a number"),
        ("k = 1\nk = 2", "assigned more than once"),
        ("k = 1\nk += 2", "assigned more than once"),
        ("k = 1\ndel k", "more than once"),
        ("k = 1\ndef k(): pass", "more than once"),
        ("def k(): pass\ndef k(): pass", "more than once"),
        ("if a:\n    k = 1", "conditionally"),
        ("try:\n    k = 1\nexcept E:\n    pass", "conditionally"),
        ("try:\n    pass\nexcept E as k:\n    pass", "conditionally"),
        ("with a:\n    k = 1", "conditionally"),
        ("for k in a: pass", "not assigned by a plain"),
        ("while (k := f()): pass", "conditionally"),
        ("k = 1\nprint(k := 2)", "conditionally"),
        ("k = 1\n@d(k := 2)\ndef f(): pass", "conditionally"),
        ("k = 1\ndef f(x=(k := 2)): pass", "conditionally"),
        ("k = 1\nz = [k := i for i in a]", "conditionally"),
        ("k = 1\ndef f():\n    global k\n    k = 2", "conditionally"),
        ("k = 1\nclass A:\n    def f():\n        def g():\n            global k", "conditionally"),
        ("match a:\n    case [k]: pass", "conditionally"),
        ("k, j = 1, 2", "not assigned by a plain"),
        ("import os as k", "it comes from the module os"),
        ("from .a import k", "it comes from the module .a"),
        ("from math import k", "math has no k"),
        ("import numpy.nowhere as k", "numpy.nowhere, which is not read"),
        ("from os import *", "`from os import *` may define it"),
        ("k = 1\nfrom os import *", "a later `import *`"),
        ("if a:\n    from math import *", "may define it"),
        ("class k: pass", "it is a class"),
        ("@d\ndef k(): pass", "what its decorator returns"),
        ("k = a.b", "it is made from"),
        ("import math\nk = math.nothing", "attribute `nothing`"),
        ("k = k", "defined by itself"),
        ("k = j\nj = k", "later in the file"),
        ("k = len\nlen = 3", "later in the file"),
        ("k = 1 / 0", "its arithmetic fails"),
        ("k = 10.0 ** 400", "its arithmetic fails"),
        ("k = 9 ** 9 ** 9 ** 9", "very large integer"),
        ("k = 'a' * 10 ** 9", "more than arithmetic of numbers"),
        ("k = 1 << 2", "more than arithmetic of numbers"),
        ("k = f'{1}'", "not a number"),
        ("k: int", "not defined in the file"),
        ("", "not defined in the file"),
    ],
)
def test_what_only_running_the_file_would_tell(text, words):
    assert words in unresolved(text, "k")


@pytest.mark.parametrize("name", ["__name__", "__file__", "__doc__", "__builtins__", "__spec__"])
def test_names_of_the_module(name):
    assert "running the file" in unresolved("", name)


def test_inner_names_are_not_the_modules():
    text = "def f(x):\n    k = 2\nclass A:\n    k = 3\nz = [k for k in a]\nk = 1\ng = lambda k: k\n"
    assert scope_of(text).lookup("k") == 1


def test_functions_are_sources():
    module = read_module("def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\n", "m.py")
    f, g = module.functions
    assert (f.name, f.function, f.filename, f.tree.lineno) == ("f", None, "m.py", 1)
    assert f.scope.lookup("g") is g
    assert g.scope.lookup("f") is f
    assert source_for(f) is f
    assert isinstance(f.scope, StaticScope)
    h = scope_of("h = lambda x: x * x\nj = h\n")
    assert isinstance(h.lookup("h"), Source)
    assert h.lookup("h").tree.name == "lambda_"
    assert h.lookup("j") is h.lookup("h")
    coroutine = scope_of("async def f(): pass").lookup("f")
    assert isinstance(coroutine.tree, gast.AsyncFunctionDef)


def test_nothing_is_executed(capsys):
    read_module("print('executed')\nraise SystemExit\nimport no_such_module\n", "m.py")
    assert capsys.readouterr().out == ""


def test_future_flags():
    import __future__

    text = "from __future__ import annotations\ndef f(x: undefined): pass\n"
    (f,) = read_module(text, "m.py").functions
    assert f.flags == __future__.annotations.compiler_flag


@pytest.mark.parametrize(
    ("text", "line"),
    [("def f(:\n", 1), ("x = 1\n  y = 2\n", 2), ("(", 1), ("return 1", 1), ("x = '\n", 1)],
)
def test_syntax_errors_have_their_place(text, line):
    with pytest.raises(SourceError, match="not valid Python") as caught:
        read_module(text, "m.py")
    assert (caught.value.filename, caught.value.lineno) == ("m.py", line)


@pytest.mark.parametrize("text", ["\0", "\ud800", "(" * 300, "x" + "+x" * 200_000, "-" * 200_000])
def test_texts_that_are_no_python(text):
    with pytest.raises(SourceError):
        read_module(text, "m.py")


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "# nothing", '"""Doc."""'])
def test_empty_files(text):
    module = read_module(text, "m.py")
    assert (module.functions, module.requests) == ((), ())


def test_reading_the_text_of_a_file(tmp_path):
    path = tmp_path / "m.py"
    path.write_bytes("# coding: latin-1\r\nk = 'é'\r\n".encode("latin-1"))
    assert read_text(str(path)) == "# coding: latin-1\nk = 'é'\n"
    for bad in (tmp_path, tmp_path / "nowhere.py", "\0"):
        with pytest.raises(SourceError, match="cannot be read"):
            read_text(str(bad))


# What the file asks for.

F = "def f(x, a):\n    return x * a\n"


def requests(text):
    return [
        (r.name, r.api, dict(r.options), r.lineno, r.target, r.reason)
        for r in read_module(text, "m.py").requests
    ]


@pytest.mark.parametrize(
    ("imports", "api"),
    [
        ("import srcad", "srcad.grad"),
        ("import srcad as s", "s.grad"),
        ("from srcad import grad", "grad"),
        ("from srcad import grad as d", "d"),
        ("from srcad import *", "grad"),
        ("import srcad.api", "srcad.api.grad"),
        ("from srcad import api", "api.grad"),
        ("from srcad.api import grad", "grad"),
        ("try:\n  from srcad import grad\nexcept ImportError:\n  from srcad.api import grad", ""),
    ],
)
def test_all_ways_to_name_it(imports, api):
    if not api:  # two meanings: not taken for either
        assert requests(f"{imports}\n@grad\n{F}") == []
        return
    line = 2
    for suffix, options in (("", {}), ("()", {}), ("(mode='forward')", {"mode": "forward"})):
        text = f"{imports}\n@{api}{suffix}\n{F}"
        assert requests(text) == [("f", "grad", options, line, "f", None)]
    text = f"{imports}\n{F}df = {api}(f, wrt=('x', 'a'))\n"
    assert requests(text) == [("f", "grad", {"wrt": ("x", "a")}, 4, "df", None)]


def test_what_is_not_srcads_is_left_alone():
    for imports in ("from jax import grad", "import jax as srcad", "def grad(f): pass", ""):
        assert requests(f"{imports}\n@grad\n{F}df = grad(f)\ndg = srcad.grad(f)\n") == []
    assert requests(f"import srcad\n{F}v = srcad.jvp(f, (1.0,), (1.0,))\ng = srcad.grad\n") == []


@pytest.mark.parametrize(
    ("call", "api", "options"),
    [
        ("value_and_grad(f)", "value_and_grad", {}),
        ("grad(fun=f)", "grad", {}),
        ("grad(mode='forward')(f)", "grad", {"mode": "forward"}),
        ("grad(f, wrt=N, ascii=True, dump=None)", "grad", {"wrt": 1, "ascii": True, "dump": None}),
        ("grad(f, wrt=-1)", "grad", {"wrt": -1}),
    ],
)
def test_calls(call, api, options):
    text = f"from srcad import *\nfrom srcad import grad, value_and_grad\nN = 1\n{F}df = {call}\n"
    assert requests(text) == [("f", api, options, 6, "df", None)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("df = grad(f, mode=choose())", "the option `mode` is not a literal"),
        ("df = grad(f, mode=unknown)", "the option `mode` is not a literal"),
        ("df = grad(f, **options)", "not written out"),
        ("df = grad()", "other arguments than one function"),
        ("df = grad(f, 'forward')", "other arguments than one function"),
        ("df = grad(grad(f))", "something else than the name"),
        ("df = grad(nowhere)", "not defined in the file"),
        ("df = grad(len)", "`len` is not a function of this file"),
        ("@grad\n@grad\ndef g(x): return x", "several decorators"),
        ("@grad('forward')\ndef g(x): return x", "given by keyword"),
        ("@grad\ndef g(x): return x\ndg = grad(g)", "what its decorator returns"),
    ],
)
def test_requests_that_need_the_file_to_run(line, words):
    found = read_module(f"from srcad import grad\n{F}{line}\n", "m.py").requests
    assert words in found[-1].reason


def test_lambdas_and_several_requests():
    text = (
        f"from srcad import grad\n@grad\n{F}"
        "dg: object = grad(lambda x: x)\ndh = grad(lambda x: -x)\nh = lambda x: x\ndi = grad(h)\n"
    )
    module = read_module(text, "m.py")
    assert [r.target for r in module.requests] == ["f", "dg", "dh", "di"]
    assert [r.reason for r in module.requests] == [None] * 4
    assert module.requests[0].source is module.functions[0]
    assert module.requests[3].source is module.scope.lookup("h")
    assert [r.target for r in module.requests_for("f")] == ["f"]
