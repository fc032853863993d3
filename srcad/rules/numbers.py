"""Python's own functions of numbers, and the functions whose derivative is zero."""

from srcad.rules.table import elementwise, zero

elementwise("builtins.float", "x", x="1")
elementwise(
    "builtins.pow",
    "a b",
    a=("b * a ** (b - 1)", "b * a ** (b - (b != 0))"),
    b=("m.log(a + (a == 0)) * y", "m.log(a + (a == 0)) * a ** b"),
)

zero("builtins.int builtins.round math.floor math.ceil math.trunc builtins.len", "int")
zero("math.isnan math.isinf math.isfinite math.isclose builtins.bool", "bool")
zero("math.ulp", "float")
zero("math.factorial math.gcd math.lcm math.isqrt math.comb math.perm builtins.range", "int")
zero("np.shape", "shape")
zero("np.size np.ndim builtins.isinstance", "int")
zero("np.floor np.ceil np.trunc np.rint np.round np.sign np.isnan np.isinf np.isfinite")
zero("np.zeros_like np.ones_like", "like")
