import Foundation
import Synchronization

/// A process that this one waits for.
enum Child {
    /// What came of it.
    struct Outcome {
        /// Its exit status, or the negative signal that ended it.
        var status: Int32
        /// What it printed.
        var text: String
        var isOverTime = false
        /// Whether it printed what was looked for.
        var hasNeedle = false
        var duration: Duration
    }

    /// Runs a program until it ends, prints what is looked for, or takes too long.
    ///
    /// - Parameters:
    ///   - program: Its path.
    ///   - arguments: Its arguments.
    ///   - environment: What is added to this process's environment.
    ///   - limit: How long it may take.
    ///   - needle: What ends it once it prints it.
    /// - Returns: What came of it.
    /// - Throws: ``Trouble`` if it cannot be started.
    static func output(
        of program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        limit: Duration,
        endingAt needle: String? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        let clock = ContinuousClock()
        let start = clock.now
        do { try process.run() } catch { throw Trouble("\(program) cannot be started: \(error.localizedDescription)") }
        let id = process.processIdentifier
        let isOverTime = Mutex(false)
        let timer = DispatchSource.makeTimerSource(queue: .global())
        timer.schedule(deadline: .now() + Double(limit.components.seconds))
        timer.setEventHandler {
            isOverTime.withLock { $0 = true }
            kill(id, SIGKILL)
        }
        timer.resume()
        var data = Data()
        var hasNeedle = false
        while true {
            let more = pipe.fileHandleForReading.availableData
            if more.isEmpty { break }
            data += more
            if let needle, data.range(of: Data(needle.utf8)) != nil {
                hasNeedle = true
                kill(id, SIGKILL)
                break
            }
        }
        process.waitUntilExit()
        timer.cancel()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
            text: String(decoding: data, as: UTF8.self),
            isOverTime: isOverTime.withLock { $0 },
            hasNeedle: hasNeedle,
            duration: clock.now - start
        )
    }
}
