import pytest

from litereg.registry.package_file.timestamp import is_date_time, unix_ms


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2020-10-01T13:54:29.442Z", 1_601_560_469_442),
        ("2020-10-01T15:54:29.442+02:00", 1_601_560_469_442),
        ("2020-10-01 13:54:29.442z", 1_601_560_469_442),
        ("2020-10-01t13:54:29.44299999999Z", 1_601_560_469_442),
        ("1969-12-31T23:59:59.999Z", -1),
        ("0001-01-01T00:00:00+23:59", -62_135_683_140_000),
        ("9999-12-31T23:59:59.999-23:59", 253_402_387_139_999),
    ],
)
def test_a_date_time_is_read_to_milliseconds(text, milliseconds):
    assert unix_ms(text) == milliseconds
    assert is_date_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2020-10-01",
        "2020-10-01T13:54Z",
        "2020-10-01T13:54:29",
        "2020-10-01T13:54:29,442Z",
        "2020-10-01T13:54:29Z\n",
        "2020-10-01T13:54:60Z",
        "2020-10-01T24:00:00Z",
        "2020-02-30T00:00:00Z",
        "2020-10-01T13:54:29+25:00",
        "0000-01-01T00:00:00Z",
        "202\N{ARABIC-INDIC DIGIT ONE}-10-01T13:54:29Z",
        "Thu Oct 01 2020 13:54:29 GMT+0000",
    ],
)
def test_anything_else_is_no_date_time(text):
    assert not is_date_time(text)
    with pytest.raises(ValueError):
        unix_ms(text)
