"""Read what a person typed into a search box: an expression, and how the database is asked for it.

    rain snow      both words          rain | snow    either
    -rain  !rain   without             rain*  rain:*  words that begin so, as written
    "rain fall"    in a row            rain <-> fall  in a row
    (…)            first this          birth-date     in a row: "birth date"

`!` binds tightest, then `<->`, then `&` or nothing between words, then `|`. Reading never fails:
what makes no sense here is searched as plain words, and signs without a word are passed over. Very
common words ask for nothing where others stand beside them.

How words are folded and stemmed, and what an index column looks like, is in
`litereg.registry.search.words`; the statements are in `litereg.registry.search.queries`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from litereg.registry.search.words import EDGE, STEM_MARK, marked_stem, words

MAX_TERMS = 16
MAX_DEPTH = 16
# Room for as many terms, of the longest words, as are read at all.
MAX_QUERY_LENGTH = 2_000

# An entry that no index column holds.
NOWHERE = STEM_MARK * 2

# Words that hardly any text is without: asking for them costs time and only loses results.
_COMMON = "a an and are as at be by for from in is it of on or that the this to was were with"
COMMON_WORDS = frozenset(_COMMON.split())

_SLUG_PREFIX = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
# One past every character, in the byte order in which slugs are compared.
_LAST_CHARACTER = "\U0010ffff"

# Word processors turn quotation marks into curly ones: “ ” „ and their single kind.
_PLAIN_QUOTES = str.maketrans("\u201c\u201d\u201e\u2018\u2019", '"""\'\'')

# A minus asks for absence only where a word starts (`-draft`), not inside one (`birth-date`), nor
# between spaces or before another one (`--force`). A ' opens a phrase only where another ' closes
# it at the end of a word, so that apostrophes stay what they are.
_TOKEN = re.compile(
    r"""
      <->  |  [&|()!]  |  (?<![^\s&|(!]) - (?=["'(\w])
    | (?P<phrase>
          "[^"]*" (?: :?\* )?
        | '[^']*' (?: :?\* )? (?!\w)
        | (?: (?!<->) [^\s"&|()] )+
      )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word or several in a row.

    Attributes:
        words: the folded words; each matches by its stem.
        prefix: the words are meant as written, and the last is only the beginning of one.
    """

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever does not match the operand."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class And:
    """What matches every operand."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What matches at least one operand."""

    operands: tuple[Expression, ...]


Expression = Phrase | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for.

    Attributes:
        expression: the condition, or None where no word was typed.
        match: the condition for FTS5; None lifts it: a blank query finds everything. A query of
            signs without any word finds nothing.
        ranked: whether hits can be told apart by how well they match. Those of a condition that
            only excludes cannot.
        slug_prefix: what was typed, when a slug can begin with it, as slugs are compared;
            otherwise empty, which stands for no slug.
    """

    expression: Expression | None
    match: str | None
    ranked: bool
    slug_prefix: str

    @property
    def slug_range(self) -> tuple[str, str]:
        """The slugs that begin with the prefix: from the first, up to but without the second."""
        return self.slug_prefix, self.slug_prefix and self.slug_prefix + _LAST_CHARACTER


def parse_query(text: str) -> Query:
    """Read *text*, any text at all, as a query."""
    typed = text.strip()[:MAX_QUERY_LENGTH]
    if not typed:
        return Query(expression=None, match=None, ranked=False, slug_prefix="")
    expression = parse_expression(typed)
    if expression is None:
        return Query(expression=None, match=_quote([NOWHERE]), ranked=False, slug_prefix="")
    match, excludes = _match(expression)
    return Query(
        expression=expression,
        match=f"{_quote([EDGE])} NOT {match}" if excludes else match,
        ranked=not excludes,
        slug_prefix=slug[0] if (slug := _SLUG_PREFIX.fullmatch(typed.lower())) else "",
    )


def parse_expression(text: str) -> Expression | None:
    """Return the condition that *text* states, or None when there is no word in it.

    The first 16 words count, brackets count 16 deep.
    """
    expression = _Parser(_tokens(text)).everything()
    return expression and (_without_common_words(expression) or expression)


def _tokens(text: str) -> Iterator[str | Phrase]:
    """Yield operators as they are and phrases, some without words; each `)` has its `(`."""
    room, depth = MAX_TERMS, 0
    for token in _TOKEN.finditer(text.translate(_PLAIN_QUOTES)):
        if token.lastgroup:
            phrase = _phrase(token[0], room)
            room -= len(phrase.words)
            yield phrase
            if not room:
                return
        elif token[0] == "(":
            depth += 1
            if depth <= MAX_DEPTH:
                yield "("
        elif token[0] == ")":
            if 0 < depth <= MAX_DEPTH:
                yield ")"
            depth = max(0, depth - 1)
        else:
            yield "!" if token[0] == "-" else token[0]


def _phrase(typed: str, room: int) -> Phrase:
    """Return the first *room* words of *typed*, the end of which may be marked as a beginning."""
    found = tuple(islice(words(typed), room + 1))
    return Phrase(found[:room], prefix=typed.endswith("*") and 0 < len(found) <= room)


class _Parser:
    """A descent through the tokens, one method for each strength of binding.

    Each method returns what it read, or None when that came to nothing, and always moves on, so
    that reading takes as many steps as there are tokens.
    """

    def __init__(self, tokens: Iterable[str | Phrase]) -> None:
        self._tokens = [*tokens]
        self._at = 0

    def everything(self) -> Expression | None:
        operands = [self._both()]
        while self._take("|"):
            operands.append(self._both())
        return _combined(Or, operands)

    def _both(self) -> Expression | None:
        operands: list[Expression | None] = []
        while self._at < len(self._tokens) and self._tokens[self._at] not in ("|", ")"):
            if not (self._take("&") or self._take("<->")):
                operands.append(self._in_a_row())
        return _combined(And, operands)

    def _in_a_row(self) -> Expression | None:
        left = self._operand()
        while self._take("<->"):
            left = _followed_by(left, self._operand())
        return left

    def _operand(self) -> Expression | None:
        absent = False
        while self._take("!"):
            absent = not absent
        operand: Expression | None = None
        if self._take("("):
            operand = self.everything()
            self._take(")")
        elif self._at < len(self._tokens):
            token = self._tokens[self._at]
            if isinstance(token, Phrase):
                self._at += 1
                operand = token if token.words else None
        return Not(operand) if operand and absent else operand

    def _take(self, operator: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == operator:
            self._at += 1
            return True
        return False


def _combined(
    kind: type[And] | type[Or], operands: Iterable[Expression | None]
) -> Expression | None:
    """Return the operands that came to something as one expression."""
    present = tuple(operand for operand in operands if operand)
    if len(present) > 1:
        return kind(present)
    return present[0] if present else None


def _followed_by(left: Expression | None, right: Expression | None) -> Expression | None:
    """Return *left* and right behind it *right*; of what cannot be in a row, ask for both."""
    if isinstance(left, Phrase) and isinstance(right, Phrase) and not left.prefix:
        return Phrase(left.words + right.words, right.prefix)
    return _combined(And, (left, right))


def _without_common_words(expression: Expression) -> Expression | None:
    """Return what is left of *expression*; nothing that is to be absent is left out."""
    match expression:
        case Phrase((word,), prefix=False) if word in COMMON_WORDS:
            return None
        case And(operands) | Or(operands):
            return _combined(type(expression), map(_without_common_words, operands))
    return expression


def _match(expression: Expression) -> tuple[str, bool]:
    """Return a match expression for FTS5, and whether it is what *expression* excludes.

    FTS5 has no "not" with one operand. Negations therefore move outwards, by De Morgan's laws,
    until they meet something to be taken from; one that meets nothing is the caller's to place.
    """
    match expression:
        case Phrase(found, prefix=True):
            return f"{_quote(found)}*", False
        case Phrase(found):
            return _quote(map(marked_stem, found)), False
        case Not(operand):
            text, excludes = _match(operand)
            return text, not excludes
        case And(operands):
            return _joined("AND", "OR", operands, excluding=True)
        case Or(operands):
            return _joined("OR", "AND", operands, excluding=False)


def _joined(
    operator: str, dual: str, operands: Iterable[Expression], *, excluding: bool
) -> tuple[str, bool]:
    """Join matches; those that exclude join by the *dual* operator.

    Where both kinds meet, *excluding* says whether what excludes is taken from the rest, or the
    rest from what excludes, which leaves an exclusion.
    """
    matches = [_match(operand) for operand in operands]
    wanted = [text for text, excludes in matches if not excludes]
    unwanted = [text for text, excludes in matches if excludes]
    included, excluded = _group(operator, wanted), _group(dual, unwanted)
    if not unwanted:
        return included, False
    if not wanted:
        return excluded, True
    if excluding:
        return f"({included} NOT {excluded})", False
    return f"({excluded} NOT {included})", True


def _group(operator: str, matches: list[str]) -> str:
    return matches[0] if len(matches) == 1 else f"({f' {operator} '.join(matches)})"


def _quote(entries: Iterable[str]) -> str:
    # Entries are letters, digits and marks: nothing in them can end the quotation.
    return f'"{" ".join(entries)}"'
