"""`python -m musicassist.engine`: how the window starts the engine process."""

import sys

from musicassist.engine.host import run_engine

if __name__ == "__main__":
    sys.exit(run_engine())
