import WSControl
import WSProcess
import WSRunner
import WSScenario
import WSTranscript

/// Follows a client that was started for one case.
extension CasesByLauncher {
    /// The events while a client plays a case.
    enum Event: Sendable {
        case began
        case ended(Played)
        case exited(TargetEnding)
        case strayed(ControlServer.Stray)
        case late(Int)
    }

    /// The state of a client that plays a case.
    struct Course {
        var hasBegun = false
        var result: Played?
        var exit: TargetEnding?
        var wasEnded = false
    }

    /// Waits for the connection, its end and the end of the client, each for a limited time.
    func follow(
        _ events: AsyncStream<Event>,
        _ happening: AsyncStream<Event>.Continuation,
        _ scenario: String
    ) async -> Course {
        var course = Course()
        var deadline = 0
        var isOverdue = false
        var timer: Task<Void, Never>?
        func wait(_ limit: Duration) {
            timer?.cancel()
            deadline += 1
            let number = deadline
            timer = Task {
                guard (try? await Task.sleep(for: limit)) != nil else { return }
                happening.yield(.late(number))
            }
        }
        wait(max(Self.connectLimit, plan.timeout * 2))
        defer { timer?.cancel() }
        for await event in events {
            switch event {
            case .began:
                course.hasBegun = true
                timer?.cancel()
                deadline += 1
            case .ended(let played):
                course.result = played
                if course.exit != nil { return course }
                wait(plan.timeout)
            case .strayed(.asksForCases):
                asksForCases = true
                return course
            case .strayed(.droppedQuery): dropsQuery = true
            case .strayed(.openedNoCase): break
            case .exited(let ending):
                course.exit = ending
                if course.result != nil { return course }
                if !course.hasBegun { wait(Self.grace) }
            // The connection exists, but its event has not arrived yet.
            case .late(deadline) where !course.hasBegun && !isOverdue && !controlServer.run.awaits(scenario):
                isOverdue = true
                wait(Self.connectLimit)
            case .late(deadline):
                course.wasEnded = course.exit == nil
                return course
            case .late: break
            }
        }
        return course
    }

    /// Records the death of the client in its conversation, if a foreign signal or its sanitizer ended it.
    func addDeath(to course: inout Course, _ client: any LaunchedClient) async {
        guard course.result != nil else { return }
        if course.wasEnded {
            let seconds = plan.timeout.components.seconds
            await tell(
                "hangs",
                "\(launcher.name) still runs \(seconds) s after its connection has ended, and is ended then; let it exit by "
                    + "itself, or give a client under a debugger --timeout never"
            )
        }
        var observation = TargetObservation()
        // If the command has the terminal, the user's keys send SIGINT to it.
        if case .signalled(let signal)? = course.exit, signal != "SIGINT" { observation.ending = course.exit }
        observation.sanitizer = await client.sanitizerReport()
        if observation.isIncident { course.result?.result.noteDeath(observation) }
    }
}
