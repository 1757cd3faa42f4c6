"""`python -m musicassist.engine`: how the window starts the engine process."""

from musicassist.engine.host import run_engine

if __name__ == "__main__":
    run_engine()
