"""Parse, limit and validate documents.

What a document becomes holds nothing of a viewer and never changes, apart from the note that an
operation is heavy, so it may be kept and shared; see `litereg.gql.document_cache`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    SKIP,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    Location,
    NoUndefinedVariablesRule,
    NoUnusedVariablesRule,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    StringValueNode,
    Token,
    TokenKind,
    TypeNameMetaFieldDef,
    VariableNode,
    VariablesInAllowedPositionRule,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)

from litereg.errors import InvalidInput, LimitExceeded
from litereg.gql.arguments import NotCompiled
from litereg.gql.binding import RESOLVER
from litereg.gql.inputs import InputRules
from litereg.gql.limits import MAX_WORD, require_within
from litereg.gql.plan import Compiler, Plan
from litereg.gql.source_text import SourceText
from litereg.gql.variables import VariableConverter
from litereg.settings import Settings
from litereg.store import Effort

# The official log-out document declares variables that it does not use.
RULES = [rule for rule in specified_rules if rule is not NoUnusedVariablesRule]
# Where no variable is, these look for one all the same, at each value of a long literal.
OF_VARIABLES = (NoUndefinedVariablesRule, VariablesInAllowedPositionRule)
WITHOUT_VARIABLES = [rule for rule in RULES if rule not in OF_VARIABLES]
MAX_VALIDATION_ERRORS = 5
# What a wrong word may have meant is not looked for in a longer document: that word may be as long.
MAX_WITH_HINTS = 128 * 1024
# Of one operation, for choices of what @skip and @include leave.
MAX_PLANS = 8
MAX_LOGGED_NAME = 100
WORDS = {TokenKind.NAME, TokenKind.INT, TokenKind.FLOAT}


class Rejected(Exception):
    """A document, or a request made with it, that cannot run."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(eq=False, slots=True)
class Operation:
    """One operation of a document, ready to be run with any variables.

    Attributes:
        name: its name, or None.
        kind: query or mutation.
        writes: it changes something, so it needs the writer.
        nullable: each of its root fields may be null, so that the answer can say null for each.
        rules: what its variables have to obey.
        converter: converts its variables.
        effort: whether it is too heavy to run in place.
    """

    name: str | None
    node: OperationDefinitionNode
    document: DocumentNode
    kind: OperationType
    writes: bool
    nullable: bool
    rules: InputRules
    converter: VariableConverter
    compiler: Callable[[Mapping[str, bool]], Plan]
    conditions: tuple[str, ...]
    effort: Effort = field(default_factory=Effort)
    _plans: dict[tuple[bool, ...], Plan | None] = field(default_factory=dict)

    @property
    def logged_name(self) -> str | None:
        """The name as the log has it; a client may make one as long as a body."""
        return self.name and self.name[:MAX_LOGGED_NAME]

    def plan(self, values: Mapping[str, Any]) -> Plan | None:
        """Return the compiled plan for these values of the variables; None when there is none.

        There is one for each choice of what @skip and @include leave.
        """
        choice = tuple(values.get(name) is True for name in self.conditions)
        if choice not in self._plans:
            if len(self._plans) >= MAX_PLANS:
                return None
            try:
                plan = self.compiler(dict(zip(self.conditions, choice, strict=True)))
            except NotCompiled:
                plan = None
            self._plans[choice] = plan
        return self._plans[choice]


@dataclass(frozen=True, slots=True)
class Document:
    """A valid document.

    Attributes:
        tokens: how many tokens it has.
        introspects: it asks for the schema.
        operations: its operations, in order.
        literals: the values that stood in it, when they were taken out; its operation then has
            these variables and no others.
    """

    tokens: int
    introspects: bool
    operations: tuple[Operation, ...]
    literals: Mapping[str, Any] | None = None

    def operation(self, name: str | None) -> Operation:
        """Return the operation called *name*, or the only one when no name is given.

        Raises:
            Rejected: there is no such operation, or a name is needed to choose.
        """
        if name is None and len(self.operations) == 1:
            return self.operations[0]
        if name is None:
            raise Rejected([GraphQLError("operationName is needed: there are several operations")])
        for operation in self.operations:
            if operation.name == name:
                return operation
        raise Rejected([GraphQLError(f'There is no operation named "{name[:100]}"')])


class Documents:
    """Prepares the documents of one schema."""

    def __init__(self, schema: GraphQLSchema, settings: Settings) -> None:
        self._schema = schema
        self._settings = settings

    def prepare(self, text: str, max_tokens: int) -> Document:
        """Parse, limit and validate *text*. Pure, so it may run on a thread.

        Raises:
            Rejected: with every reason that was found.
            LimitExceeded: the document is too large.
        """
        node, tokens = self._parse(text, max_tokens)
        introspects = require_within(node, self._settings)
        rules = RULES if "$" in text else WITHOUT_VARIABLES
        is_long = len(text) > MAX_WITH_HINTS
        errors = validate(self._schema, node, rules, MAX_VALIDATION_ERRORS, is_long)
        if errors:
            raise Rejected(errors)
        if "\\u" in text:
            _require_no_nul(node)
        operations = tuple(
            self._operation(node, definition)
            for definition in node.definitions
            if isinstance(definition, OperationDefinitionNode)
        )
        if not operations:
            raise Rejected([GraphQLError("The document has no operation")])
        return Document(tokens, introspects, operations)

    def _parse(self, text: str, max_tokens: int) -> tuple[DocumentNode, int]:
        try:
            document = parse(SourceText(text), max_tokens=max_tokens)
        except GraphQLError as error:
            if "contains more than" in error.message:
                raise too_many_tokens(max_tokens) from error
            raise Rejected([error]) from error
        if len(text) > MAX_WORD:
            _require_short_words(document)
        return document, document.token_count or 0

    def _operation(self, document: DocumentNode, node: OperationDefinitionNode) -> Operation:
        fragments = reachable_fragments(document, node)
        rules = InputRules(self._schema, node, fragments)
        if rules.literal_errors:
            raise Rejected(rules.literal_errors)
        fields = self._root_fields(node, fragments)
        return Operation(
            name=node.name.value if node.name else None,
            node=node,
            document=document,
            kind=node.operation,
            writes=node.operation is OperationType.MUTATION or any(map(_writes, fields)),
            nullable=not any(isinstance(field.type, GraphQLNonNull) for field in fields),
            rules=rules,
            converter=VariableConverter(self._schema, node),
            compiler=self._compiler(node, fragments),
            conditions=_conditions(node, fragments),
        )

    def _compiler(
        self, node: OperationDefinitionNode, fragments: list[FragmentDefinitionNode]
    ) -> Callable[[Mapping[str, bool]], Plan]:
        """Return what compiles an operation for one choice of its conditions."""
        root = self._schema.get_root_type(node.operation)
        by_name = {fragment.name.value: fragment for fragment in fragments}

        def compile_plan(conditions: Mapping[str, bool]) -> Plan:
            if root is None:
                raise NotCompiled
            return Compiler(by_name, conditions).compile(node, root)

        return compile_plan

    def _root_fields(
        self, node: OperationDefinitionNode, fragments: list[FragmentDefinitionNode]
    ) -> list[GraphQLField]:
        """Return the root fields that *node* selects, wherever it selects them."""
        root = self._schema.get_root_type(node.operation)
        if root is None:
            return []
        spread = [f.selection_set for f in fragments if f.type_condition.name.value == root.name]
        waiting = [node.selection_set, *spread]
        found = []
        while waiting:
            for selection in waiting.pop().selections:
                if isinstance(selection, FieldNode):
                    name = selection.name.value
                    field = TypeNameMetaFieldDef if name == "__typename" else root.fields.get(name)
                    found += [field] if field else []
                elif isinstance(selection, InlineFragmentNode):
                    waiting.append(selection.selection_set)
        return found


def _conditions(
    node: OperationDefinitionNode, fragments: list[FragmentDefinitionNode]
) -> tuple[str, ...]:
    """Return the variables that @skip and @include look at, in order of their names."""
    found: set[str] = set()

    class Conditions(Visitor):
        def enter_directive(self, directive: DirectiveNode, *_args: Any) -> None:
            for argument in directive.arguments or ():
                if isinstance(argument.value, VariableNode):
                    found.add(argument.value.name.value)

        def enter_argument(self, *_args: Any) -> Any:
            # No directive stands inside a value, and values can be long.
            return SKIP

    for part in (node, *fragments):
        visit(part, Conditions())
    return tuple(sorted(found))


def _writes(field: GraphQLField) -> bool:
    resolver = field.extensions.get(RESOLVER)
    return resolver is not None and resolver.writes


def _require_short_words(document: DocumentNode) -> None:
    """Raise Rejected for a name or a number of more than MAX_WORD characters."""
    location = cast(Location, document.loc)
    token: Token | None = location.start_token
    while token is not None:
        if token.kind in WORDS and token.end - token.start > MAX_WORD:
            what = f"A name or a number has at most {MAX_WORD} characters"
            positions = [token.start]
            raise Rejected([GraphQLError(what, None, location.source, positions)])
        token = token.next


def _require_no_nul(document: DocumentNode) -> None:
    """Raise Rejected for a text with NUL in it, which databases cut off there or refuse."""

    class Texts(Visitor):
        def enter_string_value(self, node: StringValueNode, *_args: Any) -> None:
            if "\0" in node.value:
                raise Rejected([GraphQLError("A text cannot have the character NUL in it", node)])

    visit(document, Texts())


def too_many_tokens(max_tokens: int) -> LimitExceeded:
    """Return the error for a document of more than *max_tokens* tokens."""
    return LimitExceeded("TOO_MANY_TOKENS", f"at most {max_tokens} are allowed")


def reachable_fragments(
    document: DocumentNode, operation: OperationDefinitionNode
) -> list[FragmentDefinitionNode]:
    """Return the fragments that *operation* uses, directly or not."""
    by_name = {
        d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)
    }
    found: dict[str, FragmentDefinitionNode] = {}
    waiting: list[SelectionSetNode] = [operation.selection_set]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in found:
                    found[name] = by_name[name]
                    waiting.append(by_name[name].selection_set)
            elif isinstance(selection, (FieldNode, InlineFragmentNode)) and selection.selection_set:
                waiting.append(selection.selection_set)
    return list(found.values())


def require_text(text: Any) -> str:
    """Return *text* when it can be a document.

    Raises:
        InvalidInput: it is empty.
    """
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput("QUERY_REQUIRED", "the request holds no GraphQL document")
    return text
