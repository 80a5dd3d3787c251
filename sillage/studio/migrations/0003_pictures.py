# Pictures with a name on them: fonts, templates, batches, what left, and with what it was signed.

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studio', '0002_model_calls'),
        ('governance', '0006_webhooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='PictureTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('file_name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('width', models.PositiveIntegerField()),
                ('height', models.PositiveIntegerField()),
                ('variables', models.JSONField(default=list)),
                ('left_out', models.JSONField(default=list)),
                ('has_credentials', models.BooleanField(default=False)),
                ('made_by', models.JSONField()),
                ('elements', models.CharField(choices=[('none', 'none'), ('unknown', 'unknown'), ('captured', 'captured'), ('created', 'created'), ('generated', 'generated')], max_length=9)),
                ('alt', models.CharField(max_length=500)),
                ('alt_confirmed_at', models.DateTimeField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
                ('alt_confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='alts_confirmed', to='governance.member')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='picture_templates', to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picture_templates', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='PictureBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('template_sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('making', 'making'), ('done', 'done')], default='waiting', max_length=8)),
                ('values_sha256', models.CharField(blank=True, max_length=64)),
                ('total', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField(default=0)),
                ('failed', models.PositiveIntegerField(default=0)),
                ('faults', models.JSONField(default=list)),
                ('remarks', models.JSONField(default=list)),
                ('statement', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='picture_batches', to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picture_batches', to='governance.workspace')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='batches', to='studio.picturetemplate')),
            ],
        ),
        migrations.CreateModel(
            name='Picture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('template_sha256', models.CharField(max_length=64)),
                ('media_type', models.CharField(max_length=20)),
                ('source', models.CharField(choices=[('digitalCreation', 'digitalCreation'), ('dataDrivenMedia', 'dataDrivenMedia'), ('humanEdits', 'humanEdits'), ('composite', 'composite'), ('compositeSynthetic', 'compositeSynthetic'), ('compositeWithTrainedAlgorithmicMedia', 'compositeWithTrainedAlgorithmicMedia'), ('trainedAlgorithmicMedia', 'trainedAlgorithmicMedia'), ('digitalCapture', 'digitalCapture')], max_length=40)),
                ('statement', models.JSONField()),
                ('made_at', models.DateTimeField()),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pictures', to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='governance.workspace')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pictures', to='studio.picturebatch')),
                ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='pictures', to='studio.picturetemplate')),
            ],
        ),
        migrations.CreateModel(
            name='BrandFont',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(max_length=100)),
                ('weight', models.PositiveSmallIntegerField()),
                ('is_slanted', models.BooleanField()),
                ('file_name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('licence', models.CharField(max_length=300)),
                ('added_at', models.DateTimeField()),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='fonts_added', to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='brand_fonts', to='governance.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('workspace', 'family', 'weight', 'is_slanted'), name='one_font_per_face')],
            },
        ),
        migrations.CreateModel(
            name='PictureCertificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64)),
                ('chain', models.TextField()),
                ('private_sealed', models.BinaryField()),
                ('algorithm', models.CharField(max_length=10)),
                ('is_own', models.BooleanField(default=False)),
                ('ends_at', models.DateTimeField()),
                ('made_at', models.DateTimeField()),
                ('retired_at', models.DateTimeField(null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picture_certificates', to='governance.workspace')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('workspace',), name='one_picture_certificate')],
            },
        ),
        migrations.CreateModel(
            name='PicturePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts', models.PositiveIntegerField()),
                ('rows', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='studio.picturebatch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'starts'), name='one_picture_part_per_row')],
            },
        ),
        migrations.AddIndex(
            model_name='picturetemplate',
            index=models.Index(fields=['workspace', 'archived_at', '-changed_at'], name='picture_template_by_age'),
        ),
        migrations.AddIndex(
            model_name='picturebatch',
            index=models.Index(fields=['workspace', '-made_at'], name='picture_batch_by_age'),
        ),
        migrations.AddIndex(
            model_name='picture',
            index=models.Index(fields=['workspace', 'sha256'], name='picture_by_hash'),
        ),
    ]
