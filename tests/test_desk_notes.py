"""What an analysis is noted to have used is all that decides what it publishes."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from project_samples import ANALYSES, PLAN, ROOT, copy_project, run_cells
from register_samples import FIVE, write_register

from helpers import desk, open_desk, reads
from helpers.brief.html import templates
from helpers.data.dataset import RESTS_ON, REVIEW, TABLE_NAMES, DataSet
from helpers.data.review.model import EMPTY
from helpers.data.schemas import TABLES
from helpers.data.sidecar import Sidecar
from helpers.desk import Desk
from helpers.errors import InputRefused
from helpers.plan.rules.model import RuleSet
from helpers.poverty.register_tables import register_measures

DATA = "data/nghe-an-2024"
RULES, OTHER = "params/rules/nghe-an-2024.yaml", "params/rules/nghe-an-2024-theo-so-ho.yaml"
STANDARDS = "params/standards"

UNITS = {"districts", "communes"}
RETURNED = {*UNITS, "former_communes", "review"}
SHARED = {*UNITS, "poverty", "criteria", "commune_poverty", "commune_criteria", "history"}
USED: Mapping[str, set[str]] = {
    "01-data-check": {*TABLE_NAMES, "review", "register", RULES, OTHER, STANDARDS},
    "02-budget-allocation": {*SHARED, "carry_over", "movements", RULES},
    "03-target-progress": {*RETURNED, "poverty", "dtts_poverty", "poverty_periods", STANDARDS},
    "04-main-risks": set(),
    "05-allocation-comparison": {*SHARED, RULES, OTHER},
    "06-capital-register": {*SHARED, "carry_over", "movements", RULES},
    "07-poverty-review": {*RETURNED, "poverty", STANDARDS},
    "08-household-register": {"districts", "register"},
}
"""The tables and files behind each analysis besides the plan file; of 04 only published tables."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which every analysis has published, those that read others last."""
    output = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HELPERS_OUTPUT", str(output))
        patch.setenv("HELPERS_ROOT", str(ROOT))
        for notebook in sorted(ANALYSES, key=lambda path: path.stem == "04-main-risks"):
            run_cells(notebook)
    return output


@pytest.fixture
def project(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the project, in which other analyses have published."""
    output = tmp_path / "output"
    shutil.copytree(published, output)
    monkeypatch.setenv("HELPERS_OUTPUT", str(output))
    reads.forget()
    return copy_project(tmp_path / "project", monkeypatch)


def _noted(project: Path) -> set[str]:
    """Return what was noted of the project, from its folder on."""
    found = [Path(read.path) for read in reads.noted()]
    assert all(
        not (read.columns or read.where)
        for read in reads.noted()
        if Path(read.path).is_relative_to(project)
    )
    inside = [path for path in found if path.is_relative_to(project)]
    return {path.relative_to(project).as_posix() for path in inside}


def _expected(project: Path, used: set[str]) -> set[str]:
    """Return the files that are to be noted where these tables and files are used."""
    found = {PLAN, *(name for name in used if "/" in name)}
    for table in used & set(TABLE_NAMES):
        found |= {f"{DATA}/{table}.csv", f"{DATA}/{table}.meta.yml"}
    if STANDARDS in used:
        found |= {f"{STANDARDS}/{path.name}" for path in (project / STANDARDS).iterdir()}
    if "review" in used:
        names = [path.name for path in (project / DATA / "review").iterdir()]
        found |= {f"{DATA}/review", *(f"{DATA}/review/{name}" for name in names)}
    if "register" in used:
        endings = ("csv", "parquet", "meta.yml")
        found |= {f"{DATA}/register.{ending}" for ending in endings}
    return found


@pytest.mark.slow
@pytest.mark.parametrize("notebook", ANALYSES, ids=lambda path: path.stem)
def test_each_analysis_notes_what_it_uses_and_no_more(project: Path, notebook: Path) -> None:
    """The first desk of a process and one that was open before have the same notes."""
    for _ in range(2):
        reads.forget()
        run_cells(notebook)
        assert _noted(project) == _expected(project, USED[notebook.stem])


@pytest.mark.slow
@pytest.mark.parametrize("notebook", ANALYSES, ids=lambda path: path.stem)
def test_the_inputs_that_tables_name_are_noted(
    project: Path, tmp_path: Path, notebook: Path
) -> None:
    """What a published table says that it rests on is among the notes."""
    tables = tmp_path / "output" / "tables"
    before = {path: path.stat().st_mtime_ns for path in tables.iterdir()}
    run_cells(notebook)
    noted = _noted(project)
    if notebook.stem == "04-main-risks":
        return  # rests on published tables, and hands on their inputs
    made = [path for path in tables.glob("*.yml") if path.stat().st_mtime_ns != before[path]]
    assert made
    for path in made:
        named = yaml.safe_load(path.read_text(encoding="utf-8"))["inputs"]
        assert set(named) <= noted, path.stem


def _other(value: Any) -> Any:
    """Return another value of the same kind."""
    if isinstance(value, str):
        return f"{value} khác"
    if isinstance(value, date):
        return value + timedelta(days=1)
    return value + (Decimal(7) if isinstance(value, Decimal) else 7)


def _other_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame, every cell of which is another, and one row less."""
    return frame.map(_other).astype(frame.dtypes).iloc[1:].reset_index(drop=True)


def _other_sidecar(sidecar: Sidecar) -> Sidecar:
    changed = {"title": "Khác", "status": "illustrative", "secondary": not sidecar.secondary}
    return sidecar.model_copy(update=changed)


def _other_rules(rules: RuleSet | None) -> RuleSet | None:
    return rules and rules.model_copy(update={"title": "Khác", "rules": ()})


def _altered(whole: Desk, noted: set[str]) -> Desk:
    """Return the desk with everything changed of which nothing was noted."""
    data, plan = whole.data, whole.plan
    left = [table for table in TABLE_NAMES if f"{DATA}/{table}.csv" not in noted]
    frames = {table: _other_frame(data.frames[table]) for table in left}
    sidecars = {
        table: _other_sidecar(sidecar) if table in left else sidecar
        for table, sidecar in data.sidecars.items()
    }
    review = data.review if f"{DATA}/review" in noted else EMPTY
    changed = replace(data, **frames, sidecars=sidecars, review=review)
    rules = {"rule_set": (RULES, plan.rule_set), "other_rules": (OTHER, plan.other_rules)}
    own = {name: _other_rules(found) for name, (path, found) in rules.items() if path not in noted}
    return Desk(plan.model_copy(update=own), changed)


@pytest.mark.slow
@pytest.mark.parametrize("notebook", ANALYSES, ids=lambda path: path.stem)
def test_nothing_else_decides_what_an_analysis_publishes(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notebook: Path
) -> None:
    """With all that was not noted changed, and its files gone, every table is the same."""
    tables = tmp_path / "output" / "tables"
    run_cells(notebook)
    noted = _noted(project)
    first = {path.name: path.read_bytes() for path in tables.iterdir()}
    altered = _altered(desk.warm(project / PLAN), noted)
    for path in [*(project / "data").rglob("*"), *(project / "params").rglob("*")]:
        if path.is_file() and path.relative_to(project).as_posix() not in noted:
            path.unlink()
    monkeypatch.setattr(desk, "warm", lambda plan: altered)
    run_cells(notebook)
    assert {path.name: path.read_bytes() for path in tables.iterdir()} == first


@pytest.mark.slow
@pytest.mark.parametrize("missed", ["movements", "poverty", "districts"])
def test_a_note_that_is_missing_would_be_found(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missed: str
) -> None:
    """Were a table that is used not noted, the same comparison would tell, or the run break."""
    (notebook,) = (path for path in ANALYSES if path.stem == "06-capital-register")
    tables = tmp_path / "output" / "tables"
    run_cells(notebook)
    noted = _noted(project) - {f"{DATA}/{missed}.csv"}
    first = {path.name: path.read_bytes() for path in tables.iterdir()}
    altered = _altered(desk.warm(project / PLAN), noted)
    monkeypatch.setattr(desk, "warm", lambda plan: altered)
    try:
        run_cells(notebook)
    except (InputRefused, KeyError):
        return
    assert {path.name: path.read_bytes() for path in tables.iterdir()} != first


def test_opening_a_desk_notes_the_plan_alone(project: Path) -> None:
    """Reading and checking everything decides nothing by itself, nor does going through names."""
    opened = open_desk(PLAN)
    assert list(opened.data.frames) == list(TABLE_NAMES)
    assert _noted(project) == {PLAN}


def test_a_plan_notes_the_rules_that_are_asked_for(project: Path) -> None:
    """Its own, those that it is compared with, and any others that a notebook names."""
    opened = open_desk(PLAN)
    assert opened.plan.rule_set.title
    assert _noted(project) == {PLAN, RULES}
    opened.compared("params/rules/nghe-an-2024-theo-so-ho.yaml")
    assert {RULES, OTHER} <= _noted(project)


@pytest.mark.parametrize(
    "ask",
    [
        lambda data: data.dtts_poverty,
        lambda data: data.frames["dtts_poverty"],
        lambda data: data.has("dtts_poverty"),
        lambda data: data.sidecars["dtts_poverty"],
        lambda data: data.marks("dtts_poverty"),
        lambda data: data.names("dtts_poverty"),
        lambda data: data.extra_columns("dtts_poverty"),
        lambda data: data.where("dtts_poverty", 0),
    ],
)
def test_every_way_to_a_table_is_noted(project: Path, ask: Any) -> None:
    """Its file, its sidecar, and the districts by whose names it goes."""
    data = open_desk(PLAN).data
    reads.forget()
    ask(data)
    assert _noted(project) == _expected(project, {"districts", "dtts_poverty"}) - {PLAN}


def test_an_absent_table_is_noted_where_it_would_stand(project: Path) -> None:
    """So its coming is a change for whoever found it absent."""
    for ending in ("csv", "meta.yml"):
        (project / DATA / f"movements.{ending}").unlink()
    data = open_desk(PLAN).data
    reads.forget()
    assert not data.has("movements")
    assert f"{DATA}/movements.csv" in _noted(project)


def test_a_register_is_noted_with_what_it_is_counted_by(project: Path) -> None:
    """Its file and sidecar, the units, and the standards."""
    write_register(project / DATA, FIVE)
    opened = open_desk(PLAN)
    register_measures(opened.plan, opened.data)
    assert _noted(project) == _expected(project, {*UNITS, STANDARDS, "register"})


def test_tables_rest_on_those_that_name_their_units() -> None:
    """As the schemas say how a table's cells are read."""
    named = {"district": "districts", "unit": "districts", "optional_unit": "districts"}
    named |= {"commune_code": "communes"}
    assert tuple(TABLES) == TABLE_NAMES
    for table, schema in TABLES.items():
        reads_of = [column.reads for column in schema.columns.values()]
        direct = {named[how] for how in reads_of if how in named}
        closed = direct | {other for one in direct for other in RESTS_ON.get(one, ())}
        assert set(RESTS_ON.get(table, ())) == closed, table
    assert set(RESTS_ON[REVIEW]) == {"districts", "communes", "former_communes"}


def test_a_copy_of_the_data_notes_the_same(shipped_data: DataSet) -> None:
    """Copying is no use of the data, and using a copy is."""
    reads.forget()
    copied = shipped_data.copy()
    assert reads.noted() == ()
    assert copied.poverty.equals(shipped_data.poverty)
    assert any(read.path.endswith("poverty.csv") for read in reads.noted())


def test_a_rehearsal_makes_the_templates_and_notes_nothing() -> None:
    """After a rehearsal the templates of the tables are compiled, and nothing counts as read."""
    reads.forget()
    templates.cache_clear()
    desk.rehearse()
    assert templates.cache_info().currsize == 1
    assert reads.noted() == ()
