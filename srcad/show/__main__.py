"""The entry point of ``python -m srcad.show``."""

import sys

from srcad.show.command import main

if __name__ == "__main__":
    sys.exit(main())
