"""What other programs are to be told, held against those programs where they are installed."""

import configparser
import shutil
import subprocess

import pytest


def need(program):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    return program


@pytest.mark.parametrize("options", [[], ["--litestream", "/etc/litestream.yml"]])
def test_systemd_takes_the_unit(shell, tmp_path, options):
    if options:
        need("litestream")
    unit = tmp_path / "litereg.service"
    unit.write_text(shell.done("config", "systemd", "--port", "4444", *options))

    done = subprocess.run(
        [need("systemd-analyze"), "verify", "--man=no", unit], capture_output=True, text=True
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert " --db /var/lib/litereg/litereg.db --host 127.0.0.1 --port 4444" in unit.read_text()


# What systemd.unit(5), .service(5), .exec(5), .kill(5) and .resource-control(5) know, of all that
# they know what a service like this may need. Anything else systemd would only warn of, in a log.
KNOWN = {
    "Unit": "Description Documentation Wants After Before Requires StartLimitBurst "
    "StartLimitIntervalSec",
    "Service": "Type ExecStart EnvironmentFile Environment WorkingDirectory LoadCredential "
    "LoadCredentialEncrypted DynamicUser User Group StateDirectory StateDirectoryMode UMask "
    "Restart RestartSec RestartPreventExitStatus TimeoutStopSec LimitNOFILE AmbientCapabilities "
    "CapabilityBoundingSet LockPersonality MemoryDenyWriteExecute NoNewPrivileges PrivateDevices "
    "PrivateTmp PrivateUsers ProcSubset ProtectClock ProtectControlGroups ProtectHome "
    "ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc "
    "ProtectSystem ReadWritePaths RemoveIPC RestrictAddressFamilies RestrictNamespaces "
    "RestrictRealtime RestrictSUIDSGID SystemCallArchitectures SystemCallErrorNumber "
    "SystemCallFilter StandardOutput StandardError",
    "Install": "WantedBy",
}


def test_the_unit_says_nothing_that_systemd_does_not_know(shell):
    unit = configparser.RawConfigParser(strict=False, delimiters=("=",), comment_prefixes=("#",))
    unit.optionxform = str
    unit.read_string(shell.done("config", "systemd"))

    said = {section: set(unit[section]) for section in unit.sections()}

    assert said.keys() == KNOWN.keys()
    assert {name: keys - set(KNOWN[name].split()) for name, keys in said.items()} == {
        name: set() for name in KNOWN
    }
    assert unit["Service"]["DynamicUser"] == unit["Service"]["NoNewPrivileges"] == "yes"


def test_the_unit_waits_for_requests_that_are_under_way(shell):
    unit = shell.done("config", "systemd", "--shutdown-timeout-s", "20", "--db", "/data/some.db")

    assert "TimeoutStopSec=35\n" in unit
    assert " --db /data/some.db " in unit


def test_the_unit_keeps_the_log_where_the_service_cannot_change_it(shell):
    lines = shell.done("config", "systemd").splitlines()

    assert {"StandardOutput=journal", "StandardError=journal", "DynamicUser=yes"} <= set(lines)


def test_the_unit_lets_a_scanner_run_and_reach_its_daemon(shell):
    said = dict(
        line.split("=", 1) for line in shell.done("config", "systemd").splitlines() if "=" in line
    )

    assert "AF_UNIX" in said["RestrictAddressFamilies"].split()
    # Which holds @process: fork, exec and their like.
    assert said["SystemCallFilter"] == "@system-service"
    in_the_way = {"NoExecPaths", "MemoryDenyWriteExecute", "InaccessiblePaths", "PrivateNetwork"}
    assert in_the_way & set(said) == set()


@pytest.mark.parametrize("options", [[], ["--base-url", "https://data.example.org/registry"]])
def test_nginx_takes_the_configuration(shell, tmp_path, options):
    need("nginx")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *(need("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt"),
            *("ec_paramgen_curve:prime256v1", "-nodes", "-days", "1", "-subj", "/CN=a"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    files = ["--certificate", certificate, "--key", key]
    site = shell.done("config", "nginx", *files, *options)
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{site}\n}}\n")

    done = subprocess.run(["nginx", "-t", "-c", whole], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr
    assert "proxy_pass http://litereg;" in site


def test_nginx_lets_litereg_say_what_is_too_long_and_keeps_figures_from_guests(shell):
    base = ("--base-url", "https://data.example.org/registry", "--max-body-bytes", "5000000")

    site = shell.done("config", "nginx", *base)

    assert "client_max_body_size 6m;" in site
    assert "server_name data.example.org;" in site
    assert "location /registry/ {" in site
    assert "location = /registry/metrics {" in site


def test_nginx_speaks_tls_to_a_registry_that_does(shell):
    site = shell.done("config", "nginx", "--tls-cert", "cert.pem", "--tls-key", "key.pem")

    assert "proxy_pass https://litereg;" in site


def test_litestream_is_told_the_whole_path(shell):
    told = shell.done("config", "litestream", "s3://bucket/registry")

    assert f"  - path: {shell.folder}/litereg.db\n" in told
    assert "url: s3://bucket/registry\n" in told
