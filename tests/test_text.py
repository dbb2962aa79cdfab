"""Names: matching, slugs, nearest words."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.language import speaking
from helpers.text import listing, match_key, nearest, nfc, parted, slug

NAMES = ["Thái Hòa", "Kỳ Sơn", "Quỳ Châu", "Nghĩa Đàn", "Đô Lương", "Thanh Thuỷ", "Hoà Sơn"]


@pytest.mark.parametrize(
    ("old", "new"), [("Thái Hoà", "Thái Hòa"), ("Thuỷ", "Thủy"), ("Khoẻ", "Khỏe"), ("Loá", "Lóa")]
)
def test_old_and_new_tone_placement_match(old: str, new: str) -> None:
    """A name written with the old tone placement is the same name."""
    assert match_key(old) == match_key(new)


def test_another_tone_is_another_name() -> None:
    """Only the place of the tone is forgiven, not the tone."""
    assert match_key("Hóa") != match_key("Hòa")
    assert match_key("Sơn") != match_key("Son")


@given(st.sampled_from(NAMES), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.booleans())
def test_any_unicode_form_matches(name: str, form: str, upper: bool) -> None:
    """Unicode form, case and stray spaces do not count."""
    written = unicodedata.normalize(form, f"  {name.upper() if upper else name} ")  # type: ignore[arg-type]
    assert match_key(written) == match_key(name)
    assert nfc(unicodedata.normalize(form, name)) == name  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Kỳ Sơn", "ky-son"), ("Đô Lương", "do-luong"), ("Quỳnh Lưu", "quynh-luu"), ("Vinh", "vinh")],
)
def test_a_slug_is_the_name_without_accents(name: str, wanted: str) -> None:
    """File names carry no accents and no spaces."""
    assert slug(name) == wanted


def test_the_nearest_name_is_found_only_where_one_is_near() -> None:
    """A typo finds its word; something else finds nothing."""
    assert nearest("Ky Sơn", NAMES) == "Kỳ Sơn"
    assert nearest("subproject", ["subprojects", "targets"]) == "subprojects"
    assert nearest("xyz", NAMES) is None


@pytest.mark.parametrize(
    ("names", "wanted"), [([], ""), (["A"], "A"), (["A", "B"], "A và B"), ("ABC", "A, B và C")]
)
def test_a_listing_reads_naturally(names: list[str], wanted: str) -> None:
    """None, one, two and more names are joined as Vietnamese does, or English does."""
    assert listing(names) == wanted
    with speaking("en"):
        assert listing(names) == wanted.replace(" và ", " and ")


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6))
def test_an_enumeration_comes_apart_again(names: list[str]) -> None:
    """What `listing` joined is parted into the same names."""
    assert parted(listing(names)) == names
