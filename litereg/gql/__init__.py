"""The GraphQL engine: from a document to an answer. It knows no word of the domain.

`binding` makes one schema of the rooms' SDL and resolvers, `documents` parses, limits, validates
and keeps documents, `inputs` checks and converts variables, `executor` builds answers, `errors` is
the one place that decides how a failure looks, and `engine` leads a request through all of them.
"""
