"""The soloist: continues a phrase. Layer 1; numpy and onnxruntime only.

`soloist.py` is the door: a request goes in, solos come out. A model is a folder (`model_store.py`)
of a manifest, an ONNX graph and plain tensors; its manifest names its recipe, and the recipe names
the class that plays it (`solo.py`, `classic.py`). The caller's thread does the work, in the
CLI the main one. Nothing here keeps global state.

For the window the package is a process of its own (`host.py`), because a soloist at work would not
let it draw: tasks go in (`tasks.py`), solos come out (`protocol.py` has the whole conversation),
and `desk.py` does the newest task first, on a thread for each lane. Other threads enter nowhere.

The solo recipe, from the outside in: key and chords of a phrase (`primer_harmony.py`), the phrase
as the network hears it (`hearing.py`), playing on from it (`improvisation.py`), and which of what
was played is shown (`ranking.py`). `encoding.py` and `features.py` say what the network is told,
`scheme.py` what it draws, `memory.py` how motifs return, `solo_network.py` runs it.
"""
