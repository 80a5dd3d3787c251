"""Which evaluations there are, by name; the module of a name holds one `EVALUATION`, loaded when it is asked for."""

from __future__ import annotations

SHIPPED = frozenset({"sensitive"})  # measured on phrases that come with Sillage: no folder of data is asked for

EVALUATIONS: dict[str, str] = {
    "tone": "Tone of tweets in five languages (folder xlmt-sentiment).",
    "spam": "Spam among comments, one video left out at a time (folder youtube-spam-en).",
    "tags": "Multi-label tags learnt from 200 examples (folder x-topic).",
    "topics-fr": "Seven topics of French sentences (folder sib-200).",
    "taxonomy": "The cross-walk between versions of the IAB taxonomy (folder iab-taxonomies).",
    "disclosure": "Disclosure sentences in video descriptions (folder affiliate-disclosures).",
    "authenticity": "Hand-labelled followers (folder srf-ig-fakes).",
    "duplicates": "Posts that say the same (folder twitter-url-paraphrase).",
    "expected": "Expected views of a next video (folder youtube-trending).",
    "sensitive": "Phrases that sort people, in five languages (shipped).",
}
