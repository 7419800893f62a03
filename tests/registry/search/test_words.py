"""Both sides of a search fold, split and stem alike."""

from concurrent.futures import ThreadPoolExecutor
from unicodedata import unidata_version

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litereg.registry.search.words import (
    EDGE,
    MAX_INDEXED_WORDS,
    MAX_PART_LENGTH,
    MAX_WORD_LENGTH,
    STEM_MARK,
    edition,
    fold,
    index_text,
    marked_stem,
    stem,
    words,
)

A_MARK_TO_SORT_BEHIND, A_MARK_TO_SORT_BEFORE = "\u0301", "\u0327"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rain", "rain"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("İstanbul", "istanbul"),
        ("\ufb01sh", "fish"),
        ("km²", "km2"),
        ("Ⅷ", "viii"),
        ("\uff24\uff21\uff34\uff21", "data"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("北京", "北京"),
        ("", ""),
    ],
)
def test_case_accents_and_typographic_forms_make_no_difference(text, expected):
    assert fold(text) == expected


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_folding_folded_text_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_a_flood_of_combining_marks_is_not_sorted():
    """Sorting them takes a time that grows with the square of their number."""
    flood = (A_MARK_TO_SORT_BEHIND + A_MARK_TO_SORT_BEFORE) * (MAX_PART_LENGTH // 2)

    assert fold("a" + flood) == "a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("birth_date", ["birth", "date"]),
        ("congressional-legislators", ["congressional", "legislators"]),
        ("don't", ["don", "t"]),
        ("covid19", ["covid19"]),
        ("a.b/c:d", ["a", "b", "c", "d"]),
        ("rain\x00fall", ["rain", "fall"]),
        ("\ud800rain\udfff", ["rain"]),
        ("naïve café", ["naive", "cafe"]),
        ("%_!?🦆", []),
        ("x" * 100, ["x" * MAX_WORD_LENGTH]),
    ],
)
def test_text_splits_at_whatever_is_no_letter_or_digit(text, expected):
    assert list(words(text)) == expected


@given(st.text(alphabet=st.characters(), max_size=200))
@settings(max_examples=200, deadline=None)
def test_a_word_holds_letters_and_digits_only_and_is_never_long(text):
    for word in words(text):
        assert 0 < len(word) <= MAX_WORD_LENGTH
        assert word.isalnum()
        assert list(words(word)) == [word]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("legislators", "legisl"),
        ("congress", "congress"),
        ("congressional", "congression"),
        ("uploaded", "upload"),
        ("covid19s", "covid19s"),
        ("straßes", "straßes"),
        ("北京", "北京"),
    ],
)
def test_english_endings_are_dropped_and_no_others(word, expected):
    assert stem(word) == expected


def test_threads_stem_without_disturbing_each_other():
    singular = [f"{first}{second}rain" for first in "bcdfghklmn" for second in "aeiou"] * 4
    plural = [f"{word}s" for word in singular]

    with ThreadPoolExecutor(4) as pool:
        stems = list(pool.map(stem, plural, chunksize=1))

    assert stems == singular


def test_a_column_holds_words_then_marked_stems_with_an_edge_around_each_part():
    assert index_text(["Rain falls", "…", "Snow"]) == "= rain falls = snow = =rain =fall = =snow ="


def test_a_column_of_nothing_holds_an_edge():
    assert index_text([]) == index_text(["", "…"]) == EDGE


def test_no_word_can_be_taken_for_a_stem_or_an_edge():
    assert list(words("=rain = ==")) == ["rain"]
    assert marked_stem("rain") == f"{STEM_MARK}rain"


def test_a_column_holds_a_bounded_number_of_words():
    text = index_text(["rain " * 6_000] * 3)

    assert text.split(" ").count("rain") == MAX_INDEXED_WORDS
    assert text.split(" ").count("=rain") == MAX_INDEXED_WORDS


def test_parts_beyond_the_last_word_that_fits_are_not_even_read():
    def parts():
        yield "rain " * MAX_INDEXED_WORDS
        yield "snow"
        raise AssertionError("read on")

    assert "snow" not in index_text(parts())


def test_a_part_is_cut_before_it_is_folded():
    assert index_text([" " * MAX_PART_LENGTH + "rain", "snow"]) == "= snow = =snow ="


def test_the_edition_names_what_words_depend_on():
    rules, unicode_version, stemmer_version = edition().split("/")

    assert rules.isdecimal()
    assert unicode_version == unidata_version
    assert stemmer_version[0].isdecimal()
