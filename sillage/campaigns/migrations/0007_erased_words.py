"""Rows that are kept for good may still lose a person's words: to nothing, never to other words."""

from django.db import migrations

WORDS = {
    "draft": (("member_id", "link_id"), ("title", "text", "note", "facts", "who")),
    "draftcheck": ((), ("findings", "rules")),
    "draftremark": (("member_id", "link_id"), ("text", "who")),
}


def _listed(names):
    return "ARRAY[" + ", ".join(f"'{name}'" for name in names) + "]::text[]"


def _guard(table, free, words):
    return f"""
CREATE OR REPLACE FUNCTION campaigns_{table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD) - {_listed(free)};
    after jsonb := to_jsonb(NEW) - {_listed(free)};
BEGIN
    IF after - {_listed(words)} IS DISTINCT FROM before - {_listed(words)} OR EXISTS (
        SELECT FROM unnest({_listed(words)}) AS word
        WHERE after -> word IS DISTINCT FROM before -> word
          AND after -> word NOT IN ('""', '{{}}', '[]', '"erased creator"')
    ) THEN
        RAISE EXCEPTION 'campaigns_{table} is kept as it was written';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0006_invitations")]
    operations = [
        migrations.RunSQL(_guard(table, free, words), migrations.RunSQL.noop) for table, (free, words) in WORDS.items()
    ]
