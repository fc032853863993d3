"""A gradient over data that several processes hold: Dask's arrays, NumPy's functions.

The loss is written as for NumPy.  Its gradient calls NumPy's functions, which hand arrays of Dask
to Dask; so each process computes with the rows that it has, and what is summed up over all rows
is as short as the weights are.  Needs ``dask[array]`` and ``distributed``.
"""

import dask.array as da
import numpy as np
from dask.distributed import Client, LocalCluster

from srcad import value_and_grad

ROWS, COLUMNS, RATE, STEPS = 4000, 5, 2.0, 5


@value_and_grad
def loss(w, X, t):
    """The mean negative log-likelihood of logistic regression."""
    z = X @ w
    return np.mean(np.log(1 + np.exp(-t * z)))


def data():
    """Rows, and on which side of a plane they are; -1 or 1."""
    random = np.random.default_rng(0)
    X = random.normal(size=(ROWS, COLUMNS))
    return X, np.where(X @ np.arange(1.0, COLUMNS + 1) > random.normal(size=ROWS), 1.0, -1.0)


def descent(X, t):
    """Gradient descent, and the loss before each step; X and t are NumPy's or Dask's."""
    w, losses = np.zeros(COLUMNS), []
    for _ in range(STEPS):
        value, gradient = loss(w, X, t)
        # Nothing is computed before it is asked for; then both are, in one pass over the data.
        value, gradient = da.compute(value, gradient)
        losses.append(float(value))
        w = w - RATE * gradient
    return w, losses


def main(workers: int = 2) -> None:
    """The same descent on one array, and on pieces of it in processes of their own."""
    X, t = data()
    w, losses = descent(X, t)
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        pieces = ROWS // workers
        dX, dt = da.from_array(X, chunks=(pieces, COLUMNS)), da.from_array(t, chunks=pieces)
        w_parallel, losses_parallel = descent(dX.persist(), dt.persist())
    for before, parallel in zip(losses, losses_parallel, strict=True):
        print(f"loss on one array {before:.6f}, on {workers} processes {parallel:.6f}")
    print(f"weights {w.round(4)}")
    print(f"equal: {np.allclose(w, w_parallel, rtol=1e-9, atol=0.0)}")


if __name__ == "__main__":
    main()
