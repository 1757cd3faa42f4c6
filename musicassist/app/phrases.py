"""What becomes of what was played: captured without being asked, or recorded."""

from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from musicassist.app.arrangement import answer_start_ticks
from musicassist.app.demo import demo_session
from musicassist.app.document import Document
from musicassist.app.notices import Notices
from musicassist.app.player import Engine, Player
from musicassist.app.step_notices import StepNotices
from musicassist.engine.protocol import KeyMoved, PhraseCaptured, TakeRecorded
from musicassist.music.clip import Clip
from musicassist.music.overdub import overdubbed, replaced
from musicassist.music.session import Session
from musicassist.music.take import EARLY_TICKS, Take, clip_from_take
from musicassist.music.tempo import tempo_of_take
from musicassist.music.timebase import TICKS_PER_BEAT, Timebase

SLOWEST_BPM: Final = 20.0
FASTEST_BPM: Final = 400.0
SURE: Final = 0.3  # an estimate less sure than this changes nothing
_SAME_TEMPO: Final = 0.03
_FEWEST_NOTES: Final = 3  # fewer take no phrase's place unasked
_REMEMBERED_NS: Final = 3_600_000_000_000  # what is captured is no older


@dataclass(frozen=True, slots=True)
class _Reading:
    """A take laid on the time line.

    Attributes:
        clip: Its notes.
        bpm: The tempo it brings along; None for the session's.
        offered_bpm: The tempo it was played in, where the session keeps its own.
        is_tempo_unclear: Whether its tempo could not be told.
    """

    clip: Clip
    bpm: float | None = None
    offered_bpm: float | None = None
    is_tempo_unclear: bool = False


class Phrases(QObject):
    """Makes a phrase of what was played: by itself, by recording, at half or double tempo.

    `recorded` comes when a pass of recording is over, whatever became of it; `passes_changed` when
    there are other passes to choose from.

    Args:
        engine: What listens.
        document: Whose phrase it becomes.
        player: What is heard meanwhile.
        notices: Where the user is told.
        steps: Tells what was done, with the way back.
        parent: Its Qt owner.

    Thread: GUI.
    """

    recorded = Signal()
    passes_changed = Signal()

    def __init__(
        self,
        engine: Engine,
        document: Document,
        player: Player,
        notices: Notices,
        steps: StepNotices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._player = player
        self._notices = notices
        self._steps = steps
        self._demo = demo_session()
        self._found_tempos = Timebase().tempos
        self._recorded_ns: frozenset[int] = frozenset()
        self._is_new_recording = True
        self._base: Clip | None = None
        self._is_overdub = False
        self._expects_chords = False
        self._has_chords = False  # since the last captured phrase
        self._passes: tuple[tuple[Clip, Take | None], ...] = ()
        engine.event_arrived.connect(self._on_engine_event_arrived)
        player.recording_begun.connect(self._on_player_recording_begun)
        document.opened.connect(self._on_document_opened)

    @property
    def n_passes(self) -> int:
        """How many passes of the last recording there are to choose from."""
        return len(self._passes)

    @property
    def chosen_pass(self) -> int | None:
        """Which pass is the phrase now, counted from 0; None when another phrase is."""
        primer = self._document.session.primer
        clips = [clip for clip, _ in self._passes]
        return clips.index(primer) if primer in clips else None

    def choose_pass(self, index: int) -> None:
        """Let another pass of the last recording be the phrase."""
        clip, take = self._passes[index]
        self._document.replace_primer(clip, f"Choose pass {index + 1}", take=take)

    def expect_chords(self, is_on: bool) -> None:
        """Take what is played for chords: it is captured, but becomes no phrase unasked."""
        self._expects_chords = is_on

    @property
    def is_free(self) -> bool:
        """Whether the phrase was played without the transport, so that its tempo is a guess."""
        return _laid_out_bpm(self._document.session) is not None

    def can_reread(self, factor: float) -> bool:
        """Whether the phrase can be read at another multiple of its tempo."""
        session = self._document.session
        bpm = session.timebase.tempos[0].bpm * factor
        return _laid_out_bpm(session) is not None and SLOWEST_BPM <= bpm <= FASTEST_BPM

    def reread(self, factor: float) -> None:
        """Read the phrase, played without the transport, at a multiple of its tempo.

        It sounds as before; its notes get longer or shorter on the time line.

        Args:
            factor: .5 for half tempo, 2 for double.
        """
        session = self._document.session
        laid_out_bpm = _laid_out_bpm(session)
        if laid_out_bpm is None or session.primer is None or session.primer_take is None:
            return
        lead_ticks = round(session.primer.notes[0].onset_ticks * factor)
        reading = _at_tempo(session.timebase, laid_out_bpm * factor)
        clip = clip_from_take(
            session.primer_take, reading, name=session.primer.name, start_ticks=-lead_ticks
        )
        timebase = _at_tempo(session.timebase, session.timebase.tempos[0].bpm * factor)
        name = "Half tempo" if factor < 1 else "Double tempo"
        if session.timebase.tempos == self._found_tempos:
            self._found_tempos = timebase.tempos
        changed = replace(session, primer=clip, timebase=timebase)
        self._steps.take(
            lambda: self._document.replace_session(changed, name),
            lambda: f"Read at {timebase.tempos[0].bpm:.0f} BPM: {extent_of(clip, timebase)}.",
        )

    def _on_engine_event_arrived(self, event: object) -> None:
        match event:
            case PhraseCaptured():
                self._on_phrase_captured(event)
            case KeyMoved(is_down=True, is_playback=False):
                self._has_chords |= self._expects_chords
            case TakeRecorded():
                self._on_take_recorded(event)
                self.recorded.emit()

    def _on_phrase_captured(self, captured: PhraseCaptured) -> None:
        take = captured.take
        if not take.n_notes or (not captured.was_grabbed and self._is_recorded(take)):
            return
        # Asked for at the end of what was played: the keys may be a phrase's again by then.
        had_chords, self._has_chords = self._has_chords, False
        if had_chords and not captured.was_grabbed:
            self._offer(take, f"You played chords: {_notes(take.n_notes)}.")
            return
        if self._player.is_playing and not captured.was_grabbed:
            # Playing along must not take away what is being listened to. What is played to a
            # recording comes with it; what was played before comes to rest during the count-in.
            if not self._player.is_recording or not take.places_ticks:
                timebase = self._document.session.timebase
                extent = extent_of(self._read(take).clip, timebase)
                when = "before the recording" if self._player.is_recording else "along"
                self._offer(take, f"You played {when}: {extent}.")
            return
        if self._is_stray(captured):
            self._offer(take, f"You played {_notes(take.n_notes)}; your phrase stays.")
            return
        found = "Found what you played before the sound engine stopped"
        self._take_as_phrase(take, found if captured.was_recovered else "Your phrase")

    def _offer(self, take: Take, text: str) -> None:
        """Say what was played, and let it become the phrase."""
        self._notices.tell(
            text,
            action_name="Make it the phrase",
            action=lambda: self._take_as_phrase(take, "Your phrase"),
        )

    def _is_stray(self, captured: PhraseCaptured) -> bool:
        """Whether a key or two touched in passing would take the place of a phrase."""
        primer = self._document.session.primer
        if captured.was_grabbed or primer is None or primer == self._demo.primer:
            return False
        return captured.take.n_notes < _FEWEST_NOTES <= len(primer.notes)

    def _is_recorded(self, take: Take) -> bool:
        """Whether a captured phrase has been recorded, as far as that was wanted."""
        return any(event.is_note_on and event.time_ns in self._recorded_ns for event in take.events)

    def _take_as_phrase(self, take: Take, found: str) -> None:
        reading = self._read(take)
        session = self._without_demo()
        session = replace(session, primer=reading.clip, primer_take=take, selected_number=None)
        if reading.bpm is not None:
            session = replace(session, timebase=_at_tempo(session.timebase, reading.bpm))
            self._found_tempos = session.timebase.tempos
        timebase = session.timebase
        text = f"{found}: {extent_of(reading.clip, timebase)}"
        if reading.bpm is not None:
            text += f", at {reading.bpm:.0f} BPM"
        elif reading.is_tempo_unclear:
            text += f", kept at {timebase.tempos[0].bpm:.0f} BPM: its own tempo is not clear"
        text += "."
        offered_bpm = reading.offered_bpm
        if offered_bpm is None:
            self._steps.take(
                lambda: self._document.replace_session(session, "Play a phrase"), lambda: text
            )
            return
        self._document.replace_session(session, "Play a phrase")
        self._notices.tell(
            text,
            action_name=f"Use its tempo, {offered_bpm:.0f}",
            action=lambda: self._use_tempo(take, offered_bpm),
        )

    def _without_demo(self) -> Session:
        """Return the session without what belongs to the demo's phrase: its key and chords."""
        session = self._document.session
        if session.primer != self._demo.primer:
            return session
        return replace(session, key=None, progression_text="", progression=None)

    def _read(self, take: Take) -> _Reading:
        """Lay a take out: where it was heard, or in its own tempo, or in the session's."""
        session = self._document.session
        timebase, bpm = session.timebase, session.timebase.tempos[0].bpm
        if take.places_ticks:
            return _Reading(clip_from_take(take, timebase, name="Phrase"))
        found = tempo_of_take(take)
        if found is None or found.confidence < SURE:
            clip = clip_from_take(take, timebase, name="Phrase")
            return _Reading(clip, is_tempo_unclear=True)
        lead_ticks = round(found.place_beats * TICKS_PER_BEAT)
        own_bpm = round(found.bpm, 1)
        if self._may_take_tempo(session):
            own = _at_tempo(timebase, own_bpm)
            clip = clip_from_take(take, own, name="Phrase", start_ticks=-lead_ticks)
            return _Reading(clip, bpm=own_bpm)
        if abs(found.bpm / bpm - 1) <= _SAME_TEMPO:
            return _Reading(clip_from_take(take, timebase, name="Phrase", start_ticks=-lead_ticks))
        return _Reading(clip_from_take(take, timebase, name="Phrase"), offered_bpm=own_bpm)

    def _may_take_tempo(self, session: Session) -> bool:
        """Whether nothing yet hangs on the session's tempo, and nobody has chosen it."""
        is_new = session.primer == self._demo.primer or not session.solos
        untouched = (Timebase().tempos, self._demo.timebase.tempos, self._found_tempos)
        return is_new and session.timebase.tempos in untouched

    def _use_tempo(self, take: Take, bpm: float) -> None:
        session = self._document.session
        if session.primer_take is not take:
            self._notices.tell("Another phrase has taken its place since then.")
            return
        found = tempo_of_take(take)
        lead_ticks = round(found.place_beats * TICKS_PER_BEAT) if found is not None else 0
        timebase = _at_tempo(session.timebase, bpm)
        clip = clip_from_take(take, timebase, name="Phrase", start_ticks=-lead_ticks)
        changed = replace(session, primer=clip, timebase=timebase)
        self._steps.take(
            lambda: self._document.replace_session(changed, "Use its tempo"),
            lambda: f"Now at {bpm:.0f} BPM: {extent_of(clip, timebase)}.",
        )

    def _on_take_recorded(self, recorded: TakeRecorded) -> None:
        take = recorded.take
        struck_ns = {event.time_ns for event in take.events if event.is_note_on}
        if not struck_ns:
            return
        oldest_ns = max(struck_ns) - _REMEMBERED_NS
        self._recorded_ns = frozenset(
            each for each in self._recorded_ns | struck_ns if each > oldest_ns
        )
        if self._is_new_recording:
            self._begin_recording()
        if self._base is None:
            self._keep_pass(self._as_new_phrase(recorded), take)
            return
        shift_ticks = self._turns_ticks(recorded.start_ticks)
        timebase = self._document.session.timebase
        clip = clip_from_take(take, timebase, start_ticks=shift_ticks)
        if self._is_overdub:
            self._overdub(clip, take)
        else:
            start_ticks = round(recorded.start_ticks) - shift_ticks
            end_ticks = round(recorded.end_ticks) - shift_ticks
            self._keep_pass(replaced(self._base, clip, start_ticks, end_ticks), None)

    def _on_player_recording_begun(self) -> None:
        self._is_new_recording = True  # its first pass may be the second turn: one may wait

    def _on_document_opened(self) -> None:
        self._found_tempos = Timebase().tempos
        self._is_new_recording, self._base, self._passes = True, None, ()
        self.passes_changed.emit()

    def _begin_recording(self) -> None:
        primer = self._document.session.primer
        self._base = primer if primer is not None and primer.notes else None
        self._is_overdub = self._player.is_overdubbing
        self._is_new_recording = False
        self._passes = ()
        self.passes_changed.emit()

    def _as_new_phrase(self, recorded: TakeRecorded) -> Clip:
        """Lay out what was recorded where there was nothing."""
        timebase = self._document.session.timebase
        if self._player.state.is_looping and self._player.state.loop is not None:
            # In a loop every pass stands where the loop is.
            start_ticks = self._turns_ticks(recorded.start_ticks)
        else:
            # Otherwise the phrase begins with its own bar, of those that were recorded.
            placed = zip(recorded.take.events, recorded.take.places_ticks, strict=True)
            struck_ticks = next(place for event, place in placed if event.is_note_on)
            first_ticks = max(struck_ticks + EARLY_TICKS, recorded.start_ticks)
            start_ticks = timebase.bar_start_ticks(timebase.bar_at(first_ticks))
        return clip_from_take(recorded.take, timebase, name="Phrase", start_ticks=start_ticks)

    def _turns_ticks(self, start_ticks: float) -> int:
        """Return how far the turns of the loop have carried a pass along."""
        loop = self._player.loop_range
        if loop is None or start_ticks < loop.end_ticks:
            return 0
        length_ticks = loop.end_ticks - loop.start_ticks
        return int((start_ticks - loop.start_ticks) // length_ticks) * length_ticks

    def _keep_pass(self, clip: Clip, take: Take | None) -> None:
        self._passes = (*self._passes, (clip, take))
        n_passes = len(self._passes)
        timebase = self._document.session.timebase
        is_first = n_passes == 1
        text = "Recorded" if is_first else f"Pass {n_passes} recorded, the others are kept"
        self._steps.take(
            lambda: self._document.replace_primer(
                clip, "Record" if is_first else f"Record pass {n_passes}", take=take
            ),
            lambda: f"{text}: {extent_of(clip, timebase)}.",
        )
        self.passes_changed.emit()

    def _overdub(self, clip: Clip, take: Take) -> None:
        session = self._document.session
        assert session.primer is not None
        end_ticks = clip.length_ticks
        if session.selected_solo is not None:
            end_ticks = min(end_ticks, answer_start_ticks(session))
        inside = clip.between(0, end_ticks)
        n_over_solo = len(clip.notes) - len(inside.notes)
        if n_over_solo:
            self._offer(take, f"You recorded over the solo: {_notes(n_over_solo)}.")
        if inside.notes:
            dubbed = overdubbed(session.primer, inside)
            if n_over_solo:
                self._document.change_primer(dubbed, "Overdub")
                return
            self._steps.take(
                lambda: self._document.change_primer(dubbed, "Overdub"),
                lambda: f"Overdubbed {_notes(len(inside.notes))}.",
            )


def extent_of(clip: Clip, timebase: Timebase) -> str:
    """Return how much a clip holds, in words."""
    n_bars = timebase.bar_at(clip.length_ticks)
    return f"{_notes(len(clip.notes))} in {'1 bar' if n_bars == 1 else f'{n_bars} bars'}"


def _notes(n_notes: int) -> str:
    return "1 note" if n_notes == 1 else f"{n_notes} notes"


def _at_tempo(timebase: Timebase, bpm: float) -> Timebase:
    return replace(timebase, tempos=Timebase.steady(bpm).tempos)


def _laid_out_bpm(session: Session) -> float | None:
    """Return the tempo a phrase played without the transport was laid out in; None for others."""
    take, primer = session.primer_take, session.primer
    if take is None or take.places_ticks or primer is None or not primer.notes:
        return None
    struck_ns = [event.time_ns for event in take.events if event.is_note_on]
    span_s = (struck_ns[-1] - struck_ns[0]) / 1e9
    span_ticks = primer.notes[-1].onset_ticks - primer.notes[0].onset_ticks
    if span_s <= 0 or span_ticks <= 0:
        return None
    bpm = span_ticks / TICKS_PER_BEAT / span_s * 60
    # Ticks are whole: what is as good as the session's tempo is that.
    session_bpm = session.timebase.tempos[0].bpm
    return session_bpm if abs(bpm / session_bpm - 1) < 0.005 else bpm
