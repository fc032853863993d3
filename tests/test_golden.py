"""Generated sources, compared with the golden files to the letter."""

from __future__ import annotations

import ast
import copy
import difflib
import re
from typing import Any

import numpy as np
import pytest

from tests.golden import CASES, FOLDER, FORMS, SUFFIX, Case
from tests.oracle import assert_close

EACH_FORM = pytest.mark.parametrize(
    ("case", "form"), [pytest.param(c, form, id=f"{c.name}-{form}") for c, form in FORMS]
)


@EACH_FORM
def test_text(case: Case, form: str) -> None:
    path = case.path(form)
    wanted = path.read_bytes().decode() if path.exists() else ""
    made = case.generated(form).text
    if made != wanted:
        lines = difflib.unified_diff(
            wanted.splitlines(), made.splitlines(), path.name, "generated now", lineterm=""
        )
        # A difference that no line shows is one of line ends.
        shown = "\n".join(lines) or "the lines are the same, their ends are not"
        pytest.fail(f"{shown}\n\nIf it is meant: python -m tests.golden", pytrace=False)


def test_no_file_without_a_case() -> None:
    wanted = {case.path(form).name for case, form in FORMS}
    assert {path.name for path in FOLDER.glob(f"*{SUFFIX}")} == wanted


@EACH_FORM
def test_golden_text_compiles(case: Case, form: str) -> None:
    text = case.path(form).read_text(encoding="utf-8")
    compile(text, case.path(form).name, "exec")


@EACH_FORM
def test_same_text_twice(case: Case, form: str) -> None:
    assert case.generated(form).text == case.generated(form).text


def _directions(case: Case, point: tuple[Any, ...]) -> list[Any]:
    random = np.random.default_rng(11)
    shapes = [np.shape(point[n]) for n in case.wrt]
    return [random.uniform(-1, 1, shape) if shape else random.uniform(-1, 1) for shape in shapes]


def _along(adjoints: Any, directions: list[Any]) -> float:
    adjoints = adjoints if isinstance(adjoints, tuple) else (adjoints,)
    return float(sum(np.sum(a * d) for a, d in zip(adjoints, directions, strict=True)))


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in CASES])
def test_all_forms_agree(case: Case) -> None:
    # Forward mode gives J·v, reverse mode w·J: with w = 1, both give the same number.
    made = {form: case.generated(form).function for form in case.forms}
    for given in case.points:
        # Each call gets arrays of its own: a program may write into them.
        point = copy.deepcopy(given)
        value = case.program(*copy.deepcopy(given))
        directions = _directions(case, point)
        along = [_along(made["grad"](*copy.deepcopy(given)), directions)]
        for form in case.forms:
            if form.startswith("jvp"):
                same, tangent = made[form](*copy.deepcopy(given), *directions)
                assert_close(same, value, 1e-14)
                along.append(tangent)
            elif form.startswith("vjp"):
                same, adjoints = made[form](*copy.deepcopy(given), 1.0)
                assert_close(same, value, 1e-14)
                along.append(_along(adjoints, directions))
        for each in along:
            assert_close(each, along[0], 1e-12)


def _restored(function: ast.FunctionDef) -> list[tuple[ast.stmt, list[ast.stmt]]]:
    """The statements that fetch a value from a tape, each with those that follow in its block."""
    found = []
    for node in ast.walk(function):
        for block in (getattr(node, "body", []), getattr(node, "orelse", [])):
            for place, stmt in enumerate(block if isinstance(block, list) else []):
                value = ast.unparse(stmt.value) if isinstance(stmt, ast.Assign) else ""
                if re.fullmatch(r"(\w+_)?tape\d*(\[\w+\]|\.pop\(\))?", value):
                    found.append((stmt, block[place + 1 :]))
    return found


@pytest.mark.parametrize("case", [pytest.param(c, id=c.name) for c in CASES])
def test_nothing_is_saved_in_vain(case: Case) -> None:
    # What is fetched from a tape is read; what is put on one is fetched, or read there.
    tree = ast.parse(case.generated("grad").text)
    for function in tree.body:
        assert isinstance(function, ast.FunctionDef)
        for stmt, later in _restored(function):
            assert isinstance(stmt, ast.Assign)
            if isinstance(stmt.targets[0], ast.Subscript):
                continue  # memory, which is read under other names too, and in other trips
            names = {n.id for t in stmt.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
            read = {
                n.id
                for each in later
                for n in ast.walk(each)
                if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
            }
            assert names <= read, ast.unparse(stmt)
        text = ast.unparse(function)
        for tape in set(re.findall(r"^ *(\S+_tape) = ", text, re.MULTILINE)):
            fetched = re.findall(rf"{tape}(?:\[\S+\](?! = )|\.pop\(\)|\[::-1\])", text)
            handed_on = re.search(rf"return .*\b{tape}\b", text)
            assert fetched or handed_on, f"{tape} is never read"
