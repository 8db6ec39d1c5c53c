"""What we know: customers, companies, conversations and events, with the version of each fact.

Only `store.write` writes these tables; `store.traits`, `identities`, `joining` and `ingested` write
what no import tells. `observed_at` is when the stored facts were read at their source,
`remote_updated_at` the source's own version; both order competing facts.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Now

from pulsescore.core.tenancy import TenantModel, TenantPart


class Source(TenantModel):
    """One origin of records in an organization, for example one Intercom workspace.

    `revision` counts the batches that changed something; open pages look again when it moves. Only
    who holds the lock of the source writes it, so that nobody ever waits for it.
    """

    kind = models.CharField(max_length=32)
    revision = models.BigIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            # what comes from a source refers to it together with its organization
            models.UniqueConstraint(fields=["id", "org"], name="source_and_org")
        ]
        indexes: ClassVar = [models.Index(fields=["org", "kind"], name="source_of_org")]


class SourcedModel(TenantPart):
    """A row whose facts come from a source, newest version first.

    A source belongs to one organization, and the database checks both as one key (migration 0003),
    so (source, external_id) is the identity. Its key does not begin with the organization on
    purpose: no other index begins with the source, so that looking up thousands of names can use
    no other one, whatever the planner believes.

    `confirmed_at` is the last instant at which the source itself showed the thing to exist, beside
    its version. `content_hash` is that of the record that would change nothing; NULL where fields
    of several versions are mixed. `fingerprint` is that of a record which told this, followed by
    the hash of what it told (`recognition`). `field_versions` holds the fields that do not have
    the row's version (see `merge.State`), NULL where all have.
    """

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    external_id = models.TextField()
    remote_updated_at = models.DateTimeField(null=True)
    observed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    content_hash = models.BinaryField(null=True)
    fingerprint = models.BinaryField(null=True)
    field_versions = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)
    deleted_reason = models.CharField(max_length=16, null=True)

    class Meta:
        abstract = True


class Customer(SourcedModel):
    """A person. Identity is (source, external_id); an e-mail address is not unique.

    `company_external_ids` names all companies as the source does, `unknown_companies` those of them
    that are not stored yet (NULL: none), so that they are joined when they arrive.
    """

    external_user_id = models.TextField(null=True)
    email = models.TextField(null=True)
    name = models.TextField(null=True)
    contact_role = models.CharField(max_length=8)
    phone = models.TextField(null=True)
    avatar_url = models.TextField(null=True)
    owner_external_id = models.TextField(null=True)
    country = models.TextField(null=True)
    region = models.TextField(null=True)
    city = models.TextField(null=True)
    browser = models.TextField(null=True)
    os = models.TextField(null=True)
    language = models.TextField(null=True)
    unsubscribed_from_emails = models.BooleanField(null=True)
    has_hard_bounced = models.BooleanField(null=True)
    marked_email_as_spam = models.BooleanField(null=True)
    first_seen_at = models.DateTimeField(null=True)
    signed_up_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    last_replied_at = models.DateTimeField(null=True)
    last_contacted_at = models.DateTimeField(null=True)
    tags = ArrayField(models.TextField(), default=list)
    metadata = models.JSONField(default=dict)
    attributes = models.JSONField(default=dict)
    company_external_ids = ArrayField(models.TextField(), default=list)
    unknown_companies = ArrayField(models.TextField(), null=True)
    # Our own attributes, and when each was told: only `store.traits` writes these two.
    traits = models.JSONField(default=dict, db_default={})
    trait_times = models.JSONField(default=dict, db_default={})
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="customer_identity")
        ]
        indexes: ClassVar = [
            models.Index(fields=["org", "name", "id"], name="customer_by_name"),
            models.Index(fields=["org", "last_seen_at", "id"], name="customer_by_last_seen"),
            models.Index(fields=["org", "first_seen_at", "id"], name="customer_by_first_seen"),
            models.Index(fields=["org", "email"], name="customer_by_email"),
            models.Index(fields=["org", "created_at", "id"], name="customer_by_created"),
            # the list of an owner's contacts, and of the deleted; search and tags are found by
            # customer_by_words, an index on a column that the database keeps (migration 0002)
            models.Index(
                fields=["org", "owner_external_id", "id"],
                name="customer_by_owner",
                condition=models.Q(owner_external_id__isnull=False),
            ),
            models.Index(
                fields=["org", "deleted_at", "id"],
                name="customer_deleted",
                condition=models.Q(deleted_at__isnull=False),
            ),
            # links.join_newcomers: customers that wait for a company to become known
            GinIndex(
                fields=["unknown_companies"],
                name="customer_awaiting_company",
                condition=models.Q(unknown_companies__isnull=False),
            ),
            # joining: whose own id an ingested person has
            models.Index(
                fields=["org", "external_user_id"],
                name="customer_by_user_id",
                condition=models.Q(external_user_id__isnull=False),
            ),
            # ingested.leads_of: the lead that a visitor of a website became in the Messenger
            models.Index(
                models.F("org"),
                KeyTextTransform("intercom/external_id", "attributes"),
                name="customer_by_lead_id",
                condition=models.Q(contact_role="lead"),
            ),
            # erase.erase_customer: everybody who was merged into this person
            models.Index(
                fields=["merged_into"],
                name="customer_merged_into",
                condition=models.Q(merged_into__isnull=False),
            ),
        ]


class Company(SourcedModel):
    """A group of customers."""

    company_key = models.TextField(null=True)
    name = models.TextField(null=True)
    plan = models.TextField(null=True)
    size = models.BigIntegerField(null=True)
    industry = models.TextField(null=True)
    website = models.TextField(null=True)
    monthly_spend = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    remote_created_at = models.DateTimeField(null=True)
    last_request_at = models.DateTimeField(null=True)
    tags = ArrayField(models.TextField(), default=list)
    metadata = models.JSONField(default=dict)
    # Our own attributes, and when each was told: only `store.traits` writes these two.
    traits = models.JSONField(default=dict, db_default={})
    trait_times = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="company_identity")
        ]
        indexes: ClassVar = [
            models.Index(fields=["org", "name", "id"], name="company_by_name"),
            # companies.known_by_key: the company that ingested calls mean
            models.Index(
                fields=["org", "company_key"],
                name="company_by_key",
                condition=models.Q(company_key__isnull=False),
            ),
        ]


class Identity(TenantModel):
    """A name by which ingested calls know a customer: their own id, or a browser's.

    Kinds are "user_id" and "anonymous_id". The customer may be one of another source.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=16)
    key = models.TextField()
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "key"], name="identity_once")
        ]


class CompanyMember(TenantPart):
    """A customer belongs to a company.

    Companies go only with their organization, and customers are erased under the lock of their
    source: the database need not look up either for each row (see `Participant`). Who tells of
    members of another source holds the locks of all.
    """

    company = models.ForeignKey(
        Company, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "company"], name="company_member_once")
        ]


class Conversation(SourcedModel):
    """A support conversation. `opened_at` is its creation at the source.

    `contact_external_ids` names all its people as the source does, `unknown_contacts` those of them
    that are not customers (NULL: none), so that they are joined when they become known.
    `reopen_count` and `assignment_count` are derived: the source's own statistics as of
    `stats_version_at`, and the activities after it.
    """

    status = models.CharField(max_length=8)
    subject = models.TextField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    last_admin_reply_at = models.DateTimeField(null=True)
    last_contact_reply_at = models.DateTimeField(null=True)
    first_admin_reply_at = models.DateTimeField(null=True)
    first_closed_at = models.DateTimeField(null=True)
    time_to_first_response_secs = models.BigIntegerField(null=True)
    time_to_resolution_secs = models.BigIntegerField(null=True)
    reopen_count = models.IntegerField(default=0)
    assignment_count = models.IntegerField(default=0)
    stats_version_at = models.DateTimeField(null=True)
    stats_reopens = models.IntegerField(default=0)
    stats_assignments = models.IntegerField(default=0)
    assignee_external_id = models.TextField(null=True)
    team_external_id = models.TextField(null=True)
    priority = models.CharField(max_length=16, null=True)
    rating = models.SmallIntegerField(null=True)
    rating_remark = models.TextField(null=True)
    source_type = models.CharField(max_length=32, null=True)
    delivered_as = models.CharField(max_length=32, null=True)
    author_type = models.CharField(max_length=16, null=True)
    tags = ArrayField(models.TextField(), default=list)
    statistics = models.JSONField(default=dict)
    contact_external_ids = ArrayField(models.TextField(), default=list)
    unknown_contacts = ArrayField(models.TextField(), null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="conversation_identity")
        ]
        indexes: ClassVar = [
            # links.join_newcomers: conversations that wait for a contact to become known
            GinIndex(
                fields=["unknown_contacts"],
                name="conversation_awaiting_contact",
                condition=models.Q(unknown_contacts__isnull=False),
            )
        ]


class Participant(TenantPart):
    """A customer takes part in a conversation.

    Both exist, since rows of either are only written and erased under the lock of their source, and
    an organization is removed after who holds it (`write.apply_admitted`). So the database need not
    check two keys for each row, which took a third of what the COMMIT of an import costs.
    """

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "customer"], name="participant_once")
        ]


class ConversationActivity(TenantPart):
    """Something that happened to a conversation, told by a notification; counted once."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "kind", "at"], name="activity_once")
        ]


class TimelineEvent(TenantPart):
    """One entry of a customer's timeline; `dedupe_key` names the fact it tells.

    Whoever writes one holds a lock that erasing a customer takes: of the source, of all sources, of
    the scores or of the segments. So the database need not look up the customer.
    """

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    source = models.CharField(max_length=32)
    name = models.TextField()
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(db_default=Now())
    properties = models.JSONField(default=dict)
    context = models.JSONField(default=dict)
    dedupe_key = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "dedupe_key"], name="event_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="timeline_newest_first")
        ]


class HeldRecord(TenantPart):
    """A record that may not enter yet: no e-mail, no known contact, or malformed.

    The record waits with its reason, is listed for the admin, and enters by itself when what it
    lacked arrives. `waits_for` names it as "customer:<external id>" or "conversation:<external
    id>". Kinds are those of objects, and "activity" and "event" for what happened to an object that
    is not known yet.
    """

    source = models.ForeignKey(
        Source, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    kind = models.CharField(max_length=16)
    external_id = models.TextField()
    reason = models.CharField(max_length=32)
    detail = models.TextField(blank=True)
    waits_for = ArrayField(models.TextField(), default=list)
    record = models.JSONField(null=True)
    content_hash = models.BinaryField(null=True)
    remote_updated_at = models.DateTimeField(null=True)
    observed_at = models.DateTimeField()
    held_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="held_once")
        ]
        indexes: ClassVar = [
            # held.find_released: what waits for a thing that just became known
            GinIndex(fields=["waits_for"], name="held_waiting", condition=~models.Q(waits_for=[]))
        ]


class Tombstone(TenantModel):
    """A thing its source deleted, merged or archived before we ever stored it.

    Stored things carry `deleted_at` themselves; this remembers the others, so that an older page
    cannot bring them in. Every merge leaves one too: it is the alias from the merged contact to
    the surviving one. Reason "erased" is final: nothing about that thing is stored again.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=16)
    external_id = models.TextField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=16)
    merged_into_external_id = models.TextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "external_id"], name="tombstone_once")
        ]
        indexes: ClassVar = [
            # identity.aliases_of: the merged contacts that point to a customer
            models.Index(
                fields=["org", "source", "merged_into_external_id"],
                name="tombstone_of_survivor",
                condition=models.Q(merged_into_external_id__isnull=False),
            )
        ]


class SourceSegment(TenantModel):
    """A segment that the source defines, and how many belong to it there.

    `is_listed` says whether its members are kept: those of very large ones are not.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, db_index=False, related_name="+")
    external_id = models.TextField()
    name = models.TextField()
    size = models.IntegerField(null=True)
    is_listed = models.BooleanField(default=True, db_default=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "external_id"], name="source_segment_once")
        ]


class SourceSegmentMember(TenantModel):
    """A customer is in a segment of the source, as of when the segment was last read.

    No record tells of it and no notification does: only `source_segments` writes this table.
    """

    segment = models.ForeignKey(SourceSegment, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, db_index=False, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "segment"], name="source_segment_member_once"
            )
        ]


class DirtyCustomer(TenantPart):
    """A customer whose score may have changed: the mark that the scoring stage claims."""

    customer = models.OneToOneField(
        Customer, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "marked_at"], name="dirty_oldest_first")]


class DirtyCompany(TenantPart):
    """A company whose roll-up may have changed: the mark that the scoring stage claims."""

    company = models.OneToOneField(
        Company, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )

    class Meta:
        # dirty.claim_companies, and the loose scan for organizations with marks
        indexes: ClassVar = [models.Index(fields=["org", "company"], name="dirty_companies")]


class Note(TenantModel):
    """A remark of a member on a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    body = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True)
