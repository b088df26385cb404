import Foundation
import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSRunner
import WSTranscript
import WSTransport

@Suite(.tags(.loopback), .serialized, .timeLimit(.minutes(15)))
final class `Over sockets of the Unix domain`: Sendable {
    private let folder = FileManager.default.temporaryDirectory.path + "/ws-\(UUID().uuidString.prefix(8))"

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    private var path: String { "\(folder)/socket" }
    private var endpoint: Endpoint { .unixSocket(path: path) }

    private func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    private func accept(_ endpoint: Endpoint) async throws -> any Acceptor {
        try await Loopback.accept(at: endpoint, Loopback.model)
    }

    /// Binds a socket and leaves its file behind, as a program does that is killed.
    private func leaveFile() async throws {
        let acceptor = try await accept(endpoint)
        let other = "\(folder)/moved"
        try FileManager.default.moveItem(atPath: path, toPath: other)
        await acceptor.close()
        try FileManager.default.moveItem(atPath: other, toPath: path)
    }

    /// Why nothing could be connected; nil where something was.
    private func failure(_ endpoint: Endpoint) async throws -> String? {
        let machine = try await Loopback.converse(Catalogue.Controls.echo, at: endpoint)
        return machine.transcript.events.lazy.compactMap { event in
            if case .ended(.notConnected(let reason)) = event.kind { reason } else { nil }
        }.first
    }

    // MARK: - Conversations

    @Test(
        arguments: [
            "framing/text/0-octets", "closing/after-echo", "utf8/fail-fast/pieces-between-code-points",
            "limits/text/1-mebibyte", "limits/chopped-text/64-octets", "limits/echo-loop/binary-256",
        ]
    )
    func `The model server passes`(id: String) async throws {
        let scenario = try #require(Catalogue.scenario(id))
        let machine = try await Loopback.listening(at: endpoint, Loopback.model) { found in
            #expect(found == endpoint)
            return try await Loopback.converse(scenario, at: found)
        }
        let judgement = Judge.judge(scenario, machine.transcript)
        #expect([.pass, .informational].contains(judgement.verdict), Comment(rawValue: judgement.reason))
        #expect(machine.transcript.events.last?.kind == .ended(.finished))
    }

    @Test func `As many connections may wait as over TCP`() async throws {
        let settings = try Loopback.settings(port: 80)
        try await Loopback.listening(at: endpoint, Loopback.model) { endpoint in
            let dialer = Loopback.dialer(to: endpoint)
            await withTaskGroup(of: TranscriptEvent.Kind?.self) { group in
                for _ in 0..<512 {
                    group.addTask {
                        await dialer.run(
                            ConversationMachine(scenario: Catalogue.Controls.echo, settings: settings),
                            probe: { ConversationMachine(scenario: Loopback.roundTrips($0), settings: settings) }
                        ).transcript.events.last?.kind
                    }
                }
                for await end in group { #expect(end == .ended(.finished)) }
            }
        }
    }

    // MARK: - The file

    @Test func `The file is there while the acceptor is open, and no longer`() async throws {
        for closesAll in [false, true] {
            let acceptor = try await accept(endpoint)
            #expect(isThere(path))
            if closesAll { await acceptor.closeAll() } else { await acceptor.close() }
            #expect(!isThere(path))
        }
    }

    @Test func `What has been put in the place of the file is left there, a socket too`() async throws {
        let first = try await accept(endpoint)
        try FileManager.default.removeItem(atPath: path)
        let second = try await accept(endpoint)
        await first.close()
        #expect(isThere(path))
        #expect(try await failure(endpoint) == nil)
        await second.close()
        // Closing again must not take the file of whoever came after.
        try Data("mine".utf8).write(to: URL(filePath: path))
        await first.closeAll()
        await second.closeAll()
        #expect(isThere(path))
    }

    @Test func `A file that is there already is not removed, and told`() async throws {
        try Data("mine".utf8).write(to: URL(filePath: path))
        var failure = await #expect(throws: ListenFailure.self) { _ = try await accept(endpoint) }
        #expect(failure?.description == "there is a file already, which is no socket" && failure?.mend == nil)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
        try FileManager.default.removeItem(atPath: path)
        try await leaveFile()
        failure = await #expect(throws: ListenFailure.self) { _ = try await accept(endpoint) }
        #expect(failure?.description == "a program that has ended left its socket there")
        #expect(failure?.mend == "remove it")
        #expect(isThere(path))
        failure = await #expect(throws: ListenFailure.self) { _ = try await accept(.unixSocket(path: folder)) }
        #expect(failure?.description == "there is a folder of that name")
    }

    @Test func `Where another program listens already, it is left alone, and told`() async throws {
        try await Loopback.listening(at: endpoint, Loopback.model) { endpoint in
            let failure = await #expect(throws: ListenFailure.self) { _ = try await accept(endpoint) }
            #expect(failure?.description == "another program listens there" && failure?.mend == nil)
            let end = try await self.failure(endpoint)
            #expect(end == nil)
        }
    }

    @Test func `A folder that does not exist is told`() async throws {
        let nowhere = Endpoint.unixSocket(path: "\(folder)/none/socket")
        let failure = await #expect(throws: ListenFailure.self) { _ = try await accept(nowhere) }
        #expect(failure?.description == "there is no such folder")
        try Data("mine".utf8).write(to: URL(filePath: "\(folder)/file"))
        let inFile = Endpoint.unixSocket(path: "\(folder)/file/socket")
        let other = await #expect(throws: ListenFailure.self) { _ = try await accept(inFile) }
        #expect(other?.description == "there is no such folder")
        #expect(
            try await self.failure(inFile) == "\(inFile) does not exist; start the server or check the path"
        )
    }

    // MARK: - Paths

    /// A path of that many octets in the folder.
    private func path(octets: Int) -> String {
        folder + "/" + String(repeating: "x", count: octets - folder.utf8.count - 1)
    }

    @Test func `A path that is none of a socket's is told in one line, and the longest is served`() async throws {
        let longest = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
        let length = "its path has \(longest + 1) octets, and that of a socket at most \(longest); shorten it"
        let rows = [
            (path(octets: longest + 1), length), ("", "its path is empty"),
            ("\(path)\0more", "its path has a NUL character"),
        ]
        for (path, reason) in rows {
            let endpoint = Endpoint.unixSocket(path: path)
            let trouble = await #expect(throws: ListenFailure.self) { _ = try await accept(endpoint) }
            #expect(trouble?.description == reason)
            #expect(try await failure(endpoint) == "\(endpoint) cannot be connected to: \(reason)")
            #expect(endpoint.problem == reason)
        }
        let end = try await Loopback.listening(at: .unixSocket(path: path(octets: longest)), Loopback.model) {
            try await failure($0)
        }
        #expect(end == nil)
    }

    @Test func `A path at which nobody listens is told in one line`() async throws {
        #expect(try await failure(endpoint) == "unix:\(path) does not exist; start the server or check the path")
        try await leaveFile()
        let mend = "as nobody listens there; start the server or check the path"
        #expect(try await failure(endpoint) == "unix:\(path) refused the connection, \(mend)")
    }

    @Test func `What is no socket for streams is told in one line`() async throws {
        try Data("mine".utf8).write(to: URL(filePath: path))
        #expect(try await failure(endpoint) == "unix:\(path) is a file and no socket; check the path")
        let above = Endpoint.unixSocket(path: folder)
        #expect(try await failure(above) == "unix:\(folder) is a folder and no socket; check the path")
        try FileManager.default.removeItem(atPath: path)
        let socket = try UnixDatagrams(at: path)
        #expect(try await failure(endpoint) == "unix:\(path) is a socket of another type; check the path")
        socket.close()
    }
}

/// A socket of the Unix domain for datagrams.
private struct UnixDatagrams {
    private let socket: CInt

    /// Binds one to a path, which is short enough.
    init(at path: String) throws {
        #if canImport(Glibc)
        socket = Foundation.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
        #else
        socket = Foundation.socket(AF_UNIX, SOCK_DGRAM, 0)
        #endif
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(socket, $0, size) }
        }
        try #require(result == 0)
    }

    func close() {
        _ = Foundation.close(socket)
    }
}
