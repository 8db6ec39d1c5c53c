"""Where the control pages and the control interface are found."""

from pathlib import Path

from aiohttp import web

from intercom_sim.simulator import Simulator

STATIC = Path(__file__).parent / "static"


def add_control(app: web.Application, simulator: Simulator) -> None:
    """Pages at `/`, the interface and files under `/_sim`."""
    app.router.add_static("/_sim/static", STATIC)
