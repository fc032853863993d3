# ruff: noqa: E501  (each layout is the text of a file, on a line of its own)
"""Functions as they may stand in files, cells, archives: differentiated end to end, in both modes.

What :mod:`srcad.read` finds is tested in ``test_read_live.py``; here, that all passes take it.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import itertools
import linecache
import math
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import srcad
from tests.agreement import MODES

H = 1e-4
_count = itertools.count()


def slope(f: Callable[[float], float], x: float) -> float:
    """A central difference, of the sixth order."""
    one, two, three = (f(x + n * H) - f(x - n * H) for n in (1, 2, 3))
    return (45 * one - 9 * two + three) / (60 * H)


def check(f: Any, x: float = 0.7, *args: Any) -> None:
    """The derivative, with and without optimisation, in both modes, against differences."""
    want = slope(lambda t: f(t, *args), x)
    for mode, optimize in itertools.product(MODES, (True, False)):
        got = srcad.grad(f, mode=mode, optimize=optimize)(x, *args)
        assert got == pytest.approx(want, rel=1e-9), (mode, optimize)


def loaded(path: Path, text: str | bytes) -> ModuleType:
    """A text, imported as a module."""
    name = f"source_{next(_count)}"
    file = path / f"{name}.py"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LAYOUTS: dict[str, str | bytes] = {
    "tabs": "def f(x):\n\tif x > 0:\n\t\ty = x*x\n\telse:\n\t\ty = x\n\treturn y*x\n",
    "tabs and spaces": "def f(x):\n  if x > 0:\n  \ty = x*x\n  else:\n        y = x\n  return y*x\n",
    "CRLF": "import math\r\ndef f(x):\r\n    y = math.sin(x) \\\r\n        * x\r\n    return y*x\r\n",
    "CR": "def f(x):\r    y = x*x\r    return y*x\r",
    "mixed line ends": "def f(x):\r\n    y = x*x\n    z = y*x\r    return y*z\r\n",
    "form feeds": "\x0c\ndef f(x):\n\x0c    y = x*x\n    \x0c\n    return y*x\x0c\n\x0c",
    "no newline at the end": "def f(x):\n    return x*x*x",
    "BOM": "\ufeffdef f(x):\n    é = x*x\n    return é*x\n",
    "BOM and cookie": "\ufeff# coding: utf-8\ndef f(x):\n    é = x*x\n    return é*x\n",
    "latin-1": "# -*- coding: latin-1 -*-\ndef f(x):\n    é = x*x\n    return é*x\n".encode("latin-1"),
    "latin-1 in the second line": "#!python\n# vim: set fileencoding=iso-8859-15 :\n"
    "def f(é):\n    'ü'; y = é*é\n    return y*é\n".encode("iso-8859-15"),
    "shift-jis": "# coding: shift_jis\ndef f(x):\n    表 = x*x; return 表*x\n".encode("shift_jis"),
    "future annotations": "from __future__ import annotations\n"
    "def f(x: Nowhere[float], *, y: 'also nowhere' = 2.0) -> Missing:\n"
    "    z: Undefined = x*x\n    w: list[Undefined]\n    return z*y\n",
    "annotations that are code": "def f(x: print('') or float, y: (lambda q: q) = 2.0) -> [1][0]:\n"
    "    return x*x*y\n",
    "one line": "def f(x): y = x*x; return y*x",
    "semicolons": "def f(x): y = x*x; z = y*x;\nk = 2; f = lambda x: x*x*k; n = 1\n",
    "continued lines": "def f(\n    x\n    ,\n):\n    y = (x\n      *x\n    )\n    return y \\\n  * x\n",
    "comments everywhere": "def f(x): # a\n    # b\n    y = x*x # c: '''\n# d\n    return y*( # e\n x)\n",
    "docstring with quotes": "def f(x):\n    '''It's \"quoted\" \\\\ and \\'''so\\''' on.\"\"\"'''\n"
    "    return x*x*x\n",
    "raw docstring": "def f(x):\n    r\"\"\"\\d \\\" ''' \\\" \"\"\"\n    return x*x*x\n",
    "docstring at column 0": 'def f(x):\n    """one\ntwo\n  three"""\n    return x*x*x\n',
    "docstring that looks like code": 'def f(x):\n    """\ndef f(x):\n    return -x\n"""\n    return x*x\n',
    "strings at column 0": "def g():\n  def f(x):\n        s = '''\n0\n'''\n        return x*x\n  return f\nf=g()\n",
    "an f-string of many lines": "def f(x):\n    assert x, f'''{x!r:>{10}}\n{'}'}'''\n    return x*x\n",
    "defined twice": "def f(x):\n    return -x\ndef f(x):\n    return x*x\n",
    "the first of two": "def f(x):\n    return x*x\ng = f\ndef f(x):\n    return -x\nf = g\n",
    "in a branch": "import sys\nif sys:\n    def f(x): return x*x\nelse:\n    def f(x): return -x\n",
    "in an except": "try:\n    import nowhere\nexcept ImportError:\n    def f(x): return x*x\n",
    "in a loop": "fs = []\nfor k in (2, 3):\n    def f(x, k=k): return x**k\n    fs.append(f)\nf = fs[0]\n",
    "in a with": "import contextlib\nwith contextlib.nullcontext():\n    def f(x): return x*x\n",
    "in a match": "match 1:\n    case 1:\n        def f(x): return x*x\n    case _:\n        f = None\n",
    "an overload": "import typing\n@typing.overload\ndef f(x: int) -> int: ...\n@typing.overload\n"
    "def f(x: float) -> float: ...\ndef f(x):\n    return x*x\n",
    "renamed": "def g(x):\n    return x*x\ng.__name__ = 'h-2'; g.__qualname__ = '<x>'; f = g\ndel g\n",
    "a name that is a word of srcad": "def grad(x):\n    return x*x\nf = grad\n",
    "a name that is not to be printed": "f = (lambda x: x*x)\nf.__name__ = '<lambda>\\n'\n",
    "several lambdas": "g, f, h = lambda x: -x, lambda x: x*x, lambda x: x\n",
    "lambdas that differ in a constant": "g, f, h = lambda x: x*2, lambda x: x*3, lambda x: x*4\n",
    "lambdas in a dict": "f = {'a': lambda x: x*x, 'b': lambda x: -x}['a']; g = lambda x: x\n",
    "a lambda of many lines": "f = (lambda\n   x: (x\n  *x)\n ), 1\nf = f[0]\n",
    "a lambda in a lambda": "f = (lambda k: lambda x: x*x*k)(3.0)\n",
    "a lambda as a default": "def g(x, h=lambda y: y*y): return h\nf = g(0)\n",
    "a lambda in a decorator": "def d(g): return lambda f: g\n@d(lambda x: x*x)\ndef f(x): return -x\n",
    "a lambda in a comprehension": "f = [lambda x, k=k: x**k for k in (2, 3)][1]\n",
    "a lambda in an f-string": "f = eval(f'{(lambda x: 1)(2)}') and (lambda x: x*x)\n",
    "a conditional lambda": "f = (lambda x: x*x) if 1 else (lambda x: -x)\n",
    "a method": "class A:\n    def f(x):\n        return x*x\nf = A.f\n",
    "a static method": "class A:\n    @staticmethod\n    def f(x): return x*x\nf = A.f\n",
    "private names": "_A__k = 3.0\n__k = 2.0\nclass A:\n    def f(x):\n        __y = x*__k\n        return __y*x\nf = A.f\n",
    "private parameters": "class _A:\n    def f(__x, __y=2.0):\n        return __x*__x*__y\nf = _A.f\n",
    "a private function": "class A:\n    @staticmethod\n    def __g(x): return x*x\n    f = __g\nf = A.f\n",
    "a class around": "class A:\n    class B:\n        k = 2.0\n        @staticmethod\n        def f(x): return A.B.k*x*x\nf = A.B.f\n",
    "k of the class is not k": "k = 3.0\nclass A:\n    k = 2.0\n    def f(x): return x*x*k\nf = A.f\n",
    "names that are one": "def f(ﬁ):\n    K = fi*fi\n    µ = K*ﬁ\n    return μ*K\n",
    "words that are soft": "def f(match, type=2.0, case=1.0):\n    _ = match*type\n    return _*match*case\n",
    "marked names": "def f(x, x̄=2.0, ẋ=3.0, x_bar=4.0, x_dot=5.0, w1=6.0, x̄2=7.0):\n"
    "    w̄1 = x*x̄*ẋ\n    w̄3 = w̄1*x_bar*x_dot\n    tape = w̄3*w1\n    return tape*x̄2*x\n",
    "a name of the module": "def f(x, f=2.0):\n    source = x*f\n    return source*x\n",
    "deleted names": "def f(x):\n    y = x*x\n    z = y*x\n    del y\n    return z*z\n",
    "deleted globals": "k = 2.0\ndef f(x, k=k):\n    return x*x*k\ndel k\n",
    "builtins as variables": "def f(x):\n    sum = x*x\n    len = sum*x\n    range = len+sum\n    return range\n",
    "builtins as parameters": "def f(abs, max=2.0, float=3.0):\n    return abs*abs*max*float\n",
    "builtins as globals": "max = 2.0\ndef sum(x): return x*x\ndef f(x): return max*sum(x)\n",
    "modules by other names": "from numpy import sin as s, cos as np\nimport math as numpy\n"
    "def f(x): return s(x)*np(x)*numpy.exp(x)\n",
    "modules of modules": "import numpy.linalg as la, numpy as xp\ndef f(x): return la.norm(xp.array([x, x*x]))\n",
    "all of numpy": "from numpy import *\ndef f(x): return abs(x)*sin(x)*max(array([x, 2*x]))\n",
    "math after numpy": "from numpy import *\nfrom math import *\ndef f(x): return sin(x)*pow(x, 2)\n",
    "a closure before a global": "k = 9.0\ndef g(k):\n    def f(x): return x*x*k\n    return f\nf = g(2.0)\n",
    "a star in the parameters": "def f(x, /, y=2.0, *, z=3.0): return x*x*y*z\n",
    "sixty parameters": "def f(x, " + ", ".join(f"p{n}={n}.0" for n in range(60)) + "):\n    return x*x*p59+p7\n",
    "a global that is declared": "k = 2.0\ndef f(x):\n    global k\n    return x*x*k\n",
    "an unused nonlocal": "def g():\n    k = 2.0\n    def f(x):\n        nonlocal k\n        return x*x*k\n    return f\nf = g()\n",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_layout(layout: str, tmp_path: Path) -> None:
    check(loaded(tmp_path, LAYOUTS[layout]).f)


# Where there is no file.

CELL = "import math\nk = {k}\ndef g(x):\n    return math.sin(x)*k\ndef f(x):\n    return g(x)*x\n"


def run_cell(text: str, names: dict[str, Any], filename: str = "") -> dict[str, Any]:
    """Run a text as notebooks do: its lines are known to ``linecache`` under a made-up name."""
    filename = filename or f"/tmp/ipykernel_12/{next(_count)}.py"
    lines = text.splitlines(keepends=True)
    linecache.cache[filename] = (len(text), None, lines, filename)
    exec(compile(text, filename, "exec"), names)
    return names


@pytest.mark.parametrize("name", ["", "<ipython-input-3-0123456789ab>", "<string>", "<stdin>"])
def test_cells(name: str) -> None:
    names = run_cell(CELL.format(k=2.0), {}, name)
    check(names["f"])


def test_a_cell_that_is_run_again() -> None:
    """Each run has a name of its own; what the earlier one defined stays what it was."""
    names = run_cell(CELL.format(k=2.0), {})
    derivative = srcad.grad(names["f"])
    derivative(0.7)
    first = names["f"]
    run_cell(CELL.format(k=3.0).replace("sin", "cos"), names)
    check(names["f"])
    check(first)
    assert derivative(0.7) == pytest.approx(slope(first, 0.7), rel=1e-9)


def test_a_cell_under_the_name_of_another() -> None:
    """The same name for another text: the function of the first is not that of the second."""
    name = "<cell of one name>"
    first = run_cell("def f(x):\n    return x*x\n", {}, name)["f"]
    second = run_cell("def f(x):\n    return x*x*x\n", {}, name)["f"]
    check(second)
    with pytest.raises(srcad.SrcadError, match="edited after"):
        srcad.grad(first)(0.7)


def test_a_cell_that_is_forgotten() -> None:
    name = f"<cell {next(_count)}>"
    f = run_cell("def f(x):\n    return x*x\n", {}, name)["f"]
    known = srcad.grad(f)
    known(0.7)
    del linecache.cache[name]
    assert known(0.7) == 1.4
    g = run_cell("def g(x):\n    return x*x\n", {}, f"<cell {next(_count)}>")["g"]
    linecache.clearcache()
    with pytest.raises(srcad.SrcadError):
        srcad.grad(g)(0.7)


def test_a_magic_in_a_cell() -> None:
    """What IPython compiles is the text without magics, and that is what it registers."""
    text = "get_ipython = lambda: None\nget_ipython()\ndef f(x):\n    return x*x\n"
    check(run_cell(text, {})["f"])


def test_an_import_in_the_same_cell() -> None:
    """A notebook compiles statement by statement: calls of `math.sin` are another code then."""
    text = (
        "import math\n"
        "def f(x):\n    return math.sin(x)*x\n"
        "g, h = (lambda x: math.exp(x)), (lambda x: math.cos(x)*2)\n"
        "class A:\n    def k(self, x):\n        return math.sin(x)*math.exp(x)\n"
    )
    filename = f"<ipython-input-{next(_count)}-0123456789ab>"
    linecache.cache[filename] = len(text), None, text.splitlines(True), filename
    names: dict[str, Any] = {"__name__": "__main__"}
    whole = compile(text, filename, "exec")
    for stmt in ast.parse(text).body:
        exec(compile(ast.Module([stmt], []), filename, "exec"), names)
    inside = [code for code in whole.co_consts if getattr(code, "co_name", "") == "f"]
    assert inside[0].co_code != names["f"].__code__.co_code  # else this would test nothing
    for f in (names["f"], names["g"], names["h"]):
        check(f)
    slope = srcad.grad(lambda a, x: a.k(x), wrt=1)(names["A"](), 0.7)
    assert slope == pytest.approx(math.exp(0.7) * (math.sin(0.7) + math.cos(0.7)), rel=1e-14)


def test_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = f"zipped_{next(_count)}"
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr(f"{package}/__init__.py", "")
        archive.writestr(f"{package}/a.py", "import math\ndef g(x):\n    return math.sin(x)\n")
        archive.writestr(
            f"{package}/b.py", "from .a import g\ndef f(x):\n    return g(x)*x\nh = lambda x: x*x\n"
        )
    monkeypatch.syspath_prepend(str(tmp_path / "z.zip"))
    module = importlib.import_module(f"{package}.b")
    check(module.f)
    check(module.h)


@pytest.mark.parametrize("mode", MODES)
def test_without_source(mode: str) -> None:
    names: dict[str, Any] = {}
    exec("def g(x):\n    return x*x\n", names)
    with pytest.raises(srcad.SrcadError, match="made by exec or eval"):
        srcad.grad(names["g"], mode=mode)(0.7)
    run_cell("def f(x):\n    return g(x)*x\n", names)
    with pytest.raises(srcad.SrcadError, match="made by exec or eval"):
        srcad.grad(names["f"], mode=mode)(0.7)


def test_without_source_in_a_timed_cell() -> None:
    names: dict[str, Any] = {}
    exec(compile("def g(x):\n    return x*x\n", "<timed exec>", "exec"), names)
    with pytest.raises(srcad.SrcadError, match="in a cell of `%%time`"):
        srcad.grad(names["g"])(0.7)


@pytest.mark.parametrize("mode", MODES)
def test_edited(mode: str, tmp_path: Path) -> None:
    """The file of the function, or of one that it calls, is not what was imported any more."""
    module = loaded(tmp_path, "def g(x):\n    return x*x\ndef f(x):\n    return g(x)*x\n")
    known = srcad.grad(module.f, mode=mode)
    known(0.7)
    file = Path(str(module.__file__))
    file.write_text("def g(x):\n    return x*3\ndef f(x):\n    return g(x)*x\n")
    assert known(0.7) == pytest.approx(3 * 0.7**2, rel=1e-14)
    fresh = loaded(tmp_path, "def g(x):\n    return x*x\ndef f(x):\n    return g(x)*x\n")
    file = Path(str(fresh.__file__))
    file.write_text("def g(x):\n    return x*3\ndef f(x):\n    return g(x)*x\n")
    with pytest.raises(srcad.SrcadError, match="edited after"):
        srcad.grad(fresh.f, mode=mode)(0.7)


def test_a_script_from_a_pipe() -> None:
    text = "import srcad\ndef f(x):\n    return x*x\ntry:\n    print(srcad.grad(f)(0.7))\n" \
        "except srcad.SrcadError as error:\n    print('refused', error)\n"  # fmt: skip
    done = subprocess.run(
        [sys.executable], input=text, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": ":".join(["", *sys.path])},
    )  # fmt: skip
    if sys.version_info < (3, 13):
        assert done.stdout.startswith("refused")
    else:
        assert done.stdout == "1.4\n" or done.stdout.startswith("refused")


# Deep and long.


def nested(depth: int) -> str:
    """As many loops in one another, of one or two trips each."""
    lines = ["def f(x, n=2):"]
    for level in range(depth):
        lines.append("    " + " " * level + f"for i{level} in range({2 if level % 6 == 0 else 1}):")
    lines.append("    " + " " * depth + "x = x*0.9 + x*x*(0.1 + i0*0.05)")
    return "\n".join([*lines, "    return x", ""])


def nested_while(depth: int) -> str:
    lines = ["def f(x):"]
    for level in range(depth):
        lines.append("    " + " " * level + f"k{level} = 0")
        lines.append("    " + " " * level + f"while k{level} < {2 if level % 6 == 0 else 1}:")
        lines.append("    " + " " * level + f" k{level} += 1")
    lines.append("    " + " " * depth + "x = x*0.9 + x*x*(0.1 + k0*0.05)")
    return "\n".join([*lines, "    return x", ""])


@pytest.mark.parametrize("optimize", [True, False])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("depth", [19, 20])
@pytest.mark.parametrize("make", [nested, nested_while])
def test_loops_as_deep_as_python_takes(
    make: Callable[[int], str], depth: int, mode: str, optimize: bool, tmp_path: Path
) -> None:
    """CPython takes 20 blocks in one another: no sweep must need more than the function."""
    f = loaded(tmp_path, make(depth)).f
    got = srcad.grad(f, mode=mode, optimize=optimize)(0.3)
    assert got == pytest.approx(slope(f, 0.3), rel=1e-8)


@pytest.mark.parametrize("mode", MODES)
def test_five_thousand_lines(mode: str, tmp_path: Path) -> None:
    """Five thousand statements are in ``tests/benchmarks``: they take seconds."""
    body = "".join(
        f"    y = (\n        y * 1.0001\n        + x * {n % 7}.0\n    )\n" for n in range(1250)
    )
    f = loaded(tmp_path, f"def f(x):\n    y = x\n{body}    return y\n").f
    want = 1.0
    for n in range(1250):
        want = want * 1.0001 + n % 7
    assert srcad.grad(f, mode=mode)(0.7) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("mode", MODES)
def test_a_function_as_a_default(mode: str, tmp_path: Path) -> None:
    text = "def g(x, h=lambda y: y*y):\n    return h(x)*x\ndef f(x):\n    return g(x)\n"
    module = loaded(tmp_path, text)
    with pytest.raises(srcad.SrcadError, match="argument h is a function"):
        srcad.grad(module.g, mode=mode)(0.7)
    assert srcad.grad(module.f, mode=mode)(0.7) == pytest.approx(3 * 0.7**2, rel=1e-14)


@pytest.mark.parametrize("mode", MODES)
def test_private_parameters_by_name(mode: str, tmp_path: Path) -> None:
    text = "class A:\n    def f(__x, *, __y=2.0): return __x*__x*__y\n"
    f = loaded(tmp_path, text).A.f
    assert srcad.grad(f, mode=mode)(_A__x=3.0) == 12.0
    assert srcad.grad(f, mode=mode, wrt="_A__y")(3.0, _A__y=5.0) == 9.0


def test_arrays_in_a_cell() -> None:
    names = run_cell(
        "import numpy as np\ndef f(x):\n    x[0] *= x[1]\n    return np.sum(x*x)\n", {}
    )
    x = np.array([0.5, 1.5])
    got = srcad.grad(names["f"])(x.copy())
    assert got == pytest.approx([2 * 0.5 * 1.5**2, 2 * 0.5**2 * 1.5 + 3.0], rel=1e-12)


def _cube(x: float) -> float:
    return x * x * x


_slope = srcad.grad(_cube)


def _with_a_slope(x: float) -> float:
    return x * _slope(x)


@pytest.mark.parametrize("mode", MODES)
def test_an_emptied_linecache_takes_no_derivative_away(mode: str) -> None:
    _slope(0.7)
    linecache.clearcache()
    assert srcad.grad(_with_a_slope, mode=mode)(0.7) == pytest.approx(9 * 0.7**2, rel=1e-14)
    assert srcad.grad(_slope, mode=mode)(0.7) == pytest.approx(6 * 0.7, rel=1e-14)
