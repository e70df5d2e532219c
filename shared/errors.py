"""What can go wrong in more than one service, each with a sentence for the person who reads it."""


class VocError(Exception):
    """A failure with a sentence that says what to do. Shown as it is: no traceback, exit code 1 in commands."""


class Unavailable(VocError):
    """Something we depend on (Kafka, PostgreSQL) does not answer now; the same request may work later."""
