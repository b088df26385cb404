import WSLimits
package import WSLink
import WSRunner
package import WSTranscript

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs a target as a process: starts, watches and restarts it, and ends it with everything that it started.
///
/// It leads its own process group. So Ctrl-C in the terminal reaches only us, and a server below a shell is ended with
/// the shell.
package actor SupervisedTarget: TargetSupervisor {
    /// The command and its arguments.
    package let command: [String]
    /// Host and port on which the command has to listen.
    let authority: String

    private let dialer: any Dialer
    private let startLimit: Duration
    private let log: ErrorLog
    private let strays = StrayProcesses()
    private var process: Running?
    private var usage: GroupUsage?
    private var sampler: Task<Void, Never>?
    private var observation: (before: UInt64, peak: UInt64, processor: Int64, began: ContinuousClock.Instant)?
    private var record = TargetSummary()

    /// How long a target may take to accept connections, unless the caller says otherwise.
    package static let startLimit = Duration.milliseconds(Limits.starting.value)
    /// How long a target may take to end after SIGTERM.
    package static let endLimit = Duration.milliseconds(Limits.ending.value)
    /// The pause between two attempts to connect to a target that is starting.
    private static let startPause = Duration.milliseconds(20)
    /// The pause between two samples of memory and processor time.
    private static let samplePause = Duration.milliseconds(20)
    /// How many samples are taken before new processes of the group are looked for.
    private static let samplesBetweenSearches = 25

    /// A started process.
    private final class Running {
        let launched: LaunchedProcess
        /// Completes when the end of the process was noted.
        var noted: Task<Void, Never>?
        var ending: TargetEnding?
        var isStopped = false
        /// Whether its incident was counted.
        var isCounted = false

        var id: Int32 { launched.id }

        init(_ launched: LaunchedProcess) {
            self.launched = launched
        }
    }

    /// Creates a target without starting it.
    ///
    /// - Parameters:
    ///   - command: The command and its arguments; no shell is used.
    ///   - authority: Host and port, for messages.
    ///   - dialer: Connects to host and port.
    ///   - errorLog: The file for the target's standard error output.
    ///   - startLimit: How long the target may take to accept connections.
    /// - Throws: ``SupervisionTrouble`` if the file cannot be written.
    package init(
        command: [String],
        authority: String,
        dialer: any Dialer,
        errorLog: String,
        startLimit: Duration = startLimit
    ) throws(SupervisionTrouble) {
        guard let log = ErrorLog(path: errorLog, limit: Limits.targetLog) else {
            throw SupervisionTrouble("\(errorLog) cannot be written; choose another folder with --out")
        }
        self.command = command
        self.authority = authority
        self.dialer = dialer
        self.log = log
        self.startLimit = startLimit
    }

    /// Whether memory and processor time can be read on this system.
    package nonisolated var measuresUsage: Bool { GroupUsage.isAvailable }

    // MARK: - From start to end

    /// Starts the target and waits until it accepts connections.
    ///
    /// - Throws: ``SupervisionTrouble`` with one line that names the command, how it ended and its last output.
    package func start() async throws(SupervisionTrouble) {
        guard await !isAccepting() else {
            throw SupervisionTrouble(
                "\(authority) is listened on already, so \(name) is not started; end that server or take another port"
            )
        }
        try await launch()
        try await waitUntilAccepting()
    }

    /// Ends the target and everything that it started.
    ///
    /// - Returns: What was observed over all starts.
    package func stop() async -> TargetSummary {
        count()
        await end()
        log.end()
        record.omittedLogOctets = log.omitted
        return record
    }

    package func restart() async -> String? {
        count()
        await end()
        do throws(SupervisionTrouble) {
            try await launch()
            try await waitUntilAccepting()
            return nil
        } catch {
            return error.description
        }
    }

    private var name: String { command.first ?? "" }

    private func isAccepting() async -> Bool {
        await dialer.run(ConnectionCheck(), probe: { _ in ConnectionCheck() }).isAccepted
    }

    private func launch() async throws(SupervisionTrouble) {
        log.begin()
        guard let streams = TerminalLoan(hasInput: false) else {
            throw SupervisionTrouble("\(name) cannot be started: no descriptor is left; raise ulimit -n")
        }
        let launched = try await LaunchedProcess.launch(
            command,
            environment: [StrayProcesses.variable: strays.value],
            streams: streams,
            errorLog: log.descriptor
        )
        let id = launched.id
        let running = Running(launched)
        process = running
        record.starts += 1
        usage = GroupUsage(group: id)
        running.noted = Task { self.noteEnd(of: id, await launched.ending.value) }
        sampler = Task { await self.sampleUntilCancelled() }
    }

    private func noteEnd(of id: Int32, _ ending: TargetEnding) {
        guard let process, process.id == id, process.ending == nil else { return }
        process.ending = ending
        log.finish()
    }

    private func waitUntilAccepting() async throws(SupervisionTrouble) {
        let began = ContinuousClock.now
        while true {
            let isAccepted = await isAccepting()
            if let ending = process?.ending {
                count()
                await end()
                throw SupervisionTrouble("\(name) ended with \(ending) before it listened on \(authority)\(lastWords)")
            }
            if isAccepted { return }
            if Task.isCancelled || began.duration(to: .now) > startLimit {
                log.read()
                let words = lastWords
                await end()
                throw SupervisionTrouble(
                    "\(name) did not listen on \(authority) within \(startLimit.components.seconds) s, and was ended\(words)"
                )
            }
            try? await Task.sleep(for: Self.startPause)
        }
    }

    /// The target's last output, as the end of a sentence.
    private var lastWords: String {
        log.lastWords ?? "; it wrote nothing to standard error"
    }

    /// What it wrote last to its standard error, as the end of a sentence; nil if nothing.
    package var lastWritten: String? {
        log.read()
        return log.lastWords
    }

    /// Ends the process and the rest of its group.
    private func end() async {
        sampler?.cancel()
        sampler = nil
        guard let process, !process.isStopped else { return }
        process.isStopped = true
        takeSample(searching: true)
        if process.ending == nil {
            let noted = process.noted
            let launched = process.launched
            launched.send(SIGTERM)
            // A separate task waits in full even if ours was cancelled.
            await Task {
                await withTaskGroup(of: Bool.self) { tasks in
                    tasks.addTask {
                        await noted?.value
                        return true
                    }
                    tasks.addTask {
                        try? await Task.sleep(for: Self.endLimit)
                        return false
                    }
                    if await tasks.next() == false { launched.send(SIGKILL) }
                    tasks.cancelAll()
                }
            }.value
        }
        record.strays += strays.end(besides: process.id)
        // The remaining processes were killed, too, and exit in their own time; the next start needs the port.
        await Task {
            let began = ContinuousClock.now
            while await self.isAccepting(), began.duration(to: .now) < Self.endLimit {
                try? await Task.sleep(for: Self.startPause)
            }
        }.value
        if let usage { record.add(usage) }
        usage = nil
        self.process = nil
    }

    // MARK: - What happened to it

    package func incident(within limit: Duration) async -> TargetObservation? {
        guard let process else { return nil }
        log.read()
        let began = ContinuousClock.now
        while process.ending == nil, log.sanitizer == nil, began.duration(to: .now) < limit, !Task.isCancelled {
            try? await Task.sleep(for: Self.samplePause)
            log.read()
        }
        return current
    }

    private var current: TargetObservation? {
        guard let process else { return nil }
        let observation = TargetObservation(ending: process.ending, sanitizer: log.sanitizer)
        return observation.isIncident ? observation : nil
    }

    /// Counts the incident of the process that is about to be ended.
    private func count() {
        log.read()
        guard let process, !process.isCounted, let incident = current else { return }
        process.isCounted = true
        if let ending = incident.ending { record.endings.append(ending.description) }
        if let report = incident.sanitizer { record.sanitizerReports.append(report) }
    }

    // MARK: - What it uses

    package func beginObservation() async {
        takeSample(searching: true)
        guard let usage else { return }
        observation = (usage.resident, usage.resident, usage.processor, .now)
    }

    package func endObservation() async -> TargetObservation {
        takeSample(searching: true)
        var result = await incident(within: .zero) ?? TargetObservation()
        if let observation, let usage, measuresUsage {
            result.usage = TargetObservation.Usage(
                residentBefore: observation.before,
                residentPeak: observation.peak,
                processor: usage.processor - observation.processor,
                elapsed: Int64(observation.began.duration(to: .now) / .nanoseconds(1))
            )
        }
        observation = nil
        return result
    }

    private func sampleUntilCancelled() async {
        var number = 0
        while !Task.isCancelled, process?.ending == nil {
            takeSample(searching: number.isMultiple(of: Self.samplesBetweenSearches))
            log.read()
            number += 1
            try? await Task.sleep(for: Self.samplePause)
        }
    }

    private func takeSample(searching: Bool) {
        guard process?.ending == nil, usage != nil else { return }
        if searching { usage?.findMembers() }
        usage?.sample()
        let resident = usage?.resident ?? 0
        record.peak = max(record.peak, resident)
        if let peak = observation?.peak { observation?.peak = max(peak, resident) }
    }
}

/// What was observed of a target over all its starts.
package struct TargetSummary: Sendable, Hashable {
    /// How often it was started.
    package internal(set) var starts = 0
    /// How it ended unexpectedly, in order.
    package internal(set) var endings: [String] = []
    /// The first line of each report of a sanitizer.
    package internal(set) var sanitizerReports: [String] = []
    /// The highest resident memory in octets; nil if it was not measured.
    package var peakResident: UInt64? { GroupUsage.isAvailable ? peak : nil }
    /// The processor time in seconds; nil if it was not measured.
    package var processorSeconds: Double? { GroupUsage.isAvailable ? Double(processor) / 1e9 : nil }

    /// Processes that had left the target's process group and were ended, by name and number.
    package internal(set) var strays: [String] = []
    /// How many octets the log lacks in its middle.
    package internal(set) var omittedLogOctets = 0

    var peak: UInt64 = 0
    private var processor: Int64 = 0

    mutating func add(_ usage: GroupUsage) {
        processor += usage.processor
    }
}

/// Why a target could not be started or watched, in one line.
package struct SupervisionTrouble: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and how to correct it.
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
