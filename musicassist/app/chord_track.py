"""The chords of the session: every way to change them, and those the soloist hears by itself."""

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.arrangement import answer_start_ticks
from musicassist.app.chord_finder import ChordFinder
from musicassist.app.chord_keys import PlayedChords, Preview
from musicassist.app.document import CHORDS, Document
from musicassist.app.notices import Notices
from musicassist.app.phrases import Phrases
from musicassist.app.progression_presets import Preset
from musicassist.app.step_notices import StepNotices
from musicassist.app.workbench import Workbench
from musicassist.errors import ChordSpellingError, EmptyPhraseError, KeySpellingError
from musicassist.generation.regeneration import n_bars_of
from musicassist.generation.soloist import MOST_BARS, SoloRequest
from musicassist.music.chord_text import progression_text, written_chord
from musicassist.music.chords import ChordSymbol, Progression, parse_chord, parse_progression
from musicassist.music.clip import Clip
from musicassist.music.degrees import key_of_chords
from musicassist.music.keys import Key
from musicassist.music.progressions import (
    moved_by,
    part_of,
    plain,
    reaching,
    with_change_moved,
    with_length,
    with_part,
    without_chords,
    without_time,
)
from musicassist.music.session import Session
from musicassist.music.solo import Solo
from musicassist.music.timebase import TICKS_PER_BEAT

if TYPE_CHECKING:
    from musicassist.generation.primer_harmony import Harmony  # it brings numpy

FEWEST_BARS: Final = 4  # are there to be filled, however short the music is
_HOLDS: Final = ("/", "%")
_HELD_FIRST: Final = [[each] for each in _HOLDS]
_MOST_RECENT: Final = 7


class ChordTrack(QObject):
    """Changes the session's chords, one named step each.

    Places are ticks from the start of the phrase. Where nothing is typed, the chords the soloist
    hears under the phrase stand in the track (`heard`), and the first edit takes them over; an edit
    of a repeat writes the repeats out. A solo that plays follows every change at once.

    `preview` lets chords be heard, `played` takes them from a keyboard.
    `changed` comes when the chords heard, or the key, have become others without a step,
    `opened` when all of them belong to another session.

    Args:
        document: Whose chords.
        workbench: Lets the solo follow, and keys be heard.
        phrases: Must not take chords that are played for a phrase.
        notices: Where the user is told.
        steps: Tells what was done, with the way back.
        parent: Its Qt owner.

    Thread: GUI.
    """

    changed = Signal()
    opened = Signal()

    def __init__(
        self,
        document: Document,
        workbench: Workbench,
        phrases: Phrases,
        notices: Notices,
        steps: StepNotices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._workbench = workbench
        self._notices = notices
        self._steps = steps
        self.preview = Preview(workbench, self)
        self.played = PlayedChords(workbench, phrases, lambda: self.key, self)
        self._n_edits = 0
        self._recent: tuple[str, ...] = ()
        self._dragged: tuple[str, Progression] | None = None  # a movement, what it began with
        self._listened_to: SoloRequest | None = None
        self._harmony: Harmony | None = None
        self._searched: Clip | None = None
        self._ear = ChordFinder(self)
        self._ear.found.connect(self._on_ear_found)
        self._search = ChordFinder(self)
        self._search.found.connect(self._on_search_found)
        document.session_changed.connect(self._listen)
        document.opened.connect(self._on_document_opened)
        self._listen(document.session)

    def shut_down(self) -> None:
        """End what is being looked for."""
        self._ear.shut_down()
        self._search.shut_down()

    @property
    def key(self) -> Key:
        """The key chords are named in: the session's, or the one heard, or C major."""
        session = self._document.session
        if session.key is not None:
            return session.key
        if self._harmony is not None:
            return self._harmony.key
        return key_of_chords(session.progression or Progression())

    @property
    def heard(self) -> Progression | None:
        """The chords the soloist hears, as far as there is music; None where some are typed."""
        session = self._document.session
        length_ticks = self._document.arrangement.length_ticks
        if session.progression is not None or self._harmony is None or not length_ticks:
            return None
        return self._harmony.progression.looped_to(length_ticks)

    @property
    def whole_ticks(self) -> int:
        """Where all that can be filled in ends."""
        session = self._document.session
        typed_ticks = session.progression.length_ticks if session.progression is not None else 0
        least_ticks = session.timebase.bar_start_ticks(FEWEST_BARS)
        return max(self._document.arrangement.length_ticks, typed_ticks, least_ticks)

    @property
    def recent(self) -> tuple[str, ...]:
        """The chords entered last, the newest first."""
        return self._recent

    def set_text(self, text: str) -> None:
        """Play over the chords typed; an empty text takes them away.

        Raises:
            ChordSpellingError: One of them is not understood; nothing is changed.
        """
        text = text.strip()
        timebase = self._document.session.timebase
        self._change("Change chords", parse_progression(text, timebase) if text else None, text)

    def set_chord(self, start_ticks: int, end_ticks: int, text: str) -> int:
        """Put a chord, or several, into a range, and return where they end.

        Several words share the range; several bars with `|` between them go on beyond it, the
        first being what is left of the bar they begin in.

        Raises:
            ChordSpellingError: One of them is not understood; nothing is changed.
        """
        part = self._read(start_ticks, end_ticks, text)
        self._put(start_ticks, part, f"Enter {text.strip()}" if len(text) < 12 else "Enter chords")
        self._remember(part)
        return start_ticks + part.length_ticks

    def put(self, start_ticks: int, part: Progression, step_name: str = "Paste chords") -> None:
        """Put copied chords over what is there."""
        self._put(start_ticks, part, step_name)

    def part(self, start_ticks: int, end_ticks: int) -> Progression:
        """Return the chords of a range, to be copied."""
        return part_of(self._reaching(end_ticks), start_ticks, end_ticks)

    def clear(self, start_ticks: int, end_ticks: int) -> None:
        """Let the chord before a range hold on through it; the whole track is emptied."""
        typed = self._document.session.progression
        if typed is None:
            return
        if start_ticks <= 0 and end_ticks >= typed.length_ticks:
            self._steps.take(
                lambda: self._change("Clear the chords", None), lambda: "The chords are cleared."
            )
            return
        self._change(
            "Clear chords", without_chords(self._reaching(end_ticks), start_ticks, end_ticks)
        )

    def remove_bars(self, start_ticks: int, end_ticks: int) -> None:
        """Cut the bars of a range out of the chords; the music stays."""
        timebase = self._document.session.timebase
        start_ticks = timebase.bar_start_ticks(timebase.bar_at(start_ticks))
        end_ticks = timebase.next_bar_line_ticks(end_ticks)
        progression = self._reaching(end_ticks)
        if start_ticks <= 0 and end_ticks >= progression.length_ticks:
            self.clear(start_ticks, end_ticks)
            return
        self._change("Remove bars of chords", without_time(progression, start_ticks, end_ticks))

    def repeat_to(self, end_ticks: int, movement: str = "") -> None:
        """Let the chords end, and begin again, at the bar line next to a place.

        Args:
            end_ticks: The place.
            movement: Moves of the same name in a row are one step, and lose no chord on the way.
        """
        timebase = self._document.session.timebase
        bar = timebase.bar_at(end_ticks)
        borders = timebase.bar_start_ticks(bar), timebase.bar_start_ticks(bar + 1)
        nearest_ticks = min(borders, key=lambda each: abs(each - end_ticks))
        nearest_ticks = max(nearest_ticks, timebase.bar_start_ticks(1))
        if not movement or self._dragged is None or self._dragged[0] != movement:
            self._dragged = movement, self._reaching(1)
        progression = with_length(self._dragged[1], nearest_ticks)
        self._change("Change where chords repeat", progression, movement=movement)

    def move_change(self, from_ticks: int, to_ticks: int, movement: str = "") -> int:
        """Move where a chord begins, between its neighbours, and return where it begins then.

        Args:
            from_ticks: Where it begins.
            to_ticks: Where it shall begin.
            movement: Moves of the same name in a row are one step.
        """
        progression = self._reaching(from_ticks + 1)
        index = [onset_ticks for onset_ticks, _ in progression.changes].index(from_ticks)
        least_ticks = min(TICKS_PER_BEAT, self._count_ticks(from_ticks))
        moved = with_change_moved(progression, from_ticks, to_ticks, least_ticks)
        self._change("Move a chord", moved, movement=movement)
        return moved.changes[index][0]

    def transpose(self, semitones: int, start_ticks: int, end_ticks: int) -> None:
        """Move the chords of a range up or down; everything moves with no chord left behind."""
        progression = self._reaching(end_ticks)
        is_whole = start_ticks <= 0 and end_ticks >= progression.length_ticks
        key = self.key.transposed_by(semitones) if is_whole else self.key
        moved = moved_by(progression, semitones, key, start_ticks, end_ticks)
        self._steps.take(
            lambda: self._change("Transpose chords", moved),
            lambda: f"Chords moved {_by(semitones)}.",
        )

    def transpose_everything(self, semitones: int) -> None:
        """Move key, chords, phrase and the chosen solo; the solo as it was stays in the list."""
        session = self._document.session
        clips = [session.primer] if session.primer is not None else []
        if session.selected_solo is not None:
            solo = session.selected_solo.solo
            clips += [solo.clip, solo.primer]
        pitches = [note.pitch for clip in clips for note in clip.notes]
        if any(not 0 <= pitch + semitones <= 127 for pitch in pitches):
            self._notices.tell("That would leave the range of MIDI notes; nothing was moved.")
            return
        moved = _transposed(session, semitones, self.key)
        self._steps.take(
            lambda: self._document.do("Transpose everything", moved),
            lambda: f"Key, chords, phrase and solo moved {_by(semitones)}.",
        )

    def apply_preset(self, preset: Preset, span: tuple[int, int] | None) -> None:
        """Put a progression into the whole track, or again and again into the bars of a range."""
        timebase, key = self._document.session.timebase, self.key
        if span is None:
            progression = preset.in_key(key, timebase)
        else:
            start_ticks = timebase.bar_start_ticks(timebase.bar_at(span[0]))
            end_ticks = timebase.next_bar_line_ticks(span[1])
            part = preset.in_key(key, timebase.from_ticks(start_ticks))
            part = part.looped_to(end_ticks - start_ticks)
            progression = with_part(self._reaching(end_ticks), start_ticks, part)
        in_key = preset.key_for(key)
        self._steps.take(
            lambda: self._change(f"Use {preset.title}", progression),
            lambda: f"{preset.title} in {in_key.name}.",
        )

    def keep_heard(self) -> None:
        """Make the chords the soloist hears the session's own."""
        heard = self.heard
        if heard is not None:
            kept = plain(heard, self._document.session.timebase)
            self._steps.take(
                lambda: self._change("Use the chords heard", kept, follows=False),
                lambda: "These chords are yours now; they no longer follow the phrase.",
            )

    def find_in_phrase(self) -> None:
        """Write the chords the phrase suggests; they come when they are found."""
        session = self._document.session
        if session.primer is None or not session.primer.notes:
            self._notices.show_error(
                EmptyPhraseError(
                    "There is no phrase to find chords in.", "Play one, or drop a MIDI file here."
                )
            )
            return
        self._searched = session.primer
        self._search.find(SoloRequest(session.primer, session.timebase, session.key, n_bars=1))

    def _on_search_found(self, harmony: "Harmony") -> None:
        session = self._document.session
        if session.primer is not self._searched:
            return
        self._searched = None
        found = harmony.progression.looped_to(answer_start_ticks(session))
        progression = plain(found, session.timebase)
        n_chords = len({chord.text for _, chord in progression.changes})
        text = f"Found {'one chord' if n_chords == 1 else f'{n_chords} chords'} in your phrase"
        name = "Find chords in the phrase"
        if session.key is not None:
            told = f"{text}, in {session.key.name}."
            self._steps.take(lambda: self._change(name, progression), lambda: told)
            return
        self._change(name, progression)
        self._notices.tell(
            f"{text}; it sounds like {harmony.key.name}.",
            action_name=f"Use {harmony.key.name}",
            action=lambda: self._document.set_key(harmony.key),
        )

    def _listen(self, session: Session) -> None:
        """Have key and chords found that nobody gave, once for the same phrase."""
        request = _request_to_listen_to(session)
        if request == self._listened_to:
            return
        self._listened_to, self._harmony = request, None
        if request is None:
            self._ear.cancel()
        else:
            self._ear.find(request)

    def _on_document_opened(self, _session: Session) -> None:
        self._recent = ()
        self.opened.emit()

    def _on_ear_found(self, harmony: "Harmony") -> None:
        self._harmony = harmony
        self.changed.emit()

    def _read(self, start_ticks: int, end_ticks: int, text: str) -> Progression:
        """Return chords as typed into a range, from a tick 0 of their own."""
        length_ticks = end_ticks - start_ticks
        text = text.strip()
        if "|" in text or "\n" in text:
            bars = text.lstrip("| \t\r\n")
            held = self._held_before(start_ticks, end_ticks)
            if held is not None and bars.split(maxsplit=1)[:1] in _HELD_FIRST:
                bars = held.text + bars[1:]
            return parse_progression(bars, self._document.session.timebase, start_ticks)
        try:
            return Progression(self._shares(start_ticks, end_ticks, text.split()), length_ticks)
        except ChordSpellingError:
            # MusicXML's kinds are words of their own; what is wrong with one is told of the whole.
            return Progression(((0, written_chord(parse_chord(text))),), length_ticks)

    def _shares(
        self, start_ticks: int, end_ticks: int, words: list[str]
    ) -> tuple[tuple[int, ChordSymbol], ...]:
        """Return chords that share a range evenly, as those of a bar do."""
        changes: list[tuple[int, ChordSymbol]] = []
        for share, word in enumerate(words):
            place = (end_ticks - start_ticks) * share // len(words)
            if word not in _HOLDS:
                changes.append((place, parse_chord(word)))
            elif not share and (held := self._held_before(start_ticks, end_ticks)) is not None:
                changes.append((0, held))
        return tuple(changes)

    def _held_before(self, start_ticks: int, end_ticks: int) -> ChordSymbol | None:
        """Return the chord that goes on into a range; None at the start."""
        return self._reaching(end_ticks).chord_at(start_ticks - 1) if start_ticks else None

    def _put(self, start_ticks: int, part: Progression, step_name: str) -> None:
        progression = self._reaching(start_ticks + part.length_ticks)
        self._change(step_name, with_part(progression, start_ticks, part))

    def _reaching(self, end_ticks: int) -> Progression:
        session = self._document.session
        shown = session.progression or self.heard or Progression()
        return reaching(shown, session.timebase, end_ticks, self._document.arrangement.length_ticks)

    def _change(
        self,
        step_name: str,
        progression: Progression | None,
        text: str | None = None,
        *,
        movement: str = "",
        follows: bool = True,
    ) -> None:
        session = self._document.session
        before = session.progression or self.heard
        if text is None:
            text = progression_text(progression or Progression(), session.timebase)
        if not movement:
            self._n_edits += 1
        self._document.do(
            step_name,
            replace(session, progression_text=text, progression=progression),
            f"{CHORDS} {movement or self._n_edits}",
        )
        if follows:
            self._workbench.follow_chords(before)

    def _remember(self, part: Progression) -> None:
        new = [chord.text for _, chord in part.changes if not chord.is_no_chord]
        self._recent = tuple(dict.fromkeys([*reversed(new), *self._recent]))[:_MOST_RECENT]

    def _count_ticks(self, ticks: int) -> int:
        meter = self._document.session.timebase.meter_at(ticks)
        return meter.bar_ticks // meter.numerator


def _request_to_listen_to(session: Session) -> SoloRequest | None:
    """Return what the soloist is to find out by itself; None where all is given, or no music."""
    primer = session.primer
    is_given = session.progression is not None and session.key is not None
    if primer is None or not primer.notes or is_given:
        return None
    n_bars = 1
    if session.selected_solo is not None:
        n_bars = n_bars_of(session.selected_solo.solo, session.timebase)
    return SoloRequest(
        primer,
        session.timebase,
        session.key,
        session.progression,
        n_bars=min(max(n_bars, 1), MOST_BARS),
    )


def _transposed(session: Session, semitones: int, heard_key: Key) -> Session:
    key = (session.key or heard_key).transposed_by(semitones)
    primer, progression, numbered = session.primer, session.progression, session.selected_solo
    if progression is not None:
        progression = moved_by(progression, semitones, key, 0, progression.length_ticks)
    moved = replace(
        session,
        key=None if session.key is None else key,
        progression=progression,
        progression_text=progression_text(progression or Progression(), session.timebase),
        primer=None if primer is None else _clip_transposed(primer, semitones),
        primer_take=session.primer_take if semitones == 0 else None,
    )
    if numbered is None:
        return moved
    origin = f"{numbered.name} moved {_by(semitones)}"
    return moved.with_new_solos((_solo(numbered.solo, semitones),), origin)


def _solo(solo: Solo, semitones: int) -> Solo:
    settings = {**solo.settings, "transposed": semitones}
    with suppress(KeySpellingError):  # it may say none
        key = Key.parse(str(solo.settings.get("key", "")))
        settings["key"] = key.transposed_by(semitones).name
    return replace(
        solo,
        clip=_clip_transposed(solo.clip, semitones),
        primer=_clip_transposed(solo.primer, semitones),
        settings=settings,
    )


def _clip_transposed(clip: Clip, semitones: int) -> Clip:
    notes = tuple(replace(note, pitch=note.pitch + semitones) for note in clip.notes)
    return replace(clip, notes=notes)


def _by(semitones: int) -> str:
    n = abs(semitones)
    way = "up" if semitones > 0 else "down"
    return f"{way} a semitone" if n == 1 else f"{way} {n} semitones"
