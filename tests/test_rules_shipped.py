"""The rule files that ship: what they hold, what they admit not to know, and their schemas."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from helpers.plan.rules.cases import CaseFileContent, load_cases
from helpers.plan.rules.columns import COLUMNS, column_label, column_unit, criterion_label
from helpers.plan.rules.loading import load_rules
from helpers.plan.rules.missing import missing_counterpart, missing_numbers
from helpers.plan.rules.model import ColumnNote, Model, RuleSet, RuleSetContent
from helpers.plan.rules.schema import DESCRIPTIONS, SCHEMAS, schema_text
from helpers.plan.source import read_source

ROOT = Path(__file__).parents[1]
RULES = ROOT / "params" / "rules"
FILES = sorted(RULES.glob("*.yaml"))
CASES = sorted((RULES / "cases").glob("*.yaml"))


def rules(name: str) -> RuleSet:
    """Return a shipped rule set."""
    return load_rules(RULES / f"{name}.yaml")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_rule_says_how_far_it_can_be_trusted(path: Path) -> None:
    """No shipped rule claims to be verified, and each names a document."""
    for rule in load_rules(path).rules:
        assert rule.status in ("secondary", "unverified")
        assert rule.basis.document


def test_only_the_structure_file_lacks_numbers() -> None:
    """Every shipped rule set can be computed, but for the one whose numbers are not known."""
    lacking = [path.stem for path in FILES if missing_numbers(load_rules(path))]
    assert lacking == ["qd-02-2022"]


def test_the_structure_file_has_no_number_at_all() -> None:
    """Quyết định 02/2022 ships as a structure: every number in it says "chưa có"."""

    def numbers(value: object) -> list[object]:
        if isinstance(value, Model):
            return [n for name in type(value).model_fields for n in numbers(getattr(value, name))]
        if isinstance(value, dict):
            return [n for item in value.values() for n in numbers(item)]
        if isinstance(value, tuple):
            return [n for item in value for n in numbers(item)]
        return [value] if isinstance(value, int | Fraction) else []

    decree = rules("qd-02-2022")
    assert numbers(decree) == []
    assert len(missing_numbers(decree)) == 6
    assert missing_numbers(decree)[0].endswith("→ districts → tiêu chí “Tỷ lệ hộ nghèo” → bands")
    assert missing_counterpart(decree)[:2] == (
        "counterpart → ĐTPT → percent",
        "counterpart → ĐTPT → levels → province",
    )


def test_missing_numbers_name_their_places(tmp_path: Path) -> None:
    """Each "chưa có" that stops an allocation is named; the counterpart's are told apart."""
    path = tmp_path / "thu.yaml"
    path.write_text(
        """\
title: Thử
valid: {from: 2024-01-01}
agencies: [{code: SA, name: Sở A}]
columns: {income: {label: Thu nhập}}
rules:
  - lines: [DA1]
    basis: {document: Nghị quyết}
    status: unverified
    pots: [{source: NSTW, type: SN, percent: chưa có}]
    reserve: {percent: chưa có, reason: Dự phòng}
    agencies: [{agency: Sở A, percent: chưa có}]
    districts:
      eligible: [{column: poor_rate, from: chưa có}]
      criteria:
        - {column: income, bands: [{below: 5, points: chưa có}, {from: 5, points: 1}]}
        - name: Nhóm
          sum:
            - {column: area_km2, per_unit: chưa có}
            - {column: communes, bands: chưa có}
      multipliers: [{column: region, lookup: {highland: chưa có}, otherwise: chưa có}]
      classes: chưa có
      floor: chưa có
    counterpart: [{type: SN, of: NSTW, source: NSĐP, percent: chưa có, levels: {province: 100}}]
""",
        encoding="utf-8",
    )
    found = load_rules(path)
    assert missing_numbers(found) == (
        "DA1 → pots → NSTW, SN → percent",
        "DA1 → reserve → percent",
        "DA1 → agencies → Sở A → percent",
        "DA1 → districts → eligible → Tỷ lệ hộ nghèo → from",
        "DA1 → districts → tiêu chí “Thu nhập” → bands → dưới 5 → points",
        "DA1 → districts → tiêu chí “Nhóm” → sum → tiêu chí “Diện tích” → per_unit",
        "DA1 → districts → tiêu chí “Nhóm” → sum → tiêu chí “Số xã, phường, thị trấn” → bands",
        "DA1 → districts → hệ số “Vùng” → lookup → highland",
        "DA1 → districts → hệ số “Vùng” → otherwise",
        "DA1 → districts → classes",
        "DA1 → districts → floor",
    )
    assert missing_counterpart(found) == ("DA1 → counterpart → SN → percent",)
    assert missing_counterpart(found.rules[0]) == missing_counterpart(found)
    assert missing_numbers(found.rules[0])[4].startswith("DA1 → districts → tiêu chí “income”")


def test_known_rules_by_hand() -> None:
    """The three known rules carry exactly the numbers of their sources."""
    commune = rules("nq-115-2013").rules[0].communes
    assert commune is not None
    steps = [criterion.steps for criterion in commune.criteria]
    assert [(s.from_, s.points, s.beyond, s.every, s.add) for s in steps if s] == [
        (45, 2, 60, 10, Fraction(1, 2)),
        (35, 2, 50, 10, Fraction(1, 2)),
    ]
    district = rules("huyen-ngheo-2017-2020").rules[0].districts
    assert district is not None
    poverty, income, communes = district.criteria
    assert [band.points for band in poverty.highest[0].bands] == [10, 20, 30, 40, 50]
    assert [band.from_ for band in poverty.highest[0].bands] == [None, 50, 55, 60, 65]
    assert [band.from_ for band in poverty.highest[1].bands] == [None, 40, 45, 50, 55]
    assert [band.points for band in income.bands] == [15, 10, 5]
    assert [band.points for band in communes.bands] == [5, 10, 15]
    merged = rules("chuong-trinh-2026-2030").rules[0].communes
    assert merged is not None
    hamlets, group = merged.criteria
    assert hamlets.per_unit == 1
    assert (dict(group.highest[0].lookup), group.highest[0].otherwise) == (
        {"I": 30, "II": 40, "III": 50},
        25,
    )


def test_the_comparison_covers_the_same_lines() -> None:
    """The rule set to compare with has the same lines and the same agencies' parts."""

    def parts(found: RuleSet) -> dict[str, dict[str, object]]:
        return {
            line: {share.agency: share.percent for share in rule.agencies}
            for rule in found.rules
            for line in rule.lines
        }

    assert parts(rules("nghe-an-2024")) == parts(rules("nghe-an-2024-theo-so-ho"))


def test_labels_of_columns() -> None:
    """A rule set's own words for a column come first, then those of every province."""
    notes = {"income": ColumnNote(label="Thu nhập", unit="triệu đồng")}
    assert column_label("income", notes) == "Thu nhập"
    assert column_unit("income", notes) == "triệu đồng"
    assert (column_label("poor_rate", notes), column_unit("poor_rate", notes)) == (
        "Tỷ lệ hộ nghèo",
        "%",
    )
    assert (column_label("xyz", notes), column_unit("xyz", notes)) == ("xyz", "")
    named, plain = rules("nghe-an-2024").rules[1].districts.criteria[:2]  # type: ignore[union-attr]
    assert criterion_label(named, {}) == "Mức độ nghèo"
    assert criterion_label(plain, {}) == COLUMNS["poor_and_near_poor"].label


# JSON Schema


def plain(value: Any) -> Any:
    """Return a YAML value with the numbers that JSON has."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def validator(name: str) -> jsonschema.Draft7Validator:
    """Return the validator of a shipped schema file."""
    schema = json.loads((RULES / name).read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


@pytest.mark.parametrize("name", SCHEMAS)
def test_shipped_schemas_are_current(name: str) -> None:
    """The schema files say what the models say; `make schema` writes them again."""
    assert (RULES / name).read_text(encoding="utf-8") == schema_text(SCHEMAS[name]())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((path, "rules.schema.json") for path in FILES),
        *((path, "cases.schema.json") for path in CASES),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else "",
)
def test_shipped_files_are_valid(path: Path, name: str) -> None:
    """Each shipped file names its schema in its first line and is valid by it."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    way = f"../{name}" if path.parent.name == "cases" else name
    assert first == f"# yaml-language-server: $schema={way}"
    assert (path.parent / way).resolve() == RULES / name
    assert list(validator(name).iter_errors(plain(read_source(path).value))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"titel": "x"},
        {"valid": {}},
        {"rules": []},
        {"rules": [{"lines": ["DA1"], "basis": {"document": "x"}, "status": "verifed"}]},
        {"counterpart": [{"type": "SN", "of": "A", "source": "B", "percent": 120, "levels": {}}]},
    ],
)
def test_schema_underlines_mistakes(change: dict[str, Any]) -> None:
    """An editor underlines a mistyped key, a missing one, an empty list, an unknown word."""
    good = plain(read_source(RULES / "nghe-an-2024.yaml").value)
    assert list(validator("rules.schema.json").iter_errors({**good, **change}))


@pytest.mark.parametrize(
    ("sharing", "valid"),
    [
        ({"criteria": [{"column": "poor_rate", "bands": "chưa có"}]}, True),
        ({"criteria": [{"column": "của tỉnh", "per_unit": "chưa có"}]}, True),
        ({"criteria": [{"column": "poor_rate", "per_unit": "0,5"}], "cap": "30%"}, True),
        ({"criteria": [{"column": "poor_rate", "per_unit": 1}], "eligible": ["all"]}, True),
        (
            {
                "criteria": [{"column": "poor_rate", "per_unit": 1}],
                "eligible": {"column": "khu_vuc", "is": ["II", "III"]},
            },
            True,
        ),
        ({"criteria": [{"column": "poor_rate", "bands": "nhiều"}]}, False),
        ({"criteria": [{"column": "poor_rate"}]}, False),
        ({"criteria": [{"column": "poor_rate", "per_unit": 1, "share": 5}]}, False),
        ({"criteria": [{"column": "poor_rate", "per_unit": -1}]}, False),
        ({"criteria": [{"column": "poor_rate", "per_unit": 1}], "eligible": "mountain"}, False),
    ],
)
def test_schema_knows_the_short_forms(sharing: dict[str, Any], valid: bool) -> None:
    """What the loader takes in a short form the schema takes too, and no more."""
    raw = plain(read_source(RULES / "nghe-an-2024.yaml").value)
    raw["rules"] = [
        {
            "lines": ["DA1"],
            "basis": {"document": "x"},
            "status": "verified",
            "districts": {"eligible": "all", **sharing},
        }
    ]
    assert validator("rules.schema.json").is_valid(raw) == valid


def test_every_key_is_explained() -> None:
    """Each key of each section has its Vietnamese words, and nothing else has."""

    def sections(model: type[Model]) -> dict[str, set[str]]:
        raw = model.model_json_schema(by_alias=True)
        return {
            model.__name__: set(raw["properties"]),
            **{name: set(item["properties"]) for name, item in raw["$defs"].items()},
        }

    known = {**sections(RuleSetContent), **sections(CaseFileContent)}
    known["CaseUnit"].remove("figures")
    assert {name: set(keys) - {""} for name, keys in DESCRIPTIONS.items()} == known
    assert all(text for keys in DESCRIPTIONS.values() for text in keys.values())


def test_cases_are_about_every_known_rule() -> None:
    """Each rule whose numbers are known has worked examples, refusals among them."""
    found = {path.stem: load_cases(path) for path in CASES}
    assert set(found) == {
        "chuong-trinh-2026-2030",
        "huyen-ngheo-2017-2020",
        "nghe-an-2024",
        "nq-115-2013",
    }
    for name, file in found.items():
        assert file.rule_set.id == name
        assert any(case.refused for case in file.cases)
        assert any(case.expect for case in file.cases)
