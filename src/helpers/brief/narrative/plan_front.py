"""The official plan's head, opening, and goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from helpers import words
from helpers.brief.blocks import Header
from helpers.brief.narrative.plan_words import ended, lettered, lower, told_of
from helpers.brief.reader import Brief
from helpers.legible import literal

__all__ = ["plan_goal", "plan_header", "plan_opening", "plan_targets"]

Row = Mapping[str, Any]

PROGRAMME = "Chương trình mục tiêu quốc gia Giảm nghèo bền vững"
KIND, SYMBOL = "Kế hoạch", "KH-UBND"
"""The head of a plan without texts of its own."""


def plan_header(brief: Brief) -> Header:
    """Return the plan's head and foot, its legal bases with it."""
    subject = f"Thực hiện {PROGRAMME} năm {brief.year} trên địa bàn {brief.province}"
    own = brief.facts("plan_text")
    kind = own.get("kind", KIND)
    bases = [row["text"] for row in told_of(brief, "base", "")] or brief.facts("base").values()
    return replace(
        brief.header(subject),
        kind=kind,
        symbol=own.get("symbol", SYMBOL),
        number=own.get("number", ""),
        date=own.get("date", ""),
        bases=tuple(bases),
        title=f"{kind} {lower(subject)}",
        description=f"{kind} {lower(subject)}, kèm các phụ lục.",
    )


def plan_opening(brief: Brief) -> str:
    """Return the sentence with which the issuing body issues the plan."""
    issuer = literal(brief.fact("document", "issuer"))
    kind = literal(brief.facts("plan_text").get("kind", KIND))
    return (
        f"{issuer} ban hành {kind} thực hiện {PROGRAMME} (sau đây gọi là Chương trình) năm"
        f" {brief.year} trên địa bàn {literal(brief.province)} như sau:"
    )


def plan_goal(brief: Brief) -> str:
    """Return the general goal; where the plan gives none, that is said."""
    told = told_of(brief, "goal", "")
    if not told:
        return "Kế hoạch chưa ghi mục tiêu chung."
    return ended(told[0]["text"])


def plan_targets(brief: Brief) -> str:
    """Say by how much poverty is to fall in the province and each of its groups, point by point."""
    targets, counts = brief.table("targets").frame, brief.table("count_targets").frame
    said = [
        _rate(row, brief.year) for row in targets[targets["group"] != "district"].to_dict("records")
    ]
    said += [_count(row) for row in counts[counts["group"] != "district"].to_dict("records")]
    said.append("Mục tiêu của từng huyện, thành phố, thị xã tại Phụ lục I")
    signs = [";"] * (len(said) - 1) + ["."]
    ends = (ended(text, sign) for text, sign in zip(said, signs, strict=True))
    return "\n\n".join(lettered(ends))


def _rate(row: Row, year: int) -> str:
    cut = words.points_range(row["target_low"], row["target_high"])
    after = "–".join(dict.fromkeys(words.decimal(row[end], 2) for end in ("rate_high", "rate_low")))
    return (
        f"Tỷ lệ hộ nghèo {lower(literal(row['area']))} giảm {cut} điểm phần trăm, từ"
        f" {words.rate(row['baseline_rate'])} cuối năm {row['baseline_year']} xuống còn {after}%"
        f" cuối năm {year}"
    )


def _count(row: Row) -> str:
    cut = "–".join(dict.fromkeys([words.count(row[f"target_{end}"]) for end in ("low", "high")]))
    return f"Số hộ nghèo {lower(literal(row['area']))} giảm {cut} hộ"
