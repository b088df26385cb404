import WSHTTP2Link

/// The defects of a client that speaks HTTP/2 (RFC 9113, RFC 8441); over HTTP/1.1 they change nothing.
extension ClientDefect {
    var streamEntry: ModelDefect.Entry? {
        switch self {
        case .needsNoSetting:
            ModelDefect.Entry(
                "Sends Extended CONNECT to servers that have not said that they take it.",
                "RFC8441-3-03",
                "RFC8441-9.1-01"
            )
        case .asksWithSchemeWS: ModelDefect.Entry("Sends Extended CONNECT with :scheme ws.", "RFC8441-5-02")
        case .omitsPathOnStreams:
            ModelDefect.Entry("Sends Extended CONNECT without :path.", "RFC8441-4-02", "RFC9113-8.1-01")
        case .hostForAuthority:
            ModelDefect.Entry("Sends Extended CONNECT with host instead of :authority.", "RFC8441-5-04")
        case .connectionFieldsOnStreams:
            ModelDefect.Entry(
                "Sends Extended CONNECT with connection and upgrade.",
                "RFC8441-5-03",
                "RFC9113-8.2.2-02"
            )
        case .upperCaseNamesOnStreams:
            ModelDefect.Entry("Writes the names of fields over HTTP/2 with capitals.", "RFC9113-8.2-01", "RFC8441-5-09")
        case .sendsKeyOnStreams:
            ModelDefect.Entry(
                "Sends Extended CONNECT with Sec-WebSocket-Key.",
                "RFC8441-5-07",
                standing: .tolerated
            )
        case .endsStreamWithRequest:
            ModelDefect.Entry("Ends the stream with its Extended CONNECT.", "RFC8441-5-12")
        case .requiresAcceptOnStreams:
            ModelDefect.Entry(
                "Refuses a response over HTTP/2 whose Sec-WebSocket-Accept does not fit.",
                "RFC8441-5-06"
            )
        case .takesOnly200: ModelDefect.Entry("Refuses statuses of 2xx but 200 over HTTP/2.", "RFC8441-5-11")
        case .readsContentLengthOnStreams:
            ModelDefect.Entry("Takes a response with content-length over HTTP/2 for one with content.", "RFC8441-5-11")
        case .takesMalformedResponses:
            ModelDefect.Entry(
                "Takes malformed responses over HTTP/2, and overlooks every other error of a stream.",
                "RFC9113-8.1.1-02",
                "RFC9113-8.5-01",
                "RFC9113-6.9-01",
                "RFC9113-6.9.1-03"
            )
        default: nil
        }
    }

    /// What an end of HTTP/2 does that has the defect; nil where the defect is not of HTTP/2 itself.
    var flaw: HTTP2LinkFlaw? {
        switch self {
        case .needsNoSetting: .needsNoSetting
        case .takesMalformedResponses: .overlooksViolations
        default: nil
        }
    }
}
