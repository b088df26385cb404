import Subprocess
import SystemPackage
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

/// A target that runs as a process of ours: started, watched, started again, and ended with all it has started.
///
/// It leads a process group of its own, so that the terminal's Ctrl-C reaches us alone, and so that a shell around the
/// server is no way out for the server.
package actor SupervisedTarget: TargetSupervisor {
    /// The command and its arguments.
    package let command: [String]
    /// Host and port at which the command has to listen.
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

    /// How long a target has to accept connections, unless the caller says otherwise.
    package static let startLimit = Duration.milliseconds(Limits.starting.value)
    /// How long it has to end after SIGTERM.
    package static let endLimit = Duration.milliseconds(Limits.ending.value)
    /// Between two looks at the port of a target that does not listen yet.
    private static let startPause = Duration.milliseconds(20)
    /// Between two samples.
    private static let samplePause = Duration.milliseconds(20)
    /// After so many samples new processes of the group are looked for.
    private static let samplesBetweenSearches = 25

    /// A process that was started.
    private final class Running {
        let id: Int32
        /// Is done once the end of the process has been noted.
        var noted: Task<Void, Never>?
        var ending: TargetEnding?
        var isStopped = false
        /// Whether its incident has been counted.
        var isCounted = false

        init(id: Int32) {
            self.id = id
        }
    }

    /// Prepares a target; nothing is started yet.
    ///
    /// - Parameters:
    ///   - command: the command and its arguments, without a shell.
    ///   - authority: host and port, for messages.
    ///   - dialer: connects to them.
    ///   - errorLog: the file for the target's standard error.
    ///   - startLimit: how long the target has to accept connections.
    /// - Throws: ``SupervisionTrouble`` when the file cannot be written.
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
    /// - Throws: ``SupervisionTrouble``, one line that names the command, how it ended and what it wrote last.
    package func start() async throws(SupervisionTrouble) {
        guard await !isAccepting() else {
            throw SupervisionTrouble(
                "\(authority) is listened on already, so \(name) is not started; end that server or take another port"
            )
        }
        try await launch()
        try await waitUntilAccepting()
    }

    /// Ends the target with all it has started.
    ///
    /// - Returns: what was seen of it, over all its starts.
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
        var options = PlatformOptions()
        options.processGroupID = 0
        let configuration = Configuration(
            executable: name.contains("/") ? .path(FilePath(name)) : .name(name),
            arguments: Arguments(Array(command.dropFirst())),
            environment: .inherit.updating([Environment.Key(stringLiteral: StrayProcesses.variable): strays.value]),
            platformOptions: options
        )
        let error = FileDescriptor(rawValue: log.descriptor)
        let (started, starting) = AsyncStream.makeStream(of: Int32.self)
        let status = Task.detached { () -> TerminationStatus? in
            defer { starting.finish() }
            let result = try? await Subprocess.run(
                configuration,
                input: .none,
                output: .discarded,
                error: .fileDescriptor(error, closeAfterSpawningProcess: false)
            ) { execution in
                starting.yield(execution.processIdentifier.value)
                return execution.processIdentifier.value
            }
            // Whoever is left of the group, such as a server whose shell has gone. At once: later the number may be
            // another's.
            if let result { kill(-result.closureResult, SIGKILL) }
            return result?.terminationStatus
        }
        // In a task of its own: who is cancelled meanwhile has to end what has begun to start.
        guard let id = await Task(operation: { await started.first { _ in true } }).value else {
            throw SupervisionTrouble("\(name) cannot be started; check the command behind --, and that it may be run")
        }
        let running = Running(id: id)
        process = running
        record.starts += 1
        usage = GroupUsage(group: id)
        running.noted = Task { self.noteEnd(of: id, await status.value) }
        sampler = Task { await self.sampleUntilCancelled() }
    }

    private func noteEnd(of id: Int32, _ status: TerminationStatus?) {
        guard let process, process.id == id, process.ending == nil else { return }
        process.ending =
            switch status {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .signalled(SignalName.name(of: signal))
            case nil: .exited(-1)
            }
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

    /// The last lines that the target wrote, as the end of a sentence.
    private var lastWords: String {
        log.lastWords ?? "; it wrote nothing to standard error"
    }

    /// Ends the process and whatever else is in its group.
    private func end() async {
        sampler?.cancel()
        sampler = nil
        guard let process, !process.isStopped else { return }
        process.isStopped = true
        takeSample(searching: true)
        if process.ending == nil {
            let noted = process.noted
            kill(-process.id, SIGTERM)
            let group = process.id
            // In a task of its own, so that it takes its time even where ours has been cancelled.
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
                    if await tasks.next() == false { kill(-group, SIGKILL) }
                    tasks.cancelAll()
                }
            }.value
        }
        record.strays += strays.end(besides: process.id)
        // What it left behind has been killed too and goes in its own time; whoever is started next wants the port.
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

    /// Counts what happened to the process that is about to be ended.
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

/// What was seen of a target over all its starts.
package struct TargetSummary: Sendable, Hashable {
    /// How often it was started.
    package internal(set) var starts = 0
    /// How it ended each time without our doing.
    package internal(set) var endings: [String] = []
    /// The first line of each report of a sanitizer.
    package internal(set) var sanitizerReports: [String] = []
    /// The most resident memory, in octets; nil where it was not sampled.
    package var peakResident: UInt64? { GroupUsage.isAvailable ? peak : nil }
    /// Processor time, in seconds; nil where it was not sampled.
    package var processorSeconds: Double? { GroupUsage.isAvailable ? Double(processor) / 1e9 : nil }

    /// What had left the target's process group and was ended with it: names and numbers.
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
    /// What is wrong and how to mend it.
    package var description: String

    init(_ description: String) {
        self.description = description
    }
}
