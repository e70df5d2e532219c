"""The words: what a letter says to people, the same in every channel (card.py is the result)."""
