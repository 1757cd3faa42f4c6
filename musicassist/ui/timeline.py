"""The middle of the window: ruler, chords, notes and velocities on one time line."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollBar, QVBoxLayout, QWidget

from musicassist.app.arrangement import Arrangement, answer_start_ticks
from musicassist.app.chord_track import ChordTrack
from musicassist.app.note_editor import NoteEditor
from musicassist.engine.protocol import LoopRange
from musicassist.music.session import Session
from musicassist.ui.bar_sweep import BarSweep, sweep_around
from musicassist.ui.chord_strip import ChordStrip
from musicassist.ui.hints import describe
from musicassist.ui.lane import Lane
from musicassist.ui.lane_stack import LaneStack
from musicassist.ui.note_colours import NoteColours
from musicassist.ui.piano_roll import PianoRoll
from musicassist.ui.ruler import Ruler
from musicassist.ui.theme import Theme
from musicassist.ui.time_axis import TimeAxis

_FEWEST_BARS = 4


class Timeline(QWidget):
    """All lanes, one under the other.

    `regenerate_wanted(first_bar, n_bars)` asks for bars of the solo to be made anew, counted from
    the solo's first bar line; `loop_chosen` for a range to be looped, `place_chosen` for where to
    start.

    Args:
        chords: Every way to change the chords.
        notes: What edits the notes.
    """

    place_chosen = Signal(int)
    loop_chosen = Signal(object)
    demo_wanted = Signal()
    regenerate_wanted = Signal(int, int)

    def __init__(self, chords: ChordTrack, notes: NoteEditor) -> None:
        super().__init__()
        self.setObjectName("timeline")
        self.axis = TimeAxis(self)
        self.ruler = Ruler(self.axis)
        self.chords = ChordStrip(self.axis, chords)
        self.notes = notes
        self.colours = NoteColours()
        self.roll = PianoRoll(self.axis, notes, self.colours)
        self.stack = LaneStack(self.axis)
        self._session = Session()
        self._shown: Session | None = None
        self._length_ticks = 0
        self._is_recording = False
        self.follows_playhead = True
        self._scroll_bar = QScrollBar(Qt.Orientation.Horizontal)
        describe(self._scroll_bar, "time_scroll")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for lane in (self.ruler, self.chords):
            layout.addWidget(lane)
        layout.addWidget(self.roll, 1)
        layout.addWidget(self.stack)
        layout.addWidget(self._scroll_bar)
        self.ruler.place_chosen.connect(self.place_chosen)
        self.ruler.loop_chosen.connect(self.loop_chosen)
        self.roll.demo_wanted.connect(self.demo_wanted)
        self.chords.editing_ended.connect(self.roll.setFocus)
        self.axis.changed.connect(self._on_axis_changed)
        self.ruler.bars_swept.connect(self.sweep)
        self.ruler.sweep_ended.connect(self._on_ruler_sweep_ended)
        self.roll.sweep_given_up.connect(self.forget_sweep)
        self.roll.sweep_button_pressed.connect(self.use_sweep)
        self._scroll_bar.valueChanged.connect(self._on_scroll_bar_moved)

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes from top to bottom."""
        return (self.ruler, self.chords, self.roll, *self.stack.lanes)

    def show_session(self, session: Session, arrangement: Arrangement) -> None:
        """Show another state of the session; what is not seen here draws nothing again."""
        if self._shown is not None and _unseen_from(session, self._shown) == self._shown:
            return
        self._shown = self._session = session
        progression = arrangement.progression
        chords_ticks = progression.length_ticks if progression is not None else 0
        least_ticks = session.timebase.bar_start_ticks(_FEWEST_BARS)
        self._length_ticks = max(arrangement.length_ticks, chords_ticks, least_ticks)
        if not self._is_recording or self._length_ticks > self.axis.length_ticks:
            self.axis.set_length(self._length_ticks)
        for part in (self.ruler, self.chords, self.roll, self.stack):
            part.show_session(session, arrangement)
        sweep = self.roll.sweep
        if sweep is not None:
            ends_ticks = sweep.span_of(session.timebase).end_ticks
            self.sweep(sweep if ends_ticks <= self.axis.length_ticks else None)

    def sweep(self, sweep: BarSweep | None) -> None:
        """Mark bars; over the solo they can be regenerated, over the phrase looped."""
        text = ""
        if sweep is not None:
            over_solo = sweep.over_solo(self._session, self.roll.arrangement)
            text = f"Regenerate {over_solo.words}" if over_solo else f"Loop {sweep.words}"
        self.ruler.show_sweep(sweep)
        self.roll.show_sweep(sweep, text)

    def forget_sweep(self) -> None:
        """Mark no bars."""
        self.sweep(None)

    def sweep_selection(self) -> None:
        """Mark the bars of the chosen notes."""
        notes = self.notes.selected_notes()
        if notes:
            first, last = notes[0].onset_ticks, notes[-1].onset_ticks
            self.sweep(sweep_around(self._session.timebase, first, last))

    def use_sweep(self) -> None:
        """Have the marked bars of the solo made anew, or loop those of the phrase."""
        sweep = self.roll.sweep
        if sweep is None:
            return
        over_solo = sweep.over_solo(self._session, self.roll.arrangement)
        timebase = self._session.timebase
        if over_solo is None:
            self.loop_chosen.emit(sweep.span_of(timebase))
        else:
            solo_bar = timebase.bar_at(answer_start_ticks(self._session))
            self.regenerate_wanted.emit(over_solo.first_bar - solo_bar, over_solo.n_bars)
        self.roll.setFocus()
        self.forget_sweep()

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours, with a gutter as wide as its words are large."""
        self.axis.set_room(self.width())
        for part in (self.ruler, self.chords, self.roll, self.stack):
            part.show_theme(theme)

    def show_loop(self, loop: LoopRange | None, *, is_looping: bool) -> None:
        """Show what is looped, or would be."""
        self.ruler.show_loop(loop, is_looping=is_looping)

    def show_recording(self, *, is_recording: bool) -> None:
        """Show whether what is played is recorded."""
        if is_recording == self._is_recording:
            return
        self._is_recording = is_recording
        for lane in self.lanes:
            lane.show_recording(is_recording=is_recording)
        if not is_recording:
            self.axis.set_length(self._length_ticks)

    def show_playhead(self, ticks: float, *, is_playing: bool) -> None:
        """Move the playhead; while playing, keep it in sight, while recording make it room."""
        if self._is_recording and ticks >= self.axis.length_ticks:
            bar = self._session.timebase.bar_at(ticks)
            n_bars = (bar // _FEWEST_BARS + 1) * _FEWEST_BARS
            self.axis.set_length(self._session.timebase.bar_start_ticks(n_bars))
        if is_playing and self.follows_playhead:
            self.axis.keep_seen(max(0.0, ticks))
        for lane in self.lanes:
            lane.show_playhead(ticks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the axis how much room there is."""
        super().resizeEvent(event)
        self.axis.set_room(self.width())

    def _on_ruler_sweep_ended(self) -> None:
        sweep = self.roll.sweep
        if sweep is not None:
            self.notes.select_bars(sweep.first_bar, sweep.n_bars)
            self.roll.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_axis_changed(self) -> None:
        bar = self._scroll_bar
        bar.blockSignals(True)
        bar.setRange(0, round(self.axis.furthest_left_ticks))
        bar.setPageStep(round(self.axis.seen_ticks))
        bar.setSingleStep(480)
        bar.setValue(round(self.axis.left_ticks))
        bar.blockSignals(False)
        bar.setVisible(bar.maximum() > 0)

    def _on_scroll_bar_moved(self, ticks: int) -> None:
        self.axis.scroll_to(ticks)


def _unseen_from(session: Session, other: Session) -> Session:
    """Return a session with all that no lane shows taken from another one."""
    return replace(
        session, name=other.name, wishes=other.wishes, mix=other.mix, backing=other.backing
    )
