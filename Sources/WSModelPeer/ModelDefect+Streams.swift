package import WSHTTP2Link
import WSLink

/// The defects of a server that speaks HTTP/2 (RFC 9113, RFC 8441); over HTTP/1.1 they change nothing.
extension ModelDefect {
    var streamEntry: Entry? {
        streamRequestEntry ?? streamAnswerEntry ?? streamFrameEntry
    }

    private var streamRequestEntry: Entry? {
        switch self {
        case .acceptsMalformedStreams:
            Entry(
                "Opens a WebSocket over HTTP/2 for malformed requests, and overlooks every other error of a stream.",
                "RFC9113-8.1.1-01",
                "RFC9113-8.2.1-01",
                "RFC9113-8.2.2-01",
                "RFC9113-8.3-01",
                "RFC9113-8.3-02",
                "RFC9113-8.3-03",
                "RFC9113-8.5-01",
                "RFC9113-6.9-01",
                "RFC9113-6.9.1-03"
            )
        case .acceptsAnyProtocol:
            Entry(
                "Opens a WebSocket over HTTP/2 for every :protocol.",
                "RFC8441-5-01",
                "RFC9220-3-03",
                standing: .tolerated
            )
        case .acceptsOtherSchemes:
            Entry("Opens a WebSocket over HTTP/2 for every :scheme.", "RFC8441-5-02", standing: .tolerated)
        case .acceptsOtherHosts:
            Entry(
                "Opens a WebSocket over HTTP/2 though host names another host.",
                "RFC9113-8.3.1-01",
                standing: .tolerated
            )
        case .refusesKeysOnStreams:
            Entry("Refuses Extended CONNECT with a Sec-WebSocket-Key.", "RFC8441-5-05", "RFC8441-5-10")
        case .ordersPseudoFields:
            Entry("Refuses Extended CONNECT unless :protocol follows :method.", "RFC8441-5-10", "RFC8441-4-01")
        default: nil
        }
    }

    private var streamAnswerEntry: Entry? {
        switch self {
        case .switchesProtocolsOnStreams:
            Entry("Answers Extended CONNECT with 101.", "RFC9113-8.6-01", "RFC8441-5-10")
        case .contentLengthOnStreams: Entry("Answers Extended CONNECT with content-length.", "RFC9110-9.3.6-01")
        case .connectionFieldsOnStreams:
            Entry("Answers Extended CONNECT with connection and upgrade.", "RFC9113-8.2.2-02")
        case .upperCaseNamesOnStreams:
            Entry("Writes the names of fields over HTTP/2 with capitals.", "RFC9113-8.2-01", "RFC8441-5-09")
        case .withdrawsConnectProtocol: Entry("Sets ENABLE_CONNECT_PROTOCOL to 0 after 1.", "RFC8441-3-05")
        case .setsConnectProtocolToTwo: Entry("Sets ENABLE_CONNECT_PROTOCOL to 2.", "RFC8441-3-01")
        default: nil
        }
    }

    private var streamFrameEntry: Entry? {
        switch self {
        case .overlooksEndStream:
            Entry("Does not notice that the client has ended a stream of HTTP/2.", "RFC8441-5-16", "RFC9113-5.1-01")
        case .acknowledgesSettingsOnce: Entry("Acknowledges the first SETTINGS frame alone.", "RFC9113-6.5.3-01")
        case .leavesPingFramesUnanswered: Entry("Answers no PING frame of HTTP/2.", "RFC9113-6.7-01")
        case .rejectsUnknownFrames:
            Entry("Ends the connection over frames of unknown types.", "RFC9113-5.5-01", "RFC6455-5.5.2-02")
        case .endsAtGoAway: Entry("Ends open streams when GOAWAY comes.", "RFC9113-6.8-03", "RFC6455-5.5.2-02")
        case .exceedsStreamWindows:
            Entry(
                "Sends DATA without a look at the windows.",
                "RFC9113-6.9.1-01",
                "RFC9113-5.2.1-01",
                "RFC9113-6.9.2-01"
            )
        case .keepsPadding: Entry("Takes the padding of DATA for data.", "RFC9113-6.1-01", "RFC6455-6.2-01")
        case .rejectsEmptyData: Entry("Resets a stream over DATA without data.", "RFC9113-6.1-02", "RFC6455-5.5.2-02")
        case .rejectsFramesOnClosedStreams:
            Entry(
                "Ends the connection over WINDOW_UPDATE, RST_STREAM and PRIORITY on a closed stream.",
                "RFC9113-6.9-02",
                "RFC9113-5.1-03",
                "RFC9113-6.3-01"
            )
        case .sendsAfterResets: Entry("Sends DATA on a stream that the client has reset.", "RFC9113-6.4-01")
        case .endsConnectionsOverResets:
            Entry("Ends the connection when the client resets a stream.", "RFC9113-5.4.2-01", "RFC8441-5-15")
        case .rejectsConnectProtocol:
            Entry("Ends the connection when a client sends ENABLE_CONNECT_PROTOCOL.", "RFC8441-3-04", "RFC8441-5-10")
        case .neverEndsStreams:
            Entry("Leaves the stream of HTTP/2 open after both Close frames.", "RFC8441-5-14")
        case .servesOneStream: Entry("Refuses every stream of a connection but the first.", "RFC8441-5-10")
        case .overlooksStreamLimit:
            Entry("Serves more streams than its SETTINGS allow at a time.", "RFC9113-5.1.2-02")
        default: nil
        }
    }

    /// Whether the defect concerns frames of HTTP/2 that both sides send and receive.
    var isOfStreamFrames: Bool {
        streamFrameEntry != nil && !Self.ofServersOnStreams.contains(self)
    }

    /// Defects that a client cannot have, or that do not show in one: it ends its connection with its last stream.
    private static let ofServersOnStreams: Set<Self> = [
        .rejectsConnectProtocol, .servesOneStream, .overlooksStreamLimit, .acknowledgesSettingsOnce,
        .leavesPingFramesUnanswered, .rejectsFramesOnClosedStreams, .sendsAfterResets, .neverEndsStreams,
    ]

    /// What an end of HTTP/2 does that has the defect; nil where the defect is not of HTTP/2 itself.
    package var flaw: HTTP2LinkFlaw? {
        switch self {
        case .acceptsMalformedStreams: .overlooksViolations
        case .overlooksEndStream: .overlooksEndStream
        case .acknowledgesSettingsOnce: .acknowledgesOnce
        case .leavesPingFramesUnanswered: .leavesPingsUnanswered
        case .rejectsUnknownFrames: .rejectsUnknownFrames
        case .endsAtGoAway: .endsAtGoAway
        case .exceedsStreamWindows: .exceedsWindows
        case .keepsPadding: .keepsPadding
        case .rejectsEmptyData: .rejectsEmptyData
        case .rejectsFramesOnClosedStreams: .rejectsFramesOnClosedStreams
        case .sendsAfterResets: .sendsAfterReset
        case .endsConnectionsOverResets: .endsConnectionsOverResets
        case .withdrawsConnectProtocol: .withdrawsConnectProtocol
        case .setsConnectProtocolToTwo: .setsConnectProtocolToTwo
        case .rejectsConnectProtocol: .rejectsConnectProtocol
        case .neverEndsStreams: .neverEndsStreams
        case .servesOneStream: .servesOneStream
        case .overlooksStreamLimit: .overlooksLimit
        default: nil
        }
    }
}

extension HTTP2Link {
    /// Creates the server's end of a connection of HTTP/2, with a model server on each stream.
    package init(serving settings: ModelServerSettings) {
        var link = HTTP2LinkSettings.server()
        link.flaws = Set(settings.defects.compactMap(\.flaw))
        self.init(link) { _ in ModelServer(settings) }
    }
}
