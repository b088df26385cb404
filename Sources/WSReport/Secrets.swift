/// Masks the values of header fields that carry credentials.
package enum Secrets {
    /// The header fields whose values are credentials, in lower case.
    package static let fieldNames = ["authorization", "proxy-authorization", "cookie", "set-cookie"]

    /// The replacement for a credential.
    package static let mask = "***"

    /// Masks the values of credential fields in the head of an HTTP message, or in a line with a part of one.
    ///
    /// A value extends to the end of its line and over continuation lines (obs-fold, RFC 9112, 5.2). The name may be
    /// anywhere in a line, because readable wire lines have a prefix.
    ///
    /// - Parameters:
    ///   - httpText: The text.
    ///   - names: The names of further credential fields, in lower case.
    /// - Returns: The masked text.
    package static func mask(_ httpText: String, alsoNamed names: Set<String> = []) -> String {
        // Most texts contain no field.
        guard httpText.utf8.contains(UInt8(ascii: ":")) else { return httpText }
        var result: [UInt8] = []
        var isMasking = false
        var rest = Array(httpText.utf8)[...]
        while !rest.isEmpty {
            let line = rest.prefix { $0 != lineFeed }
            rest = rest.dropFirst(line.count)
            let isContinuation = line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
            let ending = line.last == carriageReturn ? line.suffix(1) : []
            if !(isMasking && isContinuation) {
                isMasking = false
                if let end = endOfFieldName(in: line, names) {
                    isMasking = true
                    result += line[..<end]
                    result += " \(mask)".utf8
                    result += ending
                } else {
                    result += line
                }
                if rest.first == lineFeed { result.append(lineFeed) }
            }
            rest = rest.dropFirst(rest.first == lineFeed ? 1 : 0)
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// The index after the colon of the first credential field in a line; nil if there is none.
    private static func endOfFieldName(in line: ArraySlice<UInt8>, _ names: Set<String>) -> Int? {
        for colon in line.indices where line[colon] == UInt8(ascii: ":") {
            var end = colon
            // Blanks before the colon are wrong but occur.
            while end > line.startIndex, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
            var start = end
            while start > line.startIndex, isNameOctet(line[start - 1]) { start -= 1 }
            // The length rules out most names.
            let length = end - start
            guard
                names.contains(where: { $0.utf8.count == length })
                    || fieldNames.contains(where: { $0.utf8.count == length })
            else { continue }
            let name = String(decoding: line[start..<end], as: UTF8.self).lowercased()
            if fieldNames.contains(name) || names.contains(name) { return colon + 1 }
        }
        return nil
    }

    private static func isNameOctet(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(octet)
        }
    }
}
