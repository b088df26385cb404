import NIOHTTP2Reference
import TestSupport
import Testing
import WSFuzzing
import WSKernels
import WSProtocol
import WSToolFuzzing
import ZlibReference

/// A body, named, for tests over all of them.
struct AnyBody: Sendable, CustomTestStringConvertible {
    let name: String
    let shape: InputShape
    let maximumInputLength: Int
    let run: @Sendable ([UInt8]) -> Finding?

    init<Body: FuzzBody>(_ type: Body.Type) {
        name = type.name
        shape = type.shape
        maximumInputLength = type.maximumInputLength
        run = { octets in
            var body = Body()
            return body.run(octets.span)
        }
    }

    var testDescription: String { name }

    static let all = [
        AnyBody(FrameBody.self), AnyBody(DifferentialBody.self), AnyBody(SequenceBody.self), AnyBody(TextBody.self),
        AnyBody(HeadBody.self), AnyBody(ExtensionBody.self), AnyBody(EngineBody.self), AnyBody(ReportBody.self),
        AnyBody(ControlBody.self), AnyBody(RunFolderBody.self), AnyBody(DeflateBody<ZlibInflater>.self),
        AnyBody(UserFileBody.self), AnyBody(HPACKBody<NIOHPACKReference>.self),
        AnyBody(HTTP2Body<NIOHTTP2Reference>.self),
    ]
}

@Suite struct `Fuzz bodies` {
    @Test(arguments: AnyBody.all)
    func `An empty input is nothing to complain of`(body: AnyBody) {
        #expect(body.run([]) == nil)
    }

    @Test(arguments: AnyBody.all)
    func `Random octets give no finding`(body: AnyBody) {
        for seed in 0..<60 as Range<UInt64> {
            let octets = RandomInput.octets(seed: seed, count: Int(seed) * 5)
            #expect(body.run(octets) == nil, "seed \(seed)")
        }
    }

    @Test(arguments: AnyBody.all)
    func `An input of the largest size gives no finding`(body: AnyBody) {
        #expect(body.run(Array(repeating: 0, count: body.maximumInputLength)) == nil)
        #expect(body.run(Array(repeating: 0x81, count: body.maximumInputLength)) == nil)
        #expect(body.run(RandomInput.octets(seed: 7, count: body.maximumInputLength)) == nil)
    }

    @Test(arguments: AnyBody.all.filter { $0.shape == .frames })
    func `A thousand mutants of a conversation give no finding`(body: AnyBody) {
        var corpus = Conversations.seeds
        for seed in 0..<1000 as Range<UInt64> {
            let mutant = Conversations.mutate(&corpus, seed: seed, limit: body.maximumInputLength)
            #expect(body.run(mutant) == nil, "seed \(seed)")
        }
    }

    @Test func `A body says the same again, whatever came before`() {
        var used = FrameBody()
        for seed in 0..<100 as Range<UInt64> {
            var corpus = Conversations.seeds
            let mutant = Conversations.mutate(&corpus, seed: seed, limit: 4096)
            var fresh = FrameBody()
            let (again, first) = (used.run(mutant.span), fresh.run(mutant.span))
            #expect(again == first)
        }
    }

    @Test(arguments: [1, 64, Int.max], [false, true])
    func `A stream gives no finding, however much of it drips and is read`(dripped: Int, stops: Bool) {
        var body = FrameBody()
        body.drippedOctets = dripped
        body.stopsAtViolation = stops
        var corpus = Conversations.seeds
        for seed in 0..<300 as Range<UInt64> {
            let mutant = Conversations.mutate(&corpus, seed: seed, limit: 4000)
            var input = FuzzInput(reading: mutant.span)
            input.options.drips = true
            #expect(body.run(input.encoded().span) == nil, "seed \(seed)")
        }
    }

    @Test
    func `A planted fault is found`() async {
        await Sweep.each(of: PlantedFault.allCases) { fault in
            var body = DifferentialBody()
            body.fault = fault
            var corpus = Conversations.seeds
            let found = (0..<20_000 as Range<UInt64>).contains { seed in
                let mutant = Conversations.mutate(&corpus, seed: seed, limit: 2048)
                return body.run(mutant.span) != nil
            }
            #expect(found)
        }
    }
}

/// Inputs that are conversations, and what becomes of them.
enum Conversations {
    static let seeds: [[UInt8]] = [Role.client, .server].map { sender in
        var options = FuzzOptions()
        options.sender = sender
        let key: UInt32? = sender == .client ? 0x37FA_213D : nil
        let frames = [
            WireFrame(firstOctet: 0x81, key: key, payload: Array("Hello".utf8)),
            WireFrame(firstOctet: 0x01, key: key, payload: Array("Ka".utf8)),
            WireFrame(firstOctet: 0x89, key: key, payload: [1, 2, 3]),
            WireFrame(firstOctet: 0x80, key: key, payload: Array("ή".utf8)),
            WireFrame(firstOctet: 0x82, key: key, payload: Array(repeating: 7, count: 130)),
            WireFrame(firstOctet: 0x88, key: key, payload: [0x03, 0xE8]),
        ]
        var stream: [UInt8] = []
        for frame in frames { frame.append(to: &stream) }
        return FuzzInput(options: options, stream: stream).encoded()
    }

    /// An input made from one of the corpus, which it joins now and then.
    static func mutate(_ corpus: inout [[UInt8]], seed: UInt64, limit: Int) -> [UInt8] {
        let parent = corpus[Int(seed % UInt64(corpus.count))]
        let mutant = StreamMutator.mutate(parent.span, limit: limit, seed: seed) { octets, limit in
            RandomInput.plainly(octets, limit: limit, seed: seed)
        }
        if seed % 5 == 0, corpus.count < 64 { corpus.append(mutant) }
        return mutant
    }
}
