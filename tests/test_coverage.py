"""The page of coverage."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from srcad.rules import entries_of
from srcad.show.command import main
from srcad.show.coverage import COMMAND, coverage, functions, versions

PAGE = coverage()
SECTIONS = {
    part.partition("\n")[0]: part.partition("\n")[2] for part in PAGE.split("\n## ")[1:]
}  # fmt: skip


def named(section: str) -> list[str]:
    """The functions that a section says something of, in its rows and its lists."""
    first_cells = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    lists = re.findall(r"^(?:Derivative zero|Refused[^:]*): ((?:`\w+`(?:, )?)+)", section, re.M)
    return re.findall(r"`(\w+)`", " ".join(first_cells + lists))


@pytest.mark.parametrize(
    "name", ["math", "cmath", "numpy", "numpy.linalg", "numpy.fft", "numpy.random"]
)
def test_every_function_is_there_once(name):
    public = {"math": math, "numpy": np}.get(name)
    found = named(SECTIONS[name])
    assert sorted(found) == sorted(functions(name))
    assert public is None or {"exp", "floor", "isnan"} <= set(found)


def test_the_places_of_some():
    table, _, rest = SECTIONS["numpy"].partition("Derivative zero: ")
    zero, _, refused = rest.partition("Refused")
    assert "| `exp` | complex too |" in table
    assert "| `abs`, `absolute` | for x != 0; 0 at 0; complex too |" in table
    assert "`floor`" in zero
    assert "`apply_along_axis`" in refused
    assert "`array2string`" in refused
    assert "may be complex" in SECTIONS["numpy.linalg"]
    assert "gives other numbers" in SECTIONS["numpy.random"]
    assert all(entries_of(f) == [] for f in (np.array2string, np.save))


def test_the_page_is_what_the_table_gives():
    page = (Path(__file__).parent.parent / "docs" / "coverage.md").read_text(encoding="utf-8")
    if versions() not in page:
        pytest.skip(f"the page was not made with {versions()}")
    assert page == PAGE, f"print it anew: {COMMAND} > docs/coverage.md"


def test_on_the_command_line(capsys):
    assert main(["--coverage"]) == 0
    assert capsys.readouterr().out == PAGE
    assert COMMAND in PAGE
    assert versions() in PAGE
