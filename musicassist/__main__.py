"""`python -m musicassist`: no arguments, the window; a sub-command, the command line."""

import sys

from musicassist.cli import main

if __name__ == "__main__":
    sys.exit(main())
