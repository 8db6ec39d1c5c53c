"""Segments: the list, the builder, one segment."""

from django.urls import path

from pulsescore.web.segments import building, views

urlpatterns = [
    path("segments", views.segments, name="segments"),
    path("segments/new", building.new, name="segment_new"),
    path("segments/rule", building.rule, name="segments_rule"),
    path("segments/preview", building.counted, name="segments_preview"),
    path("segments/<int:segment_id>", views.segment, name="segment"),
    path("segments/<int:segment_id>/change", building.change, name="segment_change"),
    path("segments/<int:segment_id>/delete", views.delete, name="segment_delete"),
]
