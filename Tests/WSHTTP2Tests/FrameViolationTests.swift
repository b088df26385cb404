import TestSupport
import Testing
import WSHTTP2

@Suite struct `Violations in HTTP/2 frames` {
    /// Frames of a server, and what is wrong with the last one.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var frames: [HTTP2Frame]
        var expected: [HTTP2Violation]
        var testDescription: String { name }

        /// A case; `distance` octets lie between the last frame and what breaks the rule.
        init(
            _ name: String,
            _ frames: [HTTP2Frame],
            _ rule: HTTP2Rule,
            on streamID: UInt32 = 0,
            _ due: HTTP2Due,
            distance: Int = 0
        ) {
            self.name = name
            self.frames = frames
            let start = frames.dropLast().reduce(0) { $0 + $1.encoded.count }
            expected = [
                HTTP2Violation(rule, offset: UInt64(start + distance), streamID: streamID, due: due, detail: "")
            ]
        }
    }

    static let connectionProtocol = HTTP2Due(.connection, .protocolError)
    static let connectionSize = HTTP2Due(.connection, .frameSizeError)
    static let streamSize = HTTP2Due(.stream, .frameSizeError)

    private static func frame(_ type: HTTP2FrameType, _ count: Int, on streamID: UInt32 = 0) -> HTTP2Frame {
        HTTP2Frame(type: type, streamID: streamID, payload: [UInt8](repeating: 0, count: count))
    }

    static let cases: [Case] = sizes + paddings + places + bits

    private static let sizes = [
        Case("DATA too large", [frame(.data, 16_385, on: 1)], .frameTooLarge, on: 1, streamSize),
        Case("HEADERS too large", [frame(.headers, 16_385, on: 1)], .frameTooLarge, on: 1, connectionSize),
        Case(
            "an unknown frame too large",
            [frame(HTTP2FrameType(rawValue: 0x20), 16_385)],
            .frameTooLarge,
            connectionSize
        ),
        Case("short PRIORITY", [frame(.priority, 4, on: 1)], .priorityLength, on: 1, streamSize),
        Case("long PRIORITY", [frame(.priority, 6, on: 1)], .priorityLength, on: 1, streamSize),
        Case("short RST_STREAM", [frame(.resetStream, 3, on: 1)], .resetStreamLength, on: 1, connectionSize),
        Case("long RST_STREAM", [frame(.resetStream, 5, on: 1)], .resetStreamLength, on: 1, connectionSize),
        Case("SETTINGS of seven octets", [frame(.settings, 7)], .settingsLength, connectionSize),
        Case(
            "SETTINGS with ACK and octets",
            [frame(.settings, 6).with { $0.flags = .acknowledgment }],
            .settingsAckPayload,
            connectionSize
        ),
        Case("short PING", [frame(.ping, 7)], .pingLength, connectionSize),
        Case("long PING", [frame(.ping, 9)], .pingLength, connectionSize),
        Case("short GOAWAY", [frame(.goAway, 7)], .frameTooShort, connectionSize),
        Case("short WINDOW_UPDATE", [frame(.windowUpdate, 3)], .windowUpdateLength, connectionSize),
        Case("long WINDOW_UPDATE", [frame(.windowUpdate, 5, on: 1)], .windowUpdateLength, on: 1, connectionSize),
        Case(
            "HEADERS without room for their priority",
            [frame(.headers, 4, on: 1).with { $0.flags = [.endHeaders, .priority] }],
            .frameTooShort,
            on: 1,
            connectionSize
        ),
        Case(
            "PUSH_PROMISE without room for a stream",
            [frame(.pushPromise, 3, on: 1).with { $0.flags = .endHeaders }],
            .frameTooShort,
            on: 1,
            connectionSize
        ),
        Case("an increment of 0", [.windowUpdate(0)], .windowIncrementZero, connectionProtocol),
        Case(
            "an increment of 0 on a stream",
            [.windowUpdate(0, on: 1)],
            .windowIncrementZero,
            on: 1,
            HTTP2Due(.stream, .protocolError)
        ),
    ]

    private static let paddings = [
        Case(
            "padding as long as the payload",
            [.data([], on: 1, padding: HTTP2Padding(declaredLength: 4, octets: [0, 0, 0]))],
            .paddingTooLong,
            on: 1,
            connectionProtocol
        ),
        Case(
            "padding of HEADERS longer than the payload",
            [.headers([0x82], on: 1, padding: HTTP2Padding(declaredLength: 255, octets: []))],
            .paddingTooLong,
            on: 1,
            connectionProtocol
        ),
        Case(
            "padding that is not zero",
            [.data([7], on: 1, padding: HTTP2Padding(declaredLength: 3, octets: [0, 1, 1]))],
            .paddingNotZero,
            on: 1,
            HTTP2Due(.connection, .protocolError, isRequired: false),
            distance: 12
        ),
        Case(
            "padded DATA without octets",
            [frame(.data, 0, on: 1).with { $0.flags = .padded }],
            .frameTooShort,
            on: 1,
            streamSize
        ),
        Case(
            "padded HEADERS without octets",
            [frame(.headers, 0, on: 1).with { $0.flags = [.padded, .endHeaders] }],
            .frameTooShort,
            on: 1,
            connectionSize
        ),
    ]

    private static let places = [
        Case("DATA without a stream", [.data([1], on: 0)], .streamMissing, connectionProtocol),
        Case("HEADERS without a stream", [.headers([0x82], on: 0)], .streamMissing, connectionProtocol),
        Case("PRIORITY without a stream", [frame(.priority, 5)], .streamMissing, connectionProtocol),
        Case("RST_STREAM without a stream", [.resetStream(0, .cancel)], .streamMissing, connectionProtocol),
        Case("PUSH_PROMISE without a stream", [.pushPromise([], of: 2, on: 0)], .streamMissing, connectionProtocol),
        Case("SETTINGS on a stream", [frame(.settings, 0, on: 1)], .streamUnexpected, on: 1, connectionProtocol),
        Case("PING on a stream", [frame(.ping, 8, on: 1)], .streamUnexpected, on: 1, connectionProtocol),
        Case("GOAWAY on a stream", [frame(.goAway, 8, on: 1)], .streamUnexpected, on: 1, connectionProtocol),
        Case(
            "CONTINUATION without a block",
            [.continuation([0x82], on: 1)],
            .continuationWithoutBlock,
            on: 1,
            connectionProtocol
        ),
        Case(
            "CONTINUATION behind END_HEADERS",
            [.headers([0x82], on: 1), .continuation([0x82], on: 1)],
            .continuationWithoutBlock,
            on: 1,
            connectionProtocol
        ),
        Case(
            "CONTINUATION on another stream",
            [.headers([0x82], on: 1, endHeaders: false), .continuation([0x82], on: 3)],
            .fieldBlockInterrupted,
            on: 3,
            connectionProtocol
        ),
        Case(
            "PING inside a field block",
            [.headers([0x82], on: 1, endHeaders: false), frame(.ping, 8)],
            .fieldBlockInterrupted,
            connectionProtocol
        ),
        Case(
            "an unknown frame inside a field block",
            [.headers([0x82], on: 1, endHeaders: false), frame(HTTP2FrameType(rawValue: 0x55), 1, on: 1)],
            .fieldBlockInterrupted,
            on: 1,
            connectionProtocol
        ),
        Case(
            "HEADERS inside a field block",
            [.headers([0x82], on: 1, endHeaders: false), .headers([0x82], on: 3)],
            .fieldBlockInterrupted,
            on: 3,
            connectionProtocol
        ),
    ]

    private static let bits = [
        Case("a reserved bit", [frame(.ping, 8).with { $0.reservedBit = true }], .reservedBit, .nothing),
        Case("a reserved bit in an increment", [.windowUpdate(0x8000_0001)], .reservedBit, .nothing),
        Case(
            "a reserved bit in a promise",
            [.pushPromise([], of: 0x8000_0002, on: 1)],
            .reservedBit,
            on: 1,
            .nothing
        ),
        Case("a flag of another type", [frame(.ping, 8).with { $0.flags = .endHeaders }], .unusedFlag, .nothing),
        Case(
            "PADDED on RST_STREAM",
            [HTTP2Frame.resetStream(1, .cancel).with { $0.flags = .padded }],
            .unusedFlag,
            on: 1,
            .nothing
        ),
    ]

    @Test
    func `Each is told with its place and with what is due, however the octets are cut`() async {
        await Sweep.each(of: Self.cases) { example in
            for feeding in Feeding.all {
                let found = Frames.observe(example.frames.flatMap(\.encoded), feeding)
                #expect(found.violations.map(\.bare) == example.expected, "\(feeding)")
                #expect(found.violations.allSatisfy { !$0.detail.isEmpty })
                #expect(found.headers.count == example.frames.count, "the decoder goes on")
            }
        }
    }

    @Test func `A violation stands before the end of its frame, and does not wait for it`() {
        let padded = HTTP2Frame.data([7], on: 1, padding: HTTP2Padding(declaredLength: 200, octets: [0])).encoded
        for count in [10, padded.count] {
            var decoder = HTTP2FrameDecoder(sender: .server)
            let octets = HTTP2Frame.settings().encoded + padded.prefix(count)
            var events: [HTTP2FrameEvent] = []
            var position = 0
            while let event = decoder.next(in: octets.span, at: &position) { events.append(event) }
            guard events.count > 3, case .violation(let violation) = events[3] else {
                Issue.record("no violation behind the header: \(events)")
                continue
            }
            #expect(violation.rule == .paddingTooLong)
            #expect(events.count == (count == 10 ? 4 : 5))
        }
    }

    @Test func `A field block goes on behind a frame that interrupts it`() {
        let block = Array("0123456789".utf8)
        let ping = HTTP2Frame.ping([1, 2, 3, 4, 5, 6, 7, 8])
        let frames = HTTP2Frame.fieldBlock(block, on: 1, fragmentLength: 4, interruption: [ping])
        let found = Frames.observe(frames.flatMap(\.encoded), .whole)
        #expect(found.violations.map(\.rule) == [.fieldBlockInterrupted])
        #expect(found.blocks.map(\.octets) == [block])
    }

    @Test func `A field block that another one replaces is lost`() {
        let frames = [
            HTTP2Frame.headers([1, 2], on: 1, endHeaders: false), .headers([3], on: 3, endHeaders: false),
            .continuation([4], on: 3),
        ]
        let found = Frames.observe(frames.flatMap(\.encoded), .byteByByte)
        #expect(found.lost == [2])
        #expect(found.blocks.map(\.octets) == [[3, 4]])
    }

    @Test func `A fragment that cannot be read takes its block along`() {
        let frames = [HTTP2Frame.headers([1], on: 1, padding: HTTP2Padding(declaredLength: 9, octets: []))]
        #expect(Frames.observe(frames.flatMap(\.encoded), .whole).lost == [0])
    }

    @Test func `A length that lies moves the beginning of the next frame`() {
        let liar = HTTP2Frame.ping([1, 2, 3, 4, 5, 6, 7, 8]).with { $0.declaredLength = 17 }
        let found = Frames.observe(liar.encoded + HTTP2Frame.windowUpdate(1).encoded.dropLast(4), .whole)
        #expect(found.violations.map(\.rule) == [.pingLength])
        #expect(found.payloads == [.malformed])
    }

    @Test func `The first frame has to be SETTINGS without ACK`() {
        for frame in [HTTP2Frame.ping([1, 2, 3, 4, 5, 6, 7, 8]), .settingsAcknowledgment] {
            var decoder = HTTP2FrameDecoder(sender: .server)
            let octets = frame.encoded
            var position = 0
            _ = decoder.next(in: octets.span, at: &position)
            guard case .violation(let violation) = decoder.next(in: octets.span, at: &position) else {
                Issue.record("nothing was reported")
                continue
            }
            #expect(violation.rule == .firstFrameNotSettings)
            #expect(violation.due == Self.connectionProtocol)
        }
    }

    @Test func `Each rule has a section, and those of the requirement table their id`() throws {
        for rule in HTTP2Rule.allCases {
            let number = try #require(rule.reference.split(separator: " ").last)
            #expect(number.first.map { "1"..."9" ~= String($0) } == true, "\(rule.rawValue)")
            for onStream in [true, false] {
                let due = rule.due(onStream: onStream)
                #expect(due.codes.isEmpty == (due.scope == .nothing), "\(rule.rawValue)")
            }
            guard let requirement = rule.requirement else { continue }
            let tables = ["RFC8441-", "RFC9110-", "RFC9113-"]
            #expect(tables.contains { requirement.hasPrefix($0) }, "\(rule.rawValue)")
        }
    }
}
