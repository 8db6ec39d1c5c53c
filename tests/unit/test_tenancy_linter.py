"""Tenancy has one door: every query of a tenant table says whose rows it wants."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from django.apps import apps

from pulsescore.core.tenancy import TenantModel

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "pulsescore"
DOOR = PACKAGE / "core" / "tenancy.py"
ALLOWED_CALLS = {"for_org", "across_orgs"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SQL_VERBS = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|FROM|JOIN|TRUNCATE|COPY)\b")
ORGANIZATION = re.compile(r"\borg_ids?\b")

# Statements that rightly cross organizations, by file and a word of theirs: why that is right.
CROSSING_SQL: dict[tuple[str, str], str] = {
    ("pipeline/health.py", "min(marked_at)"): "how far the whole installation is behind",
    ("scoring/queries/customer_sql.py", "store_customer AS c"): (
        "a list of tables; `_standing` puts the organization into every WHERE"
    ),
}

TENANT_MODELS = {model for model in apps.get_models() if issubclass(model, TenantModel)}
TENANT_NAMES = {model.__name__ for model in TENANT_MODELS}
TENANT_TABLES = re.compile(
    r"\b(" + "|".join(sorted(model._meta.db_table for model in TENANT_MODELS)) + r")\b"
)


def sources() -> list[Path]:
    found = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    return sorted(set(found) - {DOOR})


def unscoped_managers(tree: ast.AST) -> Iterator[str]:
    """Uses of a tenant model's manager that do not go through the door."""
    passed = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ALLOWED_CALLS
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or node.attr not in MANAGERS:
            continue
        owner = node.value
        name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
        if name in TENANT_NAMES and not (node.attr == "objects" and id(node) in passed):
            yield f"line {node.lineno}: {name}.{node.attr}"


def statements(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module: composed constants as they came out, all others as they stand."""
    tree = ast.parse(path.read_text())
    inner: set[int] = set()
    for node in tree.body:
        composed = isinstance(node, ast.Assign) and isinstance(node.value, ast.JoinedStr)
        if composed and isinstance(node.targets[0], ast.Name):
            inner |= {id(one) for one in ast.walk(node)}
            yield node.lineno, str(getattr(module_of(path), node.targets[0].id))
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        if isinstance(node, ast.JoinedStr | ast.BinOp):
            inner |= {id(one) for one in ast.walk(node)}
            yield node.lineno, joined(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def module_of(path: Path) -> ModuleType:
    return import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def joined(node: ast.AST) -> str:
    """The constant parts of an f-string or a sum."""
    parts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
    return " ".join(part for part in parts if isinstance(part, str))


def forgets_organization(text: str) -> bool:
    touches = SQL_VERBS.search(text) and TENANT_TABLES.search(text)
    return bool(touches) and not ORGANIZATION.search(text)


def is_allowed(path: Path, text: str) -> bool:
    name = path.relative_to(PACKAGE).as_posix()
    return any(name == file and word in text for file, word in CROSSING_SQL)


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_models_are_queried_through_the_door(path: Path) -> None:
    assert list(unscoped_managers(ast.parse(path.read_text()))) == []


def test_statements_in_code_name_the_organization() -> None:
    faults = [
        f"{path.relative_to(ROOT)}:{line}: {text.strip()[:80]}"
        for path in sources()
        for line, text in statements(path)
        if forgets_organization(text) and not is_allowed(path, text)
    ]
    assert faults == []


def test_statements_in_files_name_the_organization() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {text.strip()[:80]}"
        for path in sorted(PACKAGE.rglob("*.sql"))
        for text in path.read_text().split(";")
        if forgets_organization(text) and not is_allowed(path, text)
    ]
    assert faults == []


def test_every_exception_is_still_needed() -> None:
    for file, word in CROSSING_SQL:
        path = PACKAGE / file
        assert any(word in text and forgets_organization(text) for _, text in statements(path)), (
            f"{file} no longer crosses organizations with {word!r}"
        )


@pytest.mark.parametrize(
    "code",
    [
        "Customer.objects.all()",
        "models.Customer.objects.filter(id=1)",
        "rows = Customer.objects",
        "Customer._default_manager.for_org(1)",
        "Customer._base_manager.get(id=1)",
    ],
)
def test_the_linter_sees_a_query_that_forgets_the_organization(code: str) -> None:
    assert list(unscoped_managers(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["Customer.objects.for_org(1)", "User.objects.all()", "x.objects.across_orgs('why')"]
)
def test_the_linter_lets_scoped_queries_pass(code: str) -> None:
    assert not list(unscoped_managers(ast.parse(code)))


@pytest.mark.parametrize(
    ("text", "forgets"),
    [
        ("SELECT * FROM store_customer WHERE id = 1", True),
        ("DELETE FROM store_customer", True),
        ("SELECT * FROM store_customer WHERE org_id = %(org_id)s", False),
        ("SELECT * FROM accounts_user", False),
        ("store_customer", False),
    ],
)
def test_the_linter_reads_statements(text: str, forgets: bool) -> None:
    assert forgets_organization(text) is forgets
