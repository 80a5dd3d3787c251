import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


GUARDED = {  # what may still be set in a row that is kept for good: who left, and what was erased
    "draft": ("member_id", "link_id"),
    "draftfile": (),
    "draftcheck": (),
    "draftverdict": ("member_id", "link_id"),
    "draftremark": ("member_id", "link_id"),
    "liveevidence": ("title", "text", "raw", "raw_endpoint", "findings", "rules", "refresh_by", "erased_at"),
}


def _guard(table, free):
    kept = "".join(f" - '{name}'" for name in free)
    return f"""
CREATE FUNCTION campaigns_{table}_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW){kept} IS DISTINCT FROM to_jsonb(OLD){kept} THEN
        RAISE EXCEPTION 'campaigns_{table} is kept as it was written';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER campaigns_{table}_stays BEFORE UPDATE ON campaigns_{table}
    FOR EACH ROW EXECUTE FUNCTION campaigns_{table}_stays();
"""


def _unguard(table):
    return f"DROP TRIGGER campaigns_{table}_stays ON campaigns_{table}; DROP FUNCTION campaigns_{table}_stays();"


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0003_contracts"),
        ("governance", "0006_webhooks"),
    ]
    operations = [
        migrations.CreateModel(
            name='Deliverable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('network', models.CharField(max_length=20)),
                ('format', models.CharField(max_length=15)),
                ('brief', models.TextField(blank=True)),
                ('draft_due_on', models.DateField(null=True)),
                ('publish_from', models.DateField(null=True)),
                ('publish_until', models.DateField(null=True)),
                ('say', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), default=list, size=None)),
                ('never_say', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), default=list, size=None)),
                ('code', models.CharField(blank=True, max_length=60)),
                ('rights_where', models.CharField(blank=True, max_length=200)),
                ('rights_until', models.DateField(null=True)),
                ('brand_mention', models.CharField(blank=True, max_length=100)),
                ('consideration', models.CharField(max_length=12)),
                ('language', models.CharField(blank=True, max_length=3)),
                ('facts', models.JSONField(default=dict)),
                ('needs_client', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('awaited', 'awaited'), ('in_review', 'in_review'), ('changes', 'changes'), ('refused', 'refused'), ('approved', 'approved'), ('live', 'live')], default='awaited', max_length=10)),
                ('approved_version', models.PositiveIntegerField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliverables', to='campaigns.campaign')),
                ('collaboration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='deliverables', to='campaigns.collaboration')),
                ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='copies', to='campaigns.deliverable')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliverables', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('note', models.TextField(blank=True)),
                ('facts', models.JSONField(default=dict)),
                ('digest', models.BinaryField()),
                ('who', models.CharField(max_length=200)),
                ('came_at', models.DateTimeField()),
                ('deliverable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='campaigns.deliverable')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='drafts_sent', to='governance.link')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='drafts_entered', to='governance.member')),
            ],
        ),
        migrations.CreateModel(
            name='DraftCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('packs', models.CharField(max_length=200)),
                ('findings', models.JSONField(default=list)),
                ('rules', models.JSONField(default=list)),
                ('verdict', models.CharField(blank=True, max_length=10)),
                ('checked_at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='campaigns.draft')),
            ],
        ),
        migrations.CreateModel(
            name='DraftFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('sha256', models.CharField(db_index=True, max_length=64)),
                ('media_type', models.CharField(max_length=40)),
                ('size', models.BigIntegerField()),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('seconds', models.FloatField(null=True)),
                ('removed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('sealed_sha256', models.CharField(blank=True, max_length=64)),
                ('says_machine_made', models.BooleanField(default=False)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='campaigns.draft')),
            ],
        ),
        migrations.CreateModel(
            name='DraftThread',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.PositiveIntegerField(null=True)),
                ('ends', models.PositiveIntegerField(null=True)),
                ('quote', models.TextField(blank=True)),
                ('opened_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('resolved_who', models.CharField(blank=True, max_length=200)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='threads', to='campaigns.draft')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='threads', to='campaigns.draftfile')),
            ],
        ),
        migrations.CreateModel(
            name='DraftRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField()),
                ('side', models.CharField(max_length=7)),
                ('who', models.CharField(max_length=200)),
                ('written_at', models.DateTimeField()),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='draft_remarks', to='governance.link')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='draft_remarks', to='governance.member')),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='campaigns.draftthread')),
            ],
        ),
        migrations.CreateModel(
            name='DraftVerdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(choices=[('approved', 'approved'), ('changes', 'changes'), ('refused', 'refused')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('who', models.CharField(max_length=200)),
                ('decided_at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='verdicts', to='campaigns.draft')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='draft_verdicts', to='governance.link')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='draft_verdicts', to='governance.member')),
            ],
        ),
        migrations.CreateModel(
            name='LiveLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=2000)),
                ('who', models.CharField(max_length=200)),
                ('given_at', models.DateTimeField()),
                ('deliverable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='live_links', to='campaigns.deliverable')),
            ],
        ),
        migrations.CreateModel(
            name='LiveMatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_id', models.BigIntegerField()),
                ('post_id', models.BigIntegerField()),
                ('url', models.CharField(blank=True, max_length=2000)),
                ('published_at', models.DateTimeField()),
                ('score', models.FloatField()),
                ('reasons', models.JSONField(default=list)),
                ('standing', models.CharField(choices=[('suggested', 'suggested'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed')], max_length=10)),
                ('is_by_link', models.BooleanField(default=False)),
                ('suggested_at', models.DateTimeField()),
                ('who', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(null=True)),
                ('deliverable', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matches', to='campaigns.deliverable')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='matches_decided', to='governance.member')),
            ],
        ),
        migrations.CreateModel(
            name='LiveEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen', models.CharField(choices=[('first', 'first'), ('same', 'same'), ('edited', 'edited'), ('removed', 'removed'), ('back', 'back')], max_length=8)),
                ('title', models.TextField(blank=True)),
                ('text', models.TextField(blank=True)),
                ('paid_label', models.BooleanField(null=True)),
                ('words_sha256', models.CharField(max_length=64)),
                ('raw', models.BinaryField(null=True)),
                ('raw_sha256', models.CharField(blank=True, max_length=64)),
                ('raw_endpoint', models.CharField(blank=True, max_length=300)),
                ('refresh_by', models.DateTimeField(null=True)),
                ('fetched_at', models.DateTimeField(null=True)),
                ('packs', models.CharField(blank=True, max_length=200)),
                ('findings', models.JSONField(default=list)),
                ('rules', models.JSONField(default=list)),
                ('verdict', models.CharField(blank=True, max_length=10)),
                ('is_as_approved', models.BooleanField(null=True)),
                ('taken_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(null=True)),
                ('match', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='campaigns.livematch')),
            ],
        ),
        migrations.AddIndex(
            model_name='deliverable',
            index=models.Index(fields=['campaign', 'state', 'draft_due_on'], name='deliverable_by_state'),
        ),
        migrations.AddIndex(
            model_name='deliverable',
            index=models.Index(fields=['collaboration'], name='deliverable_by_collaboration'),
        ),
        migrations.AddIndex(
            model_name='deliverable',
            index=models.Index(fields=['workspace', 'draft_due_on'], name='deliverable_by_due_day'),
        ),
        migrations.AddIndex(
            model_name='deliverable',
            index=models.Index(fields=['workspace', 'publish_from'], name='deliverable_by_publish_day'),
        ),
        migrations.AddIndex(
            model_name='deliverable',
            index=models.Index(fields=['workspace', 'rights_until'], name='deliverable_by_rights_day'),
        ),
        migrations.AddConstraint(
            model_name='deliverable',
            constraint=models.UniqueConstraint(fields=('collaboration', 'template'), name='template_applied_once_per_collaboration'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('deliverable', 'number'), name='one_draft_per_number'),
        ),
        migrations.AddConstraint(
            model_name='draftfile',
            constraint=models.UniqueConstraint(fields=('draft', 'position'), name='one_file_per_position'),
        ),
        migrations.AddConstraint(
            model_name='draftverdict',
            constraint=models.UniqueConstraint(condition=models.Q(('word', 'approved')), fields=('draft', 'link'), name='one_approval_per_review_link'),
        ),
        migrations.AddIndex(
            model_name='livematch',
            index=models.Index(fields=['account_id', 'post_id'], name='match_by_post'),
        ),
        migrations.AddConstraint(
            model_name='livematch',
            constraint=models.UniqueConstraint(fields=('deliverable', 'account_id', 'post_id'), name='one_match_per_post'),
        ),
        migrations.AddConstraint(
            model_name='livematch',
            constraint=models.UniqueConstraint(condition=models.Q(('standing', 'confirmed')), fields=('deliverable',), name='one_live_post_per_deliverable'),
        ),
        migrations.AddIndex(
            model_name='liveevidence',
            index=models.Index(fields=['match', '-taken_at'], name='evidence_by_time'),
        ),
        *(migrations.RunSQL(_guard(table, free), _unguard(table)) for table, free in GUARDED.items()),
    ]
