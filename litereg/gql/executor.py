"""Run one operation inside an open transaction.

The compiled plan does it in the plain case. Where it meets anything else, an error included,
graphql-core's own executor runs the operation again from the start and has the last word. For a
query that happens in the same snapshot; what a mutation has changed by then must be rolled back
first, so `run` says so by raising `RunAgain`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, TypeGuard

from graphql import ExecutionResult, GraphQLObjectType, GraphQLSchema, OperationType
from graphql.execution import Executor
from graphql.pyutils import Path

from litereg.gql.arguments import Run
from litereg.gql.context import Context
from litereg.gql.documents import Operation, Rejected
from litereg.gql.plan import Plan

# Of one that graphql-core's executor resolves and completes; in a plan each costs 1.
COST_OF_A_FIELD = 10


class RunAgain(Exception):
    """Roll back and run the operation again: graphql-core's executor has to answer it."""


class AsWritten(Exception):
    """The document has to be answered as it was written, with its values in their places."""


class Paying(Executor[Context]):
    """graphql-core's executor, which pays for each field."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Pay for the fields of one object, then resolve and complete them."""
        self.context_value.pay(COST_OF_A_FIELD * len(grouped_field_set))
        return super().execute_fields(
            parent_type, source_value, path, grouped_field_set, position_context
        )


class Prepared:
    """An operation with its variables, checked and converted; it can be run again and again.

    Variables are converted once, before any transaction begins: a package file among them is
    parsed and validated here.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: Operation,
        raw: Mapping[str, Any],
        compiled: bool = True,
        lifted: bool = False,
        hints: bool = True,
    ) -> None:
        """Check and convert the *raw* variables; *lifted* are those that were literals.

        With *hints*, an error says what a wrong word may have meant. To find out takes the longer,
        the longer that word is.

        Raises:
            Rejected: a variable is missing or not of its type, or breaks a rule of its field.
            AsWritten: something is unusual about what was lifted.
        """
        self.operation = operation
        self._schema = schema
        self._raw = raw
        self._lifted = lifted
        self._hints = hints
        self._plan: Plan | None = None
        self._executor: Executor[Context] | None = None
        self._values = operation.converter.convert(raw) if compiled else None
        if lifted and self._values is None:
            raise AsWritten
        if self._values is None or operation.rules.has_inner:
            self._require_rules()
        if self._values is not None:
            self._plan = operation.plan(self._values)
        if self._plan is None:
            self.use_graphql_core()

    def use_graphql_core(self) -> None:
        """From now on, let graphql-core's executor run the operation.

        Raises:
            Rejected: a variable is missing or not of its type.
            AsWritten: it has lost its values, and with them its places.
        """
        if self._lifted:
            raise AsWritten
        executor = Paying.build(
            self._schema,
            self.operation.document,
            raw_variable_values=dict(self._raw),
            operation_name=self.operation.name,
            is_awaitable=_never,
            max_coercion_errors=5,
            hide_suggestions=not self._hints,
        )
        if isinstance(executor, list):
            raise Rejected(executor)
        self._plan, self._executor = None, executor

    def run(self, context: Context) -> ExecutionResult:
        """Return the answer of one run.

        Raises:
            RunAgain: a mutation met something unusual; see `use_graphql_core`.
            AsWritten: see there, too.
        """
        if self._plan is not None:
            try:
                return ExecutionResult(self._plan.run(self._run(context)), None)
            except Exception as error:
                if self.operation.writes:
                    raise RunAgain from error
                self.use_graphql_core()
        return self._run_graphql_core(context)

    def _run(self, context: Context) -> Run:
        values = self._values or {}
        as_graphql_core = self.operation.converter.as_graphql_core
        return Run(context, values, lambda: as_graphql_core(self._raw, values))

    def _run_graphql_core(self, context: Context) -> ExecutionResult:
        if self._executor is None:
            raise RuntimeError("the operation was not prepared for graphql-core")
        executor = self._executor.build_per_event_executor(None)
        executor.context_value = context
        # What the compiled plan had counted by the time it gave up does not count twice.
        context.nodes = context.cost = 0
        serially = self.operation.kind is OperationType.MUTATION
        result = executor.execute_operation(serially)
        if not isinstance(result, ExecutionResult):
            raise TypeError("an operation must end in one answer")
        return result

    def _require_rules(self) -> None:
        errors = self.operation.rules.errors(self._raw)
        if errors:
            raise Rejected(errors)


def _never(_value: Any) -> TypeGuard[Awaitable[Any]]:
    """Say that no value is awaitable: resolvers are plain functions."""
    return False
