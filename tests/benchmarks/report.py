"""Printing: a table of text, and whether a target is met."""

from collections.abc import Sequence


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows in columns, the first one flush left and the others flush right."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    print(f"\n{title}")
    for row in (header, ["-" * width for width in widths], *rows):
        first, *others = (
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join(["", first, *others]).rstrip())


def against(value: float, target: float, unit: str = "") -> str:
    """A target and whether `value` meets it.

    >>> against(1.2, 1.3)
    '<= 1.3, met'
    >>> against(75.0, 60.0, "ms")
    '<= 60 ms, missed'
    """
    verdict = "met" if value <= target else "missed"
    return f"<= {target:g}{' ' + unit if unit else ''}, {verdict}"
