"""Everything one simulated Intercom consists of."""

from dataclasses import dataclass, field

from intercom_sim.faults import Faults
from intercom_sim.limits import RateLimiter
from intercom_sim.requestlog import RequestLog
from intercom_sim.rest.site import Site
from intercom_sim.tokens import AppRegistration, Tokens
from intercom_sim.webhooks.dispatcher import Dispatcher, Target
from intercom_sim.workspace import Workspace


@dataclass(frozen=True)
class Settings:
    """How the simulator behaves, whatever is in its workspace."""

    client_id: str = "demo-client"
    client_secret: str = "demo-secret"  # noqa: S105
    access_token: str = "demo-token"  # noqa: S105
    redirect_uris: tuple[str, ...] = ()
    rate_limit: int = 10_000
    latency_ms: float = 0
    webhook_url: str | None = None
    webhook_generation: str = "current"
    webhook_retry_secs: float = 60


@dataclass
class Simulator:
    """A workspace and the machinery around it."""

    workspace: Workspace
    settings: Settings = field(default_factory=Settings)
    log: RequestLog = field(default_factory=RequestLog)

    def __post_init__(self) -> None:
        settings = self.settings
        app = AppRegistration(settings.client_id, settings.client_secret, settings.redirect_uris)
        self.site = Site(self.workspace)
        self.tokens = Tokens(app)
        self.tokens.grant(settings.access_token)
        self.limiter = RateLimiter(settings.rate_limit)
        self.faults = Faults(latency_ms=settings.latency_ms)
        target = Target(settings.webhook_url, settings.client_secret, settings.webhook_generation)
        self.webhooks = Dispatcher(
            self.workspace, target=target, retry_secs=settings.webhook_retry_secs
        )
        self.workspace.subscribe(self.webhooks.notice)
