"""Ctrl-C: a sentence, and the exit code that shells know it by."""


class Stopped(KeyboardInterrupt):
    """Somebody has pressed Ctrl-C; the sentence says what becomes of what was begun."""


CODE = 130
