import WSAutobahnSpec
package import WSFuzzing
import WSGate
import WSReport

/// Tests the readers of files that users write: spec files of Autobahn's, for either mode, and baselines.
///
/// Properties: an error is one line of text that names the file; a spec that is read selects or gives notes in single
/// lines; and a baseline is read as it was written.
package struct UserFileBody: FuzzBody {
    package static let name = "files"
    package static let maximumInputLength = 2048
    package static let shape = InputShape.octets

    /// The name of the file in errors.
    private static let file = "known.json"

    /// Creates a body.
    package init() {}

    package mutating func run(_ input: Span<UInt8>) -> Finding? {
        var octets: [UInt8] = []
        for index in input.indices { octets.append(input[index]) }
        return Self.spec(octets, .client) ?? Self.spec(octets, .server) ?? Self.baseline(octets)
    }

    private static func spec(_ octets: [UInt8], _ mode: FuzzingMode) -> Finding? {
        do throws(SpecError) {
            let spec = try AutobahnSpec(octets, for: mode)
            return spec.notes.first { !isLine($0) }.map { Finding("a note about a spec is one line of text", $0) }
        } catch {
            return isLine("\(error)") ? nil : Finding("an error about a spec is one line of text", "\(error)")
        }
    }

    private static func baseline(_ octets: [UInt8]) -> Finding? {
        let read: Baseline
        do throws(ReportError) {
            read = try BaselineText.decode(octets, file: file)
        } catch {
            guard isLine("\(error)"), "\(error)".contains(file) else {
                return Finding("an error about a baseline is one line of text that names the file", "\(error)")
            }
            return nil
        }
        let written = BaselineText.encode(read)
        guard let again = try? BaselineText.decode(written, file: file) else {
            return Finding("a baseline that was written can be read", String(decoding: written, as: UTF8.self))
        }
        let rewritten = BaselineText.encode(again)
        guard written == rewritten else {
            return Finding("a baseline is read as it was written", String(decoding: rewritten, as: UTF8.self))
        }
        return nil
    }

    /// Whether a text is one line that a terminal shows as it is.
    private static func isLine(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }
}
