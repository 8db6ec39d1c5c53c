"""What the buttons of the control pages do."""

from collections.abc import Mapping
from typing import Any

from intercom_sim.actions.errors import ActionError
from intercom_sim.changes import Change
from intercom_sim.control import switches
from intercom_sim.control.catalogue import perform
from intercom_sim.control.errors import ControlError
from intercom_sim.simulator import Simulator

Form = Mapping[str, str]
EMPTY_MEANS = frozenset({"url"})
NUMBERS = ("status", "count")


def submit(simulator: Simulator, name: str, form: Form) -> str:
    """Do what a form asks; gives the sentence to show, also when it cannot be done."""
    arguments = nested({key: value for key, value in form.items() if key != "back"})
    try:
        return _submit(simulator, name, arguments)
    except (ActionError, ControlError) as error:
        return f"Not done: {error}"


def nested(form: Form) -> dict[str, Any]:
    """Arguments from a form: blanks dropped, `fields.name` as an object, an attribute as one."""
    arguments: dict[str, Any] = {}
    for key, value in form.items():
        outer, dot, inner = key.partition(".")
        if dot and value != "":
            arguments.setdefault(outer, {})[inner] = value
        elif not dot and (value != "" or key in EMPTY_MEANS):
            arguments[key] = None if value == "nobody" else value
    attribute, value = arguments.pop("attribute", None), arguments.pop("value", None)
    if attribute and value:
        arguments["custom_attributes"] = {attribute: value}
    return arguments


def _submit(simulator: Simulator, name: str, arguments: dict[str, Any]) -> str:
    if name == "set_faults":
        rates = arguments.get("error_rates", {})
        arguments["error_rates"] = {int(one): float(rate) for one, rate in rates.items()}
        switches.set_faults(simulator, arguments)
    elif name == "reset_faults":
        switches.reset_faults(simulator)
    elif name == "set_webhooks":
        switches.set_target(simulator, arguments)
    elif name == "plan_failure":
        _plan(simulator, arguments)
    elif name == "ping":
        simulator.workspace.announce(Change("ping", simulator.workspace.clock.time()))
    elif name == "forget_requests":
        simulator.log.clear()
    elif name == "revoke_tokens":
        revoked = simulator.tokens.revoke_all(code=str(arguments.get("code", "token_revoked")))
        return f"{revoked} tokens are refused from now on."
    else:
        perform(simulator.workspace, name, arguments)
        return f"Done: {name.replace('_', ' ')}."
    return "Saved."


def _plan(simulator: Simulator, arguments: dict[str, Any]) -> None:
    try:
        status, count = (int(arguments.get(one, 1)) for one in NUMBERS)
    except ValueError:
        raise ControlError("answer and number have to be whole numbers") from None
    if not 400 <= status <= 599:
        raise ControlError("an answer that fails is from 400 to 599")
    simulator.faults.plan(str(arguments.get("path", "/")), status=status, count=count)
