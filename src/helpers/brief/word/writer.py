"""Write the document's tree as one Word file."""

from __future__ import annotations

import io

import docx

from helpers.brief.document import Document, tree

__all__ = ["write_word"]


def write_word(document: Document) -> bytes:
    """Return the document as one Word file."""
    told = tree(document)
    made = docx.Document()
    made.add_heading(told["title"])
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()
