/// How a conversation opens.
package enum Opening: Sendable, Hashable, Codable {
    /// A correct opening handshake; frames follow after it was accepted.
    case ordinary
    /// A correct opening handshake; the script's first frames are in the same write as our part of it.
    case framesWithHandshake
    /// A correct opening handshake that negotiates permessage-deflate.
    case negotiating(CompressionOpening)
    /// The scenario's own request, valid or not; frames follow after it was accepted.
    case request(RequestToSend)
    /// The scenario's own response to a client under test, valid or not; frames follow after it.
    case response(ResponseToSend)

    /// How many milliseconds parts of the request or response are held back.
    package var plannedMilliseconds: Int {
        guard case .holdingBack(_, let milliseconds) = pacing else { return 0 }
        return milliseconds
    }

    /// How the scenario's own request or response is divided into writes.
    package var pacing: RequestToSend.Pacing {
        switch self {
        case .ordinary, .framesWithHandshake, .negotiating: .whole
        case .request(let request): request.pacing
        case .response(let response): response.pacing
        }
    }

    /// How the scenario ends a connection on which no answer comes; nil if it does not.
    package var ending: RequestToSend.Ending? {
        switch self {
        case .ordinary, .framesWithHandshake, .negotiating: nil
        case .request(let request): request.ending
        case .response(let response): response.ending
        }
    }
}

/// A request that a scenario sends instead of the ordinary opening handshake.
package struct RequestToSend: Sendable, Hashable, Codable {
    /// The octets, with ``Placeholder``s for values that only the run knows.
    package var template: [UInt8]
    /// How the octets are divided into writes.
    package var pacing: Pacing
    /// The value of ``Placeholder/padding``: large content, described rather than stored.
    package var padding: Payload
    /// How the connection is ended if no answer comes; nil if it is not.
    package var ending: Ending?
    /// A second request; it can have placeholders, too.
    ///
    /// It is sent on the same connection after the first request was refused and the refusal was read completely.
    package var followUp: [UInt8]?

    /// A placeholder for a value that only the run knows.
    package enum Placeholder: String, Sendable, CaseIterable {
        /// The resource name: path and query.
        case target = "{target}"
        /// The resource name followed by `?`, or by `&` if it has a query, so that parameters can follow.
        case targetAndMore = "{target-and-more}"
        /// The value of the Host field.
        case host = "{host}"
        /// A fresh Sec-WebSocket-Key.
        case key = "{key}"
        /// The field lines that the user asked for, including subprotocols, each with its CR LF.
        case fields = "{fields}"
        /// The same field lines without subprotocols, for requests with their own.
        case fieldsWithoutSubprotocol = "{fields-without-subprotocol}"
        /// The same field lines without Origin, for requests with their own.
        case fieldsWithoutOrigin = "{fields-without-origin}"
        /// The scenario's own ``RequestToSend/padding``.
        case padding = "{padding}"
    }

    /// How a request is divided into writes.
    package enum Pacing: Sendable, Hashable, Codable {
        /// In one write.
        case whole
        /// In writes of this many octets, with a pause between them.
        case pieces(Int)
        /// Everything but the last octets, which follow after this time; the request must not be answered before.
        case holdingBack(last: Int, milliseconds: Int)
        /// Everything but the last octets, which follow after a 100 (Continue) has come (RFC 9110, 10.1.1).
        case awaitingContinue(last: Int)

        /// Whether octets are held back until a 100 (Continue) comes.
        package var awaitsContinue: Bool { if case .awaitingContinue = self { true } else { false } }
    }

    /// How a connection without an answer is ended.
    package enum Ending: Sendable, Hashable, Codable {
        /// Send FIN after this time, and read on.
        case endOutput(afterMilliseconds: Int)
        /// Reset the connection after this time.
        case reset(afterMilliseconds: Int)
    }

    /// Creates a request from octets.
    package init(
        template: [UInt8],
        pacing: Pacing = .whole,
        padding: Payload = .empty,
        ending: Ending? = nil,
        followUp: [UInt8]? = nil
    ) {
        self.template = template
        self.pacing = pacing
        self.padding = padding
        self.ending = ending
        self.followUp = followUp
    }

    /// Creates a request from lines; each gets CR LF, and an empty line follows.
    package init(lines: [String], pacing: Pacing = .whole) {
        self.init(template: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), pacing: pacing)
    }

    /// The request with its placeholders replaced.
    package func octets(_ values: [Placeholder: [UInt8]]) -> [UInt8] {
        Template.fill(template, values.merging([.padding: padding.octets]) { _, own in own })
    }

    /// The second request with its placeholders replaced; nil if there is none.
    package func followUpOctets(_ values: [Placeholder: [UInt8]]) -> [UInt8]? {
        followUp.map { Template.fill($0, values) }
    }
}
