"""The mixer and the band: intents go in, and every engine sounds as the session says."""

import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final, Literal

from PySide6.QtCore import QObject, Signal

from musicassist.app.document import Document
from musicassist.app.feels import all_feels, find_feel
from musicassist.app.player import Engine
from musicassist.engine.protocol import (
    BASS_CHANNEL,
    CHORDS_CHANNEL,
    PLAYER_CHANNEL,
    SOLO_CHANNEL,
    ChooseSound,
    EngineReady,
    SetVolume,
)
from musicassist.music.backing import Backing
from musicassist.music.mix import BACKING_PARTS, MIX_PARTS, SILENT_DB, Mix, MixPart
from musicassist.music.session import Session

LOUDEST_DB: Final = 0.0
_LEAVE_S: Final = 2.0


class Mixer(QObject):
    """Changes mix and accompaniment of the session, each as a named step, and tells the engine.

    An engine that reports itself is told everything; after that only what changes is sent.

    Args:
        engine: What sounds.
        document: What is mixed.
        parent: Its Qt owner.

    `changed` comes when an engine would be told something else than before.

    Thread: GUI; a thread of its own works the band out the first time.
    """

    changed = Signal()

    def __init__(self, engine: Engine, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._document = document
        self._told = _commands_of(document.session)
        self._getting_ready: threading.Thread | None = None
        engine.event_arrived.connect(self._on_engine_event_arrived)
        document.session_changed.connect(self._on_document_session_changed)

    @property
    def mix(self) -> Mix:
        """The mix now."""
        return self._document.session.mix

    @property
    def backing(self) -> Backing:
        """What accompanies now."""
        return self._document.session.backing

    def get_ready(self) -> None:
        """Let the band be worked out in the background, so that the first Play is at once."""
        make_backing = self._document.arrangement.make_backing
        if make_backing is not None and self._getting_ready is None:
            self._getting_ready = threading.Thread(target=make_backing, name="band", daemon=True)
            self._getting_ready.start()

    def shut_down(self) -> None:
        """Wait for what is worked out in the background; takes 2 s at most."""
        if self._getting_ready is not None:
            self._getting_ready.join(_LEAVE_S)
            self._getting_ready = None

    def set_volume(self, part: MixPart, volume_db: float) -> None:
        """Make a part louder or softer."""
        volume_db = min(max(volume_db, SILENT_DB), LOUDEST_DB)
        self._mix_anew(
            f"Change volume of the {part}",
            self.mix.with_level(part, volume_db=volume_db),
            f"volume {part}",
        )

    def set_backing_volume(self, volume_db: float) -> None:
        """Make chords, bass and drums louder or softer together; the loudest is set to that."""
        mix = self.mix
        change_db = volume_db - self.backing_db
        for part in BACKING_PARTS:
            moved_db = min(max(mix.level(part).volume_db + change_db, SILENT_DB), LOUDEST_DB)
            mix = mix.with_level(part, volume_db=round(moved_db, 1))
        self._mix_anew("Change volume of the accompaniment", mix, "volume backing")

    @property
    def backing_db(self) -> float:
        """How loud the loudest of chords, bass and drums is set."""
        return max(self.mix.level(part).volume_db for part in BACKING_PARTS)

    def set_muted(self, part: MixPart, *, is_muted: bool) -> None:
        """Silence a part for now, or let it be heard again."""
        name = f"Mute the {part}" if is_muted else f"Unmute the {part}"
        self._mix_anew(name, self.mix.with_level(part, is_muted=is_muted))

    def set_soloed(self, part: MixPart, *, is_soloed: bool) -> None:
        """Silence the parts that are not soloed for now, or no longer."""
        name = f"Hear the {part} alone" if is_soloed else "Hear the others again"
        self._mix_anew(name, self.mix.with_level(part, is_soloed=is_soloed))

    def choose_sound(self, part: Literal["phrase", "solo"], program: int) -> None:
        """Let a part sound like another instrument.

        Raises:
            ValueError: There is no such program.
        """
        changes: dict[str, Any] = {f"{part}_program": program}
        mix = replace(self.mix, **changes)
        self._mix_anew(f"Change the sound of the {part}", mix, f"{part} sound")

    def choose_feel(self, feel_id: str) -> None:
        """Let phrase and solo be accompanied in a feel."""
        backing = replace(self.backing, feel_id=feel_id, is_on=True)
        name = f"Accompany with {find_feel(feel_id).title.lower()}"
        self._accompany(name, backing, "feel")

    def switch_backing(self, *, is_on: bool) -> None:
        """Let phrase and solo be accompanied, or heard alone."""
        name = "Accompany" if is_on else "Play without accompaniment"
        self._accompany(name, replace(self.backing, is_on=is_on))

    def choose_next_feel(self) -> None:
        """Let phrase and solo be accompanied in the feel after this one, going round."""
        feels = [feel.feel_id for feel in all_feels()]
        place = feels.index(find_feel(self.backing.feel_id).feel_id)
        self.choose_feel(feels[(place + 1) % len(feels)])

    def play_other_fills(self) -> None:
        """Let the drummer, and the walking bass, do something else in the same feel."""
        backing = replace(self.backing, seed=(self.backing.seed + 1) % 2**32)
        self._accompany("Other fills", backing, "fills")

    def _mix_anew(self, name: str, mix: Mix, merge_key: str = "") -> None:
        self._document.do(name, replace(self._document.session, mix=mix), merge_key)

    def _accompany(self, name: str, backing: Backing, merge_key: str = "") -> None:
        self._document.do(name, replace(self._document.session, backing=backing), merge_key)

    def _on_engine_event_arrived(self, event: object) -> None:
        if isinstance(event, EngineReady):
            self._told = _commands_of(self._document.session)
            self._tell(self._told)

    def _on_document_session_changed(self, session: Session) -> None:
        before, self._told = self._told, _commands_of(session)
        pairs = zip(before, self._told, strict=True)
        news = [now for known, now in pairs if now != known]
        if news:
            self._tell(news)
            self.changed.emit()

    def _tell(self, commands: Iterable[SetVolume | ChooseSound]) -> None:
        for command in commands:
            self._engine.send(command)


def _commands_of(session: Session) -> tuple[SetVolume | ChooseSound, ...]:
    """Return all that is said to an engine, always in one order.

    What is played live is as loud as the phrase, but neither muted nor silenced with it.
    """
    mix, feel = session.mix, find_feel(session.backing.feel_id)
    return (
        *(SetVolume(mix.heard_db(part), part) for part in MIX_PARTS),
        SetVolume(mix.phrase.volume_db, "player"),
        ChooseSound(PLAYER_CHANNEL, mix.phrase_program),
        ChooseSound(SOLO_CHANNEL, mix.solo_program),
        ChooseSound(CHORDS_CHANNEL, feel.chords_program),
        ChooseSound(BASS_CHANNEL, feel.bass_program),
    )
