"""Words that a workspace accepts though no dictionary has them."""

from __future__ import annotations

from django.db import models

from sillage.governance.models import Member, Workspace


class AcceptedWord(models.Model):
    """A word that the spelling check lets pass for everybody in the workspace. `folded`: without case and accents."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="accepted_words")
    language = models.CharField(max_length=3)
    word = models.CharField(max_length=40)
    folded = models.CharField(max_length=80)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="accepted_words")
    who = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "language", "folded"], name="word_accepted_once")]

    def __str__(self) -> str:
        return self.word
