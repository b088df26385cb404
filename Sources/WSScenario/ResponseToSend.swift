package import WSProtocol

/// A response that a scenario sends to a client instead of the ordinary 101, valid or not.
///
/// The template also contains interim responses, content, and whatever else comes before or after the head.
package struct ResponseToSend: Sendable, Hashable, Codable {
    /// How a response is divided into writes.
    package typealias Pacing = RequestToSend.Pacing
    /// How the connection is ended if nothing comes after the response.
    package typealias Ending = RequestToSend.Ending

    /// The octets, with ``Placeholder``s for values that only the run knows.
    package var template: [UInt8]
    /// How the octets are divided into writes.
    package var pacing: Pacing
    /// The value of ``Placeholder/padding``: large content, described rather than stored.
    package var padding: Payload
    /// How the connection is ended if the client sends nothing after the response; nil if it is not.
    package var ending: Ending?

    /// A placeholder for a value that only the run knows.
    package enum Placeholder: String, Sendable, CaseIterable {
        /// The correct value of Sec-WebSocket-Accept.
        case accept = "{accept}"
        /// A value of Sec-WebSocket-Accept made with another GUID than that of RFC 6455, 1.3.
        case acceptOfOtherGUID = "{accept-of-other-guid}"
        /// A value of Sec-WebSocket-Accept made from the base64-decoded key.
        case acceptOfDecodedKey = "{accept-of-decoded-key}"
        /// A value of Sec-WebSocket-Accept made from another key.
        case acceptOfOtherKey = "{accept-of-other-key}"
        /// The correct value with the case of its letters changed.
        case acceptInOtherCase = "{accept-in-other-case}"
        /// The correct value without its last octets.
        case acceptTruncated = "{accept-truncated}"
        /// The correct value without its base64 padding.
        case acceptUnpadded = "{accept-unpadded}"
        /// The Sec-WebSocket-Key that the client sent.
        case key = "{key}"
        /// The line `Sec-WebSocket-Protocol: x` with its CR LF, if the client offers a subprotocol of ours.
        case subprotocolField = "{subprotocol-field}"
        /// The first subprotocol that the client offers.
        case firstSubprotocol = "{first-subprotocol}"
        /// The parameter `server_no_context_takeover` behind a semicolon, if the client's first offer demands it.
        case serverContext = "{server-context}"
        /// The parameter `server_max_window_bits` behind a semicolon, with the value that the client's first offer has.
        case serverWindow = "{server-window}"
        /// Our own address, as in the client's Host field.
        case host = "{host}"
        /// The scenario's own ``ResponseToSend/padding``.
        case padding = "{padding}"
    }

    /// Creates a response from octets.
    package init(
        template: [UInt8],
        pacing: Pacing = .whole,
        padding: Payload = .empty,
        ending: Ending? = nil
    ) {
        self.template = template
        self.pacing = pacing
        self.padding = padding
        self.ending = ending
    }

    /// Creates a response from lines, each with CR LF, an empty line, and the octets after it.
    ///
    /// A line that only contains ``Placeholder/subprotocolField`` gets no CR LF, because its value has one.
    package init(
        lines: [String],
        content: [UInt8] = [],
        pacing: Pacing = .whole,
        padding: Payload = .empty,
        ending: Ending? = nil
    ) {
        let text = lines.map { $0 == Placeholder.subprotocolField.rawValue ? $0 : $0 + "\r\n" }.joined() + "\r\n"
        self.init(template: Array(text.utf8) + content, pacing: pacing, padding: padding, ending: ending)
    }

    /// The octets that answer a request.
    ///
    /// - Parameters:
    ///   - request: The head of the client's request.
    ///   - subprotocol: The subprotocol that a correct server would choose; nil for none.
    /// - Returns: The template with its placeholders replaced.
    package func octets(answering request: HTTPHead, subprotocol: String?) -> [UInt8] {
        filled(request, subprotocol, Self.valuesOfKey(request))
    }

    /// The octets for people: values that depend on the key are replaced with words, because they change with each run.
    ///
    /// - Parameters:
    ///   - request: The head of the client's request.
    ///   - subprotocol: The subprotocol that was chosen; nil for none.
    /// - Returns: The template with its placeholders replaced.
    package func octetsToShow(answering request: HTTPHead, subprotocol: String?) -> [UInt8] {
        let words: [Placeholder: String] = [
            .accept: "(answers the key)",
            .acceptOfOtherGUID: "(answers the key, by another GUID)",
            .acceptOfDecodedKey: "(answers the octets that the key stands for)",
            .acceptOfOtherKey: "(answers another key)",
            .acceptInOtherCase: "(answers the key, in another case)",
            .acceptTruncated: "(answers the key, without its last octets)",
            .acceptUnpadded: "(answers the key, without its padding)",
            .key: "(the key)",
        ]
        return filled(request, subprotocol, words)
    }

    private static func valuesOfKey(_ request: HTTPHead) -> [Placeholder: String] {
        let key = request.values(of: "Sec-WebSocket-Key").first ?? ""
        let accept = AcceptKey.accept(forKey: key)
        return [
            .accept: accept,
            .acceptOfOtherGUID: AcceptKey.accept(forKey: key, guid: otherGUID),
            .acceptOfDecodedKey: AcceptKey.accept(forDecodedKey: key),
            .acceptOfOtherKey: AcceptKey.accept(forKey: key == sampleKey ? otherKey : sampleKey),
            .acceptInOtherCase: changingCase(accept),
            .acceptTruncated: String(accept.dropLast(4)),
            .acceptUnpadded: String(accept.prefix { $0 != "=" }),
            .key: key,
        ]
    }

    private func filled(_ request: HTTPHead, _ subprotocol: String?, _ values: [Placeholder: String]) -> [UInt8] {
        let offer = HandshakeRules.checkRequest(request).extensions.lazy.compactMap { DeflateOffer($0) }.first
        let others: [Placeholder: String] = [
            .serverContext: offer?.serverNoContextTakeover == true ? "; server_no_context_takeover" : "",
            .serverWindow: offer?.serverMaxWindowBits.map { "; server_max_window_bits=\($0)" } ?? "",
            .subprotocolField: subprotocol.map { "Sec-WebSocket-Protocol: \($0)\r\n" } ?? "",
            .firstSubprotocol: request.tokens(of: "Sec-WebSocket-Protocol").first ?? "",
            .host: request.values(of: "Host").first ?? "",
        ]
        return Template.fill(
            template,
            values.merging(others) { value, _ in value }.mapValues { Array($0.utf8) }
                .merging([.padding: padding.octets]) { value, _ in value }
        )
    }

    /// Whether a client that offers these subprotocols has to accept the final response.
    ///
    /// - Parameters:
    ///   - subprotocols: The subprotocols that the client offers.
    ///   - extensions: The extensions that it offers.
    /// - Returns: Whether the response is valid.
    package func isAcceptable(subprotocols: [String] = [], extensions: [String] = []) -> Bool {
        let request = HandshakeRequest(
            host: "127.0.0.1",
            key: Self.sampleKey,
            subprotocols: subprotocols,
            extensions: extensions
        )
        let head = HTTPHead(kind: .request, raw: request.encode())
        let octets = octets(answering: head, subprotocol: subprotocols.first)
        var decoder = HTTPHeadDecoder(expecting: .response)
        var start = 0
        while true {
            let span = octets.span
            guard case .complete(let response, let consumed) = decoder.feed(span.extracting(start..<span.count)) else {
                return false
            }
            start += consumed
            let status = StatusLine(response)?.code ?? 0
            if status != 101, (100..<200).contains(status) { continue }
            return status == 101 && HandshakeRules.checkResponse(response, to: request).isEmpty
        }
    }

    /// A GUID that differs from that of RFC 6455, 1.3 in its last character.
    private static let otherGUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B12"
    /// The key of RFC 6455, 1.3.
    private static let sampleKey = "dGhlIHNhbXBsZSBub25jZQ=="
    /// A key other than the sample.
    private static let otherKey = "AQIDBAUGBwgJCgsMDQ4PEA=="

    private static func changingCase(_ text: String) -> String {
        String(text.map { $0.isUppercase ? Character($0.lowercased()) : Character($0.uppercased()) })
    }
}
