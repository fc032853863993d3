"""Python's own functions of numbers."""

from srcad.analysis.kind import BOOL, FLOAT, INT
from srcad.rules.axes import one
from srcad.rules.elementwise import POWER
from srcad.rules.table import elementwise, zero

elementwise("builtins.float", "x", of_number=True, x="1")
elementwise(
    "builtins.pow",
    "a b",
    whole=True,
    a=POWER,
    b=("m.log(a + (a == 0)) * y", "m.log(a + (a == 0)) * a ** b"),
)

# Choices: operands that tie share the derivative equally.
elementwise(
    "builtins.max",
    "a b | [a b]",
    "a != b; ties share equally",
    variant="of two",
    whole=True,
    a="(a > b) + 0.5 * (a == b)",
    b="(b > a) + 0.5 * (a == b)",
)
elementwise(
    "builtins.max",
    "*x | [x]",
    "one largest; ties share equally",
    whole=True,
    x=("(x == y) / ties(y)", "(x == max(*xs)) / ties(max(*xs))"),
)
elementwise(
    "builtins.min",
    "a b | [a b]",
    "a != b; ties share equally",
    variant="of two",
    whole=True,
    a="(a < b) + 0.5 * (a == b)",
    b="(b < a) + 0.5 * (a == b)",
)
elementwise(
    "builtins.min",
    "*x | [x]",
    "one smallest; ties share equally",
    whole=True,
    x=("(x == y) / ties(y)", "(x == min(*xs)) / ties(min(*xs))"),
)

zero("builtins.round", lambda use: INT if len(use.operands) == 1 else FLOAT, "x ndigits?")
zero("builtins.int math.floor math.ceil math.trunc builtins.len", one(INT))
zero("math.isnan math.isinf math.isfinite math.isclose builtins.bool", one(BOOL))
zero("math.ulp", one(FLOAT))
zero("math.factorial math.gcd math.lcm math.isqrt math.comb math.perm builtins.range", one(INT))
zero("builtins.isinstance", one(BOOL))
