import Subprocess

/// Runs a command that ends by itself soon, and that nobody tests.
package enum ShortCommand {
    /// Why a command did not do its part.
    package enum Failure: Error, Sendable, Hashable {
        /// It cannot be started, as it is not there or may not be run.
        case notStarted
        /// It ended with another status than 0; the text is the last line of what it said.
        case failed(String)
    }

    /// The most octets of its diagnostics that are kept.
    private static let longestError = 16_384

    /// Runs a command to its end; what it writes to its standard output is dropped.
    ///
    /// - Parameters:
    ///   - name: The program, which is looked for on `PATH`.
    ///   - arguments: Its arguments; no shell is used.
    /// - Throws: ``Failure`` if it is not there, or ends with another status than 0.
    package static func run(_ name: String, _ arguments: [String]) async throws(Failure) {
        let status: TerminationStatus
        let said: String
        do {
            let result = try await Subprocess.run(
                .name(name),
                arguments: Arguments(arguments),
                output: .discarded,
                error: .string(limit: longestError)
            )
            (status, said) = (result.terminationStatus, result.standardError)
        } catch {
            throw .notStarted
        }
        guard !status.isSuccess else { return }
        throw .failed(said.split(separator: "\n").last.map(String.init) ?? "it ended with \(status)")
    }
}
