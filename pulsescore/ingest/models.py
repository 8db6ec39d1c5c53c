"""Write keys, what arrived with them and waits to be applied, and which messages are known."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from pulsescore.core.tenancy import TenantModel


class WriteKey(TenantModel):
    """A key with which a website or a program may send calls, and do nothing else.

    It stands in the source of websites, so it is no secret and is kept as it is.
    """

    name = models.CharField(max_length=80)
    key = models.CharField(max_length=64, unique=True)
    forwards_to_messenger = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "created_at"], name="write_key_of_org")]


class ArrivedBatch(TenantModel):
    """The calls of one request, checked, on their way to be applied.

    The row goes in the transaction that applies it. What fails is tried again, later each time;
    `next_attempt_at` NULL is a batch that was given up.
    """

    calls = models.BinaryField()
    size = models.IntegerField()
    received_at = models.DateTimeField()
    attempts = models.IntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="", db_default="")

    class Meta:
        indexes: ClassVar = [
            # queue.claim, and the scan for organizations with work
            models.Index(
                fields=["org", "next_attempt_at", "id"],
                name="arrived_due",
                condition=models.Q(next_attempt_at__isnull=False),
            ),
            models.Index(
                fields=["org", "id"],
                name="arrived_given_up",
                condition=models.Q(next_attempt_at__isnull=True),
            ),
        ]


class SeenMessage(TenantModel):
    """A message that was applied: its sender may send it again, it counts once."""

    digest = models.BinaryField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "digest"], name="message_once")
        ]
        # prune.prune
        indexes: ClassVar = [models.Index(fields=["seen_at"], name="message_by_age")]


class VisitorCall(TenantModel):
    """A call of somebody of whom only a browser's id is known; applied when they are."""

    anonymous_id = models.TextField()
    call = models.BinaryField()
    occurred_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            # visitors.take
            models.Index(fields=["org", "anonymous_id"], name="visitor_of_org"),
            # prune.prune
            models.Index(fields=["occurred_at"], name="visitor_by_age"),
        ]


class MessengerLink(TenantModel):
    """A browser whose visitor Intercom's Messenger knows; waits until a lead has come of it."""

    visitor_id = models.TextField()
    anonymous_id = models.TextField()
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org", "visitor_id", "anonymous_id"], name="messenger_link_once"
            )
        ]
        # prune.prune
        indexes: ClassVar = [models.Index(fields=["told_at"], name="messenger_link_by_age")]
