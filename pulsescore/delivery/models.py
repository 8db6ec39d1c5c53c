"""Destinations outside, and the outbox of what is to reach them and people's mailboxes."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from pulsescore.core.tenancy import TenantModel


class Channel(models.TextChoices):
    """By which way a delivery leaves."""

    EMAIL = "email", "E-mail"
    SLACK = "slack", "Slack"
    WEBHOOK = "webhook", "Webhook"


class DeliveryState(models.TextChoices):
    """Where a delivery stands. A paused one waits until its destination is switched on again."""

    PENDING = "pending", "Pending"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    PAUSED = "paused", "Paused"


class Destination(TenantModel):
    """What all destinations have: on or off, why it was switched off, since when it fails."""

    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=200, blank=True)
    disabled_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class WebhookEndpoint(Destination):
    """An address that receives events, signed with its secret (sealed; see `secrets`)."""

    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=120, blank=True)
    events = ArrayField(models.CharField(max_length=40), default=list)
    sealed_secret = models.BinaryField(null=True)
    secret_last4 = models.CharField(max_length=4, blank=True)
    sealed_previous_secret = models.BinaryField(null=True)
    previous_secret_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "id"], name="endpoints_of_org")]


class SlackHook(Destination):
    """An incoming webhook of Slack, or of what understands the same. Its address is the secret.

    Quiet hours are in the organization's time zone.
    """

    name = models.CharField(max_length=80)
    sealed_url = models.BinaryField(null=True)
    url_last4 = models.CharField(max_length=4, blank=True)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "id"], name="slack_hooks_of_org")]


class Delivery(TenantModel):
    """One message on its way to one destination; written with what it tells, sent afterwards.

    `key` makes it unique in its organization and stays the same through every attempt. `payload`
    holds ids and numbers only: names are looked up when it is sent. `subject` is what it is about
    (`Alert.told_as`, a test, …). Who claims it counts an attempt and holds it until `lease_until`.
    """

    channel = models.CharField(max_length=8, choices=Channel.choices)
    event = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict)
    user = models.ForeignKey("accounts.User", null=True, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey(
        WebhookEndpoint, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    slack = models.ForeignKey(SlackHook, null=True, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    state = models.CharField(
        max_length=8, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    status_code = models.SmallIntegerField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "key"], name="delivery_once")
        ]
        indexes: ClassVar = [
            # outbox.claim, of every organization
            models.Index(fields=["next_at"], condition=Q(state="pending"), name="deliveries_due"),
            models.Index(fields=["org", "subject"], name="deliveries_about"),
            models.Index(fields=["endpoint", "-created_at", "-id"], name="deliveries_of_endpoint"),
            models.Index(
                fields=["customer"],
                condition=Q(customer__isnull=False),
                name="deliveries_of_customer",
            ),
        ]

    @property
    def destination_name(self) -> str:
        """Where it goes, as people call it; needs user, endpoint and Slack hook at hand."""
        if self.endpoint is not None:
            return self.endpoint.url
        if self.slack is not None:
            return self.slack.name
        return self.user.get_full_name() if self.user is not None else ""
