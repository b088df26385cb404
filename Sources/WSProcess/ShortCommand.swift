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
    /// The most octets of its output; a command that writes more has failed.
    private static let longestOutput = 65_536

    /// Runs a command to its end.
    ///
    /// - Parameters:
    ///   - name: The program, which is looked for on `PATH`.
    ///   - arguments: Its arguments; no shell is used.
    ///   - input: What it reads from its standard input.
    /// - Throws: ``Failure`` if it is not there, or ends with another status than 0.
    /// - Returns: What it wrote to its standard output.
    @discardableResult
    package static func run(
        _ name: String,
        _ arguments: [String],
        input: [UInt8] = []
    ) async throws(Failure) -> [UInt8] {
        let status: TerminationStatus
        let said: String
        let output: [UInt8]
        do {
            let result = try await Subprocess.run(
                .name(name),
                arguments: Arguments(arguments),
                input: .array(input),
                output: .bytes(limit: longestOutput),
                error: .string(limit: longestError)
            )
            (status, said) = (result.terminationStatus, result.standardError)
            output = result.standardOutput
        } catch {
            throw .notStarted
        }
        guard !status.isSuccess else { return output }
        throw .failed(said.split(separator: "\n").last.map(String.init) ?? "it ended with \(status)")
    }
}
