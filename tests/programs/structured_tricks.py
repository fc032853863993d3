"""Classes that decide themselves what their attributes, instances and numbers are.

What is found by the rules of Python is followed; what a hook of the class's own decides is refused.
"""

import enum
import typing

import numpy as np

from tests.programs import program, refused


class Dynamic:
    def __init__(self, v):
        self.v = v

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return 2.0 * self.v


class Intercepting:
    def __init__(self, v):
        self.v = v

    def __getattribute__(self, name):
        found = object.__getattribute__(self, name)
        return 3.0 * found if name == "v" else found


class Doubling:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, 2.0 * value)


class Squared:
    """A descriptor that keeps the square of what is assigned."""

    def __get__(self, instance, owner=None):
        return instance.__dict__["_v"]

    def __set__(self, instance, value):
        instance.__dict__["_v"] = value * value


class Kept:
    v = Squared()

    def __init__(self, v):
        self.v = v


class Constant:
    """A descriptor that an attribute of the instance comes before."""

    def __get__(self, instance, owner=None):
        return 7.0


class Behind:
    v = Constant()

    def __init__(self, v=None):
        if v is not None:
            self.v = v


class Handing:
    """A descriptor that can be called: what it gives is called, and not the descriptor."""

    def __get__(self, instance, owner=None):
        return lambda y: 5.0 * y

    def __call__(self, y):
        return 7.0 * y


class WithHanding:
    f = Handing()


class AsProperty:
    @property
    def v(self):
        return 9.0


class Overriding(AsProperty):
    v = 1.0

    def __init__(self, v):
        self.v = v


class Making(type):
    def __call__(cls, *args):
        made = super().__call__(*args)
        made.v = made.v * 10.0
        return made


class Made(metaclass=Making):
    def __init__(self, v):
        self.v = v


class Claiming(type):
    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, other):
        return False


class Everything(metaclass=Claiming):
    pass


class Sized(type):
    @property
    def k(cls):
        return 4.0


class OfSized(metaclass=Sized):
    k = 1.0


class Posing:
    """It says that it is a float."""

    def __init__(self, v):
        self.v = v

    @property
    def __class__(self):
        return float


class Tripled:
    def __new__(cls, v):
        made = object.__new__(cls)
        made.v = 3.0 * v
        return made


@typing.runtime_checkable
class HasV(typing.Protocol):
    v: float


class Plain:
    def __init__(self, v):
        self.v = v


class Own(float):
    """A float that computes in its own way."""

    def __add__(self, other):
        return 100.0 * other

    __radd__ = __add__


class Always(str):
    __slots__ = ()

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Speed(enum.StrEnum):
    FAST = "fast"


class Colour(enum.Enum):
    RED = 1


OWN, LEVEL, COLOUR = Own(2.0), Level.HIGH, Colour.RED


@program((0.7,))
def an_instance_comes_before_what_only_reads(x):
    return Behind(x).v * x


@program((0.7,))
def a_plain_attribute_over_a_property(x):
    return Overriding(x).v * x


@program((0.7,))
def enumerations(x):
    y = x * x if LEVEL == Level.HIGH and isinstance(LEVEL, Level) else 3.0 * x
    z = x if COLOUR is Colour.RED else x * x
    return y * z * Level.HIGH


@program((0.7, "fast"), (0.7, "slow"))
def a_string_beside_an_enumeration(x, mode):
    return x * x if mode == Speed.FAST else 3.0 * x


@refused((Intercepting(0.5), 0.7), match="an Intercepting")
def attributes_intercepted(p, x):
    return p.v * x


@refused((0.7,), match=r"`Dynamic\(...\)`|Dynamic")
def attributes_made_up_inside(x):
    return Dynamic(x).w * x


@refused((0.7,), match="the attribute `.v`, assigned")
def attributes_doubled(x):
    p = Doubling()
    p.v = x
    return p.v * x


@refused((0.7,), match="the attribute `.v`: a descriptor decides what is kept")
def a_descriptor_writes(x):
    return Kept(x).v * x


@refused((Kept(0.5), 0.7), match="the attribute `.v`: a descriptor decides what it is")
def a_descriptor_reads(p, x):
    return p.v * x


@refused((0.7,), match="the attribute `.v`: a descriptor decides what it is")
def a_descriptor_is_all_there_is(x):
    return Behind().v * x * x


@refused((0.7,), match="the attribute `.f`: a descriptor decides what it is")
def a_descriptor_that_can_be_called(x):
    return WithHanding().f(x) * x


@refused((0.7,), match=r"`Made\(...\)`")
def a_metaclass_that_makes(x):
    return Made(x).v * x


@refused((0.7,), match="this `isinstance`: the metaclass of Everything decides it")
def a_metaclass_that_claims_a_number(x):
    return 3.0 * x if isinstance(x, Everything) else x * x


@refused((0.7,), match="this `isinstance`: the metaclass of Everything decides it")
def a_metaclass_that_claims_an_object(x):
    p = Plain(x)
    return 3.0 * x if isinstance(p, Everything) else p.v * x


@refused((0.7,), match="this `isinstance`: the metaclass of HasV decides it")
def a_protocol(x):
    p = Plain(x)
    return 3.0 * x if isinstance(p, HasV) else p.v * x


@refused((0.7,), match="the attribute `.k` of a class: its metaclass decides what it is")
def a_property_of_a_metaclass(x):
    p = Plain(x)
    return p.v * OfSized.k


@refused((0.7,), match=r"`Posing\(...\)`")
def a_class_that_poses_as_another(x):
    p = Posing(x)
    return 3.0 * x if isinstance(p, float) else p.v * x


@refused((0.7,), match=r"`Tripled\(...\)`")
def made_in_its_own_way(x):
    return Tripled(x).v * x


@refused((Own(0.5), 0.7), match="argument p is an Own: .* pass float")
def a_number_of_its_own(p, x):
    return p + x * x


@refused((0.7,), match="`OWN`: a captured Own is not a number")
def a_captured_number_of_its_own(x):
    return OWN + x * x


@refused((0.7, Always("a")), match="argument mode is an Always: .* pass str")
def a_string_of_its_own(x, mode):
    return x * x if mode == "b" else 3.0 * x


@refused((0.7, Level.LOW), match="argument level is a Level: .* pass level.value")
def an_enumeration_as_an_argument(x, level):
    return x * x if level is Level.LOW else 3.0 * x


@refused((0.7, Speed.FAST), match="argument mode is a Speed: .* pass mode.value")
def an_enumerated_string_as_an_argument(x, mode):
    return x * x if mode == "fast" else 3.0 * x


@refused((np.array([0.5, 1.5]).view(np.matrix),), match="argument x is a matrix")
def a_derived_array(x):
    return np.sum(x * 2)
