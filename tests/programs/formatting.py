"""Source that is hard to find or to read: decorators, odd layout, nesting, lambdas."""
# fmt: off
# ruff: noqa: E501, E702, W191

import functools
import math

from tests.programs import program


@program(
    (0.7, 1.2),
    (-0.7, 1.2),
)
def arguments_on_many_lines(
    x,  # the first
    y=(
        2.0
    ),
):
    # a comment of its own
    return (
        x
        * y  # in between
        + math.sin(
            x,
        )
    )


@program((0.7,))
def text_at_column_zero(x):
    """
A docstring at column zero,
    and deeper.
"""
    message = """
at column zero, too
"""
    y = x * x
    return y * \
        y


@program((0.7,))
def tabs_and_spaces(x):
	y = x * x
	if y > 0:
		y = y * x
	return y


@program((0.7,))
def nothing_between(x): return x*x*x


program((0.7,))(lambda x: x * x)
program((0.7, 0.2))(lambda x, y: (lambda_like := x * y) * x); program((0.2,))(lambda z: z * z * z)


def _decorated(function):
    return function


@_decorated
@program((0.7,))
@_decorated
def several_decorators(x):
    return x * math.cos(x)


def _factory():
    k = 3.0

    class Inside:
        @staticmethod
        def method_like(x):
            return k * x * x

    return Inside.method_like


program((0.7,))(_factory())


@functools.lru_cache(None)
def _twice(k):
    def scaled_by(x):
        return k * math.sin(x)

    return scaled_by


program((0.7,))(_twice(2.0))
program((0.7,))(_twice(3.0))


if True:
    @program((0.7,))
    def same_name(x):
        return x * x
else:
    def same_name(x):
        return x * x * x


@program((0.7,))
def same_name(x):
    return x * x * x * x


@program((0.7,))
def deep_expression(x):
    return ((((((((((x + 1) * x + 1) * x + 1) * x + 1) * x + 1) * x + 1) * x + 1) * x + 1) * x + 1) * x)


@program((0.7,))
def numbers_of_all_forms(x):
    return x * 1_000 + 0x10 * x + 1e-3 * x + .5 * x + 5. * x + 0b11 * x + 1E3 * x * x + 0o17
