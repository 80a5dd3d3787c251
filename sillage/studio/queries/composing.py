"""What the composer asks of the stores: which fragments were used lately, and what a collaboration tells of its occasion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.formats import date_format

from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.catalogue.models import Post
from sillage.catalogue.queries.accounts import list_posts
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Member
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.engine.brief import WritingBrief
from sillage.studio.engine.composer import LATELY
from sillage.studio.engine.occasion import cited
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.models import Text, TextVersion

MOST_POSTS = 8
SHORTEST_CITED = 20  # characters: a post of one word says nothing of why


def parts_used_lately(workspace_id: int, brief: WritingBrief, most: int = LATELY) -> list[tuple[str, ...]]:
    """The parts of the workspace's last composed texts of this kind and language, the newest first."""
    versions = TextVersion.objects.filter(
        text__workspace_id=workspace_id,
        text__kind=brief.kind.value,
        text__language=brief.language,
        number=1,
        made_by__origin=Origin.TEMPLATE.value,
        made_by__name=f"{brief.language}_{brief.kind.value}",
    )
    kept = versions.order_by("-made_at", "-pk").values_list("made_by", flat=True)[:most]
    return [MadeBy.of(one).parts for one in kept]


def signer_of(actor: Actor) -> str:
    """The name of the person who composes; empty for a machine."""
    member = Member.objects.select_related("person").filter(pk=actor.member_id or 0).first()
    return str(member.person.name) if member else ""


def occasion_of_collaboration(
    workspace_id: int, collaboration_id: int, language: str, post_id: int | None = None
) -> dict[str, Any]:
    """Whom a collaboration is with and words of a post of theirs: the named one, else the newest that has words.

    Empty fields stay away: nothing is made up where an account has no words. Raises NotFound.
    """
    collaboration = get_collaboration(workspace_id, collaboration_id)
    posts = citable_posts(workspace_id, collaboration_id)
    if post_id is not None:
        posts = [post for post in posts if post.id == post_id]
        if not posts:
            raise NotFound(
                Sentence(
                    "No post %(post_id)s of %(collaboration)s to cite.",
                    post_id=post_id,
                    collaboration=collaboration.name,
                ),
                Sentence("Choose one of their posts with words."),
            )
    said: dict[str, Any] = {"recipient": "" if collaboration.is_erased else " ".join(collaboration.name.split())[:200]}
    if posts:
        said |= {"post": cited(posts[0].text or posts[0].title), "post_on": day_in(language, posts[0])}
    return {name: value for name, value in said.items() if value}


def citable_posts(workspace_id: int, collaboration_id: int, most: int = MOST_POSTS) -> list[Post]:
    """Posts with words of the collaboration's account, the newest first."""
    account = get_collaboration(workspace_id, collaboration_id).account
    if account is None:
        return []
    found = list_posts(account, limit=5 * most).items
    return [post for post in found if len((post.text or post.title).strip()) >= SHORTEST_CITED][:most]


def day_in(language: str, post: Post) -> str:
    """The day of a post as a letter writes it: “12 juin”, “12 June”."""
    with translation.override(language):
        return date_format(post.published_at, "j F")


def list_composed(workspace_id: int, brief_id: int, ids: Sequence[int]) -> list[Text]:
    """The named texts of a brief, in the order in which they were made; what is not of the workspace is left out."""
    return list(Text.objects.filter(workspace_id=workspace_id, brief_id=brief_id, pk__in=ids).order_by("pk"))
