"""The import law of the house, and a few promises that are kept by looking at the code."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "school"
ROOMS = [
    "roster", "accounts", "courses", "questions", "quizzes", "practice", "spotchecks", "results", "reports", "followups",
]  # fmt: skip
#: any other file of a room is a pure rule: layer 0
LAYERS = {"models": 1, "queries": 2, "actions": 3, "forms": 4, "views": 5}
WEB = ("flask", "flask_login", "wtforms", "school.web")
#: what a rule may lean on, of all that lies outside the rooms
PURE = ("school.errors", "school.clock", "school.access", "school.files", "school.words")
ABOVE = ("school.app", "school.cli", "school.start", "school.demo", "school.serving", "school.bank_commands")
GROUND = ("errors", "clock", "access", "words", "settings", "turns", "prepared", "db", "audit", "jobs", "files", "web")
FILES = sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py"))
ALL = sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)


def imported(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write the whole import path"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def under(name: str, *roots: str) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)


def layer_of(stem: str) -> int:
    """The last word of a file's name is its layer: taking_views.py holds views."""
    return LAYERS.get(stem.rpartition("_")[2], 0)


#: work that runs by itself (job_actions.py) has nobody above it to be told the time by
BELOW_PAGES = [path for path in FILES if layer_of(path.stem) <= LAYERS["actions"] and path.stem != "job_actions"]


def named(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def broken_laws(room: str, layer: int, name: str) -> list[str]:
    """Every law that one import of a file in `room` at `layer` breaks."""
    found = []
    if layer <= LAYERS["actions"] and under(name, *WEB):
        found.append("only forms and views know the web")
    if layer == 0 and under(name, "sqlalchemy"):
        found.append("a rule knows no database")
    if layer > LAYERS["actions"] and under(name, "school.db"):
        found.append("a page's transaction is opened by school.web.transaction")
    if under(name, *ABOVE):
        found.append("a room never looks up to the house")
    there, _, rest = name.removeprefix("school.").partition(".")
    if layer == 0 and name.startswith("school.") and there not in ROOMS and not under(name, *PURE):
        found.append("a rule leans on what is pure")
    if not name.startswith("school.") or there not in ROOMS:
        return found
    their_layer = layer_of(rest.split(".")[0])
    if their_layer > layer:
        found.append("a higher layer")
    if ROOMS.index(there) > ROOMS.index(room):
        found.append("a later room")
    if there != room and their_layer > LAYERS["actions"]:
        found.append("another room's pages")
    return found


@pytest.mark.parametrize("path", FILES, ids=named)
def test_imports_run_down_the_layers_and_back_along_the_flow(path):
    room, layer = path.relative_to(PACKAGE).parts[0], layer_of(path.stem)

    assert [(name, law) for name in imported(path) for law in broken_laws(room, layer, name)] == []


@pytest.mark.parametrize(
    ("room", "layer", "name", "law"),
    [
        ("quizzes", 0, "school.quizzes.models.Round", "a higher layer"),
        ("quizzes", 0, "sqlalchemy.select", "a rule knows no database"),
        ("quizzes", 0, "school.db.Base", "a rule leans on what is pure"),
        ("quizzes", 3, "flask.request", "only forms and views know the web"),
        ("quizzes", 3, "school.web.forms.Form", "only forms and views know the web"),
        ("roster", 3, "school.quizzes.scoring", "a later room"),
        ("results", 5, "school.quizzes.views.bp", "another room's pages"),
        ("results", 5, "school.db.writing", "a page's transaction is opened by school.web.transaction"),
        ("results", 3, "school.cli", "a room never looks up to the house"),
    ],
)
def test_the_law_itself_catches_what_it_forbids(room, layer, name, law):
    assert law in broken_laws(room, layer, name)


@pytest.mark.parametrize(
    "path", [path for path in ALL if named(path).split("/")[0].removesuffix(".py") in GROUND], ids=named
)
def test_the_ground_floor_knows_no_room(path):
    rooms = [f"school.{room}" for room in ROOMS]

    assert [name for name in imported(path) if under(name, *rooms)] == []


@pytest.mark.parametrize("path", BELOW_PAGES, ids=named)
def test_below_the_pages_time_is_an_argument(path):
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)]

    assert [node.lineno for node in calls if ast.unparse(node) == "clock.now"] == []


@pytest.mark.parametrize("path", ALL, ids=named)
def test_only_the_clock_reads_the_time(path):
    read = {
        ast.unparse(node)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        if node.attr == "utcnow"
        or ast.unparse(node) in {"date.today", "datetime.now", "datetime.today", "machine.time", "time.time"}
    }

    assert read == ({"machine.time"} if path.name == "clock.py" else set())


@pytest.mark.parametrize("path", [path for path in FILES if layer_of(path.stem) == LAYERS["actions"]], ids=named)
def test_actions_never_commit(path):
    calls = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"commit", "rollback"}
    ]

    assert calls == []


def test_every_page_has_a_door(app):
    """Each view is marked by `needs(…)` or `public`; one that is neither would be open by forgetting."""
    open_by_forgetting = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint != "static" and not getattr(view, "guarded", False)
    ]

    assert open_by_forgetting == []


@pytest.mark.parametrize("word", ["打卡", "积分", "排行榜", "连续签到", "在线时长"])
def test_templates_never_speak_of_what_the_law_forbids(word):
    """Product law 2 and 3 (design.md §2)."""
    templates = Path(__file__).parents[1] / "templates"

    assert [str(path) for path in templates.rglob("*.html") if word in path.read_text(encoding="utf-8")] == []


def test_the_schema_has_no_column_the_product_law_forbids(app):
    """No online time, study duration, points, streaks, badges, ranks, positions or faces (design.md §2)."""
    forbidden = ("duration", "online", "streak", "badge", "rank", "latitude", "longitude", "gps", "face", "id_card")
    columns = [f"{t.name}.{c.name}" for t in app.extensions["metadata"].sorted_tables for c in t.columns]

    assert [column for column in columns if any(word in column for word in forbidden)] == []
