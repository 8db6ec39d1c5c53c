"""Signing up."""

import pytest
from allauth.account.models import EmailAddress

from pulsescore.accounts import actions
from pulsescore.accounts.models import AuditEntry, Membership, Organization, Role, User
from pulsescore.core.errors import Conflict, Invalid
from tests.db.people import NOW, PASSWORD, sign_up

DETAILS = {
    "org_name": "Acme",
    "first_name": "Ada",
    "last_name": "Byron",
    "email": "ada@example.com",
    "password": PASSWORD,
    "now": NOW,
}


@pytest.mark.django_db
def test_a_newcomer_owns_their_organization() -> None:
    user, organization = actions.register(**DETAILS)
    membership = Membership.objects.for_org(organization.pk).get()
    assert (membership.user, membership.role) == (user, Role.OWNER)


@pytest.mark.django_db
def test_the_log_in_pages_know_the_address() -> None:
    user, _ = actions.register(**DETAILS)
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.primary, address.verified) == ("ada@example.com", True, False)


@pytest.mark.django_db
def test_the_address_is_stored_in_lower_case_and_the_password_as_argon2() -> None:
    user, _ = actions.register(**{**DETAILS, "email": "  Ada@Example.COM "})
    assert user.email == "ada@example.com"
    assert user.password.startswith("argon2$argon2id$")


@pytest.mark.django_db
def test_founding_is_written_to_the_audit_log() -> None:
    user, organization = actions.register(**DETAILS)
    entry = AuditEntry.objects.for_org(organization.pk).get()
    assert (entry.action, entry.user, entry.at) == ("organization.created", user, NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("email", ["alice@example.com", "ALICE@example.com"])
def test_an_address_can_be_taken_once(email: str) -> None:
    sign_up("alice")
    with pytest.raises(Conflict):
        actions.register(**{**DETAILS, "email": email})


@pytest.mark.django_db
def test_all_faults_are_told_at_once_and_nothing_is_stored() -> None:
    with pytest.raises(Invalid) as refused:
        actions.register(
            org_name=" ", first_name="", last_name="x" * 81, email="ada", password="123", now=NOW
        )
    fields = [fault.field for fault in refused.value.faults]
    assert set(fields) == {"org_name", "first_name", "last_name", "email", "password"}
    assert not User.objects.exists()
    assert not Organization.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "password123", "ada@example.com", "x" * 1025])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        actions.register(**{**DETAILS, "password": password})
    assert {fault.field for fault in refused.value.faults} == {"password"}


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["org_name", "first_name", "last_name", "email"])
@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b", "a\nb"])
def test_text_that_cannot_be_shown_is_refused(field: str, text: str) -> None:
    with pytest.raises(Invalid):
        actions.register(**{**DETAILS, field: text})


@pytest.mark.django_db
def test_a_profile_changes_only_what_is_given() -> None:
    user, _ = actions.register(**DETAILS)
    actions.update_profile(user, first_name="Augusta", theme="dark")
    user.refresh_from_db()
    assert (user.first_name, user.last_name, user.theme) == ("Augusta", "Byron", "dark")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("first_name", ""), ("last_name", "x" * 81), ("time_zone", "Mars"), ("theme", "pink")],
)
def test_a_profile_with_a_fault_is_refused(field: str, value: str) -> None:
    user, _ = actions.register(**DETAILS)
    with pytest.raises(Invalid) as refused:
        actions.update_profile(user, **{field: value})
    assert [fault.field for fault in refused.value.faults] == [field]
