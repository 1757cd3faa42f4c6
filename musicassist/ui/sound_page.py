"""Where sound goes, what it is made of, and how loud everything is."""

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from musicassist.app.devices import DevicesState
from musicassist.engine.protocol import EngineReady, Sound
from musicassist.music.mix import Mix
from musicassist.storage.settings import Settings
from musicassist.ui.controls import ComboBox, Slider, label
from musicassist.ui.fader import Fader, db_in_words
from musicassist.ui.form import choice_field, field_row, offer, one_line
from musicassist.ui.hints import NO_ENGINE, describe, enable
from musicassist.ui.theme import Theme

BLOCKS_FRAMES: Final = (64, 128, 256, 512, 1024, 2048)
_USUAL_RATE_HZ: Final = 48_000
_OTHER_FILE: Final = "?"  # no path
_ROOMS: Final = ((0.0, "dry"), (0.25, "a room"), (0.6, "a hall"), (1.0, "a cathedral"))
_WORDS_PX: Final = 88
_ONE_SOUND: Final = "This sound set offers no choice."


class SoundPage(QWidget):
    """Shows how things sound.

    `settings_changed(fields)` carries what is chosen; `soundfonts_wanted` comes when those on this
    machine are to be shown.
    """

    settings_changed = Signal(object)
    sound_chosen = Signal(str, int)
    soundfonts_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "clear")
        self._soundfont = ""
        self.device = _combo("audio_device_field")
        self.block = _combo("block_field")
        self.soundfont = _combo("soundfont_field")
        self.player_sound = _combo("player_sound_field")
        self.solo_sound = _combo("solo_sound_field")
        self.means = label("", "second")
        self.means.setWordWrap(True)
        resting = Settings()
        self.room = Slider(resting=round(100 * resting.room), accent="plain")
        describe(self.room, "room_slider")
        self.room_words = label("", "second")
        self.volume = Fader(resting.volume_db, "plain")
        describe(self.volume, "volume_of_all_slider")
        self.volume_words = label("", "second")
        self._lay_out()
        self._connect()

    def show_state(self, state: DevicesState, settings: Settings, mix: Mix) -> None:
        """Show what there is and what is chosen."""
        ready, options = state.ready, state.options
        self._soundfont = options.soundfont
        devices = ready.audio_devices if ready is not None else ()
        chosen_device = options.audio_device
        offer(self.device, _device_choices(devices, chosen_device), chosen_device)
        rate_hz = ready.sample_rate_hz if ready is not None else 0
        offer(self.block, _block_choices(options.block_frames, rate_hz), options.block_frames)
        self.means.setText(_sound_in_words(ready, state))
        fonts = _soundfont_choices(state.soundfonts, options.soundfont)
        offer(self.soundfont, fonts, options.soundfont)
        sounds = ready.sounds if ready is not None else ()
        reason = _ONE_SOUND if ready is not None else NO_ENGINE
        for field, name, program in (
            (self.player_sound, "player_sound_field", mix.phrase_program),
            (self.solo_sound, "solo_sound_field", mix.solo_program),
        ):
            offer(field, _sound_choices(sounds, program), program)
            enable(field, name, is_enabled=bool(sounds), reason=reason)
        with QSignalBlocker(self.room):
            self.room.setValue(round(100 * settings.room))
        self.room_words.setText(room_in_words(settings.room))
        self.volume.show_volume(settings.volume_db)
        self.volume_words.setText(db_in_words(settings.volume_db))

    def show_theme(self, theme: Theme) -> None:
        """Draw in the theme's colours."""
        for field in (
            self.device,
            self.block,
            self.soundfont,
            self.player_sound,
            self.solo_sound,
        ):
            field.show_theme(theme)

    def showEvent(self, event: QShowEvent) -> None:
        """Look for SoundFonts only when somebody may choose one."""
        super().showEvent(event)
        self.soundfonts_wanted.emit()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(6)
        column.addWidget(label("Output", "title"))
        column.addLayout(field_row("Device", self.device))
        column.addLayout(field_row("Buffer", self.block))
        column.addLayout(field_row("", self.means))
        column.addSpacing(8)
        column.addWidget(label("Sounds", "title"))
        column.addLayout(field_row("Sound set", self.soundfont))
        column.addLayout(field_row("You play", self.player_sound))
        column.addLayout(field_row("Solo", self.solo_sound))
        for caption, slider, words in (
            ("Room", self.room, self.room_words),
            ("Volume", self.volume, self.volume_words),
        ):
            row = field_row(caption, slider)
            words.setFixedWidth(_WORDS_PX)
            words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            row.addWidget(words)
            column.addLayout(row)
        column.addStretch(1)

    def _connect(self) -> None:
        for field, name in (
            (self.device, "audio_device"),
            (self.block, "block_frames"),
        ):
            field.activated.connect(
                lambda index, field=field, name=name: self.settings_changed.emit(
                    {name: field.itemData(index)}
                )
            )
        for part, field in (("phrase", self.player_sound), ("solo", self.solo_sound)):
            field.activated.connect(
                lambda index, field=field, part=part: self.sound_chosen.emit(
                    part, field.itemData(index)
                )
            )
        self.room.valueChanged.connect(
            lambda value: self.settings_changed.emit({"room": value / 100})
        )
        self.soundfont.activated.connect(self._on_soundfont_activated)
        self.volume.volume_set.connect(
            lambda volume_db: self.settings_changed.emit({"volume_db": volume_db})
        )

    def _on_soundfont_activated(self, index: int) -> None:
        path = self.soundfont.itemData(index)
        if path != _OTHER_FILE:
            self.settings_changed.emit({"soundfont": path})
            return
        self.soundfont.setCurrentIndex(self.soundfont.findData(self._soundfont))
        dialog = QFileDialog(self, "Open a SoundFont")
        dialog.setObjectName("soundfont_dialog")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(False)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("SoundFonts (*.sf2 *.sf3 *.SF2 *.SF3)")
        dialog.fileSelected.connect(lambda name: self.settings_changed.emit({"soundfont": name}))
        dialog.show()


def room_in_words(amount: float) -> str:
    """Return what an amount of room, 0-1, sounds like."""
    return next(words for most, words in _ROOMS if amount <= most)


def _combo(name: str) -> ComboBox:
    field = choice_field()
    describe(field, name)
    return field


def _device_choices(devices: tuple[str, ...], chosen: str) -> list[tuple[str, str]]:
    choices = [("The system's choice", "")]
    choices += [(one_line(name), name) for name in devices]
    if chosen and chosen not in devices:
        choices.append((f"{one_line(chosen)} (not found)", chosen))
    return choices


def _block_choices(chosen_frames: int, rate_hz: int) -> list[tuple[str, int]]:
    rate_hz = rate_hz or _USUAL_RATE_HZ
    frames = sorted({*BLOCKS_FRAMES, chosen_frames} - {0})
    choices = [("The device's choice", 0)]
    choices += [(f"{each} frames, {each / rate_hz * 1000:.1f} ms", each) for each in frames]
    return choices


def _soundfont_choices(found: tuple[Path, ...], chosen: str) -> list[tuple[str, str]]:
    choices = [("Built-in sounds", "")]
    paths = [str(path) for path in found]
    if chosen and chosen not in paths:
        paths.append(chosen)
    choices += [(one_line(Path(path).name), path) for path in paths]
    choices.append(("Open a file \N{HORIZONTAL ELLIPSIS}", _OTHER_FILE))
    return choices


def _sound_choices(sounds: tuple[Sound, ...], program: int) -> list[tuple[str, int]]:
    choices = [(one_line(sound.name), sound.program) for sound in sounds]
    if sounds and program not in [sound.program for sound in sounds]:
        choices.append((f"Program {program + 1}, or what is nearest", program))
    return choices


def _sound_in_words(ready: EngineReady | None, state: DevicesState) -> str:
    if ready is None:
        return NO_ENGINE
    if not ready.audio_device:
        return "There is no sound output; everything else works."
    latency_ms = state.health.latency_ms if state.health is not None else ready.latency_ms
    rate = f"{ready.sample_rate_hz / 1000:g} kHz"
    return f"{ready.audio_device}: {latency_ms:.0f} ms from key to sound, at {rate}."
