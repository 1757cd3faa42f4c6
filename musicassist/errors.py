"""Every error a user can meet.

```
MusicAssistError(what, hint)
├── InputError              what the user named cannot be used
│   ├── MissingFileError        no such file
│   ├── NotMidiError            not a MIDI file, or nothing in it can be read
│   ├── EmptyPhraseError        no notes where notes are needed
│   ├── ChordSpellingError      a chord symbol nobody understands
│   └── KeySpellingError        a key nobody understands
├── DeviceError             a MIDI port or an audio device will not work
│   ├── NoMidiError             no MIDI system, or no port of that name
│   ├── PortBusyError           another program holds the port
│   └── NoAudioError            no audio device, or it refused to open
├── ScreenError             the window cannot open
├── SoundFontError          a SoundFont cannot be loaded
├── OutputError             a file or folder cannot be written
├── SessionFileError        the session file cannot be used, or not be written now
│   └── DamagedSessionError     it is damaged, or was
├── SettingsError           a setting, or the file of all of them, cannot be used
├── ModelError              a model folder is missing, damaged or not to be trusted
├── TrainingError           training cannot start or go on
├── EngineError             the engine process did not start or has gone
└── SoloistError            the soloist process did not start or has gone
```

`what` says what happened, `hint` what to do: one plain sentence each, shown to the user as they
stand. Programming mistakes stay `ValueError` and `TypeError`. `UserCancelled` is not an error and
is never shown.
"""


class MusicAssistError(Exception):
    """Something the user should know: what happened, and what to do about it.

    Args:
        what: One sentence: what happened, naming the thing concerned.
        hint: One sentence: what the user can do.
    """

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what, hint)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()


class InputError(MusicAssistError):
    """What the user named cannot be used."""


class MissingFileError(InputError):
    """There is no such file."""


class NotMidiError(InputError):
    """The file is not a MIDI file, or nothing in it can be read."""


class EmptyPhraseError(InputError):
    """There are no notes where notes are needed."""


class ChordSpellingError(InputError):
    """A chord symbol is not understood."""


class KeySpellingError(InputError):
    """A key is not understood."""


class DeviceError(MusicAssistError):
    """A MIDI port or an audio device will not work."""


class NoMidiError(DeviceError):
    """There is no MIDI system, or no port of that name."""


class PortBusyError(DeviceError):
    """Another program holds the MIDI port."""


class NoAudioError(DeviceError):
    """There is no audio device, or it refused to open."""


class ScreenError(MusicAssistError):
    """There is no screen, or a library the window needs is missing."""


class SoundFontError(MusicAssistError):
    """A SoundFont cannot be loaded."""


class OutputError(MusicAssistError):
    """A file or folder cannot be written."""


class SessionFileError(MusicAssistError):
    """The session file cannot be used, or not be written now."""


class DamagedSessionError(SessionFileError):
    """The session file is damaged, or was."""


class SettingsError(MusicAssistError):
    """A setting, or the file of all of them, cannot be used."""


class ModelError(MusicAssistError):
    """A model folder is missing, damaged or not to be trusted."""


class TrainingError(MusicAssistError):
    """Training cannot start or go on."""


class EngineError(MusicAssistError):
    """The engine process did not start or has gone."""


class SoloistError(MusicAssistError):
    """The soloist process did not start or has gone."""


class UserCancelled(Exception):  # noqa: N818  (an event, not an error)
    """The user stopped a task; shown nowhere."""
