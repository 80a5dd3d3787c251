"""Tables of campaigns."""

from sillage.campaigns.models.campaign import Campaign, Collaboration, Move, Note, Reminder

__all__ = ["Campaign", "Collaboration", "Move", "Note", "Reminder"]
