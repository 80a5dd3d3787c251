import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0006_invitations"),
        ("governance", "0006_webhooks"),
        ("studio", "0003_pictures"),
    ]

    operations = [
        migrations.CreateModel(
            name='Idea',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(choices=[('raw', 'raw'), ('worth', 'worth'), ('chosen', 'chosen')], default='raw', max_length=10)),
                ('placed_at', models.DateTimeField()),
                ('text', models.CharField(blank=True, max_length=500)),
                ('rule', models.CharField(blank=True, choices=[('rising_theme', 'rising_theme'), ('rising_hashtag', 'rising_hashtag'), ('question', 'question'), ('unsaid', 'unsaid'), ('angle', 'angle')], max_length=20)),
                ('rule_version', models.CharField(blank=True, max_length=40)),
                ('subject', models.CharField(blank=True, max_length=300)),
                ('figures', models.JSONField(default=dict)),
                ('refs', models.JSONField(default=list)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('who', models.CharField(max_length=200)),
                ('pinned_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='ideas', to='campaigns.campaign')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='ideas', to='governance.member')),
                ('rewritten_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rewritten_as', to='studio.idea')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ideas', to='governance.workspace')),
            ],
            options={
                'indexes': [models.Index(fields=['workspace', 'archived_at', 'place', '-placed_at'], name='idea_by_place'), models.Index(fields=['campaign'], name='idea_by_campaign')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at', None), models.Q(('digest', ''), _negated=True)), fields=('workspace', 'campaign', 'digest'), name='found_idea_once_on_the_board', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('rule', ''), models.Q(('text', ''), _negated=True)), models.Q(models.Q(('rule', ''), _negated=True), ('text', '')), _connector='OR'), name='idea_is_a_persons_or_a_rules')],
            },
        ),
        migrations.CreateModel(
            name='Palette',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('source', models.CharField(max_length=12)),
                ('colours', models.JSONField()),
                ('pictures', models.JSONField()),
                ('engine_version', models.CharField(max_length=40)),
                ('made_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
                ('campaign', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='palettes', to='campaigns.campaign')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='palettes', to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='palettes', to='governance.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('workspace', 'name'), name='one_palette_per_name')],
            },
        ),
    ]
