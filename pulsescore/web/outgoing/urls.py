"""Where events and alerts go."""

from django.urls import path

from pulsescore.web.outgoing import endpoints, slack, views

urlpatterns = [
    path("settings/webhooks", views.outgoing, name="outgoing"),
    path("settings/webhooks/new", endpoints.new, name="endpoint_new"),
    path("settings/webhooks/<int:endpoint_id>", endpoints.endpoint, name="endpoint"),
    path("settings/webhooks/<int:endpoint_id>/secret", endpoints.rotate, name="endpoint_rotate"),
    path("settings/webhooks/<int:endpoint_id>/test", endpoints.test, name="endpoint_test"),
    path("settings/webhooks/<int:endpoint_id>/delete", endpoints.delete, name="endpoint_delete"),
    path("settings/slack/new", slack.new, name="slack_new"),
    path("settings/slack/<int:hook_id>", slack.hook, name="slack_hook"),
    path("settings/slack/<int:hook_id>/test", slack.test, name="slack_test"),
    path("settings/slack/<int:hook_id>/delete", slack.delete, name="slack_delete"),
    path("settings/deliveries/<int:delivery_id>/retry", views.retry, name="delivery_retry"),
]
