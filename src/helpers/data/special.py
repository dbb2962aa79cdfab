"""Communes in special difficulty (xã đặc biệt khó khăn), as the province's data name them."""

from __future__ import annotations

import pandas as pd

from helpers.data.dataset import DataSet

__all__ = ["special_communes"]


def special_communes(data: DataSet) -> pd.DataFrame:
    """Return the communes in special difficulty: code, name, kind and district.

    They are those marked so among the criteria, and those of khu vực III.
    """
    marked = data.commune_criteria
    said = set(marked.loc[marked["special_difficulty"] == "yes", "code"]) if len(marked) else set()
    communes = data.communes
    wanted = communes["code"].isin(said) | (communes["khu_vuc"] == "III")
    return communes.loc[wanted, ["code", "name", "kind", "district"]]
