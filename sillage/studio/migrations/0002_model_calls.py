import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0006_webhooks"), ("studio", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="WriterLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_on", models.BooleanField(default=True)),
                ("monthly_cost", models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ("monthly_tokens", models.PositiveIntegerField(null=True)),
                ("calls_per_minute", models.PositiveSmallIntegerField()),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="writer_limits_changed", to="governance.member")),
                ("workspace", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="writer_limit", to="governance.workspace")),
            ],
        ),
        migrations.CreateModel(
            name="ModelCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=10)),
                ("model", models.CharField(max_length=200)),
                ("server", models.CharField(max_length=200)),
                ("prompt_version", models.CharField(max_length=40)),
                ("tokens_in", models.PositiveIntegerField()),
                ("tokens_out", models.PositiveIntegerField()),
                ("is_estimated", models.BooleanField(default=True)),
                ("cost", models.DecimalField(decimal_places=6, max_digits=12, null=True)),
                ("currency", models.CharField(blank=True, max_length=3)),
                ("seconds", models.FloatField(null=True)),
                ("outcome", models.CharField(blank=True, choices=[("answered", "answered"), ("failed", "failed"), ("stopped", "stopped"), ("interrupted", "interrupted")], max_length=12)),
                ("trouble", models.CharField(blank=True, max_length=20)),
                ("kept", models.PositiveSmallIntegerField(default=0)),
                ("dropped", models.JSONField(default=dict)),
                ("left_out", models.PositiveSmallIntegerField(default=0)),
                ("proposal", models.JSONField(default=list)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("decided", models.CharField(blank=True, max_length=10)),
                ("brief", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="model_calls", to="studio.storedbrief")),
                ("member", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="model_calls", to="governance.member")),
                ("text", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="model_calls", to="studio.text")),
                ("workspace", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="model_calls", to="governance.workspace")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["workspace", "-asked_at"], name="model_call_by_age"),
                    models.Index(condition=models.Q(("outcome", "")), fields=["workspace"], name="model_call_under_way"),
                    models.Index(fields=["text", "-asked_at"], name="model_call_by_text"),
                ],
            },
        ),
    ]
