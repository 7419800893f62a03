"""Turn text into the words that search compares, and these into the text of an index column.

Whatever is indexed and whatever is asked for goes through here, so that both sides fold, split and
stem alike, and every database finds the same: the database itself only ever splits at spaces. What
a person may type around the words is read in `litereg.registry.search.query_language`.

An index column holds each word twice, first as written and then as its stem behind a mark:

    = rain falls = snow = =rain =fall = =snow =

A stem is looked up with its mark and a prefix without, so neither finds the other's entries. A
lone mark stands at every edge of a part, so that no phrase runs from one part into the next, and
so that one word is known to stand in every column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.metadata import version

MAX_WORD_LENGTH = 64
# What one column may hold: more than a long readme has. Stemming a word that was not met before
# takes about 50 microseconds.
MAX_INDEXED_WORDS = 10_000
# Folding is work even where no word comes of it.
MAX_PART_LENGTH = 100_000
# About 3 MiB when full.
MAX_CACHED_STEMS = 16_384

STEM_MARK = "="
EDGE = "="

# Raised when this module makes other words of the same text.
_RULES = 1

_WORD = re.compile(r"[^\W_]+")
# All combining marks of Unicode to date are in these blocks; searching the rest too takes 0.3 s.
_CODE_POINTS_WITH_MARKS = (range(0x300, 0x20000), range(0xE0000, 0xE1000))


def fold(text: str) -> str:
    """Return *text* without differences of case, accents and typographic form.

    Compatibility forms are replaced (`ﬁ` by `fi`, `²` by `2`) and combining marks dropped. Dropping
    them all takes vowel signs from Indic scripts and Thai: words there are found by the letters
    that remain.

    Source: Unicode Standard Annex 15 (NFKD); case folding in section 3.13 of the standard.
    """
    if text.isascii():
        return text.lower()
    # Marks go twice: normalising sorts the marks behind a letter, in a time that grows with the
    # square of their number, and then sets free those that were part of a letter.
    marks = _combining_marks()
    return unicodedata.normalize("NFKD", text.translate(marks)).translate(marks).casefold()


def words(text: str) -> Iterator[str]:
    """Yield the folded words of *text*, each cut at 64 characters.

    A word is an unbroken run of letters and digits. Scripts that put no space between words, such
    as Chinese, therefore give one word a clause.
    """
    for found in _WORD.finditer(fold(text)):
        yield found[0][:MAX_WORD_LENGTH]


@lru_cache(maxsize=MAX_CACHED_STEMS)
def marked_stem(word: str) -> str:
    """Return the entry under which an index column holds the stem of a folded *word*."""
    return STEM_MARK + stem(word)


def stem(word: str) -> str:
    """Return what the English endings of a folded *word* leave: `rainfalls` gives `rainfal`.

    Words with digits, and letters other than a to z, have no English endings and stay as they are.
    """
    return _stem(word) if word.isascii() and word.isalpha() else word


def index_text(parts: Iterable[str]) -> str:
    """Return the text of one index column that holds *parts*: entries with one space between.

    Parts are things that do not follow each other in reading, such as a name and a description.
    The column holds the first 10,000 words; a part past 100,000 characters is cut there.
    """
    as_written, stems = [EDGE], [EDGE]
    room = MAX_INDEXED_WORDS
    for part in parts:
        if not room:
            break
        found = _first_words(part[:MAX_PART_LENGTH], room)
        room -= len(found)
        if found:
            as_written += [*found, EDGE]
            stems += [*map(marked_stem, found), EDGE]
    return " ".join(as_written + stems[1:])


def _first_words(text: str, room: int) -> list[str]:
    """Return the first *room* of `words(text)`, several times faster than one after another."""
    found: list[str] = _WORD.findall(fold(text))[:room]
    if max(map(len, found), default=0) > MAX_WORD_LENGTH:
        return [word[:MAX_WORD_LENGTH] for word in found]
    return found


@cache
def edition() -> str:
    """Return the name of the rules that words are made by.

    An index made under another name has to be made again: a new Unicode version knows more letters,
    and stemmers change (`organization` lost `ization` in one release and `ation` in the next), so
    that a word asked for today would not be the word that was written down then.
    """
    return f"{_RULES}/{unicodedata.unidata_version}/{version('snowballstemmer')}"


@cache
def _combining_marks() -> dict[int, None]:
    """Return a table for `str.translate` that drops combining marks; it takes about 40 ms."""
    return {
        code_point: None
        for block in _CODE_POINTS_WITH_MARKS
        for code_point in block
        if unicodedata.category(chr(code_point)).startswith("M")
    }


def _stem(word: str) -> str:
    # The import reads the stemmers of all languages, about 25 ms: only who searches pays. The class
    # is named, because the package's own choice falls on another implementation, perhaps with
    # other stems, wherever that happens to be installed.
    from snowballstemmer.english_stemmer import (  # type: ignore[import-untyped]  # it has no types
        EnglishStemmer,
    )

    # A stemmer keeps the word it works on in itself, so threads cannot share one; a new one costs
    # next to nothing.
    stemmed: str = EnglishStemmer().stemWord(word)
    return stemmed
