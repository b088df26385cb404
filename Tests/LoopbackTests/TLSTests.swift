import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSRunner
import WSScenario
import WSTranscript
import WSTransport
import WSTransportTLS

/// TLS on both sides, with BoringSSL and real sockets.
@Suite(.tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct `Behind TLS` {
    private static let port0 = Endpoint.tcp(host: "127.0.0.1", port: 0)

    private static func server(
        _ certificate: PEMFile = TestCertificate.ordinary,
        minimum: TLSMinimum = .tls12
    ) throws -> TLSServer {
        try TLSServer(TLSIdentity(certificate: certificate, key: TestCertificate.key), minimum: minimum)
    }

    private static func client(
        host: String = "127.0.0.1",
        _ change: (inout TLSClientSettings) -> Void = { _ in }
    ) throws -> TLSClient {
        var settings = TLSClientSettings()
        settings.trust = .authorities(TestCertificate.authority)
        change(&settings)
        return try TLSClient(settings, host: host)
    }

    /// Plays a scenario against the model server.
    private func play(
        _ id: String,
        _ server: (any ChannelSecurity)?,
        _ client: (any ChannelSecurity)?,
        idleTimeout: LinkDuration = .seconds(30)
    ) async throws -> ConversationMachine {
        let scenario = try #require(Catalogue.scenario(id))
        return try await Loopback.listening(at: Self.port0, security: server, Loopback.model) { endpoint in
            try await Loopback.converse(scenario, at: endpoint, security: client, idleTimeout: idleTimeout)
        }
    }

    // MARK: - Links that come about

    @Test(
        arguments: [
            "framing/text/0-octets", "closing/after-echo", "utf8/fail-fast/pieces-between-code-points",
            "limits/text/1-mebibyte", "limits/chopped-text/64-octets", "limits/echo-loop/binary-256",
            "handshake/request/reset-inside-the-head", "compression/echo/text-256",
        ].filter { Catalogue.scenario($0)?.transports.contains(.tls) ?? false }
    )
    func `The model server passes`(id: String) async throws {
        let machine = try await play(id, try Self.server(), try Self.client())
        let judgement = Judge.judge(machine.scenario, machine.transcript)
        #expect([.pass, .informational].contains(judgement.verdict), Comment(rawValue: judgement.reason))
    }

    @Test func `The record says what the handshake agreed on, and how TLS ended`() async throws {
        let machine = try await play("closing/after-echo", try Self.server(), try Self.client())
        let security = try #require(machine.transcript.security)
        #expect(security.version == "TLS 1.3")
        #expect(security.cipher?.hasPrefix("TLS_") == true)
        #expect(security.serverName == nil, "an address is no name to ask for")
        #expect(security.offeredProtocols == ["http/1.1"] && security.applicationProtocol == "http/1.1")
        #expect(security.certificateNames == ["localhost", "*.wild.example", "127.0.0.1", "::1"])
        #expect(security.certificateDigest?.count == 64)
        #expect(machine.transcript.events.last?.kind == .ended(.finished))
    }

    @Test(arguments: ["localhost", "a.wild.example", "LOCALHOST", "localhost."])
    func `A name is asked for and has to be in the certificate`(name: String) async throws {
        let machine = try await play("ping/empty", try Self.server(), try Self.client(host: name))
        let asked = name.hasSuffix(".") ? String(name.dropLast()) : name
        #expect(machine.transcript.security?.serverName == asked)
        #expect(Judge.judge(machine.scenario, machine.transcript).verdict == .pass)
    }

    @Test func `A name that was given goes before the host of the address`() async throws {
        let client = try Self.client { $0.serverName = "b.wild.example" }
        let machine = try await play("ping/empty", try Self.server(), client)
        #expect(machine.transcript.security?.serverName == "b.wild.example")
    }

    @Test func `TLS 1.3 can be asked for`() async throws {
        let machine = try await play(
            "ping/empty",
            try Self.server(minimum: .tls13),
            try Self.client { $0.minimum = .tls13 }
        )
        #expect(machine.transcript.security?.version == "TLS 1.3")
    }

    // MARK: - Links that do not

    private func failure(
        _ server: (any ChannelSecurity)?,
        _ client: (any ChannelSecurity)?
    ) async throws -> String {
        let machine = try await play("ping/empty", server, client)
        guard case .ended(.notSecured(let line)) = machine.transcript.events.last?.kind else {
            Issue.record("it ended with \(String(describing: machine.transcript.events.last))")
            return ""
        }
        #expect(!line.contains("\n"))
        return line
    }

    @Test func `An authority that is not trusted is told with the option for it`() async throws {
        let line = try await failure(try Self.server(), try Self.client { $0.trust = .system })
        let names = "localhost, *.wild.example, 127.0.0.1 and 1 more"
        #expect(line.contains("its certificate for \(names) (valid until 2126-01-01) is not signed by an authority"))
        #expect(line.contains("failed: give its authority with --ca FILE, or use --insecure: "), "the mend comes first")
    }

    @Test func `The certificate itself is no authority`() async throws {
        let client = try Self.client { $0.trust = .authorities(TestCertificate.ordinary) }
        let line = try await failure(try Self.server(), client)
        #expect(line.contains("is the one in ordinary.pem, which is no authority"))
    }

    @Test(arguments: ["127.0.0.1", "localhost", "a.b.wild.example", "wild.example"])
    func `A certificate of another server is told with its names`(host: String) async throws {
        let line = try await failure(try Self.server(TestCertificate.ofOther), try Self.client(host: host))
        #expect(line.contains("is not for \(host) but for other.example") && line.contains("--server-name"))
    }

    @Test func `The address of the connection does not excuse another name`() async throws {
        let line = try await failure(try Self.server(), try Self.client { $0.serverName = "foo.example" })
        #expect(line.hasSuffix("is not for foo.example but for localhost, *.wild.example, 127.0.0.1 and 1 more"))
    }

    @Test func `A certificate that has expired is told with its day`() async throws {
        let line = try await failure(try Self.server(TestCertificate.expired), try Self.client())
        #expect(line.contains("has expired on 2021-01-01"))
    }

    @Test(arguments: [TestCertificate.ordinary, TestCertificate.ofOther, TestCertificate.expired])
    func `Whoever trusts anything is let in`(certificate: PEMFile) async throws {
        let client = try Self.client { $0.trust = .anything }
        let machine = try await play("ping/empty", try Self.server(certificate), client)
        #expect(Judge.judge(machine.scenario, machine.transcript).verdict == .pass)
    }

    @Test func `TLS to a plain port is told with the scheme for it`() async throws {
        let line = try await failure(nil, try Self.client())
        #expect(line.contains("what came is not TLS; give a ws:// address"))
    }

    @Test func `No TLS to a port that wants it ends the conversation`() async throws {
        let machine = try await play("ping/empty", try Self.server(), nil)
        #expect(machine.facts.failure == .endedInHandshake || machine.facts.failure == .notHTTP)
    }

    @Test func `A server that is silent is given up in time`() async throws {
        let silent = Loopback.making(ScriptedPeer { _, _ in })
        let line = try await Loopback.listening(at: Self.port0, silent) { endpoint in
            let dialer = Loopback.dialer(to: endpoint, connectTimeout: .milliseconds(200), security: try Self.client())
            let machine = await dialer.run(Witness(), probe: { _ in Witness() })
            guard case .notSecured(let line) = machine.end else { return "\(String(describing: machine.end))" }
            return line
        }
        #expect(line.contains("did not finish the TLS handshake within 0.2 s"))
    }

    @Test func `A client that offers other application protocols alone is refused with an alert`() async throws {
        let (ends, ended) = AsyncStream.makeStream(of: Witness.self)
        var accepting = Witness()
        accepting.onEnd = { ended.yield($0) }
        let accepted = accepting
        let serving: @Sendable () -> any LinkMachine = { accepted }
        let client = try Self.client { $0.applicationProtocols = ["h2", "a", "b", "c"] }
        let server = try Self.server()
        let dialled = try await Loopback.listening(at: Self.port0, security: server, serving) { endpoint in
            await Loopback.dialer(to: endpoint, security: client).run(Witness(), probe: { _ in Witness() }).end
        }
        let other = await ends.first { _ in true }?.end
        guard case .notSecured(let line) = dialled, case .notSecured(let told)? = other else {
            Issue.record("the client was let in: \(String(describing: dialled))")
            return
        }
        #expect(line.contains("the server speaks none of the application protocols that were offered"), "\(line)")
        let mend = "let the client offer http/1.1, or no application protocol"
        #expect(told.contains("\(mend): it offers h2, a, b and 1 more alone"), "\(told)")
    }

    @Test(arguments: [[], ["h2", "http/1.1"]])
    func `A client that offers no application protocol, or ours too, is let in`(offered: [String]) async throws {
        let client = try Self.client { $0.applicationProtocols = offered }
        let machine = try await play("ping/empty", try Self.server(), client)
        #expect(machine.transcript.security?.applicationProtocol == (offered.isEmpty ? nil : "http/1.1"))
    }

    // MARK: - Ends

    @Test func `An end without the closing message is a cut`() async throws {
        // The peer below TLS ends TCP as soon as it has read anything, in the middle of the handshake.
        let cut = Loopback.making(ScriptedPeer { _, answers in answers.end() })
        let end = try await Loopback.listening(at: Self.port0, cut) { endpoint in
            await Loopback.dialer(to: endpoint, security: try Self.client()).run(Witness(), probe: { _ in Witness() })
                .end
        }
        guard case .notSecured(let line) = end else {
            Issue.record("it ended with \(String(describing: end))")
            return
        }
        let ways = ["ended the connection in the TLS handshake", "reset the connection", "the connection ended before"]
        #expect(ways.contains { line.contains($0) } && line.contains("check that it speaks TLS"), "\(line)")
    }

    // MARK: - Files

    @Test func `A file that holds something else is told with its option`() {
        func trouble(_ certificate: PEMFile, _ key: PEMFile) -> String? {
            do throws(TLSTrouble) {
                _ = try TLSServer(TLSIdentity(certificate: certificate, key: key))
                return nil
            } catch {
                return error.description
            }
        }
        let (right, key) = (TestCertificate.ordinary, TestCertificate.key)
        #expect(trouble(right, key) == nil)
        #expect(trouble(key, key) == "key.pem holds no certificate in PEM form; give another file with --cert")
        #expect(trouble(right, right) == "ordinary.pem holds no private key in PEM form; give another file with --key")
        #expect(trouble(right, TestCertificate.otherKey)?.hasPrefix("other-key.pem is not the key of the") == true)
        let encrypted = trouble(right, TestCertificate.encryptedKey)
        #expect(encrypted?.hasPrefix("the private key in encrypted.pem has a password") == true)
        #expect(trouble(PEMFile(path: "empty", octets: []), key)?.hasPrefix("empty holds no certificate") == true)
        #expect(throws: TLSTrouble("key.pem holds no certificate in PEM form; give another file with --ca")) {
            try Self.client { $0.trust = .authorities(TestCertificate.key) }
        }
        #expect(throws: TLSTrouble("--server-name ::1 is an address; give a name, or drop the option")) {
            try Self.client { $0.serverName = "::1" }
        }
    }
}

extension Transcript {
    /// What the handshake of the security layer agreed on.
    fileprivate var security: TranscriptSecurity? {
        events.lazy.compactMap { event in
            if case .mark(.secured(let security)) = event.kind { security } else { nil }
        }.first
    }
}
