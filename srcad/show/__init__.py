"""``python -m srcad.show file.py``: print derivatives, without running the file."""

from srcad.show.command import main

__all__ = ["main"]
