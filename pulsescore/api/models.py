"""What the API keeps for itself: answers to writes that may be sent again."""

from typing import ClassVar

from django.db import models


class IdempotentAnswer(models.Model):
    """The answer to a write that carried an `Idempotency-Key`, kept sealed for a day.

    `key_hash` covers caller, organization, method, path and key; `status` is empty while the first
    attempt is still being worked on.
    """

    key_hash = models.CharField(max_length=64, primary_key=True)
    request_hash = models.CharField(max_length=64)
    status = models.SmallIntegerField(null=True)
    sealed_body = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["created_at"], name="answers_oldest_first")]
