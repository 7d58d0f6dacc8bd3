"""
The attacks of issue 11 on a real server, repeated as a command with figures.

    python -m tests.faults.attacks
"""
