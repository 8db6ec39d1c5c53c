"""What goes to Intercom: mapping, sending, dry run, writes, refused values."""

from tools.screenshots.people import FULL, TWO_WAY
from tools.screenshots.shots import Shot
from tools.screenshots.worlds import Worlds


def shots(worlds: Worlds) -> list[Shot]:
    """Two-way, read-only, and prepared while read-only."""
    two_way, intercom = worlds.two_way, worlds.full.intercom
    return [
        Shot("mapping", TWO_WAY, f"{two_way}/mapping"),
        Shot("mapping-read-only", FULL, f"{intercom}/mapping"),
        Shot("mapping-prepared", FULL, f"{intercom}/mapping?prepare=1"),
        Shot("mapping-missing", TWO_WAY, f"{two_way}/mapping/missing"),
        Shot("sending", TWO_WAY, f"{two_way}/sending"),
        Shot("sending-read-only", FULL, f"{intercom}/sending"),
        Shot("sending-prepared", FULL, f"{intercom}/sending?prepare=1"),
        Shot("sending-dry-run", TWO_WAY, f"{two_way}/sending/dry-run"),
        Shot(
            "sending-dry-run-of-many", TWO_WAY, f"{two_way}/sending/dry-run?segment={worlds.crowd}"
        ),
        Shot("sending-overview", TWO_WAY, two_way),
        Shot("sending-runs", TWO_WAY, f"{two_way}/sending/runs"),
        Shot("sending-runs-none", FULL, f"{intercom}/sending/runs"),
        *(
            Shot(f"sending-run-{state}", TWO_WAY, f"{two_way}/sending/runs/{run}")
            for state, run in worlds.sends.items()
        ),
        Shot("sending-nobody", FULL, f"{intercom}/sending/dry-run"),
        Shot("sending-writes", TWO_WAY, f"{two_way}/sending/writes"),
        Shot("sending-writes-none", FULL, f"{intercom}/sending/writes"),
        Shot("sending-refused", TWO_WAY, f"{two_way}/sending/refused"),
        Shot("sending-refused-none", FULL, f"{intercom}/sending/refused"),
    ]
