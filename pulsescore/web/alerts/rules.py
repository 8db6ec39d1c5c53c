"""The rules of alerts: the list, the form, and what each person wants of them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.alerts import actions, queries
from pulsescore.alerts.models import AlertRule
from pulsescore.alerts.wording import rule_words
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.delivery.queries import list_endpoints, list_slack_hooks
from pulsescore.pipeline import alert_rules, trials
from pulsescore.segments.queries import list_segments
from pulsescore.web.alerts import fields
from pulsescore.web.alerts.telling import rule_lines
from pulsescore.web.forms import by_field, texts
from pulsescore.web.outgoing.lines import delivery_lines
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.shell.going_back import way_back
from pulsescore.web.words import joined


@member_page()
def rules(request: PageRequest) -> HttpResponse:
    """Every rule, how often it fired, and whom it tells."""
    org_id, user_id = request.actor.org_id, request.user.pk
    muted = set(queries.get_preferences(org_id, user_id).muted_rules)
    hooks = {one.pk: one.name for one in list_slack_hooks(org_id)}
    context = {
        "lines": rule_lines(queries.list_rule_rows(org_id, utcnow()), hooks=hooks, muted=muted),
        "may_edit": request.actor.allows(Role.ADMIN),
    }
    return render(request, "alerts/rules.html", context)


@member_page("GET", "POST", role=Role.ADMIN)
def new(request: PageRequest) -> HttpResponse:
    """Make a rule."""
    if request.method != "POST":
        return _form(request, values={**fields.BLANK, "name": "", "webhook": ""}, slack=[])
    return _save(request, None)


@member_page("GET", "POST", role=Role.ADMIN)
def change(request: PageRequest, rule_id: int) -> HttpResponse:
    """Change a rule."""
    rule = queries.get_rule(request.actor.org_id, rule_id)
    if request.method != "POST":
        chosen = [str(one) for one in rule.channels.get("slack", ())]
        return _form(request, values=fields.as_values(rule), slack=chosen, rule=rule)
    return _save(request, rule)


@member_page("POST", role=Role.ADMIN)
def switch(request: PageRequest, rule_id: int) -> HttpResponse:
    """Switch a rule on or off."""
    enabled = request.POST.get("enabled") == "1"
    rule = actions.set_rule_enabled(request.actor, rule_id=rule_id, enabled=enabled, now=utcnow())
    messages.success(request, f"“{rule.name}” is {'on' if enabled else 'off'}.")
    return redirect("alert_rules")


@member_page("POST")
def mute(request: PageRequest, rule_id: int) -> HttpResponse:
    """Not be told of a rule any more, or again."""
    if request.POST.get("mute") == "1":
        actions.mute_rule(request.actor, rule_id=rule_id, now=utcnow())
        messages.success(request, "You are not told of this rule any more; others still are.")
    else:
        actions.unmute_rule(request.actor, rule_id=rule_id, now=utcnow())
        messages.success(request, "You are told of this rule again.")
    back = way_back(request)
    return redirect("alert_rules" if back == "/" else back)


@member_page("POST", role=Role.ADMIN)
def test(request: PageRequest, rule_id: int) -> HttpResponse:
    """Send a marked test through each channel outside the app."""
    sent = trials.test_rule(request.actor, rule_id=rule_id, now=utcnow())
    to = joined([one.to for one in delivery_lines(sent)])
    messages.success(request, f"A test is on its way to {to}.")
    return redirect("alert_rules")


@member_page("GET", "POST", role=Role.ADMIN)
def delete(request: PageRequest, rule_id: int) -> HttpResponse:
    """Ask, then delete; what it fired stays in the list."""
    rule = queries.get_rule(request.actor.org_id, rule_id)
    if request.method != "POST":
        return render(request, "alerts/rule_delete.html", {"rule": rule})
    actions.delete_rule(request.actor, rule_id=rule_id, now=utcnow())
    messages.success(request, f"“{rule.name}” is deleted.")
    return redirect("alert_rules")


def _save(request: PageRequest, rule: AlertRule | None) -> HttpResponse:
    values = texts(request, *fields.NAMES_OF_FIELDS)
    slack = request.POST.getlist("slack")
    try:
        saved = alert_rules.save_rule(
            request.actor,
            draft=fields.as_draft(values, slack),
            rule_id=rule.pk if rule else None,
            now=utcnow(),
        )
    except Invalid as error:
        faults = by_field(error)
        return _form(request, values=values, slack=slack, rule=rule, faults=faults, status=422)
    words = rule_words(saved.kind, saved.params)
    messages.success(request, f"“{saved.name}” is saved: it fires when {words}.")
    return redirect("alert_rules")


def _form(
    request: PageRequest,
    *,
    values: dict[str, str],
    slack: list[str],
    rule: AlertRule | None = None,
    faults: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    org_id = request.actor.org_id
    segments = [(str(one.pk), one.name) for one in list_segments(org_id, kind="customer")]
    context: dict[str, Any] = {
        "rule": rule,
        "values": values,
        "faults": faults or {},
        "kinds": fields.KIND_TEXTS,
        "levels": fields.LEVELS,
        "factors": fields.FACTOR_CHOICES,
        "segments": [("", "Choose …"), *segments],
        "scopes": fields.scope_choices(values["scope"], segments),
        "audiences": fields.AUDIENCES,
        "cooldowns": fields.cooldown_choices(values["cooldown_hours"]),
        "hooks": [(one, str(one.pk) in slack) for one in list_slack_hooks(org_id)],
        "endpoints": list_endpoints(org_id).filter(enabled=True).count(),
    }
    return render(request, "alerts/rule.html", context, status=status)
