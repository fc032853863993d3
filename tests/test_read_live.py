"""Reading live functions: whatever the file looks like, the right function or a refusal."""

import codecs
import functools
import importlib.util
import linecache
import math
import operator
import os
import py_compile
import subprocess
import sys
import textwrap
import time
import types
import zipfile

import gast
import numpy as np
import pytest

from srcad.errors import SourceError
from srcad.read import LiveScope, Source, Unresolved, read_function, source_for

_count = iter(range(10**6))


@pytest.fixture
def load(tmp_path):
    """Import a text (or bytes) as a module; the module is returned."""

    def load(text, name=None):
        name = name or f"read_me_{next(_count)}"
        path = tmp_path / f"{name}.py"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


def returned(source):
    """The text of the first `return` of a source, cut out by its place."""
    node = next(n for n in gast.walk(source.tree) if isinstance(n, gast.Return))
    line = source.lines[node.lineno - 1].encode()
    return line[node.col_offset : node.end_col_offset].decode()


def refusal(obj):
    with pytest.raises(SourceError) as caught:
        read_function(obj)
    return str(caught.value)


def test_a_plain_function(load):
    module = load("import math\n\n\ndef f(x):\n    return math.sin(x)\n")
    source = read_function(module.f)
    assert isinstance(source, Source)
    assert (source.name, source.tree.name, source.function) == ("f", "f", module.f)
    assert source.filename == module.__file__
    assert (source.tree.lineno, source.lines[3]) == (4, "def f(x):")
    assert returned(source) == "return math.sin(x)"
    assert source.scope.lookup("math") is math


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "string at column 0",
            'def g():\n  def f(x):\n        s = """\n0\n"""\n        return x\n  return f\nf=g()\n',
        ),
        ("tabs", "def g():\n\tdef f(x):\n\t\treturn x\n\treturn f\nf = g()\n"),
        ("CRLF", "k = 1\r\ndef f(x):\r\n    s = '''\r\n'''\r\n    return x\r\n"),
        ("CR", "k = 1\rdef f(x):\r    return x\r"),
        ("form feed", "k = 1\n\x0c\ndef f(x):\n    a = 1\x0c\n    return x\n"),
        ("vertical tab, U+2028", "s = '\x0b\u2028\x1c\x85'\ndef f(x):\n    return x\n"),
        ("BOM", "\ufeffdef f(x):\n    return x\n"),
        ("no newline at the end", "def f(x):\n    return x"),
        ("one line", "def f(x): return x"),
        ("semicolons", "a = 1; b = 2\ndef f(x): a = 1; return x; b = 2"),
        ("continuation", "def \\\n  f(x):\n    return \\\n x\n"),
        ("decorated", "d = lambda *a: lambda f: f\n@d(1,\n   2)\n#\n@d(3)\ndef f(x): return x\n"),
        ("defined twice", "def f(x):\n    return -x\ndef f(x):\n    return x\n"),
        ("branches", "if 1:\n    def f(x):\n        return x\nelse:\n    def f(x): return -x\n"),
        ("in finally", "try:\n    pass\nfinally:\n    def f(x):\n        return x\n"),
        ("method", "class A:\n    @staticmethod\n    def f(x):\n        return x\nf = A.f\n"),
        ("future", "from __future__ import annotations\ndef f(x: undefined):\n    return x\n"),
        ("bad escape", "def f(x):\n    '\\d'\n    return x\n"),
        ("non-ASCII", "é = 1\ndef f(x): 'ẇẇ'; return x\n"),
        ("nested lambda default", "def f(x, g=lambda f: f):\n    return x\n"),
        ("renamed", "def g(x):\n    return x\ng.__name__ = 'h'; g.__qualname__ = 'k.h'\nf = g\n"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
def test_layouts(load, name, text):
    source = read_function(load(text).f)
    node = next(n for n in gast.walk(source.tree) if isinstance(n, gast.Return))
    assert node.value.id == "x"
    assert source.lines[node.value.lineno - 1].encode()[node.value.col_offset :][:1] == b"x"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "shift_jis"])
def test_encodings(load, encoding):
    word = "é" if encoding != "shift_jis" else "表"
    text = f"# -*- coding: {encoding} -*-\ns = '{word}'\ndef f(x):\n    '{word}'; return x\n"
    source = read_function(load(text.encode(encoding)).f)
    assert source.lines[1] == f"s = '{word}'"
    assert returned(source) == "return x"


def test_nested_functions_and_closures(load):
    module = load(
        """
        def outer(k):
            def f(x):
                def inner():
                    return abs(k * x)
                return inner()
            return f
        def empty():
            def f(x):
                return k * x
            if 0:
                k = 1
            return f
        k = "global"
        f, g = outer(3.0), empty()
        """.replace("\n        ", "\n")
    )
    source = read_function(module.f)
    assert source.scope.lookup("k") == 3.0
    assert source.scope.lookup("abs") is abs
    with pytest.raises(Unresolved) as caught:
        read_function(module.g).scope.lookup("k")
    assert caught.value.name == "k"
    assert "no value yet" in caught.value.reason
    with pytest.raises(Unresolved, match="not defined"):
        source.scope.lookup("nowhere")


def test_private_names_are_those_of_the_class(load):
    module = load(
        "_A__k = 2.0\n__k = 3.0\nclass A:\n    def f(x):\n        return __k * x\nf = A.f\n"
    )
    assert module.f(1.0) == 2.0
    assert read_function(module.f).scope.lookup("__k") == 2.0


def test_the_builtins_are_the_functions_own():
    names = {"__builtins__": {"abs": "mine"}}
    scope = LiveScope(types.FunctionType((lambda: 0).__code__, names))
    assert scope.lookup("abs") == "mine"
    with pytest.raises(Unresolved):
        scope.lookup("max")


# Several lambdas on one line.

LAMBDAS = """
pair = [lambda x: x + 1, lambda x: x * 2, lambda x: -x]; same = [lambda x: x, lambda x: x]
nested = lambda a: (lambda x: a * x); inner = nested(2.0)
wide = "ẇẇẇẇ", lambda x: x - 1, lambda x: x - 2
const = [lambda: 1, lambda x: 2.5 * x]
multi = (lambda
    x: (x +
        1), lambda y: y)
default = [lambda x, k=1: x * k, lambda x, k=2: x + k]
short = [lambda x: x and 1, lambda x: x or 1, lambda x: 1 if x else 2]
gen = [f for k in (1, 2) for f in [lambda x: x * k, lambda x: x / k]]
"""


@pytest.mark.parametrize(
    ("pick", "text"),
    [
        (lambda m: m.pair[0], "x + 1"),
        (lambda m: m.pair[1], "x * 2"),
        (lambda m: m.pair[2], "-x"),
        (lambda m: m.same[0], "x"),
        (lambda m: m.same[1], "x"),
        (lambda m: m.inner, "a * x"),
        (lambda m: m.nested, "lambda x: a * x"),
        (lambda m: m.wide[1], "x - 1"),
        (lambda m: m.wide[2], "x - 2"),
        (lambda m: m.const[0], "1"),
        (lambda m: m.const[1], "2.5 * x"),
        (lambda m: m.multi[1], "y"),
        (lambda m: m.default[0], "x * k"),
        (lambda m: m.default[1], "x + k"),
        (lambda m: m.short[0], "x and 1"),
        (lambda m: m.short[1], "x or 1"),
        (lambda m: m.short[2], "1 if x else 2"),
        (lambda m: m.gen[0], "x * k"),
        (lambda m: m.gen[3], "x / k"),
    ],
)
def test_lambdas(load, pick, text):
    module = load(LAMBDAS)
    source = read_function(pick(module))
    assert (source.name, source.tree.name) == ("lambda_", "lambda_")
    assert isinstance(source.tree, gast.FunctionDef)
    assert returned(source) == text


def test_a_lambda_of_several_lines(load):
    source = read_function(load(LAMBDAS).multi[0])
    assert (source.tree.lineno, source.tree.body[0].lineno, source.tree.body[0].end_lineno) == (
        6,
        7,
        8,
    )


def test_lambdas_that_differ_in_defaults_only(load):
    module = load("f = [lambda x, k=1: x * k, lambda x, k=2: x * k]\n")
    assert [read_function(f).tree.args.defaults[0].value for f in module.f] == [1, 2]


def test_constant_lambdas(load):
    # Python 3.12 does not keep the places of constants.
    module = load("f = [lambda: 1, lambda: 2]\n")
    if sys.version_info[:2] == (3, 12):
        assert "cannot be told apart" in refusal(module.f[0])
    else:
        assert [returned(read_function(f)) for f in module.f] == ["1", "2"]


def test_without_columns(tmp_path):
    (tmp_path / "m.py").write_text("f = lambda x: x\ng = [lambda x: x + 1, lambda x: x + 2]\n")
    program = textwrap.dedent("""
        import m
        from srcad.read import read_function
        print(read_function(m.f).name)
        try:
            read_function(m.g[0])
        except SyntaxError as error:
            print(error)
    """)
    done = run(["-X", "no_debug_ranges", "-c", program], tmp_path)
    first, second = done.stdout.splitlines()
    assert first == "lambda_"
    assert "cannot be told apart" in second


def run(arguments, directory, **more):
    path = os.pathsep.join([str(directory), os.getcwd(), *sys.path])
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        **more,
    )


# Edited after it was imported.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x * 2", "x * 3"),
        ("x * 2", "x * 2.0"),
        ("x * 1", "x * True"),
        ("x * 0.0", "x * -0.0"),
        ("x * 2", "x + 2"),
        ("x * k", "x * l"),
        ("max(x, k)", "min(x, k)"),
        ("(lambda: x * 2)()", "(lambda: x * 3)()"),
        ("x in {1, 2}", "x in {1, 2.0}"),
        ("x * (1, 0.0)", "x * (1, -0.0)"),
        ("x * 2", "x * 2) + ("),  # not even Python
    ],
)
def test_edited(load, before, after):
    module = load(f"def f(x, k=1, l=2):\n    return ({before})\n")
    assert returned(read_function(module.f)) == f"return ({before})"
    with open(module.__file__, "w") as stream:
        stream.write(f"def f(x, k=1, l=2):\n    return ({after})\n")
    assert read_error(module.f)


def read_error(function):
    said = refusal(function)
    return "edited after" in said or "not valid Python" in said


@pytest.mark.parametrize(
    "text",
    [
        "\ndef f(x):\n    return x\n",
        "",
        "def g(x):\n    return x\n",
        "def f(y):\n    return y\n",
        "class A:\n    def f(x):\n        return x\n",
        "f = lambda x: x\n",
    ],
)
def test_moved_or_renamed(load, text):
    module = load("def f(x):\n    return x\n")
    with open(module.__file__, "w") as stream:
        stream.write(text)
    assert read_error(module.f)


def test_a_function_that_became_a_method(load):
    # The same code in the same place; but `__k` would mean another name there.
    module = load("if 1:\n    def f(x):\n        return x\n")
    with open(module.__file__, "w") as stream:
        stream.write("class A:\n    def f(x):\n        return x\n")
    assert "edited after" in refusal(module.f)


def test_an_edit_elsewhere_does_no_harm(load):
    module = load("def f(x):\n    return x  # one\n\ndef g(x): return 1\n")
    with open(module.__file__, "w") as stream:
        stream.write("def f(x):\n    return x  # another\n\ndef g(x): return 2\n")
    assert read_function(module.f).lines[1].endswith("another")
    assert "edited after" in refusal(module.g)


def test_a_lambda_that_moved_along_its_line(load):
    module = load("f = [lambda x: x + 1, lambda x: x + 2]\n")
    with open(module.__file__, "w") as stream:
        stream.write("f = [lambda x: x + 2, lambda x: x + 1]\n")
    assert "edited after" in refusal(module.f[0])


def test_deleted(load):
    module = load("def f(x):\n    return x\n")
    os.remove(module.__file__)
    assert "is not there any more" in refusal(module.f)


def test_no_longer_decodable(load):
    module = load("def f(x):\n    return x\n")
    with open(module.__file__, "wb") as stream:
        stream.write(b"def f(x):\n    return x # \xff\n")
    assert "cannot be decoded" in refusal(module.f)
    with open(module.__file__, "wb") as stream:
        stream.write(b"# coding: nonsense\ndef f(x):\n    return x\n")
    assert "cannot be decoded" in refusal(module.f)
    with open(module.__file__, "wb") as stream:
        stream.write(b"def f(x):\n    return x\n\0")
    assert "not valid Python" in refusal(module.f)
    with open(module.__file__, "wb") as stream:
        stream.write(codecs.BOM_UTF16_LE)
    assert refusal(module.f)


def test_only_the_compiled_file(tmp_path):
    path = tmp_path / "only_compiled.py"
    path.write_text("def f(x):\n    return x\n")
    compiled = tmp_path / "only_compiled.pyc"
    py_compile.compile(str(path), cfile=str(compiled))
    path.unlink()
    spec = importlib.util.spec_from_file_location("only_compiled", compiled)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert f"only the compiled file {compiled} is there" in refusal(module.f)


# Where there is no file.


def test_exec_has_no_source():
    names = {}
    exec("def f(x):\n    return x\n", names)
    assert "made by exec or eval" in refusal(names["f"])
    assert "made by exec or eval" in refusal(eval("lambda x: x"))


def test_the_prompt_has_no_source():
    names = {}
    exec(compile("def f(x):\n    return x\n", "<stdin>", "exec"), names)
    assert "typed at the prompt" in refusal(names["f"])


def test_notebooks_and_generated_code():
    for text in ("def f(x):\n    return x\n", "await_ = 1\ndef f(x):\n    return x\nawait g()\n"):
        filename = f"<cell {next(_count)}>"
        linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
        names = {}
        code = compile(text.replace("await g()", ""), filename, "exec")
        exec(code, names)
        assert returned(read_function(names["f"])) == "return x"


def test_the_future_of_an_earlier_cell():
    import __future__

    text, filename = "def f(x: undefined):\n    return x\n", f"<cell {next(_count)}>"
    linecache.cache[filename] = (len(text), None, text.splitlines(True), filename)
    names = {}
    flag = __future__.annotations.compiler_flag
    exec(compile(text, filename, "exec", flag), names)
    assert read_function(names["f"]).flags == flag


def test_a_zip_file(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("zipped_module.py", "k = 1\ndef f(x):\n    return x\n")
    monkeypatch.syspath_prepend(str(tmp_path / "z.zip"))
    module = importlib.import_module("zipped_module")
    assert returned(read_function(module.f)) == "return x"


def test_a_script_after_chdir(tmp_path):
    (tmp_path / "s.py").write_text(
        "import os\nfrom srcad.read import read_function\n"
        "def f(x):\n    return x\n"
        "os.chdir(os.path.dirname(os.path.abspath(os.sep)))\nprint(read_function(f).name)\n"
    )
    assert run(["s.py"], os.getcwd(), cwd=tmp_path).stdout == "f\n"


def test_a_hostile_loader():
    class Loader:
        def get_source(self, name):
            raise ZeroDivisionError

    names = {"__name__": "m", "__loader__": Loader()}
    exec(compile("def f(x): return x", "/nowhere/m.py", "exec"), names)
    assert "is not there any more" in refusal(names["f"])


@pytest.mark.parametrize("filename", ["", "\0", "a\ud800b", "x" * 5000, "<frozen m>", "/", "."])
def test_strange_file_names(filename):
    code = (lambda x: x).__code__.replace(co_filename=filename)
    assert refusal(types.FunctionType(code, {}))


@pytest.mark.parametrize("line", [0, 1, 10**6])
def test_strange_lines(line):
    code = (lambda x: x).__code__.replace(co_firstlineno=line)
    assert "edited after" in refusal(types.FunctionType(code, {}))


def test_code_that_is_no_function(load):
    module = load("def f():\n    class A: pass\n    return [i for i in (j for j in ())]\n")
    codes = [c for c in module.f.__code__.co_consts if isinstance(c, types.CodeType)]
    for code in codes:
        function = types.FunctionType(code, {}, closure=None if not code.co_freevars else ())
        assert refusal(function)


def test_asserts_that_pytest_rewrote():
    def f(x):
        assert x > 0
        return x

    assert "pytest rewrote its assert" in refusal(f)


# What is not a plain function.


class Callable:
    def __call__(self, x):
        return x

    def method(self, x):
        return x

    @classmethod
    def of_class(cls, x):
        return x


class Liar:
    """Raises at everything that one may ask of it."""

    __class__ = property(operator.truth)

    def __getattribute__(self, name):
        raise RuntimeError(name)

    __repr__ = __str__ = __eq__ = __hash__ = __bool__ = __len__ = None


class Meta(type):
    @property
    def __name__(cls):
        raise RuntimeError

    def __instancecheck__(cls, instance):
        raise RuntimeError


class Strange(metaclass=Meta):
    pass


@pytest.mark.parametrize(
    ("obj", "words"),
    [
        (math.sin, "written in C"),
        (str.upper, "written in C"),
        ([].append, "written in C"),
        ((1).__add__, "C"),
        (np.sin, "ufunc object is not a plain Python function"),
        (np.sum, ""),
        (int, "a class cannot"),
        (Callable, "a class cannot"),
        (Callable(), "a Callable object is not a plain Python function"),
        (Callable().method, "a bound method"),
        (Callable.of_class, "a bound method"),
        (functools.partial(max, 1), "a functools.partial"),
        (functools.lru_cache(lambda x: x), "not a plain Python function"),
        (staticmethod(lambda x: x), "a staticmethod object"),
        (classmethod(lambda x: x), "a classmethod object"),
        (3, "an int is not a function"),
        (None, "a NoneType is not a function"),
        ("f", "a str is not a function"),
        ((i for i in ()), "result of a call"),
        (Liar(), "a Liar is not a function"),
        (Liar, "a class cannot"),
        (Strange(), "a Strange is not a function"),
        (Strange, "a class cannot"),
        (math, "a module is not a function"),
    ],
    ids=lambda value: value if type(value) is str else "object",
)
def test_not_a_plain_function(obj, words):
    if words:
        assert words in refusal(obj)
        assert "\n" not in refusal(obj)
        with pytest.raises(SourceError):
            source_for(obj)
    else:  # a plain function or not, as NumPy is built
        refusal(obj)


def test_nothing_is_unwrapped(load):
    module = load(
        "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def wrapper(x):\n"
        "        return f(f(x))\n    return wrapper\n@twice\ndef f(x):\n    return x\n"
    )
    source = read_function(module.f)
    assert (source.name, returned(source)) == ("wrapper", "return f(f(x))")
    assert source.scope.lookup("f") is module.f.__wrapped__


def test_generators_and_coroutines_are_read(load):
    module = load("async def f(x):\n    return x\ndef g(x):\n    yield x\n")
    assert isinstance(read_function(module.f).tree, gast.AsyncFunctionDef)
    assert read_function(module.g).name == "g"


# Caching.


def test_source_for_is_the_same_while_it_is_kept(load):
    module = load("def f(x):\n    return x\n")
    source = source_for(module.f)
    assert source_for(module.f) is source
    assert source_for(source) is source
    assert read_function(module.f) is not source
    os.remove(module.__file__)
    assert source_for(module.f) is source


def test_source_for_sees_new_code(load):
    module = load("def f(x):\n    return x\ndef g(x):\n    return -x\n")
    source = source_for(module.f)
    module.f.__code__ = module.g.__code__
    assert source_for(module.f) is not source
    assert returned(source_for(module.f)) == "return -x"


def test_functions_are_not_kept_alive(load):
    import gc
    import weakref

    module = load("def g():\n    def f(x):\n        return x\n    return f\n")
    function = module.g()
    source_for(function)
    source = source_for(function)
    gone = weakref.ref(function)
    del function, source
    gc.collect()
    assert gone() is None


# Large and deep.


def test_five_thousand_statements(load):
    body = "".join(f"    x = x * {i}.0 + a\n" for i in range(5000))
    module = load(f"def f(x, a):\n{body}    return x\n")
    start = time.perf_counter()
    source = read_function(module.f)
    assert len(source.tree.body) == 5001
    assert time.perf_counter() - start < 3.0  # 0.3 on an idle machine


def deepest(text, counts):
    """The text of the greatest count that this Python itself can compile here."""
    for count in counts:
        try:
            compile(text(count), "m", "exec")
        except (RecursionError, MemoryError):
            continue
        return text(count), count
    raise AssertionError


def test_a_sum_as_long_as_python_takes(load):
    text, count = deepest(
        lambda n: "def f(x):\n    return " + " + ".join(["x"] * n) + "\n",
        (3000, 2500, 2000),
    )
    source = read_function(load(text).f)
    assert sum(isinstance(n, gast.BinOp) for n in gast.walk(source.tree)) == count - 1


def test_elif_chains(load):
    text, count = deepest(
        lambda n: (
            "def f(x):\n    if x == 0: y = 0\n"
            + "".join(f"    elif x == {i}: y = {i}\n" for i in range(n))
            + "    return y\n"
        ),
        (2000, 1500, 500),
    )
    assert count >= 500
    source = read_function(load(text).f)
    assert sum(isinstance(n, gast.If) for n in gast.walk(source.tree)) == count + 1


def test_too_deep_for_python_itself(load):
    module = load("def f(x):\n    return x\n")
    with open(module.__file__, "w") as stream:
        stream.write("def f(x):\n    return " + " + ".join(["x"] * 200_000) + "\n")
    assert "too long for Python's own parser" in refusal(module.f)


def test_a_large_file_is_parsed_once(load):
    module = load("".join(f"def f{i}(x):\n    return x + {i}\n" for i in range(2000)))
    read_function(module.f0)
    start = time.perf_counter()
    for i in range(0, 2000, 20):
        assert read_function(getattr(module, f"f{i}")).name == f"f{i}"
    assert time.perf_counter() - start < 2.0
