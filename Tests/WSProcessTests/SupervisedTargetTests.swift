import Foundation
import Testing
import WSLimits
import WSLink
import WSProcess
import WSTranscript
import WSTransport

@Suite(.serialized, .timeLimit(.minutes(15)))
final class `A supervised target`: Sendable {
    /// A port on which nobody listened a moment ago.
    private func freePort() async throws -> Int {
        while true {
            // Below those that the system gives to outgoing connections, of which other suites make thousands.
            let port = Int.random(in: 10_000..<32_768)
            guard let acceptor = try? await accept(port) else { continue }
            await acceptor.close()
            return port
        }
    }

    private func target(
        _ command: [String],
        port: Int,
        startLimit: Duration = .seconds(30)
    ) throws -> SupervisedTarget {
        try SupervisedTarget(
            command: command,
            authority: "127.0.0.1:\(port)",
            dialer: dialer(port),
            errorLog: logPath,
            startLimit: startLimit
        )
    }

    private func accept(_ port: Int) async throws -> any Acceptor {
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: port)
        return try await Sockets.accept(at: endpoint, connectTimeout: .seconds(2)) { ConnectionCheck() }
    }

    private func dialer(_ port: Int) -> any Dialer {
        Sockets.dialer(to: .tcp(host: "127.0.0.1", port: port), connectTimeout: .seconds(2))
    }

    private func isListening(_ port: Int) async -> Bool {
        await dialer(port).run(ConnectionCheck(), probe: { _ in ConnectionCheck() }).isAccepted
    }

    private let logPath = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).log").path
    /// What a server of a test leaves behind to know that it has been started before.
    private var startedPath: String { logPath + ".once" }
    /// What tells a server of a test to end.
    private var endPath: String { logPath + ".end" }

    deinit {
        for path in [logPath, startedPath, endPath] { try? FileManager.default.removeItem(atPath: path) }
    }

    private func echo(_ port: Int, _ more: String...) -> [String] {
        // Beside the test bundle, where the package manager builds it.
        [Bundle.main.bundleURL.appending(path: "wsconform").path, "echo", "--port", "\(port)"] + more
    }

    @Test func `It listens once it is started, and no longer once it is stopped`() async throws {
        let port = try await freePort()
        let target = try target(echo(port), port: port)
        try await target.start()
        #expect(await isListening(port))
        #expect(await target.incident(within: .zero) == nil)
        let summary = await target.stop()
        #expect(await !isListening(port))
        #expect(summary.starts == 1 && summary.endings.isEmpty && summary.sanitizerReports.isEmpty)
        if target.measuresUsage {
            #expect((summary.peakResident ?? 0) > 1 << 20)
            #expect(summary.processorSeconds != nil)
        }
    }

    @Test func `A server below a shell is ended with the shell`() async throws {
        let port = try await freePort()
        let line = "'\(echo(port).joined(separator: "' '"))' & wait"
        let target = try target(["/bin/sh", "-c", line], port: port)
        try await target.start()
        #expect(await isListening(port))
        _ = await target.stop()
        #expect(await !isListening(port))
    }

    @Test func `One that writes without end fills its log to the limit and no further, and is ended`() async throws {
        let port = try await freePort()
        let line = "yes 0123456789abcdef >&2 & exec '\(echo(port).joined(separator: "' '"))'"
        let target = try target(["/bin/sh", "-c", "echo first >&2; \(line)"], port: port)
        try await target.start()
        let size = { (try? FileManager.default.attributesOfItem(atPath: self.logPath)[.size] as? Int) ?? 0 }
        // The beginning has three quarters of the room.
        while size() < Limits.targetLog.value / 4 * 3 { await Task.yield() }
        let summary = await target.stop()
        #expect(await !isListening(port))
        #expect(size() <= Limits.targetLog.value + 100)
        let text = try String(contentsOfFile: logPath, encoding: .utf8)
        #expect(text.hasPrefix("first\n"))
        if summary.omittedLogOctets > 0 {
            #expect(text.contains("… \(summary.omittedLogOctets) octets are left out here …"))
        }
    }

    @Test func `What has left its process group is ended with it, and named`() async throws {
        guard StrayProcesses.isAvailable else { return }
        let port = try await freePort()
        let server = "'\(echo(port).joined(separator: "' '"))'"
        let target = try target(["/bin/sh", "-c", "setsid \(server) & wait; sleep 60"], port: port)
        try await target.start()
        let summary = await target.stop()
        #expect(await !isListening(port))
        #expect(summary.strays.count == 1)
        #expect(summary.strays.first?.hasPrefix("wsconform (") == true)
    }

    @Test func `One that ignores SIGTERM is killed`() async throws {
        let port = try await freePort()
        let line = "trap '' TERM; '\(echo(port).joined(separator: "' '"))' & while true; do sleep 0.1; done"
        let target = try target(["/bin/sh", "-c", line], port: port)
        try await target.start()
        _ = await target.stop()
        #expect(await !isListening(port))
    }

    @Test func `SIGTERM reaches it though we ignore the signal ourselves`() async throws {
        let port = try await freePort()
        signal(SIGTERM, SIG_IGN)
        let line = "trap 'echo ended in peace >&2; exit 0' TERM; '\(echo(port).joined(separator: "' '"))' & wait"
        let target = try target(["/bin/sh", "-c", line], port: port)
        try await target.start()
        _ = await target.stop()
        #expect(try String(contentsOfFile: logPath, encoding: .utf8).contains("ended in peace"))
    }

    @Test(
        arguments: [
            (["/bin/sh", "-c", "echo one >&2; echo two >&2; exit 7"], ["/bin/sh", "exit status 7", "one | two"]),
            (["/bin/sh", "-c", "kill -SEGV $$"], ["/bin/sh", "signal SIGSEGV", "wrote nothing"]),
            (["/bin/sh", "-c", "exit 0"], ["exit status 0", "before it listened"]),
            (
                ["/bin/sh", "-c", "echo '==7==ERROR: AddressSanitizer: SEGV on unknown address 0x0' >&2; exit 1"],
                ["exit status 1", "its sanitizer says: AddressSanitizer: SEGV"]
            ),
            (["/no/such/program"], ["/no/such/program", "cannot be started"]),
            (["no-such-program"], ["no-such-program", "cannot be started"]),
        ] as [([String], [String])]
    )
    func `One that ends at once is told in one line`(command: [String], words: [String]) async throws {
        let port = try await freePort()
        let target = try target(command, port: port)
        let trouble = await #expect(throws: SupervisionTrouble.self) { try await target.start() }
        let line = trouble?.description ?? ""
        for word in words { #expect(line.contains(word)) }
        #expect(!line.contains("\n"))
        #expect(await target.stop().endings.count == (line.contains("ended with") ? 1 : 0))
    }

    @Test func `One that never listens is ended after its time and told in one line`() async throws {
        let port = try await freePort()
        let line = "echo waiting for the database >&2; sleep 600"
        let target = try target(["/bin/sh", "-c", line], port: port, startLimit: .seconds(1))
        let trouble = await #expect(throws: SupervisionTrouble.self) { try await target.start() }
        #expect(trouble?.description.contains("did not listen on 127.0.0.1:\(port) within 1 s") == true)
        #expect(trouble?.description.hasSuffix("it wrote last: waiting for the database") == true)
        #expect(await target.incident(within: .zero) == nil)
    }

    @Test func `Nothing is started where somebody listens already`() async throws {
        let acceptor = try await accept(0)
        let port = try #require(acceptor.endpoint.port)
        let target = try target(["/bin/sh", "-c", "echo started >&2; sleep 600"], port: port)
        let trouble = await #expect(throws: SupervisionTrouble.self) { try await target.start() }
        #expect(trouble?.description.contains("is listened on already") == true)
        #expect(await target.stop().starts == 0)
        await acceptor.close()
    }

    @Test func `What a sanitizer says is an incident while the target goes on, and counted once`() async throws {
        let port = try await freePort()
        let report = "==4711==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000014 at pc 0x1"
        let line = "echo '\(report)' >&2; '\(echo(port).joined(separator: "' '"))' & wait"
        let target = try target(["/bin/sh", "-c", line], port: port)
        try await target.start()
        let incident = await target.incident(within: .zero)
        #expect(incident == TargetObservation(sanitizer: "AddressSanitizer: heap-use-after-free"))
        #expect(await target.stop().sanitizerReports == ["AddressSanitizer: heap-use-after-free"])
    }

    @Test func `It can be started again after its end, which is told with the signal`() async throws {
        let port = try await freePort()
        // The first start ends when it is told to, the second does not.
        let line = """
            if [ -e '\(startedPath)' ]; then exec '\(echo(port).joined(separator: "' '"))'; fi
            : > '\(startedPath)'; '\(echo(port).joined(separator: "' '"))' &
            until [ -e '\(endPath)' ]; do sleep 0.02; done; kill -ABRT $$
            """
        let target = try target(["/bin/sh", "-c", line], port: port)
        try await target.start()
        #expect(FileManager.default.createFile(atPath: endPath, contents: nil))
        #expect(await target.incident(within: .seconds(20)) == TargetObservation(ending: .signalled("SIGABRT")))
        #expect(await target.restart() == nil)
        #expect(await isListening(port))
        #expect(await target.incident(within: .zero) == nil)
        let summary = await target.stop()
        #expect(summary.starts == 2 && summary.endings == ["signal SIGABRT"])
    }

    @Test func `Memory and processor time are those of the whole group`() async throws {
        let port = try await freePort()
        // The shell's child is the one that works: once it is told to, and it says when all of it is done.
        let work = "i=0; while [ $i -lt 3000000 ]; do i=$((i+1)); done"
        let done = "AddressSanitizer: the work is done"
        let child = "until [ -e '\(endPath)' ]; do sleep 0.02; done; \(work); echo '==1==ERROR: \(done)' >&2; sleep 600"
        let line = "'\(echo(port).joined(separator: "' '"))' & (\(child)) & wait"
        let target = try target(["/bin/sh", "-c", line], port: port)
        try #require(target.measuresUsage)
        try await target.start()
        await target.beginObservation()
        #expect(FileManager.default.createFile(atPath: endPath, contents: nil))
        // However long the machine takes over it: what the work costs is used by then.
        #expect(await target.incident(within: .seconds(600)) == TargetObservation(sanitizer: done))
        let usage = try #require(await target.endObservation().usage)
        _ = await target.stop()
        #expect(usage.processor > 100_000_000 && usage.processor < 4 * usage.elapsed)
        #expect(usage.residentBefore > 1 << 20 && usage.residentPeak >= usage.residentBefore)
    }
}
