import WSKernels

/// The stimulus that was played, as text, with a digest that protects it against changes.
///
/// Script and payload references in a transcript refer to it. The text is JSON in one line, which this module does not
/// interpret.
package struct RecordedStimulus: Sendable, Hashable {
    /// The JSON without a line end.
    package let text: [UInt8]
    /// The SHA-256 of the text, in lower-case hexadecimal digits.
    package let digest: String

    /// The stimulus of a recording that is not stored: an empty object.
    package static let none = RecordedStimulus(text: Array("{}".utf8))

    /// Creates a stimulus and computes its digest.
    package init(text: [UInt8]) {
        self.text = text
        digest = Self.digest(of: text)
    }

    /// Creates a stimulus with the digest from a file.
    package init(text: [UInt8], digest: String) {
        self.text = text
        self.digest = digest
    }

    /// Whether the digest fits the text.
    package var isIntact: Bool { digest == Self.digest(of: text) }

    private static func digest(of text: [UInt8]) -> String { Hex.encode(SHA256.digest(text.span)) }
}
