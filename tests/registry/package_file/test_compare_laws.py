import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from litereg.registry.package_file import Compatibility, compatibility, differences, normalise

from .samples import minimal, package_file


def changes(old, new):
    """Return what changed from *old* to *new* as a set of kinds and pointers."""
    found = differences(package_file(old), package_file(new))
    return {(difference.kind.value, difference.pointer) for difference in found}


PROPERTIES = st.dictionaries(
    st.text("ab/~", max_size=2),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "number", ["string", "null"]])},
        optional={"description": st.text("xy", max_size=1), "unit": st.just("m")},
    ),
    max_size=4,
)
FILES = st.lists(
    st.fixed_dictionaries({"title": st.sampled_from(["a", "b"]), "properties": PROPERTIES}),
    max_size=3,
).map(lambda schemas: minimal("0.3.20") | {"schemas": schemas})


@settings(max_examples=60, deadline=None)
@given(FILES)
def test_a_file_is_identical_to_itself(document):
    file = package_file(document)

    assert compatibility(file, file) is Compatibility.IDENTICAL
    assert differences(file, package_file(copy.deepcopy(document))) == []


@settings(max_examples=60, deadline=None)
@given(FILES, FILES)
def test_what_is_added_one_way_is_removed_the_other_way(one, other):
    there, back = changes(one, other), changes(other, one)

    for added, removed in (("ADD_PROPERTY", "REMOVE_PROPERTY"), ("ADD_SCHEMA", "REMOVE_SCHEMA")):
        assert {at for kind, at in there if kind == added} == {
            at for kind, at in back if kind == removed
        }
    symmetrical = {"CHANGE_PROPERTY_TYPE", "CHANGE_PROPERTY_DESCRIPTION", "CHANGE_PROPERTY_UNIT"}
    assert {pair for pair in there if pair[0] in symmetrical} == {
        pair for pair in back if pair[0] in symmetrical
    }


@settings(max_examples=60, deadline=None)
@given(FILES, FILES)
def test_no_difference_means_that_nothing_compared_differs(one, other):
    before, after = package_file(one), package_file(other)

    if compatibility(before, after) is Compatibility.IDENTICAL:
        titles = [sorted(schema.title for schema in normalise(of).schemas) for of in (one, other)]
        assert titles[0] == titles[1]
        assert set(before.property_names()) == set(after.property_names())
