import WSControl
import WSProcess
import WSRunner
import WSScenario
import WSTranscript

/// One client that has been started for one case.
extension CasesByLauncher {
    /// What happens while a client plays a case.
    enum Event: Sendable {
        case began
        case ended(Played)
        case exited(TargetEnding)
        case strayed(ControlServer.Stray)
        case late(Int)
    }

    /// How far a client has come.
    struct Course {
        var hasBegun = false
        var result: Played?
        var exit: TargetEnding?
        var wasEnded = false
    }

    /// Waits for the connection, its end, and the end of the client, whichever comes, and for none of them too long.
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
            // The connection is there, and the word of it on its way to us.
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

    /// Holds the death of the client against what it played: by a signal that was not ours, or by its sanitizer.
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
        // SIGINT is what the user's keys send to a command that has the terminal.
        if case .signalled(let signal)? = course.exit, signal != "SIGINT" { observation.ending = course.exit }
        observation.sanitizer = await client.sanitizerReport()
        if observation.isIncident { course.result?.result.noteDeath(observation) }
    }
}
