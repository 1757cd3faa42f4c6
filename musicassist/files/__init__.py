"""Files in and out: foreign bytes become values here, and values become files. Layer 1.

May import `errors`, `paths` and `music`. Nothing past this package ever sees foreign bytes:
`smf_read.py` turns a Standard MIDI File into a `MidiDocument` within the limits of `limits.py`;
`smf_write.py` turns clips into bytes; `export.py` puts bytes on disk so that a file is always
either the old or the new one. Everything is a plain call on the caller's thread, nothing is kept
between calls, and any thread may call. Start reading at `midi_document.py`.
"""
