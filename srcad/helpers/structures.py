"""Objects with other values in their attributes.

>>> import types
>>> like(types.SimpleNamespace(a=1.0), a=2.0)
namespace(a=2.0)
"""


def like(x, /, **parts):  # type: ignore[no-untyped-def]
    """An object of the class of another one, made of the given attributes alone."""
    made = type(x).__new__(type(x))  # type: ignore[call-overload]
    for name, part in parts.items():
        object.__setattr__(made, name, part)
    return made
