import TestSupport
import Testing
import WSHTTP2
import WSKernels
import WSLimits

@Suite struct `HTTP/2 frames` {
    static let settings = [
        HTTP2Setting(.enableConnectProtocol, 1), HTTP2Setting(.initialWindowSize, 0x7FFF_FFFF),
        HTTP2Setting(.init(rawValue: 0xABCD), 7),
    ]

    /// A frame, its octets, and its payload as it is read.
    struct Sample: Sendable, CustomTestStringConvertible {
        var frame: HTTP2Frame
        var hex: String
        var payload: HTTP2Payload
        var testDescription: String { frame.type.name }

        init(_ frame: HTTP2Frame, _ hex: String, _ payload: HTTP2Payload) {
            self.frame = frame
            self.hex = hex
            self.payload = payload
        }
    }

    static let priority = HTTP2Priority(isExclusive: true, dependency: 3, weight: 9)
    static let unknown = HTTP2FrameType(rawValue: 0xFE)

    static let samples = [
        Sample(
            .data([1, 2, 3], on: 1, endStream: true, padding: HTTP2Padding(2)),
            "0000060009000000010201020300" + "00",
            .data(length: 3, padding: 3)
        ),
        Sample(.data([], on: 3), "000000000000000003", .data(length: 0, padding: 0)),
        Sample(
            .headers([0x82], on: 5, endStream: true, priority: priority),
            "000006012500000005800000030982",
            .headers(fragmentLength: 1, priority: priority)
        ),
        Sample(
            .headers([0x82], on: 5, padding: HTTP2Padding(1)),
            "000003010c00000005018200",
            .headers(fragmentLength: 1, priority: nil)
        ),
        Sample(
            .priority(HTTP2Priority(dependency: 1, weight: 255), on: 0x7FFF_FFFF),
            "00000502007fffffff00000001ff",
            .priority(HTTP2Priority(dependency: 1, weight: 255))
        ),
        Sample(.resetStream(1, .cancel), "00000403000000000100000008", .resetStream(.cancel)),
        Sample(
            .settings(settings),
            "000012040000000000" + "000800000001" + "00047fffffff" + "abcd00000007",
            .settings(settings)
        ),
        Sample(.settingsAcknowledgment, "000000040100000000", .settingsAcknowledgment),
        Sample(
            .pushPromise([0x82], of: 2, on: 1),
            "0000050504000000010000000282",
            .pushPromise(fragmentLength: 1, promisedID: 2)
        ),
        Sample(
            .ping([1, 2, 3, 4, 5, 6, 7, 8], isAcknowledgment: true),
            "0000080601000000000102030405060708",
            .ping([1, 2, 3, 4, 5, 6, 7, 8], isAcknowledgment: true)
        ),
        Sample(
            .goAway(lastStreamID: 7, .enhanceYourCalm, debugData: [0x61]),
            "000009070000000000000000070000000b61",
            .goAway(lastStreamID: 7, .enhanceYourCalm, debugData: [0x61])
        ),
        Sample(.windowUpdate(0x7FFF_FFFF), "0000040800000000007fffffff", .windowUpdate(0x7FFF_FFFF)),
        Sample(
            HTTP2Frame(type: unknown, flags: HTTP2Flags(rawValue: 0xFF), streamID: 9, payload: [1]),
            "000001feff0000000901",
            .unknown([1])
        ),
    ]

    @Test(arguments: samples)
    func `A frame is written as RFC 9113 draws it, and read again`(sample: Sample) {
        #expect(Hex.encode(sample.frame.encoded) == sample.hex)
        for feeding in Feeding.all {
            let found = Frames.observe(sample.frame.encoded, feeding)
            #expect(found.payloads == [sample.payload], "\(feeding)")
            #expect(found.violations == [], "\(feeding)")
            #expect(found.data == (sample.frame.type == .data ? sample.frame.payload : []), "\(feeding)")
        }
    }

    @Test func `A header has its bits`() {
        let header = HTTP2FrameHeader(
            length: 0x010203,
            type: .windowUpdate,
            flags: HTTP2Flags(rawValue: 0xA5),
            reservedBit: true,
            streamID: 0x7FFF_FFFE
        )
        var octets: [UInt8] = []
        header.encode(into: &octets)
        #expect(Hex.encode(octets) == "01020308a5fffffffe")
        #expect(Frames.observe(octets, .byteByByte).headers == [header])
        #expect(Frames.observe(octets, .whole).headers == [header])
    }

    @Test(arguments: Feeding.all)
    func `A field block is put together from its fragments`(feeding: Feeding) {
        let block = (0..<100).map { UInt8($0) }
        for length in [1, 7, 33, 99, 100, 101] {
            let frames = HTTP2Frame.fieldBlock(block, on: 1, endStream: true, fragmentLength: length)
            let found = Frames.observe(frames.flatMap(\.encoded), feeding)
            #expect(found.blocks.map(\.octets) == [block])
            #expect(found.blocks.map(\.frameCount) == [(99 + length) / length])
            #expect(found.blocks.map(\.endsStream) == [true])
            #expect(found.violations == [])
        }
    }

    @Test func `An empty field block is one frame`() {
        let frames = HTTP2Frame.fieldBlock([], on: 1)
        #expect(frames == [.headers([], on: 1)])
    }

    @Test func `A server's octets need no preface, and a client's end where theirs is wrong`() {
        var decoder = HTTP2FrameDecoder(sender: .client)
        let octets = Array("GET / HTTP/1.1\r\n\r\n".utf8)
        var position = 0
        #expect(decoder.next(in: octets.span, at: &position) == .notHTTP2(offset: 0))
        guard case .violation(let violation) = decoder.next(in: octets.span, at: &position) else {
            Issue.record("nothing was reported")
            return
        }
        #expect(violation.rule == .prefaceMissing)
        #expect(decoder.next(in: octets.span, at: &position) == nil)
        #expect(position == octets.count)
        #expect(decoder.isLost)
    }

    @Test(arguments: Feeding.anywhere)
    func `The preface of a client is found, wherever it is cut`(feeding: Feeding) {
        var decoder = HTTP2FrameDecoder(sender: .client)
        var events: [HTTP2FrameEvent] = []
        for chunk in feeding.chunks(of: HTTP2Frame.preface + HTTP2Frame.settings().encoded) {
            var position = 0
            while let event = decoder.next(in: chunk.span, at: &position) { events.append(event) }
        }
        #expect(
            events == [
                .preface(end: 24), .frame(HTTP2FrameHeader(length: 0, type: .settings, streamID: 0), offset: 24),
                .frameEnd(.settings([]), end: 33),
            ]
        )
    }

    @Test func `What is kept of a frame and of a field block is bounded`() {
        let large = HTTP2Frame(
            type: HTTP2FrameType(rawValue: 0x42),
            streamID: 0,
            payload: [UInt8](repeating: 1, count: 1 << 20)
        )
        let found = Frames.observe(large.encoded, .whole, maximumFrameSize: 1 << 24 - 1)
        #expect(found.payloads == [.unknown([UInt8](repeating: 1, count: Limits.framePayload.value))])

        let block = [UInt8](repeating: 0x82, count: Limits.fieldBlock.value + 1)
        let frames = HTTP2Frame.fieldBlock(block, on: 1, endStream: true, fragmentLength: 16_384)
        let lost = Frames.observe(frames.flatMap(\.encoded), .whole)
        #expect(lost.blocks == [])
        #expect(lost.lost == [block.count])
        let fitting = HTTP2Frame.fieldBlock(Array(block.dropLast()), on: 1, fragmentLength: 16_384)
        #expect(Frames.observe(fitting.flatMap(\.encoded), .whole).blocks.count == 1)
    }
}

/// What a decoder of a server's frames finds.
struct Frames {
    var headers: [HTTP2FrameHeader] = []
    var payloads: [HTTP2Payload] = []
    var violations: [HTTP2Violation] = []
    var data: [UInt8] = []
    var blocks: [HTTP2FieldBlock] = []
    /// How many octets field blocks had that were given up.
    var lost: [Int] = []

    /// Feeds frames behind an empty SETTINGS frame, which is left out; offsets begin behind it.
    static func observe(_ octets: [UInt8], _ feeding: Feeding, maximumFrameSize: UInt32 = 16_384) -> Frames {
        var found = Frames()
        var decoder = HTTP2FrameDecoder(sender: .server)
        decoder.maximumFrameSize = maximumFrameSize
        let settings = HTTP2Frame.settings().encoded
        var position = 0
        while decoder.next(in: settings.span, at: &position) != nil {}
        let end = UInt64(octets.count + settings.count)
        let trailing = HTTP2Frame(type: HTTP2FrameType(rawValue: 0xEE), streamID: 0, payload: [1]).encoded
        for chunk in feeding.chunks(of: octets, trailing: trailing) {
            var position = 0
            while let event = decoder.next(in: chunk.span, at: &position) {
                switch event {
                case .frame(let header, let offset):
                    if offset >= end { return found }
                    found.headers.append(header)
                case .frameEnd(let payload, _): found.payloads.append(payload)
                case .data(let range, let offset):
                    #expect(offset == found.data.count)
                    found.data += chunk[range]
                case .violation(var violation):
                    violation.offset -= UInt64(settings.count)
                    found.violations.append(violation)
                case .fieldBlock(let block): found.blocks.append(block)
                case .fieldBlockLost(_, let count, _): found.lost.append(count)
                case .preface, .notHTTP2: Issue.record("a server sends no preface")
                }
            }
        }
        return found
    }
}
