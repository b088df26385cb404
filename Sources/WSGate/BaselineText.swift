package import WSReport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The form of a baseline as a file: JSON with one entry a line.
///
/// Its schema is `Reports/schema/baseline-1.schema.json`.
package enum BaselineText {
    /// The schema name and version that this build reads and writes.
    package static let schema = "wsconform-baseline/1"

    /// Writes a baseline: the entries by pattern, each on a line.
    package static func encode(_ baseline: Baseline) -> [UInt8] {
        var members = [("schema", ReportText.literal(schema))]
        if let role = baseline.role { members.append(("roleUnderTest", ReportText.literal(role.rawValue))) }
        if let peer = baseline.peer { members.append(("peer", ReportText.literal(peer))) }
        var text = "{\n" + members.map { "  \"\($0)\": \($1),\n" }.joined() + "  \"expected\": ["
        let lines = baseline.entries.sorted { $0.pattern < $1.pattern }.map { "\n    " + line($0) }
        text += lines.joined(separator: ",") + (lines.isEmpty ? "]\n}\n" : "\n  ]\n}\n")
        return Array(text.utf8)
    }

    private static func line(_ entry: Baseline.Entry) -> String {
        var members = [
            "\"pattern\": " + ReportText.literal(entry.pattern), "\"reason\": " + ReportText.literal(entry.reason),
        ]
        if let atMost = entry.atMost { members.append("\"atMost\": \(atMost)") }
        if let cases = entry.cases {
            members.append("\"cases\": [" + cases.map { ReportText.literal($0) }.joined(separator: ", ") + "]")
        }
        if let link = entry.link { members.append("\"link\": " + ReportText.literal(link)) }
        if let until = entry.until { members.append("\"until\": " + ReportText.literal(until)) }
        return "{" + members.joined(separator: ", ") + "}"
    }

    /// Reads a baseline, or makes one of a report.
    ///
    /// - Parameters:
    ///   - octets: The content of the file.
    ///   - file: The name of the file, for errors.
    ///   - prepare: Adapts the options of a report to the run that it is compared with.
    /// - Returns: The baseline.
    /// - Throws: ``ReportError`` with one line that names the file, what is wrong and how to mend it.
    package static func decode(
        _ octets: [UInt8],
        file: String,
        prepare: (inout Report) -> Void = { _ in }
    ) throws(ReportError) -> Baseline {
        func error(_ problem: String) -> ReportError { ReportError(file: file, problem: problem) }
        if let excess = ReportText.excess(of: octets) { throw error(excess) }
        let data = Data(octets)
        guard let kind = try? JSONDecoder().decode(Kind.self, from: data) else {
            throw error("not JSON, or no object; write one with wsconform baseline init REPORT --out FILE")
        }
        if kind.schema?.hasPrefix("wsconform-report/") == true {
            var report = try ReportText.decode(octets, file: file)
            prepare(&report)
            return Baseline(report, file: file)
        }
        guard kind.schema == schema else {
            let found = kind.schema.map { "has the schema \($0)" } ?? "has no schema"
            throw error("\(found), not \(schema); name a baseline or a report of wsconform")
        }
        do {
            let read = try JSONDecoder().decode(BaselineFile.self, from: data)
            return try read.baseline(file)
        } catch let problem as BaselineProblem {
            throw error(problem.text)
        } catch let problem as DecodingError {
            throw error(ReportText.describe(problem))
        } catch {
            throw ReportError(file: file, problem: "unreadable: \(error)")
        }
    }

    private struct Kind: Decodable {
        var schema: String?
    }
}

/// What is wrong with a baseline.
private struct BaselineProblem: Error {
    var text: String
}

/// Any name of a member.
private struct MemberName: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) { nil }
}

/// A baseline as it is written.
private struct BaselineFile: Decodable {
    var role: Report.RoleUnderTest?
    var peer: String?
    var expected: [Line]

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: MemberName.self)
        try members.check(["schema", "roleUnderTest", "peer", "expected"], in: "the baseline")
        role = try members.decodeIfPresent(Report.RoleUnderTest.self, forKey: MemberName(stringValue: "roleUnderTest"))
        peer = try members.decodeIfPresent(String.self, forKey: MemberName(stringValue: "peer"))
        expected = try members.decode([Line].self, forKey: MemberName(stringValue: "expected"))
    }

    /// An entry.
    struct Line: Decodable {
        var entry: Baseline.Entry

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: MemberName.self)
            let number = (decoder.codingPath.last?.intValue).map { "entry \($0 + 1)" } ?? "an entry"
            try members.check(["pattern", "reason", "link", "until", "atMost", "cases"], in: number)
            func text(_ name: String) throws -> String? {
                try members.decodeIfPresent(String.self, forKey: MemberName(stringValue: name))
            }
            guard let pattern = try text("pattern"), !pattern.isEmpty else {
                throw BaselineProblem(text: "\(number) has no pattern; name a case, a requirement or a cause")
            }
            guard !pattern.hasPrefix("tag:") else {
                throw BaselineProblem(text: "\(number), '\(pattern)': a report has no tags; name cases or causes")
            }
            guard let reason = try text("reason"), reason.contains(where: { !$0.isWhitespace }) else {
                throw BaselineProblem(text: "\(number), '\(pattern)', has no reason; say why it stays")
            }
            entry = Baseline.Entry(pattern: pattern, reason: reason, link: try text("link"), until: try text("until"))
            entry.atMost = try members.decodeIfPresent(Int.self, forKey: MemberName(stringValue: "atMost"))
            entry.cases = try members.decodeIfPresent([String].self, forKey: MemberName(stringValue: "cases"))
            if let atMost = entry.atMost, atMost < 1 {
                throw BaselineProblem(
                    text: "\(number), '\(pattern)', allows \(atMost) cases; give 1 or more, or drop it"
                )
            }
            if let until = entry.until, !Baseline.isDay(until) {
                throw BaselineProblem(
                    text: "\(number), '\(pattern)', ends at '\(until)', which is no day; write it as 2027-01-31"
                )
            }
        }
    }

    func baseline(_ file: String) throws -> Baseline {
        var seen: [String: Int] = [:]
        for (index, line) in expected.enumerated() {
            if let first = seen.updateValue(index, forKey: line.entry.pattern) {
                throw BaselineProblem(
                    text:
                        "entries \(first + 1) and \(index + 1) are both about '\(line.entry.pattern)'; drop one of them"
                )
            }
        }
        return Baseline(file: file, role: role, peer: peer, entries: expected.map(\.entry))
    }
}

extension KeyedDecodingContainer<MemberName> {
    /// Refuses members that mean nothing, since a mistyped one would be lost.
    fileprivate func check(_ names: [String], in place: String) throws {
        for key in allKeys where !names.contains(key.stringValue) {
            throw BaselineProblem(
                text:
                    "\(place) has a member '\(key.stringValue)', which means nothing; there are \(names.joined(separator: ", "))"
            )
        }
    }
}

extension Baseline {
    /// Whether a text is a day, such as `2027-01-31`.
    static func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths.indices.contains(month - 1) && (1...lengths[month - 1]).contains(day)
    }
}
