import WSKernels

/// What was played, as the text that the runner made of it, and the digest that says whether it is still that text.
///
/// References to the script and to payloads mean nothing without it. The text is JSON in one line; nothing here looks
/// into it.
package struct RecordedStimulus: Sendable, Hashable {
    /// JSON without a line end.
    package let text: [UInt8]
    /// The SHA-256 of the text, in lower-case hexadecimal digits.
    package let digest: String

    /// That of a recording that is kept in no file: an empty object.
    package static let none = RecordedStimulus(text: Array("{}".utf8))

    /// Takes the text, and computes its digest.
    package init(text: [UInt8]) {
        self.text = text
        digest = Self.digest(of: text)
    }

    /// Takes the text and the digest that a file has.
    package init(text: [UInt8], digest: String) {
        self.text = text
        self.digest = digest
    }

    /// Whether the digest is that of the text.
    package var isIntact: Bool { digest == Self.digest(of: text) }

    private static func digest(of text: [UInt8]) -> String { Hex.encode(SHA256.digest(text.span)) }
}
