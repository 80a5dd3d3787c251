import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0008_payment_due'),
        ('governance', '0007_erased_requests'),
        ('studio', '0006_composed'),
    ]

    operations = [
        migrations.CreateModel(
            name='AcceptedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=3)),
                ('word', models.CharField(max_length=40)),
                ('folded', models.CharField(max_length=80)),
                ('who', models.CharField(max_length=200)),
                ('added_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='FlagJudge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('flag', models.CharField(max_length=20)),
                ('named_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='IdeaComment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said', models.CharField(max_length=2000)),
                ('who', models.CharField(max_length=200)),
                ('written_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_who', models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name='QuotedFact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('turn', models.PositiveIntegerField()),
                ('text', models.CharField(max_length=500)),
                ('source', models.CharField(max_length=500)),
                ('sent_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='idea',
            name='interview',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='ideas', to='studio.interview'),
        ),
        migrations.AddConstraint(
            model_name='idea',
            constraint=models.CheckConstraint(condition=models.Q(('interview', None), ('rule', ''), _connector='OR'), name='quoted_idea_is_not_a_rules'),
        ),
        migrations.AddField(
            model_name='acceptedword',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='accepted_words', to='governance.member'),
        ),
        migrations.AddField(
            model_name='acceptedword',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accepted_words', to='governance.workspace'),
        ),
        migrations.AddField(
            model_name='flagjudge',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flags_judged', to='governance.member'),
        ),
        migrations.AddField(
            model_name='flagjudge',
            name='named_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='judges_named', to='governance.member'),
        ),
        migrations.AddField(
            model_name='flagjudge',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='flag_judges', to='governance.workspace'),
        ),
        migrations.AddField(
            model_name='ideacomment',
            name='answers',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answered', to='studio.ideacomment'),
        ),
        migrations.AddField(
            model_name='ideacomment',
            name='idea',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='studio.idea'),
        ),
        migrations.AddField(
            model_name='ideacomment',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='idea_comments', to='governance.member'),
        ),
        migrations.AddField(
            model_name='quotedfact',
            name='brief',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quoted_facts', to='studio.storedbrief'),
        ),
        migrations.AddField(
            model_name='quotedfact',
            name='interview',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quoted_facts', to='studio.interview'),
        ),
        migrations.AddField(
            model_name='quotedfact',
            name='member',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='quoted_facts', to='governance.member'),
        ),
        migrations.AddConstraint(
            model_name='acceptedword',
            constraint=models.UniqueConstraint(fields=('workspace', 'language', 'folded'), name='word_accepted_once'),
        ),
        migrations.AddConstraint(
            model_name='flagjudge',
            constraint=models.UniqueConstraint(fields=('workspace', 'flag'), name='one_judge_per_flag'),
        ),
        migrations.AddIndex(
            model_name='ideacomment',
            index=models.Index(fields=['idea', 'written_at'], name='idea_comment_by_age'),
        ),
        migrations.AddIndex(
            model_name='quotedfact',
            index=models.Index(fields=['brief'], name='quoted_fact_by_brief'),
        ),
    ]
