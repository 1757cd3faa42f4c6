"""`python -m musicassist.generation`: how the window starts the soloist process."""

from musicassist.generation.host import run_soloist

if __name__ == "__main__":
    run_soloist()
