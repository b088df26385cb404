/// The target of a request: its path and the parameters of its query, percent-decoded.
package struct RequestTarget: Sendable, Hashable {
    /// The decoded path.
    package var path: String
    /// The parameters with all their values.
    package var parameters: [String: [String]]
    /// Whether there is a query, even an empty one.
    package var hasQuery: Bool

    /// Parses a request target; the scheme and authority of an absolute one are ignored (RFC 9112, 3.2.2).
    package init(_ target: String) {
        var rest = Substring(target)
        let lowered = target.prefix(8).lowercased()
        for scheme in ["http://", "ws://", "https://", "wss://"] where lowered.hasPrefix(scheme) {
            rest = rest.dropFirst(scheme.count)
            rest = rest.firstIndex { $0 == "/" || $0 == "?" }.map { rest[$0...] } ?? ""
            break
        }
        let mark = rest.firstIndex(of: "?")
        hasQuery = mark != nil
        let path = mark.map { rest[..<$0] } ?? rest
        self.path = Self.decoded(path.isEmpty ? "/" : path, plusIsBlank: false)
        parameters = [:]
        guard let mark else { return }
        for pair in rest[rest.index(after: mark)...].split(separator: "&").prefix(ControlLimits.mostParameters) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? Self.decoded(parts[1], plusIsBlank: true) : ""
            parameters[Self.decoded(parts[0], plusIsBlank: true), default: []].append(value)
        }
    }

    /// The value of a parameter; nil if it is missing, empty, or given with different values.
    package func value(_ name: String) -> String? {
        guard let values = parameters[name], let first = values.first, !first.isEmpty,
            values.allSatisfy({ $0 == first })
        else { return nil }
        return first
    }

    /// Percent-encodes a text for a query.
    package static func encoded(_ text: String) -> String {
        var result = ""
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(octet))
            default:
                let digits = String(octet, radix: 16, uppercase: true)
                result += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return result
    }

    /// Decodes percent escapes; invalid escapes are kept, invalid UTF-8 becomes replacement characters.
    ///
    /// A head is read as Latin-1, so each character is one octet.
    private static func decoded(_ text: Substring, plusIsBlank: Bool) -> String {
        let octets = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        var result: [UInt8] = []
        var index = 0
        while index < octets.count {
            let octet = octets[index]
            if octet == UInt8(ascii: "%"), index + 2 < octets.count, let high = digit(octets[index + 1]),
                let low = digit(octets[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
                continue
            }
            result.append(plusIsBlank && octet == UInt8(ascii: "+") ? UInt8(ascii: " ") : octet)
            index += 1
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func digit(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
