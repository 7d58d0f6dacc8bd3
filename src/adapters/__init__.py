"""The outside world, a folder per outside system; each implements ports."""
