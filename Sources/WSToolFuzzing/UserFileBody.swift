import WSAutobahnSpec
package import WSFuzzing
import WSGate
import WSKernels
import WSReport
import WSRunFolder

/// Tests the readers of files that users write: spec files of Autobahn's, for either mode, baselines, and scenarios.
///
/// Properties: errors and notes say something, and no more than a line has room for (the console escapes what they
/// quote); an error about a baseline or a scenario names the file; and both are read as they were written.
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
        octets.append(copying: input)
        return Self.spec(octets, .client) ?? Self.spec(octets, .server) ?? Self.baseline(octets)
            ?? Self.scenario(octets)
    }

    private static func spec(_ octets: [UInt8], _ mode: FuzzingMode) -> Finding? {
        do throws(SpecError) {
            let spec = try AutobahnSpec(octets, for: mode)
            return spec.notes.first { !isLine($0) }.map { Finding("a note about a spec says something, in a line", $0) }
        } catch {
            return isLine("\(error)") ? nil : Finding("an error about a spec says something, in a line", "\(error)")
        }
    }

    private static func baseline(_ octets: [UInt8]) -> Finding? {
        let read: Baseline
        do throws(ReportError) {
            read = try BaselineText.decode(octets, file: file)
        } catch {
            guard isLine("\(error)"), "\(error)".contains(file) else {
                return Finding("an error about a baseline names the file, in a line", "\(error)")
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

    private static func scenario(_ octets: [UInt8]) -> Finding? {
        do throws(FileError) {
            let read = try ScenarioFile.decode(octets, path: file)
            guard let written = ScenarioFile.encode(read) else {
                return Finding("a scenario that was read can be written", "\(read)")
            }
            let again = try ScenarioFile.decode(written, path: file)
            return again == read ? nil : Finding("a scenario is read as it was written", "\(again)")
        } catch {
            guard isLine("\(error)"), "\(error)".contains(file) else {
                return Finding("an error about a scenario names the file, in a line", "\(error)")
            }
            return nil
        }
    }

    /// The most characters of an error; the longest quotation is part of it.
    private static let longestLine = 4_096

    /// Whether a text says something, and not too much for a line.
    private static func isLine(_ text: String) -> Bool { !text.isEmpty && text.count <= longestLine }
}
