"""The program as a process: its settings, its log, its start and its end."""
