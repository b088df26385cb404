import PeerTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `Script encoder` {
    private struct Piece {
        var reference: ScriptReference
        var octets: [UInt8]
    }

    /// Encodes a whole script in pieces of at most `limit`, with frames of our own in between.
    private func pieces(
        of script: [Step],
        role: Role,
        effort: Effort,
        limit: Int,
        extras: Bool,
        compression: SendingCompression? = nil
    ) -> [Piece] {
        var encoder = ScriptEncoder(
            script: script,
            role: role,
            effort: effort,
            keys: MaskingKeySequence(seed: 5),
            compression: compression
        )
        var pieces: [Piece] = []
        for index in script.indices {
            encoder.begin(step: index)
            while true {
                if extras, !encoder.isInsideFrame { _ = encoder.extraFrame(.pong, payload: [1]) }
                var octets: [UInt8] = []
                guard let reference = encoder.produce(limit: limit, into: &octets) else { break }
                pieces.append(Piece(reference: reference, octets: octets))
            }
            #expect(encoder.isAtEndOfStep)
        }
        return pieces
    }

    private func expectLossless(
        _ scenario: Scenario,
        role: Role,
        effort: Effort,
        limit: Int,
        extras: Bool,
        compression: SendingCompression? = nil
    ) {
        let pieces = pieces(
            of: scenario.script,
            role: role,
            effort: effort,
            limit: limit,
            extras: extras,
            compression: compression
        )
        for piece in pieces {
            #expect(piece.octets.count <= limit && UInt64(piece.octets.count) == piece.reference.length)
            let again = ScriptEncoder.octets(
                of: piece.reference,
                in: scenario.script,
                role: role,
                keys: MaskingKeySequence(seed: 5),
                effort: effort,
                compression: compression
            )
            if again != piece.octets {
                Issue.record("\(scenario.id), \(effort), at most \(limit): \(piece.reference) names other octets")
                return
            }
        }
    }

    private static let ordinary = Catalogue.all.filter { !$0.isLoad }.map { $0.shrunk() }

    @Test
    func `What a reference names is what was sent`() async {
        await Sweep.each(of: Self.ordinary, and: Effort.allCases) { scenario, effort in
            for limit in [1, 2, 7, 1300, 65_536] where limit > 7 || scenario.octetCount < 1000 {
                for extras in [false, true] {
                    expectLossless(scenario, role: .client, effort: effort, limit: limit, extras: extras)
                }
            }
            expectLossless(scenario, role: .server, effort: effort, limit: 100, extras: true)
        }
    }

    @Test
    func `What a reference names is what was sent, under load`() async {
        await Sweep.each(of: Catalogue.all.filter(\.isLoad)) { scenario in
            let smaller = scenario.shrunk(to: 70_000)
            for limit in [997, 65_536] {
                expectLossless(smaller, role: .client, effort: .quick, limit: limit, extras: false)
            }
        }
    }

    private static let compressed = Catalogue.all.filter { $0.echoLoop?.compression != nil }

    @Test
    func `What a reference names is what was sent, compressed in any way`() async {
        await Sweep.each(of: Self.compressed.filter { ($0.echoLoop?.payload.count ?? 0) <= 8192 }) { scenario in
            let compression = SendingCompression(windowBits: 10, keepsContext: true)
            for limit in [7, 997, 65_536] {
                expectLossless(
                    scenario,
                    role: .client,
                    effort: .quick,
                    limit: limit,
                    extras: true,
                    compression: compression
                )
            }
            expectLossless(
                scenario,
                role: .server,
                effort: .quick,
                limit: 1300,
                extras: false,
                compression: SendingCompression(windowBits: 15, keepsContext: false)
            )
        }
    }

    @Test
    func `How the octets are cut does not change them`() async {
        await Sweep.each(of: Self.ordinary) { scenario in
            let whole = pieces(of: scenario.script, role: .client, effort: .quick, limit: .max, extras: false)
            let octets = whole.flatMap(\.octets)
            for limit in [1, 3, 1000] where limit > 1 || octets.count < 5000 {
                let cut = pieces(of: scenario.script, role: .client, effort: .quick, limit: limit, extras: false)
                #expect(cut.flatMap(\.octets) == octets)
            }
        }
    }

    @Test func `A reference that does not fit the script names nothing`() {
        let script: [Step] = [.send(FrameToSend(.text, .text("abc"))), .barrier(tag: "A", pings: 1)]
        func octets(step: Int, frame: Int = 0, start: UInt64 = 0, length: UInt64 = 1, key: Int = 0) -> [UInt8]? {
            ScriptEncoder.octets(
                of: ScriptReference(
                    step: step,
                    frame: frame,
                    frameCount: 1,
                    start: start,
                    length: length,
                    maskingKey: 1,
                    keyIndex: key
                ),
                in: script,
                role: .client,
                keys: MaskingKeySequence(seed: 1),
                effort: .quick
            )
        }
        #expect(octets(step: 0) == [0x81])
        #expect(octets(step: 0, length: 9)?.count == 9)
        #expect(octets(step: 0, length: 10) == nil)
        #expect(octets(step: 0, length: .max) == nil)
        #expect(octets(step: 0, start: .max) == nil)
        #expect(octets(step: 0, frame: 1) == nil)
        #expect(octets(step: 0, frame: -1) == nil)
        #expect(octets(step: 1) == nil)
        #expect(octets(step: 2) == nil)
        #expect(octets(step: -1) == nil)
        #expect(octets(step: 0, key: .max) != nil)
    }

    @Test func `Keys differ from frame to frame and from seed to seed, and come again`() {
        let first = MaskingKeySequence(seed: 1)
        let keys = (0..<1000).map { first.key(at: $0) }
        #expect(Set(keys).count == keys.count)
        #expect((0..<1000).map { MaskingKeySequence(seed: 1).key(at: $0) } == keys)
        #expect(MaskingKeySequence(seed: 2).key(at: 0) != keys[0])
    }

    @Test func `Inside a frame is where its announced octets are not all out`() {
        let script: [Step] = [
            .beginFrame(fin: true, opcode: .text, length: 3), .continueFrame(.text("a")), .quiesce(tag: "A"),
            .continueFrame(.text("bc")), .send(FrameToSend(.text, .text("d"))),
        ]
        var encoder = ScriptEncoder(script: script, role: .client, effort: .quick, keys: MaskingKeySequence(seed: 1))
        var inside: [Bool] = []
        for index in script.indices {
            encoder.begin(step: index)
            var octets: [UInt8] = []
            while encoder.produce(limit: .max, into: &octets) != nil {}
            inside.append(encoder.isInsideFrame)
        }
        #expect(inside == [true, true, true, false, false])
    }
}

extension Scenario {
    /// The number of octets that frames of the script carry.
    var octetCount: Int {
        script.reduce(0) { count, step in
            switch step {
            case .send(let frame): count + frame.payload.count
            case .sendMessage(let message): count + message.payload.count
            case .sendRun(let run): count + run.payload(ofFrame: 0).count * run.count
            case .echoLoop(let loop): count + loop.payload.count * loop.fullCount
            default: count
            }
        }
    }
}
