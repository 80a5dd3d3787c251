"""Observations only grow: they live in one partition per year, so that old years can be moved or dropped whole."""

from django.db import migrations

FIRST_YEAR, LAST_YEAR = 2015, 2035

TABLE = """
DROP TABLE catalogue_observation;
CREATE TABLE catalogue_observation (
    account_id bigint NOT NULL REFERENCES catalogue_account (id) DEFERRABLE INITIALLY DEFERRED,
    id bigint NOT NULL,
    post_id bigint NOT NULL,
    measure varchar(12) NOT NULL,
    value bigint NOT NULL,
    api_field varchar(100) NOT NULL,
    source_class varchar(15) NOT NULL,
    observed_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, observed_at, id)
) PARTITION BY RANGE (observed_at);
CREATE INDEX observation_by_subject ON catalogue_observation (account_id, post_id, measure, observed_at DESC);
CREATE TABLE catalogue_observation_other PARTITION OF catalogue_observation DEFAULT;
"""

YEARS = "".join(
    f"CREATE TABLE catalogue_observation_{year} PARTITION OF catalogue_observation "
    f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01');\n"
    for year in range(FIRST_YEAR, LAST_YEAR + 1)
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunSQL(TABLE + YEARS, migrations.RunSQL.noop)]
