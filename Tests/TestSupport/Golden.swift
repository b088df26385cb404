import Foundation

/// Compares text with a file that was looked at once and kept.
package enum Golden {
    /// When this variable is 1, files are written anew; every test that wrote one fails.
    package static let recordingVariable = "WSCONFORM_RECORD"

    /// Whether files are written anew.
    package static var isRecording: Bool { ProcessInfo.processInfo.environment[recordingVariable] == "1" }

    /// How a text differs from a file in the folder `Golden` beside a test.
    ///
    /// - Parameters:
    ///   - actual: the text.
    ///   - name: the file's name.
    ///   - test: the test's own file.
    /// - Returns: nil when there is no difference.
    package static func difference(_ actual: String, from name: String, beside test: String = #filePath) -> String? {
        let file = URL(filePath: test).deletingLastPathComponent().appending(components: "Golden", name)
        return difference(actual, from: name, at: file)
    }

    /// How a text differs from a file of the checkout that is made from code.
    ///
    /// - Parameters:
    ///   - actual: the text.
    ///   - path: the file's path from the top of the checkout.
    ///   - test: a file of a folder of `Tests/`.
    /// - Returns: nil when there is no difference.
    package static func difference(_ actual: String, fromFile path: String, test: String = #filePath) -> String? {
        difference(actual, from: path, at: checkout(of: test).appending(path: path))
    }

    /// How a text differs from what stands between two markers of a file, each a line of its own.
    ///
    /// - Parameters:
    ///   - actual: the text.
    ///   - marker: what the lines `<!-- marker: begin -->` and `<!-- marker: end -->` have in common.
    ///   - path: the file's path from the top of the checkout.
    ///   - test: a file of a folder of `Tests/`.
    /// - Returns: nil when there is no difference.
    package static func difference(
        _ actual: String,
        fromSection marker: String,
        of path: String,
        test: String = #filePath
    ) -> String? {
        let file = checkout(of: test).appending(path: path)
        let marks = ["<!-- \(marker): begin -->\n", "<!-- \(marker): end -->\n"]
        guard let data = try? Data(contentsOf: file) else { return "\(path) is missing" }
        let text = String(decoding: data, as: UTF8.self)
        guard let begin = text.range(of: marks[0]), let end = text.range(of: marks[1]) else {
            return "\(path) has no section between \(marks[0])and \(marks[1])"
        }
        return difference(text[..<begin.upperBound] + actual + text[end.lowerBound...], from: path, at: file)
    }

    private static func checkout(of test: String) -> URL {
        URL(filePath: test).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    private static func difference(_ actual: String, from name: String, at file: URL) -> String? {
        if isRecording {
            // What is recorded already is no failure, so that the failures of a recording name what has changed.
            if let old = try? Data(contentsOf: file), old == Data(actual.utf8) { return nil }
            do {
                try Data(actual.utf8).write(to: file)
                return "\(name) was recorded; look at it and run again without \(recordingVariable)"
            } catch {
                return "\(name) cannot be recorded: \(error)"
            }
        }
        guard let data = try? Data(contentsOf: file) else {
            return "\(name) is missing; run with \(recordingVariable)=1 and look at what comes"
        }
        let wanted = lines(String(decoding: data, as: UTF8.self))
        let got = lines(actual)
        guard wanted != got else { return nil }
        let first = zip(wanted, got).enumerated().first { $1.0 != $1.1 }?.offset ?? min(wanted.count, got.count)
        return """
            \(name), line \(first + 1):
            wanted \(first < wanted.count ? wanted[first] : "no such line")
            got    \(first < got.count ? got[first] : "no such line")
            If that is meant, run again with \(recordingVariable)=1.
            """
    }

    /// Lines by their octets: CR LF is one Character and would hide a difference.
    private static func lines(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
