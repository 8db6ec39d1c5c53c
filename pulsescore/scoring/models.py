"""Scores as they stand, how they came about, and the configuration that made them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from pulsescore.core.tenancy import TenantModel, TenantPart
from pulsescore.scoring.outcomes.models import (
    Backtest,
    OutcomeAttribute,
    OutcomeRecord,
    OutcomeUpload,
)

__all__ = [
    "Backtest",
    "CompanyScore",
    "ConfigVersion",
    "DayTotal",
    "HealthScore",
    "OutcomeAttribute",
    "OutcomeRecord",
    "OutcomeUpload",
    "RescoreRun",
    "ScoreMark",
    "ScoreOverride",
    "ScorePoint",
    "ScoreRevision",
    "ScoreWatch",
    "ScoredCompany",
    "ScoredCustomer",
]


class ConfigVersion(TenantModel):
    """One saved configuration; never changed, only followed by a newer version."""

    version = models.IntegerField()
    weights = models.JSONField()
    halves = models.JSONField()
    thresholds = models.JSONField()
    # Empty: no exception, as in every version saved before there were any.
    exceptions = models.JSONField(default=dict, db_default={})
    comment = models.TextField(blank=True)
    author = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "version"], name="config_version_once")
        ]


class ScoreOverride(TenantModel):
    """A member's word on a customer's score or level, until it expires; or, with neither, its end.

    Never changed, only followed: the newest row up to an instant says what held then.
    """

    customer = models.ForeignKey(
        "store.Customer", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    score = models.SmallIntegerField(null=True)
    risk_level = models.CharField(max_length=6, null=True)
    reason = models.TextField(blank=True)
    author = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    set_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(risk_level__isnull=True),
                name="override_of_score_or_level",
            ),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True, risk_level__isnull=True)
                | models.Q(expires_at__gt=models.F("set_at")),
                name="override_expires",
            ),
        ]
        indexes: ClassVar = [
            # overrides.read_overrides, for each batch of customers
            models.Index(fields=["org", "customer", "set_at"], name="overrides_of_customers"),
            # erasing a customer
            models.Index(fields=["customer"], name="overrides_of_customer"),
        ]


class HealthScore(TenantPart):
    """A customer's present score, or the reason why there is none.

    `raws` and `values` are in the order of `scoring.factors.FACTORS`; NaN marks a missing factor.
    `cap` names the exception that held the score down. While an override holds, `score` and
    `risk_level` are what it says, and `computed_score` is what the formula comes to.

    That the customer exists is what the lock of the scores is for (`engine.lock_scores`), here, for
    points and for marks: the database need not look them up for each row, which took most of what
    the COMMIT of scores costs.
    """

    customer = models.OneToOneField(
        "store.Customer",
        on_delete=models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="+",
    )
    score = models.SmallIntegerField(null=True)
    risk_level = models.CharField(max_length=6, null=True)
    reason = models.CharField(max_length=32, null=True)
    raws = ArrayField(models.FloatField(), default=list)
    values = ArrayField(models.FloatField(), default=list)
    config_version = models.IntegerField()
    calculated_at = models.DateTimeField()
    # Conversations updated within 90 days: what the customer weighs in a company's score, less one.
    recent_conversations = models.IntegerField(default=0, db_default=0)
    cap = models.CharField(max_length=16, null=True)
    override = models.ForeignKey(
        ScoreOverride,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    computed_score = models.SmallIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            # the list of overrides, the filter `overridden`, and who waits for the end of one
            models.Index(
                fields=["org", "customer"],
                name="health_overridden",
                condition=models.Q(override__isnull=False),
            ),
            models.Index(fields=["org", "score", "customer"], name="health_by_score"),
            models.Index(
                fields=["org", "risk_level", "score", "customer"], name="health_by_level_and_score"
            ),
        ]


class CompanyScore(TenantPart):
    """A company's roll-up: the weighted mean of its members' scores, and its worst member.

    Members are customers that are not deleted; without a scored one there is no score.
    """

    company = models.OneToOneField(
        "store.Company", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    score = models.SmallIntegerField(null=True)
    risk_level = models.CharField(max_length=6, null=True)
    members = models.IntegerField()
    scored_members = models.IntegerField()
    worst_customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    calculated_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            # queries.list_companies by score
            models.Index(fields=["org", "score", "company"], name="company_by_score"),
            # erasing or deleting a customer, who may be some company's worst member
            models.Index(
                fields=["worst_customer"],
                name="company_of_worst_member",
                condition=models.Q(worst_customer__isnull=False),
            ),
        ]


class ScorePoint(TenantPart):
    """One point of a customer's score history: the last of a UTC day, and every change.

    `changed` marks points that are kept because score or level changed there, or an override began
    or ended. `cap`, `override` and `computed_score` are those of `HealthScore`.
    """

    customer = models.ForeignKey(
        "store.Customer",
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    at = models.DateTimeField()
    score = models.SmallIntegerField(null=True)
    risk_level = models.CharField(max_length=6, null=True)
    values = ArrayField(models.FloatField(), default=list)
    raws = ArrayField(models.FloatField(), default=list)
    config_version = models.IntegerField()
    reconstructed = models.BooleanField(default=False)
    changed = models.BooleanField(default=False)
    cap = models.CharField(max_length=16, null=True)
    override = models.ForeignKey(
        ScoreOverride,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    computed_score = models.SmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "at"], name="score_point_once")
        ]
        indexes: ClassVar = [models.Index(fields=["org", "at"], name="score_points_of_org")]


class DayTotal(TenantModel):
    """How an organization's customers stood at the end of a past UTC day, for charts.

    Once there, it follows the day's history points by triggers of the database; a day on which
    nobody had a score has one, too.
    """

    on = models.DateField()
    green = models.IntegerField()
    yellow = models.IntegerField()
    red = models.IntegerField()
    score_sum = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "on"], name="day_total_once")
        ]

    @property
    def scored(self) -> int:
        """Customers who had a score."""
        return self.green + self.yellow + self.red


class ScoreRevision(TenantModel):
    """How many batches changed an organization's scores; open pages look again when it moves.

    Only who holds the lock of the organization's scores writes it, so that nobody waits for it.
    """

    revision = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org"], name="score_revision_of_org")
        ]


class Survey(TenantModel):
    """Everybody counted and compared with a week ago, kept for organizations that are large.

    `counts` are rows of `census.sql`, `causes` how many became critical by main cause, `falls` and
    `worst` the customers who fell, by id only. The revisions tell what it was taken of, `number`
    how many were taken, so that an open page notices another one.
    """

    number = models.BigIntegerField(default=1)
    taken_at = models.DateTimeField()
    scores_revision = models.BigIntegerField()
    data_revision = models.BigIntegerField()
    counts = models.JSONField()
    causes = models.JSONField()
    falls = models.JSONField()
    worst = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["org"], name="survey_of_org")]


class RescoreRun(TenantModel):
    """Progress of rescoring a whole organization (after a configuration change, or nightly)."""

    reason = models.CharField(max_length=16)
    config_version = models.IntegerField()
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "-started_at"], name="rescore_newest")]


class ScoreWatch(TenantModel):
    """What a later stage wants to learn of scores, so that nothing is marked that nobody reads.

    `edges` are scores, `factor_edges` raw values by place of the factor ("1" to "5"): a customer
    who passes one is marked. `levels` and `any_change` mark each other level, each other score;
    `level_margin` points beyond a level's ends count as edges, too.
    """

    watcher = models.CharField(max_length=16)
    any_change = models.BooleanField(default=False)
    levels = models.BooleanField(default=False)
    level_margin = models.FloatField(default=0)
    edges = ArrayField(models.FloatField(), default=list)
    factor_edges = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "watcher"], name="score_watch_once")
        ]


class ScoreMark(TenantModel):
    """A customer who passed something that is watched, and how they stood when last looked at.

    Written in the transaction that writes scores, claimed by the stage that tells of it.
    """

    customer = models.OneToOneField(
        "store.Customer", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    score = models.SmallIntegerField(null=True)
    risk_level = models.CharField(max_length=6, null=True)
    raws = ArrayField(models.FloatField(), default=list)
    marked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            # watching.claim: the oldest marks of an organization
            models.Index(fields=["org", "marked_at"], name="score_mark_oldest")
        ]


class ScoredCustomer(TenantPart):
    """A customer who was looked at for scoring, changed or not: the segments stage claims it."""

    customer = models.OneToOneField(
        "store.Customer",
        on_delete=models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="+",
    )
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "marked_at"], name="scored_oldest_first")]


class ScoredCompany(TenantPart):
    """A company that was looked at for its roll-up: the segments stage claims it."""

    company = models.OneToOneField(
        "store.Company", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "company"], name="scored_companies")]
