import Foundation
import JSONTree
import TestSupport
import Testing
import WSCatalogue
import WSLimits
import WSLiveFuzzing
import WSRunFolder
import WSRunner
import WSScenario

@Suite struct `Scenario files` {
    /// Some hundred generated scenarios.
    private static let generated: [Scenario] = {
        var engine = FuzzEngine(FuzzEngine.Settings(seed: 11, runs: 300, batch: 300))
        return engine.next()
    }()

    @Test func `Have the whole of a generated scenario`() throws {
        #expect(Self.generated.count == 300)
        for scenario in Self.generated {
            let octets = try #require(ScenarioFile.encode(scenario), "\(scenario.title)")
            var read = try ScenarioFile.decode(octets, path: "a.json")
            // What selects scenarios of the catalogue is not in a file.
            read.tags = scenario.tags
            #expect(read == scenario)
        }
    }

    @Test func `Fit their schema`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let schema = try JSONSchema(Data(contentsOf: root.appending(path: "Reports/schema/scenario-1.schema.json")))
        for scenario in Self.generated {
            let octets = try #require(ScenarioFile.encode(scenario))
            #expect(try schema.problems(of: Data(octets)) == [], "\(scenario.title)")
        }
    }

    @Test func `Are read in any order and with any whitespace`() throws {
        let scenario = try #require(Self.generated.first)
        let octets = try #require(ScenarioFile.encode(scenario))
        let object = try JSONSerialization.jsonObject(with: Data(octets))
        let pretty = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted])
        #expect(try ScenarioFile.decode(Array(pretty), path: "a.json").script == scenario.script)
    }

    @Test func `Become conversations again`() throws {
        for scenario in Self.generated where scenario.behaviour != [] {
            guard let conversation = FuzzConversation(scenario) else {
                // Only unusual requests are none.
                guard case .request = scenario.opening else {
                    Issue.record("\(scenario.title)")
                    continue
                }
                continue
            }
            let again = try #require(conversation.scenario(scenario.id, for: .init()))
            #expect(again.script == scenario.script && again.behaviour == scenario.behaviour)
        }
    }

    @Test func `That are broken, foreign or too large are refused in one line that names the mend`() async throws {
        let scenario = Catalogue.all.first { $0.id == "ping/empty" } ?? Self.generated[0]
        let text = String(decoding: try #require(ScenarioFile.encode(scenario)), as: UTF8.self)
        let frame = #""opcode":9}"#
        try #require(text.contains(frame))
        let steps = Array(repeating: #"{"kind":"end-output"}"#, count: 1_001).joined(separator: ",")
        await Sweep.each(of: [
            ("", "is no scenario file; wsconform fuzz writes some"),
            ("[]", "is no scenario file"),
            ("{\"schema\":1}", "is no scenario file"),
            (String(repeating: "[", count: 100_000), "is no scenario file"),
            (#"{"schema":"wsconform-report/2"}"#, "has the schema wsconform-report/2"),
            (#"{"schema":"wsconform-scenario/2"}"#, "this version reads wsconform-scenario/1"),
            (#"{"schema":"wsconform-scenario/1"}"#, "lacks \"id\""),
            (text.replacing("\"needs\":\"nothing\"", with: "\"needs\":1"), "needs has a value of the wrong kind"),
            (text.replacing("\"ping/empty\"", with: "\"../../etc/passwd\""), "its id is not of words"),
            (text.replacing("\"ping/empty\"", with: "\"/a\""), "its id is not of words"),
            (text.replacing("\"RFC6455-5.5.2-02\"", with: "\"RFC1-1-01\""), "it cites RFC1-1-01"),
            (text.replacing("\"kind\":\"events\"", with: "\"kind\":\"dances\""), "its outcomes do not fit together"),
            (text.replacing("\"targets\":[", with: "\"targets\":[\"proxy\","), "its outcomes do not fit together"),
            (text.replacing(frame, with: #""opcode":99}"#), "its stimulus does not fit together"),
            (
                text.replacing(frame, with: #""lengthEncoding":"bits7","claimedLength":200,"opcode":9}"#),
                "step 1 has a length that does not fit its form"
            ),
            (
                text.replacing(frame, with: #""opcode":9,"payload":{"unit":"00","length":999999999999}}"#),
                "it sends more than 16777216 octets"
            ),
            (
                text.replacing(frame, with: #""opcode":9},{"kind":"pause","milliseconds":60001}"#),
                "it pauses for more than 60000 ms"
            ),
            (
                text.replacing(frame, with: #""opcode":9},{"kind":"quiesce","tag":"a"}"#),
                "step 2 is none that a scenario file can have"
            ),
            (text.replacing(frame, with: #""opcode":9},"# + steps), "it has more than 1000 steps"),
            (text.replacing(#""opening":"#, with: #""connections":9,"opening":"#), "more than one connection"),
            (
                text.replacing("\"kind\":\"ordinary\"", with: "\"kind\":\"frames-with-handshake\""),
                "its opening is none that a scenario file can have"
            ),
        ]) { content, problem in
            let error = #expect(throws: FileError.self) {
                try ScenarioFile.decode(Array(content.utf8), path: "a.json")
            }
            let line = error?.description ?? ""
            #expect(line.hasPrefix("a.json: ") && line.contains(problem) && !line.contains("\n"), "\(line)")
        }
    }

    @Test func `Cannot have what needs more than one connection`() throws {
        let many = try #require(Catalogue.all.first { $0.connections > 1 })
        #expect(ScenarioFile.encode(many) == nil)
    }
}
