import io

import pytest

from litereg.labels.imports.entries import NOT_STORABLE, UnreadableFile
from litereg.labels.imports.type_table import LEFT_OUT, NOT_A_PURL, TypeTable, read_type_table

SPELLED = [
    ("pkg:npm/lodash@4.17.21", ("npm", "lodash", "4.17.21")),
    ("pkg:npm/%40babel/core@7.24.7", ("npm", "@babel/core", "7.24.7")),
    ("pkg:pypi/Foo.Bar_baz@1.0", ("pypi", "foo-bar-baz", "1.0")),
    ("pkg:maven/org.apache.commons/io@2.0?type=jar", ("maven", "org.apache.commons:io", "2.0")),
    (
        "pkg:golang/github.com/BurntSushi/toml@v1.4.0#cmd",
        ("go", "github.com/BurntSushi/toml", "v1.4.0"),
    ),
    ("pkg:docker/node@20", ("docker", "library/node", "20")),
    ("pkg:docker/bitnami/redis@sha256%3Aab?x=y", ("docker", "bitnami/redis", "sha256:ab")),
    ("pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386", ("rpm", "curl", "7.50.3-1.fc25")),
    ("pkg:huggingface/openai/whisper@169d4a", ("Hugging Face", "openai/whisper", "169d4a")),
    ("pkg:nuget/Newtonsoft.Json@13.0.3", ("nuget", "Newtonsoft.Json", "13.0.3")),
    ("pkg:composer/laravel/framework@11.0", ("composer", "laravel/framework", "11.0")),
    ("pkg:conda/numpy@1.26?build=py312", ("conda", "numpy", "1.26")),
    ("pkg:conan/boost@1.84.0", ("conan", "boost", "1.84.0")),
    ("pkg:cran/A3@1.0.0", ("cran", "A3", "1.0.0")),
    ("pkg:pub/http@1.2.0", ("pub", "http", "1.2.0")),
    ("pkg:cargo/rand@0.8.5", ("cargo", "rand", "0.8.5")),
    ("pkg:gem/rails@7.1.0?platform=java", ("gem", "rails", "7.1.0")),
    ("pkg:deb/debian/curl@7.50.3-1", ("deb", "curl", "7.50.3-1")),
    ("pkg:apk/alpine/musl@1.2.5", ("apk", "musl", "1.2.5")),
    ("pkg:github/ann/example@v1", ("github", "ann/example", "v1")),
]


@pytest.mark.parametrize(("purl", "expected"), SPELLED)
def test_package_urls_are_spelled_as_the_catalogs_clients_do(purl, expected):
    assert TypeTable().purl(purl, 1)[:3] == expected


@pytest.mark.parametrize("text", ["", "npm:lodash@1", "pkg:npm", "pkg:npm/", "pkg:/a@1"])
def test_what_is_no_package_url_is_left_out(text):
    assert TypeTable().purl(text, 1).reason == NOT_A_PURL


def test_a_text_that_cannot_be_stored_is_left_out():
    assert TypeTable().purl("pkg:npm/a%00b@1", 1).reason == NOT_STORABLE


def changed(text):
    return read_type_table(io.BytesIO(text.encode()))


def test_a_file_changes_types_and_names():
    table = changed(
        """
        cargo = "Crates"
        huggingface = "huggingface"
        deb = { type = "Debian", name = "{namespace}/{name}" }
        maven = { name = "{namespace}/{name}" }
        generic = ""
        """
    )

    assert table.purl("pkg:cargo/rand@0.8.5", 1)[:2] == ("Crates", "rand")
    assert table.purl("pkg:huggingface/a/b@1", 1)[:2] == ("huggingface", "a/b")
    assert table.purl("pkg:deb/debian/curl@1", 1)[:2] == ("Debian", "debian/curl")
    assert table.purl("pkg:deb/curl@1", 1)[:2] == ("Debian", "curl")
    assert table.purl("pkg:maven/g/a@1", 1)[:2] == ("maven", "g/a")
    assert table.purl("pkg:generic/a@1", 1).reason == LEFT_OUT
    assert table.purl("pkg:docker/node@20", 1)[:2] == ("docker", "library/node")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("cargo =", "no TOML"),
        ("cargo = 7", "a text is wanted"),
        ('Cargo = "Crates"', "small letters"),
        ("cargo = { type = 7 }", "a text is wanted"),
        ('cargo = { kind = "Crates" }', "unknown word kind"),
        ('cargo = { name = "x" }', "the name is made of"),
        ('cargo = { name = "{name}{name}" }', "the name is made of"),
        ('cargo = { name = "{version}/{name}" }', "the name is made of"),
        ("a = " + "[" * 20_000, "no TOML"),
    ],
)
def test_a_table_that_says_nothing_is_refused(text, complaint):
    with pytest.raises(UnreadableFile, match=complaint):
        changed(text)
