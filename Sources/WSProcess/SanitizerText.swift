import WSLimits

/// Recognises the reports of AddressSanitizer, LeakSanitizer, MemorySanitizer, ThreadSanitizer and UBSan.
package enum SanitizerText {
    /// The sanitizer report that a line begins, without parts that change from run to run; nil for other lines.
    ///
    /// ```
    /// ==4711==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc 0x55…
    /// WARNING: ThreadSanitizer: data race (pid=4711)
    /// frame.c:12:5: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented in type 'int'
    /// ```
    package static func report(in line: some StringProtocol) -> String? {
        for severity in ["ERROR: ", "WARNING: "] {
            guard let start = line.firstRange(of: severity)?.upperBound else { continue }
            let rest = line[start...]
            let name = rest.prefix { $0.isLetter }
            guard name.hasSuffix("Sanitizer"), rest.dropFirst(name.count).hasPrefix(": ") else { continue }
            let end = [" on address", " on unknown address", " (pid=", " 0x"].compactMap { mark in
                rest.firstRange(of: mark)?.lowerBound
            }
            return bounded(rest[..<(end.min() ?? rest.endIndex)])
        }
        return undefinedBehaviour(in: line)
    }

    private static let longest = Limits.sanitizerLine.value

    /// A report `FILE:LINE:COLUMN: runtime error: …`; the place is required, because others use these words, too.
    private static func undefinedBehaviour(in line: some StringProtocol) -> String? {
        guard let mark = line.firstRange(of: ": runtime error: ") else { return nil }
        let place = line[..<mark.lowerBound].split(separator: ":")
        guard place.count >= 3, place.suffix(2).allSatisfy({ $0.allSatisfy(\.isNumber) }) else { return nil }
        let file = place.dropLast(2).joined(separator: ":").split(separator: "/").last ?? ""
        let position = place.suffix(2).joined(separator: ":")
        let what = withoutAddresses(line[mark.upperBound...])
        return bounded("UndefinedBehaviorSanitizer: \(file):\(position): \(what)")
    }

    private static func withoutAddresses(_ text: some StringProtocol) -> String {
        var result = ""
        var rest = Substring(text)
        while let mark = rest.firstRange(of: "0x") {
            result += rest[..<mark.upperBound] + "…"
            rest = rest[mark.upperBound...].drop { $0.isHexDigit }
        }
        return result + rest
    }

    private static func bounded(_ text: some StringProtocol) -> String {
        let printable = text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        return String(String(String.UnicodeScalarView(printable)).prefix(longest))
    }
}
