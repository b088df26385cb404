import TestSupport
import Testing
import WSHTTP2

@Suite struct `HTTP/2 observer` {
    /// The example of RFC 8441 section 5.1, seen by either end.
    @Test(arguments: HTTP2Role.allCases, Feeding.all)
    func `A WebSocket on a stream has no violation`(role: HTTP2Role, feeding: Feeding) {
        var conversation = Conversation.begun(role: role, feeding)
        let client: HTTP2Direction = role == .client ? .sent : .received
        conversation.openTunnel(1)
        #expect(conversation.observer.isTunnel(1))
        conversation.feed([.data([1, 2], on: 1), .data([3], on: 1, padding: HTTP2Padding(9))], client)
        conversation.feed([.data([4], on: 1, endStream: true)], client.opposite)
        #expect(conversation.observer.state(of: 1) == (role == .client ? .halfClosedRemote : .halfClosedLocal))
        conversation.feedLast([.data([], on: 1, endStream: true)], client)
        #expect(conversation.events.rules == [])
        #expect(conversation.observer.state(of: 1) == .closed(.ended))
        #expect(conversation.events.sections.map(\.kind) == [.request, .response])
        #expect(conversation.events.sections.first?.fields == Fields.webSocket)
        #expect(conversation.events.sections.first?.pseudo.isWebSocket == true)
        #expect(conversation.events.sections.last?.pseudo.status == 200)
        #expect(conversation.observer.flowControl(client).connection.size == 65_535 - 2 - 11)
        #expect(conversation.observer.activeStreams(openedBy: client) == 0)
    }

    @Test(arguments: Feeding.all)
    func `DATA of several streams are told apart`(feeding: Feeding) {
        var conversation = Conversation.begun(role: .client, feeding)
        for streamID in [1, 3, 5] as [UInt32] { conversation.openTunnel(streamID) }
        #expect(conversation.observer.activeStreams(openedBy: .sent) == 3)
        conversation.events = []
        let frames = [(5, [1]), (1, [2, 2]), (3, [3]), (5, [4])] as [(UInt32, [UInt8])]
        conversation.feedLast(frames.map { .data($0.1, on: $0.0) }, .received)
        #expect(conversation.events.data == [1: [2, 2], 3: [3], 5: [1, 4]])
        #expect(conversation.events.rules == [])
    }

    /// What one end does after two WebSockets were opened, and what is wrong with it.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var direction: HTTP2Direction = .received
        var before: [(HTTP2Direction, HTTP2Frame)] = []
        var frames: [HTTP2Frame]
        var rules: [HTTP2Rule]
        var due: HTTP2Due
        var testDescription: String { name }
    }

    private static let streamClosed = HTTP2Due(.stream, .streamClosed)
    private static let connectionProtocol = HTTP2Due(.connection, .protocolError)
    private static let mayClose = HTTP2Due(.connection, .streamClosed, isRequired: false)

    /// The observer is the client, which has opened the streams 1 and 3 and nothing else.
    static let cases = [
        Case(
            name: "DATA behind END_STREAM",
            frames: [.data([], on: 1, endStream: true), .data([1], on: 1)],
            rules: [.frameAfterEndStream],
            due: streamClosed
        ),
        Case(
            name: "DATA behind RST_STREAM",
            frames: [.resetStream(1, .cancel), .data([1], on: 1)],
            rules: [.frameAfterReset],
            due: mayClose
        ),
        Case(
            name: "DATA of ours on a stream that was reset",
            direction: .sent,
            before: [(.received, .resetStream(1, .cancel))],
            frames: [.data([1], on: 1)],
            rules: [.frameAfterReset],
            due: mayClose
        ),
        Case(
            name: "DATA on an idle stream",
            frames: [.data([1], on: 5)],
            rules: [.frameOnIdleStream],
            due: connectionProtocol
        ),
        Case(
            name: "WINDOW_UPDATE on an idle stream",
            frames: [.windowUpdate(1, on: 7)],
            rules: [.frameOnIdleStream],
            due: connectionProtocol
        ),
        Case(
            name: "RST_STREAM on an idle stream",
            frames: [.resetStream(7, .cancel)],
            rules: [.frameOnIdleStream],
            due: connectionProtocol
        ),
        Case(
            name: "HEADERS of a server on an idle stream",
            frames: [.headers([0x88], on: 2)],
            rules: [.frameOnIdleStream],
            due: connectionProtocol
        ),
        Case(
            name: "a client's stream with an even identifier",
            direction: .sent,
            frames: [.headers([0x82, 0x87, 0x84], on: 2)],
            rules: [.streamIDParity],
            due: connectionProtocol
        ),
        Case(
            name: "a stream below another one",
            direction: .sent,
            before: [(.sent, .headers([0x82, 0x87, 0x84], on: 9, endStream: true))],
            frames: [.headers([0x82, 0x87, 0x84], on: 7)],
            rules: [.streamIDNotIncreasing],
            due: connectionProtocol
        ),
        Case(
            name: "DATA on a stream that was passed over",
            before: [(.sent, .headers([0x82, 0x87, 0x84], on: 9, endStream: true))],
            frames: [.data([1], on: 7)],
            rules: [.frameOnClosedStream],
            due: mayClose
        ),
        Case(
            name: "a window that becomes too large",
            frames: [.windowUpdate(HTTP2Window.maximum, on: 1)],
            rules: [.windowOverflow],
            due: HTTP2Due(.stream, .flowControlError)
        ),
        Case(
            name: "the window of the connection too large",
            frames: [.windowUpdate(HTTP2Window.maximum)],
            rules: [.windowOverflow],
            due: HTTP2Due(.connection, .flowControlError)
        ),
        Case(
            name: "a GOAWAY that takes back",
            frames: [.goAway(lastStreamID: 1, .noError), .goAway(lastStreamID: 3, .noError)],
            rules: [.goAwayIncreased],
            due: .nothing
        ),
        Case(
            name: "a stream behind GOAWAY",
            direction: .sent,
            before: [(.received, .goAway(lastStreamID: 3, .noError))],
            frames: [.headers([0x82, 0x87, 0x84], on: 5)],
            rules: [.streamAfterGoAway],
            due: .nothing
        ),
        Case(
            name: "an acknowledgment of nothing",
            frames: [.settingsAcknowledgment],
            rules: [.settingsAckUnexpected],
            due: .nothing
        ),
        Case(
            name: "an answer to no PING",
            before: [(.sent, .ping([1, 2, 3, 4, 5, 6, 7, 8]))],
            frames: [.ping([8, 2, 3, 4, 5, 6, 7, 8], isAcknowledgment: true)],
            rules: [.pingAckUnexpected],
            due: .nothing
        ),
        Case(
            name: "a promise of a client",
            direction: .sent,
            frames: [.pushPromise([0x82], of: 5, on: 1)],
            rules: [.pushPromiseByClient, .pseudoMissing],
            due: connectionProtocol
        ),
        Case(
            name: "a promise of an odd stream",
            frames: [.pushPromise([0x82], of: 5, on: 1)],
            rules: [.promisedStreamInvalid],
            due: connectionProtocol
        ),
        Case(
            name: "HEADERS on a tunnel",
            frames: [.headers([0x0F, 0x00, 0x01, 0x61], on: 1)],
            rules: [.headersOnTunnel],
            due: HTTP2Due(.stream, .protocolError)
        ),
        Case(
            name: "a block that cannot be read",
            frames: [.headers([0x80], on: 1)],
            rules: [.fieldBlockInvalid],
            due: HTTP2Due(.connection, .compressionError)
        ),
        Case(
            name: "settings with a wrong value",
            frames: [.settings([HTTP2Setting(.initialWindowSize, .max)])],
            rules: [.initialWindowSizeValue],
            due: HTTP2Due(.connection, .flowControlError)
        ),
        Case(
            name: "Extended CONNECT withdrawn",
            frames: [.settings([HTTP2Setting(.enableConnectProtocol, 0)])],
            rules: [.enableConnectProtocolWithdrawn],
            due: HTTP2Due(.connection, .protocolError, isRequired: false)
        ),
    ]

    @Test
    func `Each violation is told with what is due, however the octets are cut`() async {
        await Sweep.each(of: Self.cases) { example in
            for feeding in Feeding.all {
                var conversation = Conversation.begun(role: .client, feeding)
                conversation.openTunnel(1)
                conversation.openTunnel(3)
                for (direction, frame) in example.before { conversation.feed([frame], direction) }
                conversation.events = []
                conversation.feedLast(example.frames, example.direction)
                #expect(conversation.events.rules.first == example.rules.first, "\(feeding)")
                #expect(Set(conversation.events.rules).isSubset(of: Set(example.rules)), "\(feeding)")
                #expect(conversation.events.violations.first?.due == example.due, "\(feeding)")
                #expect(conversation.observer.state(of: 3) == .open, "the other stream lives")
            }
        }
    }

    @Test func `What crosses the endpoint's own RST_STREAM is no violation`() {
        var conversation = Conversation.begun(role: .client)
        conversation.openTunnel(1)
        conversation.feed([.resetStream(1, .cancel)], .sent)
        conversation.feed([.data([1], on: 1), .windowUpdate(1, on: 1), .data([], on: 1, endStream: true)], .received)
        #expect(conversation.events.rules == [])
        #expect(conversation.observer.flowControl(.received).connection.size == 65_534)
        #expect(conversation.observer.state(of: 1) == .closed(.resetSent))
    }

    @Test func `WINDOW_UPDATE and RST_STREAM may come after both have ended a stream`() {
        var conversation = Conversation.begun(role: .client)
        conversation.openTunnel(1)
        conversation.feed([.data([], on: 1, endStream: true)], .received)
        conversation.feed([.data([], on: 1, endStream: true)], .sent)
        conversation.feed([.windowUpdate(9, on: 1), .resetStream(1, .noError)], .received)
        conversation.feed([.priority(HTTP2Priority(), on: 1)], .received)
        #expect(conversation.events.rules == [])
        conversation.feed([.headers([0x88], on: 1)], .received)
        #expect(conversation.events.rules == [.frameAfterEndStream])
    }

    @Test func `GOAWAY forbids streams once it is known to have been read`() {
        var conversation = Conversation.begun(role: .server)
        conversation.request(1)
        conversation.feed([.goAway(lastStreamID: 1, .noError), .ping([1, 1, 1, 1, 1, 1, 1, 1])], .sent)
        conversation.request(3)
        #expect(conversation.events.rules == [])
        conversation.feed([.ping([1, 1, 1, 1, 1, 1, 1, 1], isAcknowledgment: true)], .received)
        conversation.request(5)
        #expect(conversation.events.rules == [.streamAfterGoAway])
        #expect(conversation.observer.goAway(.sent) == 1)
    }

    @Test func `Ends of streams are told`() {
        var conversation = Conversation.begun(role: .client)
        conversation.openTunnel(1)
        conversation.openTunnel(3)
        conversation.events = []
        conversation.feed([.data([], on: 1, endStream: true), .resetStream(3, .refusedStream)], .received)
        let ends = conversation.events.compactMap { event -> HTTP2StreamEnd? in
            if case .event(.streamEnd(_, let end, _)) = event { end } else { nil }
        }
        #expect(ends == [.endStream, .reset(.refusedStream)])
    }
}
