import WSJudge
import WSLimits

extension Report.Case {
    /// Cuts a case that a peer has inflated down to the size that a report has room for.
    mutating func bound() {
        // A peer's control character takes six octets.
        guard textOctets * 6 + wireOctets > Self.room, ReportText.encode(self).count > Self.room else { return }
        autobahn?.bound()
        guard ReportText.encode(self).count > Self.room else { return }
        for index in wire.indices { wire[index].hex = nil }
        guard ReportText.encode(self).count > Self.room else { return }
        wire = Self.ends(of: wire, each: Self.fewLines).map { line in
            var line = line
            line.text = Self.cut(line.text)
            return line
        }
        findings = findings.prefix(Self.fewFindings).map { finding in
            var finding = finding
            finding.reason = Self.cut(finding.reason)
            finding.evidence = Array(finding.evidence.prefix(Self.fewPlaces))
            return finding
        }
        reason = Self.cut(reason)
    }

    private static let room = Limits.reportCase.value
    private static let fewLines = 6
    private static let fewFindings = 5
    private static let fewPlaces = 4
    private static let fewCharacters = 120

    /// The octets of the wire lines, which need no escapes.
    private var wireOctets: Int { wire.reduce(0) { $0 + 96 + ($1.hex?.utf8.count ?? 0) } }

    private var textOctets: Int {
        let told = reason.utf8.count + wire.reduce(0) { $0 + $1.text.utf8.count }
        let found = findings.reduce(0) { $0 + $1.reason.utf8.count + $1.evidence.count * 80 }
        return told + found + (autobahn?.textOctets ?? 0)
    }

    private static func ends(of lines: [Report.WireLine], each count: Int) -> [Report.WireLine] {
        guard lines.count > 2 * count else { return lines }
        let left = Report.WireLine("… \(lines.count - 2 * count) more")
        return lines.prefix(count) + [left] + lines.suffix(count)
    }

    fileprivate static func cut(_ text: String) -> String {
        text.unicodeScalars.count > fewCharacters
            ? String(text.unicodeScalars.prefix(fewCharacters)) + "…" : text
    }
}

extension Report.AutobahnResult {
    fileprivate var textOctets: Int {
        let heads = httpRequest.utf8.count + httpResponse.utf8.count
        let events = received.reduce(0) { $0 + $1.reduce(0) { $0 + $1.utf8.count } }
        return heads + events + 16 * ((rxOctetStats?.count ?? 0) + (txOctetStats?.count ?? 0))
    }

    fileprivate mutating func bound() {
        httpRequest = Report.Case.cut(httpRequest)
        httpResponse = Report.Case.cut(httpResponse)
        received = received.prefix(5).map { $0.map(Report.Case.cut) }
        rxOctetStats = Self.few(of: rxOctetStats)
        txOctetStats = Self.few(of: txOctetStats)
    }

    /// Keeps the shortest lengths of chunks.
    private static func few(of counts: [Int: Int]?) -> [Int: Int]? {
        counts.map { counts in
            let kept = counts.keys.sorted().prefix(100).map { ($0, counts[$0] ?? 0) }
            return Dictionary(uniqueKeysWithValues: kept)
        }
    }
}
