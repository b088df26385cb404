/// Follows both directions of a connection as one endpoint sees them, and reports each violation of RFC 9113.
///
/// What the endpoint sends and what it receives is fed in the order in which that happens. Events are pulled like those
/// of ``HTTP2FrameDecoder``, all those of one piece before the next piece is fed:
///
///     var position = 0
///     while let event = observer.next(in: bytes, at: &position, .received) { … }
///
/// What crosses on the way is no violation: settings bind the other endpoint once it has acknowledged them, and after a
/// RST_STREAM of the endpoint everything may come. Memory is bounded by `field-block`, `field-section`, `field-table`,
/// `frame-payload` and `followed-streams`; a stream that is not followed any more is not checked.
package struct HTTP2Observer: Sendable {
    /// Which end the endpoint is.
    package let role: HTTP2Role

    var lanes: [HTTP2Lane]
    var streams = HTTP2StreamTable()

    /// An observer at the beginning of a connection.
    package init(role: HTTP2Role) {
        self.role = role
        lanes = [HTTP2Lane(sender: role), HTTP2Lane(sender: role.opposite)]
    }

    /// Returns the next event of a direction and moves the position over the octets that led to it.
    package mutating func next(
        in bytes: Span<UInt8>,
        at position: inout Int,
        _ direction: HTTP2Direction
    ) -> HTTP2Event? {
        let lane = direction.rawValue
        while true {
            if let event = lanes[lane].nextDue() { return event }
            guard let event = lanes[lane].decoder.next(in: bytes, at: &position) else { return nil }
            switch event {
            case .data(let chunk, _): return .data(streamID: lanes[lane].streamID, chunk: chunk)
            case .frame(let header, let offset):
                lanes[lane].streamID = header.streamID
                lanes[lane].frameOffset = offset
                begin(header, direction)
                return .frame(header, offset: offset)
            case .frameEnd(let payload, let end):
                guard let header = lanes[lane].header else { continue }
                lanes[lane].header = nil
                finish(header, payload, direction)
                return .frameEnd(header, payload, end: end)
            case .fieldBlock(let block): take(block, direction)
            case .fieldBlockLost(let streamID, let octets, let endsStream):
                lose(streamID, octets: octets, endsStream: endsStream, direction)
            case .violation(let violation): return .violation(violation)
            case .preface(let end): return .preface(end: end)
            case .notHTTP2(let offset): return .notHTTP2(offset: offset)
            }
        }
    }

    // MARK: - What is known

    /// The state of a stream; nil if it is not followed and may be anything.
    package func state(of streamID: UInt32) -> HTTP2StreamState? {
        if let stream = streams[streamID] { return stream.machine.state }
        return isIdle(streamID) ? .idle : nil
    }

    /// Whether a stream is a tunnel: a 2xx response has answered CONNECT.
    package func isTunnel(_ streamID: UInt32) -> Bool { streams[streamID]?.exchange.isTunnel ?? false }

    /// Whether the final response on a stream was sent, behind which DATA may follow.
    package func hasResponse(on streamID: UInt32) -> Bool {
        streams[streamID] != nil && !streams.isTooEarlyForData(streamID, from: .server)
    }

    /// The largest identifier of a stream that the sender of a direction has opened or promised.
    package func highestStreamID(openedBy direction: HTTP2Direction) -> UInt32 {
        lanes[direction.rawValue].highestStreamID
    }

    /// How many octets of DATA may still go in a direction.
    package func flowControl(_ direction: HTTP2Direction) -> HTTP2FlowControl { lanes[direction.rawValue].flow }

    /// Whether a frame or a field block of a direction has begun and not ended.
    package func isInsideFrame(_ direction: HTTP2Direction) -> Bool {
        let decoder = lanes[direction.rawValue].decoder
        return decoder.isInsideFrame || decoder.isInsideFieldBlock
    }

    /// The settings that the sender of a direction has set last.
    package func settings(_ direction: HTTP2Direction) -> HTTP2Settings { lanes[direction.rawValue].settings.latest }

    /// The settings that frames of a direction have to follow: those of the other one that may be in force.
    package func settingsInForce(_ direction: HTTP2Direction) -> HTTP2Settings {
        lanes[direction.opposite.rawValue].settings.inForce
    }

    /// How many streams that the sender of a direction has opened are active (RFC 9113 section 5.1.2).
    package func activeStreams(openedBy direction: HTTP2Direction) -> Int { lanes[direction.rawValue].activeStreams }

    /// The last stream that the sender of a direction named in a GOAWAY frame; nil if there was none.
    package func goAway(_ direction: HTTP2Direction) -> UInt32? { lanes[direction.rawValue].goAway }

    /// The dynamic table with which a direction is decoded.
    package func fieldTable(_ direction: HTTP2Direction) -> HPACKDynamicTable { lanes[direction.rawValue].hpack.table }

    /// Whether the header sections of a direction can still be read.
    package func canReadSections(_ direction: HTTP2Direction) -> Bool { lanes[direction.rawValue].hpack.isIntact }

    /// Whether an identifier is larger than all that its initiator has opened or promised.
    func isIdle(_ streamID: UInt32) -> Bool { streamID > lanes[initiator(of: streamID).rawValue].highestStreamID }

    /// The direction in which the frame goes that opens a stream with this identifier.
    func initiator(of streamID: UInt32) -> HTTP2Direction { role.opens(streamID) ? .sent : .received }
}

/// What an observer knows of one direction.
struct HTTP2Lane: Sendable {
    let sender: HTTP2Role
    var decoder: HTTP2FrameDecoder
    var hpack = HPACKDecoder()
    /// The settings of the sender.
    var settings = HTTP2SettingsLedger()
    /// The windows for what the sender sends.
    var flow = HTTP2FlowControl()
    /// The largest identifier that the sender has opened or promised.
    var highestStreamID: UInt32 = 0
    var activeStreams = 0
    var goAway: UInt32?
    /// Whether the other endpoint is known to have read the GOAWAY.
    var isGoAwayKnown = false
    /// PING frames of the sender that wait for an answer, the oldest first.
    var pings: [Ping] = []
    /// Whether more of them wait than are kept.
    var hasLostPings = false

    /// The frame that is being read.
    var header: HTTP2FrameHeader?
    var frameOffset: UInt64 = 0
    var streamID: UInt32 = 0
    /// Whether the frame fits the state of its stream, so that it has its effects.
    var fits = true
    /// The same for the frame with which the field block began.
    var blockFits = true

    private var due: [HTTP2Event] = []
    private var dueIndex = 0

    struct Ping: Sendable {
        var octets: [UInt8]
        var followsGoAway: Bool
    }

    init(sender: HTTP2Role) {
        self.sender = sender
        decoder = HTTP2FrameDecoder(sender: sender)
    }

    mutating func nextDue() -> HTTP2Event? {
        guard dueIndex < due.count else { return nil }
        let event = due[dueIndex]
        dueIndex += 1
        if dueIndex == due.count {
            due.removeAll(keepingCapacity: true)
            dueIndex = 0
        }
        return event
    }

    mutating func announce(_ event: HTTP2Event) { due.append(event) }

    mutating func report(_ rule: HTTP2Rule, on streamID: UInt32, at offset: UInt64? = nil, _ detail: String) {
        announce(
            .violation(
                HTTP2Violation(rule, offset: offset ?? frameOffset, streamID: streamID, detail: detail)
            )
        )
    }
}
