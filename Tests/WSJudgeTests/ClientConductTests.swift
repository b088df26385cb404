import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// What rules find in what clients do once they have been answered.
@Suite struct `The rules of a client's conduct` {
    // MARK: - Answers to refuse and to accept

    /// What comes of an answer that the client takes in one of these ways.
    private func judgement(_ slug: String, _ reaction: (inout ClientRecording) -> Void) throws -> Judgement {
        let scenario = Catalogue.the("handshake/response/\(slug)")
        guard case .response(let response) = scenario.opening else { throw NoResponse() }
        var recording = ClientRecording(scenario)
        let request = HTTPHead(
            kind: .request,
            raw: Array((ClientRecording.lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        )
        recording.answer(response.octets(answering: request, subprotocol: nil), opens: false)
        recording.sendScript()
        reaction(&recording)
        return recording.judgement
    }

    private struct NoResponse: Error {}

    @Test(arguments: ["accept-of-another-key", "status-200", "upgrade-missing", "redirection-301", "interim-100"])
    func `who ends the connection over an answer has refused it`(slug: String) throws {
        let judgement = try judgement(slug) { $0.end() }
        #expect((judgement.verdict == .pass) == (slug != "interim-100"))
        #expect(judgement.closing == .pass)
    }

    @Test(arguments: ["accept-of-another-key", "status-200", "upgrade-missing", "redirection-301"])
    func `who answers a Ping behind an answer has accepted it`(slug: String) throws {
        let judgement = try judgement(slug) { recording in
            recording.mark(.lateBarrierSent(payload: Array("0123456789abcdef".utf8)))
            recording.mark(.opened)
            recording.receive(.pong, Array("0123456789abcdef".utf8))
            recording.mark(.lateBarrierAnswered)
            recording.end(.closedHere)
        }
        #expect(judgement.verdict == .fail)
        #expect(
            judgement.findings.contains {
                $0.requirement == Catalogue.the("handshake/response/\(slug)").requirements[0]
            }
        )
    }

    @Test func `who neither ends the connection nor sends anything cannot be judged`() throws {
        let judgement = try judgement("accept-of-another-key") { recording in
            recording.mark(.gaveUp(.deadline))
            recording.end(.closedHere)
        }
        #expect(judgement.verdict == .inconclusive)
        #expect(judgement.reason.contains("nothing shows"))
    }

    @Test func `an answer that never became whole is not refused but lost`() throws {
        let judgement = try judgement("fin-inside-it") { $0.end() }
        #expect(judgement.verdict == .pass)
    }

    @Test func `a large answer that is read slowly was gone on with`() {
        var recording = ClientRecording(Catalogue.the("handshake/response/with-field-of-1-mib"))
        recording.answer()
        recording.sendScript()
        recording.mark(.gaveUp(.deadline))
        recording.send(.close, CloseBody(code: 1001).encoded)
        recording.receive(.pong, Array("after the handshake".utf8))
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .tolerated)
        #expect(recording.judgement.reason.contains("so late"))
    }

    // MARK: - What the driver did

    @Test func `a subprotocol that was not asked for shows nothing`() {
        let scenario = Catalogue.the("subprotocol/answered-with-the-last")
        func judged(_ line: String?) -> Judgement {
            var recording = ClientRecording(scenario, lines: ClientRecording.lines + [line].compactMap(\.self))
            recording.answer(opens: false)
            recording.sendScript()
            recording.end()
            return recording.judgement
        }
        #expect(judged(nil).verdict == .inconclusive)
        #expect(judged("Sec-WebSocket-Protocol: chat").reason.contains("did not ask for the subprotocols"))
        #expect(judged("Sec-WebSocket-Protocol: chat, superchat").verdict == .fail)
    }

    @Test(arguments: [
        (Opcode.text, "of its own", Verdict.pass), (.binary, "of its own", .fail), (.text, "of another", .inconclusive),
    ])
    func `a message of the client's own is compared, unless it is another's`(
        opcode: Opcode,
        text: String,
        verdict: Verdict
    ) {
        var recording = ClientRecording(Catalogue.the("framing/client-sends-text"))
        recording.answer()
        recording.receive(opcode, Array(text.utf8))
        recording.send(.close, CloseBody(code: 1000).encoded)
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == verdict)
    }

    @Test(arguments: [
        (UInt16(3000), "by a library", Verdict.pass), (3001, "by a library", .fail), (3000, "by nobody", .fail),
    ])
    func `a Close frame has the code and the reason that the application gave`(
        code: UInt16,
        reason: String,
        verdict: Verdict
    ) {
        var recording = ClientRecording(Catalogue.the("closing/client-closes-with-3000"))
        recording.answer()
        recording.receiveClose(code, reason: reason)
        recording.send(.close, CloseBody(code: code).encoded)
        recording.end()
        #expect(recording.judgement.verdict == verdict)
        if verdict == .fail {
            #expect(recording.judgement.findings.contains { $0.requirement == "RFC6455-7.1.2-01" })
        }
    }

    @Test(arguments: [("closing/client-closes-with-1000", UInt16(1000)), ("closing/client-closes-without-code", 1000)])
    func `a reason that no application gave is a client's own, which it may have`(id: String, code: UInt16) {
        var recording = ClientRecording(Catalogue.the(id))
        recording.answer()
        recording.receiveClose(code, reason: "Normal connection closure")
        recording.send(.close, CloseBody(code: code).encoded)
        recording.end()
        #expect(recording.judgement.verdict == .informational)
        #expect(recording.judgement.findings.contains { $0.reason.contains("had given none") })
    }

    @Test
    func `a client that was not closed by its driver shows nothing, whatever the script had in store for it`() {
        var recording = ClientRecording(Catalogue.the("closing/client-hears-ping-and-text-behind-its-close"))
        recording.answer()
        recording.mark(.gaveUp(.deadline))
        recording.send(.close, CloseBody(code: 1001).encoded)
        recording.receiveClose(1001)
        recording.end()
        #expect(recording.judgement.verdict == .inconclusive)
        #expect(recording.judgement.reason.contains("WSCONFORM_ACTION says how"))
    }

    @Test func `a client that was not closed by its driver shows nothing`() {
        var recording = ClientRecording(Catalogue.the("closing/client-closes-with-3000"))
        recording.answer()
        recording.mark(.gaveUp(.deadline))
        recording.send(.close, CloseBody(code: 1001).encoded)
        recording.receiveClose(1001)
        recording.end()
        #expect(recording.judgement.verdict == .inconclusive)
        #expect(recording.judgement.reason.contains("driver"))
    }

    @Test(arguments: [("address-with-fragment", Verdict.pass), ("address-without-path", .inconclusive)])
    func `who never comes has refused an address, or shows nothing`(slug: String, verdict: Verdict) {
        var recording = ClientRecording(Catalogue.the("handshake/request/\(slug)"), lines: nil)
        recording.end(.notConnected("the client never connected"))
        #expect(recording.judgement.verdict == verdict)
    }

    // MARK: - Masking keys

    private static func problem(_ keys: [UInt32]) -> String? {
        var recording = ClientRecording(Catalogue.the("masking/keys-of-1000-pongs"))
        recording.maskingKeys = keys
        recording.answer()
        for _ in keys { recording.receive(.pong, Array("any".utf8)) }
        recording.end()
        let found = recording.judgement.findings.filter { $0.rule == "masking-keys" }
        return found.first?.requirement
    }

    /// Keys without a pattern.
    private static let good: [UInt32] = (1...200).map { index in
        var value = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return UInt32(truncatingIfNeeded: value ^ value >> 31)
    }

    @Test func `keys without a pattern, few keys, and a chance meeting are no finding`() {
        #expect(Self.problem(Self.good) == nil)
        #expect(Self.problem([7, 7, 7]) == nil)
        #expect(Self.problem(Self.good + [Self.good[0], Self.good[1]]) == nil)
        #expect(Self.problem(Self.good + [0]) == nil)
    }

    @Test func `keys that are constant, repeated, zero, counted or biased are found`() {
        #expect(Self.problem([7, 7, 7, 7]) == "RFC6455-5.3-02")
        #expect(Self.problem(Array((0..<20).map { Self.good[$0 % 5] })) == "RFC6455-5.3-02")
        #expect(Self.problem(Self.good.prefix(10) + [0, 0]) == "RFC6455-5.3-03")
        #expect(Self.problem((1...8).map { UInt32($0) }) == "RFC6455-5.3-04")
        #expect(Self.problem((1...8).map { UInt32($0).byteSwapped }) == "RFC6455-5.3-04")
        #expect(Self.problem((0..<8).map { 0xFFFF_FFFD &+ 3 &* UInt32($0) }) == "RFC6455-5.3-04")
        #expect(Self.problem([5, 5 ^ 0xFF, 5, 5 ^ 0xFF]) == "RFC6455-5.3-04")
        #expect(Self.problem(Self.good.map { $0 >> 1 }) == "RFC6455-5.3-03")
    }

    // MARK: - The end

    @Test(arguments: [(UInt16(1009), Verdict.tolerated), (1002, .tolerated), (1000, .fail), (1001, .fail)])
    func `a client that failed the connection need not read our reply, any other ends TCP`(
        code: UInt16,
        gravest: Verdict
    ) {
        var recording = ClientRecording(Catalogue.the("fragmentation/text-inside-text"))
        recording.answer()
        recording.sendScript()
        recording.receiveClose(code)
        recording.send(.close, CloseBody(code: 1000, reason: []).encoded)
        recording.end(.closedHere, at: 5_000_000_000)
        let finding = recording.judgement.findings.first { $0.rule == "transport" }
        #expect(finding?.verdict == gravest)
        #expect(finding?.requirement == (gravest == .fail ? "RFC6455-5.5.1-11" : "RFC6455-7.1.7-01"))
    }

    @Test(arguments: [(true, Verdict.pass), (false, .tolerated)])
    func `a client that ends TCP before a server that takes its time is told`(waits: Bool, verdict: Verdict) {
        var recording = ClientRecording(Catalogue.the("closing/client-waits-for-fin"))
        recording.answer()
        recording.sendScript()
        recording.receiveClose(1000)
        if waits { recording.mark(.scriptDone) }
        recording.end()
        #expect(recording.judgement.verdict == verdict)
        #expect(recording.judgement.findings.contains { $0.requirement == "RFC6455-5.5.1-13" } != waits)
    }
}
