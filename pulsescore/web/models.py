"""What the pages remember of a person: hints put away, and how they look at lists."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from pulsescore.core.tenancy import TenantModel


class Dismissal(TenantModel):
    """A hint that a person put away in one organization; it is not shown to them again there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    hint = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "user", "hint"], name="dismissal_once")
        ]


class ListPreference(TenantModel):
    """How a person looks at a list in one organization: columns and density."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=32)
    layout = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "user", "page"], name="list_preference_once")
        ]
