"""Who listens to whom: the only place where a lower room is told about a higher one."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings

from sillage.campaigns.actions.addresses import count_due_addresses, forget_in_seeding, remove_due_addresses
from sillage.campaigns.actions.confirming_live import CONFIRM_LIVE, undo_confirmation
from sillage.campaigns.actions.evidence import forget_live, forget_live_posts
from sillage.campaigns.actions.forgetting import forget_collaborations
from sillage.campaigns.actions.forgetting_drafts import forget_drafts
from sillage.campaigns.actions.forgetting_letters import forget_letters
from sillage.campaigns.queries.creators import creators_in_collaborations
from sillage.campaigns.queries.sales import read_clicks, read_sold
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import also_forget
from sillage.catalogue.actions.removing import also_remove_posts
from sillage.catalogue.actions.unseen import also_keep, count_unseen, remove_unseen
from sillage.discovery import actions as discovery
from sillage.governance import actions as governing
from sillage.governance import queries as governance
from sillage.governance.engine import personal_data, retention
from sillage.governance.engine.law_reading import read_also
from sillage.governance.law_folder import read_pack_folders
from sillage.studio.actions.ideas import forget_in_ideas
from sillage.studio.actions.interview_sound import count_due_sounds, remove_due_sounds
from sillage.studio.actions.interviews import forget_interviews
from sillage.studio.actions.picture_batches import count_due_batches, remove_due_batches
from sillage.studio.actions.voice_texts import forget_accounts_in_voices, forget_posts_in_voices
from sillage.understanding import actions as understanding


def connect() -> None:
    """Called once, when Django is ready."""
    if settings.SILLAGE.law_packs is not None:
        read_also(read_pack_folders(settings.SILLAGE.law_packs))
    _protect_data()
    governance.read_sources_with("observation", catalogue.observed_values)
    governance.read_sources_with("clicks", read_clicks)
    governance.read_sources_with("sold", read_sold)
    also_forget(lambda leaving: forget_in_seeding(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forget_drafts(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forget_letters(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forget_live(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forget_collaborations(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: discovery.forget_accounts(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: understanding.forget_names(leaving.workspace_id, leaving.names))
    also_forget(lambda leaving: understanding.forget_comments_by(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forget_in_ideas(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: forget_interviews(leaving.workspace_id, leaving.creator_id, leaving.names))
    also_remove_posts(lambda gone: forget_live_posts(gone.account_id, gone.post_ids))
    also_remove_posts(lambda gone: understanding.forget_posts(gone.account_id, gone.post_ids))
    also_forget(lambda left: understanding.forget_in_topics(left.workspace_id, left.account_ids, left.names))
    also_remove_posts(
        lambda gone: understanding.forget_posts_in_topics(gone.workspace_id, gone.account_id, gone.post_ids)
    )
    also_remove_posts(lambda gone: discovery.forget_evidence(gone.account_id, gone.post_ids))
    also_forget(lambda left: forget_accounts_in_voices(left.workspace_id, left.account_ids))
    also_remove_posts(lambda gone: forget_posts_in_voices(gone.workspace_id, gone.post_ids))


def _protect_data() -> None:
    """What each room holds about people, who they are, and who needs them."""
    for room in ("governance", "catalogue", "understanding", "discovery", "campaigns", "studio"):
        personal_data.register(*personal_data.tables_of(room))
        retention.keep_for(*retention.rules_of(room))
    governance.find_tables_with(apps.get_model)
    governance.know_subjects_with("creator", catalogue.creator_as_subject)
    governing.undo_with(CONFIRM_LIVE, undo_confirmation)
    governing.retain_with("unseen-creators", count_unseen, remove_unseen)
    governing.retain_with("shipping-addresses", count_due_addresses, remove_due_addresses)
    governing.retain_with("picture-batches", count_due_batches, remove_due_batches)
    governing.retain_with("interview-sounds", count_due_sounds, remove_due_sounds)
    also_keep(governance.subjects_asking)
    also_keep(creators_in_collaborations)
