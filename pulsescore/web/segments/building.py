"""The builder: rows and groups that the server draws, with and without JavaScript."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.pipeline import segmenting
from pulsescore.segments import catalogue, queries
from pulsescore.segments.fields import KINDS, Kind
from pulsescore.segments.models import Segment
from pulsescore.segments.preview import preview
from pulsescore.segments.starters import STARTERS
from pulsescore.web.forms import sentence_of, whole_number
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.segments.builder import MATCH_WORDS, fitted, grouped, show
from pulsescore.web.segments.members import member_line
from pulsescore.web.segments.offers import Offers, offers_for
from pulsescore.web.segments.translation import as_rule, as_tree, place_of
from pulsescore.web.segments.tree import BLANK, Group, Row, edited, emptied, read_tree

_MAX_ID = 2**63 - 1
NOT_CHOSEN = "Choose what to look at, or remove the condition."


class Draft(NamedTuple):
    """What is in the builder at present."""

    kind: Kind
    name: str
    root: Group
    offers: Offers

    @property
    def type_of(self) -> Any:
        """The type of a field, for reading its value."""
        return lambda key: self.offers[key].type if key in self.offers else ""


@member_page("GET", "POST", role=Role.ADMIN)
def new(request: PageRequest) -> HttpResponse:
    """Make a segment; one may begin with another."""
    if request.method == "POST":
        return _posted(request, None)
    org_id = request.actor.org_id
    kind, name, root = _kind(request.GET.get("kind", "")), "", BLANK
    if request.GET.get("starter", "") in STARTERS:
        name = request.GET["starter"]
        root = as_tree(STARTERS[name])
    like = whole_number(request.GET.get("like", ""), 0, least=0, most=_MAX_ID)
    if like:
        model = queries.get_segment(org_id, like)
        kind, root = _kind(model.kind), as_tree(model.rule)
    return _page(request, Draft(kind, name, root, offers_for(org_id, kind, root)))


@member_page("GET", "POST", role=Role.ADMIN)
def change(request: PageRequest, segment_id: int) -> HttpResponse:
    """Change a segment's name or rule."""
    segment = queries.get_segment(request.actor.org_id, segment_id)
    if request.method == "POST":
        return _posted(request, segment)
    kind, root = _kind(segment.kind), as_tree(segment.rule)
    offers = offers_for(request.actor.org_id, kind, root)
    return _page(request, Draft(kind, segment.name, root, offers), segment=segment)


@member_page("POST", role=Role.ADMIN)
def rule(request: PageRequest) -> HttpResponse:
    """The rule after a press or another choice, drawn anew."""
    draft, fresh = _edited(request)
    # While a request is under way the fields rest; the cursor then returns to where it was.
    context = {**_drawn(draft, fresh=fresh), "focused": request.htmx.trigger or ""}
    response = render(request, "segments/rule.html", context)
    response["HX-Trigger-After-Settle"] = "rule-changed"
    return response


@member_page("POST", role=Role.ADMIN)
def counted(request: PageRequest) -> HttpResponse:
    """How many fit the rule as it stands, and some of them."""
    return render(request, "segments/preview.html", _counted(request, _read(request)))


def _posted(request: PageRequest, segment: Segment | None) -> HttpResponse:
    command = request.POST.get("do", "")
    if command == "count":
        draft = _read(request)
        return _page(request, draft, segment=segment, **_counted(request, draft, at_rows=True))
    if ":" in command:
        draft, fresh = _edited(request)
        return _page(request, draft, segment=segment, fresh=fresh)
    return _save(request, segment)


def _save(request: PageRequest, segment: Segment | None) -> HttpResponse:
    draft, now = _read(request), utcnow()
    rule_, places = as_rule(draft.root, draft.type_of)
    try:
        if segment:
            saved = segmenting.update_segment(
                request.actor, segment.pk, name=draft.name, rule=rule_, now=now
            )
        else:
            saved = segmenting.create_segment(
                request.actor, kind=draft.kind, name=draft.name, rule=rule_, now=now
            )
    except Invalid as error:
        faults = _faults(error, draft, places)
        trouble = "What is wrong is marked below."
        return _page(request, draft, segment=segment, faults=faults, trouble=trouble, status=422)
    messages.success(request, f"“{saved.name}” is saved; its members are found in the background.")
    return redirect("segment", saved.pk)


def _read(request: HttpRequest) -> Draft:
    posted = request.POST
    kind, root = _kind(posted.get("kind", "")), read_tree(posted)
    org_id: int = request.actor.org_id  # type: ignore[attr-defined]
    offers = offers_for(org_id, kind, root)
    return Draft(kind, posted.get("name", "").strip(), fitted(root, offers), offers)


def _edited(request: PageRequest) -> tuple[Draft, str]:
    draft = _read(request)
    root, fresh = edited(draft.root, request.POST.get("do", ""))
    pressed = (request.htmx.trigger or "") if request.htmx else ""
    if pressed.startswith("field-"):
        root = emptied(root, pressed.removeprefix("field-"))
    return draft._replace(root=root), fresh


def _faults(error: Invalid, draft: Draft, places: Any) -> dict[str, str]:
    """Each fault at the row it is about; a row without a field says so in words of its own."""
    found = {f"row.{path}": NOT_CHOSEN for path in _unchosen(draft.root, "r")}
    for one in error.faults:
        is_rule = one.field.split(".")[0] == "rule"
        key = f"row.{place_of(one.field, places)}" if is_rule else one.field
        found.setdefault(key, one.message)
    return found


def _unchosen(group: Group, path: str) -> list[str]:
    found: list[str] = []
    for index, one in enumerate(group.children):
        at = f"{path}.{index}"
        if isinstance(one, Row):
            found += [] if one.field else [at]
        else:
            found += _unchosen(one, at)
    return found


def _counted(request: PageRequest, draft: Draft, *, at_rows: bool = False) -> dict[str, Any]:
    rule_, places = as_rule(draft.root, draft.type_of)
    try:
        found = preview(request.actor.org_id, kind=draft.kind, rule=rule_, now=utcnow())
    except Invalid as error:
        faults = _faults(error, draft, places)
        told = "Fill in the conditions to see who fits."
        if not _unchosen(draft.root, "r"):
            told = sentence_of(error)
        return {"incomplete": told, "faults": faults if at_rows else {}, "kind": draft.kind}
    sample = [member_line(row) for row in found.sample]
    return {"preview": found, "sample": sample, "kind": draft.kind}


def _drawn(
    draft: Draft, *, faults: dict[str, str] | None = None, fresh: str = ""
) -> dict[str, Any]:
    rows = {key.removeprefix("row."): text for key, text in (faults or {}).items()}
    return {
        "rule": show(draft.root, draft.offers, faults=rows, fresh=fresh),
        "matches": MATCH_WORDS,
        "offered": grouped(list(draft.offers.values())),
    }


def _page(
    request: PageRequest,
    draft: Draft,
    *,
    segment: Segment | None = None,
    faults: dict[str, str] | None = None,
    fresh: str = "",
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "segment": segment,
        "kind": draft.kind,
        "name": draft.name,
        "faults": faults or {},
        "event_names": catalogue.offered_events(request.actor.org_id),
        "starters": _starters(request, draft, segment),
        **_drawn(draft, faults=faults, fresh=fresh),
        **more,
    }
    return render(request, "segments/edit.html", context, status=status)


def _starters(request: PageRequest, draft: Draft, segment: Segment | None) -> list[str]:
    """Ready rules to begin with that the organization has not."""
    if segment or draft.kind != "customer" or request.method != "GET":
        return []
    have = {one.name for one in queries.list_segments(request.actor.org_id)}
    return [one for one in STARTERS if one not in have]


def _kind(text: str) -> Kind:
    return next((one for one in KINDS if one == text), "customer")
