import TestSupport
import Testing
import WSDeflate
import WSProtocol
import WSRunner
import WSScenario

@Suite struct `Compressed messages of a loop` {
    private static let all = [8, 9, 11, 15].flatMap { bits in
        [true, false].map { SendingCompression(windowBits: bits, keepsContext: $0) }
    }

    private static func loop(
        _ data: SampleData = .json,
        length: Int,
        turn: Int?,
        fragment: Int? = nil,
        count: Int = 20
    ) -> EchoLoop {
        EchoLoop(
            data == .json || data == .markup ? .text : .binary,
            .sample(SampleSlice(data, start: 32, length: length)),
            fullCount: count,
            quickCount: 3,
            turn: turn,
            compression: EchoLoop.Compression(fragmentLength: fragment)
        )
    }

    private static func octets(_ loop: EchoLoop, from role: Role, _ compression: SendingCompression) -> [[UInt8]] {
        var encoder = ScriptEncoder(
            script: [.echoLoop(loop)],
            role: role,
            effort: .full,
            keys: MaskingKeySequence(seed: 3),
            compression: compression
        )
        encoder.begin(step: 0)
        return (0..<loop.fullCount).map { index in
            var octets: [UInt8] = []
            #expect(encoder.produce(limit: .max, oneFrame: true, into: &octets) != nil)
            #expect(encoder.lastFrame == index)
            return octets
        }
    }

    /// A frame's header, or the content of a message with what it is made of.
    private struct Reading {
        var headers: [FrameHeader] = []
        var contents: [[UInt8]] = []
        var longestDistance = 0
        var violations: [Violation] = []
    }

    private static func read(_ octets: [UInt8], from role: Role, _ compression: SendingCompression) -> Reading {
        let parameters = DeflateParameters(
            serverNoContextTakeover: !compression.keepsContext,
            clientNoContextTakeover: !compression.keepsContext,
            serverMaxWindowBits: compression.windowBits,
            clientMaxWindowBits: compression.windowBits
        )
        let negotiation = Negotiation(compression: parameters)
        var reader = MessageReader(sender: role, negotiation: negotiation, decoder: nil)
        var reading = Reading()
        var content: [UInt8] = []
        var position = 0
        let span = octets.span
        while let event = reader.next(in: span, at: &position) {
            switch event {
            case .frame(let header, _): reading.headers.append(header)
            case .content(let piece): reader.append(piece, in: span, to: &content)
            case .message:
                reading.contents.append(content)
                reading.longestDistance = max(reading.longestDistance, reader.deflated?.largestDistance ?? -1)
                #expect(reader.deflated != nil && reader.deflated?.overrun == nil)
                if !compression.keepsContext { #expect(reader.deflated?.reach == 0) }
                content = []
            case .violation(let violation): reading.violations.append(violation)
            case .frameEnd, .control, .close: break
            }
        }
        return reading
    }

    @Test(arguments: all)
    func `inflate to what they are made of, in every turn, and keep to what was agreed on`(
        compression: SendingCompression
    ) async {
        let loops = SampleData.allCases.flatMap { data in
            [(16, 5), (256, 4), (4096, 3), (40_000, 2), (100, nil)].map { Self.loop(data, length: $0.0, turn: $0.1) }
        }
        await Sweep.each(of: loops) { loop in
            for role in Role.allCases {
                let reading = Self.read(
                    Self.octets(loop, from: role, compression).flatMap(\.self),
                    from: role,
                    compression
                )
                #expect(reading.violations.isEmpty)
                #expect(reading.contents == (0..<loop.fullCount).map { loop.payload(ofMessage: $0).octets })
                #expect(reading.headers.allSatisfy { $0.rsv == 4 && $0.fin && $0.opcode == loop.opcode })
                #expect(reading.longestDistance <= 1 << max(compression.windowBits, 8))
            }
        }
    }

    @Test func `refer to earlier ones where they may, so that they are shorter`() {
        let loop = Self.loop(length: 256, turn: 4)
        let kept = Self.octets(loop, from: .server, SendingCompression(keepsContext: true)).map(\.count)
        let alone = Self.octets(loop, from: .server, SendingCompression(keepsContext: false)).map(\.count)
        #expect(kept[0] == alone[0])
        // The whole message has come before from the second turn on.
        for index in 4..<20 { #expect(kept[index] * 4 < alone[index]) }
        #expect(kept[8...] == kept[4..<16])
    }

    @Test(arguments: [1, 2, 125, 126, 256, 1000])
    func `are cut into frames of which only the first has RSV1, each with a key of its own`(fragment: Int) throws {
        let loop = Self.loop(length: 1024, turn: 3, fragment: fragment, count: 5)
        let compression = SendingCompression()
        for octets in Self.octets(loop, from: .client, compression) {
            let reading = Self.read(octets, from: .client, SendingCompression(windowBits: 15, keepsContext: true))
            let headers = reading.headers
            #expect(headers.map(\.rsv) == [4] + [UInt8](repeating: 0, count: headers.count - 1))
            #expect(headers.map(\.opcode) == [.text] + [Opcode](repeating: .continuation, count: headers.count - 1))
            #expect(headers.map(\.fin) == [Bool](repeating: false, count: headers.count - 1) + [true])
            #expect(headers.dropLast().allSatisfy { $0.payloadLength == UInt64(fragment) })
            #expect(try #require(headers.last).payloadLength <= UInt64(fragment))
            #expect(Set(headers.map(\.maskingKey)).count == headers.count)
            #expect(loop.frames(ofLength: UInt64(octets.count), sentBy: .client).count == headers.count)
        }
    }

    @Test func `are the same for each connection and in any order`() throws {
        let loop = Self.loop(length: 2048, turn: 4)
        let compression = SendingCompression(windowBits: 12, keepsContext: true)
        let messages = PreparedMessages.messages(of: loop, count: 20, compression)
        let late = messages.payload(ofMessage: 19)
        let early = messages.payload(ofMessage: 2)
        var cut = loop
        cut.compression?.fragmentLength = 7
        let others = PreparedMessages.messages(of: cut, count: 20, compression)
        #expect(messages === others)
        let again = Self.octets(loop, from: .server, compression)
        #expect(again[2].suffix(early.count) == early[...])
        #expect(again[19].suffix(late.count) == late[...])
    }

    @Test func `are compressed again when those of other loops have taken their place`() {
        let loop = Self.loop(length: 131_072, turn: 2)
        let compression = SendingCompression()
        let before = PreparedMessages.messages(of: loop, count: 4, compression)
        let first = before.payload(ofMessage: 3)
        for start in 0..<300 {
            var other = loop
            other.payload = .sample(SampleSlice(.json, start: start, length: 131_072))
            _ = PreparedMessages.messages(of: other, count: 4, compression)
        }
        let after = PreparedMessages.messages(of: loop, count: 4, compression)
        #expect(before !== after)
        #expect(after.payload(ofMessage: 3) == first && before.payload(ofMessage: 3) == first)
    }

    @Test func `are sent as they are where nothing was agreed on`() {
        let loop = Self.loop(length: 64, turn: 2)
        var encoder = ScriptEncoder(
            script: [.echoLoop(loop)],
            role: .server,
            effort: .quick,
            keys: MaskingKeySequence(seed: 1)
        )
        encoder.begin(step: 0)
        var octets: [UInt8] = []
        while encoder.produce(limit: .max, into: &octets) != nil {}
        let plain = (0..<3).flatMap { [0x81, 64 as UInt8] + loop.payload(ofMessage: $0).octets }
        #expect(octets == plain)
    }

    @Test(
        arguments: [
            (SampleData.json, 7.0...10), (.bitmap, 1.2...1.5), (.prose, 2.2...3), (.markup, 5...8),
            (.document, 1.03...1.2),
        ] as [(SampleData, ClosedRange<Double>)]
    )
    func `shrink like files of their kind`(data: SampleData, ratio: ClosedRange<Double>) {
        let loop = Self.loop(data, length: data.count, turn: nil, count: 1)
        for seed in UInt64(1)...3 {
            var loop = loop
            loop.payload = .sample(SampleSlice(data, seed: seed, start: 0, length: data.count))
            let octets = Self.octets(loop, from: .server, SendingCompression())[0]
            #expect(ratio.contains(Double(data.count) / Double(octets.count)), "\(data.count) to \(octets.count)")
        }
    }
}
