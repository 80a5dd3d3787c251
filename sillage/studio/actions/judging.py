"""Who is proposed first to judge what a machine should not: a member per flag, or nobody."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.studio.actions.human_checks import CheckMalformed
from sillage.studio.engine.human_flags import FLAGS
from sillage.studio.models import FlagJudge
from sillage.studio.queries.human_checks import get_judge


class JudgeSo(Refusal):
    """The flag has this judge, or has none, already."""


@transaction.atomic
def name_judge(*, flag: str, member_id: int | None, actor: Actor, now: datetime) -> FlagJudge | None:
    """Propose a member first for a flag, from now on; None: whoever judged such a flag last, as without this setting.

    Nobody is asked by it. Raises CheckMalformed for no flag, JudgeSo, NotFound for a member of another workspace.
    """
    require(actor, Right.APPROVE)
    if flag not in FLAGS:
        raise CheckMalformed(
            Sentence("“%(flag)s” is nothing to judge.", flag=flag[:40]),
            Sentence("Choose one of %(flags)s.", flags=", ".join(FLAGS)),
            "flag",
        )
    named = FlagJudge.objects.select_for_update().filter(workspace_id=actor.workspace_id, flag=flag).first()
    if (named.member_id if named else None) == member_id:
        raise JudgeSo(Sentence("This is so already."), Sentence("Load the page again."))
    row: FlagJudge | None = None
    if member_id is not None:
        member = get_judge(actor.workspace_id, member_id)
        row, _new = FlagJudge.objects.update_or_create(
            workspace_id=actor.workspace_id,
            flag=flag,
            defaults={"member": member, "named_by_id": actor.member_id, "named_at": now},
        )
    elif named is not None:
        named.delete()
    governance.record(
        verb="studio.judge_named",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"flag": flag, "member": member_id, "before": named.member_id if named else None},
    )
    return row
