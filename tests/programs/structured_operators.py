"""Operators, calls, properties and inheritance of the user's own classes."""

import itertools
import math

import numpy as np

from tests.programs import program, refused


class Vec:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        if isinstance(other, Vec):
            return Vec(self.x + other.x, self.y + other.y)
        if isinstance(other, (int, float)):
            return Vec(self.x + other, self.y + other)
        return NotImplemented

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return Vec(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        if isinstance(k, Vec):
            return self.x * k.x + self.y * k.y
        return Vec(k * self.x, k * self.y)

    def __rmul__(self, k):
        return Vec(k * self.x, k * self.y)

    def __neg__(self):
        return Vec(-self.x, -self.y)

    def __matmul__(self, other):
        return self.x * other.x + self.y * other.y

    def __getitem__(self, i):
        return self.y if i else self.x

    def __setitem__(self, i, v):
        if i == 0:
            self.x = v
        else:
            self.y = v

    def __iadd__(self, other):
        self.x += other.x
        self.y += other.y
        return self

    def __len__(self):
        return 2

    def __call__(self, t):
        return self.x * math.cos(t) + self.y * math.sin(t)

    def __lt__(self, other):
        return self.norm < other.norm

    @property
    def norm(self):
        return math.sqrt(self @ self)

    @norm.setter
    def norm(self, value):
        k = value / self.norm
        self.x = k * self.x
        self.y = k * self.y

    @staticmethod
    def polar(r, phi):
        return Vec(r * math.cos(phi), r * math.sin(phi))

    @classmethod
    def diagonal(cls, r):
        return cls(r, r)

    def rotated(self, phi):
        return type(self)(
            self.x * math.cos(phi) - self.y * math.sin(phi),
            self.x * math.sin(phi) + self.y * math.cos(phi),
        )


class Weighted(Vec):
    unit = 2.0

    def __init__(self, x, y, weight=1.5):
        super().__init__(x, y)
        self.weight = weight

    def __matmul__(self, other):
        return self.weight * super().__matmul__(other) * self.unit

    def __rsub__(self, other):
        return Vec(other.x * self.weight, other.y)

    @classmethod
    def diagonal(cls, r):
        made = super().diagonal(r)
        made.weight = r * r
        return made


@program((Vec(0.5, 1.5), Vec(2.0, -0.3), 0.7))
def arithmetic(u, v, k):
    w = k * u + v * 2.0 - (-u)
    return w * v + (w + k).x


@program((Vec(0.5, 1.5), 0.7))
def items_and_calls(v, t):
    w = Vec(t, v[0])
    w[0] = w[1] * v(t)
    w[1] = v[1] + w[0]
    return w[0] * w[1] + len(w)


@program((Vec(0.5, 1.5), 0.7))
def properties(v, t):
    w = v.rotated(t)
    w.norm = t * t
    return w.x * v.norm + w.norm


@program((0.5, 1.5))
def static_and_class_methods(r, phi):
    u, v = Vec.polar(r, phi), Vec.diagonal(r)
    w = Weighted.diagonal(phi)
    return u @ v + w @ u + w.weight


@program((0.5, 1.5))
def in_place(a, b):
    u = Vec(a, b)
    v = u
    u += Vec(b, a * b)
    u += Vec(a, a)
    return v.x * v.y + u.x


@program((Vec(0.5, 1.5), Weighted(2.0, -0.3, 0.9)))
def a_subclass_on_the_right(u, w):
    v = u - w
    return v.x + (w @ u) * v.y + w.unit


@program(([Vec(0.5, 1.5), Vec(2.0, -0.3), Vec(0.1, 0.2)],))
def summed(vs):
    return sum(vs, Vec(0.0, 0.0)).norm + sum(v @ v for v in vs)


@program((Vec(0.5, 1.5), 3), (Vec(0.5, 1.5), 0))
def in_a_loop(v, n):
    w = Vec(1.0, 0.0)
    for i in range(n):
        w = w + v * (0.1 * i)
        w = w.rotated(0.3)
    return w.norm * v.x


@program((Vec(0.5, 1.5), Vec(2.0, -0.3)), (Vec(2.0, -0.3), Vec(0.5, 0.5)))
def compared(u, v):
    if u < v:
        return u.norm * v.x
    return v.norm * u.y


@program((Vec(0.5, 1.5), Vec(2.0, -0.3)))
def a_vector_as_the_result(u, v):
    return {"sum": u + v, "turned": [u.rotated(0.2), 3.0 * v]}


class Net:
    def __init__(self, widths, seed):
        self.layers = [
            {"w": np.full((m, n), seed / (i + 1)), "b": np.zeros(n) + seed}
            for i, (m, n) in enumerate(itertools.pairwise(widths))
        ]
        self.calls = 0

    def forward(self, x):
        self.calls = self.calls + 1
        for layer in self.layers[:-1]:
            x = np.tanh(x @ layer["w"] + layer["b"])
        last = self.layers[-1]
        return x @ last["w"] + last["b"]


@program((0.3, np.array([0.5, -0.2])))
def a_network_made_inside(seed, x):
    net = Net((2, 3, 1), seed)
    return net.forward(x).sum() * net.forward(2.0 * x).sum() * net.calls


class Poly:
    def __init__(self, *coefficients):
        self.coefficients = coefficients

    def __call__(self, x):
        y = 0.0
        for c in self.coefficients[::-1]:
            y = y * x + c
        return y

    def derivative(self):
        return Poly(*[k * c for k, c in enumerate(self.coefficients)][1:])


@program((Poly(0.5, 1.5, -0.3), 0.7))
def polynomials(p, x):
    q = p.derivative()
    return p(x) * q(x) + q.derivative()(x)


class Account:
    __bonus = 0.25

    def __init__(self, start):
        self.__sum = start

    def pay(self, x):
        self.__sum += x * self.__bonus
        return self

    def total(self):
        return self.__sum


@program((0.5, 1.5))
def mangled_names(a, b):
    return Account(a).pay(b).pay(a * b).total() * b


class Shape:
    def area(self):
        raise NotImplementedError

    def twice(self):
        return 2.0 * self.area()


class Circle(Shape):
    def __init__(self, r):
        self.r = r

    def area(self):
        return math.pi * self.r**2


class Square(Shape):
    def __init__(self, a):
        self.a = a

    def area(self):
        return self.a * self.a


@program(([Circle(0.5), Square(1.5), Circle(0.2)],))
def polymorphic(shapes):
    return sum(s.twice() for s in shapes) * shapes[1].area()


class Node:
    def __init__(self, value, left=None, right=None):
        self.value = value
        self.left = left
        self.right = right

    def depth_sum(self, k):
        total = self.value * k
        if self.left is not None:
            total = total + self.left.depth_sum(k * k)
        if self.right is not None:
            total = total + self.right.depth_sum(k * 0.5)
        return total


@program((Node(0.5, Node(1.5, None, Node(0.3)), Node(-0.7)), 0.9))
def a_tree(t, k):
    return t.depth_sum(k) * t.left.value


class Silent:
    __array_ufunc__ = None

    def __init__(self, v):
        self.v = v

    def __rmul__(self, other):
        return other * self.v


@program((np.array([0.5, 1.5]), Silent(2.0)))
def an_array_before_an_object(x, s):
    return (x * s).sum()


@refused((np.array([0.5, 1.5]), Vec(2.0, 1.0)), match="NumPy goes through its entries")
def an_array_before_a_vector(x, v):
    return (x * v)[0].x


@refused((Vec(0.5, 1.5), 2.0), match="no `__truediv__` is defined")
def an_operator_that_is_not_there(v, k):
    return (v / k).x


@refused((Circle(0.5), 2.0), match="its class has no `__call__`")
def a_call_of_what_is_no_function(c, k):
    return c(k)


class Dynamic:
    def __init__(self, v):
        self.v = v

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return 1.0


@refused((Dynamic(0.5), 2.0), match="Dynamic")
def attributes_made_up(d, k):
    return d.w * k
