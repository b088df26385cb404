import WSJudge
import WSKernels
import WSLimits

extension Report {
    /// A line that shows a part of a conversation to people, with its first octets.
    package struct WireLine: Sendable, Hashable, Codable, ExpressibleByStringLiteral {
        /// The text: `>` begins what we sent, `<` what we received, `=` other events.
        package var text: String
        /// The number of octets before it in the same direction; nil if it shows none, or those of the line before.
        package var offset: UInt64?
        /// The first octets, at most 256, in lower-case hexadecimal digits; nil if they must not be shown.
        package var hex: String?

        /// Creates a line.
        package init(_ text: String, offset: UInt64? = nil, hex: String? = nil) {
            self.text = text
            self.offset = offset
            self.hex = hex
        }

        /// Creates a line without octets.
        package init(stringLiteral text: String) {
            self.init(text)
        }
    }

    /// The most octets that are shown of a line.
    package static let mostWireOctets = Limits.wireOctets.value
}

extension Report.WireLine {
    /// Converts a line of the judge.
    ///
    /// Octets with a credential are left out, because masking would falsify them. Frame headers may divide one in the
    /// octets, so the text counts, too.
    init(_ line: WSJudge.WireLine, octets: (Evidence) -> [UInt8], without credentials: Credentials) {
        self.init(line.text)
        guard let evidence = line.evidence else { return }
        offset = evidence.offset
        let shown = Array(octets(evidence).prefix(Report.mostWireOctets))
        guard !shown.isEmpty else { return }
        let texts = [line.text, String(decoding: shown, as: UTF8.self)]
        if texts.allSatisfy({ credentials.masked($0) == $0 }) { hex = Hex.encode(shown) }
    }
}
