import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0003_approvals_and_links'),
    ]

    operations = [
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='policies', to='governance.workspace')),
                ('verb', models.CharField(max_length=80)),
                ('scope', models.JSONField(default=dict)),
                ('threshold', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                ('per_day', models.PositiveIntegerField()),
                ('amount_per_day', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('sample_percent', models.PositiveSmallIntegerField()),
                ('allowed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='policies_allowed', to='governance.member')),
                ('person_name', models.CharField(max_length=200)),
                ('reason', models.CharField(max_length=500)),
                ('allowed_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='governance.signingkey')),
                ('statement', models.JSONField()),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'verb', 'expires_at'], name='policy_by_verb')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sample_percent__lte', 100)), name='a_sample_is_at_most_all'), models.CheckConstraint(condition=models.Q(('amount_per_day', None), models.Q(('currency', ''), _negated=True), _connector='OR'), name='a_policys_amount_has_a_currency')],
            },
        ),
        migrations.CreateModel(
            name='PolicySwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='policy_switches', to='governance.workspace')),
                ('is_stopped', models.BooleanField()),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='governance.member')),
                ('person_name', models.CharField(max_length=200)),
                ('reason', models.CharField(max_length=500)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='PolicyUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='policy_uses', to='governance.workspace')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='governance.policy')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(max_length=80)),
                ('about', models.JSONField()),
                ('score', models.DecimalField(decimal_places=4, max_digits=5, null=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('currency', models.CharField(blank=True, max_length=3)),
                ('machine_kind', models.CharField(choices=[('person', 'person'), ('rule', 'rule'), ('automation', 'automation'), ('model', 'model')], max_length=12)),
                ('machine_name', models.CharField(max_length=200)),
                ('machine_version', models.CharField(blank=True, max_length=100)),
                ('used_at', models.DateTimeField()),
                ('used_on', models.DateField()),
                ('undo', models.JSONField(default=dict)),
                ('is_sampled', models.BooleanField()),
                ('verdict', models.CharField(blank=True, choices=[('right', 'right'), ('wrong', 'wrong')], max_length=10)),
                ('judged_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uses_judged', to='governance.member')),
                ('judged_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='uses_undone', to='governance.member')),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['policy', 'used_on'], name='use_by_day'), models.Index(fields=['workspace', '-used_at'], name='use_by_age'), models.Index(condition=models.Q(('is_sampled', True), ('judged_at', None)), fields=['workspace', 'used_at'], name='use_to_review')],
            },
        ),
    ]
