"""Outcomes: who left and when, where the dates come from, and what backtests made of them."""

from typing import ClassVar

from django.db import models

from pulsescore.core.tenancy import TenantModel


class OutcomeSource(models.TextChoices):
    """Who told of an outcome. What people and programs say outweighs an attribute."""

    ATTRIBUTE = "attribute", "Attribute"
    CSV = "csv", "CSV"
    API = "api", "API"


class OutcomeRecord(TenantModel):
    """A customer, or a company with all its customers, left on a day; one row for each."""

    customer = models.OneToOneField(
        "store.Customer", null=True, on_delete=models.CASCADE, related_name="+"
    )
    company = models.OneToOneField(
        "store.Company", null=True, on_delete=models.CASCADE, related_name="+"
    )
    left_on = models.DateField()
    source = models.CharField(max_length=9, choices=OutcomeSource.choices)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False, company__isnull=True)
                | models.Q(customer__isnull=True, company__isnull=False),
                name="outcome_of_one_thing",
            )
        ]
        indexes: ClassVar = [
            # the list, newest first, and what a backtest is about
            models.Index(fields=["org", "-left_on", "-id"], name="outcomes_newest_first")
        ]


class OutcomeAttribute(TenantModel):
    """The attribute that holds the day on which customers or companies left; at most one.

    `field` is named as in rules: `metadata.churned_at`, `attributes.intercom/churned_at`,
    `company.metadata.churned_at`.
    """

    field = models.TextField()
    found = models.IntegerField(default=0)
    unreadable = models.IntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org"], name="outcome_attribute_once")
        ]


class OutcomeUpload(TenantModel):
    """A file of outcomes: its text until it is imported, then what was refused of it.

    Kept for some days only: both hold addresses of people.
    """

    filename = models.TextField()
    content = models.TextField()
    uploaded_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    # The header, then each refused row with its line and the reason in front.
    refused = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org", "-uploaded_at"], name="outcome_uploads_newest")
        ]


class BacktestStatus(models.TextChoices):
    """How far a backtest is."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Done"
    TOO_FEW = "too_few", "Too few outcomes"
    FAILED = "failed", "Failed"


class Backtest(TenantModel):
    """One backtest: progress while it runs, and its result, which is never changed.

    `result` is that of `backtest.shapes`; it names customers by id only.
    """

    status = models.CharField(max_length=9, choices=BacktestStatus.choices)
    config_version = models.IntegerField(null=True)
    requested_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    outcomes = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    problem = models.TextField(blank=True)
    result = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            # two presses of the button are one backtest
            models.UniqueConstraint(
                fields=["org"],
                condition=models.Q(status__in=("queued", "running")),
                name="backtest_one_at_a_time",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["org", "-requested_at"], name="backtests_newest")]
