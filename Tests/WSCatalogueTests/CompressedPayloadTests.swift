import TestSupport
import Testing
import WSCatalogue
import WSDeflate
import WSProtocol
import WSScenario

/// The payloads that are written by hand are what their scenarios say that they are.
@Suite struct CompressedPayloadTests {
    /// What a receiver that does as RFC 7692, 7.2.2 says makes of the data frames of a script.
    private struct Received {
        var messages: [(opcode: Opcode, content: [UInt8], deflated: DeflatedMessage?)] = []

        /// Reads the script's frames, which have to be valid in all but their compressed payload.
        init(_ scenario: Scenario, refusing overruns: Inflater.Overruns = .refused) {
            let need = scenario.compression ?? CompressionNeed(windowBits: 15, keepsContext: true)
            var inflater = Inflater(windowBits: need.windowBits, keepsContext: need.keepsContext, overruns: overruns)
            var open: (opcode: Opcode, isCompressed: Bool, content: [UInt8])?
            for frame in scenario.script.flatMap(\.frames) where !frame.opcode.isControl {
                if frame.opcode != .continuation { open = (frame.opcode, frame.rsv & 4 != 0, []) }
                guard var message = open else { continue }
                let payload = frame.payload.octets
                if message.isCompressed {
                    inflater.inflate(payload.span, into: &message.content)
                } else {
                    message.content += payload
                }
                open = message
                guard frame.fin else { continue }
                let deflated = message.isCompressed ? inflater.endMessage(into: &message.content) : nil
                messages.append((message.opcode, message.content, deflated))
                open = nil
            }
        }
    }

    private static let topic = Catalogue.all.filter { $0.topic.split(separator: "/").first == "compression" }
    /// A gibibyte is too much for a debug build; it is made as the sixteen mebibytes are.
    private static let handMade = topic.filter { scenario in
        !scenario.tags.contains(.slow) && scenario.script.flatMap(\.frames).contains { $0.rsv & 4 != 0 }
    }
    private static let leftOpen = handMade.filter { $0.tags.contains(.ambiguous) }
    private static let valid = handMade.filter { scenario in
        if case .peerFails = scenario.conclusion { return false }
        return !scenario.tags.contains(.ambiguous)
    }

    @Test
    func `a valid message is inflated to what has to come back, with no more than its scenario says it needs`() async {
        await Sweep.each(of: Self.valid) { scenario in
            let due = scenario.expectedEvents.compactMap { event -> (Opcode, [UInt8])? in
                if case .message(let opcode, let payload) = event { (opcode, payload.octets) } else { nil }
            }
            let received = Received(scenario)
            #expect(received.messages.map(\.opcode) == due.map(\.0))
            #expect(received.messages.map(\.content) == due.map(\.1))
            for message in received.messages {
                guard let deflated = message.deflated else { continue }
                #expect(deflated.isWellFormed, "\(deflated)")
            }
        }
    }

    @Test
    func `a valid message needs the window and the context that its scenario says it needs`() async {
        await Sweep.each(of: Self.valid) { scenario in
            let need = try #require(scenario.compression)
            let deflated = Received(scenario, refusing: .observed).messages.compactMap(\.deflated)
            if need.windowBits > 8 {
                #expect(deflated.contains { $0.largestDistance > 1 << (need.windowBits - 1) })
            }
            #expect(need.keepsContext == deflated.contains { $0.reach > 0 })
        }
    }

    /// What is wrong with the payload of each scenario whose payload is not DEFLATE.
    private static let failures: [String: InflateFailure.Kind] = [
        "compression/distance-before-start": .distanceBeforeStart(4),
        "compression/length-check": .lengthCheck,
        "compression/literal-286": .reservedLiteral,
        "compression/oversubscribed-literals": .oversubscribed(.literal),
        "compression/random-octets": .reservedBlockType,
        "compression/reserved-block-type": .reservedBlockType,
        "compression/truncated-stored-block": .truncated,
    ]

    @Test
    func `a payload that is not DEFLATE has the failure that its title names`() async {
        let malformed = Self.handMade.filter {
            $0.requirements.first == "RFC7692-7.2.2-11" && !$0.tags.contains(.ambiguous)
        }
        #expect(Set(malformed.map(\.id)) == Set(Self.failures.keys))
        await Sweep.each(of: malformed) { scenario in
            let failures = Received(scenario).messages.map(\.deflated?.failure?.kind)
            #expect(failures == [Self.failures[scenario.id]])
        }
    }

    @Test
    func `what is compressed and has to be failed for another reason can be inflated`() async {
        let others = Self.handMade.filter { scenario in
            guard case .peerFails = scenario.conclusion else { return false }
            return scenario.requirements.first != "RFC7692-7.2.2-11"
        }
        await Sweep.each(of: others) { scenario in
            for message in Received(scenario).messages {
                #expect(message.deflated?.failure == nil)
            }
        }
    }

    /// What our own inflater makes of the messages of each scenario that the text leaves open.
    private static let readings: [String: [String]] = [
        "compression/broken-no-context": ["Hello", "distance 5 before the start"],
        "compression/broken-window": ["distance 300 beyond the window"],
        "compression/empty-final-block-alone": ["", "Hello"],
        "compression/final-block-alone": ["Hello", "Hello"],
        "compression/final-block-and-junk": ["reserved block type 11", "Hello"],
        "compression/no-payload": ["", "Hello"],
        "compression/reference-across-final-block": ["World", "Hello", "World"],
        "compression/reference-into-final-block": ["Hello", "Hello"],
        "compression/tail-left": ["Hello", "Hello"],
        "compression/truncated-inside-a-symbol": ["truncated", "HHelh"],
    ]

    @Test
    func `a message that the text leaves open is what its title says`() async {
        #expect(Set(Self.leftOpen.map(\.id)) == Set(Self.readings.keys))
        await Sweep.each(of: Self.leftOpen) { scenario in
            let readings = Received(scenario).messages.map { message in
                message.deflated?.failure?.kind.description ?? String(decoding: message.content, as: UTF8.self)
            }
            #expect(readings == Self.readings[scenario.id])
            // A sender does none of this.
            let isSound = Received(scenario).messages.allSatisfy { $0.deflated?.isWellFormed ?? true }
            #expect(!isSound || scenario.chapter == "PMD-38")
        }
    }

    @Test func `a gibibyte is 64 times what 16 mebibytes are, octet by octet of the payload`() throws {
        let lengths = try ["16-mib", "1-gib"].map { size in
            let scenario = try #require(Catalogue.scenario("compression/limit/zeros-of-\(size)"))
            return scenario.script.flatMap(\.frames).reduce(0) { $0 + $1.payload.count }
        }
        // The tail is removed once.
        #expect(lengths[1] + 4 == 64 * (lengths[0] + 4))
        #expect((1_000_000..<1_100_000).contains(lengths[1]))
    }

    @Test
    func `a text that repeats itself beyond a window does it so that a larger one would refer there`() async {
        let windows = Self.topic.filter { ["PMD-07", "PMD-15"].contains($0.chapter) }
        #expect(windows.count == 16)
        await Sweep.each(of: windows) { scenario in
            let bits = try #require(scenario.id.split(separator: "-").last.flatMap { Int($0) })
            guard case .message(_, .repeating(let unit, let length))? = scenario.expectedEvents.last else {
                Issue.record("no message that repeats itself")
                return
            }
            #expect(length > 2 * unit.count)
            if bits < 15 { #expect((1 << bits + 1...1 << bits + 64).contains(unit.count)) }
        }
    }
}

extension Step {
    /// The frames that the step sends; those of a run one by one.
    fileprivate var frames: [FrameToSend] {
        switch self {
        case .send(let frame): [frame]
        case .sendRun(let run): Array(repeating: run.frame, count: run.count)
        default: []
        }
    }
}
