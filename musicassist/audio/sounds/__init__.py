"""Our own instruments, made from arithmetic alone: no recording, nothing of anybody else's.

`scripts/build_sounds.py` writes them into `resources/sounds/musicassist.sf2`; at run time only
`drums` is used, by the built-in synth. May import `errors`, `music` and numpy; no threads. Start
reading at `sound_set.py` (which program plays what), then `waves.py` (how a sound is made to loop)
and one instrument; `sf2_write.py` knows the file format.

Everything is deterministic: the same code gives the same file, but for the last bit of a sample,
in which machines may differ.
"""
