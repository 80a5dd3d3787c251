import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("studio", "0004_ideas")]

    operations = [
        migrations.CreateModel(
            name='Interview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('creator_id', models.BigIntegerField(null=True)),
                ('title', models.CharField(max_length=200)),
                ('person', models.CharField(blank=True, max_length=200)),
                ('language', models.CharField(max_length=3)),
                ('held_on', models.DateField(null=True)),
                ('names', models.JSONField(default=dict)),
                ('consent_who', models.CharField(blank=True, max_length=200)),
                ('consent_on', models.DateField(null=True)),
                ('consent_for', models.CharField(blank=True, max_length=500)),
                ('consent_kept_at', models.DateTimeField(null=True)),
                ('audio_sha256', models.CharField(blank=True, max_length=64)),
                ('audio_type', models.CharField(blank=True, max_length=20)),
                ('audio_size', models.BigIntegerField(null=True)),
                ('audio_came_at', models.DateTimeField(null=True)),
                ('audio_gone_at', models.DateTimeField(null=True)),
                ('job', models.CharField(blank=True, choices=[('', ''), ('waiting', 'waiting'), ('running', 'running'), ('failed', 'failed')], max_length=8)),
                ('job_at', models.DateTimeField(null=True)),
                ('job_tries', models.PositiveSmallIntegerField(default=0)),
                ('job_failure', models.CharField(blank=True, max_length=300)),
                ('confirmed_number', models.PositiveIntegerField(null=True)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interviews', to='campaigns.campaign')),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interviews_confirmed', to='governance.member')),
                ('consent_kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='consents_kept', to='governance.member')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interviews_added', to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='interviews', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='InterviewStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('transcript', 'transcript'), ('cleaned', 'cleaned'), ('edited', 'edited'), ('summary', 'summary')], max_length=12)),
                ('content', models.JSONField()),
                ('of', models.PositiveIntegerField(null=True)),
                ('actor', models.CharField(max_length=10)),
                ('actor_name', models.CharField(max_length=200)),
                ('actor_version', models.CharField(blank=True, max_length=100)),
                ('facts', models.JSONField(default=dict)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('made_at', models.DateTimeField()),
                ('interview', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stages', to='studio.interview')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='interview_stages', to='governance.member')),
            ],
        ),
        migrations.AddIndex(
            model_name='interview',
            index=models.Index(fields=['workspace', '-created_at'], name='interview_by_age'),
        ),
        migrations.AddIndex(
            model_name='interview',
            index=models.Index(fields=['workspace', 'creator_id'], name='interview_by_creator'),
        ),
        migrations.AddIndex(
            model_name='interview',
            index=models.Index(fields=['job', 'job_at'], name='interview_by_job'),
        ),
        migrations.AddConstraint(
            model_name='interviewstage',
            constraint=models.UniqueConstraint(fields=('interview', 'number'), name='one_interview_stage_per_number'),
        ),
    ]
