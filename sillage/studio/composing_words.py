"""What a page asks whoever composes, in people's words, by kind of text."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.studio.engine.brief import Kind

Field = tuple[str, str | Promise, str | Promise]  # of engine/occasion.py: Occasion; its label; an example

_RECIPIENT: Field = ("recipient", _("To whom"), _("Their name, as they are called"))
_SENDER: Field = ("sender", _("Who signs"), "")
_POST: Field = ("post", _("Words of a post of theirs"), _("Copied as they are: the text cites them"))
_POST_ON: Field = ("post_on", _("The day of that post"), _("As the text is to say it: 12 June"))
_OFFER: Field = ("offer", _("What they get"), _("A sentence: 600 € for a reel and two stories"))
_DAY: Field = ("day", _("By when"), _("As the text is to say it: 30 June"))
_WORK: Field = ("work", _("What it is about"), _("As the text is to say it: your reel"))
_ASKED: Field = ("asked", _("What they asked"), _("Copied as it is: the reply cites it"))

FIELDS_OF: Mapping[Kind, tuple[Field, ...]] = {
    Kind.AD: (),
    Kind.CAPTION: (),
    Kind.MESSAGE: (_RECIPIENT, _SENDER),
    Kind.INVITATION: (_RECIPIENT, _POST, _POST_ON, _OFFER, _DAY, _SENDER),
    Kind.CREATOR_BRIEF: (_RECIPIENT, _DAY, _SENDER),
    Kind.REPLY: (_RECIPIENT, _ASKED, _SENDER),
    Kind.REMINDER: (_RECIPIENT, _WORK, _DAY, _SENDER),
    Kind.THANKS: (_RECIPIENT, _WORK, _POST, _SENDER),
}
