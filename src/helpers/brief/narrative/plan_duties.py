"""The last sections of the official plan: measures, how it goes so far, and who does what."""

from __future__ import annotations

from helpers.brief.dates import as_of_words, newest
from helpers.brief.narrative.plan_words import ended, items
from helpers.brief.narrative.targets import groups_paragraph, targets_summary
from helpers.brief.reader import Brief
from helpers.legible import literal

__all__ = ["plan_closing", "plan_duties", "plan_measures", "plan_results"]


def plan_measures(brief: Brief) -> str:
    """Return the groups of measures; where the plan has none, that is said."""
    return _groups(brief, "measure") or "Tệp kế hoạch chưa ghi giải pháp."


def plan_duties(brief: Brief) -> str:
    """Return what each agency has to do; where the plan has none, that is said."""
    return _groups(brief, "duty") or "Tệp kế hoạch chưa ghi phân công nhiệm vụ."


def _groups(brief: Brief, part: str) -> str:
    """Return the sentences of a part, a numbered heading above each group."""
    groups: dict[str, tuple[str, list[str]]] = {}
    for row in brief.table("plan_texts").records(part=part):
        texts = groups.setdefault(row["code"], (literal(row["name"]), []))[1]
        texts.append(literal(row["text"]))
    return "\n\n".join(
        f"### {number}. {name}\n\n{items(texts) if len(texts) > 1 else ended(texts[0])}"
        for number, (name, texts) in groups.items()
    )


def plan_results(brief: Brief, heading: str) -> str:
    """Say what has been reached so far, under a heading that ends with the day; nothing before."""
    rows = brief.table("targets").frame
    if all(cut is None for cut in rows["cut"]):
        return ""
    told = [f"{heading} {as_of_words(newest(rows))}", groups_paragraph(brief)]
    return "\n\n".join([*told, targets_summary(brief)])


def plan_closing(brief: Brief) -> str:
    """Return the paragraph with which the plan ends: whom to turn to."""
    issuer = literal(brief.fact("document", "issuer"))
    duties = brief.table("plan_texts").records(part="duty", code="1", order=1)
    where = f"{literal(duties[0]['name'])} để tổng hợp, báo cáo {issuer}" if duties else issuer
    return (
        f"{issuer} yêu cầu các sở, ban, ngành, địa phương nghiêm túc tổ chức thực hiện Kế hoạch"
        f" này. Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các cơ quan, đơn vị kịp"
        f" thời phản ánh về {where} xem xét, giải quyết."
    )
