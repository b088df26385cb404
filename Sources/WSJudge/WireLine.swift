/// A line that shows people a part of a conversation.
package struct WireLine: Sendable, Hashable, Codable {
    /// The text: `>` before what we sent, `<` before what came, `=` before what else happened.
    package var text: String
    /// The octets that it shows; nil where it shows none, or the same as the line before.
    package var evidence: Evidence?

    /// Creates a line.
    package init(_ text: String, evidence: Evidence? = nil) {
        self.text = text
        self.evidence = evidence
    }
}
