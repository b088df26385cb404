import Foundation
import Testing
import WSProcess
import WSTranscript

@Suite("A command that runs a client", .timeLimit(.minutes(15)))
struct ClientCommandProcessTests {
    private func withLog<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let path = FileManager.default.temporaryDirectory.appending(path: "client-\(UUID().uuidString).log").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await body(path)
    }

    private func shell(_ line: String, log: String) async throws -> ClientCommandProcess {
        try await ClientCommandProcess.start(
            ["/bin/sh", "-c", line],
            environment: ["WSCONFORM_URL": "ws://a/b?c"],
            errorLog: log
        )
    }

    /// Whether a process has ended, also where nobody has asked how.
    private func isGone(_ id: Int32) -> Bool {
        let state = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8)
        return kill(id, 0) != 0 || state?.contains(") Z ") == true
    }

    @Test("Its exit status and its last words are known, and it is told the address")
    func exits() async throws {
        try await withLog { log in
            let process = try await shell("echo \"at $WSCONFORM_URL\" >&2; exit 3", log: log)
            #expect(await process.ending(within: .seconds(60)) == .exited(3))
            #expect(await process.lastWords == "; it wrote last: at ws://a/b?c")
            #expect(await !process.isRunning)
        }
    }

    @Test("The line that names an error goes before the last ones, where it is none of them", arguments: [1, 9])
    func error(callsBehind: Int) async throws {
        try await withLog { log in
            let calls = (1...callsBehind).map { "echo '    at call \($0)' >&2" }.joined(separator: "; ")
            let process = try await shell("echo \"Error: Cannot find module 'a'\" >&2; \(calls); exit 1", log: log)
            #expect(await process.ending(within: .seconds(60)) == .exited(1))
            let words = await process.lastWords
            let gap = callsBehind == 1 ? "" : "… | "
            #expect(words.hasPrefix("; it wrote last: Error: Cannot find module 'a' | \(gap)    at call"), "\(words)")
            #expect(words.hasSuffix("at call \(callsBehind)"))
        }
    }

    @Test("A signal is told by its name, and a sanitizer's report by its first line")
    func dies() async throws {
        try await withLog { log in
            let process = try await shell(
                "echo '==1==ERROR: AddressSanitizer: heap-use-after-free' >&2; kill -ABRT $$",
                log: log
            )
            #expect(await process.ending(within: .seconds(60)) == .signalled("SIGABRT"))
            #expect(await process.sanitizer?.contains("heap-use-after-free") == true)
        }
    }

    @Test("One that hangs is waited for as long as is asked for, and is ended with what it has started")
    func hangs() async throws {
        try await withLog { log in
            let process = try await shell("trap '' TERM; sleep 1000 & echo $! >&2; wait; sleep 1000", log: log)
            #expect(await process.ending(within: .milliseconds(50)) == nil)
            #expect(await process.isRunning)
            while await process.lastWords.isEmpty { await Task.yield() }
            let child = try #require(await process.lastWords.split(separator: " ").last.flatMap { Int32($0) })
            // However little time it is given, it has ended when this returns.
            await process.end(within: .zero)
            #expect(await !process.isRunning)
            // What ended because we ended it, ended not by itself.
            #expect(await process.ending(within: .zero) == nil)
            let deadline = ContinuousClock.now + .seconds(20)
            while !isGone(child), ContinuousClock.now < deadline { await Task.yield() }
            #expect(isGone(child))
        }
    }

    @Test("Who waits for it is let go when the task is cancelled")
    func cancelled() async throws {
        try await withLog { log in
            let process = try await shell("sleep 1000", log: log)
            let waiting = Task { await process.ending(within: .seconds(1_000)) }
            waiting.cancel()
            #expect(await waiting.value == nil)
            await process.end()
        }
    }

    @Test("One that does not exist is one line that says so")
    func missing() async throws {
        try await withLog { log in
            await #expect(
                throws: SupervisionTrouble.self,
                performing: {
                    _ = try await ClientCommandProcess.start(["/nowhere/client"], environment: [:], errorLog: log)
                }
            )
            do {
                _ = try await ClientCommandProcess.start(["/nowhere/client"], environment: [:], errorLog: log)
            } catch {
                #expect(
                    "\(error)"
                        == "/nowhere/client cannot be started; check the command behind --, and that it may be run"
                )
            }
        }
    }
}
