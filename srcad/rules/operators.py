"""Python's arithmetic operators.

Of the quotient's forms ``-y / b`` shares ``1 / b`` with the other partial, ``-a / b ** 2`` serves
where the result is not at hand, and ``-y ** 2 / a`` where ``a`` is a literal and only the result
is.
"""

from srcad.rules.elementwise import POWER, power_slope, quotient_slope
from srcad.rules.table import operator

operator("+", "Add", "a b", a="1", b="1")
operator("-", "Sub", "a b", a="1", b="-1")
operator("*", "Mult", "a b", a="b", b="a")
operator(
    "/",
    "Div",
    "a b",
    whole=False,
    slope=quotient_slope,
    a="1 / b",
    b=("-y / b", "-a / b ** 2", "-y ** 2 / a if literal(a) else -y / b"),
)
operator(
    "**",
    "Pow",
    "a b",
    slope=power_slope,
    a=POWER,
    b=("m.log(a + (a == 0)) * y", "m.log(a + (a == 0)) * a ** b"),
)
operator("%", "Mod", "a b", a="1", b="-(a // b)")
operator("//", "FloorDiv", "a b")
operator("-x", "USub", "a", a="-1")
operator("+x", "UAdd", "a", a="1")
