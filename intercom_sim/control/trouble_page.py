"""Switches for everything that can go wrong."""

from intercom_sim.control.layout import button, card, field, form, select
from intercom_sim.markup import Html, el
from intercom_sim.simulator import Simulator

BACK = "/trouble"
ERRORS = (429, 500, 502, 503)


def trouble_page(simulator: Simulator) -> list[Html]:
    """The parts of the page, top to bottom."""
    return [_requests(simulator), _planned(simulator), _notifications(simulator), _tokens()]


def _requests(simulator: Simulator) -> Html:
    faults = simulator.faults
    rates = [
        field(f"Share answered {one}", f"error_rates.{one}", faults.error_rates.get(one, 0))
        for one in ERRORS
    ]
    flags = [("false", "no"), ("true", "yes")]
    return card(
        el("h1", "Trouble"),
        el("p", "Shares are from 0 to 1. Everything here concerns the REST service."),
        form(
            "set_faults",
            field("Latency in ms", "latency_ms", faults.latency_ms),
            field("Jitter in ms", "jitter_ms", faults.jitter_ms),
            field("Requests a minute", "rate_limit", simulator.limiter.per_minute),
            *rates,
            field("Share left hanging", "hang_rate", faults.hang_rate),
            field("for seconds", "hang_secs", faults.hang_secs),
            field("Share cut off half-way", "cut_rate", faults.cut_rate),
            select("Cursors expired", "expire_cursors", flags, str(faults.expire_cursors).lower()),
            button("Save", kind="primary"),
            back=BACK,
        ),
        form("reset_faults", button("Everything works again"), back=BACK),
    )


def _planned(simulator: Simulator) -> Html:
    planned = [
        el("li", el("code", one.path), f" answers {one.status}, {one.count} more times")
        for one in simulator.faults.planned
    ]
    return card(
        el("h2", "The next requests"),
        form(
            "plan_failure",
            field("Path begins with", "path", "/contacts/search"),
            field("Answer", "status", 503),
            field("How many", "count", 3),
            button("Plan it"),
            back=BACK,
        ),
        el("ul", *planned) if planned else None,
    )


def _notifications(simulator: Simulator) -> Html:
    faults = simulator.webhooks.faults
    flags = [("false", "no"), ("true", "yes")]
    reorder, wrong = str(faults.reorder).lower(), str(faults.wrong_signature).lower()
    return card(
        el("h2", "Notifications"),
        form(
            "set_webhooks",
            field("Share sent twice", "duplicate_rate", faults.duplicate_rate),
            field("Share lost", "drop_rate", faults.drop_rate),
            field("Delay in seconds", "delay_secs", faults.delay_secs),
            select("In wrong order", "reorder", flags, reorder),
            select("With a wrong signature", "wrong_signature", flags, wrong),
            button("Save"),
            back=BACK,
        ),
    )


def _tokens() -> Html:
    codes = [(one, one) for one in ("token_revoked", "token_expired", "token_suspended")]
    words = "The app's next request is answered 401. Authorizing again gives a new token."
    return card(
        el("h2", "Access"),
        el("p", words),
        form(
            "revoke_tokens",
            select("Reason", "code", codes),
            button("Revoke all tokens", kind="danger"),
            back=BACK,
        ),
    )
