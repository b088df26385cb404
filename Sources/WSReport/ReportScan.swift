import WSLimits

/// Checks the octets of a file before they are decoded as JSON, which takes many times their length in memory.
enum ReportScan {
    /// Why a file with these octets is not decoded, as the end of a sentence; nil if it can be.
    static func problem(of octets: [UInt8]) -> String? {
        if octets.count > Limits.reportFile.value { return "it exceeds \(Limits.reportFile)" }
        var values = 0
        var depth = 0
        var deepest = 0
        var stringLength = 0
        var longest = 0
        var isInString = false
        var isEscaped = false
        for octet in octets {
            if isInString {
                stringLength += 1
                if isEscaped {
                    isEscaped = false
                } else if octet == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if octet == UInt8(ascii: "\"") {
                    isInString = false
                    longest = max(longest, stringLength)
                }
                continue
            }
            switch octet {
            case UInt8(ascii: "\""):
                isInString = true
                stringLength = 0
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                values += 1
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ","), UInt8(ascii: ":"): values += 1
            default: break
            }
        }
        if max(longest, stringLength) > Limits.reportString.value { return "it exceeds \(Limits.reportString)" }
        if values > Limits.reportValues.value { return "it exceeds \(Limits.reportValues)" }
        return deepest > Limits.reportDepth.value ? "it exceeds \(Limits.reportDepth)" : nil
    }

    /// Whether the file does not begin with a JSON object, even if it is valid JSON.
    static func isNoObject(_ octets: [UInt8]) -> Bool {
        let first = octets.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
        return first.map { Array("[\"-0123456789tfn".utf8).contains($0) } ?? false
    }
}
