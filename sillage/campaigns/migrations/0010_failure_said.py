from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0009_note_said'),
    ]

    operations = [
        migrations.AddField(
            model_name='invitation',
            name='failure_said',
            field=models.JSONField(null=True),
        ),
    ]
