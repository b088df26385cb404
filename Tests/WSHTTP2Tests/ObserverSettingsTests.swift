import TestSupport
import Testing
import WSHTTP2
import WSLimits

@Suite struct `HTTP/2 observer and settings` {
    @Test func `A smaller window binds the peer once it has acknowledged it`() {
        var conversation = Conversation.begun(role: .client)
        conversation.openTunnel(1)
        conversation.feed([.settings([HTTP2Setting(.initialWindowSize, 10)])], .sent)
        conversation.feed([.data([UInt8](repeating: 0, count: 20), on: 1)], .received)
        #expect(conversation.events.rules == [])
        conversation.feed([.settingsAcknowledgment], .received)
        #expect(conversation.observer.flowControl(.received)[1]?.size == -10)
        conversation.feed([.data([], on: 1)], .received)
        #expect(conversation.events.rules == [])
        conversation.feed([.data([1], on: 1)], .received)
        let violation = conversation.events.violations.first
        #expect(conversation.events.rules == [.streamWindowExceeded])
        #expect(violation?.streamID == 1)
        #expect(violation?.due == HTTP2Due(.stream, .flowControlError))
    }

    @Test func `A larger window may be used at once`() {
        var conversation = Conversation.begun(role: .client)
        conversation.openTunnel(1)
        conversation.feed([.settings([HTTP2Setting(.initialWindowSize, 100_000)]), .windowUpdate(100_000)], .sent)
        let frames = (0..<6).map { _ in HTTP2Frame.data([UInt8](repeating: 0, count: 16_384), on: 1) }
        conversation.feed(frames, .received)
        #expect(conversation.events.rules == [])
    }

    @Test func `Padding and its length count for the window`() {
        var conversation = Conversation.begun(role: .client, sends: [HTTP2Setting(.initialWindowSize, 10)])
        conversation.openTunnel(1)
        conversation.feed([.data([1], on: 1, padding: HTTP2Padding(8))], .received)
        #expect(conversation.events.rules == [])
        conversation.feed([.data([], on: 1, padding: HTTP2Padding(0))], .received)
        #expect(conversation.events.rules == [.streamWindowExceeded])
    }

    @Test func `SETTINGS that make a window too large are an error of the connection`() {
        var conversation = Conversation.begun(role: .client)
        conversation.openTunnel(1)
        conversation.feed([.windowUpdate(1, on: 1)], .received)
        conversation.feed([.settings([HTTP2Setting(.initialWindowSize, HTTP2Window.maximum)])], .received)
        #expect(conversation.events.rules == [.initialWindowOverflow])
        #expect(conversation.events.violations.first?.due == HTTP2Due(.connection, .flowControlError))
    }

    @Test func `A stream on which nothing more is sent has no window that could become too large`() {
        var conversation = Conversation.begun(role: .client)
        conversation.request(1)
        #expect(conversation.observer.flowControl(.sent)[1] == nil)
        #expect(conversation.observer.flowControl(.received)[1] != nil)
        conversation.feed([.windowUpdate(1, on: 1), .windowUpdate(HTTP2Window.maximum, on: 1)], .received)
        conversation.feed([.settings([HTTP2Setting(.initialWindowSize, HTTP2Window.maximum)])], .received)
        #expect(conversation.events.rules == [])
    }

    @Test func `Streams are counted against what the other endpoint allows`() {
        var conversation = Conversation.begun(role: .server, sends: [HTTP2Setting(.maxConcurrentStreams, 2)])
        conversation.request(1)
        conversation.request(3)
        #expect(conversation.events.rules == [])
        conversation.request(5)
        #expect(conversation.events.rules == [.tooManyStreams])
        #expect(conversation.events.violations.first?.due.codes == [.refusedStream, .protocolError])
        conversation.feed([.resetStream(5, .refusedStream), .resetStream(1, .cancel)], .sent)
        conversation.request(7)
        #expect(conversation.events.rules == [.tooManyStreams])
        #expect(conversation.observer.activeStreams(openedBy: .received) == 2)
    }

    @Test func `Frames may be as large as the other endpoint allows`() {
        var conversation = Conversation.begun(role: .client, sends: [HTTP2Setting(.maxFrameSize, 20_000)])
        conversation.openTunnel(1)
        conversation.feed([.data([UInt8](repeating: 0, count: 20_000), on: 1)], .received)
        #expect(conversation.events.rules == [])
        conversation.feed([.data([UInt8](repeating: 0, count: 20_001), on: 1)], .received)
        #expect(conversation.events.rules == [.frameTooLarge])
    }

    @Test func `A smaller table takes a size update at the beginning of the next block`() {
        for (isUpdated, rules) in [(true, []), (false, [.fieldBlockInvalid])] as [(Bool, [HTTP2Rule])] {
            var conversation = Conversation.begun(role: .client, sends: [HTTP2Setting(.headerTableSize, 0)])
            conversation.request(1)
            let block: [UInt8] = (isUpdated ? [0x20] : []) + [0x88]
            conversation.feed([.headers(block, on: 1, endStream: true)], .received)
            #expect(conversation.events.rules == rules)
            #expect(conversation.observer.fieldTable(.received).capacity == 0)
        }
    }

    @Test func `:protocol needs the setting, which a server may send at any time`() {
        var conversation = Conversation.begun(role: .server, sends: [])
        conversation.openTunnel(1)
        #expect(conversation.events.rules == [.protocolNotEnabled])
        conversation.feed([.settings([HTTP2Setting(.enableConnectProtocol, 1)])], .sent)
        conversation.openTunnel(3)
        #expect(conversation.events.rules == [.protocolNotEnabled])
        #expect(conversation.observer.settings(.sent).enableConnectProtocol == 1)
    }

    @Test func `A promise is followed, and refused where push is off`() {
        var conversation = Conversation.begun(role: .client)
        conversation.request(1)
        let promised = HPACKInstruction.field(FieldLine(":path", "/pushed"))
        var encoder = HPACKEncoder()
        let block = encoder.encode([
            .field(FieldLine(":method", "GET")), .field(FieldLine(":scheme", "https")), promised,
            .field(FieldLine(":authority", "server.example.com")),
        ])
        conversation.feed([.pushPromise(block, of: 2, on: 1)], .received)
        #expect(conversation.events.rules == [])
        #expect(conversation.observer.state(of: 2) == .reservedRemote)
        #expect(conversation.events.sections.last?.isPromised == true)
        #expect(conversation.events.sections.last?.streamID == 2)
        conversation.feed([.headers([0x88], on: 2), .data([1], on: 2, endStream: true)], .received)
        #expect(conversation.events.rules == [])
        #expect(conversation.observer.state(of: 2) == .closed(.ended))

        var refusing = Conversation.begun(role: .client, sends: [HTTP2Setting(.enablePush, 0)])
        refusing.request(1)
        refusing.feed([.pushPromise(block, of: 2, on: 1)], .received)
        #expect(refusing.events.rules == [.pushPromiseDisabled])
    }

    @Test func `A flood of SETTINGS, PING and streams takes bounded memory`() {
        var conversation = Conversation.begun(role: .server)
        let flood = (0..<2_000).flatMap { number in
            [
                HTTP2Frame.settings([HTTP2Setting(.headerTableSize, UInt32(number))]),
                .ping([0, 0, 0, 0, 0, 0, UInt8(number >> 8), UInt8(number & 0xFF)]),
            ]
        }
        conversation.feed(flood, .received)
        #expect(conversation.events.rules == [])
        conversation.feed((0..<2_000).map { _ in .settingsAcknowledgment }, .sent)
        #expect(conversation.events.rules == [])
        conversation.feed([.settingsAcknowledgment], .sent)
        #expect(conversation.events.rules == [.settingsAckUnexpected])
        // A PING that was forgotten may be answered, too.
        conversation.feed([.ping([0, 0, 0, 0, 0, 0, 0, 0], isAcknowledgment: true)], .sent)
        #expect(conversation.events.rules == [.settingsAckUnexpected])
    }

    @Test func `Closed streams are forgotten, the oldest first, and said to be unknown`() {
        var conversation = Conversation.begun(role: .server)
        let count = Limits.followedStreams.value + 1_500
        for number in 0..<count {
            let streamID = UInt32(2 * number + 1)
            conversation.feed([.headers([0x82, 0x87, 0x84], on: streamID, endStream: true)], .received)
            conversation.feed([.headers([0x88], on: streamID, endStream: true)], .sent)
            conversation.events.removeAll(keepingCapacity: true)
        }
        #expect(conversation.observer.state(of: 1) == nil)
        #expect(conversation.observer.state(of: UInt32(2 * count - 1)) == .closed(.ended))
        #expect(conversation.observer.state(of: UInt32(2 * count + 1)) == .idle)
        // What was forgotten is not judged; what is remembered is.
        conversation.feed([.data([1], on: 1)], .received)
        #expect(conversation.events.rules == [])
        conversation.feed([.data([1], on: UInt32(2 * count - 1))], .received)
        #expect(conversation.events.rules == [.frameAfterEndStream])
    }

    @Test func `Streams beyond those that can be followed are not judged`() {
        var conversation = Conversation.begun(role: .server)
        let count = Limits.followedStreams.value + 10
        conversation.feed((0..<count).map { .headers([0x82, 0x87, 0x84], on: UInt32(2 * $0 + 1)) }, .received)
        #expect(conversation.observer.activeStreams(openedBy: .received) == Limits.followedStreams.value)
        conversation.feed([.data([1], on: UInt32(2 * count - 1), endStream: true)], .received)
        #expect(conversation.events.rules == [])
    }
}
