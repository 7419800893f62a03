from tests.readme import README, with_tables


def test_the_readmes_tables_say_what_the_code_says():
    text = README.read_text("utf-8")

    assert with_tables(text) == text
