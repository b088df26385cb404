import WSJudge
import WSKernels
import WSLimits

extension Report {
    /// A line that shows people a part of a conversation, with the first of its octets.
    package struct WireLine: Sendable, Hashable, Codable, ExpressibleByStringLiteral {
        /// The text: `>` before what we sent, `<` before what came, `=` before what else happened.
        package var text: String
        /// The octets that went the same way before; nil where the line shows none, or the same as the line before.
        package var offset: UInt64?
        /// The first octets, at most 256, in lower-case hexadecimal digits; nil where they are not to be shown.
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

    /// How many octets of a line are shown.
    package static let mostWireOctets = Limits.wireOctets.value
}

extension Report.WireLine {
    /// Makes a line of the judge's.
    ///
    /// Octets in which a credential stands are left out, because a mask would make others of them.
    init(_ line: WSJudge.WireLine, octets: (Evidence) -> [UInt8], without credentials: Credentials) {
        self.init(line.text)
        guard let evidence = line.evidence else { return }
        offset = evidence.offset
        let shown = Array(octets(evidence).prefix(Report.mostWireOctets))
        guard !shown.isEmpty else { return }
        let text = String(decoding: shown, as: UTF8.self)
        if credentials.masked(text) == text { hex = Hex.encode(shown) }
    }
}
