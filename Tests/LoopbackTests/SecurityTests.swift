import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSKernels
import WSLink
import WSModelPeer
import WSRunner
import WSTranscript
import WSTransport

/// Links with a security layer, on the side that dials, on the side that accepts, and on both.
@Suite(.tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct `Behind a security layer` {
    private let port0 = Endpoint.tcp(host: "127.0.0.1", port: 0)

    /// What each side of a connection saw.
    private struct Both {
        var dialled: Witness
        var accepted: Witness
        var endpoint: Endpoint
    }

    /// Connects two witnesses, and lets both come to their end.
    private func meet(
        dialling dialer: Witness,
        _ ours: MaskSecurity?,
        accepting acceptor: Witness,
        _ theirs: MaskSecurity?,
        connectTimeout: LinkDuration = .seconds(30),
        handshakeLimit: LinkDuration = .seconds(30)
    ) async throws -> Both {
        let (witnesses, ended) = AsyncStream.makeStream(of: Witness.self)
        var accepting = acceptor
        accepting.onEnd = { ended.yield($0) }
        let accepted = accepting
        let listening = try await Loopback.accept(at: port0, connectTimeout: handshakeLimit, security: theirs) {
            accepted
        }
        let endpoint = listening.endpoint
        let dialled = await Loopback.dialer(to: endpoint, connectTimeout: connectTimeout, security: ours)
            .run(dialer, probe: { _ in Witness() })
        let other = try #require(await witnesses.first { _ in true })
        await listening.closeAll()
        return Both(dialled: dialled, accepted: other, endpoint: endpoint)
    }

    // MARK: - A link that comes about

    @Test(
        arguments: [
            "framing/text/0-octets", "closing/after-echo", "utf8/fail-fast/pieces-between-code-points",
            "limits/text/1-mebibyte", "limits/chopped-text/64-octets", "limits/echo-loop/binary-256",
        ]
    )
    func `The model server passes`(id: String) async throws {
        let scenario = try #require(Catalogue.scenario(id))
        let machine = try await Loopback.listening(at: port0, security: MaskSecurity(), Loopback.model) { endpoint in
            try await Loopback.converse(scenario, at: endpoint, security: MaskSecurity())
        }
        let judgement = Judge.judge(scenario, machine.transcript)
        #expect([.pass, .informational].contains(judgement.verdict), Comment(rawValue: judgement.reason))
        #expect(machine.transcript.events.last?.kind == .ended(.finished))
    }

    @Test func `Octets go through the layer, and an orderly end is one for both sides`() async throws {
        let both = try await meet(
            dialling: Witness([.write(Array("ping".utf8)), .closeOutput]),
            MaskSecurity(),
            accepting: Witness([.write(Array("pong".utf8))]),
            MaskSecurity()
        )
        #expect(both.accepted.octets == Array("ping".utf8) && both.accepted.end == .finished)
        #expect(both.dialled.octets == Array("pong".utf8) && both.dialled.end == .finished)
        #expect(both.accepted.wasConnected && both.dialled.wasConnected)
    }

    @Test func `A link that is closed at once has ended in an orderly way for the other side`() async throws {
        var both = try await meet(dialling: Witness([.close]), MaskSecurity(), accepting: Witness(), MaskSecurity())
        #expect(both.dialled.end == .closedHere && both.accepted.end == .finished)
        both = try await meet(dialling: Witness(), MaskSecurity(), accepting: Witness([.close]), MaskSecurity())
        #expect(both.dialled.end == .finished && both.accepted.end == .closedHere)
    }

    @Test func `A reset is sent past the layer`() async throws {
        let (speaking, resetting) = (Witness([.write([1])]), Witness(whenReceived: [.reset]))
        var both = try await meet(dialling: resetting, MaskSecurity(), accepting: speaking, MaskSecurity())
        #expect(both.dialled.end == .closedHere && both.accepted.end == .reset)
        both = try await meet(dialling: speaking, MaskSecurity(), accepting: resetting, MaskSecurity())
        #expect(both.dialled.end == .reset && both.accepted.end == .closedHere)
    }

    @Test func `A stream that is cut without the closing message is truncated, behind all that came`() async throws {
        let (octets, cut) = ([UInt8](repeating: 7, count: 1000), MaskSecurity(manner: .cutsOff))
        for end in [LinkAction.closeOutput, .close] {
            var both = try await meet(
                dialling: Witness(),
                MaskSecurity(),
                accepting: Witness([.write(octets), .notifyWhenWritten], thenWritten: [end]),
                cut
            )
            #expect(both.dialled.end == .truncated && both.dialled.octets == octets)
            both = try await meet(
                dialling: Witness([.write(octets), .notifyWhenWritten], thenWritten: [end]),
                cut,
                accepting: Witness(),
                MaskSecurity()
            )
            #expect(both.accepted.end == .truncated && both.accepted.octets == octets)
        }
    }

    @Test func `Without a layer a stream that ends is never truncated`() async throws {
        let both = try await meet(dialling: Witness([.closeOutput]), nil, accepting: Witness(), nil)
        #expect(both.accepted.end == .finished && both.dialled.end == .finished)
    }

    // MARK: - Pieces

    @Test func `Each piece goes through the layer by itself`() async throws {
        let (first, second) = (MaskSecurity(), MaskSecurity())
        let octets = (0..<100).map { UInt8($0) }
        let both = try await meet(
            dialling: Witness([.writePieces(octets, size: 33), .closeOutput]),
            first,
            accepting: Witness([.writePieces(octets, size: 50)]),
            second
        )
        #expect(both.accepted.octets == octets && both.dialled.octets == octets)
        #expect(first.log.entries == [33, nil, 33, nil, 33, nil, 1, nil])
        #expect(second.log.entries == [50, nil, 50, nil])
    }

    // MARK: - A handshake that fails

    @Test func `A handshake that goes wrong is told by the layer, and no link begins on that side`() async throws {
        var both = try await meet(
            dialling: Witness(),
            MaskSecurity(),
            accepting: Witness(),
            MaskSecurity(manner: .wrongGreeting)
        )
        let line = "the mask handshake with \(both.endpoint) failed: the greeting was \"HOWDY\""
        #expect(both.dialled.end == .notSecured(line) && !both.dialled.wasConnected)
        both = try await meet(
            dialling: Witness(),
            MaskSecurity(manner: .wrongGreeting),
            accepting: Witness(),
            MaskSecurity()
        )
        let other = "the mask handshake with the client failed: the greeting was \"HOWDY\""
        #expect(both.accepted.end == .notSecured(other) && !both.accepted.wasConnected)
    }

    @Test func `A handshake that never ends is given up when the time to connect is over`() async throws {
        var both = try await meet(
            dialling: Witness(),
            MaskSecurity(),
            accepting: Witness(),
            MaskSecurity(manner: .silent),
            connectTimeout: .milliseconds(250)
        )
        let line = "\(both.endpoint) did not finish the mask handshake within 0.25 s; check that it speaks mask"
        #expect(both.dialled.end == .notSecured(line) && !both.dialled.wasConnected)
        #expect(both.dialled.endedAt >= .zero + .milliseconds(250))
        both = try await meet(
            dialling: Witness(),
            MaskSecurity(manner: .silent),
            accepting: Witness(),
            MaskSecurity(),
            handshakeLimit: .seconds(1)
        )
        let other = "the client did not finish the mask handshake within 1 s; check that it speaks mask"
        #expect(both.accepted.end == .notSecured(other) && !both.accepted.wasConnected)
    }

    @Test func `A peer without the layer is told in one line`() async throws {
        var both = try await meet(
            dialling: Witness(),
            MaskSecurity(),
            accepting: Witness([.write(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))]),
            nil
        )
        let line = "the mask handshake with \(both.endpoint) failed: the greeting was \"HTTP/\""
        #expect(both.dialled.end == .notSecured(line))
        both = try await meet(dialling: Witness(), MaskSecurity(), accepting: Witness([.closeOutput]), nil)
        let ended = "the mask handshake with \(both.endpoint) failed: the greeting never ended"
        #expect(both.dialled.end == .notSecured(ended))
        both = try await meet(dialling: Witness(whenReceived: [.reset]), nil, accepting: Witness(), MaskSecurity())
        let reset = "the client reset the connection in the mask handshake; check that it speaks mask"
        #expect(both.accepted.end == .notSecured(reset) && !both.accepted.wasConnected)
    }

    @Test func `A layer that cannot be put into the channel is told in one line`() async throws {
        let listening = try await Loopback.accept(at: port0) { Witness() }
        let endpoint = listening.endpoint
        let dialled = await Loopback.dialer(to: endpoint, security: MaskSecurity(manner: .impossible))
            .run(Witness(), probe: { _ in Witness() })
        let line = "the mask handshake with \(endpoint) cannot begin: there is no mask"
        #expect(dialled.end == .notSecured(line))
        await listening.closeAll()
    }

    @Test func `Cancelling ends a handshake that never ends`() async throws {
        let silent = MaskSecurity(manner: .silent)
        let make: @Sendable () -> any LinkMachine = { Witness() }
        try await Loopback.listening(at: port0, security: silent, make) { endpoint in
            let dialer = Loopback.dialer(to: endpoint, connectTimeout: .seconds(60), security: MaskSecurity())
            let task = Task { await dialer.run(Witness()) { _ in Witness() } }
            task.cancel()
            let dialled = await task.value
            #expect(dialled.end == .closedHere && !dialled.wasConnected)
        }
    }

    @Test func `What a handshake failed over stands in the transcript, and the target is not to blame`() async throws {
        let scenario = Catalogue.Controls.echo
        let wrong = MaskSecurity(manner: .wrongGreeting)
        let machine = try await Loopback.listening(at: port0, security: wrong, Loopback.model) { endpoint in
            try await Loopback.converse(scenario, at: endpoint, security: MaskSecurity())
        }
        guard case .ended(.notSecured(let reason))? = machine.transcript.events.last?.kind else {
            return #expect(Bool(false), "\(machine.transcript.events)")
        }
        #expect(reason.hasSuffix("failed: the greeting was \"HOWDY\""))
        #expect(machine.facts.failure == .notConnected(reason))
        #expect(Judge.judge(scenario, machine.transcript).verdict == .inconclusive)
    }
}
