import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSRunner
import WSScenario
import WSTranscript
import WSTransport
import WSTransportTLS

@Suite(.tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct `Through a proxy` {
    private func converse(
        _ scenario: Scenario = Catalogue.Controls.echo,
        to endpoint: Endpoint,
        through proxy: TunnelProxy,
        security: (any ChannelSecurity)? = nil,
        connectTimeout: LinkDuration = .seconds(5)
    ) async throws -> ConversationMachine {
        let settings = try Loopback.settings(port: endpoint.port ?? 80)
        let dialer = Sockets.dialer(
            to: endpoint,
            through: proxy,
            connectTimeout: connectTimeout,
            security: security,
            group: Loopback.group
        )
        return await dialer.run(
            ConversationMachine(scenario: scenario, settings: settings),
            probe: { ConversationMachine(scenario: Loopback.roundTrips($0), settings: settings) }
        )
    }

    /// Why nothing could be connected; nil where something was.
    private func failure(_ machine: ConversationMachine) -> String? {
        machine.transcript.events.lazy.compactMap { event in
            if case .ended(.notConnected(let reason)) = event.kind { reason } else { nil }
        }.first
    }

    // MARK: - Tunnels

    @Test(
        arguments: [
            "framing/text/0-octets", "closing/after-echo", "limits/text/1-mebibyte", "limits/chopped-text/64-octets",
            "robustness/probe-after-violation",
        ].compactMap { Catalogue.scenario($0)?.id }
    )
    func `Conversations are what they are without one, and hold nothing of it`(id: String) async throws {
        let scenario = try #require(Catalogue.scenario(id))
        try await Loopback.listening(at: .tcp(host: "127.0.0.1", port: 0), Loopback.model) { endpoint in
            try await TestProxy.listening(.tunnels(TestProxy.opened)) { proxy in
                let machine = try await converse(scenario, to: endpoint, through: proxy.address())
                let judgement = Judge.judge(scenario, machine.transcript)
                #expect([.pass, .informational].contains(judgement.verdict), Comment(rawValue: judgement.reason))
                let direct = try await Loopback.converse(scenario, at: endpoint)
                #expect(received(machine.transcript) == received(direct.transcript))
                #expect(proxy.requests.first == "CONNECT \(endpoint) HTTP/1.1\r\nHost: \(endpoint)\r\n\r\n")
            }
        }
    }

    /// How many octets a conversation received.
    private func received(_ transcript: Transcript) -> Int {
        transcript.events.reduce(0) { sum, event in
            if case .received(_, let parts) = event.kind { parts.reduce(sum) { $0 + $1.count } } else { sum }
        }
    }

    @Test func `TLS goes through the tunnel`() async throws {
        let local = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let identity = TLSIdentity(certificate: TestCertificate.ordinary, key: TestCertificate.key)
        var settings = TLSClientSettings()
        settings.trust = .authorities(TestCertificate.authority)
        let client = try TLSClient(settings, host: "127.0.0.1")
        try await Loopback.listening(at: local, security: try TLSServer(identity), Loopback.model) { endpoint in
            try await TestProxy.listening(.tunnels(TestProxy.opened)) { proxy in
                let machine = try await converse(to: endpoint, through: proxy.address(), security: client)
                #expect(
                    failure(machine) == nil && Judge.judge(Catalogue.Controls.echo, machine.transcript).verdict == .pass
                )
            }
        }
    }

    @Test func `Credentials are sent, and a name is left to the proxy`() async throws {
        try await Loopback.listening(Loopback.model) { port in
            try await TestProxy.listening(.tunnels(TestProxy.opened)) { proxy in
                let there = Endpoint.tcp(host: "chat.example.invalid", port: port)
                let machine = try await converse(to: there, through: proxy.address(authorization: "Basic bWU6cHc="))
                #expect(failure(machine) == nil)
                #expect(
                    proxy.requests == [
                        "CONNECT chat.example.invalid:\(port) HTTP/1.1\r\nHost: chat.example.invalid:\(port)\r\n"
                            + "Proxy-Authorization: Basic bWU6cHc=\r\n\r\n"
                    ]
                )
            }
        }
    }

    @Test(
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HTTP/1.0 200 OK\r\nVia: x\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 299 Fine\r\n\r\n",
        ]
    )
    func `Every status that RFC 9110 lets open a tunnel opens one`(answer: String) async throws {
        try await Loopback.listening(Loopback.model) { port in
            try await TestProxy.listening(.tunnels(answer)) { proxy in
                let machine = try await converse(to: .tcp(host: "127.0.0.1", port: port), through: proxy.address())
                #expect(failure(machine) == nil)
                #expect(Judge.judge(Catalogue.Controls.echo, machine.transcript).verdict == .pass)
            }
        }
    }

    @Test func `A run that is cancelled while a tunnel is opened ends at once`() async throws {
        try await TestProxy.listening(.silent) { proxy in
            let address = proxy.address()
            let task = Task {
                try await converse(
                    to: .tcp(host: "peer.example", port: 1),
                    through: address,
                    connectTimeout: .seconds(600)
                )
            }
            while proxy.requests.isEmpty { await Task.yield() }
            task.cancel()
            let end = try await task.value.transcript.events.last?.kind
            #expect(end == .ended(.closedHere))
        }
    }

    @Test func `A rate spreads connections over time, and a cancelled one that waits ends at once`() async throws {
        try await Loopback.listening(Loopback.model) { port in
            let settings = try Loopback.settings(port: port)
            let endpoint = Endpoint.tcp(host: "127.0.0.1", port: port)
            let clock = ContinuousClock()
            let began = clock.now
            let dialer = Sockets.dialer(to: endpoint, connectTimeout: .seconds(5), rate: 20, group: Loopback.group)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<5 {
                    group.addTask {
                        let machine = ConversationMachine(scenario: Catalogue.Controls.echo, settings: settings)
                        let end = await dialer.run(machine, probe: { _ in machine }).transcript.events.last?.kind
                        #expect(end == .ended(.finished))
                    }
                }
            }
            // The first begins at once, each further one a twentieth of a second later.
            #expect(began.duration(to: clock.now) >= .milliseconds(200))
            let slow = Sockets.dialer(to: endpoint, connectTimeout: .seconds(5), rate: 1, group: Loopback.group)
            let machine = ConversationMachine(scenario: Catalogue.Controls.echo, settings: settings)
            _ = await slow.run(machine, probe: { _ in machine })
            let waiting = Task { await slow.run(machine, probe: { _ in machine }) }
            waiting.cancel()
            let end = await waiting.value.transcript.events.last?.kind
            #expect(end == .ended(.closedHere))
        }
    }

    // MARK: - What proxies say else

    private static let refusals: [(String, String)] = [
        (
            "407 No\r\nProxy-Authenticate: Basic realm=\"x\"",
            "wants credentials (407); write --proxy http://USER:PASSWORD@{p}"
        ),
        ("407 No", "wants credentials (407); write --proxy http://USER:PASSWORD@{p}"),
        (
            "407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: N<TLM> a",
            "wants credentials by 'negotiate, ntlm' (407), and only Basic is spoken; use another proxy"
        ),
        ("401 No", "wants credentials (401); write --proxy http://USER:PASSWORD@{p}"),
        ("403 Forbidden", "refuses tunnels to peer.example:9001 (403); allow them there, or take another way"),
        (
            "502 Bad Gateway",
            "could not connect to peer.example:9001 (502); check that address, and what the proxy reaches"
        ),
        ("405 No", "answered CONNECT with 405 in place of a tunnel; check that it is an HTTP proxy"),
        ("302 Found\r\nLocation: /", "answered CONNECT with 302 in place of a tunnel; check that it is an HTTP proxy"),
        (
            "200 OK\r\nContent-Type: text/html\r\nContent-Length: 6",
            "answered CONNECT with a page (200) in place of a tunnel; check that it is an HTTP proxy"
        ),
    ]

    @Test func `A proxy that opens no tunnel is told in one line, which says what mends it`() async throws {
        for (answer, line) in Self.refusals {
            try await TestProxy.listening(.answers("HTTP/1.1 \(answer)\r\n\r\n<html>")) { proxy in
                let there = Endpoint.tcp(host: "peer.example", port: 9001)
                let machine = try await converse(to: there, through: proxy.address())
                let place = proxy.address().endpoint.description
                #expect(failure(machine) == "the proxy \(place) \(line.replacing("{p}", with: place))")
                #expect(
                    machine.transcript.events.allSatisfy { event in
                        if case .received = event.kind { false } else { true }
                    }
                )
            }
        }
    }

    @Test func `Wrong credentials are told as such`() async throws {
        try await TestProxy.listening(.answers("HTTP/1.1 407 No\r\n\r\n")) { proxy in
            let there = Endpoint.tcp(host: "peer.example", port: 9001)
            let machine = try await converse(to: there, through: proxy.address(authorization: "Basic eDp5"))
            let place = proxy.address().endpoint
            #expect(
                failure(machine)
                    == "the proxy \(place) refuses the credentials (407); check user and password of --proxy"
            )
        }
    }

    @Test func `A proxy that is none is told in one line, within the time to connect`() async throws {
        let check = "check that it is an HTTP proxy"
        let rows: [(TestProxy.Manner, String)] = [
            (.answers("<html>what?</html>\r\n\r\n"), "does not answer CONNECT in HTTP; \(check)"),
            (
                .answers("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>what?</html>"),
                "sent octets right behind its answer to CONNECT, as no tunnel does; \(check)"
            ),
            (
                .answers("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 400 Bad Request\r\n\r\n"),
                "sent octets right behind its answer to CONNECT, as no tunnel does; \(check)"
            ),
            (.answers("HTTP/2.0 200 OK\r\n\r\n"), "does not answer CONNECT in HTTP; \(check)"),
            (.answers("HTTP/1.1 200 OK\r\nX"), "did not open a tunnel to peer.example:9001 within 0.2 s; {late}"),
            (.answersEndlessly, "answered CONNECT with a head above 16 KiB; \(check)"),
            (.closes, "closed the connection without an answer to CONNECT; \(check)"),
            (.silent, "did not open a tunnel to peer.example:9001 within 0.2 s; {late}"),
        ]
        for (manner, line) in rows {
            try await TestProxy.listening(manner) { proxy in
                let there = Endpoint.tcp(host: "peer.example", port: 9001)
                // Only what never answers meets the limit.
                let limit: LinkDuration = line.contains("0.2 s") ? .milliseconds(200) : .seconds(60)
                let machine = try await converse(to: there, through: proxy.address(), connectTimeout: limit)
                let told = line.replacing("{late}", with: "check that it may connect there, or raise --timeout")
                #expect(failure(machine) == "the proxy \(proxy.address().endpoint) \(told)")
            }
        }
    }

    @Test func `A proxy at which nobody listens is told by its own place`() async throws {
        let place = try await TestProxy.listening(.silent) { $0.address() }
        let machine = try await converse(to: .tcp(host: "peer.example", port: 9001), through: place)
        #expect(failure(machine) == "the proxy \(place.endpoint) refused the connection; start it, or check --proxy")
    }
}
