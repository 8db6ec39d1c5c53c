"""Which attributes go to Intercom and which come from there: the two tables of a connection."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.mappings.definitions import create_missing, refresh_definitions
from pulsescore.connectors.intercom.mappings.fields import Row
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.connectors.intercom.mappings.observed import types_of
from pulsescore.connectors.intercom.mappings.offers import offer, view_tables
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.problems import ConnectDelayed
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.pipeline.mapping import save_mappings
from pulsescore.web.forms import sentence_of
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.mapping_form import (
    Tables,
    edited,
    read_tables,
    stored_tables,
    with_faults,
    without_blank,
)
from pulsescore.web.pages import PageRequest, member_page


@member_page()
def mapping(request: PageRequest, connection_id: int) -> HttpResponse:
    """Both tables, to read or to change."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    return _page(request, connection, stored_tables(view_tables(connection)))


@member_page("POST", role=Role.ADMIN)
def save(request: PageRequest, connection_id: int) -> HttpResponse:
    """Save both tables; or add or remove a line, which saves nothing."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    command = request.POST.get("do", "")
    tables = edited(read_tables(request.POST), command)
    if command not in {"", "save"}:
        return _page(request, connection, tables)
    tables = without_blank(tables)
    try:
        save_mappings(
            request.actor,
            connection_id,
            incoming=_incoming(tables),
            outgoing=_outgoing(tables) if _shows_outgoing(request, connection) else None,
            now=utcnow(),
        )
    except Invalid as error:
        faulty = with_faults(tables, [(one.field, one.message) for one in error.faults])
        trouble = "What is wrong is marked below."
        return _page(request, connection, faulty, trouble=trouble, status=422)
    except Conflict as error:
        return _page(request, connection, tables, trouble=str(error), status=409)
    messages.success(request, "The tables are saved.")
    return redirect("intercom_mapping", connection_id)


@member_page("POST", role=Role.ADMIN)
def refresh(request: PageRequest, connection_id: int) -> HttpResponse:
    """Read the list of attributes from Intercom again."""
    try:
        refresh_definitions(request.actor, connection_id, now=utcnow())
    except (Conflict, ConnectDelayed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The attributes are read from Intercom anew.")
    return redirect("intercom_mapping", connection_id)


@member_page("GET", "POST", role=Role.ADMIN)
def missing(request: PageRequest, connection_id: int) -> HttpResponse:
    """Say which attributes would be made in Intercom, and make them."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    rows = [row for row in view_tables(connection)["outgoing"] if row["is_missing"]]
    if request.method != "POST":
        context = {"rows": _typed(connection, rows), **frame(request, connection, "mapping")}
        return render(request, "integrations/missing.html", context)
    try:
        names = [row["intercom"] for row in rows]
        made = create_missing(request.actor, connection_id, names, now=utcnow())
    except Invalid as error:
        messages.error(request, sentence_of(error))
    except (Conflict, ConnectDelayed) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Made in Intercom: {', '.join(map(_plain, made)) or 'nothing'}.")
    return redirect("intercom_mapping", connection_id)


def _shows_outgoing(request: PageRequest, connection: Connection) -> bool:
    """A read-only connection shows what would go out only to whoever prepares it."""
    asked = request.POST.get("prepare") or request.GET.get("prepare")
    return connection.mode == Mode.TWO_WAY or asked == "1"


def _typed(connection: Connection, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    types = {
        kind: types_of(
            connection.org_id, kind, {row["attribute"] for row in rows if row["object"] == kind}
        )
        for kind in ("contact", "company")
    }
    return [
        {**row, "plain": _plain(row["intercom"]), "type": types[row["object"]][row["attribute"]]}
        for row in rows
    ]


def _plain(name: str) -> str:
    return name.removeprefix("custom_attributes.")


def _outgoing(tables: Tables) -> list[Row]:
    return [
        Row(object=kind, attribute=row.attribute, intercom=row.target, overwrite=row.overwrite)
        for kind in ("contact", "company")
        for row in tables[kind]
    ]


def _incoming(tables: Tables) -> list[IncomingRow]:
    return [
        IncomingRow(intercom=row.target, attribute=row.attribute, overwrite=row.overwrite)
        for row in tables["incoming"]
    ]


def _page(
    request: PageRequest,
    connection: Connection,
    tables: Tables,
    *,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "tables": tables,
        "offer": offer(request.actor.org_id, connection),
        "trouble": trouble,
        "is_two_way": connection.mode == Mode.TWO_WAY,
        "shows_outgoing": _shows_outgoing(request, connection),
        "missing": [row for row in (*tables["contact"], *tables["company"]) if row.is_missing],
        **frame(request, connection, "mapping"),
    }
    return render(request, "integrations/mapping.html", context, status=status)
