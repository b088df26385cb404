import Foundation
import Testing
import WSRunFolder

/// A program that a gate needs, which a machine may lack.
private enum Gate: String, CaseIterable, Sendable {
    /// A word in the whole file; the oldest of gates.
    case grep
    case jq
    case python3

    /// Scripts as they stand in pipelines of public projects; none knows anything of ours.
    var script: String {
        switch self {
        case .grep:
            """
            if grep -q '"behavior": "FAILED"' reports/servers/index.json; then exit 1; fi
            if grep -qE '"behaviorClose": "(FAILED|UNCLEAN|WRONG CODE)"' reports/servers/index.json; then exit 1; fi
            """
        case .jq:
            """
            bad=$(jq -r '.[] | to_entries[] | select(.value.behavior == "FAILED" or .value.behaviorClose == "FAILED")
                | .key' reports/servers/index.json)
            test "$(jq '."the-server" | length' reports/servers/index.json)" -gt 0 || exit 3
            test -z "$bad" || { echo "$bad"; exit 1; }
            """
        case .python3:
            """
            python3 - <<'END'
            import json, pathlib, sys
            folder = pathlib.Path("reports/servers")
            index = json.loads((folder / "index.json").read_text())
            bad = []
            for agent, cases in index.items():
                for case, result in sorted(cases.items()):
                    detail = json.loads((folder / result["reportfile"]).read_text())
                    assert detail["id"] == case and detail["agent"] == agent
                    assert detail["behavior"] == result["behavior"]
                    if result["behavior"] not in ("OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED"):
                        bad.append(case)
                    elif result["behaviorClose"] not in ("OK", "INFORMATIONAL", "FAILED BY CLIENT"):
                        bad.append(case)
            print(*bad)
            sys.exit(3 if not index else 1 if bad else 0)
            END
            """
        }
    }

    /// Whether the test runs: where the program is, or has to be.
    var isTried: Bool {
        let environment = ProcessInfo.processInfo.environment
        let isThere = (environment["PATH"] ?? "").split(separator: ":").contains { folder in
            FileSystem.exists(FileSystem.join(String(folder), rawValue))
        }
        return isThere || environment["WSCONFORM_REQUIRE_PEERS"] == "1"
    }
}

@Suite("Gates of public projects over index.json", .serialized, .timeLimit(.minutes(15)))
struct AutobahnGateTests {
    @Test(
        "They let a right server pass and stop a wrong one, unchanged",
        arguments: Gate.allCases.filter(\.isTried),
        [[], ["swallows-rsv"]]
    )
    fileprivate func gate(_ gate: Gate, defects: [String]) async throws {
        try await Program.withFolder { folder in
            let echo = try Program.start(["echo", "--port", "0"] + defects.flatMap { ["--defect", $0] })
            let url = echo.line().replacingOccurrences(of: "listening on ", with: "")
            let spec = """
                {"servers": [{"agent": "the-server", "url": "\(url)"}], "cases": ["1.1.1", "3.*", "7.1.*", "12.1.1"],
                 "exclude-cases": ["12.*"], "exclude-agent-cases": {}}
                """
            try spec.write(toFile: FileSystem.join(folder, "fuzzingclient.json"), atomically: true, encoding: .utf8)
            let run = try await Program.run(["wstest", "-m", "fuzzingclient", "-s", "fuzzingclient.json"], in: folder)
            echo.interrupt()
            _ = await echo.result()
            #expect(run.status == 0, "\(run.error)")
            let result = try await Program.shell(gate.script, in: folder)
            #expect(result.status == (defects.isEmpty ? 0 : 1), "\(result.output)\(result.error)")
        }
    }
}
