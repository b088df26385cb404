"""The wheel as it is installed, and machines where it cannot work."""

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

import pytest
from conftest import ROOT

import wsconform
from wsconform import _binary

SCRIPT = Path(sysconfig.get_path("scripts")) / "wsconform"


def run(*command, **options):
    """Run a command to its end."""
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def test_versions_come_from_one_place():
    source = (ROOT / "Sources/WSRunFolder/ToolIdentity.swift").read_text()
    version = re.search(r'static let version = "([^"]+)"', source)[1]
    assert wsconform.__version__ == metadata.version("wsconform") == version
    assert run(str(SCRIPT), "--version").stdout.strip() == version
    assert run(sys.executable, "-m", "wsconform", "--version").stdout.strip() == version


def test_the_wheel_is_what_is_tested():
    assert Path(wsconform.__file__).parent == Path(sysconfig.get_path("platlib")) / "wsconform"
    assert (Path(wsconform.__file__).parent / "py.typed").exists()


def test_the_calls_are_seen_before_they_are_loaded():
    code = "import wsconform; print(*dir(wsconform))"
    names = run(sys.executable, "-c", code).stdout.split()
    assert {"run_server", "run_client", "serve_clients", "Report", "__version__"} <= set(names)


def test_the_stub_has_every_option_of_the_tool():
    stub = ast.parse((Path(wsconform.__file__).parent / "__init__.pyi").read_text())
    calls = {each.name: {argument.arg for argument in each.args.kwonlyargs} for each in stub.body if hasattr(each, "args")}
    described = json.loads(run(str(SCRIPT), "--experimental-dump-help").stdout)["command"]["subcommands"]
    options = {
        command["commandName"]: {
            each["preferredName"]["name"].replace("-", "_")
            for each in command["arguments"]
            if each["kind"] != "positional" and each["shouldDisplay"]
        }
        for command in described
    }
    of_no_call = {"help", "version", "list_defects"}
    mappings = {"headers", "cookies"}
    assert calls["run_server"] - mappings == options["server"] - of_no_call
    assert calls["run_client"] == options["client"] - of_no_call
    commands = {"driver", "embedded", "defect", "listen"}
    assert calls["serve_clients"] == options["client"] - of_no_call - commands


def test_the_console_script_becomes_the_tool():
    done = run(str(SCRIPT), "server", "ws://127.0.0.1:9001", "--no-such")
    assert done.returncode == 64 and done.stderr.startswith("wsconform: ") and done.stderr.count("\n") == 1
    assert run(str(SCRIPT), "server", "--help").stdout.startswith("OVERVIEW: ")


def test_a_pipe_that_closes_ends_it_silently():
    process = subprocess.Popen(
        ["sh", "-c", '"$1" cases | head -1', "sh", str(SCRIPT)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    output, error = process.communicate()
    assert output.count(b"\n") == 1 and error == b""


def test_a_missing_binary_is_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("WSCONFORM_BINARY", str(tmp_path / "nowhere"))
    with pytest.raises(wsconform.InstallationError, match="nowhere is missing; the variable WSCONFORM_BINARY names it"):
        wsconform.run_server("ws://127.0.0.1:1")
    done = run(str(SCRIPT), "--version")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "WSCONFORM_BINARY" in done.stderr


def test_a_binary_that_is_not_executable_is_one_line(monkeypatch, tmp_path):
    file = tmp_path / "wsconform"
    file.write_text("")
    file.chmod(0o644)
    monkeypatch.setenv("WSCONFORM_BINARY", str(file))
    with pytest.raises(wsconform.InstallationError, match="not executable; chmod"):
        wsconform.executable()


def test_a_binary_for_another_machine_is_one_line(monkeypatch, tmp_path):
    file = tmp_path / "wsconform"
    octets = bytearray(Path(_binary.executable()).read_bytes()[:4096])
    octets[18:20] = (243).to_bytes(2, "little")
    file.write_bytes(bytes(octets))
    file.chmod(0o755)
    monkeypatch.setenv("WSCONFORM_BINARY", str(file))
    with pytest.raises(wsconform.InstallationError, match="made for another machine"):
        wsconform.run_server("ws://127.0.0.1:1")
    done = run(str(SCRIPT), "--version")
    assert done.returncode == 2 and done.stderr.count("\n") == 1 and "another machine" in done.stderr


def test_a_loader_that_is_missing_is_one_line(monkeypatch, tmp_path):
    file = tmp_path / "wsconform"
    octets = Path(_binary.executable()).read_bytes()
    file.write_bytes(octets.replace(b"/ld-linux-", b"/no-linux-"))
    file.chmod(0o755)
    monkeypatch.setenv("WSCONFORM_BINARY", str(file))
    with pytest.raises(wsconform.InstallationError, match="loader that it asks for is missing"):
        wsconform.run_server("ws://127.0.0.1:1")


@pytest.mark.parametrize(
    ("system", "machine", "library", "line"),
    [
        ("Linux", "x86_64", "glibc 2.35", None),
        ("Linux", "aarch64", "glibc 2.41", None),
        ("Linux", "x86_64", "glibc 2.31", "needs glibc 2.35 or newer, and this is 2.31; build wsconform"),
        ("Linux", "x86_64", None, "needs the GNU C library"),
        ("Linux", "riscv64", "glibc 2.41", "no binary for Linux on riscv64"),
        ("Darwin", "arm64", None, "no binary for Darwin on arm64"),
    ],
)
def test_a_platform_without_a_binary_is_one_line(system, machine, library, line, monkeypatch):
    machine_here = os.uname()
    stand_in = type("uname", (), {"sysname": system, "machine": machine, "release": machine_here.release})
    monkeypatch.setattr(os, "uname", lambda: stand_in)
    monkeypatch.setattr(os, "confstr", lambda name: library)
    trouble = _binary.platform_trouble()
    assert (trouble is None) if line is None else (line in trouble and "\n" not in trouble)


def test_an_old_python_is_told_so():
    source = Path(wsconform.__file__).read_text().replace("(3, 8)", "(99, 0)")
    with pytest.raises(ImportError, match=r"needs Python 3\.8 or newer, and this is \d+\.\d+$"):
        exec(compile(source, "wsconform", "exec"), {"__name__": "wsconform"})
    requires = metadata.metadata("wsconform")["Requires-Python"]
    assert requires == ">=3.8"


def test_names_that_do_not_exist_are_attribute_errors():
    with pytest.raises(AttributeError, match="no attribute 'run_servers'"):
        wsconform.run_servers
    assert all(hasattr(wsconform, name) for name in wsconform.__all__)
