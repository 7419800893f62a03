"""Documents are prepared once and kept by their text, so many of them and no more."""

from dataclasses import replace

import pytest

from litereg.gql.document_cache import MAX_CHARACTERS, MAX_ENTRIES, MAX_TOKENS, DocumentCache
from litereg.settings import Settings

TEXT = '{ item(name: "a") { name } }'


@pytest.fixture
def cache(toy_schema):
    return DocumentCache(toy_schema, Settings())


@pytest.fixture
def document(documents):
    return documents.prepare(TEXT, 1_000)


def test_a_document_is_found_by_its_very_text_once_it_is_kept(cache, document):
    assert cache.find(TEXT) is None

    cache.keep(TEXT, document)

    assert cache.find(TEXT) is document
    assert cache.find(TEXT + " ") is None


def test_what_was_not_used_for_longest_makes_room(cache, document):
    for number in range(MAX_ENTRIES):
        cache.keep(f"text {number}", document)
    assert cache.find("text 0") is document

    cache.keep("one more", document)

    assert cache.find("text 0") is document
    assert cache.find("text 1") is None
    assert cache.find("text 2") is document
    assert cache.find("one more") is document


def test_the_texts_kept_are_bounded_in_all(cache, document):
    size = MAX_CHARACTERS // 8
    texts = [str(number) * size for number in range(9)]

    for text in texts:
        cache.keep(text, document)

    assert [text[0] for text in texts if cache.find(text)] == list("12345678")


def test_keeping_a_text_again_takes_no_more_room(cache, document):
    size = MAX_CHARACTERS // 8
    texts = [str(number) * size for number in range(8)]
    for text in texts * 3:
        cache.keep(text, document)

    assert all(cache.find(text) for text in texts)


def test_a_giant_text_is_not_kept(cache, document):
    giant = "x" * (MAX_CHARACTERS // 8 + 1)

    cache.keep(giant, document)

    assert cache.find(giant) is None


def test_long_documents_are_dropped_before_they_fill_the_memory(cache, document):
    large = replace(document, tokens=MAX_TOKENS // 10)

    for number in range(12):
        cache.keep(f"text {number}", large)

    kept = [number for number in range(12) if cache.find(f"text {number}")]
    assert kept == [*range(2, 12)]


def test_a_document_of_very_many_tokens_is_not_kept(cache, document):
    cache.keep(TEXT, replace(document, tokens=MAX_TOKENS // 8 + 1))

    assert cache.find(TEXT) is None
