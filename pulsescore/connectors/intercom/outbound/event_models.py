"""Timeline events on their way to Intercom."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pulsescore.core.tenancy import TenantModel


class EventState(models.TextChoices):
    """Where an event that goes out stands."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Refused"


class OutgoingEvent(TenantModel):
    """A timeline event on its way to Intercom.

    Intercom tells events of one person and name apart by their second, so each is given a second
    of its own (`second`, unix) before it is sent for the first time, and keeps it: sending it again
    after a crash tells nothing new there.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    customer = models.ForeignKey("store.Customer", on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey("store.TimelineEvent", on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    second = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=EventState.choices, default=EventState.WAITING)
    error = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "event"], name="event_sent_once"),
            models.UniqueConstraint(
                fields=["connection", "customer", "name", "second"], name="event_second_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["connection", "customer"],
                condition=Q(state="waiting"),
                name="events_to_send",
            )
        ]
