"""Random subscripts of einsum: diagonals, sums, ellipses, lengths that are broadcast."""

from __future__ import annotations

import importlib.util
import random
from typing import Any

import numpy as np
import pytest

import srcad

COUNT = 80


def _call(pick: random.Random) -> tuple[str, list[list[int]]]:
    """Subscripts and the shapes of operands; NumPy may refuse them."""
    letters = "ijkl"[: pick.randint(1, 4)]
    length = {letter: pick.choice([1, 2, 3]) for letter in letters}
    count = pick.randint(1, 3)
    terms = ["".join(pick.choice(letters) for _ in range(pick.randint(0, 3))) for _ in range(count)]
    used = sorted(set("".join(terms)))
    output = "".join(pick.sample(used, pick.randint(0, len(used))))
    shapes = [[length[letter] for letter in term] for term in terms]
    if pick.random() < 0.3:
        spread = [pick.choice([1, 2]) for _ in range(pick.randint(1, 2))]
        for n, term in enumerate(terms):
            own = spread[len(spread) - pick.randint(0, len(spread)) :]
            own = [each if pick.random() < 0.8 else 1 for each in own]
            place = pick.randint(0, len(term))
            terms[n] = f"{term[:place]}...{term[place:]}"
            shapes[n] = [*shapes[n][:place], *own, *shapes[n][place:]]
        place = pick.randint(0, len(output))
        output = f"{output[:place]}...{output[place:]}"
    for shape in shapes:
        if shape and pick.random() < 0.2:
            shape[pick.randrange(len(shape))] = 1
    return ",".join(terms) + (f"->{output}" if pick.random() < 0.8 else ""), shapes


def _calls() -> list[tuple[str, list[list[int]]]]:
    pick = random.Random(11)
    found: list[tuple[str, list[list[int]]]] = []
    while len(found) < COUNT:
        subscripts, shapes = _call(pick)
        try:
            np.einsum(subscripts, *map(np.ones, shapes))
        except ValueError:
            continue
        found.append((subscripts, shapes))
    return found


CALLS = _calls()


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function for each call, in one module."""
    texts = ["import numpy as np\n"]
    for n, (subscripts, shapes) in enumerate(CALLS):
        operands = ", ".join("abc"[: len(shapes)])
        texts.append(f"def f{n}({operands}):\n    return np.einsum({subscripts!r}, {operands})\n")
    path = tmp_path_factory.mktemp("einsum") / "programs.py"
    path.write_text("\n\n".join(texts), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("einsum_programs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("n", range(COUNT), ids=[f"{s}-{shapes}" for s, shapes in CALLS])
def test_tangents_and_adjoints(functions: Any, n: int) -> None:
    """``J ẋ`` is einsum of each tangent in its place, and ``⟨ȳ, J ẋ⟩ = ⟨Jᵀ ȳ, ẋ⟩`` for each."""
    f, (_, shapes) = getattr(functions, f"f{n}"), CALLS[n]
    random_ = np.random.default_rng(n)
    args = [random_.uniform(-1, 1, shape) for shape in shapes]
    tangents = [random_.uniform(-1, 1, shape) for shape in shapes]
    parts = [
        f(*(tangents[k] if j == k else a for j, a in enumerate(args))) for k in range(len(args))
    ]
    value, tangent = srcad.jvp(f, args, tangents)
    assert np.array_equal(value, f(*args))
    assert np.shape(tangent) == np.shape(value)
    np.testing.assert_allclose(tangent, sum(parts), rtol=1e-11, atol=1e-12)
    seed = random_.uniform(-1, 1, np.shape(value)) if np.ndim(value) else 0.7
    _, pullback = srcad.vjp(f, *args)
    for part, adjoint, own, argument in zip(parts, pullback(seed), tangents, args, strict=True):
        assert adjoint.shape == argument.shape
        left, right = float(np.sum(seed * part)), float(np.sum(adjoint * own))
        assert left == pytest.approx(right, rel=1e-11, abs=1e-12)
