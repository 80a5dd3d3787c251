"""Tables of the studio."""

from sillage.studio.models.briefs import StoredBrief, VariantMark, VariantRun
from sillage.studio.models.texts import Choice, HumanCheck, Text, TextComment, TextVersion
from sillage.studio.models.voices import Voice, VoiceText, VoiceVersion

__all__ = [
    "Choice",
    "HumanCheck",
    "StoredBrief",
    "Text",
    "TextComment",
    "TextVersion",
    "VariantMark",
    "VariantRun",
    "Voice",
    "VoiceText",
    "VoiceVersion",
]
