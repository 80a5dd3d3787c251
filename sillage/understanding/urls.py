"""Addresses of what was understood, under `/w/<slug>/`."""

from __future__ import annotations

from django.urls import URLPattern, path

from sillage.understanding.views import (
    account_signals,
    collaborations,
    corrections,
    inbox,
    labelling,
    models,
    readings,
    taxonomy,
    topics,
    withheld,
)

app_name = "understanding"
urlpatterns: list[URLPattern] = [
    path("comments/", inbox.inbox, name="inbox"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:correction_id>/withdraw/", corrections.withdraw, name="withdraw_correction"),
    path("tags/", labelling.tags, name="tags"),
    path("tags/<slug:key>/", labelling.tag, name="tag"),
    path("tags/<slug:key>/change/", labelling.change, name="change_tag"),
    path("tags/<slug:key>/learn/", labelling.learn, name="learn_tag"),
    path("tags/<slug:key>/label/", labelling.label, name="label"),
    path("models/", models.models, name="models"),
    path("models/learn/", models.train, name="train"),
    path("models/rollback/", models.rollback, name="rollback"),
    path("models/<int:head_id>/decide/", models.decide, name="decide_head"),
    path("reading/", readings.reading, name="reading"),
    path("reading/ask/", readings.ask, name="ask_reading"),
    path("taxonomies/", taxonomy.taxonomies, name="taxonomies"),
    path("accounts/<int:account_id>/authenticity/", account_signals.authenticity, name="authenticity"),
    path("accounts/<int:account_id>/expected/", account_signals.expected, name="expected"),
    path("accounts/<int:account_id>/originality/", account_signals.originality, name="originality"),
    path("accounts/<int:account_id>/contest/", account_signals.contest_account, name="contest"),
    path("contests/<int:contest_id>/answer/", account_signals.answer, name="answer_contest"),
    path("accounts/<int:account_id>/brands/", collaborations.brands, name="brands"),
    path("accounts/<int:account_id>/disclosure/", collaborations.disclosure, name="disclosure"),
    path("disclosure/", collaborations.objected, name="objected"),
    path("archives/", account_signals.archive, name="archive"),
    path("minors/", withheld.withheld, name="withheld"),
    path("minors/<int:account_id>/clear/", withheld.clear, name="clear_minor"),
    path("topics/", topics.topics, name="topics"),
    path("topics/new/", topics.new_topics, name="new_topics"),
    path("topics/<int:map_id>/", topics.topic_map, name="topic_map"),
    path("topics/<int:map_id>/drop/", topics.drop_topics, name="drop_topics"),
]
