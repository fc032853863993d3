"""The command line: options in, source to stdout, all else to stderr, and an exit status.

0: all is printed.  1: some function is not differentiable.  2: wrong usage, or an input that
cannot be read.  130: interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import sys
from collections.abc import Sequence

from srcad.errors import SourceError, SrcadError
from srcad.read import read_text
from srcad.show import say
from srcad.show.coverage import coverage
from srcad.show.job import jobs_of
from srcad.show.order import RUN, Order, chosen, orders_in
from srcad.show.render import block
from srcad.show.run import live_orders
from srcad.show.settings import Settings, UsageError, axes_of, wrt_of

DONE, REFUSED, USAGE, INTERRUPTED = 0, 1, 2, 130
PROGRAM = "python -m srcad.show"


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(
        prog=PROGRAM,
        allow_abbrev=False,
        description="Print the derivatives that a file asks for (with @grad or grad(f)), or those "
        "of all its functions. The file is read, not executed.",
        epilog="Exit status: 0 done, 1 some function is not differentiable, 2 wrong usage or an "
        "input that cannot be read.",
    )
    add = made.add_argument
    add("file", help="a file of Python; - reads standard input")
    add("--function", metavar="NAME", help="only this function")
    add("--mode", choices=("forward", "reverse", "both"), help="forward, reverse or both modes")
    add(
        "--wrt",
        metavar="x,a",
        help="the arguments to differentiate with respect to, by name or position",
    )
    add(
        "--axes",
        metavar="b=1,t=2",
        help="the arguments that are arrays, where annotations and uses do not tell, and their "
        "numbers of axes",
    )
    add("--names", choices=("user", "w"), help="the user's names, or all numbered as in notes")
    add("--ascii", action="store_true", help="write x_bar and x_dot for barred and dotted letters")
    add("--stages", action="store_true", help="print the code after each pass")
    add(
        "--at",
        metavar="x=1.0,a=2.0",
        help="print a table of all values and their derivatives at this point",
    )
    add(
        "--format",
        choices=("python", "mermaid", "dot"),
        default="python",
        help="source, or the computation graph in the language of Mermaid or Graphviz",
    )
    add("-o", "--output", metavar="FILE", help="write to a file")
    add("--run", action="store_true", help="import the file, which executes it")
    add("--coverage", action=_Coverage, help="print which functions have derivatives, and end")
    return made


class _Coverage(argparse.Action):
    """An option that prints the page of coverage, and ends the command."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        _write(coverage(), None)
        parser.exit()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit status.

    >>> main(["no-such-file.py"])
    2
    """
    try:
        return _main(argv)
    except KeyboardInterrupt:
        _tell("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_stdout()  # whoever read the output has enough of it
        return DONE
    except Exception as error:
        _tell(say.defect(error, PROGRAM))
        return REFUSED


def _main(argv: Sequence[str] | None) -> int:
    try:
        arguments = parser().parse_args(argv)
    except SystemExit as end:  # argparse has said why; 0 after --help
        return DONE if not end.code else USAGE
    try:
        settings = _settings(arguments)
        text, filename = _read(arguments.file)
        found = live_orders(text, filename) if arguments.run else orders_in(text, filename)
        orders = chosen(found, arguments.function, filename)
        if settings.format == "mermaid" and len(orders) > 1:
            raise UsageError("Mermaid takes one graph at a time: choose one with --function")
        if arguments.output is not None:
            _check_output(arguments.output, arguments.file)
        blocks, status = _blocks(orders, settings, filename, arguments.run)
        _write("\n\n".join(blocks), arguments.output)
        return status
    except UsageError as error:
        _tell(f"{PROGRAM}: {error}")
    except SrcadError as error:
        _tell(say.refusal(error, PROGRAM))
    except RecursionError as error:
        _tell(say.defect(error, arguments.file))
    return USAGE


def _settings(arguments: argparse.Namespace) -> Settings:
    if arguments.at is not None and (arguments.stages or arguments.format != "python"):
        raise UsageError("--at prints a table: it goes without --stages and --format")
    if arguments.stages and arguments.format != "python":
        raise UsageError("--stages prints source: it goes without --format")
    wrt = None if arguments.wrt is None else wrt_of(arguments.wrt)
    return Settings(
        arguments.mode,
        wrt,
        arguments.names,
        arguments.ascii,
        arguments.stages,
        arguments.at,
        arguments.format,
        () if arguments.axes is None else axes_of(arguments.axes),
    )


def _read(path: str) -> tuple[str, str]:
    """The text of the file or of standard input, and the name by which it is called."""
    if path != "-":
        return read_text(path), path
    try:
        return importlib.util.decode_source(sys.stdin.buffer.read()), "<stdin>"
    except (UnicodeError, SyntaxError, LookupError):
        raise SourceError(
            "standard input cannot be decoded: it is not in the encoding that its first lines say "
            "(UTF-8, if nothing)"
        ) from None
    except (OSError, ValueError, AttributeError):
        raise SourceError("standard input cannot be read") from None


def _blocks(
    orders: list[Order], settings: Settings, filename: str, run: bool
) -> tuple[list[str], int]:
    """What is printed for each order that can be fulfilled; the others are told on stderr."""
    blocks: list[str] = []
    status = DONE
    for order in orders:
        place = f"{filename}:{order.lineno}: {order.name or order.target or 'a function'}"
        try:
            # Prints of the user's function, which a table runs, are no part of the output.
            with contextlib.redirect_stdout(sys.stderr):
                jobs = jobs_of(order, settings)
                taken = jobs[0].taken_for_floats if settings.at is None else []
                if taken:
                    _tell(
                        f"{place}: {', '.join(taken)} taken for floats: if they are arrays, say "
                        f"so with --axes {taken[0]}=1, or by annotations (np.ndarray)"
                    )
                # A graph is the function's own: it is the same in both modes.
                for job in jobs if settings.format == "python" else jobs[:1]:
                    blocks.append(block(job, settings))
            continue
        except SrcadError as error:
            _tell(say.refusal(error, place))
        except UsageError:
            raise
        except Exception as error:
            _tell(say.defect(error, place))
        status = REFUSED
        unknown = say.unresolved(order.source) if order.source and not run else []
        if unknown:
            _tell(f"{place}: {'; '.join(unknown)}: {RUN}")
    return blocks, status


def _check_output(output: str, source: str) -> None:
    """Refuse to write over the file that is read."""
    with contextlib.suppress(OSError):
        if source != "-" and os.path.samefile(output, source):
            raise UsageError("-o names the file that is read")


def _write(text: str, output: str | None) -> None:
    if not text:
        return
    if output is not None:
        try:
            with open(output, "w", encoding="utf-8") as file:
                file.write(text)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is no path"
            raise UsageError(f"cannot write {output}: {reason}") from None
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except UnicodeEncodeError as error:
        raise UsageError(
            f"the output has letters that {error.encoding} lacks: give --ascii, or -o FILE"
        ) from None
    except BrokenPipeError:
        raise
    except (OSError, ValueError, AttributeError) as error:
        _abandon_stdout()
        reason = getattr(error, "strerror", None) or "it is closed"
        raise UsageError(f"cannot write to standard output: {reason}") from None


def _abandon_stdout() -> None:
    """Send to nowhere what Python would try to write once more when it ends."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tell(message: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        print(message, file=sys.stderr, flush=True)
