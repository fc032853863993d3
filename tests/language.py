"""The page of the language, made of what is tested: `python -m tests.language > docs/language.md`.

What is accepted is said by the themes of the corpus, each with two of its programs; what is refused
by the table of refusals, each with the near miss that is accepted.
"""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections import defaultdict

from tests.programs import Program, corpus
from tests.test_refused import CASES, CLOSE, OPEN, Case, file_of, refusal

COMMAND = "python -m tests.language > docs/language.md"
# What is refused as a form, and accepted where structures of known layout are made of it.
OF_STRUCTURES = ("dict", "dict comprehension", "starred value", "starred call")
# A program that is shown is of so many lines at most.
SHORT = 14

HEAD = f"""# The language that is differentiated

This page is made of the tests (`{COMMAND}`).
The programs of the first part are run in both modes, optimised and not, against the same
function on dual numbers; those of the second part are refused before they run, with that
sentence, and what stands beside them is accepted.

What holds of dicts, tuples and objects is said in [structures](structures.md).
All that is refused in a function is said in one message, with its places.
"""


def page() -> str:
    """The page."""
    return "\n".join([HEAD, "## Accepted\n", *_accepted(), "## Refused\n", *_refused()])


def _accepted() -> list[str]:
    themes: dict[str, list[Program]] = defaultdict(list)
    for program in corpus() + corpus(structures=True):
        themes[program.function.__module__].append(program)
    rows = []
    for module, programs in sorted(themes.items()):
        good = [each for each in programs if each.refused is None and not each.may_refuse]
        if len(good) < len(programs) / 2:
            continue  # a theme of refusals
        about = inspect.getdoc(sys.modules[module]) or ""
        name = module.rpartition(".")[2].replace("_", " ")
        rows.append(f"### {name.capitalize()}\n\n{about.partition(chr(10) * 2)[0]}\n")
        names = [each.function.__name__.strip("_").replace("_", " ") for each in good]
        rows.append(f"Tested: {'; '.join(names)}.\n")
        for shown in sorted(good, key=_fitness)[:2]:
            if len(_text(shown).splitlines()) <= SHORT:
                rows.append(f"```python\n{_text(shown)}\n```\n")
    return rows


def _fitness(program: Program) -> tuple[bool, int, str]:
    """The program that shows a theme best: the longest of those that are short."""
    lines = len(_text(program).splitlines())
    return lines > SHORT, -lines, program.name


def _text(program: Program) -> str:
    """A program without its decorators."""
    lines = inspect.getsource(program.function).splitlines()
    places = [n for n, line in enumerate(lines) if line.lstrip().startswith("def ")]
    start = places[0] if places else 0
    return textwrap.dedent("\n".join(lines[start:]))


def _refused() -> list[str]:
    rows = []
    for name, case in CASES.items():
        if sys.version_info < case.since or case.since > (3, 11):
            continue  # the page is the same on every Python
        if name in OF_STRUCTURES:
            continue
        rows.append(f"### {name[:1].upper()}{name[1:]}\n\n{_said(case)}\n")
        rows.append(f"```python\n{_plain(case.refused)}\n```\n")
        rows.append(f"Accepted:\n\n```python\n{_plain(case.accepted)}\n```\n")
    return rows


def _plain(program: str) -> str:
    return file_of(program).replace(OPEN, "").replace(CLOSE, "")


def _said(case: Case) -> str:
    """The sentence of a refusal."""
    problems = refusal(_plain(case.refused)).problems
    problem = next(each for each in problems if case.sentence[0] in each.construct)
    return f"{problem.construct}: {problem.why}; write instead {problem.instead}."


if __name__ == "__main__":
    print(page(), end="")
