"""The style sheets keep to the tokens."""

import re
from pathlib import Path

import pytest

from pulsescore.web.style.tokens import parse

FOLDER = Path("pulsescore/web/static/pulsescore/css")
SHEETS = sorted(path for path in FOLDER.glob("*.css") if path.name != "tokens.css")
TOKENS = {token.name: token.value for token in parse((FOLDER / "tokens.css").read_text())}
COLOUR = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", re.IGNORECASE)
# A code to scan needs black on white in either theme.
ALLOWED = {"settings.css": ("#fff",)}


def rules(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_colours_come_from_tokens_alone(path: Path) -> None:
    found = set(COLOUR.findall(rules(path))) - set(ALLOWED.get(path.name, ()))
    assert found == set()


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sizes_of_type_come_from_the_scale(path: Path) -> None:
    sizes = re.findall(r"font-size:\s*([^;]+);", rules(path))
    odd = [size for size in sizes if not re.fullmatch(r"var\(--t\d\d\)|[\d.]+em|inherit", size)]
    assert odd == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_token_that_is_used_exists(path: Path) -> None:
    used = set(re.findall(r"var\(--([\w-]+)", rules(path)))
    own = {token.name for token in parse(path.read_text())}
    assert used - set(TOKENS) - own == set()


def test_every_colour_is_said_for_light_and_dark_at_once() -> None:
    coloured = {name: value for name, value in TOKENS.items() if COLOUR.search(value)}
    assert len(coloured) > 30
    assert [name for name, value in coloured.items() if "light-dark(" not in value] == []


def test_spaces_are_steps_of_four() -> None:
    spaces = {
        name: int(value[:-2]) for name, value in TOKENS.items() if re.fullmatch(r"s\d+", name)
    }
    assert spaces
    assert all(value == 4 * int(name[1:]) for name, value in spaces.items())


def test_the_scale_of_type_has_five_sizes() -> None:
    sizes = [
        float(value[:-3]) * 16
        for name, value in TOKENS.items()
        if name[0] == "t" and "rem" in value
    ]
    assert sizes == [13, 14, 16, 20, 28]
