import CWSFuzz
import Testing
import WSDeflate
import WSFuzzABI
import WSFuzzing
import WSKernels
import WSProtocol

/// Our own parser with permessage-deflate as somebody else's, with what a test wants it to do wrong.
private struct InflatingSuspect: ParserUnderTest {
    enum Fault: Equatable {
        /// Content is taken however long it is.
        case forgetsLimit
        /// This status code is named, whatever is wrong.
        case names(UInt16)
    }

    var declaration: ParserDeclaration
    var fault: Fault?
    /// What it was told last.
    private(set) var compression: SenderCompression?

    private var sender = Role.client
    private var maximum: UInt64 = .max
    private var stream: [UInt8] = []
    private var told = 0

    init(fault: Fault? = nil, inflates: Bool = true) {
        self.fault = fault
        declaration = ParserDeclaration(
            name: "suspect",
            level: .message,
            textCheck: .atOnce,
            refusesHeadersAtOnce: true
        )
        declaration.inflates = inflates
    }

    mutating func restart(sender: Role, maximumMessage: UInt64, compression: SenderCompression?) {
        (self.sender, maximum, self.compression) = (sender, maximumMessage, compression)
        stream = []
        told = 0
    }

    mutating func feed(_ bytes: Span<UInt8>) -> ParserReport {
        stream.append(copying: bytes)
        var outcome: ParserOutcome
        if let compression {
            var parser = InflatingParser(sender: sender, compression: compression)
            parser.feed(stream.span)
            outcome = parser.outcome
        } else {
            var parser = ObservingParser(sender: sender)
            parser.feed(stream.span)
            outcome = parser.outcome
        }
        limit(&outcome)
        if case .names(let code)? = fault, outcome.failure != nil { outcome.failure?.code = code }
        let events = Array(outcome.events.dropFirst(told))
        told = outcome.events.count
        return ParserReport(consumed: bytes.count, events: events, failure: outcome.failure)
    }

    /// Refuses content beyond the limit once it is whole.
    private func limit(_ outcome: inout ParserOutcome) {
        let place = outcome.events.firstIndex { event in
            if case .message(_, let payload) = event { UInt64(payload.count) > maximum } else { false }
        }
        guard fault != .forgetsLimit, let place else { return }
        outcome.events.removeSubrange(place...)
        outcome.failure = ParserFailure(code: 1009, offset: nil)
    }
}

@Suite struct `Compressed streams` {
    private static func message(_ opcode: UInt8 = 0xC1, _ write: (inout DeflateWriter) -> Void) -> [UInt8] {
        var writer = DeflateWriter()
        write(&writer)
        writer.endMessage()
        var stream: [UInt8] = []
        WireFrame(firstOctet: opcode, key: 0x37FA_213D, payload: writer.octets).append(to: &stream)
        return stream
    }

    private static func input(_ stream: [UInt8], _ compression: SenderCompression? = SenderCompression()) -> [UInt8] {
        var options = FuzzOptions()
        options.compression = compression
        return FuzzInput(options: options, stream: stream).encoded()
    }

    private static let hello = message { $0.appendFixed(DeflateSymbol.literals("Hello".utf8)) }
    private static let again = message { $0.appendFixed([.match(length: 5, distance: 5)]) }

    @Test func `The terms are written into the options and read from them`() {
        for bits in 8...15 {
            for keepsContext in [true, false] {
                var options = FuzzOptions(bits: 0b11111)
                options.compression = SenderCompression(windowBits: bits, keepsContext: keepsContext)
                var octets: [UInt8] = []
                options.append(to: &octets)
                var position = 0
                #expect(FuzzOptions.read(octets.span, at: &position) == options)
                #expect(options.compression == SenderCompression(windowBits: bits, keepsContext: keepsContext))
                options.compression = nil
                #expect(options == FuzzOptions(bits: 0b11111))
            }
        }
    }

    @Test func `A parser that inflates agrees with the model on mutated conversations`() {
        var parser = InflatingSuspect()
        var corpus =
            Conversations.seeds.map { Self.input(FuzzInput(reading: $0.span).stream) } + [
                Self.input(Self.hello + Self.again)
            ]
        var compressed = 0
        for seed in 0..<3000 as Range<UInt64> {
            let mutant = Conversations.mutate(&corpus, seed: seed, limit: 1024)
            var input = FuzzInput(reading: mutant.span)
            // The largest message and the sender's role are left as they are; only small limits are not kept by our reader.
            input.options.bits &= ~0b11010
            let isSmall = WireFrame.read(input.stream).frames.allSatisfy { $0.declaredLength < 1 << 19 }
            guard isSmall else { continue }
            if input.options.compression != nil { compressed += 1 }
            #expect(ParserOracle.judge(&parser, input.encoded().span) == .agrees, "seed \(seed)")
        }
        #expect(compressed > 500)
    }

    @Test func `What is negotiated reaches a parser that inflates, and no other`() {
        let terms = SenderCompression(windowBits: 11, keepsContext: false)
        var parser = InflatingSuspect()
        #expect(ParserOracle.judge(&parser, Self.input(Self.hello, terms).span) == .agrees)
        #expect(parser.compression == terms)
        #expect(ParserOracle.judge(&parser, Self.input([], nil).span) == .agrees)
        #expect(parser.compression == nil)
        var other = InflatingSuspect(inflates: false)
        #expect(ParserOracle.judge(&other, Self.input(Self.hello, terms).span) == .agrees)
        #expect(other.compression == nil)
    }

    @Test func `A wrong status code for a malformed message is a difference`() {
        let broken = Self.message { _ = $0.append(.reservedBlockType) }
        var parser = InflatingSuspect()
        #expect(ParserOracle.judge(&parser, Self.input(Self.hello + broken).span) == .agrees)
        parser.fault = .names(1011)
        #expect(ParserOracle.judge(&parser, Self.input(Self.hello + broken).span) != .agrees)
        parser.declaration.differences = [IntendedDifference(.invalidDeflate, .notJudged, reason: "a test")]
        #expect(ParserOracle.judge(&parser, Self.input(Self.hello + broken).span) == .agrees)
    }

    @Test func `Content beyond the limit is refused, however small the payload is`() {
        let long = Self.message {
            $0.appendFixed([.literal(0x61), .match(length: 258, distance: 1)])
        }
        var options = FuzzOptions(bits: 1 << 3)
        options.compression = SenderCompression()
        let input = FuzzInput(options: options, stream: long).encoded()
        var parser = InflatingSuspect()
        #expect(ParserOracle.judge(&parser, input.span) == .agrees)
        parser.fault = .forgetsLimit
        #expect(ParserOracle.judge(&parser, input.span) != .agrees)
    }

    @Test func `What only the sender does wrong may be taken or refused`() {
        let terms = SenderCompression(windowBits: 8, keepsContext: false)
        let far = Self.message {
            $0.appendStored(Array(repeating: 0x61, count: 300))
            $0.appendFixed([.match(length: 3, distance: 300)])
        }
        for stream in [Self.hello + Self.again, far] {
            let input = Self.input(stream, terms)
            var parser = InflatingSuspect()
            #expect(ParserOracle.judge(&parser, input.span) == .agrees)
            var refusing = HastyAfterHello(isHasty: stream == far)
            #expect(ParserOracle.judge(&refusing, input.span) == .agrees)
        }
        // Where it was agreed on, both have to be taken.
        var refusing = HastyAfterHello(isHasty: false)
        #expect(ParserOracle.judge(&refusing, Self.input(Self.hello + Self.again).span) != .agrees)
    }
}

/// A parser that takes Hello, unless it is hasty, and refuses what follows.
private struct HastyAfterHello: ParserUnderTest {
    var isHasty: Bool
    private var hasFailed = false

    init(isHasty: Bool) {
        self.isHasty = isHasty
    }

    var declaration: ParserDeclaration {
        var declaration = ParserDeclaration(name: "hasty", level: .message, textCheck: .atOnce)
        declaration.inflates = true
        return declaration
    }

    mutating func restart(sender: Role, maximumMessage: UInt64, compression: SenderCompression?) { hasFailed = false }

    mutating func feed(_ bytes: Span<UInt8>) -> ParserReport {
        guard !hasFailed, !bytes.isEmpty else { return ParserReport(consumed: bytes.count) }
        hasFailed = true
        let events: [ParserEvent] = isHasty ? [] : [.message(.text, payload: Array("Hello".utf8))]
        return ParserReport(consumed: bytes.count, events: events, failure: ParserFailure(code: 1007, offset: nil))
    }
}
