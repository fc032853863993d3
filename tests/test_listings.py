"""What good generated code looks like: listings written by hand, and what is generated.

``tests/golden/listings`` holds the derivatives of the first programs as a person would write them.
What is generated is the same, but for the numbers of temporaries, and for what is better as it is:
that is in ``KEPT``, with the reason.
"""

from __future__ import annotations

import re

import pytest

from tests.golden import CASES, FOLDER, Case

LISTINGS = {path.name.split(".")[0]: path for path in (FOLDER / "listings").glob("*.py.txt")}

# Of a function: a line or more of the listing, what is generated instead, and why.
KEPT = {
    "f_grad": (
        "    x̄1 = math.cos(x1)\n    x̄1 += x2\n",
        "    x̄1 = math.cos(x1) + x2\n",
        "one line is the formula of the notes",
    ),
    "newton_sqrt_grad": ("w̄1", "w̄2", "w̄1 would be the adjoint of w1, which is x / y"),
    "power_forward": (
        "    w1 = power_forward",
        "    # return x * power(x, n - 1)\n    w1 = power_forward",
        "what is not as the user wrote it is quoted, in each sweep",
    ),
}


def functions(text: str) -> dict[str, str]:
    """The functions of a text by their names."""
    parts = re.split(r"^(?=def )", text, flags=re.MULTILINE)
    return {part[4 : part.index("(")]: part.strip() + "\n" for part in parts if part.strip()}


def renumbered(text: str) -> str:
    """The temporaries and their marks numbered in the order in which they appear."""
    numbers: dict[str, str] = {}
    pattern = re.compile(r"\b(w[\u0304\u0307]?|ẇ)(\d+)")
    return pattern.sub(
        lambda found: found[1] + numbers.setdefault(found[2], str(len(numbers) + 1)), text
    )


def cases() -> list[tuple[Case, str]]:
    return [
        (case, name)
        for case in CASES
        if case.name in LISTINGS
        for name in functions(LISTINGS[case.name].read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize(("case", "name"), [pytest.param(c, n, id=n) for c, n in cases()])
def test_listing(case: Case, name: str) -> None:
    wanted = functions(LISTINGS[case.name].read_text(encoding="utf-8"))[name]
    if name in KEPT:
        listed, generated, _ = KEPT[name]
        assert listed in wanted
        wanted = wanted.replace(listed, generated)
    made = [functions(case.generated(form).text).get(name, "") for form in case.forms]
    assert renumbered(wanted) in map(renumbered, made)


def test_each_listing_is_a_case() -> None:
    assert LISTINGS.keys() == {case.name for case, _ in cases()}
    assert KEPT.keys() <= {name for _, name in cases()}
