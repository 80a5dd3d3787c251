"""Considerations, contracts and budgets. The database itself refuses to change what was sent, signed or voided."""

import django.db.models.deletion
from django.db import migrations, models

REFUSE = """
CREATE FUNCTION campaigns_refuse_contract_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'contracts stay as they were sent and signed: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER sent_versions_stay BEFORE UPDATE OR DELETE ON campaigns_contractversion
    FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION campaigns_refuse_contract_change();
CREATE TRIGGER signatures_stay BEFORE UPDATE OR DELETE ON campaigns_signature
    FOR EACH ROW EXECUTE FUNCTION campaigns_refuse_contract_change();
CREATE TRIGGER voids_stay BEFORE UPDATE OR DELETE ON campaigns_contractvoid
    FOR EACH ROW EXECUTE FUNCTION campaigns_refuse_contract_change();
CREATE TRIGGER versions_are_not_emptied BEFORE TRUNCATE ON campaigns_contractversion
    FOR EACH STATEMENT EXECUTE FUNCTION campaigns_refuse_contract_change();
CREATE TRIGGER signatures_are_not_emptied BEFORE TRUNCATE ON campaigns_signature
    FOR EACH STATEMENT EXECUTE FUNCTION campaigns_refuse_contract_change();
CREATE TRIGGER voids_are_not_emptied BEFORE TRUNCATE ON campaigns_contractvoid
    FOR EACH STATEMENT EXECUTE FUNCTION campaigns_refuse_contract_change();
"""

ALLOW = """
DROP TRIGGER sent_versions_stay ON campaigns_contractversion;
DROP TRIGGER signatures_stay ON campaigns_signature;
DROP TRIGGER voids_stay ON campaigns_contractvoid;
DROP TRIGGER versions_are_not_emptied ON campaigns_contractversion;
DROP TRIGGER signatures_are_not_emptied ON campaigns_signature;
DROP TRIGGER voids_are_not_emptied ON campaigns_contractvoid;
DROP FUNCTION campaigns_refuse_contract_change();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_pipeline"), ("governance", "0003_approvals_and_links")]

    operations = [
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('collaboration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='campaigns.collaboration')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='ContractVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('language', models.CharField(max_length=2)),
                ('terms', models.JSONField()),
                ('left_out', models.JSONField(default=list)),
                ('parts', models.JSONField()),
                ('text_sha256', models.CharField(max_length=64)),
                ('elements', models.JSONField(default=list)),
                ('value', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('currency', models.CharField(max_length=3)),
                ('rights_until', models.DateField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('drafted_by', models.BigIntegerField(null=True)),
                ('drafted_name', models.CharField(max_length=200)),
                ('drafted_at', models.DateTimeField()),
                ('read_by', models.CharField(blank=True, max_length=200)),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('sent_at', models.DateTimeField(null=True)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='campaigns.contract')),
            ],
        ),
        migrations.CreateModel(
            name='ContractVoid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500)),
                ('member_id', models.BigIntegerField(null=True)),
                ('name', models.CharField(max_length=200)),
                ('voided_at', models.DateTimeField()),
                ('contract', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='void', to='campaigns.contract')),
            ],
        ),
        migrations.CreateModel(
            name='ExchangeRate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('base', models.CharField(max_length=3)),
                ('quote', models.CharField(max_length=3)),
                ('rate', models.DecimalField(decimal_places=10, max_digits=20)),
                ('on', models.DateField()),
                ('source', models.CharField(max_length=100)),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exchange_rates', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Exclusivity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('brand', 'brand'), ('category', 'category')], max_length=8)),
                ('key', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=100)),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exclusivities', to='campaigns.contractversion')),
            ],
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('creator_fees', 'creator_fees'), ('products', 'products'), ('production', 'production'), ('other', 'other')], max_length=12)),
                ('recipient', models.CharField(max_length=200)),
                ('what', models.CharField(max_length=300)),
                ('net', models.DecimalField(decimal_places=2, max_digits=12)),
                ('vat_rate', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('vat', models.DecimalField(decimal_places=2, max_digits=12)),
                ('gross', models.DecimalField(decimal_places=2, max_digits=12)),
                ('tax_note', models.CharField(blank=True, max_length=300)),
                ('currency', models.CharField(max_length=3)),
                ('in_budget', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('rates', models.JSONField(default=list)),
                ('beyond', models.CharField(blank=True, max_length=40)),
                ('law', models.JSONField(default=list)),
                ('asked_name', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('paid_on', models.DateField(null=True)),
                ('reference', models.CharField(blank=True, max_length=100)),
                ('confirmed_name', models.CharField(blank=True, max_length=200)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('approval_id', models.BigIntegerField(null=True)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='payments_asked', to='governance.member')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='payments', to='campaigns.campaign')),
                ('collaboration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='payments', to='campaigns.collaboration')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='payments_confirmed', to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='payments', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('creator', 'creator'), ('brand', 'brand')], max_length=7)),
                ('name', models.CharField(max_length=200)),
                ('signed_at', models.DateTimeField()),
                ('pdf_sha256', models.CharField(max_length=64)),
                ('text_sha256', models.CharField(max_length=64)),
                ('member_id', models.BigIntegerField(null=True)),
                ('link_id', models.BigIntegerField(null=True)),
                ('approval_id', models.BigIntegerField(null=True)),
                ('digest', models.CharField(max_length=64)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='campaigns.contractversion')),
            ],
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('creator_fees', 'creator_fees'), ('products', 'products'), ('production', 'production'), ('other', 'other')], max_length=12)),
                ('label', models.CharField(max_length=200)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('currency', models.CharField(max_length=3)),
                ('in_budget', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('rates', models.JSONField(default=list)),
                ('planned_on', models.DateField()),
                ('entered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='budget_lines', to='campaigns.campaign')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='governance.member')),
            ],
            options={
                'indexes': [models.Index(fields=['campaign', 'withdrawn_at'], name='line_standing')],
            },
        ),
        migrations.CreateModel(
            name='Consideration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('money', 'money'), ('gift', 'gift'), ('trip', 'trip'), ('percentage', 'percentage')], max_length=10)),
                ('text', models.CharField(max_length=300)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('currency', models.CharField(max_length=3)),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('is_estimate', models.BooleanField(default=False)),
                ('granted_on', models.DateField()),
                ('euros', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('in_budget', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('rates', models.JSONField(default=list)),
                ('entered_name', models.CharField(max_length=200)),
                ('entered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_name', models.CharField(blank=True, max_length=200)),
                ('collaboration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='considerations', to='campaigns.collaboration')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='considerations_entered', to='governance.member')),
            ],
            options={
                'indexes': [models.Index(fields=['collaboration', 'withdrawn_at'], name='consideration_standing')],
            },
        ),
        migrations.AddConstraint(
            model_name='contractversion',
            constraint=models.UniqueConstraint(fields=('contract', 'number'), name='one_contract_version_per_number'),
        ),
        migrations.AddIndex(
            model_name='exchangerate',
            index=models.Index(fields=['workspace', 'base', 'quote', '-on'], name='rate_by_day'),
        ),
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['campaign', '-asked_at'], name='payment_by_age'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('version', 'party'), name='one_signature_per_party'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
