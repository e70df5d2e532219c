"""What can go wrong with a part of the local stack."""

from shared.errors import VocError


class StackError(VocError):
    """A part of the local stack could not be started or stopped; the sentence says what to do."""


class PortTaken(StackError):
    """Somebody else listens where a part wants to."""


class Died(StackError):
    """A part ended before it was ready; another try may help."""
