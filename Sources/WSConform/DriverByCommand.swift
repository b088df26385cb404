import WSControl
import WSRunner
import WSTranscript

/// Starts a driver once, which asks for cases itself, and watches it until it is done.
struct DriverByCommand: Sendable {
    let launcher: any ClientLauncher
    let task: ClientTask
    let session: ClientSession
    let controlServer: ControlServer
    /// How long the driver may take to end after it has its reports.
    let timeout: Duration

    /// The minimum time that a driver may be idle; it may have to be compiled first.
    private static let patience = Duration.seconds(60)
    /// How long the end of a connection may take to be seen after its driver has ended.
    private static let grace = Duration.seconds(1)

    /// How the driver ended.
    enum Ending: Sendable {
        /// It ended by itself and asked for cases.
        case complete
        /// An error, in one line.
        case troubled(String)
        /// It opens only the given address, like a client that plays one case; nothing was judged.
        case playsOneCase
    }

    private enum Event: Sendable {
        case strayed
        case happening
        case exited(TargetEnding)
        case late(Int)
    }

    /// Runs the driver to its end.
    func run() async -> Ending {
        let client: any LaunchedClient
        do {
            client = try await launcher.start(task)
        } catch {
            return .troubled("\(error)")
        }
        let ending = await follow(client)
        await client.end()
        return ending
    }

    private func follow(_ client: any LaunchedClient) async -> Ending {
        let (events, happening) = AsyncStream.makeStream(of: Event.self)
        let (told, telling) = AsyncStream.makeStream(of: ClientSession.CaseEvent.self)
        await session.observe(telling)
        let translator = Task {
            for await event in told {
                switch event {
                case .strayed(.openedNoCase): happening.yield(.strayed)
                case .began, .ended, .strayed: happening.yield(.happening)
                }
            }
        }
        let exit = Task {
            while !Task.isCancelled {
                if let ending = await client.ending(within: .seconds(3_600)) {
                    happening.yield(.exited(ending))
                    return
                }
            }
        }
        defer {
            translator.cancel()
            exit.cancel()
        }
        var deadline = 0
        var timer: Task<Void, Never>?
        var idleness = DriverIdleness()
        let patience = max(Self.patience, timeout * 4)
        func wait() {
            timer?.cancel()
            deadline += 1
            let number = deadline
            timer = Task {
                guard (try? await Task.sleep(for: patience / DriverIdleness.rounds)) != nil else { return }
                happening.yield(.late(number))
            }
        }
        wait()
        defer { timer?.cancel() }
        for await event in events {
            switch event {
            case .strayed: return .playsOneCase
            case .happening:
                idleness.end()
                wait()
            case .exited(let ending): return await ended(ending, client)
            case .late(deadline):
                guard idleness.lasts(isBusy: controlServer.run.underWay() > 0) else {
                    wait()
                    continue
                }
                return .troubled(
                    "\(launcher.name) asks for nothing for \(patience.components.seconds) s and was ended"
                        + (await client.lastWords())
                )
            case .late: break
            }
        }
        return .complete
    }

    private func ended(_ ending: TargetEnding, _ client: any LaunchedClient) async -> Ending {
        // The connections of a process that has ended will end by themselves.
        let clock = ContinuousClock.now
        while controlServer.run.underWay() > 0, clock.duration(to: .now) < timeout, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
        // The end of the process may be known before that of its connection without requests.
        while controlServer.run.agents.isEmpty, await !session.hasSeen(.openedNoCase),
            clock.duration(to: .now) < Self.grace, !Task.isCancelled
        {
            try? await Task.sleep(for: .milliseconds(10))
        }
        await controlServer.catchUp()
        var observation = TargetObservation()
        if case .signalled = ending { observation.ending = ending }
        observation.sanitizer = await client.sanitizerReport()
        if observation.isIncident { await session.died(observation) }
        guard controlServer.run.agents.isEmpty else {
            if case .exited(0) = ending { return .complete }
            if observation.ending == nil {
                await session.say("\(launcher.name) ended with \(ending)\(await client.lastWords())")
            }
            return .complete
        }
        if await session.hasSeen(.openedNoCase) { return .playsOneCase }
        let hint =
            launcher.namesAddress
            ? "it has to use Autobahn's interface: /getCaseCount, /runCase?case=N&agent=NAME, /updateReports"
            : "give it the address: {url} in its arguments, or WSCONFORM_URL"
        return .troubled(
            "\(launcher.name) ended with \(ending) and never asked for a case\(await client.lastWords()); \(hint)"
        )
    }
}

/// Decides whether a driver was idle for as long as it may be, by several checks in that time.
///
/// A conversation has its own time limits, one of which is as long as the limit for idle drivers. So a driver whose
/// conversation has just ended gets time to ask for the next case.
package struct DriverIdleness {
    /// The number of checks.
    package static let rounds = 2

    private var count = 0

    /// Creates the state before the first check.
    package init() {}

    /// Notes that the driver did something.
    package mutating func end() { count = 0 }

    /// Checks after a part of the time in which the driver did nothing.
    ///
    /// - Returns: Whether the whole time has passed, without a conversation at any of the checks.
    package mutating func lasts(isBusy: Bool) -> Bool {
        count = isBusy ? 0 : count + 1
        return count >= Self.rounds
    }
}
