"""The command line: what it prints where, its exit statuses, and that it runs nothing."""

import ast
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from srcad.show import main

ROOT = Path(__file__).resolve().parent.parent

SIGMOID = """\
import math


def sigmoid(x, a):
    w3 = -x * a
    w4 = 1 + math.exp(w3)
    w5 = 1 / w4
    return w5
"""

DECORATED = """\
import srcad


@srcad.grad(mode="forward", wrt=("x", "a"))
def f(x, a):
    return x * a


def g(x):
    return x * x


dg = srcad.value_and_grad(g)
"""


@pytest.fixture
def show(tmp_path, capsys, monkeypatch):
    """Show a file of the given text; the status and what went to stdout and to stderr."""

    def run(text, *options):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "f.py").write_text(text, encoding="utf-8")
        status = main(["f.py", *options])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def shell(*arguments, folder, stdin=None, env=None):
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "srcad.show", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(env or {})},
        timeout=60,
    )


def one_sentence(err):
    """Whether stderr holds a message of one line, and no traceback."""
    return "Traceback" not in err and len(err.strip().splitlines()) == 1


# -- what is printed ------------------------------------------------------------------------------


def test_a_file_without_requests_shows_all_its_functions(show):
    status, out, err = show("def f(x):\n    return x * x\n\n\ndef g(y, n=2):\n    return y * n\n")
    assert (status, err) == (0, "")
    assert "# f.py:1 f(x): reverse mode, with respect to x\ndef f_grad(x):\n" in out
    assert "\n\n\n# f.py:5 g(y, n): reverse mode, with respect to y\n" in out


def test_a_file_with_requests_shows_these_with_their_options(show):
    status, out, err = show(DECORATED)
    assert (status, err) == (0, "")
    headers = [line for line in out.splitlines() if line.startswith("# f.py")]
    assert headers == [
        "# f.py:5 f(x, a): forward mode, with respect to x, a",
        "# f.py:9 g(x): reverse mode, with respect to x",
    ]
    assert "def f_jvp(x, a, ẋ, ȧ):" in out
    assert "def f_grad(x, a):" in out
    assert "return w1, x̄" in out


def test_what_is_printed_runs_and_is_the_derivative(show):
    _, out, _ = show(SIGMOID)
    namespace = {"math": __import__("math")}
    exec(out, namespace)
    y = 1 / (1 + namespace["math"].exp(-0.6))
    expected = (2.0 * y * (1 - y), 0.3 * y * (1 - y))
    assert namespace["sigmoid_grad"](0.3, 2.0) == pytest.approx(expected, rel=1e-14)


def test_the_options_of_the_command_line_win(show):
    status, out, err = show(DECORATED, "--function", "f", "--mode", "reverse", "--wrt", "1")
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == "# f.py:5 f(x, a): reverse mode, with respect to a"
    assert "def g_grad" not in out


def test_a_function_is_found_by_the_name_of_its_derivative(show):
    _, out, _ = show(DECORATED, "--function", "dg")
    assert "def g_grad" in out
    assert "def f_" not in out


def test_both_modes(show):
    _, out, _ = show(SIGMOID, "--mode", "both")
    assert out.index("def sigmoid_jvp(x, a, ẋ, ȧ):") < out.index("def sigmoid_grad(x, a):")


def test_ascii(show):
    status, out, _ = show(SIGMOID, "--mode", "both", "--ascii")
    assert status == 0
    assert out.isascii()
    assert "x_dot" in out
    assert "a_bar" in out


def test_stages(show):
    _, out, _ = show(SIGMOID, "--stages")
    stages = [line[9:] for line in out.splitlines() if line.startswith("# stage: ")]
    assert stages == ["read", "lower", "differentiate", "simplify", "emit"]


def test_each_stage_is_python(show):
    text = """
def f(x, n):
    s = 0.0
    for i in range(n):
        if i == 1:
            continue
        while s > 3.0:
            break
        s += x**i
    return s
"""
    for options in ((), ("--names", "w")):
        status, out, _ = show(text, "--stages", "--mode", "both", *options)
        assert status == 0
        ast.parse("def stages():\n" + "\n".join(f"    {line}" for line in out.splitlines()))


def test_a_result_that_is_no_number_has_a_vjp(show):
    status, out, err = show("def f(x):\n    return x * x, x\n")
    assert (status, err) == (0, "")
    assert "def f_vjp(x, " in out


def test_a_recursion_with_the_adjoint_of_its_result(show):
    text = "def f(x, n):\n    if n == 0:\n        return 1.0, x\n    a, b = f(x, n - 1)\n"
    _, out, _ = show(text + "    return x * a, b\n")
    namespace = {}
    exec(out, namespace)
    # The value (x³, x), and ⟨ȳ, J⟩ for ȳ = (10, 7).
    assert namespace["f_vjp"](2.0, 3, 10.0, 7.0) == ((8.0, 2.0), (127.0,))
    text = "def f(x, n):\n    if n == 0:\n        return 1.0\n    return x * f(x, n - 1)\n"
    _, out, _ = show(text, "--names", "w")
    exec(out, namespace)
    assert namespace["f_vjp"](2.0, 3, 10.0) == (8.0, (120.0,))


def test_a_module_that_is_not_read_is_said_once(show):
    status, out, err = show("import tools\ndef f(x):\n    return tools.g(x)\n")
    assert (status, out) == (1, "")
    assert err.count("cannot differentiate") == 1
    assert "`tools`: it comes from the module tools, which is not read" in err
    assert "with --run the file is imported" in err


def test_a_syntax_error_that_python_does_not_explain(show):
    status, out, err = show("def f(x):\n    return x *\n")
    assert (status, out) == (2, "")
    assert "2:15: invalid syntax: Python cannot read this\n" in err


def test_into_a_file(show, tmp_path):
    status, out, err = show(SIGMOID, "-o", "made.py")
    assert (status, out, err) == (0, "", "")
    assert "def sigmoid_grad(x, a):" in (tmp_path / "made.py").read_text(encoding="utf-8")


def test_standard_input(capsys, monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(b"def f(x):\n    return x * x\n"))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert main(["-"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("# <stdin>:1 f(x): reverse mode, with respect to x\ndef f_grad(x):\n")
    assert err == ""


def test_exercise_1_of_the_notes(show):
    _, out, _ = show(SIGMOID, "--names", "w", "--mode", "both")
    assert (
        out
        == """\
# f.py:4 sigmoid(x, a): forward mode, with respect to x, a
def sigmoid_jvp(x, a, ẋ, ȧ):
    w1, w2 = x, a
    ẇ1, ẇ2 = ẋ, ȧ
    w3 = -w1 * w2
    ẇ3 = -(ẇ1 * w2 + w1 * ẇ2)
    w4 = 1 + math.exp(w3)
    ẇ4 = ẇ3 * math.exp(w3)
    w5 = 1 / w4
    ẇ5 = -ẇ4 / w4 ** 2
    return w5, ẇ5


# f.py:4 sigmoid(x, a): reverse mode, with respect to x, a
def sigmoid_vjp(x, a, w̄5):
    # forward sweep
    w1, w2 = x, a
    w3 = -w1 * w2
    w4 = 1 + math.exp(w3)
    w5 = 1 / w4
    # reverse sweep
    # w5 = 1 / w4
    w̄4 = -w̄5 / w4 ** 2
    # w4 = 1 + math.exp(w3)
    w̄3 = w̄4 * math.exp(w3)
    # w3 = -x * a
    w̄1 = w̄3 * -w2
    w̄2 = w̄3 * -w1
    return w5, (w̄1, w̄2)
"""
    )


def test_the_page_of_the_docs(tmp_path, capsys, monkeypatch):
    page = (ROOT / "docs" / "show.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    (tmp_path / "logistic.py").write_text(program, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    examples = re.findall(r"```console\n\$ python -m srcad.show (.*?)\n(.*?)```", page, re.DOTALL)
    assert len(examples) > 5
    for command, expected in examples:
        assert main(shlex.split(command)) == 0
        assert capsys.readouterr().out == expected


# -- the file is not executed ---------------------------------------------------------------------

CANARY = """\
import srcad
open("canary", "w").close()
K = float("3")


@srcad.grad(wrt=("x",))
def f(x):
    return K * x
"""


def test_the_file_is_not_executed(tmp_path):
    (tmp_path / "f.py").write_text(CANARY)
    done = shell("f.py", folder=tmp_path)
    assert done.returncode == 1
    assert b"`K`: it is assigned by a call" in done.stderr
    assert b"with --run the file is imported, which executes it" in done.stderr
    assert sorted(os.listdir(tmp_path)) == ["f.py"]


def test_with_run_it_is(tmp_path):
    (tmp_path / "f.py").write_text(CANARY)
    done = shell("f.py", "--run", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"def f_grad(x):" in done.stdout
    assert (tmp_path / "canary").exists()


def test_run_from_standard_input(tmp_path):
    done = shell("-", "--run", folder=tmp_path, stdin=CANARY.encode())
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"def f_grad(x):" in done.stdout


def test_what_only_running_shows(show):
    text = DECORATED + "\nddg = srcad.grad(srcad.grad(g))\nmade = {}\n"
    text += "exec('def e(x): return x', made)\ne = made['e']\ne.__module__ = __name__\n"
    status, out, err = show(text, "--run", "--function", "ddg")
    assert (status, err) == (0, "")
    assert "return 2" in out
    status, out, err = show(text, "--run", "--function", "e")
    assert (status, out) == (1, "")
    assert "cannot be found" in err
    headers = {line for line in show(text, "--run")[1].splitlines() if line.startswith("# f.py")}
    static = {line for line in show(text)[1].splitlines() if line.startswith("# f.py")}
    assert headers == static


def test_what_the_file_prints_is_not_source(show):
    status, out, err = show("print('hello')\ndef f(x):\n    return x * x\n", "--run")
    assert (status, err) == (0, "hello\n")
    assert out.startswith("# f.py:2 f(x)")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(x):\n    return x\n1 / 0\n", "f.py cannot be imported: ZeroDivisionError"),
        ("def f(x):\n    return x\nraise SystemExit\n", "f.py ends Python when it is imported"),
    ],
)
def test_a_file_that_fails_when_it_runs(show, text, words):
    status, out, err = show(text, "--run")
    assert (status, out) == (2, "")
    assert words in err
    assert one_sentence(err)


def test_a_table_runs_the_function_and_not_the_file(tmp_path):
    text = 'open("canary", "w").close()\n\n\ndef f(x):\n    return x * x\n'
    (tmp_path / "f.py").write_text(text)
    done = shell("f.py", "--at", "x=3", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert sorted(os.listdir(tmp_path)) == ["f.py"]


def test_a_function_of_a_module_beside_the_file(tmp_path):
    (tmp_path / "beside.py").write_text("def square(x):\n    return x * x\n")
    text = "from beside import square\n\n\ndef f(x):\n    return square(x) * x\n"
    (tmp_path / "f.py").write_text(text)
    done = shell("f.py", folder=tmp_path)
    assert done.returncode == 1
    assert b"with --run the file is imported, which executes it" in done.stderr
    done = shell("f.py", "--run", "--at", "x=2", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.splitlines()[2].split()[-1] == b"12"


# -- refusals: status 1 ---------------------------------------------------------------------------


def test_a_refusal_has_its_place_and_the_others_are_printed(show):
    text = "def f(x):\n    with x:\n        pass\n    return x\n\n\ndef g(x):\n    return x * x\n"
    status, out, err = show(text)
    assert status == 1
    assert "def g_grad(x):" in out
    first, line, caret = err.splitlines()
    assert first.startswith("f.py:2:10: cannot differentiate `with x`: ")
    assert line == "    with x:"
    assert caret.startswith("         ^")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("import srcad\n@srcad.grad(mode='up')\ndef f(x):\n    return x\n", "mode must be"),
        ("import srcad\n@srcad.grad(wrt=3)\ndef f(x):\n    return x\n", "f has 1 parameters"),
        ("import srcad\n@srcad.grad(speed=3)\ndef f(x):\n    return x\n", "no option 'speed'"),
        ("import srcad\n@srcad.grad\ndef f(x):\n    return x, x\n", "returns a tuple"),
        ("import srcad\ndf = srcad.grad(math.sin)\n", "with --run the file is imported"),
        ("import k\n@k.jit\ndef f(x):\n    return x\n", "with --run the file is imported"),
        ("def f():\n    return 1.0\n", "no parameter that is a float"),
        ("def f(n: int):\n    return n\n", "no parameter that is a float"),
    ],
)
def test_refusals_without_a_construct(show, text, words):
    status, out, err = show(text)
    assert (status, out) == (1, "")
    assert err.startswith("f.py:")
    assert words in err
    assert one_sentence(err)


def test_functions_that_may_not_be_defined(show):
    text = """
import srcad
if srcad:
    def f(x): return x * x
else:
    def f(x): return x
try:
    import numpy
except ImportError:
    def g(x): return x
for _ in range(2):
    with open(numpy.__file__):
        def h(x): return x
        class C:
            def m(self, x): return x
def k(x): return 3.0 * x
"""
    status, out, err = show(text)
    assert status == 1
    assert "def k_grad(x)" in out
    assert "f_grad" not in out
    run = "which is not executed; with --run the file is imported, which executes it"
    places = [("f", 4, "if"), ("f", 6, "if"), ("g", 10, "try"), ("h", 13, "for")]
    for (name, line, inside), said in zip(places, err.splitlines(), strict=True):
        assert said.endswith(f":{line}: {name}: it is defined inside `{inside}`, {run}")
    status, out, err = show(text, "--function", "f")
    assert (status, out) == (1, "")
    status, out, err = show(text, "--run")
    assert (status, err) == (0, "")
    assert out.count("_grad(x)") == 3
    assert "x̄ = 2 * x" in out
    asked = "import srcad\nif 1:\n    @srcad.grad\n    def f(x): return x * x\ndef g(x): return x\n"
    status, out, err = show(asked)
    assert (status, out) == (1, "")
    assert f"it is defined inside `if`, {run}" in err


def test_a_defect_is_one_sentence(show, monkeypatch):
    def fails(job, settings):
        raise KeyError("w1")

    monkeypatch.setattr("srcad.show.command.block", fails)
    status, out, err = show(SIGMOID)
    assert (status, out) == (1, "")
    assert "srcad failed (KeyError: 'w1'); this is a defect of srcad: please report it" in err
    assert one_sentence(err)


def test_deep_nesting(show):
    deep = "x" + " + (x" * 150 + ")" * 150
    text = f"def f(x):\n    return {deep}\n\n\ndef g(x):\n    return {'-' * 3000}x\n"
    status, _, err = show(text)
    assert status in (1, 2)
    assert "Traceback" not in err


# -- usage and input: status 2 --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"def f(x:\n", "invalid syntax"),
        (b"\xff\xfe\x00 = 3", "cannot be decoded"),
        (b"# coding: nonsense\n", "cannot be decoded"),
        (b"x = '\0'\n", "not valid Python"),
        (b"", "f.py defines no function"),
        (b"x = 3\n", "f.py defines no function"),
    ],
)
def test_unreadable_input(tmp_path, capsys, monkeypatch, content, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.py").write_bytes(content)
    assert main(["f.py"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.py"], "nowhere.py: No such file or directory"),
        (["."], "Is a directory"),
        (["f.py", "--function", "h"], "f.py has no function 'h': it has sigmoid"),
        (["f.py", "--wrt", "b"], "sigmoid has the parameters x, a"),
        (["f.py", "--wrt", "7"], "sigmoid has 2 parameters"),
        (["f.py", "--wrt", "x,x"], "names an argument twice"),
        (["f.py", "--wrt", "x,"], "names or positions with commas between"),
        (["f.py", "-o", "no/such/dir.py"], "cannot write no/such/dir.py: No such file"),
        (["f.py", "-o", "f.py"], "-o names the file that is read"),
        (["f.py", "--at", "x=1", "--stages"], "--at prints a table"),
        (["f.py", "--format", "dot", "--stages"], "--stages prints source"),
    ],
)
def test_wrong_usage(tmp_path, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.py").write_text(SIGMOID)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert one_sentence(err)
    assert (tmp_path / "f.py").read_text() == SIGMOID


def test_usage_of_argparse(capsys):
    assert main([]) == 2
    assert main(["f.py", "--mode", "sideways"]) == 2
    assert main(["f.py", "--mod", "both"]) == 2
    assert main(["--help"]) == 0
    assert "Exit status" in capsys.readouterr().out


def test_standard_input_that_is_closed(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert main(["-"]) == 2
    assert one_sentence(capsys.readouterr().err)


def test_an_interrupt(capsys, monkeypatch):
    def interrupts(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("srcad.show.command.read_text", interrupts)
    assert main(["f.py"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_a_reader_that_has_enough(tmp_path):
    text = "".join(f"def f{n}(x):\n    return x * {n}\n" for n in range(300))
    (tmp_path / "f.py").write_text(text)
    with subprocess.Popen(
        [sys.executable, "-m", "srcad.show", "f.py"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_a_terminal_without_the_letters(tmp_path):
    (tmp_path / "f.py").write_text(SIGMOID)
    plain = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = shell("f.py", folder=tmp_path, env=plain)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"give --ascii" in done.stderr
    assert shell("f.py", "--ascii", folder=tmp_path, env=plain).returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_an_output_that_is_full_or_closed(tmp_path):
    (tmp_path / "f.py").write_text(SIGMOID)
    for redirection in (">/dev/full", ">&-"):
        command = f"{shlex.quote(sys.executable)} -m srcad.show f.py {redirection}"
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        )
        assert done.returncode == 2
        assert one_sentence(done.stderr.decode())


def test_statuses_of_the_process(tmp_path):
    (tmp_path / "f.py").write_text(SIGMOID)
    done = shell("f.py", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert shell("g.py", folder=tmp_path).returncode == 2


def test_axes(show):
    text = "def f(W, b, x):\n    r = W @ x + b\n    return (r * r).sum()\n"
    status, out, err = show(text, "--wrt", "b")
    assert status == 0
    assert "b̄ = r̄.sum()" in out
    assert "b taken for floats: if they are arrays, say so with --axes b=1" in err
    status, out, err = show(text, "--wrt", "b", "--axes", "b=1,x=1")
    assert (status, err) == (0, "")
    assert ".sum()" not in out.partition("# reverse sweep")[2].replace("# return (r * r).sum()", "")
    assert show(text, "--axes", "k=1")[0] == 2
    assert show(text, "--axes", "b")[0] == 2
