import WSProtocol

/// The request of a model client, with its defects.
extension ModelClient {
    /// The octets of the request, from which defects remove, add or misspell parts.
    var requestOctets: [UInt8] {
        guard !defects.isEmpty else { return request.encode() }
        var fields = request.fields
        omit(from: &fields)
        misspell(&fields)
        fields += additions
        if defects.contains(.hostBehindOthers), let host = fields.first(where: { $0.name == "Host" }) {
            fields.removeAll { $0.name == "Host" }
            fields.append(host)
        }
        let method = defects.contains(.requestsPost) ? "POST" : "GET"
        let version = defects.contains(.requestsHTTP10) ? "1.0" : defects.contains(.asksInHTTP12) ? "1.2" : "1.1"
        let blank = defects.contains(.beginsWithBlank) ? "\r\n " : ""
        let before = defects.contains(.beginsWithEmptyLine) ? "\r\n" : ""
        return fields.encodedHead(startLine: "\(before)\(method) \(request.target) HTTP/\(version)\(blank)")
    }

    private func omit(from fields: inout [HTTPField]) {
        let omitted: [(ClientDefect, String)] = [
            (.omitsHost, "Host"), (.omitsUpgrade, "Upgrade"), (.omitsConnection, "Connection"),
            (.omitsKey, "Sec-WebSocket-Key"), (.omitsVersion, "Sec-WebSocket-Version"),
        ]
        for (defect, name) in omitted where defects.contains(defect) { fields.removeAll { $0.name == name } }
    }

    private func misspell(_ fields: inout [HTTPField]) {
        let values: [(ClientDefect, String, (String) -> String)] = [
            (.writesEmptyElement, "Connection", { "\($0), , keep-alive" }),
            (.misspellsKey, "Sec-WebSocket-Key", { _ in "(sixteen octets)" }),
            (.writesVersionWithZero, "Sec-WebSocket-Version", { "0\($0)" }),
            (.asksForVersion256, "Sec-WebSocket-Version", { _ in "256" }),
            (.omitsPort, "Host", { value in value.lastIndex(of: ":").map { String(value[..<$0]) } ?? value }),
            (.omitsBrackets, "Host", { $0.replacing("[", with: "").replacing("]", with: "") }),
        ]
        for (defect, name, change) in values where defects.contains(defect) {
            for index in fields.indices where fields[index].name == name {
                fields[index].value = change(fields[index].value)
            }
        }
    }

    private var additions: [HTTPField] {
        let added: [(ClientDefect, HTTPField)] = [
            (.asksForEmptySubprotocol, HTTPField("Sec-WebSocket-Protocol", "")),
            (.asksTwiceForSubprotocol, HTTPField("Sec-WebSocket-Protocol", "wsconform, wsconform")),
            (.offersUnregisteredExtension, HTTPField("Sec-WebSocket-Extensions", "x-of-its-own")),
            (.offersUnknownParameter, HTTPField("Sec-WebSocket-Extensions", "permessage-deflate; level=9")),
            (.offersMalformedExtension, HTTPField("Sec-WebSocket-Extensions", "permessage-deflate; level=\"9 9\"")),
            (.repeatsUserAgent, HTTPField("User-Agent", "wsconform")),
            (.repeatsKey, HTTPField("Sec-WebSocket-Key", request.key)),
            (.repeatsVersion, HTTPField("Sec-WebSocket-Version", "13")),
            (.writesOriginWithPath, HTTPField("Origin", "http://localhost/path")),
            (.announcesContent, HTTPField("Transfer-Encoding", "chunked")),
            (.foldsField, HTTPField("X-Folded", "one\r\n two")),
            (.writesBareCarriageReturn, HTTPField("X-Odd", "one\rtwo")),
            (.writesNameWithSpace, HTTPField("X Odd", "name")),
        ]
        let offers = ClientDefect.allCases.filter(defects.contains).compactMap(\.additionalOffer).map {
            HTTPField("Sec-WebSocket-Extensions", $0)
        }
        return added.filter { defects.contains($0.0) }.map(\.1) + offers
    }
}
