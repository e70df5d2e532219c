"""What can go wrong in more than one service, each with a sentence for the person who reads it."""


class VocError(Exception):
    """A failure with a sentence that says what to do. Shown as it is: no traceback, exit code 1 in commands."""


class Unavailable(VocError):
    """Something we depend on (Kafka, PostgreSQL) does not answer now; the same request may work later."""


def first_line(error: BaseException) -> str:
    """What an error says, in one line; its name where it says nothing."""
    return str(error).strip().partition("\n")[0] or type(error).__name__
