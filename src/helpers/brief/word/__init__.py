"""A document as a Word file: real styles, to be commented on and edited."""

from __future__ import annotations

from helpers.brief.word.writer import write_word

__all__ = ["write_word"]
