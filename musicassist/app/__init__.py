"""What the program does, without a widget: services, undo, notices. Layer 2; QtCore only.

Everything here lives on the GUI thread; two helpers work elsewhere: the threads that talk to the
engine process (`engine_client.py`) and the soloist's one worker (`soloist_service.py`). They hand
over through an `Inbox` and never emit a signal. Start reading at `workbench.py`, the way from a
played phrase to a solo, then `document.py`; `bootstrap.py` builds it all.
"""
