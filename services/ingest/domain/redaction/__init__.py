"""Personal data in free text becomes a label: a file a recogniser, and `text.py`, which puts them in order (§9.1).

A recogniser takes a text and yields the (start, end) of what it finds, from left to right and apart from one another.
None of them takes longer than in proportion to the text's length.
"""
