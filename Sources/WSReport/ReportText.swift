#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The JSON form of a report: sorted keys, indented, the same octets for the same value.
package enum ReportText {
    /// Encodes a report as JSON that ends with LF.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - cases: Cases that ``encode(_:)`` has already encoded, by id; the others are encoded here.
    /// - Returns: The octets of the file.
    package static func encode(_ report: Report, cases: [String: [UInt8]] = [:]) -> [UInt8] {
        var frame = report
        frame.cases = []
        let text = json(frame)
        guard !report.cases.isEmpty, text.starts(with: emptyCases) else {
            return json(report) + [lineFeed]
        }
        var result: [UInt8] = []
        result.reserveCapacity(text.count + cases.values.reduce(0) { $0 + $1.count + 1 })
        result.append(contentsOf: casesBegin)
        for (index, entry) in report.cases.enumerated() {
            if index > 0 { result.append(UInt8(ascii: ",")) }
            result.append(contentsOf: cases[entry.id] ?? encode(entry))
        }
        result.append(contentsOf: casesEnd)
        result.append(contentsOf: text.dropFirst(emptyCases.count))
        result.append(lineFeed)
        return result
    }

    /// Encodes one case as it is in a report, so that this can happen during the run.
    package static func encode(_ entry: Report.Case) -> [UInt8] {
        let text = json(entry)
        var result: [UInt8] = []
        result.reserveCapacity(text.count * 5 / 4)
        // JSON escapes line feeds in strings, so lines end only between tokens.
        for line in text.split(separator: lineFeed, omittingEmptySubsequences: false) {
            result.append(lineFeed)
            if !line.isEmpty { result.append(contentsOf: indentation) }
            result.append(contentsOf: line)
        }
        return result
    }

    // This is the beginning of an encoded report without cases; no other key sorts before this one.
    private static let emptyCases = Array("{\n  \"cases\" : [\n\n  ]".utf8)
    private static let casesBegin = "{\n  \"cases\" : [".utf8
    private static let casesEnd = "\n  ]".utf8
    private static let indentation = "    ".utf8
    private static let lineFeed = UInt8(ascii: "\n")

    private static func json(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return JSONEscaping.escaped(try Array(encoder.encode(value)))
        } catch {
            // Encoding fails only for numbers that JSON lacks, and all numbers of a report are finite.
            preconditionFailure("a report does not encode: \(error)")
        }
    }

    /// Decodes a report.
    ///
    /// - Parameters:
    ///   - octets: The content of the file.
    ///   - file: The name of the file, for the error.
    /// - Returns: The report.
    /// - Throws: ``ReportError`` with one line that names the file and how to correct it.
    package static func decode(_ octets: [UInt8], file: String) throws(ReportError) -> Report {
        if let problem = ReportScan.problem(of: octets) {
            throw ReportError(file: file, problem: "\(problem); \(mend)")
        }
        guard !ReportScan.isNoObject(octets) else {
            throw ReportError(file: file, problem: "holds no object; name a report of wsconform")
        }
        let data = Data(octets)
        let decoder = JSONDecoder()
        guard let frame = try? decoder.decode(Frame.self, from: data) else {
            throw ReportError(file: file, problem: "not JSON, or cut short; \(mend)")
        }
        guard frame.schema == Report.currentSchema else {
            let found = frame.schema.map { "has the schema \($0)" } ?? "has no schema"
            let isEarlier = frame.schema?.hasPrefix("wsconform-report/") ?? false
            let mend = isEarlier ? "run it again with this version" : "name a report of wsconform"
            throw ReportError(file: file, problem: "\(found), not \(Report.currentSchema); \(mend)")
        }
        guard frame.hasFooter else {
            throw ReportError(file: file, problem: "incomplete file, its footer is missing; \(mend)")
        }
        do {
            return try decoder.decode(Report.self, from: data)
        } catch let error as DecodingError {
            throw ReportError(file: file, problem: "\(describe(error)); \(mend)")
        } catch {
            throw ReportError(file: file, problem: "unreadable: \(error)")
        }
    }

    private static let mend = "write it again with wsconform"

    /// The parts that identify a complete report.
    private struct Frame: Decodable {
        var schema: String?
        var hasFooter: Bool

        enum CodingKeys: CodingKey {
            case schema
            case footer
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            schema = try? container.decode(String.self, forKey: .schema)
            hasFooter = container.contains(.footer)
        }
    }

    /// A string as JSON has it, so that a terminal or an editor acts on nothing in it.
    package static func literal(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        do {
            return String(decoding: JSONEscaping.escaped(try Array(encoder.encode(text))), as: UTF8.self)
        } catch {
            preconditionFailure("a string does not encode: \(error)")
        }
    }

    /// Why a file with these octets is too much to be decoded, as the end of a sentence; nil if it can be.
    package static func excess(of octets: [UInt8]) -> String? { ReportScan.problem(of: octets) }

    /// What is wrong with JSON of another form than was expected, and where.
    package static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context): "\(path(context.codingPath)) has the wrong type"
        case .valueNotFound(_, let context): "\(path(context.codingPath)) must not be null"
        case .dataCorrupted(let context): "\(path(context.codingPath)) has a value that this version does not know"
        @unknown default: "it is not of the form of \(Report.currentSchema)"
        }
    }

    /// A path into the JSON, such as `cases[3].verdict`.
    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}

/// Why a report could not be read, in one line.
package struct ReportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    package var file: String
    /// What is wrong, and what to do.
    package var problem: String

    /// Creates an error.
    package init(file: String, problem: String) {
        self.file = file
        self.problem = problem
    }

    /// The file and what is wrong with it.
    package var description: String { "\(file): \(problem)" }
}
