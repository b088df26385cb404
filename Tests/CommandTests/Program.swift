import Foundation
import Testing

/// The program itself, as its users run it.
struct Program {
    /// What a run of it came to.
    struct Result {
        var status: Int32
        var output: String
        var error: String
    }

    /// A folder that is gone after the test.
    static func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let url = FileManager.default.temporaryDirectory.appending(path: "wsconform-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let result: Result
        do {
            result = try await body(url.path)
        } catch {
            try? FileManager.default.removeItem(at: url)
            throw error
        }
        try FileManager.default.removeItem(at: url)
        return result
    }

    /// Runs the program to its end.
    static func run(
        _ arguments: [String],
        input: String? = nil,
        in folder: String? = nil,
        environment: [String: String] = [:]
    ) async throws -> Result {
        let running = try start(arguments, input: input, in: folder, environment: environment)
        return await running.result()
    }

    /// Runs a script of the system's shell to its end.
    static func shell(_ script: String, in folder: String) async throws -> Result {
        try await start(["-c", script], at: "/bin/sh", in: folder).result()
    }

    /// Where it is: beside the test bundle, where the package manager builds it.
    static var path: String { Bundle.main.bundleURL.appending(path: "wsconform").path }

    /// Starts the program, or another one, with additional variables.
    ///
    /// It does not see the job of GitHub Actions that may run the tests.
    static func start(
        _ arguments: [String],
        at path: String = path,
        input: String? = nil,
        in folder: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Running {
        let process = Process()
        var variables = ProcessInfo.processInfo.environment
        for name in ["GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"] { variables[name] = nil }
        process.environment = variables.merging(environment) { $1 }
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        if let input {
            let pipe = Pipe()
            process.standardInput = pipe
            try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try pipe.fileHandleForWriting.close()
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        return Running(process: process, output: output, error: error)
    }

    /// The program while it runs.
    struct Running {
        fileprivate let process: Process
        fileprivate let output: Pipe
        fileprivate let error: Pipe

        /// Waits for a line on standard output.
        func line() -> String {
            var octets: [UInt8] = []
            while let next = try? output.fileHandleForReading.read(upToCount: 1)?.first, next != UInt8(ascii: "\n") {
                octets.append(next)
            }
            return String(decoding: octets, as: UTF8.self)
        }

        /// Whether it has not ended yet.
        var isRunning: Bool { process.isRunning }

        /// Sends SIGINT.
        func interrupt() {
            process.interrupt()
        }

        /// Sends a signal.
        func send(_ signal: Int32) {
            kill(process.processIdentifier, signal)
        }

        /// Waits for the end.
        func result() async -> Result {
            let output = self.output.fileHandleForReading.readDataToEndOfFile()
            let error = self.error.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return Result(
                status: process.terminationReason == .exit ? process.terminationStatus : -1,
                output: String(decoding: output, as: UTF8.self),
                error: String(decoding: error, as: UTF8.self)
            )
        }
    }
}
