import Foundation
import JSONTree
import TestSupport
import Testing
import WSJudge
import WSReport
import WSScenario

@Suite("The report's JSON Schema")
struct SchemaTests {
    private let schema: JSONSchema

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        schema = try JSONSchema(Data(contentsOf: root.appending(path: "Reports/schema/report-2.schema.json")))
    }

    private func problems(_ report: Report) throws -> [String] {
        try schema.problems(of: Data(ReportText.encode(report)))
    }

    @Test("A report with every member fits")
    func whole() throws {
        #expect(try problems(Samples.mixed) == [])
    }

    @Test("What was agreed on in TLS fits, and is read back", arguments: Report.Certificate.Verification.allCases)
    func secured(verification: Report.Certificate.Verification) throws {
        var report = Samples.mixed
        report.peer.security = Report.Security(
            version: "TLS 1.3",
            cipher: "TLS_AES_128_GCM_SHA256",
            applicationProtocol: "http/1.1",
            certificate: Report.Certificate(
                names: ["localhost", "::1"],
                notAfterSeconds: 4_922_208_000,
                digest: String(repeating: "0f", count: 32),
                verification: verification
            )
        )
        #expect(try problems(report) == [])
        #expect(report.peer.security?.certificate?.notAfter == "2125-12-24T00:00:00.000Z")
        #expect(try ReportText.decode(ReportText.encode(report), file: "r.json") == report)
        report.peer.security = Report.Security(version: "TLS 1.2")
        #expect(try problems(report) == [])
    }

    @Test("A report without volatile parts fits")
    func withoutVolatileParts() throws {
        #expect(try problems(Samples.mixed.withoutVolatileParts) == [])
    }

    @Test("The report of a run that could not begin fits")
    func unreachable() throws {
        let outcome = RunOutcome.unreachable("127.0.0.1:1 refused the connection")
        #expect(try problems(Samples.report(Samples.builder(), footer: outcome.footer)) == [])
    }

    @Test("A report may have members that the schema does not know")
    func newMembers() throws {
        let text = String(decoding: ReportText.encode(Samples.mixed), as: UTF8.self)
        let changed = text.replacingOccurrences(of: "\"jobs\" : 16", with: "\"jobs\" : 16, \"extra\" : 1")
        #expect(changed != text)
        #expect(try schema.problems(of: Data(changed.utf8)) == [])
        #expect(try ReportText.decode(Array(changed.utf8), file: "r.json") == Samples.mixed)
    }

    @Test("The schema lists every part of a conversation")
    func parts() {
        let listed = schema.definition("part")["enum"]?.elements.compactMap(\.text)
        #expect(listed == ConversationPart.allCases.map(\.rawValue))
    }

    @Test("The schema lists every phase and purpose that is not the usual one")
    func phases() {
        func listed(_ name: String) -> [String]? {
            schema.definition("case")["properties"]?.members[name]?.members["enum"]?.elements.compactMap(\.text)
        }
        #expect(listed("phase") == Scenario.Phase.allCases.filter { $0 != .ordinary }.map(\.rawValue))
        #expect(listed("purpose") == Scenario.Purpose.allCases.filter { $0 != .conformance }.map(\.rawValue))
    }

    @Test("The schema lists every verdict")
    func verdicts() {
        #expect(schema.definition("verdict")["enum"]?.elements.compactMap(\.text) == Verdict.allCases.map(\.rawValue))
    }

    @Test(
        "A document that is not of the form is refused",
        arguments: [
            ("\"complete\" : true", "\"complete\" : 1", "$.footer.complete: not of type boolean"),
            ("\"complete\" : true", "\"whole\" : true", "$.footer.complete: missing"),
            ("\"jobs\" : 16", "\"jobs\" : 0", "$.options.jobs: too small"),
            ("\"example\" : \"closing/one-byte-payload\"", "\"other\" : 1", "$.passive[0].example: missing"),
            (
                "\"passing\" : \"handshake\"", "\"passing\" : \"end\"",
                "$.cases[0].findings[1].passing: end is not listed"
            ),
            ("\"level\" : \"MUST\"", "\"level\" : \"must\"", "$.cases[0].requirements[0].level: must is not listed"),
            ("\"closeCode\" : 1000", "\"closeCode\" : 65536", "$.cases[0].closeCode: too large"),
            ("\"203\" : 1", "\"many\" : 1", "$.cases[0].autobahn.rxOctetStats.many: many does not fit ^[0-9]+$"),
        ]
    )
    func refused(original: String, replacement: String, problem: String) throws {
        let text = String(decoding: ReportText.encode(Samples.mixed), as: UTF8.self)
        let changed = text.replacingOccurrences(of: original, with: replacement)
        #expect(changed != text)
        #expect(try schema.problems(of: Data(changed.utf8)).contains(problem))
    }
}
