"""Data protection: the controller, notices, requests, restrictions, rectifications, runs of the retention rules."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0004_policies'),
    ]

    operations = [
        migrations.CreateModel(
            name='Controller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('address', models.CharField(blank=True, max_length=500)),
                ('email', models.EmailField(max_length=254)),
                ('representative', models.CharField(blank=True, max_length=300)),
                ('officer', models.CharField(blank=True, max_length=300)),
                ('interest', models.TextField(blank=True)),
                ('recipients', models.TextField(blank=True)),
                ('transfers', models.TextField(blank=True)),
                ('security', models.TextField(blank=True)),
                ('changed_at', models.DateTimeField()),
                ('workspace', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='controller', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='DataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('access', 'access'), ('rectification', 'rectification'), ('erasure', 'erasure'), ('restriction', 'restriction'), ('portability', 'portability'), ('objection', 'objection')], max_length=15)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('state', models.CharField(choices=[('open', 'open'), ('answered', 'answered'), ('refused', 'refused')], default='open', max_length=10)),
                ('requester', models.CharField(blank=True, max_length=200)),
                ('contact', models.CharField(blank=True, max_length=300)),
                ('came_by', models.CharField(choices=[('link', 'link'), ('email', 'email'), ('message', 'message'), ('letter', 'letter'), ('spoken', 'spoken')], max_length=10)),
                ('text', models.TextField(blank=True)),
                ('wanted', models.JSONField(default=dict)),
                ('received_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('identity_how', models.CharField(blank=True, max_length=300)),
                ('identity_at', models.DateTimeField(null=True)),
                ('extension_reason', models.CharField(blank=True, max_length=500)),
                ('extended_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='governance.member')),
                ('identity_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='governance.member')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='governance.link')),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='data_requests', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('contacted_at', models.DateTimeField(null=True)),
                ('shown_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('how', models.CharField(blank=True, choices=[('link', 'link'), ('email', 'email'), ('message', 'message'), ('letter', 'letter'), ('spoken', 'spoken')], max_length=10)),
                ('language', models.CharField(blank=True, max_length=5)),
                ('text_version', models.CharField(blank=True, max_length=20)),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Rectification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('field', models.CharField(max_length=20)),
                ('value', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='governance.datarequest')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rectifications', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('kind', models.CharField(choices=[('access', 'access'), ('rectification', 'rectification'), ('erasure', 'erasure'), ('restriction', 'restriction'), ('portability', 'portability'), ('objection', 'objection')], max_length=15)),
                ('set_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='restrictions', to='governance.datarequest')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='restrictions', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('rules_done', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('removed', models.JSONField(default=dict)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='retention_runs', to='governance.workspace')),
            ],
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(fields=['workspace', 'state', 'due_at'], name='data_request_by_clock'),
        ),
        migrations.AddIndex(
            model_name='datarequest',
            index=models.Index(fields=['workspace', 'subject_kind', 'subject_id'], name='data_request_by_subject'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(fields=('workspace', 'subject_kind', 'subject_id'), name='one_notice_per_subject'),
        ),
        migrations.AddConstraint(
            model_name='rectification',
            constraint=models.UniqueConstraint(fields=('workspace', 'subject_kind', 'subject_id', 'field'), name='one_rectification_per_field'),
        ),
        migrations.AddIndex(
            model_name='restriction',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['subject_kind', 'subject_id'], name='standing_restriction'),
        ),
        migrations.AddConstraint(
            model_name='restriction',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('workspace', 'subject_kind', 'subject_id', 'kind'), name='one_restriction_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='retentionrun',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('workspace',), name='one_retention_run_at_a_time'),
        ),
    ]
