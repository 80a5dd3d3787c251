from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("discovery", "0001_initial")]

    operations = [
        migrations.AddField(model_name="brief", name="former_weights", field=models.JSONField(default=dict)),
    ]
