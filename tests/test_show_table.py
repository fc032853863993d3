"""Tables of values and computation graphs: what the notes fill in and draw by hand."""

import contextlib
import io

import pytest

from srcad.analysis.operation import parameters_of
from srcad.derivative import bound_arguments, kinds_of
from srcad.errors import SrcadError
from srcad.pipeline import Options, Program
from srcad.read import source_for
from srcad.show import main
from srcad.show.job import Job
from srcad.show.point import point_of
from srcad.show.table import adjoints, table, tangents
from srcad.show.trace import Trace
from tests.oracle import assert_close, gradient
from tests.programs import corpus

SIGMOID = """\
import math


def sigmoid(x, a):
    w3 = -x * a
    w4 = 1 + math.exp(w3)
    w5 = 1 / w4
    return w5
"""


@pytest.fixture
def show(tmp_path, capsys, monkeypatch):
    """Show a file of the given text; the status and what went to stdout and to stderr."""

    def run(text, *options):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "f.py").write_text(text, encoding="utf-8")
        status = main(["f.py", *options])
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return run


def cells(out):
    """The last column of a table."""
    return [line.split()[-1] for line in out.splitlines()[2:]]


# -- tables ---------------------------------------------------------------------------------------


def test_the_notes_forward(show):
    status, out, err = show(SIGMOID, "--at", "x=0,a=2", "--mode", "forward", "--wrt", "x")
    assert (status, err) == (0, "")
    # By hand: ẇ3 = -w2 = -2, ẇ4 = ẇ3 e⁰ = -2, ẇ5 = 2 / 2² = a y (1 - y) = 0.5.
    assert (
        out
        == """\
# f.py:4 sigmoid(x, a): forward mode, with respect to x
variable  expression        source                 value  ẇ (ẇ1 = 1)
w1        x                 x                      0      1
w2        a                 a                      2      0
w3        -w1 * w2          w3 = -x * a            -0     -2
w4        1 + math.exp(w3)  w4 = 1 + math.exp(w3)  2      -2
w5        1 / w4            w5 = 1 / w4            0.5    0.5
"""
    )


def test_the_notes_reverse(show):
    _, out, _ = show(SIGMOID, "--at", "x=0,a=2")
    # By hand: w̄5 = 1, w̄4 = -1/4, w̄3 = w̄4 e⁰, w̄1 = w̄3 · -2, w̄2 = w̄3 · -0.
    assert cells(out) == ["w̄", "0.5", "0", "-0.25", "-0.25", "1"][1:]


def test_a_loop_has_a_row_for_each_trip(show):
    text = (
        "def f(x, n):\n    p = 1.0\n    for i in range(n):\n        p = p * x + i\n    return p\n"
    )
    _, out, _ = show(text, "--at", "x=3,n=3")
    rows = [line.split("  ")[0] for line in out.splitlines()[2:]]
    assert rows == ["w1", "w2", "w3", "w4", "w5"]
    assert "w4 * w1 + 2" in out
    # p = x³ + x + 2
    assert "  32 " in out.splitlines()[-1]
    assert cells(out)[0] == "28"


def test_a_called_function_is_one_row(show):
    text = "def g(x):\n    return x * x, x\n\n\ndef f(x):\n    a, b = g(x)\n    return a * b\n"
    _, out, _ = show(text, "--function", "f", "--at", "x=2")
    assert "g(w1)[0]    a, b = g(x)" in out
    assert cells(out)[0] == "12"


def test_ascii(show):
    _, out, _ = show(SIGMOID, "--at", "x=0,a=2", "--mode", "both", "--ascii")
    assert out.isascii()
    assert "w_dot (w1_dot = 1)" in out
    assert "w_bar" in out


def test_prints_are_no_part_of_the_table(show):
    _, out, err = show("def f(x):\n    print('at', x)\n    return x * x\n", "--at", "x=3")
    assert err == "at 3.0\n"
    assert "at 3.0" not in out


def test_a_global_that_is_called_like_a_step(show):
    _, out, _ = show("w1 = 7.0\n\n\ndef f(x):\n    return x * w1\n", "--at", "x=3")
    assert "w1 * 7.0" in out
    assert cells(out)[0] == "7"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("x=1", "no value for a, which sigmoid takes"),
        ("x=1,a=2,b=3", "--at gives b, but the parameters of sigmoid are x, a"),
        ("x", "--at takes values with commas between"),
        ("x=1,x=2", "--at takes values with commas between"),
        ("x=1,a=b", "--at takes values with commas between"),
        ("", "--at takes values with commas between"),
        ("x=[1.0],a=2", "--at takes numbers: x is a list"),
        (f"x={10**400},a=2", "too large for a float"),
    ],
)
def test_wrong_points(show, at, words):
    status, out, err = show(SIGMOID, "--at", at)
    assert (status, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(x):\n    return 1 / x\n", "the function raises ZeroDivisionError"),
        ("import math\ndef f(x):\n    return math.sqrt(x)\n", "`math.sqrt(w1)` has no derivative"),
        (
            "def f(x):\n    if x < 9:\n        raise ValueError('no')\n    return x\n",
            "the function raises ValueError",
        ),
        ("import math\ndef f(x):\n    return math.fsum([x, x])\n", "not one of the operations"),
        ("def f(x):\n    return x, x\n", "a function with one result"),
        ("def f(x):\n    while x < 1:\n        x = x * 1\n    return x\n", "more than 10000 rows"),
        ("def f(x, n=0):\n    while n < 1:\n        n = n * 1\n    return x\n", "50000 statements"),
        ("def f(x):\n    return [x][0]\n", ""),
    ],
)
def test_no_table(show, text, words):
    status, out, err = show(text, "--at", "x=0.0")
    assert (status, out) == (1, "")
    assert words in err


# These make arrays or lists of numbers, of which there are no tables: they are refused.
OF_ARRAYS = (
    *("array_functions", "assembly", "broadcasting", "fancy_indexing", "found_at_random"),
    "growing_lists",
    *("list_operations", "memory_", "ordered_lists", "quadrature", "refused_programs", "shapes"),
    *("special_functions", "tables", "unpacking"),
    # And these call functions that are found out when the program is rewritten.
    *("closures", "comprehensions", "functions", "nested_derivatives", "nonlocal_variables"),
)
PROGRAMS = [
    (program, point)
    for program in corpus()
    if program.refused is None and not program.name.startswith(OF_ARRAYS)
    for point in program.points
    if all(isinstance(each, (int, float, str)) for each in point)
    and any(isinstance(each, float) for each in point)
]


def test_every_table_of_the_corpus_equals_the_oracle():
    made = 0
    for program, point in PROGRAMS:
        with contextlib.redirect_stdout(io.StringIO()):
            made += _table_equals_oracle(program, point)
    # The others are refused: a list, an array or a tuple inside.
    assert made > 0.95 * len(PROGRAMS)


def _table_equals_oracle(program, point):
    function = program.function
    wrt = tuple(n for n, each in enumerate(point) if isinstance(each, float))
    try:
        source = source_for(function)
        names = parameters_of(source)
        kinds = kinds_of(function, bound_arguments(function, point, {}))
        job = Job(source, 1, "reverse", wrt, kinds, Options(), True, False, False)
        at = ", ".join(f"{name}={each!r}" for name, each in zip(names, point, strict=False))
        table(job, at)
        values, kinds = point_of(job, at)
        listing = Program(Options()).lowered(source, kinds, job.active)
        trace = Trace(listing, values, {names[n] for n in wrt})
        trace.run()
    except SrcadError:
        return False
    end = trace.step_of(listing.result)
    result = end.number if end is not None else 0
    seeds = [trace.step_of_input(names[n]).number for n in wrt]
    backward = adjoints(trace, result)
    expected = gradient(function, point, wrt)
    assert_close(tuple(backward[n - 1] for n in seeds), expected, 1e-9, program.name)
    if result:
        forward = tuple(tangents(trace, n)[result - 1] for n in seeds)
        assert_close(forward, expected, 1e-9, program.name)
    return True


# -- graphs ---------------------------------------------------------------------------------------


def test_the_graph_of_the_notes(show):
    status, out, err = show(SIGMOID, "--format", "mermaid")
    assert (status, err) == (0, "")
    assert (
        out
        == """\
%% f.py:4 sigmoid(x, a): computation graph
flowchart LR
    w1["w1 = x"]
    w2["w2 = a"]
    w3["w3 = -w1 * w2"]
    w4["w4 = 1 + math.exp(w3)"]
    w5(["w5 = 1 / w4"])
    w1 -->|"-w2"| w3
    w2 -->|"-w1"| w3
    w3 -->|"math.exp(w3)"| w4
    w4 -->|"-1 / w4 ** 2"| w5
"""
    )


def test_the_graph_of_the_second_exercise(show):
    text = "from math import sin\n\n\ndef f(x1, x2):\n    return x1 * x2 + sin(x1)\n"
    _, out, _ = show(text, "--format", "dot", "--mode", "both")
    assert (
        out
        == """\
// f.py:4 f(x1, x2): computation graph
digraph "f" {
    rankdir=LR
    node [shape=box]
    w1 [label="w1 = x1"]
    w2 [label="w2 = x2"]
    w3 [label="w3 = w1 * w2"]
    w4 [label="w4 = sin(w1)"]
    w5 [label="w5 = w3 + w4", peripheries=2]
    w1 -> w3 [label="w2"]
    w2 -> w3 [label="w1"]
    w1 -> w4 [label="math.cos(w1)"]
    w3 -> w5 [label="1"]
    w4 -> w5 [label="1"]
}
"""
    )


def test_an_edge_sums_over_the_paths_inside_a_statement(show):
    _, out, _ = show("def f(x):\n    y = x * x * x\n    return y\n", "--format", "mermaid")
    assert '|"3 * w1 ** 2"|' in out


def test_the_edge_of_a_call(show):
    text = "def g(u, v):\n    return u * v\n\n\ndef f(x):\n    return g(x, x)\n"
    _, out, _ = show(text, "--format", "mermaid", "--function", "f")
    assert '|"∂g/∂u + ∂g/∂v"|' in out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(x):\n    if x > 0:\n        x = -x\n    return x\n", "`if x > 0:`"),
        ("def f(x):\n    for i in range(3):\n        x = x * x\n    return x\n", "`for i in"),
        ("def f(x):\n    return x[0] * 2\n", "x is an array"),
    ],
)
def test_no_graph(show, text, words):
    status, out, err = show(text, "--format", "dot")
    assert (status, out) == (1, "")
    assert words in err


def test_one_graph_at_a_time_in_mermaid(show):
    text = "def f(x):\n    return x * x\n\n\ndef g(x):\n    return x * x\n"
    status, out, err = show(text, "--format", "mermaid")
    assert (status, out) == (2, "")
    assert "choose one with --function" in err
