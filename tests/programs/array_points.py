"""Arrays that the array themes share. Every length differs, so that a mixed-up axis shows."""

import numpy as np

_random = np.random.default_rng(7)

V3 = np.array([0.3, -1.2, 0.8])
U3 = np.array([1.1, 0.4, -0.6])
V2 = np.array([0.9, -0.5])
V1 = np.array([0.7])
V0 = np.zeros(0)
M23 = _random.uniform(-1, 1, (2, 3))
N23 = _random.uniform(-1, 1, (2, 3))
M34 = _random.uniform(-1, 1, (3, 4))
M32 = _random.uniform(-1, 1, (3, 2))
M33 = _random.uniform(-1, 1, (3, 3))
COLUMN = _random.uniform(-1, 1, (2, 1))
ROW = _random.uniform(-1, 1, (1, 3))
ONE = np.array([[0.6]])
POINT = np.array(0.7)
T234 = _random.uniform(-1, 1, (2, 3, 4))
T243 = _random.uniform(-1, 1, (2, 4, 3))
M03 = np.zeros((0, 3))
STRIDED = np.arange(12.0).reshape(3, 4)[::2, ::-1] / 7
READ_ONLY = np.array([0.3, -1.2, 0.8])
READ_ONLY.flags.writeable = False
