"""Views of the customer list that people named: kept, shared, begun with, renamed, deleted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower

from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import raise_if_any, text_faults
from pulsescore.accounts.models import DefaultView, Role, SavedView
from pulsescore.core.errors import FieldFault, Forbidden, NotFound

MAX_VIEWS: Final = 50
MAX_NAME, MAX_QUERY, MAX_COLUMNS = 80, 2000, 24
_MAX_ID: Final = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class ViewDraft:
    """A view as somebody wants it; `query` as in the address of the list."""

    name: str
    query: str
    columns: Sequence[str] = ()
    shared: bool = False


def list_views(actor: Actor) -> list[SavedView]:
    """The caller's own views and those that others share, by name."""
    rows = SavedView.objects.for_org(actor.org_id).filter(Q(user=actor.user) | Q(shared=True))
    return list(rows.select_related("user").order_by(Lower("name"), "id"))


def get_view(actor: Actor, view_id: int) -> SavedView:
    """A view that the caller may see; raises `NotFound`."""
    known = 0 < view_id <= _MAX_ID
    found = [one for one in list_views(actor) if one.pk == view_id] if known else []
    if not found:
        raise NotFound("There is no such view.")
    return found[0]


def may_change(actor: Actor, view: SavedView) -> bool:
    """Whether it is the caller's own, or shared and the caller an admin."""
    return view.user_id == getattr(actor.user, "pk", None) or actor.allows(Role.ADMIN)


def get_default(actor: Actor) -> SavedView | None:
    """The view that the person's list begins with, as long as they may see it."""
    rows = DefaultView.objects.for_org(actor.org_id).filter(user=actor.user)
    row = rows.select_related("view").first()
    if row is None or not (row.view.shared or row.view.user_id == row.user_id):
        return None
    return row.view


@transaction.atomic
def save_view(
    actor: Actor, *, draft: ViewDraft, view_id: int | None = None, now: datetime
) -> SavedView:
    """Keep a view, or change the one with this id.

    Raises `Invalid` field by field, `NotFound`, `Forbidden` for an API key and for a view of
    somebody else that the caller may not change.
    """
    user = actor.require_person()
    known = _changeable(actor, view_id) if view_id is not None else None
    faults = text_faults("name", draft.name, max_length=MAX_NAME)
    if len(draft.query) > MAX_QUERY or not draft.query.isprintable():
        faults.append(FieldFault("query", f"Use at most {MAX_QUERY} characters."))
    if len(draft.columns) > MAX_COLUMNS or any(len(one) > MAX_QUERY for one in draft.columns):
        faults.append(FieldFault("columns", f"Choose at most {MAX_COLUMNS} columns."))
    if known is None and SavedView.objects.for_org(actor.org_id).filter(user=user).count() >= (
        MAX_VIEWS
    ):
        faults.append(FieldFault("name", f"You have {MAX_VIEWS} views already; delete one first."))
    raise_if_any(faults)
    view = known or SavedView(org_id=actor.org_id, user=user, created_at=now)
    view.name, view.query, view.shared = draft.name.strip(), draft.query, draft.shared
    view.columns = list(draft.columns)
    view.save()
    return view


@transaction.atomic
def delete_view(actor: Actor, *, view_id: int) -> None:
    """Delete a view, for everybody. Raises `NotFound`, `Forbidden`."""
    _changeable(actor, view_id).delete()


@transaction.atomic
def set_default(actor: Actor, *, view_id: int | None) -> None:
    """Begin with this view from now on, or with everybody. Raises `NotFound`, `Forbidden`."""
    user = actor.require_person()
    rows = DefaultView.objects.for_org(actor.org_id)
    if view_id is None:
        rows.filter(user=user).delete()
        return
    view = get_view(actor, view_id)
    rows.update_or_create(
        user=user,
        defaults={"view": view},
        create_defaults={"view": view, "org_id": actor.org_id},
    )


def _changeable(actor: Actor, view_id: int) -> SavedView:
    view = get_view(actor, view_id)
    if not may_change(actor, view):
        raise Forbidden("Only its author or an admin can change a shared view.")
    return view
