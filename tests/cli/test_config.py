import json
import math

import pytest

from litereg.errors import CannotStart
from litereg.settings import load, table
from litereg.settings.table import bounds_of


def origins(shell, *args, **environment):
    found = json.loads(shell.done("config", "show", "--json", *args, **environment))
    return {setting["name"]: (setting["value"], setting["origin"]) for setting in found}


def test_flags_beat_variables_beat_the_file_beat_defaults(shell):
    toml = "port = 1\nhost = 'file.example'\nregistry_name = 'file'\n"
    (shell.folder / "litereg.toml").write_text(toml)

    found = origins(
        shell,
        "--registry-name",
        "flag",
        LITEREG_REGISTRY_NAME="variable",
        LITEREG_HOST="variable.example",
    )

    assert found["registry_name"] == ("flag", "--registry-name")
    assert found["host"] == ("variable.example", "LITEREG_HOST")
    assert found["port"] == (1, "litereg.toml")
    assert found["db"] == ("litereg.db", "default")


def test_a_setting_that_is_on_can_be_switched_off(shell):
    assert origins(shell)["sign_up"] == (True, "default")
    assert origins(shell, "--no-sign-up")["sign_up"] == (False, "--sign-up")
    assert origins(shell, LITEREG_SIGN_UP="no")["sign_up"] == (False, "LITEREG_SIGN_UP")


def test_settings_are_shown_as_a_table_for_people(shell):
    lines = shell.done("config", "show", "--port", "9").splitlines()

    assert lines[0].split() == ["SETTING", "VALUE", "FROM"]
    assert ["port", "9", "--port"] in [line.split() for line in lines]
    assert ["sign_up", "true", "default"] in [line.split() for line in lines]


@pytest.mark.parametrize(
    ("args", "environment", "said"),
    [
        (["--port", "many"], {}, "'many' is not a valid integer"),
        ([], {"LITEREG_PORT": "many"}, "LITEREG_PORT (port): 'many' is not a value of type int"),
        ([], {"LITEREG_SIGN_UP": "perhaps"}, "LITEREG_SIGN_UP"),
    ],
)
def test_a_value_of_the_wrong_type_is_wrong_use(shell, args, environment, said):
    result = shell("config", "show", *args, **environment)

    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


NUMBERS = {row.name: row.default for row in table() if bounds_of(row.name, row.default)}


def test_every_number_has_bounds_and_nothing_else_has():
    kinds = {row.name: type(row.default) for row in table()}

    assert {name for name, kind in kinds.items() if kind in (int, float)} == set(NUMBERS)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_taken_up_to_its_bounds_and_refused_beyond(name, tmp_path):
    variable, default = f"LITEREG_{name.upper()}", NUMBERS[name]
    least, most = bounds_of(name, default)

    for value in (least, default, most):
        settings = load({}, {variable: str(value)}, tmp_path)
        assert getattr(settings, name) == value
    for value in (least - 1, most + 1, -(10**30), 10**30):
        with pytest.raises(CannotStart) as refused:
            load({}, {variable: str(value)}, tmp_path)
        assert refused.value.detail.startswith(f"{variable} ({name}): ")
        assert refused.value.detail.endswith(f" is not from {least:,} to {most:,}")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_no_number_is_refused(name, value, tmp_path):
    (tmp_path / "litereg.toml").write_text(f"{name} = {value}\n")

    with pytest.raises(CannotStart) as refused:
        load({}, {}, tmp_path)

    assert refused.value.detail.startswith(f"litereg.toml ({name}): {value} is not")


def test_half_a_thing_is_refused_and_a_whole_one_is_not(tmp_path):
    file = tmp_path / "litereg.toml"
    file.write_text("max_tries = 4.5")
    with pytest.raises(CannotStart, match=r"4\.5 is not a value of type int"):
        load({}, {}, tmp_path)

    file.write_text("max_tries = 4.0")
    assert load({}, {}, tmp_path).max_tries == 4


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--password-cost", "3"], "--password-cost (password_cost): 3 is not from 4 to 31"),
        (["--password-cost", "32"], "--password-cost (password_cost): 32 is not from 4 to 31"),
        (["--port", "65536"], "--port (port): 65536 is not from 0 to 65,535"),
        (["--max-running", "0"], "0 is not from 1 to 2,147,483,647"),
        (["--header-timeout-s", "0"], "0.0 is not from 0.001 to 604,800"),
        (["--header-timeout-s", "nan"], "nan is not from 0.001 to 604,800"),
        (["--log-format", "xml"], "--log-format (log_format): 'xml' is none of text, json"),
    ],
)
def test_what_cannot_work_is_wrong_use(shell, args, said):
    result = shell("serve", *args)

    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""
    assert list(shell.folder.iterdir()) == []


def test_the_mail_servers_password_is_never_shown(shell):
    password = "a-secret-of-the-mail-server"

    for args in ([], ["--json"]):
        shown = shell.done("config", "show", *args, LITEREG_SMTP_PASSWORD=password)
        assert password not in shown
        assert "(set)" in shown


def test_a_secret_comes_from_where_systemd_keeps_it(shell):
    folder = shell.folder / "credentials"
    folder.mkdir()
    (folder / "smtp_password").write_text("kept by systemd\n")
    (folder / "port").write_text("1\n")
    (shell.folder / "litereg.toml").write_text("smtp_password = 'in the file'\nport = 2\n")
    environment = {"CREDENTIALS_DIRECTORY": str(folder)}

    found = origins(shell, **environment)
    overruled = origins(shell, LITEREG_SMTP_PASSWORD="variable", **environment)
    settings = load({}, environment, shell.folder)

    assert found["smtp_password"] == ("(set)", "CREDENTIALS_DIRECTORY")
    assert found["metrics_token"] == ("", "default")
    assert found["port"] == (2, "litereg.toml")
    assert overruled["smtp_password"] == ("(set)", "LITEREG_SMTP_PASSWORD")
    assert settings.smtp_password == "kept by systemd"


def test_a_secret_that_cannot_be_read_is_wrong_use(shell):
    (shell.folder / "smtp_password").write_bytes(b"\xff\xfe")

    refused = shell("config", "show", CREDENTIALS_DIRECTORY=str(shell.folder))

    assert refused.exit_code == 2
    assert "smtp_password: it cannot be read as text" in refused.stderr


def test_no_flag_sets_a_secret(shell):
    result = shell("config", "show", "--smtp-password", "on-the-command-line")

    assert result.exit_code == 2
    assert "No such option" in result.stderr
