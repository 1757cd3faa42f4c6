"""What the program does, without a widget: services, undo, notices. Layer 2; QtCore only.

Everything here lives on the GUI thread. What works elsewhere are the threads that save and read
files, and those that talk with the two other processes (`child_process.py`): the engine's
(`engine_client.py`) and the soloist's (`soloist_worker.py`). They hand over through an `Inbox` and
never emit a signal. Start reading at `workbench.py`, the way from a
played phrase to a solo, then `document.py`; `bootstrap.py` builds it all.
"""
