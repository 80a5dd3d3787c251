"""The database itself refuses to change or remove a ledger entry."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION governance_refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_rows_stay BEFORE UPDATE OR DELETE ON governance_entry
    FOR EACH ROW EXECUTE FUNCTION governance_refuse_ledger_change();
CREATE TRIGGER ledger_stays BEFORE TRUNCATE ON governance_entry
    FOR EACH STATEMENT EXECUTE FUNCTION governance_refuse_ledger_change();
"""

ALLOW = """
DROP TRIGGER ledger_rows_stay ON governance_entry;
DROP TRIGGER ledger_stays ON governance_entry;
DROP FUNCTION governance_refuse_ledger_change();
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
