/// Host and port of an address, with the syntax of the WHATWG URL Standard (sections 3.5 and 4.4).
///
/// Forms that this standard rewrites, such as `1.2.3` or `0x7f.1`, are refused, so that the tested host is always the
/// one that the address shows.
package enum TargetHost {
    /// Whether a text is an IPv4 address: four decimal numbers up to 255 without leading zeros.
    package static func isIPv4(_ text: some StringProtocol) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                isNumber(part, digits: 3) && (part.utf8.count == 1 || part.first != "0") && Int(part) ?? 256 <= 255
            }
    }

    /// Whether a text is an IPv6 address, without brackets and zone.
    package static func isIPv6(_ text: some StringProtocol) -> Bool {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, !text.isEmpty else { return false }
        var pieces = 0
        for (index, half) in halves.enumerated() where !half.isEmpty {
            let parts = half.split(separator: ":", omittingEmptySubsequences: false)
            for (place, part) in parts.enumerated() {
                // The last two pieces may be written as an IPv4 address.
                if index == halves.count - 1, place == parts.count - 1, part.contains(".") {
                    guard isIPv4(part) else { return false }
                    pieces += 2
                } else {
                    guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit) else { return false }
                    pieces += 1
                }
            }
        }
        return halves.count == 2 ? pieces < 8 : pieces == 8
    }

    /// Whether a text is a name for a lookup: labels of letters, digits, `-` and `_`.
    ///
    /// A name whose last label is a number does not count, because the standard reads it as an IPv4 address.
    package static func isName(_ text: some StringProtocol) -> Bool {
        var labels = text.split(separator: ".", omittingEmptySubsequences: false)
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        guard text.utf8.count <= 254, let last = labels.last, !endsInNumber(last) else { return false }
        return labels.allSatisfy { label in
            (1...63).contains(label.utf8.count)
                && label.utf8.allSatisfy {
                    isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
    }

    /// The port in a text of digits; nil if it is none.
    package static func port(_ text: some StringProtocol) -> Int? {
        guard isNumber(text, digits: 5), let number = Int(text), number <= 65_535 else { return nil }
        return number
    }

    /// What is wrong with an invalid host, and how to correct it.
    static func problem(of host: some StringProtocol) -> String {
        if host.contains("%") { return "the host '\(host)', in which % stands; write it without escapes" }
        let last = host.split(separator: ".").last ?? ""
        if endsInNumber(last) { return "the IPv4 address '\(host)'; write four decimal numbers up to 255" }
        return "the host '\(host)', which is no name; use letters, digits, -, _ and dots"
    }

    private static func endsInNumber(_ label: some StringProtocol) -> Bool {
        if !label.isEmpty, label.utf8.allSatisfy(isDigit) { return true }
        let prefix = label.utf8.prefix(2)
        return prefix.elementsEqual("0x".utf8) || prefix.elementsEqual("0X".utf8)
            ? label.utf8.dropFirst(2).allSatisfy(isHexDigit) : false
    }

    private static func isNumber(_ text: some StringProtocol, digits: Int) -> Bool {
        (1...digits).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
    }

    private static func isDigit(_ octet: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet) }

    private static func isLetter(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet | 0x20)
    }

    private static func isHexDigit(_ octet: UInt8) -> Bool {
        isDigit(octet) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(octet | 0x20)
    }
}
