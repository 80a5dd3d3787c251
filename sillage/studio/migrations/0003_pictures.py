from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("studio", "0002_model_calls")]
    operations = []
