"""What a person types is read as meant, never fails, and finds in FTS5 what it says."""

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litereg.registry.search.query_language import (
    MAX_DEPTH,
    MAX_QUERY_LENGTH,
    MAX_TERMS,
    And,
    Not,
    Or,
    Phrase,
    parse_expression,
    parse_query,
)
from litereg.registry.search.words import index_text, stem, words

TABLE = """
CREATE VIRTUAL TABLE document
USING fts5(name, text, prefix='1 2 3', tokenize="ascii tokenchars '='")
"""
RAIN, SNOW, FOG = Phrase(("rain",)), Phrase(("snow",)), Phrase(("fog",))


# What is read

BARE = [
    ("rain", RAIN),
    ("Räin", RAIN),
    ("rain snow", And((RAIN, SNOW))),
    ("rain, snow.", And((RAIN, SNOW))),
    ("rain & snow", And((RAIN, SNOW))),
    ("rain&&snow", And((RAIN, SNOW))),
    ("rain | snow", Or((RAIN, SNOW))),
    ("rain||snow", Or((RAIN, SNOW))),
    ("birth-date", Phrase(("birth", "date"))),
    ("birth_date", Phrase(("birth", "date"))),
    ("don't", Phrase(("don", "t"))),
    ("dogs' cats'", And((Phrase(("dogs",)), Phrase(("cats",))))),
]
PHRASES = [
    ('"rain snow"', Phrase(("rain", "snow"))),
    ("'rain snow'", Phrase(("rain", "snow"))),
    ("\u201crain snow\u201d", Phrase(("rain", "snow"))),
    ("\u2018rain snow\u2019", Phrase(("rain", "snow"))),
    ('fog"rain snow"', And((FOG, Phrase(("rain", "snow"))))),
    ('"rain | (snow"', Phrase(("rain", "snow"))),
    ("rain <-> snow", Phrase(("rain", "snow"))),
    ("rain<->snow<->fog", Phrase(("rain", "snow", "fog"))),
    ("'rain snow' <-> fog", Phrase(("rain", "snow", "fog"))),
    ("rain <-> fo*", Phrase(("rain", "fo"), prefix=True)),
]
PREFIXES = [
    ("rain*", Phrase(("rain",), prefix=True)),
    ("rain:*", Phrase(("rain",), prefix=True)),
    ('"rain sn"*', Phrase(("rain", "sn"), prefix=True)),
    ("'rain sn':*", Phrase(("rain", "sn"), prefix=True)),
    ("rain-sn*", Phrase(("rain", "sn"), prefix=True)),
]
ABSENT = [
    ("-rain", Not(RAIN)),
    ("!rain", Not(RAIN)),
    ("! rain", Not(RAIN)),
    ("!!rain", RAIN),
    ("-!rain", RAIN),
    ('-"rain snow"', Not(Phrase(("rain", "snow")))),
    ("-(rain snow)", Not(And((RAIN, SNOW)))),
    ("rain -snow", And((RAIN, Not(SNOW)))),
    ("rain&!snow", And((RAIN, Not(SNOW)))),
    ("rain|-snow", Or((RAIN, Not(SNOW)))),
    ("(-rain)", Not(RAIN)),
    ("!rain*", Not(Phrase(("rain",), prefix=True))),
]
BINDING = [
    ("rain snow | fog", Or((And((RAIN, SNOW)), FOG))),
    ("rain | snow fog", Or((RAIN, And((SNOW, FOG))))),
    ("(rain | snow) fog", And((Or((RAIN, SNOW)), FOG))),
    ("!rain | snow", Or((Not(RAIN), SNOW))),
    ("!rain snow", And((Not(RAIN), SNOW))),
    ("fog rain <-> snow", And((FOG, Phrase(("rain", "snow"))))),
]
UNREADABLE = [
    ('"rain snow', And((RAIN, SNOW))),
    ("'rain snow", And((RAIN, SNOW))),
    ("rain) snow", And((RAIN, SNOW))),
    ("(rain snow", And((RAIN, SNOW))),
    ("((rain) snow", And((RAIN, SNOW))),
    ("rain () snow", And((RAIN, SNOW))),
    ("& rain | ", RAIN),
    ("| rain", RAIN),
    ("rain <-> <-> snow", Phrase(("rain", "snow"))),
    ("<-> rain", RAIN),
    ("rain <2> snow", And((RAIN, Phrase(("2",)), SNOW))),
    ("rain -- snow - fog", And((RAIN, SNOW, FOG))),
    ("--rain", RAIN),
    ("rain!", RAIN),
    ("rain!! snow", And((RAIN, SNOW))),
    ("*rain", RAIN),
    ("rain * snow", And((RAIN, SNOW))),
    ("ra*in", Phrase(("ra", "in"))),
    ("rain:B", Phrase(("rain", "b"))),
    ("rain !% snow", And((RAIN, SNOW))),
    ("rain !", RAIN),
    ("rain* <-> snow", And((Phrase(("rain",), prefix=True), SNOW))),
    ("rain <-> (snow | fog)", And((RAIN, Or((SNOW, FOG))))),
    ("rain <-> !snow", And((RAIN, Not(SNOW)))),
]
COMMON = [
    ("the rain in the fog", And((RAIN, FOG))),
    ("the | rain", RAIN),
    ("(the) rain", RAIN),
    ("the", Phrase(("the",))),
    ("to be", And((Phrase(("to",)), Phrase(("be",))))),
    ('"the rain"', Phrase(("the", "rain"))),
    ("the*", Phrase(("the",), prefix=True)),
    ("rain -the", And((RAIN, Not(Phrase(("the",)))))),
]


@pytest.mark.parametrize(
    ("text", "expected"), BARE + PHRASES + PREFIXES + ABSENT + BINDING + UNREADABLE + COMMON
)
def test_a_query_is_read_as_meant(text, expected):
    assert parse_expression(text) == expected


def test_only_the_first_terms_count():
    many = " ".join(f"w{number}" for number in range(1_000))

    expression = parse_expression(many)

    assert expression == And(tuple(Phrase((f"w{number}",)) for number in range(MAX_TERMS)))


def test_the_words_of_phrases_count_as_terms():
    assert parse_expression(f'"{"rain " * 30}" snow') == Phrase(("rain",) * MAX_TERMS)


def test_a_prefix_that_is_cut_off_does_not_make_one_of_the_word_before_it():
    assert parse_expression("rain " * 15 + "snow-fog*") == And((*[RAIN] * 15, SNOW))


def test_a_term_is_cut_at_the_length_of_a_word():
    assert parse_expression("x" * 100 + "*") == Phrase(("x" * 64,), prefix=True)


def test_brackets_past_the_deepest_are_passed_over():
    deep = "(" * (MAX_DEPTH + 5) + "rain" + ")" * (MAX_DEPTH + 5) + " snow"

    assert parse_expression(deep) == And((RAIN, SNOW))


def test_hundreds_of_brackets_and_negations_do_not_exhaust_the_stack():
    assert parse_query("(!" * 900 + "rain").match == '"=rain"'


def test_text_past_the_longest_query_is_not_read():
    assert parse_query(" " * MAX_QUERY_LENGTH + "rain").expression == RAIN
    assert parse_query("%" * MAX_QUERY_LENGTH + "rain").expression is None


# What is asked of the database


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("rains", '"=rain"'),
        ("rains*", '"rains"*'),
        ('"heavy rains"', '"=heavi =rain"'),
        ('"heavy rains"*', '"heavy rains"*'),
        ("rain snow", '("=rain" AND "=snow")'),
        ("rain | snow", '("=rain" OR "=snow")'),
        ("rain -snow -fog", '("=rain" NOT ("=snow" OR "=fog"))'),
        ("-rain -snow", '"=" NOT ("=rain" OR "=snow")'),
        ("-rain | -snow", '"=" NOT ("=rain" AND "=snow")'),
        ("rain | -snow", '"=" NOT ("=snow" NOT "=rain")'),
        ("-(rain | -snow)", '("=snow" NOT "=rain")'),
    ],
)
def test_a_match_names_stems_with_their_mark_and_prefixes_without(text, match):
    assert parse_query(text).match == match


@pytest.mark.parametrize("text", ["", "  ", "\n\t\u3000"])
def test_a_blank_query_sets_no_condition(text):
    query = parse_query(text)

    assert query.match is None
    assert query.slug_range == ("", "")
    assert not query.ranked


@pytest.mark.parametrize(
    "text", ["%", "_", "%_", "🦆", '"', "()", "-", "!&|", "<->", "\x00", "\ud800"]
)
def test_signs_without_a_word_find_nothing(text):
    """One who searches for a percent sign must not be shown, or made to delete, everything."""
    query = parse_query(text)

    assert found(query, [(["rain"], ["snow"])]) == set()
    assert query.slug_range == ("", "")


@pytest.mark.parametrize("text", ["-rain", "!rain & !snow", "-rain | snow"])
def test_what_only_excludes_is_not_ranked(text):
    assert not parse_query(text).ranked
    assert parse_query(f"fog & ({text})").ranked


@pytest.mark.parametrize(
    ("text", "slug", "begins"),
    [
        ("congress", "congressional-legislators", True),
        (" Congress ", "congressional-legislators", True),
        ("congressional-", "congressional-legislators", True),
        ("congressional-legislators", "congressional-legislators", True),
        ("birth_", "birth_date", True),
        ("birth_", "birthxdate", False),
        ("birth%", "birthdate", False),
        ("b.", "b.c", True),
        ("rain snow", "rain-snow", False),
        ("rain*", "rainfall", False),
        ("z", "zz", True),
        ("rain", "snow", False),
        ("rains", "rain", False),
        ("", "rain", False),
        ("räin", "rain", False),
        ("x" * 101, "x" * 101, False),
    ],
)
def test_what_was_typed_is_the_beginning_of_a_slug(text, slug, begins):
    first, end = parse_query(text).slug_range

    assert (first <= slug < end) is begins


# What is found

VOCABULARY = [
    "rain",
    "rains",
    "Rained",
    "rainfall",
    "fall",
    "falls",
    "happy",
    "happi",
    "café",
    "b2b",
]
some_words = st.lists(st.sampled_from(VOCABULARY), max_size=5).map(" ".join)
documents = st.lists(
    st.tuples(st.lists(some_words, max_size=3), st.lists(some_words, max_size=3)),
    min_size=1,
    max_size=6,
)
folded_words = st.sampled_from(VOCABULARY).flatmap(lambda word: st.just(next(words(word))))
phrases = st.builds(
    Phrase, st.lists(folded_words, min_size=1, max_size=3).map(tuple), prefix=st.booleans()
) | st.builds(
    lambda word, length: Phrase((word[:length],), prefix=True), folded_words, st.integers(1, 4)
)
expressions = st.recursive(
    phrases,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
pieces = st.sampled_from(
    [*VOCABULARY, *"\"'()&|!-*:^+={},", "<->", " ", " ", ":*", "AND", "OR", "NOT", "NEAR(", "name:"]
)
typed = st.one_of(st.text(st.characters()), st.lists(pieces, max_size=40).map("".join))


@given(expressions, documents)
@settings(max_examples=120, deadline=None)
def test_fts5_finds_what_the_query_says(expression, stored):
    query = parse_query(written(expression))

    assert found(query, stored) == {
        number for number, document in enumerate(stored) if matches(expression, document)
    }


@given(typed, documents)
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_is_a_query_that_fts5_understands(text, stored):
    query = parse_query(text)

    if query.match is not None:
        assert found(query, stored) == {
            number
            for number, document in enumerate(stored)
            if query.expression is not None and matches(query.expression, document)
        }
    assert all(character.isascii() for character in query.slug_prefix)


@pytest.mark.parametrize(
    ("text", "document", "expected"),
    [
        ("legislators", "Legislator", True),
        ("congress", "Congressional", False),
        ("congress:*", "Congressional", True),
        ("happi*", "happy", False),
        ("happy", "happiness happily happi", True),
        ("CAFÉ", "cafe", True),
        ('"rain falls"', "rains falling", True),
        ('"rain fall"', "rain shall fall", False),
        ('"rains fa"*', "rain falls", False),
        ("birth-date", "birth_date", True),
    ],
)
def test_words_match_by_stem_and_prefixes_as_written(text, document, expected):
    assert (found(parse_query(text), [([document], [])]) == {0}) is expected


def test_a_phrase_does_not_run_from_one_part_into_the_next():
    stored = [(["rain", "snow"], ["fog", "ice"])]

    assert found(parse_query("rain snow fog ice"), stored) == {0}
    for text in ('"rain snow"', '"snow fog"', '"fog ice"', '"rain sn"*'):
        assert found(parse_query(text), stored) == set()


def test_the_deepest_query_of_the_longest_words_is_within_what_fts5_takes():
    text = " -(".join(f"{letter * 80}* | {letter}" for letter in "abcdefgh")

    query = parse_query(text)

    assert "h" * 64 in query.match
    assert found(query, [(["a b c d e f g h"], []), (["a c e g"], []), (["b"], [])]) == {1}


def found(query, stored):
    """Return the numbers of the documents, pairs of name parts and text parts, that match."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(TABLE)
        connection.executemany(
            "INSERT INTO document (rowid, name, text) VALUES (?, ?, ?)",
            [
                (number, index_text(name), index_text(text))
                for number, (name, text) in enumerate(stored)
            ],
        )
        rows = connection.execute(
            "SELECT rowid FROM document WHERE document MATCH ?", [query.match]
        ).fetchall()
    return {number for (number,) in rows}


def matches(expression, document):
    """Return what FTS5 should say, worked out word by word."""
    match expression:
        case Phrase(wanted, prefix):
            return any(
                in_a_row(wanted, list(words(part)), prefix=prefix)
                for column in document
                for part in column
            )
        case Not(operand):
            return not matches(operand, document)
        case And(operands):
            return all(matches(operand, document) for operand in operands)
        case Or(operands):
            return any(matches(operand, document) for operand in operands)


def in_a_row(wanted, present, *, prefix):
    """Return whether *wanted* stands somewhere in *present*."""
    windows = [
        present[start : start + len(wanted)] for start in range(len(present) - len(wanted) + 1)
    ]
    if prefix:
        return any(
            window[:-1] == [*wanted[:-1]] and window[-1].startswith(wanted[-1])
            for window in windows
        )
    return [stem(word) for word in wanted] in [[stem(word) for word in row] for row in windows]


def written(expression):
    """Return *expression* as somebody would type it."""
    match expression:
        case Phrase(wanted, prefix):
            return f'"{" ".join(wanted)}"' + "*" * prefix
        case Not(operand):
            return f"!({written(operand)})"
        case And(operands):
            return f"({' & '.join(map(written, operands))})"
        case Or(operands):
            return f"({' | '.join(map(written, operands))})"
