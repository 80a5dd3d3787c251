"""The form that brings a file in (the file, the mapping that names its columns, how it is written), and that of a brand."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.catalogue.engine.brands import LONGEST, BrandSaid

OWN = "own"  # the mapping that stands in the form
MAPPING_WORDS: dict[str, str | Promise] = {
    "sillage-creators": _("Creators, one account per row: the spreadsheet that an agency keeps"),
    "sillage-posts": _("Posts, one per row, with what was counted of them"),
    "sillage-comments": _("Comments under posts that came in before, one per row"),
    "tiktok-trending": _("TikTok trending videos: the public data set of December 2020"),
    "youtube-trending": _("YouTube trending videos: the public data set that Kaggle keeps"),
}
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "utf-16": "UTF-16"}
_AS_MAPPED = ("", _("as the mapping says"))
_ACCEPTED = ".csv,.tsv,.txt,.xlsx,.xlsm,.jsonl,.ndjson,.parquet,.gz"


class ImportForm(forms.Form):
    """What a person chooses for one file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, Excel (.xlsx), JSON lines or Parquet, also as .gz, of up to 20 MB."),
        widget=forms.FileInput(attrs={"accept": _ACCEPTED}),
        error_messages={"required": _("Choose a file: a browser does not keep the last one.")},
    )
    mapping = forms.ChoiceField(
        label=_("What is in it"), choices=[*MAPPING_WORDS.items(), (OWN, _("Something else: my own mapping, below"))]
    )
    separator = forms.ChoiceField(
        label=_("Separator of a CSV"),
        required=False,
        choices=[_AS_MAPPED, ("comma", _("comma")), ("semicolon", _("semicolon (Excel in French)")), ("tab", _("tab"))],
    )
    encoding = forms.ChoiceField(label=_("Encoding"), required=False, choices=[_AS_MAPPED, *ENCODINGS.items()])
    sheet = forms.CharField(
        label=_("Sheet of a workbook"), required=False, max_length=100, help_text=_("Empty: the first one.")
    )
    own = forms.CharField(
        label=_("The mapping, in TOML"),
        required=False,
        max_length=50_000,
        strip=False,
        widget=forms.Textarea(attrs={"class": "mapping-text", "rows": 10, "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        is_own, has_own = given.get("mapping") == OWN, bool(given.get("own", "").strip())
        if is_own and not has_own:
            self.add_error("own", _("Write the mapping here, or choose one that comes with Sillage."))
        elif has_own and not is_own and "mapping" in given:
            self.add_error("mapping", _("Choose your own mapping, or empty its box: one file is read by one mapping."))
        return given


class BrandForm(forms.Form):
    """A brand as posts write it."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As posts write it. Capitals and accents do not matter."),
        widget=forms.TextInput(attrs={"maxlength": LONGEST, "autocomplete": "off"}),
    )
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        max_length=10_000,
        help_text=_("One per line: short forms, former names, products."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    handles = forms.CharField(
        label=_("Handles"),
        required=False,
        max_length=10_000,
        help_text=_("@ as on the networks, apart by spaces or lines; the surest sign of a mention."),
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "none", "spellcheck": "false"}),
    )
    hashtags = forms.CharField(
        label=_("Hashtags"),
        required=False,
        max_length=10_000,
        help_text=_("Of the brand alone: #skincare would find everybody."),
        widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "none", "spellcheck": "false"}),
    )
    sector = forms.CharField(
        label=_("Sector"),
        required=False,
        help_text=_("Paid work for two brands of one sector within a few months is shown as a conflict."),
        widget=forms.TextInput(attrs={"maxlength": LONGEST, "autocomplete": "off"}),
    )

    @classmethod
    def of(cls, said: BrandSaid) -> BrandForm:
        """The form as it stands for a brand."""
        return cls(
            initial={
                "name": said.name,
                "aliases": "\n".join(said.aliases),
                "handles": " ".join(f"@{handle}" for handle in said.handles),
                "hashtags": " ".join(f"#{hashtag}" for hashtag in said.hashtags),
                "sector": said.sector,
            }
        )

    def said(self) -> BrandSaid:
        """The brand that a valid form says, as it was typed."""
        given = self.cleaned_data
        return BrandSaid(
            name=given["name"],
            aliases=tuple(given["aliases"].splitlines()),
            handles=tuple(re.split(r"[\s,;]+", given["handles"])),
            hashtags=tuple(re.split(r"[\s,;]+", given["hashtags"])),
            sector=given["sector"],
        )
