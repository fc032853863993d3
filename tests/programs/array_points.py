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
V4 = np.array([0.6, -0.4, 1.3, 0.9])
V5 = np.array([0.5, -0.8, 1.1, 0.2, -0.3])
V6 = np.array([0.4, 1.2, -0.7, 0.9, -0.2, 0.6])
U6 = np.array([1.3, -0.6, 0.8, 0.3, -1.1, 0.5])
M22 = _random.uniform(-1, 1, (2, 2))
M44 = _random.uniform(-1, 1, (4, 4))
M45 = _random.uniform(-1, 1, (4, 5))
# Well conditioned, and positive definite.
SPD3 = M33 @ M33.T + 2.0 * np.eye(3)
FORTRAN = np.asfortranarray(M34)
REVERSED = V5[::-1]
EVERY_SECOND = np.arange(9.0)[::2] / 7
# Numbers that single precision holds exactly, and their products too.
DYADIC = np.array([0.5, -1.25, 0.75, 1.5])
SINGLE = DYADIC.astype(np.float32)
