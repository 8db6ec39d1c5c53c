"""Every page: each area names its own."""

from django.urls import URLPattern

from pulsescore.web.accounts.urls import urlpatterns as accounts
from pulsescore.web.alerts.urls import urlpatterns as alerts
from pulsescore.web.backtest.urls import urlpatterns as backtest
from pulsescore.web.companies.urls import urlpatterns as companies
from pulsescore.web.customers.urls import urlpatterns as customers
from pulsescore.web.dashboard.urls import urlpatterns as dashboard
from pulsescore.web.help.urls import urlpatterns as guide
from pulsescore.web.integrations.urls import urlpatterns as integrations
from pulsescore.web.live.urls import urlpatterns as live
from pulsescore.web.notifications.urls import urlpatterns as notifications
from pulsescore.web.onboarding.urls import urlpatterns as onboarding
from pulsescore.web.outgoing.urls import urlpatterns as outgoing
from pulsescore.web.scoring.urls import urlpatterns as scoring
from pulsescore.web.segments.urls import urlpatterns as segments
from pulsescore.web.settings.urls import urlpatterns as settings
from pulsescore.web.shell.urls import urlpatterns as shell
from pulsescore.web.sources.urls import urlpatterns as sources
from pulsescore.web.style.urls import urlpatterns as style

urlpatterns: list[URLPattern] = [
    *dashboard,
    *onboarding,
    *accounts,
    *customers,
    *companies,
    *segments,
    *alerts,
    *notifications,
    *outgoing,
    *integrations,
    *scoring,
    *backtest,
    *settings,
    *sources,
    *guide,
    *shell,
    *style,
    *live,
]
