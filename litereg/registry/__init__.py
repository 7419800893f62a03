"""The first wing: data packages, and the people, catalogs and collections around them.

A room for each noun, four files in each room: `schema.graphql`, `resolvers.py`, `service.py` and
`queries.py`. Public packages and the labels on them are the other wing, `litereg.labels`; neither
imports the other.
"""
