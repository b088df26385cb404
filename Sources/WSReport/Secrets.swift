/// Keeps credentials out of reports.
package enum Secrets {
    /// The header fields whose values are credentials, in lower case.
    package static let fieldNames = ["authorization", "proxy-authorization", "cookie", "set-cookie"]

    /// What stands in for a credential.
    package static let mask = "***"

    /// A text in which the values of credential fields are masked: the head of an HTTP message, or a line that shows
    /// a part of one.
    ///
    /// A value reaches to the end of its line and over continuation lines (obs-fold, RFC 9112 section 5.2). The name
    /// may stand anywhere in a line, because readable wire lines have something before it.
    ///
    /// - Parameters:
    ///   - httpText: the text.
    ///   - names: further fields whose values are credentials, in lower case.
    /// - Returns: the text with the values masked.
    package static func mask(_ httpText: String, alsoNamed names: Set<String> = []) -> String {
        // Most texts name no field at all.
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

    /// The place after the colon of the first credential field's name in a line.
    private static func endOfFieldName(in line: ArraySlice<UInt8>, _ names: Set<String>) -> Int? {
        for colon in line.indices where line[colon] == UInt8(ascii: ":") {
            var end = colon
            // Blanks before the colon are wrong but sent all the same.
            while end > line.startIndex, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
            var start = end
            while start > line.startIndex, isNameOctet(line[start - 1]) { start -= 1 }
            // Most names are too short or too long to be one of them.
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
