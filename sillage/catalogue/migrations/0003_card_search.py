"""What search reads beside the card: its coded twin, the codes, the facet counts, and indexes.

The ivfflat index `card_by_vector` is not here: an action makes it when `index_plan` says so. The expression of
account_by_name stands in queries/cards.py too.
"""

from django.db import migrations

TABLES = """CREATE TABLE catalogue_code (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind varchar(10) NOT NULL,
    value varchar(100) NOT NULL,
    code smallint,  -- null: beyond what the kind's bits hold, found in catalogue_cardcode.value_ids
    UNIQUE (kind, value),
    UNIQUE (kind, code)
);

CREATE TABLE catalogue_cardcode (
    workspace_id integer NOT NULL,
    network smallint NOT NULL,
    formats smallint NOT NULL,
    account_id bigint PRIMARY KEY REFERENCES catalogue_card (account_id) ON DELETE CASCADE,
    languages bigint NOT NULL,
    themes_low bigint NOT NULL,
    themes_high bigint NOT NULL,
    others_hint bigint NOT NULL,  -- bit id % 63 of each value without a code: rules most cards out before the array is read
    has_warnings boolean NOT NULL,
    has_authenticated boolean NOT NULL,
    country smallint,
    last_post_on date,
    followers bigint,
    engagement_percentile real,
    sponsored_share real,
    value_ids integer[],  -- of its network, country, languages, themes and brands
    bits bit varying  -- sketch of the vector (engine/sketch.py)
);
ALTER TABLE catalogue_cardcode ALTER COLUMN bits SET STORAGE PLAIN;

CREATE INDEX cardcode_by_place ON catalogue_cardcode (workspace_id, network, country);
CREATE INDEX cardcode_by_followers ON catalogue_cardcode (workspace_id, followers, account_id);
CREATE INDEX cardcode_by_last_post ON catalogue_cardcode (workspace_id, last_post_on, account_id);

CREATE INDEX cardcode_by_values ON catalogue_cardcode USING gin (value_ids) WITH (fastupdate = off);

CREATE INDEX card_by_words ON catalogue_card USING gin (words);
CREATE INDEX card_by_creator ON catalogue_card (creator_id);
CREATE INDEX card_by_workspace ON catalogue_card (workspace_id, updated_at);

CREATE INDEX account_by_name ON catalogue_account (
    workspace_id,
    left(translate(lower(coalesce(nullif(name, ''), handle)), 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿœæ', 'aaaaaaceeeeiiiinooooouuuuyyoa'), 60),
    id
);

CREATE TABLE catalogue_cardfacet (
    workspace_id integer NOT NULL,
    facet varchar(10) NOT NULL,
    value varchar(100),
    cards bigint NOT NULL,
    counted_at timestamptz NOT NULL,
    UNIQUE NULLS NOT DISTINCT (workspace_id, facet, value)
);
"""

NONE = (
    "DROP TABLE catalogue_cardcode, catalogue_code, catalogue_cardfacet;"
    " DROP INDEX card_by_words, card_by_creator, card_by_workspace, account_by_name;"
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_observations_by_year")]
    operations = [migrations.RunSQL(TABLES, NONE)]
