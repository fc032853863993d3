"""The page of the language says what the tests say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.language import COMMAND, page

PAGE = Path(__file__).parent.parent / "docs" / "language.md"


def test_the_page_is_what_is_tested():
    pytest.importorskip("scipy")  # a theme is there only with it
    assert PAGE.read_text(encoding="utf-8") == page(), f"print it anew: {COMMAND}"


def test_it_says_what_is_accepted_and_what_is_refused():
    text = page()
    accepted, _, refused = text.partition("## Refused")
    assert "match " in accepted
    assert "zip strict" in accepted
    assert "`yield`: it makes the function a generator" in refused
    assert refused.count("Accepted:") > 40
