"""Alerts and the rules behind them."""

from django.urls import path

from pulsescore.web.alerts import rules, views

urlpatterns = [
    path("alerts", views.alerts, name="alerts"),
    path("alerts/<int:alert_id>", views.alert, name="alert"),
    path("alerts/<int:alert_id>/acknowledge", views.acknowledge, name="alert_acknowledge"),
    path("alerts/<int:alert_id>/snooze", views.snooze, name="alert_snooze"),
    path("alerts/<int:alert_id>/resolve", views.resolve, name="alert_resolve"),
    path("alerts/of-customer/<int:customer_id>", views.of_customer, name="alerts_of_customer"),
    path("alerts/rules", rules.rules, name="alert_rules"),
    path("alerts/rules/new", rules.new, name="alert_rule_new"),
    path("alerts/rules/<int:rule_id>", rules.change, name="alert_rule"),
    path("alerts/rules/<int:rule_id>/switch", rules.switch, name="alert_rule_switch"),
    path("alerts/rules/<int:rule_id>/mute", rules.mute, name="alert_rule_mute"),
    path("alerts/rules/<int:rule_id>/test", rules.test, name="alert_rule_test"),
    path("alerts/rules/<int:rule_id>/delete", rules.delete, name="alert_rule_delete"),
]
