"""The styles of a Word file: the decree's form, under names that a reviewer can restyle."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from helpers.brief.word.markup import TEXT_TALL, WORD, XML, twips
from helpers.brief.word.theme import FONT

__all__ = ["TAGS", "styles_xml"]

TAGS = {"vi": "vi-VN", "en": "en-US"}
"""The language of a document as Word's spelling check knows it."""

INDENT = twips(10)
HANG = 227
CELL_SIDE = 58
"""A little less than widths were reckoned with, for Word's lines take room too."""


CENTRE, RIGHT, BOTH = ('<w:jc w:val="center"/>', '<w:jc w:val="right"/>', '<w:jc w:val="both"/>')
BOLD, ITALIC, CAPS = "<w:b/><w:bCs/>", "<w:i/><w:iCs/>", "<w:caps/>"
KEEP = "<w:keepNext/>"
QUIET = '<w:color w:val="464646"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{points * 2:g}"/><w:szCs w:val="{points * 2:g}"/>'


def _space(before: float = 0, after: float = 0, line: int = 240, rule: str = "auto") -> str:
    """Return the room before and after in points; `line` in 240ths of a line, or twips."""
    return (
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" '
        f'w:line="{line}" w:lineRule="{rule}"/>'
    )


def _indent(left: int = 0, hanging: int = 0, first: int = 0) -> str:
    if hanging:
        return f'<w:ind w:left="{left}" w:hanging="{hanging}"/>'
    return f'<w:ind w:left="{left}" w:firstLine="{first}"/>'


def _listed(number: int, level: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def _heading(level: int) -> str:
    space = _space(8 if level == 1 else 6, 4)
    return f'{KEEP}<w:keepLines/>{space}{_indent(first=INDENT)}<w:outlineLvl w:val="{level - 1}"/>'


def _contents(left: int) -> str:
    tab = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{TEXT_TALL}"/></w:tabs>'
    return f"{tab}{_space(after=2)}{_indent(left + HANG, HANG)}"


@dataclass(frozen=True)
class _Style:
    """One paragraph style: id, name in Word's list, form of the paragraph and of its letters."""

    id: str
    name: str
    form: str = ""
    letters: str = ""
    based: str = "Normal"
    follow: str = ""
    own: bool = False

    def xml(self) -> str:
        """Return the style as Word keeps it."""
        follow = f'<w:next w:val="{self.follow}"/>' if self.follow else ""
        based = f'<w:basedOn w:val="{self.based}"/>' if self.based else ""
        own = ' w:customStyle="1"' if self.own else ""
        return (
            f'<w:style w:type="paragraph"{own} w:styleId="{self.id}">'
            f'<w:name w:val="{self.name}"/>{based}{follow}<w:qFormat/>'
            f"<w:pPr>{self.form}</w:pPr><w:rPr>{self.letters}</w:rPr></w:style>"
        )


BODY = _space(after=6)
LISTED = _space(after=2)

BUILT_IN = (
    _Style("BodyText", "Body Text", BODY + _indent(first=INDENT) + BOTH),
    _Style("Title", "Title", KEEP + _space(after=3) + CENTRE, BOLD + _size(14), follow="BodyText"),
    _Style("Heading1", "heading 1", _heading(1), BOLD + CAPS, follow="BodyText"),
    _Style("Heading2", "heading 2", _heading(2), BOLD, follow="BodyText"),
    _Style("Heading3", "heading 3", _heading(3), BOLD + ITALIC, follow="BodyText"),
    _Style("Heading4", "heading 4", _heading(4), ITALIC, follow="BodyText"),
    _Style("Caption", "caption", KEEP + _space(5, 2), BOLD + _size(11.5), follow="BodyText"),
    *(
        _Style(f"ListBullet{n or ''}", f"List Bullet{f' {n}' if n else ''}",
               _listed(1, max(n - 1, 0)) + LISTED + BOTH, based="BodyText")
        for n in (0, 2, 3)
    ),
    *(
        _Style(f"ListNumber{n or ''}", f"List Number{f' {n}' if n else ''}",
               _listed(2, max(n - 1, 0)) + LISTED + BOTH, based="BodyText")
        for n in (0, 2, 3)
    ),
    _Style("ListContinue", "List Continue", LISTED + _indent(INDENT + HANG) + BOTH, "", "BodyText"),
    _Style("Quote", "Quote", BODY + _indent(INDENT) + BOTH, ITALIC),
    _Style("Header", "header", CENTRE),
    _Style("Footer", "footer", CENTRE, ITALIC + QUIET + _size(9)),
    _Style("TOCHeading", "TOC Heading", KEEP + _space(8, 4) + CENTRE, BOLD + CAPS),
    _Style("TOC1", "toc 1", _contents(0), _size(12)),
    _Style("TOC2", "toc 2", _contents(HANG), _size(12)),
    _Style("TOC3", "toc 3", _contents(2 * HANG), _size(12)),
)  # fmt: skip

NOTICE = (
    '<w:pBdr><w:left w:val="single" w:sz="16" w:space="6" w:color="5A5A5A"/></w:pBdr>'
    '<w:shd w:val="clear" w:color="auto" w:fill="F5F5F5"/>'
)
RULE = '<w:pBdr><w:top w:val="single" w:sz="5" w:space="1" w:color="auto"/></w:pBdr>'

OWN = tuple(
    replace(_Style(*given), own=True)
    for given in (
        ("QuocHieu", "Quốc hiệu", _space(after=2) + CENTRE, BOLD + CAPS + _size(12)),
        ("TieuNgu", "Tiêu ngữ", CENTRE, BOLD),
        ("CoQuanCapTren", "Cơ quan cấp trên", CENTRE, CAPS + _size(12)),
        ("CoQuan", "Cơ quan ban hành", CENTRE, BOLD + CAPS + _size(12)),
        ("KeNgang", "Kẻ ngang", RULE + _space(4, 0, 80, "exact"), _size(2)),
        ("SoKyHieu", "Số, ký hiệu", _space(3) + CENTRE),
        ("NgayThang", "Địa danh, ngày tháng", _space(3) + CENTRE, ITALIC),
        ("TenLoai", "Tên loại văn bản", KEEP + _space(9, 2) + CENTRE, BOLD + CAPS + _size(14)),
        ("LuuY", "Lưu ý", NOTICE + _space(5, 5) + _indent(170), _size(11.5)),
        ("CanCu", "Căn cứ", "", ITALIC, "BodyText"),
        ("DonViTinh", "Đơn vị tính", KEEP + _space(after=2) + RIGHT, ITALIC + _size(10.5)),
        ("NguonGhiChu", "Nguồn và ghi chú", _space(2, 6), _size(10)),
        ("HinhVe", "Hình vẽ", _space(1, 2) + CENTRE),
        ("TenHinhNho", "Tên hình trong hàng", KEEP, BOLD + _size(11), "Caption"),
        ("SoLieuChinh", "Số liệu chính", _space(2) + CENTRE, BOLD + _size(17)),
        ("NhanSoLieu", "Nhãn số liệu chính", _space(1) + CENTRE, _size(11)),
        ("GhiChuSoLieu", "Ghi chú số liệu chính", _space(1, 2) + CENTRE,
         ITALIC + QUIET + _size(10)),
        ("OChu", "Ô chữ", '<w:jc w:val="left"/>', _size(11)),
        ("OSo", "Ô số", RIGHT, _size(11)),
        ("ODauBang", "Ô đầu bảng", CENTRE, BOLD + _size(11)),
        ("VanBanIn", "Văn bản in nguyên dạng", _space(6, 8), _size(10.5)),
        ("HetVanBan", "Hết văn bản", _space(6) + RIGHT),
        ("NoiNhan", "Nơi nhận", KEEP, BOLD + ITALIC + _size(12)),
        ("DongNoiNhan", "Dòng nơi nhận", _listed(3, 0) + _space(1), _size(11)),
        ("ThamQuyen", "Thẩm quyền ký", KEEP + CENTRE, BOLD + CAPS),
        ("NguoiKy", "Người ký", _space(74) + CENTRE, BOLD),
        ("PhuLuc", "Phụ lục", _indent() + CENTRE,
         '<w:caps w:val="0"/>' + _size(14), "Heading1", "BodyText"),
        ("KemTheo", "Kèm theo văn bản", KEEP + _space(2, 8) + CENTRE, ITALIC),
        ("KhoangCach", "Khoảng cách", _space(0, 0, 160, "exact"), _size(4)),
    )
)  # fmt: skip

CELLS = (("OChu", "Ô chữ"), ("OSo", "Ô số"), ("ODauBang", "Ô đầu bảng"))


def _border(name: str, size: int, colour: str) -> str:
    return f'<w:{name} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'


def _table(identity: str, name: str, based: str, table: str, more: str = "") -> str:
    return (
        f'<w:style w:type="table" w:customStyle="1" w:styleId="{identity}">'
        f'<w:name w:val="{name}"/><w:basedOn w:val="{based}"/><w:qFormat/>'
        f"<w:tblPr>{table}</w:tblPr>{more}</w:style>"
    )


def _margins(top: int, side: int, bottom: int) -> str:
    return (
        f'<w:tblCellMar><w:top w:w="{top}" w:type="dxa"/><w:left w:w="{side}" w:type="dxa"/>'
        f'<w:bottom w:w="{bottom}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/>'
        "</w:tblCellMar>"
    )


def _tables() -> str:
    edges = ("top", "left", "bottom", "right", "insideH", "insideV")
    every = "".join(_border(name, 4, "5A5A5A") for name in edges)
    rules = (
        _border("top", 6, "auto") + _border("bottom", 6, "auto") + _border("insideV", 4, "969696")
    )
    first = (
        '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:bCs/></w:rPr><w:tcPr>'
        '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/></w:tcPr></w:tblStylePr>'
    )
    borders = "<w:tblBorders>{}</w:tblBorders>".format
    flush = '<w:tblInd w:w="0" w:type="dxa"/>'
    return "".join(
        (
            '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
            '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
            f"<w:unhideWhenUsed/><w:tblPr>{flush}{_margins(0, 74, 0)}</w:tblPr></w:style>",
            _table("BangSoLieu", "Bảng số liệu", "TableNormal",
                   flush + borders(every) + _margins(16, CELL_SIDE, 10), first),
            _table("BangSoLieuNho", "Bảng số liệu chữ nhỏ", "BangSoLieu",
                   flush + borders(every) + _margins(10, CELL_SIDE, 6), first),
            _table("BangBoCuc", "Bảng bố cục", "TableNormal", flush + _margins(0, 0, 0)),
            _table("HangSoLieuChinh", "Hàng số liệu chính", "TableNormal",
                   flush + borders(rules) + _margins(40, 85, 40)),
        )
    )  # fmt: skip


@lru_cache(maxsize=4)
def _common(language: str) -> str:
    """Return the styles that every document has."""
    fonts = " ".join(f'w:{name}="{FONT}"' for name in ("ascii", "hAnsi", "eastAsia", "cs"))
    tag = TAGS.get(language, language)
    return (
        f'{XML}<w:styles xmlns:w="{WORD}">'
        f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {fonts}/>{_size(13)}"
        f'<w:lang w:val="{tag}" w:eastAsia="{tag}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{_space()}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f'<w:qFormat/><w:rPr><w:lang w:val="{tag}"/></w:rPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/>'
        "<w:unhideWhenUsed/></w:style>"
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/>'
        '<w:uiPriority w:val="99"/><w:semiHidden/><w:unhideWhenUsed/></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:rPr><w:color w:val="1F3F6E"/><w:u w:val="single"/></w:rPr></w:style>'
        f"{''.join(style.xml() for style in (*BUILT_IN, *OWN))}{_tables()}"
    )


def styles_xml(language: str, sizes: Iterable[int]) -> str:
    """Return the styles of a document, those of cells in each size (half points) that it has."""
    sized = (
        _Style(f"{identity}{size}", f"{name} {size / 2:g}".replace(".", ","), "",
               _size(size / 2), based=identity, own=True)
        for size in sorted(sizes)
        for identity, name in CELLS
    )  # fmt: skip
    return f"{_common(language)}{''.join(style.xml() for style in sized)}</w:styles>"
