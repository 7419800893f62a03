import json

import pytest


@pytest.fixture
def label(shell, target):
    """Run `litereg label …` on a registry that other tests use too, in a file or at an address."""

    def run(*args):
        return shell("label", *args, *target)

    return run


@pytest.fixture
def done(label):
    """Run a command that has to succeed, and return what it printed."""

    def run(*args):
        result = label(*args)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def said(done):
    """Run a command that has to succeed, and return the JSON that it printed."""

    def run(*args):
        return json.loads(done(*args, "--json"))

    return run


def words(event):
    package = event["publicPackage"] or {"type": "", "name": ""}
    named = (event["action"], event["labelName"], *package.values(), event["version"] or "")
    return " ".join(filter(None, named))


def test_a_list_without_anything_in_it_says_so_beside_the_result(label, done, slug):
    done("create", slug)

    found = label("list", f"{slug}-else")
    carriers = label("show", slug)
    events = label("log", "npm", slug)

    assert [result.stdout for result in (found, carriers, events)] == [""] * 3
    assert found.stderr == events.stderr == "Nothing found.\n"
    assert carriers.stderr == f"Nothing carries {slug}.\n"


def test_a_label_lives_from_its_making_to_its_end(done, said, slug):
    old, new = f"{slug}-old", f"{slug}-new"

    assert done("create", old, "--description", "fine") == f"The label {old} is made.\n"
    assert done("rename", old, new) == f"The label {old} is now {new}.\n"
    done("describe", new, "read by ann")
    assert done("assign", new, "npm", slug) == f"{new} is on npm {slug}.\n"
    assert done("assign", new, "go", slug, "v1", "v2") == f"{new} is on 2 versions.\n"
    assert done("remove", new, "go", slug, "v1") == f"{new} is not on go {slug} v1.\n"
    (listed,) = said("list", new)
    shown = said("show", new)
    assert done("delete", new) == f"Deleted: {new}\n"

    assert listed["description"] == "read by ann"
    assert (listed["packages"], listed["versions"], listed["createdBy"]) == (1, 1, "ann")
    assert [(row["type"], row["version"], row["assignedBy"]) for row in shown] == [
        ("npm", None, "ann"),
        ("go", "v2", "ann"),
    ]
    assert said("list", new) == []
    assert [words(event) for event in said("log", "--label", old)] == [
        f"DELETED {new}",
        f"REMOVED {new} npm {slug}",
        f"REMOVED {new} go {slug} v2",
        f"REMOVED {new} go {slug} v1",
        f"ASSIGNED {new} go {slug} v2",
        f"ASSIGNED {new} go {slug} v1",
        f"ASSIGNED {new} npm {slug}",
        f"DESCRIBED {new}",
        f"RENAMED {new}",
        f"CREATED {new}",
    ]
    assert {event["doneBy"] for event in said("log", "--label", new)} == {"ann"}


def test_people_read_tables(done, slug):
    done("create", slug, "--description", "read\nby ann")
    done("assign", slug, "npm", slug)
    done("assign", slug, "go", slug, "v1")

    listed = done("list", slug).splitlines()
    shown = done("show", slug).splitlines()
    logged = done("log", "--label", slug).splitlines()

    assert listed[0].split() == ["NAME", "PACKAGES", "VERSIONS", "MADE", "BY", "DESCRIPTION"]
    assert listed[1].split()[:3] == [slug, "1", "1"]
    assert listed[1].endswith("read by ann")
    assert [line.split()[:3] for line in shown[1:]] == [["npm", slug, "(all"], ["go", slug, "v1"]]
    assert logged[1].endswith(f"put on go {slug} v1")
    assert logged[3].split()[1:] == ["ann", slug, "made"]


def test_package_urls_are_spelled_as_imports_spell_them(done, said, slug):
    done("create", slug)
    done("assign", slug, f"pkg:golang/example.org/{slug}@v1", f"pkg:npm/%40scope/{slug}@1.0?a=b")
    done("assign", slug, f"pkg:pypi/{slug.replace('-', '_')}")

    found = {(row["type"], row["name"], row["version"]) for row in said("show", slug)}

    assert found == {
        ("go", f"example.org/{slug}", "v1"),
        ("npm", f"@scope/{slug}", "1.0"),
        ("pypi", slug, None),
    }


def test_the_log_of_a_package_tells_of_its_versions(done, said, slug):
    done("create", slug)
    done("assign", slug, "npm", slug, "1", "2")
    done("remove", slug, "npm", slug, "2")

    of_package = [words(event) for event in said("log", f"pkg:npm/{slug}")]
    of_version = [words(event) for event in said("log", "npm", slug, "2")]
    limited = said("log", "npm", slug, "--limit", "1")

    removed, second, first = (
        f"REMOVED {slug} npm {slug} 2",
        f"ASSIGNED {slug} npm {slug} 2",
        f"ASSIGNED {slug} npm {slug} 1",
    )
    assert of_package == [removed, second, first]
    assert of_version == [removed, second]
    assert [words(event) for event in limited] == [removed]


@pytest.fixture
def shared(shell, target, slug):
    """Name a data package without any version that everybody may see."""
    catalog = f"{slug[-30:].strip('-')}-x"
    shell.done(
        "query",
        "-",
        *target,
        input=f"""mutation {{
          createCatalog(value: {{
            slug: "{catalog}", displayName: "Shared", isPublic: true}}) {{ displayName }}
          createPackage(value: {{
            catalogSlug: "{catalog}", packageSlug: "rain", displayName: "Rain"}}) {{ displayName }}
          updatePackage(
            identifier: {{catalogSlug: "{catalog}", packageSlug: "rain"}}, value: {{isPublic: true}}
          ) {{ displayName }}
        }}""",
    )
    return f"{catalog}/rain"


def test_which_data_packages_carry_labels_is_said_where_one_does_not(done, label, slug, shared):
    done("create", slug)

    hidden = label("assign", slug, "datapm", f"ann/{slug}")
    missing = label("assign", slug, "datapm", shared, "1.0.0")
    of_npm = label("assign", slug, "npm", "")

    assert hidden.stderr.splitlines() == [
        f"Error: Package datapm:ann/{slug} was not found in the catalog",
        "Only data packages that everybody may see carry labels.",
    ]
    assert missing.stderr.splitlines() == [
        f"Error: Package version datapm:{shared}:1.0.0 was not found in the catalog",
        "`litereg info CATALOG/PACKAGE` lists the versions.",
    ]
    assert of_npm.stderr == "Error: Package name cannot be empty\n"


def test_what_has_a_label_is_refused_in_the_words_of_the_api(done, label, slug):
    done("create", slug)
    done("assign", slug, "npm", slug)

    for what in (("npm", slug), ("npm", slug, "1"), (f"pkg:npm/{slug}@2",)):
        result = label("assign", slug, *what)
        assert result.exit_code == 1
        assert "A requested package already has a label assigned." in result.stderr


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("show", "nope"), "Label nope does not exist"),
        (("rename", "nope", "other"), "Label nope does not exist"),
        (("delete", "nope"), "Label nope does not exist"),
        (("create", " "), "A label name cannot be empty"),
        (("assign", "nope", "npm", "x"), "The following labels were not found:[ nope]."),
        # A shell's variable that turns out empty does not label the package as a whole.
        (("assign", "nope", "npm", "x", ""), "Package version cannot be empty"),
    ],
)
def test_what_is_not_there_is_named(label, args, words):
    result = label(*args)

    assert result.exit_code == 1
    assert words in result.stderr


def test_of_several_labels_those_that_are_there_are_deleted(done, said, label, slug):
    done("create", f"{slug}-1")

    result = label("delete", f"{slug}-1", f"{slug}-2")

    assert result.exit_code == 1
    assert "the others are deleted" in result.stderr
    assert said("list", slug) == []


@pytest.mark.parametrize(
    "args",
    [
        ("assign", "a", "npm"),
        ("assign", "a", "pkg:nothing"),
        ("assign", "a", "pkg:npm/x", "pkg:npm/y"),
        ("assign", "a", "pkg:npm/x", "pkg:npm/x@1"),
        ("assign", "a", "pkg:npm/x@1", "npm"),
        ("log", "npm", "x", "1", "2"),
        ("log", "npm", "x", "--label", "a"),
        ("log", "--limit", "0"),
    ],
)
def test_what_cannot_be_meant_is_wrong_use(label, args):
    assert label(*args).exit_code == 2


def test_long_lists_come_in_pages_and_whole(done, said, slug, shell, target):
    done("create", slug)
    versions = [f"1.{number}" for number in range(1_001)]
    for start in (0, 500, 1_000):
        done("assign", slug, "npm", slug, *versions[start : start + 500])

    assert [row["version"] for row in said("show", slug)] == versions
    logged = said("log", "--label", slug, "--limit", "1001")
    assert [event["version"] for event in logged] == versions[::-1]
    assert "There may be more" in shell("label", "log", "--label", slug, *target).stderr


def test_nobody_may_change_labels_and_strangers_may_not_read_them(shell, served):
    for options in (["--db", served.file], ["--url", served.url]):
        for args in (("create", "mine"), ("list",), ("log",)):
            result = shell("label", *args, *options)
            assert result.exit_code == 1
            assert "NOT_AUTHENTICATED" in result.stderr
