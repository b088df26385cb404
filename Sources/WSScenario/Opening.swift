/// How a conversation opens.
package enum Opening: Sendable, Hashable, Codable {
    /// A correct opening handshake alone; frames follow once it has been accepted.
    case ordinary
    /// The script's first frames leave in the same write as our part of a correct opening handshake.
    case framesWithHandshake
    /// A request of the scenario's own, legal or not; frames follow once it has been accepted.
    case request(RequestToSend)
    /// For a client under test: a response of the scenario's own, legal or not; frames follow once it is out.
    case response(ResponseToSend)

    /// How many milliseconds the request, or the response, is held back.
    package var plannedMilliseconds: Int {
        guard case .holdingBack(_, let milliseconds) = pacing else { return 0 }
        return milliseconds
    }

    /// How the scenario's own octets are cut into writes.
    package var pacing: RequestToSend.Pacing {
        switch self {
        case .ordinary, .framesWithHandshake: .whole
        case .request(let request): request.pacing
        case .response(let response): response.pacing
        }
    }

    /// What the scenario does with a connection on which nothing comes back.
    package var ending: RequestToSend.Ending? {
        switch self {
        case .ordinary, .framesWithHandshake: nil
        case .request(let request): request.ending
        case .response(let response): response.ending
        }
    }
}

/// A request that a scenario sends in place of the ordinary opening handshake.
package struct RequestToSend: Sendable, Hashable, Codable {
    /// The octets, with ``Placeholder``s for what only the run knows.
    package var template: [UInt8]
    /// How the octets are cut into writes.
    package var pacing: Pacing
    /// What stands for ``Placeholder/padding``: content that is large, described rather than stored.
    package var padding: Payload
    /// What is done with the connection when the request is out and no answer has come.
    package var ending: Ending?
    /// A second request, with placeholders of its own.
    ///
    /// It leaves on the same connection once the first one has been refused and the refusal read to its end.
    package var followUp: [UInt8]?

    /// What stands in a template for something that only the run knows.
    package enum Placeholder: String, Sendable, CaseIterable {
        /// The resource name: path and query.
        case target = "{target}"
        /// The same with what a further part of its query follows: `?`, or `&` where it has a query already.
        case targetAndMore = "{target-and-more}"
        /// The value of the Host field.
        case host = "{host}"
        /// A fresh Sec-WebSocket-Key.
        case key = "{key}"
        /// The field lines that the user asked for, subprotocols among them, each with its CR LF.
        case fields = "{fields}"
        /// The same without subprotocols, for requests that name their own.
        case fieldsWithoutSubprotocol = "{fields-without-subprotocol}"
        /// The same without Origin, for requests that have their own.
        case fieldsWithoutOrigin = "{fields-without-origin}"
        /// The scenario's own ``RequestToSend/padding``.
        case padding = "{padding}"
    }

    /// How a request is cut into writes.
    package enum Pacing: Sendable, Hashable, Codable {
        /// In one write.
        case whole
        /// In writes of so many octets each, with a pause between.
        case pieces(Int)
        /// All but the last octets, which follow after so many milliseconds; nothing may be answered before.
        case holdingBack(last: Int, milliseconds: Int)
        /// All but the last octets, which follow once a 100 (Continue) has come (RFC 9110, 10.1.1).
        case awaitingContinue(last: Int)

        /// Whether octets are held back until a 100 comes.
        package var awaitsContinue: Bool { if case .awaitingContinue = self { true } else { false } }
    }

    /// What is done with a connection on which no answer has come.
    package enum Ending: Sendable, Hashable, Codable {
        /// Send FIN after so many milliseconds, and go on reading.
        case endOutput(afterMilliseconds: Int)
        /// Drop the connection with a reset after so many milliseconds.
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

    /// Creates a request from lines, each ended by CR LF, and an empty line behind them.
    package init(lines: [String], pacing: Pacing = .whole) {
        self.init(template: Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), pacing: pacing)
    }

    /// The request with its placeholders filled in.
    package func octets(_ values: [Placeholder: [UInt8]]) -> [UInt8] {
        Template.fill(template, values.merging([.padding: padding.octets]) { _, own in own })
    }

    /// The second request with its placeholders filled in, if there is one.
    package func followUpOctets(_ values: [Placeholder: [UInt8]]) -> [UInt8]? {
        followUp.map { Template.fill($0, values) }
    }
}
