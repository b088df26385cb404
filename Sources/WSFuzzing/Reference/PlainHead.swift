import WSProtocol

/// Parses an HTTP head strictly by RFC 9112, line by line.
struct PlainHead {
    private let lines: [[UInt8]]
    /// Whether all lines end with CR LF and neither octet occurs elsewhere.
    private let hasCleanLines: Bool

    /// Splits the octets of a head, its empty line included.
    init(_ octets: [UInt8]) {
        var lines: [[UInt8]] = [[]]
        var isClean = true
        for (index, octet) in octets.enumerated() {
            let last = lines.count - 1
            if octet == 0x0A {
                if index == 0 || octets[index - 1] != 0x0D { isClean = false }
                if lines[last].last == 0x0D { lines[last].removeLast() }
                lines.append([])
            } else {
                if octet == 0x0D, index + 1 == octets.count || octets[index + 1] != 0x0A { isClean = false }
                lines[last].append(octet)
            }
        }
        self.lines = lines
        hasCleanLines = isClean
    }

    private var fieldLines: ArraySlice<[UInt8]> { lines.dropFirst().prefix { !$0.isEmpty } }

    private static func text(_ octets: some Sequence<UInt8>) -> String {
        String(String.UnicodeScalarView(octets.map { Unicode.Scalar($0) }))
    }

    private static let tokenOctets = Set(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8
    )

    private static func isToken(_ octets: some Collection<UInt8>) -> Bool {
        !octets.isEmpty && octets.allSatisfy(tokenOctets.contains)
    }

    private static func isText(_ octet: UInt8) -> Bool { octet == 9 || octet >= 32 && octet != 127 }

    /// The names and values of the field lines.
    var fields: [[String]] {
        fieldLines.map { line in
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            var value = line[...].dropFirst(name.count + 1)
            while let first = value.first, first == 32 || first == 9 { value.removeFirst() }
            while let last = value.last, last == 32 || last == 9 { value.removeLast() }
            return [Self.text(name), Self.text(value)]
        }
    }

    /// Whether the head follows the grammar, without obsolete forms.
    func isWellFormed(_ kind: HTTPHead.Kind) -> Bool {
        guard hasCleanLines, let start = lines.first, start.allSatisfy(Self.isText) else { return false }
        guard kind == .request ? Self.isRequestLine(start) : Self.isStatusLine(start) else { return false }
        return fieldLines.allSatisfy { line in
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            return name.count < line.count && Self.isToken(name) && line.allSatisfy(Self.isText)
        }
    }

    private static func isVersion(_ octets: some Collection<UInt8>) -> Bool {
        let octets = Array(octets)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return octets.count == 8 && octets.starts(with: "HTTP/".utf8) && digits.contains(octets[5])
            && octets[6] == UInt8(ascii: ".") && digits.contains(octets[7])
    }

    private static func isRequestLine(_ line: [UInt8]) -> Bool {
        let parts = line.split(separator: 32, omittingEmptySubsequences: false)
        return parts.count == 3 && isToken(parts[0]) && !parts[1].isEmpty && isVersion(parts[2])
    }

    private static func isStatusLine(_ line: [UInt8]) -> Bool {
        let parts = line.split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false)
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return parts.count == 3 && isVersion(parts[0]) && parts[1].count == 3
            && parts[1].allSatisfy(digits.contains)
    }

    /// Whether the head has everything that RFC 6455 section 4.1 requires of a request.
    var isHandshake: Bool {
        guard let start = lines.first, start.starts(with: "GET ".utf8) else { return false }
        func values(_ name: String) -> [String] {
            fields.filter { $0[0].lowercased() == name }.map { $0[1] }
        }
        func lists(_ name: String, _ token: String) -> Bool {
            values(name).contains { value in
                value.lowercased().split(separator: ",").contains { part in
                    part.drop { $0 == " " || $0 == "\t" }.split(whereSeparator: { $0 == " " || $0 == "\t" }) == [
                        token[...]
                    ]
                }
            }
        }
        let keys = values("sec-websocket-key")
        return values("host").count == 1 && lists("upgrade", "websocket") && lists("connection", "upgrade")
            && values("sec-websocket-version") == ["13"] && keys.count == 1
            && keys[0].utf8.count == 24 && keys[0].hasSuffix("==")
    }
}
