import json

import pytest

from litereg.settings import load


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
