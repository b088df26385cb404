import FoundationEssentials

/// The JSON form of a report: keys sorted, pretty printed, the same octets for the same value.
package enum ReportText {
    /// Writes a report as JSON, ended by LF.
    package static func encode(_ report: Report) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try Array(encoder.encode(report)) + [UInt8(ascii: "\n")]
        } catch {
            // Only a number that JSON lacks can fail, and the one Double that a run computes is finite.
            preconditionFailure("a report does not encode: \(error)")
        }
    }

    /// Reads a report back.
    ///
    /// - Parameters:
    ///   - octets: the file's content.
    ///   - file: the file's name, for the error.
    /// - Returns: the report.
    /// - Throws: ``ReportError``, one line that names the file and the mend.
    package static func decode(_ octets: [UInt8], file: String) throws(ReportError) -> Report {
        let data = Data(octets)
        let decoder = JSONDecoder()
        guard let frame = try? decoder.decode(Frame.self, from: data) else {
            throw ReportError(file: file, problem: "not JSON, or cut short; \(mend)")
        }
        guard frame.schema == Report.currentSchema else {
            let found = frame.schema.map { "has the schema \($0)" } ?? "has no schema"
            throw ReportError(file: file, problem: "\(found), not \(Report.currentSchema); name a report of wsconform")
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

    /// What tells a whole report from other files.
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

    private static func describe(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(path(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context): "\(path(context.codingPath)) has the wrong type"
        case .valueNotFound(_, let context): "\(path(context.codingPath)) must not be null"
        case .dataCorrupted(let context): "\(path(context.codingPath)) has a value that this version does not know"
        @unknown default: "it is not of the form of \(Report.currentSchema)"
        }
    }

    /// `cases[3].verdict`.
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

    /// The file and what is wrong with it.
    package var description: String { "\(file): \(problem)" }
}
