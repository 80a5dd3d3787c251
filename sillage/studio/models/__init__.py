"""Tables of the studio."""

from sillage.studio.models.briefs import StoredBrief, VariantMark, VariantRun
from sillage.studio.models.ideas import Idea, IdeaComment, Palette
from sillage.studio.models.interviews import Interview, InterviewStage, QuotedFact
from sillage.studio.models.model_calls import ModelCall, WriterLimit
from sillage.studio.models.pictures import (
    BrandFont,
    Picture,
    PictureBatch,
    PictureCertificate,
    PicturePart,
    PictureTemplate,
)
from sillage.studio.models.texts import Choice, FlagJudge, HumanCheck, Text, TextComment, TextVersion
from sillage.studio.models.voices import Voice, VoiceText, VoiceVersion
from sillage.studio.models.words import AcceptedWord

__all__ = [
    "AcceptedWord",
    "BrandFont",
    "Choice",
    "FlagJudge",
    "HumanCheck",
    "Idea",
    "IdeaComment",
    "Interview",
    "InterviewStage",
    "ModelCall",
    "Palette",
    "Picture",
    "PictureBatch",
    "PictureCertificate",
    "PicturePart",
    "PictureTemplate",
    "QuotedFact",
    "StoredBrief",
    "Text",
    "TextComment",
    "TextVersion",
    "VariantMark",
    "VariantRun",
    "Voice",
    "VoiceText",
    "VoiceVersion",
    "WriterLimit",
]
