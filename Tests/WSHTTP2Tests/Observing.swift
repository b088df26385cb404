import TestSupport
import Testing
import WSHTTP2

/// An event with the octets of DATA, joined over the pieces in which they came.
enum Observed: Hashable {
    case event(HTTP2Event)
    case data(streamID: UInt32, [UInt8])
}

extension [Observed] {
    mutating func append(_ event: HTTP2Event, of chunk: [UInt8]) {
        guard case .data(let streamID, let range) = event else { return append(.event(event)) }
        if case .data(streamID, let earlier)? = last {
            self[count - 1] = .data(streamID: streamID, earlier + chunk[range])
        } else {
            append(.data(streamID: streamID, [UInt8](chunk[range])))
        }
    }

    var violations: [HTTP2Violation] {
        compactMap { if case .event(.violation(let violation)) = $0 { violation } else { nil } }
    }

    var rules: [HTTP2Rule] { violations.map(\.rule) }

    var sections: [HTTP2FieldSection] {
        compactMap { if case .event(.section(let section)) = $0 { section } else { nil } }
    }

    var payloads: [HTTP2Payload] {
        compactMap { if case .event(.frameEnd(_, let payload, _)) = $0 { payload } else { nil } }
    }

    /// The octets of DATA of each stream.
    var data: [UInt32: [UInt8]] {
        reduce(into: [:]) { data, event in
            if case .data(let streamID, let octets) = event { data[streamID, default: []] += octets }
        }
    }
}

/// A connection that is made of frames and observed, in one of the ways of feeding.
struct Conversation {
    var observer: HTTP2Observer
    var events: [Observed] = []
    let feeding: Feeding
    private var encoders = [HPACKEncoder(), HPACKEncoder()]
    private var offsets: [UInt64] = [0, 0]

    /// A frame without meaning that is put behind each piece where one is to trail it.
    private static let trailing = HTTP2Frame(type: HTTP2FrameType(rawValue: 0xEE), streamID: 0, payload: [1]).encoded

    init(role: HTTP2Role, _ feeding: Feeding = .whole) {
        observer = HTTP2Observer(role: role)
        self.feeding = feeding
    }

    /// A connection whose prefaces have been exchanged; unless settings are given, the server takes Extended CONNECT.
    static func begun(
        role: HTTP2Role,
        sends settings: [HTTP2Setting]? = nil,
        receives others: [HTTP2Setting]? = nil,
        _ feeding: Feeding = .whole
    ) -> Conversation {
        var conversation = Conversation(role: role, feeding)
        let extended = [HTTP2Setting(.enableConnectProtocol, 1)]
        conversation.feed(role == .client ? HTTP2Frame.preface : [], .sent)
        conversation.feed(role == .server ? HTTP2Frame.preface : [], .received)
        conversation.feed([.settings(settings ?? (role == .server ? extended : []))], .sent)
        conversation.feed([.settings(others ?? (role == .client ? extended : [])), .settingsAcknowledgment], .received)
        conversation.feed([.settingsAcknowledgment], .sent)
        #expect(conversation.events.rules == [])
        conversation.events = []
        return conversation
    }

    mutating func feed(_ frames: [HTTP2Frame], _ direction: HTTP2Direction) {
        feed(frames.flatMap(\.encoded), direction)
    }

    mutating func feed(_ octets: [UInt8], _ direction: HTTP2Direction) {
        offsets[direction.rawValue] += UInt64(octets.count)
        for chunk in feeding.chunks(of: octets, trailing: []) {
            var position = 0
            while let event = observer.next(in: chunk.span, at: &position, direction) {
                events.append(event, of: chunk)
            }
            #expect(position == chunk.count)
        }
    }

    /// Feeds the last octets, with a frame behind them if one is to trail, whose events are dropped.
    mutating func feedLast(_ frames: [HTTP2Frame], _ direction: HTTP2Direction) {
        let octets = frames.flatMap(\.encoded)
        let end = offsets[direction.rawValue] + UInt64(octets.count)
        for chunk in feeding.chunks(of: octets, trailing: Self.trailing) {
            var position = 0
            while let event = observer.next(in: chunk.span, at: &position, direction) {
                if case .frame(_, let offset) = event, offset >= end { return }
                events.append(event, of: chunk)
            }
        }
    }

    /// The frames of a field block with these fields.
    mutating func block(
        _ fields: [FieldLine],
        on streamID: UInt32,
        _ direction: HTTP2Direction,
        endStream: Bool = false
    ) -> [HTTP2Frame] {
        let octets = encoders[direction.rawValue].encode(fields)
        return HTTP2Frame.fieldBlock(octets, on: streamID, endStream: endStream)
    }

    /// Opens a WebSocket on a stream: Extended CONNECT, and 200.
    mutating func openTunnel(_ streamID: UInt32) {
        let direction: HTTP2Direction = observer.role == .client ? .sent : .received
        feed(block(Fields.webSocket, on: streamID, direction), direction)
        let answer = block([FieldLine(":status", "200")], on: streamID, direction.opposite)
        feed(answer, direction.opposite)
    }

    /// Makes a request on a stream, which may have content.
    mutating func request(_ streamID: UInt32, endStream: Bool = true) {
        let direction: HTTP2Direction = observer.role == .client ? .sent : .received
        feed(block(Fields.request, on: streamID, direction, endStream: endStream), direction)
    }
}

/// Field sections that are right.
enum Fields {
    static let request = [
        FieldLine(":method", "GET"), FieldLine(":scheme", "https"), FieldLine(":path", "/"),
        FieldLine(":authority", "server.example.com"),
    ]

    static let webSocket = [
        FieldLine(":method", "CONNECT"), FieldLine(":protocol", "websocket"), FieldLine(":scheme", "https"),
        FieldLine(":path", "/chat"), FieldLine(":authority", "server.example.com"),
        FieldLine("sec-websocket-protocol", "chat, superchat"),
        FieldLine("sec-websocket-extensions", "permessage-deflate"), FieldLine("sec-websocket-version", "13"),
        FieldLine("origin", "http://www.example.com"),
    ]

    static func webSocket(_ change: (inout [FieldLine]) -> Void) -> [FieldLine] {
        var fields = webSocket
        change(&fields)
        return fields
    }
}

extension Feeding {
    /// The pieces of the input, with what is to trail it.
    func chunks(of octets: [UInt8], trailing: [UInt8]) -> [[UInt8]] {
        if case .withTrailingFrame = self { return [octets + trailing] }
        return chunks(of: octets)
    }
}

extension HTTP2Violation {
    /// The violation without its words.
    var bare: HTTP2Violation {
        var bare = self
        bare.detail = ""
        return bare
    }
}
