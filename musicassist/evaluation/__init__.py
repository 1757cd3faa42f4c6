"""Measuring a soloist against humans: `musicassist evaluate`. Layer 2.

May import layers 0 and 1 and `corpus`; numpy is all the arithmetic there is. Every measure is one
function of passages (`passages.py`), and humans and soloists go through the same one, so that no
figure stands alone. A measure returns `statistics.py`'s values, which know how to be drawn again
from the same pieces (bootstrap). `report.py` puts rows together and judges them, `command.py` is
the work of the sub-command, `answers.py` asks the soloist. The caller's thread does the work.

Source for most measures: Yang & Lerch, "On the evaluation of generative models in music" (Neural
    Computing and Applications 2020); Wu & Yang, "The Jazz Transformer on the front line" (ISMIR
    2020).
"""
