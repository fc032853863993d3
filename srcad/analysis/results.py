"""The kind of the result of an operation that has a rule."""

from dataclasses import replace

from srcad.analysis.kind import (
    BOOL,
    FLOAT,
    INT,
    NOTHING,
    Array,
    Kind,
    ListOf,
    Literal,
    Nothing,
    Other,
    Scalar,
    TupleOf,
    Unknown,
    as_array,
    as_float,
    broadcast,
    is_complex,
)
from srcad.analysis.operation import Operation
from srcad.rules import Elementwise, Refused, Structured, Zero, gives_real


def kind_of_result(operation: Operation, kinds: list[Kind]) -> Kind:
    """The kind of the result, for the kinds of the operands."""
    kind = _kind_by_rule(operation, kinds)
    rule = operation.rule
    assert rule is not None
    own = isinstance(rule, Zero) or gives_real(rule)
    if any(map(is_complex, kinds)) and not own and not is_complex(kind):
        # What is real of complex operands has a rule of its own: this one would drop a part.
        if isinstance(kind, Nothing):
            return kind
        name = rule.name.rpartition(".")[2]
        why = "whether it is a number or an array is not known before running"
        raise Refused(f"`{name}` of a complex value", why, "an array of known axes")
    return kind


def _kind_by_rule(operation: Operation, kinds: list[Kind]) -> Kind:
    rule = operation.rule
    assert rule is not None
    if isinstance(rule, Zero):
        assert rule.kind is not None
        return rule.kind(operation.use(NOTHING))
    if any(isinstance(kind, Nothing) for kind in kinds):
        return NOTHING
    name = rule.name.split(".")[-1]
    if operation.module == "np" or (isinstance(rule, Structured) and rule.takes_lists):
        kinds = [as_array(kind) for kind in kinds]
    if any(isinstance(kind, (TupleOf, ListOf, Literal, Other)) for kind in kinds):
        raise Refused(
            f"an operand of `{name}`", "it is not a number or an array", "numbers and arrays"
        )
    if isinstance(rule, Structured):
        if not rule.takes_unknown and any(isinstance(kind, Unknown) for kind in kinds):
            raise Refused(
                f"`{rule.name}`",
                "whether its operand is a number or an array is not known before running",
                "a variable that is of one kind on every path",
            )
        assert rule.kind is not None
        return rule.kind(replace(operation.use(NOTHING), kinds=tuple(kinds)))
    assert isinstance(rule, Elementwise)
    given = [getattr(node, "kind", NOTHING) for node in operation.options.values()]
    result = broadcast(*kinds, *(each for each in given if isinstance(each, (Array, Scalar))))
    if operation.module == "math" or rule.of_number:
        if any(isinstance(kind, Array) and kind.rank for kind in kinds):
            raise Refused(f"`{rule.name}` of an array", "math takes numbers", "NumPy's function")
        return FLOAT
    if rule.whole:
        return INT if result == BOOL else result
    return as_float(result)
