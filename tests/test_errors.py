"""What a refusal looks like: in words, as a printed traceback, after pickling."""

import copy
import pickle
import traceback
from dataclasses import dataclass

import gast
import pytest

import srcad
from srcad.errors import (
    ArgumentError,
    Problem,
    Problems,
    SourceError,
    SrcadError,
    UnsupportedError,
    problem_at,
)

WITH = Problem("`with`", "it has no derivative", "the body", "f.py", 2, 4, 2, 8, "    with a: b")
TRY = Problem("`try`", "it jumps", "", "f.py", 5, 4, 7, 2, "    try:")


@dataclass
class Text:
    filename: str
    lines: tuple[str, ...]
    tree: object


def text_of(source):
    tree = gast.parse(source)
    return Text("f.py", tuple(source.split("\n")), tree.body[0])


def pickled(error):
    return pickle.loads(pickle.dumps(error))


def printed(error):
    return "".join(traceback.format_exception_only(type(error), error))


def test_one_problem_is_one_sentence_with_its_place():
    assert str(UnsupportedError([WITH])) == (
        "cannot differentiate `with`: it has no derivative; write instead the body"
        " (f.py, line 2, column 5)"
    )


def test_several_problems_are_one_line_each():
    assert str(UnsupportedError([WITH, TRY])).split("\n") == [
        "cannot differentiate this function, for 2 reasons:",
        "  f.py:2:5: `with`: it has no derivative; write instead the body",
        "  f.py:5:5: `try`: it jumps",
    ]


def test_python_draws_the_caret():
    assert printed(UnsupportedError([WITH])).split("\n")[:3] == [
        '  File "f.py", line 2',
        "    with a: b",
        "    ^^^^",
    ]


def test_the_mark_of_several_lines_ends_with_the_first():
    assert printed(UnsupportedError([TRY])).split("\n")[2] == "    ^^^^"


def test_without_a_place_no_file_is_named():
    error = ArgumentError("wrt=3, but `f` has 2 parameters")
    assert printed(error) == "srcad.errors.ArgumentError: wrt=3, but `f` has 2 parameters\n"
    assert isinstance(error, TypeError)
    assert isinstance(error, SyntaxError)
    assert error.problems == ()


@pytest.mark.parametrize("cls", [SrcadError, UnsupportedError, SourceError, ArgumentError])
def test_every_error_is_a_syntax_error(cls):
    assert issubclass(cls, SrcadError)
    assert issubclass(cls, SyntaxError)


@pytest.mark.parametrize(
    "error",
    [
        UnsupportedError([WITH]),
        UnsupportedError([WITH, TRY]),
        SourceError("no source"),
        SourceError("bad", [TRY]),
        ArgumentError("m"),
    ],
)
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled])
def test_errors_can_be_copied(error, copied):
    error.add_note("a note")
    again = copied(error)
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.problems == error.problems
    assert printed(again) == printed(error)
    assert (again.lineno, again.offset, again.text) == (error.lineno, error.offset, error.text)


def test_columns_are_characters():
    source = text_of('def f(ẋ):\n    return "éé" + ẋ.a')
    node = source.tree.body[0].value.right
    problem = problem_at(node, source, "`.a`", "no", "")
    assert node.col_offset == 20  # bytes
    assert (problem.col_offset, problem.end_col_offset) == (18, 21)
    assert problem.text[18:21] == "ẋ.a"
    assert printed(UnsupportedError([problem])).split("\n")[2] == " " * 18 + "^^^"


def test_a_node_without_a_place_points_at_the_function():
    source = text_of("def f(x):\n    return x + 1")
    problem = problem_at(gast.Add(), source, "`+`", "no", "")
    assert (problem.lineno, problem.col_offset) == (1, 0)


def test_a_place_outside_of_the_text_is_no_crash():
    node = gast.Name("x", gast.Load(), None, None)
    node.lineno, node.col_offset = 99, 7
    problem = problem_at(node, text_of("def f(x): pass"), "`x`", "no", "")
    assert (problem.lineno, problem.text) == (99, "")
    assert "f.py:99:1" in str(problem)
    assert "line 99" in printed(UnsupportedError([problem]))


def test_problems_are_collected_in_order_and_once():
    source = text_of("def f(x):\n    return x + y")
    value = source.tree.body[0].value
    problems = Problems(source)
    problems.raise_if_any()
    assert not problems
    problems.add(value.right, "`y`", "unknown", "x")
    problems.add(value.left, "`x`", "unknown", "y")
    problems.add(value.right, "`y`", "unknown", "x")
    assert problems
    with pytest.raises(UnsupportedError) as caught:
        problems.raise_if_any()
    assert [p.construct for p in caught.value.problems] == ["`x`", "`y`"]


def _never(x):
    raise NotImplementedError("not yet")


def _nothing(x):
    x = x * x


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_what_never_returns_is_not_said_to_return_none(mode):
    with pytest.raises(srcad.SrcadError, match="_never always raises: it has no derivative"):
        srcad.grad(_never, mode=mode)(1.0)
    with pytest.raises(srcad.SrcadError, match="_nothing returns nothing"):
        srcad.grad(_nothing, mode=mode)(1.0)
