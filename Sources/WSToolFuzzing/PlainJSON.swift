/// Checks written JSON strictly by the grammar of RFC 8259.
struct PlainJSON {
    private let octets: [UInt8]
    private var position = 0
    private static let deepest = 64

    /// Whether the octets are one JSON text in UTF-8.
    static func isWellFormed(_ octets: [UInt8]) -> Bool {
        guard String(validating: octets, as: UTF8.self) != nil else { return false }
        var reader = PlainJSON(octets: octets)
        guard reader.takeValue(depth: 0) else { return false }
        reader.skipBlanks()
        return reader.position == octets.count
    }

    private init(octets: [UInt8]) {
        self.octets = octets
    }

    private var current: UInt8? { position < octets.count ? octets[position] : nil }

    private mutating func skipBlanks() {
        while let octet = current, [0x20, 0x09, 0x0A, 0x0D].contains(octet) { position += 1 }
    }

    private mutating func take(_ text: String) -> Bool {
        guard octets[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func takeValue(depth: Int) -> Bool {
        skipBlanks()
        guard depth < Self.deepest else { return false }
        switch current {
        case UInt8(ascii: "{"):
            return takeList("{", "}") { reader in
                reader.skipBlanks()
                guard reader.takeString() else { return false }
                reader.skipBlanks()
                return reader.take(":") && reader.takeValue(depth: depth + 1)
            }
        case UInt8(ascii: "["): return takeList("[", "]") { $0.takeValue(depth: depth + 1) }
        case UInt8(ascii: "\""): return takeString()
        default: return take("true") || take("false") || take("null") || takeNumber()
        }
    }

    private mutating func takeList(_ open: String, _ close: String, element: (inout PlainJSON) -> Bool) -> Bool {
        guard take(open) else { return false }
        skipBlanks()
        if take(close) { return true }
        repeat {
            guard element(&self) else { return false }
            skipBlanks()
        } while take(",")
        return take(close)
    }

    private mutating func takeString() -> Bool {
        guard take("\"") else { return false }
        while let octet = current {
            position += 1
            switch octet {
            case UInt8(ascii: "\""): return true
            case ..<0x20: return false
            case UInt8(ascii: "\\"):
                guard let escaped = current else { return false }
                position += 1
                if escaped == UInt8(ascii: "u") {
                    guard takeHexDigits() else { return false }
                } else if !"\"\\/bfnrt".utf8.contains(escaped) {
                    return false
                }
            default: break
            }
        }
        return false
    }

    private mutating func takeHexDigits() -> Bool {
        for _ in 0..<4 {
            guard let digit = current, "0123456789abcdefABCDEF".utf8.contains(digit) else { return false }
            position += 1
        }
        return true
    }

    private mutating func takeDigits() -> Bool {
        let start = position
        while let digit = current, (0x30...0x39).contains(digit) { position += 1 }
        return position > start
    }

    private mutating func takeNumber() -> Bool {
        _ = take("-")
        if !take("0"), !takeDigits() { return false }
        if take("."), !takeDigits() { return false }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            return takeDigits()
        }
        return true
    }
}
