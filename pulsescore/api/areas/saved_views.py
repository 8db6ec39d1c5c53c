"""Saved views of the customer list: one's own, and those that others share."""

from datetime import datetime

from ninja import Router, Status
from pydantic import BaseModel

from pulsescore.accounts import saved_views
from pulsescore.accounts.models import SavedView
from pulsescore.accounts.saved_views import ViewDraft
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, member
from pulsescore.core.clock import utcnow

router = Router(tags=["Customers"], auth=member)


class ViewIn(StrictBody):
    """A view: its name, and the list's filters and order as a query string."""

    name: str
    query: str
    columns: list[str] = []
    shared: bool = False


class ViewPatch(StrictBody):
    """What is to change; what is left out stays."""

    name: str | None = None
    query: str | None = None
    columns: list[str] | None = None
    shared: bool | None = None


class ViewOut(BaseModel):
    """A saved view; `is_default` says whether the caller's list begins with it."""

    id: int
    name: str
    query: str
    columns: list[str]
    shared: bool
    author: str
    is_default: bool
    created_at: datetime


class ViewsOut(BaseModel):
    """The views that the caller may see, by name."""

    views: list[ViewOut]


@router.get("", response=ViewsOut)
def list_views(request: MemberRequest) -> ViewsOut:
    """One's own views, and those that others share."""
    return ViewsOut(views=_show_all(request, saved_views.list_views(request.auth)))


@router.post("", response={201: ViewOut})
def create_view(request: MemberRequest, body: ViewIn) -> Status[ViewOut]:
    """Keep a view under a name."""
    view = saved_views.save_view(request.auth, draft=ViewDraft(**body.model_dump()), now=utcnow())
    return Status(201, _show_all(request, [view])[0])


@router.get("/{id:view_id}", response=ViewOut)
def get_view(request: MemberRequest, view_id: int) -> ViewOut:
    """One view."""
    return _show_all(request, [saved_views.get_view(request.auth, view_id)])[0]


@router.patch("/{id:view_id}", response=ViewOut)
def change_view(request: MemberRequest, view_id: int, body: ViewPatch) -> ViewOut:
    """Rename, share, or list otherwise; for its author and admins."""
    view = saved_views.get_view(request.auth, view_id)
    held = {name: getattr(view, name) for name in ("name", "query", "columns", "shared")}
    draft = ViewDraft(**{**held, **body.model_dump(exclude_none=True)})
    changed = saved_views.save_view(request.auth, draft=draft, view_id=view_id, now=utcnow())
    return _show_all(request, [changed])[0]


@router.delete("/{id:view_id}", response={204: None})
def delete_view(request: MemberRequest, view_id: int) -> Status[None]:
    """Delete a view for everybody; for its author and admins."""
    saved_views.delete_view(request.auth, view_id=view_id)
    return Status(204, None)


@router.put("/{id:view_id}/default", response=ViewOut)
def begin_with_view(request: MemberRequest, view_id: int) -> ViewOut:
    """Have one's own list begin with this view."""
    saved_views.set_default(request.auth, view_id=view_id)
    return get_view(request, view_id)


@router.delete("/{id:view_id}/default", response={204: None})
def begin_with_everybody(request: MemberRequest, view_id: int) -> Status[None]:
    """Have one's own list begin with everybody again."""
    saved_views.get_view(request.auth, view_id)
    saved_views.set_default(request.auth, view_id=None)
    return Status(204, None)


def _show_all(request: MemberRequest, views: list[SavedView]) -> list[ViewOut]:
    default = saved_views.get_default(request.auth)
    return [
        ViewOut(
            id=view.pk,
            name=view.name,
            query=view.query,
            columns=view.columns,
            shared=view.shared,
            author=view.user.get_full_name(),
            is_default=default is not None and default.pk == view.pk,
            created_at=view.created_at,
        )
        for view in views
    ]
