"""Who may do what: people, organizations, memberships, invitations, keys and the audit log."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from pulsescore.core.tenancy import TenantModel


class Role(models.TextChoices):
    """What a member may do: members read and annotate, admins configure, owners own."""

    MEMBER = "member", "Member"
    ADMIN = "admin", "Admin"
    OWNER = "owner", "Owner"


class Scope(models.TextChoices):
    """What an API key may do at all, whatever its role."""

    READ = "read", "Read"
    WRITE = "write", "Write"


def all_scopes() -> list[str]:
    """The scopes of a key for which nothing was chosen."""
    return [str(scope) for scope in Scope]


class UserManager(BaseUserManager["User"]):
    """Creates people by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """Store a new person; without a password they can only log in after a reset."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by e-mail; may belong to several organizations."""

    email = models.EmailField(unique=True)
    # The same as the primary address of allauth's table, kept here too: every page asks for it.
    email_verified_at = models.DateTimeField(null=True)
    first_name = models.CharField(max_length=80, blank=True)
    last_name = models.CharField(max_length=80, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    theme = models.CharField(max_length=8, default="auto")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.email

    def get_full_name(self) -> str:
        """First and last name, or the address where neither is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.email

    @property
    def is_staff(self) -> bool:
        """Nobody enters a back office: there is none."""
        return False


class Organization(models.Model):
    """A tenant: everything a company keeps in PulseScore hangs on its id."""

    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, default="UTC", db_default="UTC")
    support_contact = models.CharField(max_length=200, blank=True, db_default="")
    billing_contact = models.EmailField(blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    # From this instant on nobody enters; the rows are removed by a job soon after.
    deleted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class OrganizationRemoval(models.Model):
    """What remains of a deleted organization: that it was deleted, when, and how much went."""

    org_id = models.BigIntegerField(primary_key=True)
    requested_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    requested_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rows = models.BigIntegerField(default=0)


class Membership(TenantModel):
    """A person's role in one organization."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    created_at = models.DateTimeField(db_default=Now())
    last_active_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "user"], name="membership_once")
        ]


class Invitation(TenantModel):
    """An offer to join, bound to one address, valid seven days, single use."""

    email = models.EmailField()
    role = models.CharField(max_length=8, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    # Whoever holds a link that was only mailed reads the mailbox; a copied one proves nothing.
    mailed = models.BooleanField(default=True, db_default=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "email"], name="invitation_of_org")]


class ApiKey(TenantModel):
    """A key for programs: only its hash is kept; scoped, expiring, with its last use."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16)
    key_hash = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    scopes = ArrayField(
        models.CharField(max_length=16), default=all_scopes, db_default=["read", "write"]
    )
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "created_at"], name="api_key_of_org")]


class RefreshToken(models.Model):
    """One link of a family of refresh tokens; using a spent one revokes the family."""

    family = models.UUIDField(db_index=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    org = models.ForeignKey(
        Organization, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class BrowserSession(models.Model):
    """A log-in of a browser: what its owner sees of it, and the key by which it is ended."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.CharField(max_length=45, blank=True)
    user_agent = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()


class SavedView(TenantModel):
    """A list of customers that a person named: who is listed, in which order, with which columns.

    `query` is the query string of the list's address. A shared one is seen by every member.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    columns = models.JSONField(default=list)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        # saved_views.list_views
        indexes: ClassVar = [models.Index(fields=["org", "user"], name="saved_views_of_person")]


class DefaultView(TenantModel):
    """The view with which a person's list of customers begins."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "user"], name="default_view_once")
        ]


class AuditEntry(TenantModel):
    """One configuration change, access to a secret, export, deletion or override."""

    at = models.DateTimeField()
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=128, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "-at"], name="audit_newest_first")]


class ThrottleCounter(models.Model):
    """How often something was asked for in the present window; the table is unlogged.

    Shared by all processes. A crash of the server empties it, which only forgives.
    """

    key = models.CharField(max_length=64, primary_key=True)
    window = models.DateTimeField()
    count = models.IntegerField()


class PendingLetter(models.Model):
    """An e-mail that the mail server has not taken yet; address and words are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField(max_length=64)
    sealed = models.BinaryField()
    created_at = models.DateTimeField()
    attempts = models.IntegerField()
    # Until then somebody is at it, or nobody shall be.
    next_at = models.DateTimeField()

    class Meta:
        # posting.send_due
        indexes: ClassVar = [models.Index(fields=["next_at"], name="letters_due")]
