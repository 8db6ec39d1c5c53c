"""The migrations make the tables that the models describe."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState

from pulsescore.core.create_models import CreateModels

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing() -> None:
    told = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=told)
    assert "No changes detected" in told.getvalue()


def test_several_models_are_made_and_removed_by_one_operation() -> None:
    wanted = CreateModels([_model("Pine"), _model("Cone", grows_on="trees.Pine")])
    before = ProjectState()
    after = before.clone()
    wanted.state_forwards("trees", after)
    with connection.schema_editor(atomic=True) as editor:
        wanted.database_forwards("trees", editor, before, after)
    assert {"trees_pine", "trees_cone"} <= set(connection.introspection.table_names())
    with connection.schema_editor(atomic=True) as editor:
        wanted.database_backwards("trees", editor, after, before)
    assert not {"trees_pine", "trees_cone"} & set(connection.introspection.table_names())


def _model(name: str, *, grows_on: str | None = None) -> CreateModel:
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True))
    ]
    if grows_on:
        fields.append(("grows_on", models.ForeignKey(grows_on, on_delete=models.CASCADE)))
    return CreateModel(name, fields)
