"""Gauss quadrature: nodes and weights, which only the number of points decides."""

from __future__ import annotations

from srcad.analysis.kind import Array, Kind, TupleOf
from srcad.rules.sizes import token_of
from srcad.rules.table import Use, zero


def _nodes_and_weights(use: Use) -> Kind:
    each = Array((token_of(use.options["deg"]),), "f8")
    return TupleOf((each, each))


for _family in (
    "legendre.leggauss",
    "chebyshev.chebgauss",
    "hermite.hermgauss",
    "hermite_e.hermegauss",
    "laguerre.laggauss",
):
    zero(f"np.polynomial.{_family}", _nodes_and_weights, "deg=")
for _family in ("legendre", "chebyt", "hermite", "hermitenorm", "laguerre"):
    zero(f"scipy.special.roots_{_family}", _nodes_and_weights, "deg/n= mu!False")
