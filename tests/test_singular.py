"""A matrix that has no Cholesky factor, where that is handled: the oracle's own has no error."""

import numpy as np
import pytest

import srcad
from tests.programs.handlers import cholesky_with_a_growing_shift


def _shifted_once(a):
    shift = np.sum(a * a)
    low = np.linalg.cholesky((a + a.T) / 2 + shift * np.eye(2))
    return np.sum(low**3) * (1 + shift)


@pytest.mark.parametrize("mode", ["forward", "reverse"])
def test_the_path_that_was_taken_is_differentiated(mode):
    a = np.eye(2) - 2.5 * np.ones((2, 2))
    with pytest.raises(np.linalg.LinAlgError):
        np.linalg.cholesky(a)
    assert cholesky_with_a_growing_shift(a) == _shifted_once(a)
    found = srcad.grad(cholesky_with_a_growing_shift, mode=mode)(a)
    np.testing.assert_allclose(found, srcad.grad(_shifted_once)(a), rtol=1e-12)
    regular = a + 6 * np.eye(2)
    found = srcad.grad(cholesky_with_a_growing_shift, mode=mode)(regular)
    assert not np.allclose(found, srcad.grad(_shifted_once)(regular))
