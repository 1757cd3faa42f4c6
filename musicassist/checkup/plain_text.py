"""Foreign text made fit for a terminal."""


def plain(text: str) -> str:
    """Return text without what would move the cursor or change colours; a port may be named so."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)
