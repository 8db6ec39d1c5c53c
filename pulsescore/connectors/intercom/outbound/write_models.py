"""The write log."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pulsescore.connectors.intercom.outbound.run_models import SendRun
from pulsescore.core.tenancy import TenantModel


class WriteRecord(TenantModel):
    """One write to Intercom, with what stood there before and what stands there after it.

    `kind` is like "contact.update"; `external_id` is the id in Intercom of what was written; `run`
    is the one that asked for it, if one did.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    company = models.ForeignKey(
        "store.Company", null=True, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    run = models.ForeignKey(
        SendRun, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    external_id = models.TextField(blank=True, default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["connection", "-at", "-id"], name="writes_newest_first"),
            models.Index(
                fields=["customer", "-at"],
                condition=Q(customer__isnull=False),
                name="writes_of_customer",
            ),
            models.Index(
                fields=["run", "-at", "-id"], condition=Q(run__isnull=False), name="writes_of_run"
            ),
            models.Index(
                fields=["company"],
                condition=Q(company__isnull=False),
                name="writes_of_company",
            ),
        ]
