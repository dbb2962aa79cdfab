"""The published tables about the returned forms."""

from __future__ import annotations

import pandas as pd

from helpers.data.dataset import DataSet
from helpers.data.published import Result
from helpers.data.review import corrections
from helpers.data.review.checks import disagreements
from helpers.data.review.reconcile import province_base, reconcile

__all__ = ["known_errors", "reconciliation", "review_checks"]


def review_checks(data: DataSet) -> Result:
    """Return every disagreement within and between the returned forms, the worst first."""
    frame = disagreements.check_review(data.review, province_base(data))
    tables = ("review",) if data.review.empty else ("review", "poverty")
    return Result(frame, data.marks(*tables), data.names(*tables))


def reconciliation(data: DataSet) -> Result:
    """Return what communes and districts returned beside the department's figures."""
    return reconcile(data)


def known_errors(data: DataSet) -> Result:
    """Return the known errors of the forms, and the numbers used in their place."""
    applied = data.review.applied
    frame = applied if len(applied) else pd.DataFrame(columns=list(corrections.COLUMNS))
    return Result(frame, data.marks("review"), data.names("review"))
