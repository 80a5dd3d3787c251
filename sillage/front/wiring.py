"""Who listens to whom: the only place where a lower room is told about a higher one.

A room that is only told is loaded when it is: every command comes by here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings

from sillage.campaigns.engine.matching import CONFIRM_LIVE
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.came_in import tell_what_came_in_to
from sillage.catalogue.actions.forgetting import also_forget
from sillage.catalogue.actions.removing import also_remove_posts
from sillage.catalogue.actions.unseen import also_keep, count_unseen, remove_unseen
from sillage.governance import actions as governing
from sillage.governance import queries as governance
from sillage.governance.engine import personal_data, retention
from sillage.governance.engine.law_reading import read_also
from sillage.governance.law_folder import read_pack_folders
from sillage.lib.late import Late
from sillage.understanding import actions as understanding
from sillage.understanding.actions.readings import ask_reading

if TYPE_CHECKING:
    from sillage.campaigns.actions import (
        addresses,
        confirming_live,
        evidence,
        forgetting,
        forgetting_drafts,
        forgetting_letters,
    )
    from sillage.campaigns.queries import creators, sales
    from sillage.discovery import actions as discovery
    from sillage.studio.actions import ideas, interview_sound, interviews, model_calls, picture_batches, voice_texts
else:
    addresses = Late("sillage.campaigns.actions.addresses")
    confirming_live = Late("sillage.campaigns.actions.confirming_live")
    creators = Late("sillage.campaigns.queries.creators")
    discovery = Late("sillage.discovery.actions")
    evidence = Late("sillage.campaigns.actions.evidence")
    forgetting = Late("sillage.campaigns.actions.forgetting")
    forgetting_drafts = Late("sillage.campaigns.actions.forgetting_drafts")
    forgetting_letters = Late("sillage.campaigns.actions.forgetting_letters")
    ideas = Late("sillage.studio.actions.ideas")
    interview_sound = Late("sillage.studio.actions.interview_sound")
    interviews = Late("sillage.studio.actions.interviews")
    model_calls = Late("sillage.studio.actions.model_calls")
    picture_batches = Late("sillage.studio.actions.picture_batches")
    sales = Late("sillage.campaigns.queries.sales")
    voice_texts = Late("sillage.studio.actions.voice_texts")


def connect() -> None:
    """Called once, when Django is ready."""
    if settings.SILLAGE.law_packs is not None:
        read_also(read_pack_folders(settings.SILLAGE.law_packs))
    _protect_data()
    governance.read_sources_with("observation", catalogue.observed_values)
    governance.read_sources_with("clicks", lambda workspace_id, refs: sales.read_clicks(workspace_id, refs))
    governance.read_sources_with("sold", lambda workspace_id, refs: sales.read_sold(workspace_id, refs))
    understanding.count_model_calls_with(
        lambda **call: model_calls.reserve_summary(**call), lambda **call: model_calls.settle_summary(**call)
    )
    tell_what_came_in_to(lambda came: ask_reading(actor=came.actor, now=came.now))
    also_forget(lambda leaving: addresses.forget_in_seeding(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forgetting_drafts.forget_drafts(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forgetting_letters.forget_letters(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: evidence.forget_live(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forgetting.forget_collaborations(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: discovery.forget_accounts(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: understanding.forget_names(leaving.workspace_id, leaving.names))
    also_forget(lambda leaving: understanding.forget_comments_by(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: ideas.forget_in_ideas(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: interviews.forget_interviews(leaving.workspace_id, leaving.creator_id, leaving.names))
    also_remove_posts(lambda gone: evidence.forget_live_posts(gone.account_id, gone.post_ids))
    also_remove_posts(lambda gone: understanding.forget_posts(gone.account_id, gone.post_ids))
    also_forget(lambda left: understanding.forget_in_topics(left.workspace_id, left.account_ids, left.names))
    also_remove_posts(
        lambda gone: understanding.forget_posts_in_topics(gone.workspace_id, gone.account_id, gone.post_ids)
    )
    also_remove_posts(lambda gone: discovery.forget_evidence(gone.account_id, gone.post_ids))
    also_forget(lambda left: voice_texts.forget_accounts_in_voices(left.workspace_id, left.account_ids))
    also_remove_posts(lambda gone: voice_texts.forget_posts_in_voices(gone.workspace_id, gone.post_ids))


def _protect_data() -> None:
    """What each room holds about people, who they are, and who needs them."""
    for room in ("governance", "catalogue", "understanding", "discovery", "campaigns", "studio"):
        personal_data.register(*personal_data.tables_of(room))
        retention.keep_for(*retention.rules_of(room))
    governance.find_tables_with(apps.get_model)
    governance.know_subjects_with("creator", catalogue.creator_as_subject)
    governing.undo_with(CONFIRM_LIVE, lambda use, now: confirming_live.undo_confirmation(use, now))
    governing.retain_with("unseen-creators", count_unseen, remove_unseen)
    governing.retain_with(
        "shipping-addresses",
        lambda *due: addresses.count_due_addresses(*due),
        lambda *due: addresses.remove_due_addresses(*due),
    )
    governing.retain_with(
        "picture-batches",
        lambda *due: picture_batches.count_due_batches(*due),
        lambda *due: picture_batches.remove_due_batches(*due),
    )
    governing.retain_with(
        "interview-sounds",
        lambda *due: interview_sound.count_due_sounds(*due),
        lambda *due: interview_sound.remove_due_sounds(*due),
    )
    also_keep(governance.subjects_asking)
    also_keep(lambda workspace_id, ids: creators.creators_in_collaborations(workspace_id, ids))
