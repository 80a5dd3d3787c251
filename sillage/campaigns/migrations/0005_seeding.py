import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0004_deliverables'),
        ('governance', '0006_webhooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('reference', models.CharField(max_length=80)),
                ('value', models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('free', models.IntegerField(default=0)),
                ('reserved', models.IntegerField(default=0)),
                ('added_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='products', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='PromoCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=30)),
                ('skeleton', models.CharField(max_length=30)),
                ('discount_kind', models.CharField(max_length=10)),
                ('discount_value', models.DecimalField(decimal_places=2, max_digits=8, null=True)),
                ('discount_currency', models.CharField(blank=True, max_length=3)),
                ('starts_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('collaboration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promo_codes', to='campaigns.collaboration')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='promo_codes', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Shipment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField()),
                ('choice', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('to_confirm', 'to_confirm'), ('address_asked', 'address_asked'), ('ready', 'ready'), ('shipped', 'shipped'), ('delivered', 'delivered'), ('returned', 'returned'), ('lost', 'lost'), ('cancelled', 'cancelled')], default='to_confirm', max_length=13)),
                ('state_since', models.DateTimeField()),
                ('carrier', models.CharField(blank=True, max_length=80)),
                ('tracking_number', models.CharField(blank=True, max_length=80)),
                ('counts_elsewhere', models.BooleanField(default=False)),
                ('promised_at', models.DateTimeField()),
                ('shipped_at', models.DateTimeField(null=True)),
                ('collaboration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shipments', to='campaigns.collaboration')),
                ('consideration', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='shipments', to='campaigns.consideration')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shipments', to='campaigns.product')),
                ('promised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to='governance.member')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shipments', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='ShippingAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField()),
                ('given_at', models.DateTimeField()),
                ('collaboration', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='shipping_address', to='campaigns.collaboration')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='ShopFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sealed', models.BinaryField(null=True)),
                ('sealed_before', models.BinaryField(null=True)),
                ('secret_made_at', models.DateTimeField(null=True)),
                ('heard_at', models.DateTimeField(null=True)),
                ('workspace', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='shop_feed', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='TrackedLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True)),
                ('target', models.URLField(max_length=3000)),
                ('made_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('collaboration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tracked_links', to='campaigns.collaboration')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tracked_links', to='governance.workspace')),
            ],
        ),
        migrations.CreateModel(
            name='Conversion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=6)),
                ('event', models.BinaryField()),
                ('order_key', models.BinaryField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('currency', models.CharField(max_length=3)),
                ('ordered_at', models.DateTimeField()),
                ('credited_by', models.CharField(max_length=5)),
                ('source', models.CharField(max_length=7)),
                ('received_at', models.DateTimeField()),
                ('collaboration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conversions', to='campaigns.collaboration')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='conversions', to='governance.workspace')),
                ('code', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='conversions', to='campaigns.promocode')),
                ('link', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='conversions', to='campaigns.trackedlink')),
            ],
        ),
        migrations.CreateModel(
            name='ClickCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('visitor', models.CharField(max_length=7)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('referrer', models.CharField(max_length=12)),
                ('clicks', models.PositiveBigIntegerField()),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='clicks', to='campaigns.trackedlink')),
            ],
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.UniqueConstraint(fields=('workspace', 'reference'), name='one_product_per_reference'),
        ),
        migrations.AddConstraint(
            model_name='product',
            constraint=models.CheckConstraint(condition=models.Q(('free__gte', 0), ('reserved__gte', 0)), name='stock_never_below_zero'),
        ),
        migrations.AddIndex(
            model_name='promocode',
            index=models.Index(fields=['workspace', 'code'], name='promo_code_by_code'),
        ),
        migrations.AddConstraint(
            model_name='promocode',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('workspace', 'skeleton'), name='no_two_live_codes_look_alike'),
        ),
        migrations.AddConstraint(
            model_name='promocode',
            constraint=models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='code_ends_after_start'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['collaboration', '-promised_at'], name='shipment_by_collaboration'),
        ),
        migrations.AddIndex(
            model_name='shipment',
            index=models.Index(fields=['workspace', 'state', 'state_since'], name='shipment_by_state'),
        ),
        migrations.AddConstraint(
            model_name='shipment',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='shipment_of_something'),
        ),
        migrations.AddIndex(
            model_name='conversion',
            index=models.Index(fields=['collaboration', 'currency', 'kind'], name='conversion_by_collaboration'),
        ),
        migrations.AddIndex(
            model_name='conversion',
            index=models.Index(fields=['workspace', 'order_key'], name='conversion_by_order'),
        ),
        migrations.AddConstraint(
            model_name='conversion',
            constraint=models.UniqueConstraint(fields=('workspace', 'event'), name='one_conversion_per_event'),
        ),
        migrations.AddConstraint(
            model_name='clickcount',
            constraint=models.UniqueConstraint(fields=('link', 'hour', 'visitor', 'country', 'referrer'), name='one_click_count_per_hour'),
        ),
    ]
