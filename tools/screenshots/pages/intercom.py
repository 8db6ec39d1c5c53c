"""Settings -> Integrations -> Intercom, apart from sending."""

from tools.screenshots.people import BROKEN, FIRST, FULL, LOST, MEMBER, NEW
from tools.screenshots.shots import Shot, fill
from tools.screenshots.worlds import Worlds

CONNECT = "/settings/integrations/intercom/connect"


def shots(worlds: Worlds) -> list[Shot]:
    """Connecting, connected, and each kind of trouble."""
    intercom, trouble = worlds.full.intercom, worlds.troubled
    areas = ("runs", "skipped", "webhooks", "log", "permissions", "deliveries", "disconnect")
    dead = f"{intercom}/deliveries/{worlds.full.dead_delivery}"
    return [
        Shot("connect", NEW, CONNECT),
        Shot("connect-wrong", NEW, CONNECT, fill({"access_token": ""}, "Connect")),
        Shot("connect-denied", NEW, "/integrations/intercom/callback?error=access_denied"),
        Shot("integrations-none", NEW, "/settings/integrations"),
        Shot("integrations", FULL, "/settings/integrations"),
        Shot("integrations-attention", BROKEN, "/settings/integrations"),
        Shot("integrations-as-member", MEMBER, "/settings/integrations"),
        Shot("intercom", FULL, intercom),
        Shot("intercom-as-member", MEMBER, intercom),
        *(Shot(f"intercom-{area}", FULL, f"{intercom}/{area}") for area in areas),
        Shot("intercom-delivery", FULL, dead),
        Shot("intercom-replay", FULL, f"{intercom}/deliveries/replay?state=dead"),
        Shot("intercom-run-running", FIRST, worlds.importing),
        Shot("intercom-silent", BROKEN, f"{trouble.broken}/webhooks"),
        Shot("intercom-attention", BROKEN, trouble.broken),
        Shot("run-failed", BROKEN, trouble.failed_run),
        Shot("intercom-losses", LOST, f"{trouble.lost}/losses"),
        Shot("intercom-refused", LOST, trouble.lost),
        Shot("intercom-run-refused", LOST, trouble.refused_run),
    ]
