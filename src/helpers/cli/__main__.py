"""The command line with this very Python: `python -m helpers.cli`."""

import sys

from helpers.cli import run_here

if __name__ == "__main__":
    sys.exit(run_here(sys.argv[1:]))
