"""Letters that a first contact is put together from, one text file per language and formality. People wrote them.

The first line is the subject. `{name}` stands for a value of `engine/invitations.py`; a line whose only value is empty is
left out. `[[link]]` and `[[own page]]` stay until the letter is released: then they become the creator's own addresses.
"""
