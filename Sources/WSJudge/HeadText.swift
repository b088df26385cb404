import WSLimits
import WSProtocol

/// Writes the lines of a request or a response for people.
package enum HeadText {
    private static let mostLines = Limits.headLines.value
    private static let longestLine = Limits.headLine.value

    /// The lines of a head, or only its first one, with everything masked that changes from run to run.
    package static func lines(_ octets: [UInt8], whole: Bool) -> [String] {
        var all = octets.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        // The empty line that ends a head is not shown.
        while all.last?.isEmpty == true { all.removeLast() }
        guard whole else { return all.prefix(1).map(text) }
        let shown = all.prefix(mostLines).map { masked(text($0)) }
        return all.count > mostLines ? shown + ["… \(all.count - mostLines) more lines"] : shown
    }

    /// A line with what is not printable ASCII as hex escapes, so that a peer cannot write to a terminal.
    private static func text(_ line: ArraySlice<UInt8>) -> String {
        let printable = UInt8(0x20)..<0x7F
        if line.count <= longestLine, line.allSatisfy(printable.contains) {
            return String(decoding: line, as: UTF8.self)
        }
        var result = ""
        for octet in line.prefix(longestLine) {
            if printable.contains(octet) {
                result.unicodeScalars.append(Unicode.Scalar(octet))
            } else {
                result += "\\x" + String(octet >> 4, radix: 16) + String(octet & 15, radix: 16)
            }
        }
        return line.count > longestLine ? "\(result) … (\(line.count) octets)" : result
    }

    private static func masked(_ line: String) -> String {
        line.lowercased().hasPrefix("date:") ? "Date: …" : line
    }
}

extension HeadText {
    /// Cuts what a peer wrote into a head for a reason; octets that are not printable ASCII become hex escapes.
    ///
    /// The text is that of ``HTTPHead``, in which each octet is a character.
    static func excerpt(_ peers: String) -> String {
        let most = 60
        var result = ""
        for scalar in peers.unicodeScalars.prefix(most) {
            if (0x20..<0x7F).contains(scalar.value) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "\\x" + String(scalar.value >> 4 & 15, radix: 16) + String(scalar.value & 15, radix: 16)
            }
        }
        let count = peers.unicodeScalars.count
        return count > most ? "\(result)… (\(count) octets)" : result
    }
}

extension Case {
    /// Whether the scenario is decided by heads, so that the wire log shows them in full.
    var showsWholeHeads: Bool {
        guard roleUnderTest == .server else { return answersOnItsOwn || !isOpened }
        return opensOnItsOwn || timeline.agreeingHead == nil
            || !handshakeFindings.allSatisfy { $0.verdict < .tolerated }
    }
}
