"""Runs through the module, against real servers and clients."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest
from conftest import DEFECT, command_of, listening

import wsconform


def test_a_real_server_is_tested(real_server, tmp_path):
    cases = ["closing/*", "ping/*"]
    report = wsconform.run_server(real_server, cases=cases, exclude="closing/code/*", out=tmp_path / "r")
    assert report.exit_status == 0 and report.ok and report.is_complete
    assert report.path == tmp_path / "r" / "report.json" and report.path.exists()
    assert report["closing/one-byte-payload"].verdict == "pass"
    assert set(report.verdicts) == {case.id for case in report.cases}
    assert not any(case.startswith("closing/code/") for case in report.verdicts)
    assert sum(report.summary.values()) == len(report.cases) > 50
    assert report["closing/one-byte-payload"].transcript.exists()


def test_what_is_broken_is_told(broken_server, tmp_path):
    report = wsconform.run_server(broken_server, cases="closing/*", out=tmp_path)
    assert report.exit_status == 1 and not report.ok
    broken = report.findings()
    assert broken and all(case.reason and case.violated.level.startswith("MUST") for case in broken)
    assert any(line.startswith("> close") for line in broken[0].wire)
    cause = next(cause for cause in report.causes if cause.verdict == "fail")
    assert broken[0].id in [each for cause in report.causes for each in cause.cases]
    assert cause.reason in report.explanation and cause.requirement.sentence in report.explanation
    assert wsconform.run_server(broken_server, cases="closing/*", fail_on="never", out=tmp_path).exit_status == 0


def test_options_repeat_and_are_flags(broken_server, tmp_path):
    report = wsconform.run_server(
        broken_server, cases=["ping/*", "closing/after-echo"], format=["html", "junit"], jobs=2, strict=True,
        headers={"X-One": "a: b"}, cookies={"session": "s"}, quiet=False, baseline=None, out=tmp_path,
    )  # fmt: skip
    assert report.data["options"]["jobs"] == 2 and report.data["options"]["strict"] is True
    assert report.data["options"]["cases"] == ["ping/*", "closing/after-echo"]
    sent = report.data["options"]
    assert "X-One" in str(sent["headerFields"]) and "session" in str(sent["cookies"])
    assert (tmp_path / "report.html").exists() and (tmp_path / "junit.xml").exists()


def test_a_command_is_supervised(tmp_path):
    with listening([wsconform.executable(), "echo", "--port", "0"]) as url:
        port = url.rsplit(":", 1)[1]
    command = [wsconform.executable(), "echo", "--port", port]
    report = wsconform.run_server("ws://127.0.0.1:" + port, command, cases="ping/*", out=tmp_path)
    assert report.ok and report.data["options"]["supervise"] is True


def test_a_real_client_is_tested(tmp_path):
    report = wsconform.run_client(
        command_of("node_ws", "clients") + ["{url}"], cases=["ping/*", "closing/after-echo"], out=tmp_path
    )
    assert report.ok and report.data["roleUnderTest"] == "client"


def test_clients_are_served(tmp_path):
    async def drive():
        async with wsconform.serve_clients(cases="ping/*", out=tmp_path) as server:
            with pytest.raises(wsconform.RunError, match="ends"):
                server.report
            command = command_of("websockets", "clients") + ["--all", server.url]
            client = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
            assert await client.wait() == 0
        return server

    server = asyncio.run(drive())
    assert server.report.ok and len(server.reports) == 1
    assert {case.id.split("/")[0] for case in server.report.cases} == {"ping"}


def test_two_agents_have_a_report_each(tmp_path):
    async def drive():
        async with wsconform.serve_clients(cases=["ping/empty", "ping/ten"], out=tmp_path) as server:
            for agent in ("one", "two"):
                command = command_of("websockets", "clients") + ["--all", "--agent", agent, server.url]
                client = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL)
                await client.wait()
        return server

    server = asyncio.run(drive())
    assert sorted(report.agent for report in server.reports) == ["one", "two"]
    with pytest.raises(wsconform.RunError, match="several agents, one, two|several agents, two, one"):
        server.report


def test_an_error_of_the_block_ends_the_run(tmp_path):
    async def drive():
        async with wsconform.serve_clients(cases="ping/*", out=tmp_path) as server:
            pids.append(server._process.pid)
            raise LookupError("of the block")

    pids = []
    with pytest.raises(LookupError, match="of the block"):
        asyncio.run(drive())
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_nobody_came(tmp_path):
    async def drive():
        async with wsconform.serve_clients(cases="ping/*", out=tmp_path):
            pass

    with pytest.raises(wsconform.RunError, match="no client came"):
        asyncio.run(drive())


@pytest.mark.parametrize(
    ("options", "error", "line"),
    [
        ({"no_such": "x"}, wsconform.UsageError, "--no-such"),
        ({"cases": "nothing/*"}, wsconform.UsageError, "no case matches 'nothing/*'"),
        ({"jobs": 0}, wsconform.UsageError, "--jobs 0 is out of range"),
        ({}, wsconform.RunError, "refused the connection"),
        ({"help": True}, wsconform.RunError, ""),
        ({"cases": b"closing"}, TypeError, "cases is a string"),
        ({"headers": "A: b"}, TypeError, "headers is a mapping"),
    ],
)
def test_what_is_wrong_is_the_tools_own_line(options, error, line, tmp_path):
    with pytest.raises(error) as caught:
        wsconform.run_server("ws://127.0.0.1:1", out=tmp_path, **options)
    assert line in str(caught.value) and "\n" not in str(caught.value)
    assert not str(caught.value).startswith("wsconform: ")


def test_a_command_of_one_string_is_refused():
    with pytest.raises(TypeError, match="list of words"):
        wsconform.run_client("node client.js {url}")
    with pytest.raises(TypeError, match="list of words"):
        wsconform.run_client([])


def test_a_report_of_an_earlier_run_is_not_taken_for_this_ones(broken_server, tmp_path):
    wsconform.run_server(broken_server, cases="closing/after-echo", out=tmp_path)
    with pytest.raises(wsconform.RunError, match="refused the connection"):
        wsconform.run_server("ws://127.0.0.1:1", cases="closing/after-echo", out=tmp_path)


def test_an_address_of_listening_in_use_is_an_error(tmp_path):
    async def listen():
        async with wsconform.serve_clients("127.0.0.1:0", cases="ping/*", out=tmp_path / "1") as first:
            async with wsconform.serve_clients(first.url[len("ws://") :], cases="ping/*", out=tmp_path / "2"):
                raise AssertionError("two listen at one address")

    with pytest.raises(wsconform.RunError, match="another program listens there"):
        asyncio.run(listen())


def test_a_report_is_read_again(broken_server, tmp_path):
    made = wsconform.run_server(broken_server, cases="closing/*", out=tmp_path)
    read = wsconform.Report(tmp_path)
    assert read.exit_status is None and not read.ok
    assert read.verdicts == made.verdicts and "fail" in repr(read)
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(wsconform.RunError, match="wsconform-report/2"):
        wsconform.Report(tmp_path)
    (tmp_path / "report.json").write_text("{")
    with pytest.raises(wsconform.RunError, match="not JSON"):
        wsconform.Report(tmp_path)
    with pytest.raises(wsconform.RunError, match="No such file"):
        wsconform.Report(tmp_path / "nowhere")


def test_an_interrupted_call_ends_what_it_supervises(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(str(pipe))
    # The command holds the pipe open as long as it lives.
    script = (
        "import sys, wsconform\n"
        "command = ['sh', '-c', 'exec 3>\"$0\"; echo started >&3; exec sleep 4711', sys.argv[1]]\n"
        "wsconform.run_server('ws://127.0.0.1:1', command, out=sys.argv[2])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(pipe), str(tmp_path / "report")], stderr=subprocess.DEVNULL
    )
    with open(str(pipe)) as held:
        assert held.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        assert held.read() == ""
    assert process.wait() != 0


def test_the_defect_is_one_that_exists():
    listed = subprocess.run([wsconform.executable(), "echo", "--list-defects"], stdout=subprocess.PIPE, check=True)
    assert DEFECT.encode() in listed.stdout
