import Foundation
import Synchronization
import Testing
import WSConform
import WSLink
import WSModelPeer
import WSReport
import WSRunner

/// Servers that do not behave the same each time.
@Suite(.timeLimit(.minutes(15))) struct `Fuzzing a server` {
    /// Fuzzes a server of which each connection has a number, from 0.
    private func fuzz(
        runs: Int = 300,
        jobs: Int = 4,
        _ makeMachine: @escaping @Sendable (Int) -> any LinkMachine
    ) async throws -> (run: FinishedRun, notes: [String]) {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let connections = Mutex(0)
        let make: @Sendable () -> any LinkMachine = {
            makeMachine(
                connections.withLock { count in
                    defer { count += 1 }
                    return count
                }
            )
        }
        return try await TestPeers.serving(make) { address in
            var settings = RunSettings(out: folder.path)
            settings.jobs = jobs
            settings.timeout = SilenceLimit(seconds: 10)
            var test = ServerTest(scenarios: [], settings: settings)
            test.fuzzing = FuzzingPlan(runs: runs)
            let notes = RememberedNotes()
            let url = try TargetURL(address)
            let finished = try await test.run(against: .server(url), monitor: notes, stoppedBy: StopSwitch())
            return (finished, notes.all)
        }
    }

    @Test func `That has a defect in some connections only is told to be flaky, and fails nothing`() async throws {
        let (run, notes) = try await fuzz(jobs: 1) { number in
            let defects: Set<ModelDefect> = number.isMultiple(of: 7) ? [.masksFrames] : []
            return ModelServer(ModelServerSettings(version: "0.1.0", defects: defects))
        }
        let flaky = run.report.cases.filter { $0.reason.hasPrefix("flaky: ") }
        #expect(!flaky.isEmpty, "\(notes)")
        // What was seen once is on record, although no play shows it again.
        #expect(flaky.allSatisfy { $0.transcript != nil && $0.scenario != nil })
        let summary = run.report.summary
        #expect(summary.inconclusive > 0 && summary.fail == 0, "\(run.report.cases.map(\.reason))")
    }

    @Test(arguments: [16, 1_000, 70_000])
    func `That takes no messages beyond a size is accused of nothing`(limit: Int) async throws {
        let (run, notes) = try await fuzz(runs: 400) { _ in
            ModelServer(ModelServerSettings(maximumMessageLength: limit))
        }
        #expect(run.report.summary.fail == 0, "\(run.report.cases.map(\.reason))")
        #expect(notes.contains { $0.contains("400 conversations played") }, "\(notes)")
    }

    @Test func `That says it is too busy after a while is not passed in silence`() async throws {
        let (run, notes) = try await fuzz { number -> any LinkMachine in
            if number < 60 { return ModelServer() }
            return BusyServer()
        }
        #expect(notes.contains { $0.contains("conversations show nothing") && $0.contains("--jobs 1") }, "\(notes)")
        let summary = run.report.summary
        #expect(summary.inconclusive > 0 && summary.fail == 0, "\(run.report.cases.map(\.reason))")
    }
}

/// A server that answers each request with 503.
private struct BusyServer: LinkMachine {
    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        let answer = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        actions.append(.write(Array(answer.utf8)))
        actions.append(.close)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}
