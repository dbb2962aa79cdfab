"""One catalogue for every label and sentence: complete, unmixed, and of the same numbers."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest
from spoken_briefs import district, in_language, province
from warm_samples import STOCK, WARM, ready, run, texts

from helpers.brief.blocks import Block, Header, KeyFigures, Text
from helpers.brief.document import Document, tree
from helpers.brief.headings import headed, headline
from helpers.brief.reader import Brief, open_brief
from helpers.brief.table import Table
from helpers.data.dataset import DataSet
from helpers.errors import NotTranslated
from helpers.language import catalogue, language, learn, say, speak, speaking
from helpers.paths import project_root
from helpers.retelling import name, retold

CODE = project_root() / "src" / "helpers"
NOTEBOOKS = project_root() / "notebooks"
VIETNAMESE = re.compile(r"[à-ãè-êìíò-õùúýăđĩũơưạ-ỹ]", re.IGNORECASE)


def _literals(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _says(module: ast.AST) -> bool:
    """Tell whether a module has `say` from where the languages are."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module in ("helpers.language", "helpers.brief.narrative.prose")
        and "say" in {alias.name for alias in node.names}
        for node in ast.walk(module)
    )


def _said(module: ast.AST) -> Iterator[str]:
    """Yield the texts given to `say` as they stand."""
    for node in ast.walk(module) if _says(module) else ():
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
            given = node.args[0]
            chosen = (given.body, given.orelse) if isinstance(given, ast.IfExp) else (given,)
            for text in chosen:
                if isinstance(text, ast.Constant) and text.value:
                    yield str(text.value)


def _modules() -> Iterator[ast.AST]:
    for path in sorted(CODE.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def _notebooks() -> Iterator[str]:
    """Yield the code of each brief's notebook."""
    for path in sorted((NOTEBOOKS / "briefs").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def _fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def _versions(translation: object) -> list[str]:
    return list(translation.values()) if isinstance(translation, dict) else [str(translation)]


def test_every_text_that_is_said_has_its_translation() -> None:
    """Each text given to `say` stands in the catalogue, with the same fields in each version."""
    known, published = catalogue("en"), catalogue("en.published")
    said = {text for module in _modules() for text in _said(module)}
    assert not {text for text in said if text not in known and text not in published}
    for text, translation in known.items():
        for version in _versions(translation):
            assert _fields(version) <= _fields(text) | {"n"}, text
        assert set.union(*map(_fields, _versions(translation))) >= _fields(text) - {"n"}, text


def test_nothing_stands_in_the_catalogue_for_nothing() -> None:
    """Each text of the catalogue is one that the code or a notebook says."""
    used = {text for module in _modules() for text in _literals(module)}
    notebooks = "\n".join(_notebooks())
    assert [text for text in catalogue("en") if text not in used and text not in notebooks] == []


def test_published_patterns_have_the_same_fields() -> None:
    """A pattern of a published text and its translation name the same fields."""
    for text, translation in catalogue("en.published").items():
        for version in _versions(translation):
            assert _fields(version) <= _fields(text), text
        assert set.union(*map(_fields, _versions(translation))) == _fields(text), text


def test_what_has_no_translation_is_an_error_that_says_what_to_do() -> None:
    """The error names the text, the catalogue and the key of the plan."""
    with speaking("en"), pytest.raises(NotTranslated) as caught:
        say("Câu chưa ai dịch, năm {year}", year=2024)
    for part in ("tiếng Anh", "“Câu chưa ai dịch, năm {year}”", "en.yaml", "english"):
        assert part in str(caught.value)
    with speaking("en"), pytest.raises(NotTranslated, match="Chưa có bản tiếng Anh"):
        retold("lý do chưa ai dịch")


def test_vietnamese_is_said_as_it_is_written() -> None:
    """Without another language a text stays, its fields filled in, in the catalogue or not."""
    assert say("Câu chưa ai dịch, năm {year}", year=2024) == "Câu chưa ai dịch, năm 2024"
    assert retold("lý do chưa ai dịch") == "lý do chưa ai dịch"


def test_one_and_many_have_their_own_words() -> None:
    """The number chooses between one and many; none is many."""
    with speaking("en"):
        said = [say("{n} dự án", n=number) for number in (0, 1, 7)]
    assert said == ["0 projects", "1 project", "7 projects"]


def test_a_language_is_spoken_until_another_is() -> None:
    """A block speaks and leaves what was spoken before, even on an error; others are refused."""
    heard = []
    with suppress(ZeroDivisionError), speaking("en"):
        heard.append(language())
        heard.append(str(1 / 0))
    assert [*heard, language()] == ["en", "vi"]
    with pytest.raises(NotTranslated, match="Không có ngôn ngữ “fr”"):
        speak("fr")


@pytest.mark.slow
@pytest.mark.parametrize("engine", [STOCK, WARM])
def test_all_cells_of_a_notebook_speak_one_language(engine: str, tmp_path: Path) -> None:
    """What the first cell speaks the later ones speak too, in either engine."""
    cells = ["from helpers.language import language, speak", "speak('en')", "print(language())"]
    with ready():
        said = texts(run(cells, engine, tmp_path))
    assert said[-1].strip() == "en"


def test_names_of_the_plan_are_learnt_and_forgotten() -> None:
    """A plan's own English goes before all; another plan does not hear of it."""
    with speaking("en"):
        learn({"Vùng đồi": "Hills"})
        assert (retold("Vùng đồi"), retold("vùng đồi")) == ("Hills", "hills")
        learn({})
        with pytest.raises(NotTranslated):
            retold("Vùng đồi")


@pytest.mark.parametrize(
    ("published", "wanted"),
    [
        ("Kỳ Sơn", "Kỳ Sơn"),
        ("Xã Mường Xén", "Mường Xén commune"),
        ("thị trấn Mường Xén", "Mường Xén township"),
        ("tỉnh Nghệ An", "Nghệ An Province"),
        ("Toàn tỉnh", "Whole province"),
        ("toàn tỉnh của ai", "toàn tỉnh của ai"),
    ],
)
def test_a_proper_name_stays(published: str, wanted: str) -> None:
    """The kind of a unit is translated, its name is not."""
    with speaking("en"):
        assert name(published) == wanted


@pytest.mark.parametrize(
    ("published", "wanted"),
    [
        ("5.336 hộ", "5,336 households"),
        ("45,09%", "45.09%"),
        ("tỷ trọng 50% × 5.336/22.756 hộ", "weight 50% × 5,336/22,756 households"),
        ("từ 5% đến dưới 15%", "from 5% to below 15%"),
        ("từ 45% trở lên", "45% or more"),
        ("22,543627% của ΣX", "22.543627% of ΣX"),
        ("sàn 400 triệu đồng; trần 40% khoản vốn", "floor VND 400 million; cap 40% of the amount"),
        (
            "mới có 1 khoảng giữa các số liệu cuối năm, cần ít nhất 2",
            "there is only 1 interval between year-end figures, at least 2 are needed",
        ),
    ],
)
def test_published_words_are_retold_with_their_numbers(published: str, wanted: str) -> None:
    """A published text keeps its numbers, written as the language writes them."""
    with speaking("en"):
        assert "; ".join(map(retold, published.split("; "))) == wanted


def test_a_heading_keeps_its_level_and_number() -> None:
    """Of a heading only the words are translated; a paragraph without sentences has none."""
    with speaking("en"):
        assert headline("### 2. Diễn biến trong năm") == "### 2. Changes in the year"
        assert headline("## Phụ lục III. Hộ nghèo của từng xã").startswith("## Annex III. Poor")
    assert headed("### Dự báo", "Một.", "", "Hai.") == "### Dự báo\n\nMột. Hai."
    assert headed("### Dự báo", "", "") == ""
    assert headed("", "Một.", "Hai.") == "Một. Hai."


def test_headings_of_the_notebooks_are_known() -> None:
    """What a brief in two languages hands over as a heading has a translation."""
    for code in _notebooks():
        if "language: str" in code:
            for text in filter(lambda one: one.startswith("##"), _literals(ast.parse(code))):
                with speaking("en"):
                    assert headline(text)


def test_a_document_is_worded_in_its_language() -> None:
    """Labels, numbers of tables and figures, dates and the ends follow the head's language."""
    header = Header("Report", "Poverty", "People's Committee of Nghệ An Province", language="en")
    header = Header(**{**vars(header), "date": "2024-02-05", "place": "Nghệ An", "position": "X"})
    table = Table.from_fields(
        {
            "title": "Capital",
            "columns": [
                {"key": "a", "label": "A", "group": []},
                {"key": "b", "label": "B", "kind": "money", "group": []},
            ],
            "rows": [],
            "marks": ["unverified"],
            "source": "tables/a.csv",
            "note": "made",
        }
    )
    told = tree(Document(header, (Text("## Annex I. Tables"), table)))
    assert told["language"] == "en"
    assert told["labels"]["motto"] == "Independence - Freedom - Happiness"
    assert told["head"]["issuer"] == ["People's Committee", "of Nghệ An Province"]
    assert told["head"]["day"] == "Nghệ An, 5 February 2024"
    assert told["notice"].startswith("Contains unverified parameters; see")
    title, found = told["annexes"][0]
    assert title["attached"].startswith("(Attached to Report No. …, 5 February 2024, of the People")
    assert (found["label"], found["note"]) == ("Table 1.", "Note: made")
    assert found["source"] == "Source: tables/a.csv"
    assert language() == "vi"


def test_a_brief_is_opened_in_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening a brief makes the whole notebook speak, and the next one its own language."""
    monkeypatch.setattr(Brief, "facts", lambda _self, _group: {"Vùng đồi": "Hills"})
    try:
        assert open_brief("params/x.yaml", reads="plan_facts", language="en").language == "en"
        assert (language(), retold("Vùng đồi")) == ("en", "Hills")
        assert open_brief("params/x.yaml", reads="plan_facts").language == "vi"
        assert (language(), retold("Vùng đồi")) == ("vi", "Vùng đồi")
    finally:
        speak("vi")
        learn({})


def _texts(block: Block) -> Iterator[str]:
    """Yield all that is read of a block."""
    if isinstance(block, Text):
        yield block.markdown
    elif isinstance(block, KeyFigures):
        yield from chain.from_iterable((i.value, i.label, i.remark) for i in block.items)
    elif isinstance(block, Table):
        yield from (block.title, block.unit, block.note, block.source)
        yield from chain.from_iterable((*column.group, column.label) for column in block.columns)
        yield from chain.from_iterable(block.texts())
    elif isinstance(block, Header):
        yield from (block.kind, block.subject, block.issuer)


def _bare(text: str, proper: re.Pattern[str]) -> str:
    return proper.sub("", text)


def _proper(data: DataSet) -> re.Pattern[str]:
    """Return what finds the names of places in a text."""
    names = {*data.district_names.values(), *data.communes["name"], "Nghệ An"}
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


_NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def _numbers(text: str, thousands: str, comma: str) -> Counter[Decimal]:
    """Return the numbers of a text as a language writes them."""
    found = _NUMBER.findall(text)
    plain = [number.replace(thousands, "").replace(comma, ".") for number in found]
    return Counter(map(Decimal, plain))


@pytest.mark.slow
def test_english_briefs_are_english(shipped_brief: Brief, shipped_data: DataSet) -> None:
    """But for names of places no Vietnamese word is left in any of the briefs."""
    proper = _proper(shipped_data)
    with in_language(shipped_brief, "en") as brief:
        blocks = [*province(brief)]
        for code in shipped_data.district_names:
            blocks += district(brief, code)
        left = {
            text
            for block in blocks
            for text in _texts(block)
            if VIETNAMESE.search(_bare(text, proper))
        }
    assert left == set()


@pytest.mark.slow
def test_both_languages_tell_the_same_numbers(shipped_brief: Brief, shipped_data: DataSet) -> None:
    """Block by block and cell by cell the two versions hold the same values."""
    codes = list(shipped_data.district_names)[:6]

    def told(code: str) -> list[list[str]]:
        with in_language(shipped_brief, code) as brief:
            blocks = [*province(brief)]
            for district_code in codes:
                blocks += district(brief, district_code)
            return [list(_texts(block)) for block in blocks]

    for vietnamese, english in zip(told("vi"), told("en"), strict=True):
        for one, other in zip(vietnamese, english, strict=True):
            dated = re.sub(r"\d{2}/\d{2}/(\d{4})", r"\1", one)
            dated_too = re.sub(r"\d+ [A-Z][a-z]{2} (\d{4})", r"\1", other)
            assert _numbers(dated, ".", ",") == _numbers(dated_too, ",", "."), (one, other)
