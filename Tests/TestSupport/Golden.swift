import Foundation

/// Compares text with a file that was looked at once and kept.
package enum Golden {
    /// When this variable is 1, files are written anew; every test that wrote one fails.
    package static let recordingVariable = "WSCONFORM_RECORD"

    /// How a text differs from a file in the folder `Golden` beside a test.
    ///
    /// - Parameters:
    ///   - actual: the text.
    ///   - name: the file's name.
    ///   - test: the test's own file.
    /// - Returns: nil when there is no difference.
    package static func difference(_ actual: String, from name: String, beside test: String = #filePath) -> String? {
        let file = URL(filePath: test).deletingLastPathComponent().appending(components: "Golden", name)
        if ProcessInfo.processInfo.environment[recordingVariable] == "1" {
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
            """
    }

    /// Lines by their octets: CR LF is one Character and would hide a difference.
    private static func lines(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
