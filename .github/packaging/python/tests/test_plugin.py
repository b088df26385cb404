"""`pytest --wsconform` and the fixture, in sessions of their own."""

import json

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
    # The summary has the reason behind the id, and not the id again.
    result.stdout.fnmatch_lines(["FAILED wsconform::closing/code/999 - answered Close with*"])
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


def known(pytester, *entries):
    """Write a baseline of these entries, and return the option that names it."""
    document = {"schema": "wsconform-baseline/1", "roleUnderTest": "server", "expected": list(entries)}
    return "baseline=%s" % pytester.makefile(".json", known=json.dumps(document))


CODES = ["--wsconform-option", "cases=closing/code/*", "--wsconform-option"]


def test_what_a_baseline_knows_is_an_expected_failure(session, pytester, broken_server):
    by_case = {"pattern": "closing/code/*", "reason": "the framework checks no codes"}
    result = session("--wsconform", broken_server, *CODES, known(pytester, by_case), "-rx")
    outcomes = result.parseoutcomes()
    assert result.ret == 0 and outcomes["xfailed"] > 5 and "failed" not in outcomes and "errors" not in outcomes
    result.stdout.fnmatch_lines(["XFAIL wsconform::closing/code/999 - *the framework checks no codes*"])


def test_a_cause_in_a_baseline_gives_its_reason_too(session, pytester, broken_server):
    by_cause = {"pattern": "RFC6455-7.4*", "reason": "codes are not checked"}
    result = session("--wsconform", broken_server, *CODES, known(pytester, by_cause), "-rx")
    assert result.parseoutcomes()["xfailed"] > 5
    result.stdout.fnmatch_lines(["XFAIL wsconform::closing/code/999 - *codes are not checked*"])


def test_what_a_baseline_does_not_know_still_fails(session, pytester, broken_server):
    only_one = {"pattern": "closing/code/999", "reason": "known"}
    result = session("--wsconform", broken_server, *CODES, known(pytester, only_one))
    outcomes = result.parseoutcomes()
    assert result.ret == 1 and outcomes["xfailed"] == 1 and outcomes["failed"] > 4
    result.stdout.no_fnmatch_line("FAILED wsconform::closing/code/999*")


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"pattern": "closing/code/1000", "reason": "was broken"}, "mended: closing/code/1000 holds no more; drop it"),
        ({"pattern": "closing/code/9*", "reason": "soon", "until": "2001-01-01"}, "expired: closing/code/9[*] was*"),
    ],
)
def test_an_entry_of_a_baseline_that_does_not_hold_fails_the_run(session, pytester, broken_server, more, line):
    rest = {"pattern": "closing/code/*", "reason": "known"}
    result = session("--wsconform", broken_server, *CODES, known(pytester, rest, more))
    assert result.ret == 1 and result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines(["the baseline *does not hold: " + line])
    result.stdout.fnmatch_lines(["FAILED wsconform::(run) - the baseline *"])


def test_a_server_that_is_not_there_is_one_error(session, pytester):
    pytester.makepyfile("def test_of_ones_own(): pass")
    result = session("--wsconform", "ws://127.0.0.1:1", "--wsconform-option", "cases=ping/*")
    outcomes = result.parseoutcomes()
    assert outcomes["errors"] == 1 and outcomes["passed"] == 1 and outcomes["deselected"] > 10
    assert not {"failed", "skipped"}.intersection(outcomes)
    line = "127.0.0.1:1 refused the connection; start the server or check the port"
    result.stdout.fnmatch_lines(["*ERROR at setup of wsconform::(run)*", line, "ERROR wsconform::(run) - 127.0.0.1:1 refused*"])
    assert "_pytest" not in result.stdout.str() and "Traceback" not in result.stdout.str()


def test_a_server_that_is_not_there_is_one_error_whatever_is_chosen(session):
    result = session("--wsconform", "ws://127.0.0.1:1", "-k", "one-byte-payload", "-q")
    outcomes = result.parseoutcomes()
    assert outcomes["errors"] == 1 and "skipped" not in outcomes and result.ret == 1
    result.stdout.fnmatch_lines(["ERROR wsconform::(run) - *"])


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
