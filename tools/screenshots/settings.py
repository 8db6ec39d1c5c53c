"""The product's settings, with addresses at which each error page can be looked at."""

from pulsescore.settings import *  # noqa: F403

ROOT_URLCONF = "tools.screenshots.urls"
# Mails of the seeded organizations go nowhere.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
