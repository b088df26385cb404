import TestSupport
import Testing
import WSFuzzing
import WSKernels
import WSProtocol

/// Our own parser as somebody else's, with what a test wants it to do wrong.
struct SuspectParser: ParserUnderTest {
    var declaration = ParserDeclaration(
        name: "suspect",
        level: .message,
        textCheck: .atOnce,
        reportsOffsets: true,
        refusesHeadersAtOnce: true
    )
    var fault: PlantedFault?
    /// Added to what feed says that it took.
    var excess = 0
    /// What is said instead of the status code.
    var code: UInt16?

    private var parser = ObservingParser(sender: .client)
    private var told = 0

    init(fault: PlantedFault? = nil, excess: Int = 0, code: UInt16? = nil) {
        self.fault = fault
        self.excess = excess
        self.code = code
    }

    mutating func restart(sender: Role, maximumMessage: UInt64, compression: SenderCompression?) {
        parser = ObservingParser(sender: sender, fault: fault)
        told = 0
    }

    mutating func feed(_ bytes: Span<UInt8>) -> ParserReport {
        parser.feed(bytes)
        let events = Array(parser.outcome.events.dropFirst(told))
        told = parser.outcome.events.count
        var failure = parser.outcome.failure
        if let code { failure?.code = code }
        return ParserReport(consumed: bytes.count + excess, events: events, failure: failure)
    }
}

/// A parser that refuses whatever it is fed.
struct HastyParser: ParserUnderTest {
    var declaration = ParserDeclaration(name: "hasty", level: .message, textCheck: .atOnce)
    /// The status code that it names.
    var code: UInt16

    mutating func restart(sender: Role, maximumMessage: UInt64, compression: SenderCompression?) {}

    mutating func feed(_ bytes: Span<UInt8>) -> ParserReport {
        ParserReport(consumed: bytes.count, failure: ParserFailure(code: code, offset: nil))
    }
}

@Suite struct `Oracle` {
    /// What the oracle says of a parser on an input.
    static func judge(_ parser: inout some ParserUnderTest, _ input: [UInt8]) -> OracleVerdict {
        ParserOracle.judge(&parser, input.span)
    }

    /// Conversations in which no limit matters.
    static let inputs: [[UInt8]] = (0..<400 as Range<UInt64>).compactMap { seed in
        var corpus = Conversations.seeds
        var input = FuzzInput(reading: Conversations.mutate(&corpus, seed: seed, limit: 1024).span)
        input.options.bits &= 0b101
        let isSmall = WireFrame.read(input.stream).frames.allSatisfy { $0.declaredLength < 1 << 19 }
        return isSmall ? input.encoded() : nil
    }

    @Test func `A parser that is right agrees with the RFC`() {
        var parser = SuspectParser()
        for input in Self.inputs { #expect(Self.judge(&parser, input) == .agrees) }
    }

    @Test func `A parser that overlooks something differs, and both sides are printed`() throws {
        var parser = SuspectParser(fault: .oneByteCloseTaken)
        let input = FuzzInput(stream: [0x88, 0x81, 0, 0, 0, 0, 0x41]).encoded()
        guard case .differs(let finding) = Self.judge(&parser, input) else {
            Issue.record("no difference")
            return
        }
        #expect(finding.property == "what is wrong is refused")
        #expect(finding.detail.contains("suspect:\n  close without a code of 1 octets 41"))
        #expect(finding.detail.contains("RFC 6455:\n  fails with 1002 at octet 6: close-body-one-byte"))
    }

    @Test func `A wrong status code is a difference`() {
        var parser = SuspectParser(code: 1011)
        let input = FuzzInput(stream: [0x83, 0x80, 0, 0, 0, 0]).encoded()
        guard case .differs(let finding) = Self.judge(&parser, input) else {
            Issue.record("no difference")
            return
        }
        #expect(finding.property == "the status code fits")
    }

    @Test func `An intended difference is no finding, and what comes before it is compared`() {
        var parser = SuspectParser(fault: .oneByteCloseTaken)
        let stream: [UInt8] = [0x88, 0x81, 0, 0, 0, 0, 0x41]
        let input = FuzzInput(stream: stream).encoded()
        #expect(Self.judge(&parser, input) != .agrees)
        for kind in [IntendedDifference.Kind.taken, .notJudged] {
            parser.declaration.differences = [IntendedDifference(.closeBodyOneByte, kind, reason: "a test")]
            #expect(Self.judge(&parser, input) == .agrees)
        }
        parser.fault = .controlFrameResetsMessage
        let broken: [UInt8] = [0x01, 0x81, 0, 0, 0, 0, 0x41, 0x89, 0x80, 0, 0, 0, 0, 0x80, 0x80, 0, 0, 0, 0]
        #expect(Self.judge(&parser, FuzzInput(stream: broken + stream).encoded()) != .agrees)
    }

    @Test func `What RFC 6455 leaves to a receiver may be taken or refused`() {
        let lengthInLongForm: [UInt8] = [0x81, 0xFE, 0, 1, 0, 0, 0, 0, 0x41]
        let unsendableCode: [UInt8] = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xED]
        for stream in [lengthInLongForm, unsendableCode, lengthInLongForm + unsendableCode] {
            let input = FuzzInput(stream: stream).encoded()
            for fault in [nil, PlantedFault.minimalLengthUnchecked] {
                var parser = SuspectParser(fault: fault)
                #expect(Self.judge(&parser, input) == .agrees)
            }
            // Where it is refused, the code has to fit all the same.
            var parser = SuspectParser(code: 1011)
            #expect(Self.judge(&parser, input) != .agrees)
        }
        var hasty = HastyParser(code: 1002)
        #expect(Self.judge(&hasty, FuzzInput(stream: lengthInLongForm).encoded()) == .agrees)
        #expect(Self.judge(&hasty, FuzzInput(stream: [0x89, 0x80, 0, 0, 0, 0] + unsendableCode).encoded()) != .agrees)
    }

    @Test func `Of a Close with a code that may be refused and a reason that has to be, either is named`() {
        // 1012 was registered after RFC 6455; the reason ends inside a sequence.
        let stream: [UInt8] = [0x88, 0x83, 0, 0, 0, 0, 0x03, 0xF4, 0xC3]
        for code in [1002, 1007] as [UInt16] {
            var parser = HastyParser(code: code)
            #expect(Self.judge(&parser, FuzzInput(stream: stream).encoded()) == .agrees)
        }
        var ours = SuspectParser()
        #expect(Self.judge(&ours, FuzzInput(stream: stream).encoded()) == .agrees)
        var parser = HastyParser(code: 1009)
        #expect(Self.judge(&parser, FuzzInput(stream: stream).encoded()) != .agrees)
    }

    @Test func `An adapter that says it took more than it was fed is at fault, and the parser is not`() {
        var parser = SuspectParser(excess: 1)
        let input = FuzzInput(stream: [0x89, 0x80, 0, 0, 0, 0]).encoded()
        let verdict = Self.judge(&parser, input)
        #expect(verdict == .adapterFault("feed says that it took 7 octets of 6"))
    }

    @Test func `An adapter that leaves octets without a reason is at fault`() {
        var parser = SuspectParser(excess: -1)
        let input = FuzzInput(stream: [0x89, 0x80, 0, 0, 0, 0]).encoded()
        guard case .adapterFault = Self.judge(&parser, input) else {
            Issue.record("no fault")
            return
        }
    }

    @Test func `A Close frame may be refused before it has ended, once its body is wrong`() {
        // A reason of which the third octet of seven cannot be UTF-8; and a code that is not sent.
        let wrong: [[UInt8]] = [
            [0x88, 0x87, 0, 0, 0, 0, 0x03, 0xE8, 0x41, 0xFF], [0x88, 0x87, 0, 0, 0, 0, 0x03, 0xED],
        ]
        for (stream, code) in zip(wrong, [1007, 1002] as [UInt16]) {
            var parser = HastyParser(code: code)
            #expect(Self.judge(&parser, FuzzInput(stream: stream).encoded()) == .agrees)
        }
        var parser = HastyParser(code: 1007)
        let right: [UInt8] = [0x88, 0x87, 0, 0, 0, 0, 0x03, 0xE8, 0x41, 0xC3]
        #expect(Self.judge(&parser, FuzzInput(stream: right).encoded()) != .agrees)
    }

    @Test func `Where a parser is lost on reasons of Close frames, none of them is judged`() {
        // The reason is right, and the parser refuses it.
        let input = FuzzInput(stream: [0x88, 0x83, 0, 0, 0, 0, 0x03, 0xE8, 0x41]).encoded()
        var parser = HastyParser(code: 1007)
        #expect(Self.judge(&parser, input) != .agrees)
        parser.declaration.isLostOnCloseReasons = true
        parser.declaration.differences = [IntendedDifference(.closeReasonNotUTF8, .notJudged, reason: "a test")]
        #expect(Self.judge(&parser, input) == .agrees)
        // Without a reason it is judged as ever.
        let bare = FuzzInput(stream: [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]).encoded()
        #expect(Self.judge(&parser, bare) != .agrees)
    }

    @Test func `An input of the largest size is judged`() {
        var parser = SuspectParser()
        for seed in 0..<20 as Range<UInt64> {
            var input = RandomInput.octets(seed: seed, count: 4096)
            // No limit that this parser would have to know, and no role that it does not play.
            input[0] = 0
            #expect(Self.judge(&parser, input) == .agrees, "seed \(seed)")
        }
    }

    @Test func `A message above the limit is refused with 1009`() {
        var parser = SuspectParser()
        var input = FuzzInput(stream: [0x82, 0xFE, 0, 126, 0, 0, 0, 0] + Array(repeating: 0, count: 126))
        #expect(Self.judge(&parser, input.encoded()) == .agrees)
        // The largest message is 125 octets now, which this parser does not know of.
        input.options.bits = 1 << 3
        #expect(Self.judge(&parser, input.encoded()) != .agrees)
    }
}

@Suite struct `Reference model` {
    /// A stream, who sent it, and what a receiver makes of it.
    struct Example: Sendable {
        var stream: [UInt8]
        var sender = Role.server
        var level = ParserLevel.message
        var textCheck = TextCheck.atOnce
        var events: [ParserEvent] = []
        var code: UInt16?
        var offset: Int?
        var knownAfter: Int?
    }

    static let examples: [Example] = [
        Example(stream: [0x81, 0x02, 0x48, 0x69], events: [.message(.text, payload: [0x48, 0x69])]),
        Example(stream: [0x81, 0x82, 0, 0, 0, 0, 0x48, 0x69], code: 1002, offset: 1, knownAfter: 6),
        Example(stream: [0x81, 0x02, 0x48], events: []),
        Example(
            stream: [0x01, 0x01, 0x48, 0x89, 0x00, 0x80, 0x01, 0x69],
            events: [.control(.ping, payload: []), .message(.text, payload: [0x48, 0x69])]
        ),
        Example(stream: [0x80, 0x00], code: 1002, offset: 0, knownAfter: 2),
        Example(stream: [0x81, 0x03, 0x41, 0xFF, 0x41], code: 1007, offset: 3, knownAfter: 4),
        Example(
            stream: [0x81, 0x03, 0x41, 0xFF, 0x41],
            textCheck: .atEndOfMessage,
            code: 1007,
            offset: 3,
            knownAfter: 5
        ),
        Example(stream: [0x81, 0x01, 0xFF], textCheck: .never, events: [.message(.text, payload: [0xFF])]),
        Example(stream: [0x81, 0x01, 0xC3], code: 1007, offset: 2, knownAfter: 3),
        Example(stream: [0x88, 0x02, 0x03, 0xED], code: 1002, offset: 2, knownAfter: 4),
        Example(stream: [0x88, 0x00, 0xFF, 0xFF], events: [.close(code: nil, reason: [])]),
        Example(stream: [0x89, 0x7E, 0x00, 0x7E], code: 1002, offset: 1, knownAfter: 4),
        Example(stream: [0x82, 0x7F, 0x80, 0, 0, 0, 0, 0, 0, 0], code: 1002, offset: 2, knownAfter: 10),
        // The length of the message overflows as well, which is no limit of the receiver's.
        Example(
            stream: [0x02, 0x01, 0x41, 0x80, 0x7F] + Array(repeating: 0xFF, count: 8),
            code: 1002,
            offset: 5,
            knownAfter: 13
        ),
        Example(
            stream: [0x00, 0x01, 0x41],
            level: .frame,
            events: [.frame(fin: false, rsv: 0, opcode: .continuation, payload: [0x41])]
        ),
    ]

    @Test
    func `It reads the RFC by the letter`() async {
        await Sweep.each(of: Self.examples.indices) { index in
            let example = Self.examples[index]
            var settings = ReferenceModel.Settings(sender: example.sender, level: example.level)
            settings.textCheck = example.textCheck
            let outcome = ReferenceModel.outcome(of: example.stream, settings)
            #expect(outcome.events == example.events)
            #expect(outcome.failure.map(\.codes) == example.code.map { [$0] })
            #expect(outcome.failure?.offset == example.offset)
            #expect(outcome.failure?.knownAfter == example.knownAfter)
        }
    }
}
