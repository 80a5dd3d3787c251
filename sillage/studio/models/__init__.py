"""Tables of the studio."""

from sillage.studio.models.briefs import StoredBrief, VariantMark, VariantRun
from sillage.studio.models.ideas import Idea, Palette
from sillage.studio.models.interviews import Interview, InterviewStage
from sillage.studio.models.model_calls import ModelCall, WriterLimit
from sillage.studio.models.pictures import (
    BrandFont,
    Picture,
    PictureBatch,
    PictureCertificate,
    PicturePart,
    PictureTemplate,
)
from sillage.studio.models.texts import Choice, HumanCheck, Text, TextComment, TextVersion
from sillage.studio.models.voices import Voice, VoiceText, VoiceVersion

__all__ = [
    "BrandFont",
    "Choice",
    "HumanCheck",
    "Idea",
    "Interview",
    "InterviewStage",
    "ModelCall",
    "Palette",
    "Picture",
    "PictureBatch",
    "PictureCertificate",
    "PicturePart",
    "PictureTemplate",
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
