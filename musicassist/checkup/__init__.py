"""What this computer has and lacks for playing: `musicassist devices` and `doctor`. Layer 2.

May import layers 0 and 1, and of the engine only its protocol. What may hang or crash (drivers,
servers, the engine) is asked in a process of its own with a time limit: `probe.py` is that process
and returns `facts.py`, `asking.py` starts it and waits. `host.py` looks at files and limits, and
`judging.py` makes findings of facts. Start reading at `doctor.py` (every check in
order) and `devices.py` (the list of ports and outputs). No thread enters.
"""
