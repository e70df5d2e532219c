"""From a letter to its words: the one door of this folder."""

from services.alerts.domain.letter import Case, Letter, Recovered, Red, Trouble, Worse
from services.alerts.domain.wording.card import Card
from services.alerts.domain.wording.case import case
from services.alerts.domain.wording.moment import recovered, red, worse
from services.alerts.domain.wording.trouble import trouble


def compose(letter: Letter) -> Card:
    """What the letter says, the same for every channel."""
    match letter:
        case Red():
            return red(letter)
        case Worse():
            return worse(letter)
        case Recovered():
            return recovered(letter)
        case Case():
            return case(letter)
        case Trouble():
            return trouble(letter)
