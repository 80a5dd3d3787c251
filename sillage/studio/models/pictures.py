"""Pictures with a name on them: fonts and templates, batches while they are kept, and what became of every file.

Values are personal data: they stand in no row. A batch keeps its table under seal while it is being made, its pictures
until they are erased, a month at most.
"""

from __future__ import annotations

from django.db import models

from sillage.governance.models import Member, Workspace
from sillage.studio.engine.digital_source import Elements, Source
from sillage.studio.engine.picture_batch import BatchState


class BrandFont(models.Model):
    """A font file of the brand. `licence` is the brand's word that it may be used so."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="brand_fonts")
    family = models.CharField(max_length=100)
    weight = models.PositiveSmallIntegerField()
    is_slanted = models.BooleanField()
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    licence = models.CharField(max_length=300)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="fonts_added")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "family", "weight", "is_slanted"], name="one_font_per_face")
        ]


class PictureTemplate(models.Model):
    """An SVG drawing with variables. The file is kept as it came; `made_by` and `elements` are what a person says of it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="picture_templates")
    name = models.CharField(max_length=120)
    file_name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    variables = models.JSONField(default=list)  # [{"name", "kind", "default"}]
    left_out = models.JSONField(default=list)  # of the file: elements and attributes that are not drawn
    has_credentials = models.BooleanField(default=False)  # the file, or a picture in it, carries C2PA
    made_by = models.JSONField()  # engine/origins.py: MadeBy
    elements = models.CharField(max_length=9, choices=[(e.value, e.value) for e in Elements])
    alt = models.CharField(max_length=500)  # with variables; a rule's proposal until a person confirmed it
    alt_confirmed_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="alts_confirmed")
    alt_confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)  # raised by every change: who changes an old one is told
    created_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="picture_templates")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "archived_at", "-changed_at"], name="picture_template_by_age")]

    def __str__(self) -> str:
        return self.name


class PictureBatch(models.Model):
    """Many pictures of one template as it was then. It is gone a month after it was asked for, or when somebody erases it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="picture_batches")
    template = models.ForeignKey(PictureTemplate, on_delete=models.CASCADE, related_name="batches")
    template_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in BatchState], default="waiting")
    values_sha256 = models.CharField(max_length=64, blank=True)  # the sealed table; empty once it is not needed
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)  # rows that were dealt with
    failed = models.PositiveIntegerField(default=0)  # of them, without a picture
    faults = models.JSONField(default=list)  # [{"row", "variable", "said", "do"}]: no values
    remarks = models.JSONField(default=list)  # [{"row", "kind"}]: words were cut, or letters are missing
    statement = models.JSONField()  # engine/picture_batch.py: Statement
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="picture_batches")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "-made_at"], name="picture_batch_by_age")]


class PicturePart(models.Model):
    """Pictures of some rows of a batch, in one file of the data folder (ZIP)."""

    batch = models.ForeignKey(PictureBatch, on_delete=models.CASCADE, related_name="parts")
    starts = models.PositiveIntegerField()  # the first row
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "starts"], name="one_picture_part_per_row")]


class Picture(models.Model):
    """A picture that left: the hash of its file, by which its history is found again. What stood on it is not here."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="pictures")
    template = models.ForeignKey(PictureTemplate, on_delete=models.SET_NULL, null=True, related_name="pictures")
    batch = models.ForeignKey(PictureBatch, on_delete=models.SET_NULL, null=True, related_name="pictures")
    sha256 = models.CharField(max_length=64)
    template_sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20)
    source = models.CharField(max_length=40, choices=[(s.value, s.value) for s in Source])
    statement = models.JSONField()  # engine/picture_batch.py: Statement
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="pictures")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "sha256"], name="picture_by_hash")]


class PictureCertificate(models.Model):
    """With what a workspace signs its pictures. One is in use; the private key stands under seal."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="picture_certificates")
    name = models.CharField(max_length=64)  # SHA-256 of the signing certificate
    chain = models.TextField()
    private_sealed = models.BinaryField()
    algorithm = models.CharField(max_length=10)
    is_own = models.BooleanField(default=False)  # the brand's; otherwise made here, which validators call untrusted
    ends_at = models.DateTimeField()
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=models.Q(retired_at=None), name="one_picture_certificate"
            )
        ]
