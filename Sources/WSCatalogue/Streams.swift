import WSHTTP2
import WSProtocol
import WSScenario

/// What scenarios about HTTP/2 have in common.
///
/// A server may end a connection at any time, and may treat an error of a stream as one of the connection (RFC 9113,
/// 5.4.1). So that counts against it only where nothing was wrong, and what carried other streams was ended over one.
extension [Outcome<BehaviourPattern>] {
    /// A malformed request opens no WebSocket: its stream is reset with PROTOCOL_ERROR, or it gets an error status.
    static func rejectsStream(_ why: String, over rule: String) -> Self {
        [
            .conforms(.resetsStream(codes: [HTTP2ErrorCode.protocolError.rawValue])),
            .conforms(.refused(statuses: HandshakePolicy.errors)),
        ] + endsStreamOtherwise + endsConnectionOverError + [
            .violates(.accepted, why, cites: rule).because(.acceptedMalformedRequest)
        ]
    }

    /// An error of the stream ends it, with one of these codes.
    static func failsStream(with codes: [HTTP2ErrorCode], _ why: String, over rule: String) -> Self {
        [.conforms(.resetsStream(codes: codes.map(\.rawValue)))] + endsStreamOtherwise + endsConnectionOverError + [
            .violates(.anything, why, cites: rule).because(.wentOnAfterViolation)
        ]
    }

    /// The stream is reset with a code that does not name the error.
    private static let endsStreamOtherwise: Self = [
        .tolerated(
            .resetsStream(codes: nil),
            "the code names another error than the one that was made (RFC 9113, 5.4.2)",
            cites: "RFC9113-8.1.1-01"
        )
    ]

    /// The connection ends over the error of one stream.
    static let endsConnectionOverError: Self = [
        .informational(
            .endsConnection(withError: true),
            "an error of one stream took the others with it, which it may (RFC 9113, 5.4.1)",
            cites: "RFC9113-5.4.2-01"
        ),
        endsWithoutGoAway,
    ]

    /// A failed WebSocket ends its stream with RST_STREAM, which is how TCP is reset (RFC 8441, 5).
    static let resetsStream: Self = [.conforms(.resetsStream(codes: nil))]

    /// The connection ends although nothing was wrong.
    ///
    /// - Parameters:
    ///   - why: The reason against it.
    ///   - rule: The requirement, which has a keyword; nil if none has one.
    /// - Returns: That it ended with an error in GOAWAY, and that it ended without GOAWAY.
    static func endsConnectionUnasked(_ why: String, over rule: String? = nil) -> Self {
        guard let rule else {
            return [
                .tolerated(.endsConnection(withError: true), why, cites: "RFC9113-5.4.2-01"),
                .tolerated(
                    .endsConnection(withError: false),
                    "\(why), and GOAWAY should say why the connection ends (RFC 9113, 5.4.1)",
                    cites: "RFC9113-5.4.1-01"
                ),
            ]
        }
        return [
            .violates(.endsConnection(withError: true), why, cites: rule),
            .violates(.endsConnection(withError: false), why, cites: rule),
        ]
    }

    private static let endsWithoutGoAway = Element.tolerated(
        .endsConnection(withError: false),
        "GOAWAY should say why, and which streams were taken (RFC 9113, 5.4.1)",
        cites: "RFC9113-5.4.1-01"
    )

    /// The request is accepted, and a Ping on the stream is answered.
    static func opensStream(_ why: String) -> Self {
        [
            .conforms(.events([.pong(HandshakePolicy.ping)])),
            .violates(.refused(statuses: nil), why, cites: "RFC8441-5-10").of(.server),
            .violates(.resetsStream(codes: nil), why, cites: "RFC8441-5-10").of(.server),
        ] + endsConnectionUnasked(why)
    }
}

extension StreamToSpeak.Line {
    /// The pseudo-header fields of Extended CONNECT.
    static let method = Self(":method", "CONNECT")
    /// The protocol that is asked for.
    static let webSocket = Self(":protocol", "websocket")
    /// The scheme of the address.
    static let scheme = Self(":scheme", "{scheme}")
    /// The path of the address.
    static let path = Self(":path", "{path}")
    /// The host of the address.
    static let authority = Self(":authority", "{authority}")
    /// The version of the WebSocket protocol.
    static let version = Self("sec-websocket-version", "13")
}

extension [StreamToSpeak.Line] {
    /// The ordinary request.
    static let ordinary: Self = [.method, .webSocket, .scheme, .path, .authority, .version, .ofUser]

    /// The request without the line of this name, or with others in its place.
    func replacing(_ name: String, with lines: StreamToSpeak.Line...) -> Self {
        flatMap { $0.name == name ? lines : [$0] }
    }
}
