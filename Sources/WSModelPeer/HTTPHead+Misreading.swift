import WSProtocol

/// How endpoints with defects misread a head.
extension HTTPHead {
    /// The head as a server with the defects reads it.
    func misread(by defects: Set<ModelDefect>) -> HTTPHead {
        var lines = raw.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        if defects.contains(.readsFoldsAsFields) {
            lines = lines.map { Array($0.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) }
        }
        if defects.contains(.cutsValuesAtNUL) {
            lines = lines.map { line in
                line.firstIndex(of: 0).map { Array(line[..<$0]) + [UInt8(ascii: "\r")] } ?? line
            }
        }
        let octets = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        return octets == raw ? self : HTTPHead(kind: kind, raw: octets)
    }

    /// Whether a field has the usual form: a colon, one space, the value, the end of the line.
    func hasOneSpaceBeforeValue(_ field: Field) -> Bool {
        let behind = field.value.upperBound < raw.count ? raw[field.value.upperBound] : UInt8(ascii: "\r")
        return field.value.lowerBound == field.name.upperBound + 2
            && raw[field.value.lowerBound - 1] == UInt8(ascii: " ")
            && (behind == UInt8(ascii: "\r") || behind == UInt8(ascii: "\n"))
    }
}

extension Span<UInt8> {
    /// The octets with CR LF for each CR without an LF after it.
    var withLineEndsForCarriageReturns: [UInt8] {
        var octets: [UInt8] = []
        for index in indices {
            octets.append(self[index])
            let hasLineFeed = index + 1 < count && self[index + 1] == UInt8(ascii: "\n")
            if self[index] == UInt8(ascii: "\r"), !hasLineFeed { octets.append(UInt8(ascii: "\n")) }
        }
        return octets
    }
}
