"""Rules, the alerts they fired, notifications, and what each person wants to be told."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from pulsescore.core.tenancy import TenantModel


class RuleKind(models.TextChoices):
    """What a rule looks at."""

    LEVEL_BECOMES = "level_becomes", "Risk level becomes"
    SCORE_BELOW = "score_below", "Score falls below"
    SCORE_DROPS = "score_drops", "Score drops by"
    FACTOR_REACHES = "factor_reaches", "Factor reaches"
    ENTERS_SEGMENT = "enters_segment", "Enters a segment"
    LEAVES_SEGMENT = "leaves_segment", "Leaves a segment"
    CONNECTION_NEEDS_ATTENTION = "connection_needs_attention", "Connection needs attention"


class Audience(models.TextChoices):
    """Which members a rule tells in the app and by e-mail."""

    EVERYONE = "everyone", "Everyone"
    ADMINS = "admins", "Admins and owners"


class AlertState(models.TextChoices):
    """Where an alert stands. A resolved one may still hold: see `Alert.recovered_at`."""

    OPEN = "open", "Open"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    SNOOZED = "snoozed", "Snoozed"
    RESOLVED = "resolved", "Resolved"


class EmailChoice(models.TextChoices):
    """How a person wants alerts by e-mail."""

    EACH = "each", "Each alert at once"
    DIGEST = "digest", "One digest a day"
    OFF = "off", "No e-mail"


class AlertRule(TenantModel):
    """What is to be told, to whom, and how often at most.

    `params` are those of the kind (see `rules.parse_condition`); `channels` is
    `{in_app, email, webhook: bool, slack: [ids of Slack hooks]}`. With `segments` it is only about
    customers in one of them. A deleted rule stays for the
    alerts it fired.
    """

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=32, choices=RuleKind.choices)
    params = models.JSONField(default=dict)
    channels = models.JSONField(default=dict)
    segments = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    audience = models.CharField(
        max_length=8, choices=Audience.choices, default=Audience.EVERYONE, db_default="everyone"
    )
    cooldown_hours = models.IntegerField(default=24, db_default=24)
    enabled = models.BooleanField(default=True, db_default=True)
    muted_until = models.DateTimeField(null=True)
    is_default = models.BooleanField(default=False, db_default=False)
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "id"], name="alert_rules_of_org")]


class Alert(TenantModel):
    """One crossing of one rule, by a customer or by a connection.

    While `recovered_at` is empty the rule does not fire for the same subject again, whatever a
    person did to the alert. `facts` hold numbers, never names: those are looked up when shown.
    `told_as` is the subject under which deliveries tell of it, alone or with others.
    """

    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    connection_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=AlertState.choices, default=AlertState.OPEN)
    fired_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True)
    snoozed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    snoozed_until = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True)
    recovered_at = models.DateTimeField(null=True)
    reopened = models.IntegerField(default=0, db_default=0)
    told_at = models.DateTimeField(null=True)
    told_as = models.CharField(max_length=64, default="", db_default="")
    facts = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "customer"],
                condition=Q(recovered_at=None, customer__isnull=False),
                name="one_alert_holds_per_customer",
            ),
            models.UniqueConstraint(
                fields=["rule", "connection_id"],
                condition=Q(recovered_at=None, connection_id__isnull=False),
                name="one_alert_holds_per_connection",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["org", "-fired_at", "-id"], name="alerts_newest_first"),
            models.Index(fields=["org", "state", "-fired_at", "-id"], name="alerts_by_state"),
            models.Index(fields=["rule", "-fired_at", "-id"], name="alerts_of_rule"),
            # what a customer's page shows; the cooldown; erasing the customer
            models.Index(fields=["customer", "rule", "-fired_at"], name="alerts_of_customer"),
            models.Index(fields=["org", "told_as"], name="alerts_told_together"),
            models.Index(fields=["org", "rule"], condition=Q(told_at=None), name="alerts_not_told"),
            models.Index(
                fields=["snoozed_until"], condition=Q(state="snoozed"), name="alerts_snoozed"
            ),
        ]


class Notification(TenantModel):
    """Something told to one person in the app. One about a single alert goes when that goes."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org", "user", "-created_at", "-id"], name="notified_newest"),
            models.Index(fields=["org", "user"], condition=Q(read_at=None), name="notified_unread"),
        ]


class NotificationPreference(TenantModel):
    """What one member wants of one organization's alerts. Times are in the person's time zone.

    Quiet hours hold e-mail back until they end; a person without a row has the defaults.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    in_app = models.BooleanField(default=True)
    email = models.CharField(max_length=8, choices=EmailChoice.choices, default=EmailChoice.EACH)
    digest_hour = models.SmallIntegerField(default=8)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    muted_rules = ArrayField(models.BigIntegerField(), default=list)
    last_digest_at = models.DateTimeField(null=True)
    next_digest_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "user"], name="preferences_once")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_digest_at"],
                condition=Q(next_digest_at__isnull=False),
                name="digests_due",
            )
        ]
