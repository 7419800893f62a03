"""Run one operation inside an open transaction, with graphql-core's own executor."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, TypeGuard

from graphql import ExecutionResult, GraphQLSchema, OperationType
from graphql.execution import Executor

from litereg.gql.context import Context
from litereg.gql.documents import Operation, Rejected


class Prepared:
    """An operation with its variables, checked and converted; it can be run again and again.

    Variables are converted once, before any transaction begins: a package file among them is
    parsed and validated here.
    """

    def __init__(
        self, schema: GraphQLSchema, operation: Operation, variables: Mapping[str, Any]
    ) -> None:
        """Check and convert *variables*.

        Raises:
            Rejected: a variable is missing or not of its type, or breaks a rule of its field.
        """
        errors = operation.rules.errors(variables)
        if errors:
            raise Rejected(errors)
        executor = Executor.build(
            schema,
            operation.document,
            raw_variable_values=dict(variables),
            operation_name=operation.name,
            is_awaitable=_never,
            max_coercion_errors=5,
        )
        if isinstance(executor, list):
            raise Rejected(executor)
        self.operation = operation
        self._executor = executor

    def run(self, context: Context) -> ExecutionResult:
        """Return the answer of one run."""
        executor = self._executor.build_per_event_executor(None)
        executor.context_value = context
        serially = self.operation.kind is OperationType.MUTATION
        result = executor.execute_operation(serially)
        if not isinstance(result, ExecutionResult):
            raise TypeError("an operation must end in one answer")
        return result


def _never(_value: Any) -> TypeGuard[Awaitable[Any]]:
    """Say that no value is awaitable: resolvers are plain functions."""
    return False
