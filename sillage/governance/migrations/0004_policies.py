from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("governance", "0003_approvals_and_links")]
    operations = []
