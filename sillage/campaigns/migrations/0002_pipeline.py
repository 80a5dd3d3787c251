import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="campaign",
            name="codes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="move",
            name="undoes",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="undone_by", to="campaigns.move"
            ),
        ),
        migrations.AddIndex(
            model_name="campaign",
            index=models.Index(fields=["workspace", "brand_key"], name="campaign_by_brand"),
        ),
        migrations.AddIndex(
            model_name="collaboration",
            index=models.Index(fields=["owner", "stage"], name="collaboration_by_owner"),
        ),
        migrations.AddIndex(
            model_name="move",
            index=models.Index(fields=["collaboration", "-moved_at"], name="move_by_time"),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["collaboration", "-written_at"], name="note_by_time"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["campaign", "done_at", "due_on"], name="reminder_by_campaign"),
        ),
    ]
