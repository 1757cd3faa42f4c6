"""The window: widgets that show a session and send intents. Layer 3; no rules inside.

Everything runs on the GUI thread. `start.py` opens the window, `main_window.py` lays it out; texts
for tooltips and screen readers are in `hints.py`, keys in `shortcuts.py`, colours and sizes in
`theme.py`. Nothing outside this package imports Qt widgets.
"""
