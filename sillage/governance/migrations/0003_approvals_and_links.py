import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0002_ledger_is_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='governance.workspace')),
                ('purpose', models.CharField(choices=[('creator', 'creator'), ('collaboration', 'collaboration'), ('review', 'review'), ('calendar', 'calendar')], max_length=20)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('label', models.CharField(max_length=200)),
                ('digest', models.BinaryField(unique=True)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='governance.member')),
                ('opened_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'subject_kind', 'subject_id'], name='link_by_subject')],
            },
        ),
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signing_keys', to='governance.workspace')),
                ('name', models.CharField(max_length=16)),
                ('public', models.BinaryField()),
                ('private_sealed', models.BinaryField()),
                ('made_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('workspace',), name='one_key_signs'), models.UniqueConstraint(fields=('workspace', 'name'), name='one_key_per_name')],
            },
        ),
        migrations.CreateModel(
            name='ApprovalRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approval_requests', to='governance.workspace')),
                ('verb', models.CharField(max_length=80)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('summary', models.CharField(max_length=300)),
                ('content', models.JSONField()),
                ('recipients', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=300), default=list, size=None)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('digest', models.BinaryField()),
                ('needed', models.PositiveSmallIntegerField(default=1)),
                ('review_kind', models.CharField(blank=True, max_length=40)),
                ('review_id', models.CharField(blank=True, max_length=80)),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='approvals_asked', to='governance.member')),
                ('asked_by_name', models.CharField(max_length=200)),
                ('asked_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('used_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'subject_kind', 'subject_id', 'verb'], name='request_by_subject'), models.Index(fields=['workspace', '-asked_at'], name='request_by_age'), models.Index(condition=models.Q(('used_at', None), ('withdrawn_at', None)), fields=['workspace', 'expires_at'], name='request_open')],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='governance.approvalrequest')),
                ('verdict', models.CharField(choices=[('approved', 'approved'), ('refused', 'refused')], max_length=10)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='approvals_given', to='governance.member')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='approvals_given', to='governance.link')),
                ('by', models.CharField(max_length=40)),
                ('person_name', models.CharField(max_length=200)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('decided_at', models.DateTimeField()),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='governance.signingkey')),
                ('statement', models.JSONField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'by'), name='one_word_per_person'), models.CheckConstraint(condition=models.Q(('member', None), ('link', None), _connector='OR'), name='a_word_is_a_members_or_a_link_holders')],
            },
        ),
        migrations.CreateModel(
            name='ApprovalRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approval_rules', to='governance.workspace')),
                ('verb', models.CharField(blank=True, max_length=80)),
                ('roles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('owner', 'owner'), ('manager', 'manager'), ('analyst', 'analyst'), ('reader', 'reader')], max_length=10), default=list, size=None)),
                ('members', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('up_to', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('two_from', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('always_two', models.BooleanField(default=False)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('currency', ''), _negated=True), models.Q(('two_from', None), ('up_to', None)), _connector='OR'), name='a_limit_has_a_currency')],
            },
        ),
    ]
