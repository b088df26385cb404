package import WSFuzzing
import WSJudge
import WSRender
import WSReport
import WSScenario

/// Tests the report and its renderers with hostile texts wherever a peer or a user can put them.
///
/// Properties: a report is decoded as it was encoded; each finding in passing is in it once; each rendered file
/// stays in its folder, is JSON if it is called so, and has no control characters; and a summary contains only text.
package struct ReportBody: FuzzBody {
    package static let name = "reports"
    package static let maximumInputLength = 2048
    package static let shape = InputShape.octets

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var octets: [UInt8] = []
        for index in input.indices { octets.append(input[index]) }
        // The texts are separated by octets that UTF-8 never has; other invalid octets are replaced, as everywhere.
        var texts = octets.split(separator: 0xFF, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        func next() -> String { texts.isEmpty ? "" : texts.removeFirst() }
        let peer = Report.Peer(name: next(), url: next())
        var cases = [
            Report.Case(
                id: "closing/" + next(),
                title: next(),
                aliases: ["autobahn": next()],
                requirements: [RequirementReference(id: next(), source: next(), section: next(), level: "MUST")],
                verdict: .fail,
                behaviour: .pass,
                closing: .fail,
                reason: next(),
                closeCode: UInt16(octets.count & 0xFFFF),
                wire: [Report.WireLine(next(), offset: 1, hex: "00"), Report.WireLine(next())],
                transcript: next()
            )
        ]
        // The second case has the same findings in passing as the first, except for quotations of the peer.
        let parts: [ConversationPart] = [.connection, .request, .response, .handshake, .frames, .closing]
        let part = parts[octets.count % parts.count]
        cases[0].parts = [part]
        cases.append(cases[0])
        cases[1].id += "/again"
        let requirement = next()
        let kind = octets.count % 2 == 0 ? nil : next()
        for index in cases.indices {
            let finding = WSJudge.Finding(
                rule: "framing",
                axis: .closing,
                verdict: .fail,
                requirement: requirement,
                reason: next(),
                evidence: [Evidence(.received, offset: UInt64(octets.count), length: 2)],
                key: .sent,
                kind: kind,
                passing: part
            )
            cases[index].findings = [finding]
        }
        let report = Report(
            tool: Report.Tool(version: next()),
            roleUnderTest: .server,
            peer: peer,
            options: Report.Options(
                seed: 1,
                profile: .rfc,
                effort: .quick,
                jobs: 1,
                cases: [next()],
                exclude: [next()]
            ),
            run: nil,
            cases: cases,
            requirements: [
                next(): Report.Requirement(source: next(), section: next(), level: "MUST", sentence: next())
            ],
            footer: Report.Footer(complete: true, reason: next())
        )
        guard report.passive.map(\.cases) == [2], report.summary.passive.total == 1 else {
            return Finding("what is found in passing is told once", "\(report.passive)")
        }
        guard report.causes.map(\.count) == [2], report.causes[0].part == part else {
            return Finding("a cause has all cases that show it", "\(report.causes)")
        }
        let written = ReportText.encode(report)
        do {
            guard try ReportText.decode(written, file: "report.json") == report else {
                return Finding("a report reads back as it was written", String(decoding: written, as: UTF8.self))
            }
        } catch {
            return Finding("a report is one that can be read", "\(error)\n\(String(decoding: written, as: UTF8.self))")
        }
        let summary = SummaryText(report, style: TextStyle(), reportPath: "r", out: "o").everything
        guard TextEscaping.lines(summary) == summary else {
            return Finding("a summary has nothing that a terminal acts on", summary)
        }
        for line in WorkflowCommands.annotations(of: [report]) where line.contains("\n") || line.contains("\r") {
            return Finding("an annotation is one line", line)
        }
        for renderer in Renderers.all {
            guard let files = try? renderer.render([report]) else { continue }
            for file in files {
                if let finding = Self.finding(in: file) { return finding }
            }
        }
        return nil
    }

    private static func finding(in file: RenderedFile) -> Finding? {
        guard !file.path.contains("/"), !file.path.contains("..") else {
            return Finding("a rendered file stays in its folder", file.path)
        }
        guard !file.path.hasSuffix(".json") || PlainJSON.isWellFormed(file.octets) else {
            return Finding("what is rendered is JSON", "\(file.path)\n\(file.text)")
        }
        // No form has other control characters than line feeds.
        guard file.octets.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }) else {
            return Finding("a rendered file has nothing that a terminal acts on", "\(file.path)\n\(file.text)")
        }
        return nil
    }
}
