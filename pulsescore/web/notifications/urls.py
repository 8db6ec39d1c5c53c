"""The bell, the list of notifications, and what one wants to be told."""

from django.urls import path

from pulsescore.web.notifications import preferences, views

urlpatterns = [
    path("notifications", views.notifications, name="notifications"),
    path("notifications/panel", views.panel, name="notification_panel"),
    path("notifications/mark", views.mark, name="notification_mark"),
    path("notifications/read-all", views.read_all, name="notifications_read_all"),
    path("notifications/<int:notification_id>/open", views.open_one, name="notification_open"),
    path("notifications/<int:notification_id>/read", views.read_one, name="notification_read"),
    path("settings/notifications", preferences.notification_settings, name="notification_settings"),
]
