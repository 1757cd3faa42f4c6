"""What a check found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

State = Literal["ok", "could be better", "does not work"]

OK: Final = "ok"
COULD_BE_BETTER: Final = "could be better"
DOES_NOT_WORK: Final = "does not work"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: What was looked at, in a word or two.
        state: Whether it works.
        what: One sentence: what was found; may hold foreign text.
        hint: One sentence: what to do; empty when nothing needs doing.
    """

    check: str
    state: State
    what: str
    hint: str = ""


def all_works(findings: Iterable[Finding]) -> bool:
    """Return whether all that is needed works; what could be better does not count."""
    return all(finding.state != DOES_NOT_WORK for finding in findings)
