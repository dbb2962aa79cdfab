"""What a brief notebook holds: the published tables of one plan, and its document's details."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath

from helpers.brief.blocks import Header
from helpers.data.published import Published, published
from helpers.errors import NotDeclared, NotPublished
from helpers.language import SOURCE, learn, say, speak
from helpers.retelling import name as said
from helpers.retelling import retold

__all__ = ["Brief", "open_brief"]


@dataclass(frozen=True)
class Brief:
    """The published tables of a plan; a brief knows nothing else."""

    plan_id: str
    output: Path | None = None
    _read: dict[str, Published] = field(default_factory=dict, repr=False, compare=False)
    reads: frozenset[str] | None = None
    """The tables that the brief declares to read; None where it may read any."""
    language: str = SOURCE
    """The language in which the brief is worded."""

    def table(self, name: str) -> Published:
        """Return a published table, read once.

        Raises:
            NotDeclared: the brief does not name it among those that it reads.
        """
        if self.reads is not None and name not in self.reads:
            raise NotDeclared(
                f"Bản tóm tắt đọc bảng “{name}” mà chưa khai báo: thêm {name} vào danh sách "
                'reads="…" ở ô gọi open_brief.'
            )
        if name not in self._read:
            self._read[name] = published(name, self.plan_id, self.output)
        return self._read[name]

    def fact(self, group: str, code: str) -> str:
        """Return one fact of the plan ("plan", "year"), as text."""
        return str(self.table("plan_facts").one(group=group, code=code)["value"])

    def facts(self, group: str) -> dict[str, str]:
        """Return all facts of a group, code → text, in the plan's order."""
        return {row["code"]: row["value"] for row in self.table("plan_facts").records(group=group)}

    @property
    def year(self) -> int:
        """The plan's year."""
        return int(self.fact("plan", "year"))

    @property
    def province(self) -> str:
        """The province with its kind in front ("tỉnh Nghệ An")."""
        return retold(f"{self.fact('plan', 'province_kind')} {self.fact('plan', 'province')}")

    @property
    def types(self) -> dict[str, str]:
        """The capital types: code → name."""
        return {code: say(name) for code, name in self.facts("type").items()}

    @property
    def sources(self) -> dict[str, str]:
        """The sources of capital: code → name."""
        return {code: say(name) for code, name in self.facts("source").items()}

    @property
    def lines(self) -> dict[str, str]:
        """The lines (dự án, tiểu dự án): code → short name."""
        rows = self.table("capital_by_project").records("code", "short")
        return {row["code"]: retold(row["short"]) for row in rows}

    @property
    def compared_sources(self) -> tuple[str, ...]:
        """The names of the sources whose capital is compared with last year's; none if all are."""
        compared = self.table("comparison_last_year")
        rows = compared.records("sources", line="total", level="total")
        codes = rows[0]["sources"].split(", ") if rows else []
        if len(codes) == len(self.sources):
            return ()
        names = (self.sources[code] for code in codes)
        return tuple(f"{name[0].lower()}{name[1:]}" for name in names)

    def header(self, subject: str) -> Header:
        """Return the document's head and foot for a subject, from the plan's document details.

        A brief keeps its first page for the findings; its legal bases stand in the plan. A
        translation is not signed, so it has no foot.
        """
        document = self.facts("document")
        signed = self.language == SOURCE
        kind = say(document["kind"])
        return Header(
            kind=kind,
            subject=subject,
            parent=say(document["parent"]),
            issuer=say(document["issuer"]),
            number=document["number"],
            symbol=document["symbol"],
            place=said(document["place"]),
            date=document["date"],
            authority=document["authority"] if signed else "",
            position=document["position"] if signed else "",
            name=document["name"] if signed else "",
            recipients=tuple(self.facts("recipient").values()) if signed else (),
            language=self.language,
            title=f"{kind}: {subject}",
            description=f"{kind}: {subject}.",
        )

    @property
    def districts(self) -> int:
        """How many districts the plan's capital is compared among."""
        return len(self.table("capital_by_district").records("district_code"))

    def district_name(self, code: str) -> str:
        """Return a district's name with its kind in front ("huyện Kỳ Sơn")."""
        row = self.table("capital_by_district").one(district_code=code)
        return retold(f"{row['kind']} {row['district']}")

    def district_code(self, name: str) -> str:
        """Return the code of a district by its canonical name."""
        districts = self.table("capital_by_district")
        rows = districts.records(district=name)
        if not rows:
            known = ", ".join(row["district"] for row in districts.records("district"))
            raise NotPublished(f"Không có huyện “{name}” trong các bảng công bố. Có: {known}.")
        return str(rows[0]["district_code"])


def open_brief(plan: str, reads: str, language: str = SOURCE) -> Brief:
    """Open the published tables of a plan, named by its file or by its id.

    From now on the whole notebook speaks the language: what its cells make is worded in it.

    Args:
        plan: The plan's file or id.
        reads: The names of all tables that the brief reads, separated by spaces: a build runs it
            anew when one of them has changed in what the brief used of it.
        language: The code of the language of the brief ("vi", "en").
    """
    speak(language)
    brief = Brief(PurePath(plan).stem, reads=frozenset(reads.split()), language=language)
    learn(brief.facts("english") if language != SOURCE else {})
    return brief
