import WSProtocol

/// The defects that concern the form of an answer.
extension ModelClient {
    /// The answer as a client with the defects reads it.
    func misreading(_ response: HTTPHead) -> HTTPHead {
        var octets = response.raw
        if defects.contains(.takesBareCarriageReturn) {
            octets = octets.enumerated().flatMap { index, octet -> [UInt8] in
                let isBare =
                    octet == UInt8(ascii: "\r") && response.raw.dropFirst(index + 1).first != UInt8(ascii: "\n")
                return isBare ? Array("\r\n".utf8) : [octet]
            }
        }
        if defects.contains(.takesBlankLedLines), response.startLine.upperBound + 2 < octets.count {
            let first = response.startLine.upperBound + 2
            while octets.count > first, octets[first] == UInt8(ascii: " ") { octets.remove(at: first) }
        }
        return octets == response.raw ? response : HTTPHead(kind: .response, raw: octets)
    }

    /// Whether what the answer says of permessage-deflate is accepted, considering the defects.
    func acceptsCompression(of response: HTTPHead) -> Bool {
        let accepted = response.values(of: "Sec-WebSocket-Extensions").flatMap { ExtensionHeader.parse($0) ?? [] }
        guard !accepted.isEmpty else { return true }
        let problems = DeflateNegotiation.problems(of: accepted, to: settings.compressionOffers.map(\.element))
        guard problems.allSatisfy({ problem in defects.contains { $0.overlooks(problem) } }) else { return false }
        guard let answer = accepted.lazy.compactMap({ DeflateAnswer($0) }).first else { return true }
        let values = response.values(of: "Sec-WebSocket-Extensions")
        return !defects.contains { $0.refuses(answer, values) }
    }

    /// Whether a client with the defects refuses this valid answer for the order of its fields, or for one of them.
    private func mindsOrder(of response: HTTPHead) -> Bool {
        if defects.contains(.refusesSubprotocols), !response.fields(named: "Sec-WebSocket-Protocol").isEmpty {
            return true
        }
        let options = response.values(of: "Connection").first?.lowercased() ?? ""
        if defects.contains(.readsFirstLineOfLists), !options.contains("upgrade") { return true }
        guard defects.contains(.wantsFieldsInOrder) else { return false }
        let wanted = ["upgrade", "connection", "sec-websocket-accept"]
        let names = response.fields.map { response.name(of: $0).lowercased() }.filter(wanted.contains)
        return names != wanted
    }

    /// Whether a client with the defects refuses this valid answer for its form.
    func minds(_ response: HTTPHead) -> Bool {
        let status = StatusLine(response)
        if defects.contains(.refusesHigherMinor), status?.version != .http11 { return true }
        if defects.contains(.readsReasonPhrase), status?.reason != "Switching Protocols" { return true }
        if defects.contains(.refusesFolding), response.problems.contains(where: { $0.rule == .obsoleteLineFolding }) {
            return true
        }
        if mindsOrder(of: response) { return true }
        if defects.contains(.refusesUnknownFields) {
            let known = [
                "upgrade", "connection", "sec-websocket-accept", "sec-websocket-protocol",
                "sec-websocket-extensions",
            ]
            return response.fields.contains { !known.contains(response.name(of: $0).lowercased()) }
        }
        guard defects.contains(.keepsBlanksOfValues) else { return false }
        return response.fields(named: "Sec-WebSocket-Accept").contains { field in
            // The usual form is one space after the colon, and the end of the line after the value.
            let before = response.raw[field.name.upperBound..<field.value.lowerBound]
            return !before.elementsEqual(Array(": ".utf8))
                || response.raw[field.value.upperBound...].first != UInt8(ascii: "\r")
        }
    }
}
