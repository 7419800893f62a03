"""Any calls of the API, in any order, answer what a model of the registry in plain Python answers.

Names are few, so that they meet: whoever is renamed, moved or disabled leaves a name to the next.
"""

import copy
from functools import partial
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as limits
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from tests.contract.machine.model import Model
from tests.contract.machine.operations import EVERYBODYS, KNOWN, OPERATIONS, read_view
from tests.contract.machine.registry import Asked
from tests.contract.machine.things import Refused

POOLS = {
    "users": ["ann", "Bob", "cat", "dan"],
    "catalogs": ["alpha", "Alpha", "beta", "ANN", "cat"],
    "packages": ["rain", "snow"],
    "collections": ["water", "Water", "ice"],
}
# Few things are there at a time, so small numbers come often.
NUMBERS = st.sampled_from([0, 1, 0, 2, 3, 0, 1, 4, 7])
# Somebody who may do what is tried, if there is anybody; or one of the people so far, 0 for nobody
# known. Left to chance, nearly everything would be refused.
ABLE = -1
WHO = st.sampled_from([ABLE, 1, 2, 3, 0, ABLE, ABLE, ABLE, 4, 5])
# Whoever closes an account. Where nobody is left, not much happens.
LEAVING = st.sampled_from([3, 2, 0, 4, 5])


class Pick(NamedTuple):
    """One of the names of a kind that are in use at the time, or of its pool.

    Names are compared without regard to case, so it may be shouted.
    """

    kind: str
    number: int
    shouted: bool = False

    def among(self, names):
        pool = POOLS[self.kind]
        name = names[self.number] if self.number < len(names) else pool[self.number % len(pool)]
        return name.upper() if self.shouted else name


def pick(kind):
    return st.builds(Pick, st.just(kind), NUMBERS, st.booleans())


def new(kind):
    return st.sampled_from(POOLS[kind])


CATALOG = {"slug": pick("catalogs")}
COLLECTION = {"slug": pick("collections")}
# One of the packages that are there, or one that may not be.
PACKAGE = {
    "catalog_slug": pick("catalogs"),
    "package_slug": st.builds(Pick, st.just("packages"), NUMBERS, st.just(False)),
}
OPEN = {"is_public": st.booleans()}
PERHAPS_OPEN = {"is_public": st.none() | st.booleans()}
NAME = {"name": pick("users")}
PERMISSIONS = st.sampled_from([["VIEW"], ["EDIT"], ["MANAGE"], [], ["NONE"], ["VIEW", "EDIT"]])
GRANTED = {"permissions": PERMISSIONS}
NUMBER = {"number": st.sampled_from([(1, 0, 0), (1, 1, 0), (2, 0, 0), (2, 0, 1), (3, 0, 0)])}
COLUMNS = st.sampled_from(
    [frozenset(text.split()) for text in ("goat", "goat yak", "goat llama yak", "yak", "llama")]
)


def step(operation, /, who=WHO, **strategies):
    """Return the rule that somebody calls *operation* with such arguments."""

    def call(self, who, **arguments):
        self.compare(operation, who, arguments)

    call.__name__ = operation
    return rule(who=who, **strategies)(call)


class Machine(RuleBasedStateMachine):
    """Two registries, one of which is a model."""

    asked: Asked

    def __init__(self):
        super().__init__()
        self.asked.begin_again()
        self.model = Model()
        # Each with their token, by which they are known under whatever name.
        self.people = []

    def teardown(self):
        for who in range(len(self.people) + 1):
            self.look(who)

    @initialize(is_public=st.booleans())
    def begin(self, is_public):
        for name in ("ann", "Bob", "cat"):
            self.sign_up(name)
        rain = {"catalog_slug": "alpha", "package_slug": "rain"}
        self.compare("create_catalog", 1, {"slug": "beta", "is_public": False})
        self.compare("create_catalog", 1, {"slug": "alpha", "is_public": is_public})
        self.compare("create_package", 1, rain)
        self.compare(
            "create_version", 1, {**rain, "number": (1, 0, 0), "columns": frozenset({"goat"})}
        )
        self.compare("create_collection", 1, {"slug": "water", "is_public": is_public})
        self.compare("add_package_to_collection", 1, {"slug": "water", **rain})

    @rule(name=new("users"))
    def sign_up(self, name):
        token = f"token{len(self.people)}"
        expected = answer(lambda: self.model.create_me(name))
        actual = answer(lambda: self.asked.sign_up(name, token))
        if isinstance(expected, str):
            assert actual == expected
        else:
            assert actual is None
            self.people.append((expected, token))

    @rule(who=NUMBERS)
    def look(self, who):
        user, token = self.person(who)
        document = f"{{ {EVERYBODYS} {KNOWN if user else ''} }}"
        actual = answer(lambda: read_view(self.asked.ask(token, document, {})))
        assert actual == self.expected(user, lambda: self.model.view(user))

    def compare(self, name, who, arguments):
        arguments = self.resolved(arguments)
        user, token = self.able(name, arguments) if who == ABLE else self.person(who)
        document, read, variables = OPERATIONS[name]
        sent = variables(arguments)
        actual = answer(lambda: read(self.asked.ask(token, document, sent)["it"]))
        expected = self.expected(user, lambda: getattr(self.model, name)(user, **arguments))
        assert actual == expected, f"{user and user.name} calls {name} with {arguments}"

    def person(self, who):
        return self.people[(who - 1) % len(self.people)] if who else (None, None)

    def able(self, name, arguments):
        """Return the first of the people who may call *name* so, or the first of them."""
        for user, token in self.people:
            # Tried out on a copy: it takes effect.
            model, tried = copy.deepcopy((self.model, user))
            answered = self.expected(tried, partial(getattr(model, name), tried, **arguments))
            if not str(answered).startswith("refused"):
                return user, token
        return self.people[0]

    def resolved(self, arguments):
        """Return *arguments* with the names that are picked."""
        found = {}
        for key, value in arguments.items():
            if not isinstance(value, Pick):
                found[key] = value
            elif value.kind != "packages":
                found[key] = value.among(self.model.names(value.kind))
            elif value.number < len(live := self.model.names("packages")):
                found["catalog_slug"], found[key] = live[value.number]
            else:
                found[key] = value.among([])
        return found

    @staticmethod
    def expected(user, work):
        """Return what the model answers; whoever is gone is not known under any token."""
        if user is not None and not user.is_active:
            return "refused: API_KEY_NOT_FOUND"
        return answer(work)

    username_available = step("username_available", **NAME)
    update_me = step("update_me", name=new("users"))
    disable_me = step("disable_me", who=LEAVING)
    admin_delete_user = step("admin_delete_user", **NAME)

    catalog_slug_available = step("catalog_slug_available", **CATALOG)
    catalog = step("catalog", **CATALOG)
    create_catalog = step("create_catalog", slug=new("catalogs"), **OPEN)
    update_catalog = step(
        "update_catalog", **CATALOG, new_slug=st.none() | new("catalogs"), **PERHAPS_OPEN
    )
    disable_catalog = step("disable_catalog", **CATALOG)
    users_by_catalog = step("users_by_catalog", **CATALOG)
    set_user_catalog_permission = step(
        "set_user_catalog_permission", **CATALOG, **NAME, **GRANTED, on_packages=PERMISSIONS
    )
    remove_user_from_catalog = step("remove_user_from_catalog", **CATALOG, **NAME)

    package = step("package", **PACKAGE)
    create_package = step(
        "create_package", catalog_slug=pick("catalogs"), package_slug=new("packages")
    )
    update_package = step(
        "update_package",
        **PACKAGE,
        new_catalog=st.none() | pick("catalogs"),
        new_slug=st.none() | new("packages"),
        **PERHAPS_OPEN,
    )
    move_package = step("move_package", **PACKAGE, new_catalog=pick("catalogs"))
    disable_package = step("disable_package", **PACKAGE)
    users_by_package = step("users_by_package", **PACKAGE)
    set_package_permissions = step("set_package_permissions", **PACKAGE, **NAME, **GRANTED)
    remove_package_permissions = step("remove_package_permissions", **PACKAGE, **NAME)

    version = step("version", **PACKAGE, **NUMBER)
    create_version = step("create_version", **PACKAGE, **NUMBER, columns=COLUMNS)
    disable_version = step("disable_version", **PACKAGE, **NUMBER)

    collection_slug_available = step("collection_slug_available", **COLLECTION)
    collection = step("collection", **COLLECTION)
    create_collection = step("create_collection", slug=new("collections"), **OPEN)
    update_collection = step(
        "update_collection", **COLLECTION, new_slug=st.none() | new("collections"), **PERHAPS_OPEN
    )
    disable_collection = step("disable_collection", **COLLECTION)
    users_by_collection = step("users_by_collection", **COLLECTION)
    set_user_collection_permissions = step(
        "set_user_collection_permissions", **COLLECTION, **NAME, **GRANTED
    )
    delete_user_collection_permissions = step(
        "delete_user_collection_permissions", **COLLECTION, **NAME
    )
    add_package_to_collection = step("add_package_to_collection", **COLLECTION, **PACKAGE)
    remove_package_from_collection = step("remove_package_from_collection", **COLLECTION, **PACKAGE)


def answer(work):
    """Return what *work* returns, or in words why it was refused."""
    try:
        return work()
    except Refused as refused:
        return f"refused: {refused}"


@pytest.fixture
def asked(settings):
    asked = Asked(settings.db)
    yield asked
    asked.close()


def run(asked, examples):
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        type("Machine", (Machine,), {"asked": asked}),
        settings=limits(max_examples=examples, stateful_step_count=40, suppress_health_check=quiet),
    )


def test_some_calls_in_any_order_answer_what_the_model_answers(asked):
    run(asked, 20)


@pytest.mark.fuzz
def test_many_calls_in_any_order_answer_what_the_model_answers(asked):
    run(asked, 500)
