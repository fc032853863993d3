"""Functions of another module, whose names mean something else there."""

import numpy as numpy_too

K = 3.0


def scaled(v):
    v *= K


def picked(a, b, flag):
    k = K
    if flag > 1:
        raise ValueError("neither")
    out = a if flag else b
    scaled(out)
    out[0] = k * out[1]
    n = numpy_too.sum(out)
    out[2] += n
    return out
