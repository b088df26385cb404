"""`pytest --wsconform` and the fixture, in sessions of their own."""

import pytest


@pytest.fixture
def session(pytester, monkeypatch):
    """Runs pytest in a process of its own and a folder of its own."""
    monkeypatch.delenv("PYTEST_XDIST_TESTRUNUID", raising=False)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    return lambda *arguments: pytester.runpytest_subprocess(*arguments)


def test_each_case_is_a_test(session, broken_server):
    result = session("--wsconform", broken_server, "--wsconform-option", "cases=closing/*", "-rA")
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] > 0 and outcomes["passed"] > 50 and "errors" not in outcomes
    assert result.ret == 1
    text = result.stdout.str()
    assert "RFC 6455 §" in text and "> close" in text and "Traceback" not in text
    result.stdout.fnmatch_lines(["FAILED wsconform::closing/*"])
    result.stdout.fnmatch_lines(["PASSED wsconform::closing/after-echo", "PASSED wsconform::(run)"])


def test_what_is_tolerated_passes_with_a_note(session, pytester):
    import wsconform
    from conftest import listening

    with listening([wsconform.executable(), "echo", "--port", "0", "--defect", "accepts-one-byte-close"]) as url:
        result = session("--wsconform", url, "--wsconform-option", "cases=closing/one-byte-payload", "-rP")
    assert result.parseoutcomes() == {"passed": 2}
    result.stdout.fnmatch_lines(["*tolerated  closing/one-byte-payload*"])


def test_what_is_chosen_is_all_that_runs(session, broken_server, pytester):
    import wsconform

    result = session("--wsconform", broken_server, "-k", "one-byte-payload or after-echo")
    assert result.parseoutcomes()["passed"] >= 2
    ran = set(wsconform.Report(pytester.path / "wsconform-report").verdicts)
    assert "closing/one-byte-payload" in ran and len(ran) < 20


def test_nothing_runs_where_tests_are_only_collected(session, pytester):
    result = session("--wsconform", "ws://127.0.0.1:1", "--wsconform-option", "cases=ping/*", "--collect-only", "-q")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["wsconform::ping/*", "wsconform::(run)"])
    assert not (pytester.path / "wsconform-report").exists()


def test_what_was_not_tried_is_skipped(session, pytester):
    import wsconform
    from conftest import listening

    with listening([wsconform.executable(), "echo", "--port", "0"]) as url:
        result = session(
            "--wsconform", url, "--wsconform-option", "cases=ping/*", "--wsconform-option", "application=none", "-rs"
        )
    outcomes = result.parseoutcomes()
    assert outcomes["skipped"] > 0 and result.ret == 0


def test_a_server_that_is_not_there_is_one_error(session):
    result = session("--wsconform", "ws://127.0.0.1:1", "--wsconform-option", "cases=ping/*")
    outcomes = result.parseoutcomes()
    assert outcomes["errors"] == 1 and "failed" not in outcomes and outcomes["skipped"] > 10
    result.stdout.fnmatch_lines(["*127.0.0.1:1 refused the connection*"])


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--wsconform", "ws://a", "--wsconform-option", "cases=nothing/*"], "*no case matches 'nothing/[*]'*"),
        (["--wsconform-option", "jobs=1"], "*--wsconform-option needs --wsconform URL*"),
        (["--wsconform", "ws://127.0.0.1:1", "--wsconform-option", "=1"], "*has no name*"),
    ],
)
def test_wrong_usage_is_one_line(session, arguments, line):
    result = session(*arguments)
    assert result.ret == 4
    result.stderr.fnmatch_lines([line])


def test_an_option_that_does_not_exist_is_the_tools_line(session):
    result = session("--wsconform", "ws://127.0.0.1:1", "--wsconform-option", "no-such=1", "-k", "one-byte-payload")
    assert result.parseoutcomes()["errors"] == 1
    result.stdout.fnmatch_lines(["*--no-such*"])


def test_the_ini_file_says_it_too(session, pytester, broken_server):
    options = "\n    cases=closing/*\n    exclude=closing/code/*\n    jobs=2\n"
    pytester.makeini("[pytest]\nwsconform = %s\nwsconform_options =%s" % (broken_server, options))
    result = session("--collect-only", "-q")
    result.stdout.no_fnmatch_line("*closing/code/*")
    result.stdout.fnmatch_lines(["wsconform::closing/after-echo"])


def test_workers_of_xdist_share_one_run(session, pytester, broken_server):
    result = session("--wsconform", broken_server, "--wsconform-option", "cases=closing/*", "-n", "3")
    outcomes = result.parseoutcomes()
    assert outcomes["failed"] > 0 and outcomes["passed"] > 50
    alone = session("--wsconform", broken_server, "--wsconform-option", "cases=closing/*", "-n", "0").parseoutcomes()
    assert alone["failed"] == outcomes["failed"] and alone["passed"] == outcomes["passed"]


def test_tests_of_ones_own_run_beside_the_cases(session, pytester, real_server):
    pytester.makepyfile(
        """
        def test_closing(wsconform):
            report = wsconform.run_server(%r, cases=["closing/after-echo"])
            assert report.ok, report.explanation
            assert "test_closing" in str(report.path)
            again = wsconform.run_server(%r, cases=["closing/after-echo"])
            assert again.path != report.path
        """
        % (real_server, real_server)
    )
    result = session("--wsconform", real_server, "--wsconform-option", "cases=closing/after-echo")
    assert result.parseoutcomes() == {"passed": 3}


def test_the_plugin_does_nothing_unless_it_is_asked(session, pytester):
    pytester.makepyfile("def test_nothing(): pass")
    assert session().parseoutcomes() == {"passed": 1}
