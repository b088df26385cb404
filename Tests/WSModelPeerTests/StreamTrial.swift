import WSHTTP2
import WSHTTP2Link
import WSLink
import WSModelPeer

/// What a defect of HTTP/2 is tried with, and what shows that it is there.
struct StreamTrial {
    var settings: [HTTP2Setting] = []
    var fields = StreamTrial.request
    /// The frames behind the request.
    var frames: [HTTP2Frame] = []
    var shows: (StreamConversation) -> Bool

    static let request: [(String, String)] = [
        (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/"),
        (":authority", "localhost"), ("sec-websocket-version", "13"),
    ]

    /// The request with another value in a line.
    static func request(_ name: String, _ value: String) -> [(String, String)] {
        request.map { $0.0 == name ? (name, value) : $0 }
    }

    func conversation(_ defects: Set<ModelDefect>) -> StreamConversation {
        var encoder = HPACKEncoder()
        let block = encoder.encode(fields.map { FieldLine($0.0, $0.1) })
        let octets =
            HTTP2Frame.preface + HTTP2Frame.settings(settings).encoded + HTTP2Frame.headers(block, on: 1).encoded
            + frames.flatMap(\.encoded)
        var link = InMemoryLink(
            client: ScriptedClient([octets], request: nil),
            server: HTTP2Link(serving: ModelServerSettings(defects: defects))
        )
        link.run()
        return StreamConversation(link.client.received, sent: octets)
    }
}

/// What a client of HTTP/2 saw of a model server.
struct StreamConversation {
    private(set) var frames: [(header: HTTP2FrameHeader, payload: HTTP2Payload)] = []
    private(set) var answer: HTTP2FieldSection?
    private(set) var violations: [HTTP2Rule] = []
    private(set) var content: [UInt8] = []
    private(set) var ends: [UInt32: HTTP2StreamEnd] = [:]

    init(_ octets: [UInt8], sent: [UInt8]) {
        var observer = HTTP2Observer(role: .client)
        var position = 0
        while observer.next(in: sent.span, at: &position, .sent) != nil {}
        position = 0
        while let event = observer.next(in: octets.span, at: &position, .received) {
            switch event {
            case .frameEnd(let header, let payload, _): frames.append((header, payload))
            case .section(let section): answer = answer ?? section
            case .violation(let violation): violations.append(violation.rule)
            case .data(_, let chunk): content += octets[chunk]
            case .streamEnd(let id, let end, _): ends[id] = end
            default: break
            }
        }
    }

    var status: Int? { answer?.pseudo.status }
    var isAccepted: Bool { status == 200 && answer?.endsStream == false }
    var goAway: HTTP2ErrorCode? {
        for case .goAway(_, let code, _) in frames.map(\.payload) { return code }
        return nil
    }
    func has(_ payload: HTTP2Payload) -> Bool { frames.contains { $0.payload == payload } }
    func has(setting value: UInt32) -> Bool { has(.settings([HTTP2Setting(.enableConnectProtocol, value)])) }
}

extension ModelDefect {
    /// What a defect of HTTP/2 is tried with; nil for one of HTTP/1.1 and its frames.
    var streamTrial: StreamTrial? {
        let ping = HTTP2Frame.data([0x89, 0x80, 0, 0, 0, 0], on: 1)
        let closing = HTTP2Frame.data([0x88, 0x80, 0, 0, 0, 0], on: 1)
        let pong: [UInt8] = [0x8A, 0x00]
        let probe = HTTP2Frame.ping([1, 2, 3, 4, 5, 6, 7, 8])
        return switch self {
        case .acceptsMalformedStreams:
            StreamTrial(fields: StreamTrial.request + [("connection", "upgrade")]) { $0.isAccepted }
        case .acceptsAnyProtocol: StreamTrial(fields: StreamTrial.request(":protocol", "foo")) { $0.isAccepted }
        case .acceptsOtherSchemes: StreamTrial(fields: StreamTrial.request(":scheme", "wss")) { $0.isAccepted }
        case .acceptsOtherHosts: StreamTrial(fields: StreamTrial.request + [("host", "other")]) { $0.isAccepted }
        case .refusesKeysOnStreams:
            StreamTrial(fields: StreamTrial.request + [("sec-websocket-key", "k")]) { $0.status == 400 }
        case .ordersPseudoFields:
            StreamTrial(fields: [StreamTrial.request[1]] + StreamTrial.request.filter { $0.0 != ":protocol" }) {
                $0.status == 400
            }
        case .switchesProtocolsOnStreams: StreamTrial { $0.status == 101 }
        case .contentLengthOnStreams: StreamTrial { $0.answer?.value("content-length") == [0x30] }
        case .connectionFieldsOnStreams: StreamTrial { $0.violations.contains(.connectionField) }
        case .upperCaseNamesOnStreams: StreamTrial { $0.violations.contains(.upperCaseName) }
        case .overlooksEndStream:
            StreamTrial(frames: [.data([], on: 1, endStream: true)]) { $0.isAccepted && $0.ends[1] == nil }
        case .acknowledgesSettingsOnce:
            StreamTrial(frames: [.settings(), probe]) {
                $0.frames.count { $0.payload == .settingsAcknowledgment } == 1
            }
        case .leavesPingFramesUnanswered:
            StreamTrial(frames: [probe]) { !$0.has(.ping(probe.payload, isAcknowledgment: true)) }
        case .rejectsUnknownFrames:
            StreamTrial(frames: [HTTP2Frame(type: HTTP2FrameType(rawValue: 0xFA), streamID: 0)]) { $0.goAway != nil }
        case .endsAtGoAway:
            StreamTrial(frames: [.goAway(lastStreamID: 0, .noError), ping]) { $0.content.isEmpty }
        case .exceedsStreamWindows:
            StreamTrial(settings: [HTTP2Setting(.initialWindowSize, 0)], frames: [.settingsAcknowledgment, ping]) {
                $0.content == pong
            }
        case .keepsPadding:
            StreamTrial(frames: [.data(ping.payload, on: 1, padding: HTTP2Padding(9)), probe]) {
                $0.content != pong
            }
        case .rejectsEmptyData:
            StreamTrial(frames: [.data([], on: 1)]) { $0.ends[1] == .reset(.protocolError) }
        case .rejectsFramesOnClosedStreams:
            StreamTrial(frames: [.resetStream(1, .cancel), .windowUpdate(1, on: 1)]) { $0.goAway == .streamClosed }
        case .sendsAfterResets:
            StreamTrial(frames: [.resetStream(1, .cancel), probe]) { $0.has(.data(length: 2, padding: 0)) }
        case .endsConnectionsOverResets:
            StreamTrial(frames: [.resetStream(1, .cancel)]) { $0.goAway == .internalError }
        case .withdrawsConnectProtocol: StreamTrial { $0.has(setting: 0) }
        case .setsConnectProtocolToTwo: StreamTrial { $0.has(setting: 2) }
        case .rejectsConnectProtocol:
            StreamTrial(settings: [HTTP2Setting(.enableConnectProtocol, 1)]) { $0.goAway == .protocolError }
        case .neverEndsStreams: StreamTrial(frames: [closing]) { $0.isAccepted && $0.ends[1] == nil }
        case .servesOneStream:
            StreamTrial(frames: [.headers(Self.block, on: 3)]) { $0.ends[3] == .reset(.refusedStream) }
        case .overlooksStreamLimit:
            StreamTrial(frames: (1...128).map { .headers(Self.block, on: UInt32($0 * 2 + 1)) }) { $0.ends[257] == nil }
        default: nil
        }
    }

    /// The ordinary request without tables, for a second stream.
    private static let block: [UInt8] = {
        var encoder = HPACKEncoder()
        return encoder.encode(StreamTrial.request.map { .neverIndexed(FieldLine($0.0, $0.1)) })
    }()
}
