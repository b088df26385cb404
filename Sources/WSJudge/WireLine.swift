/// A line that shows a part of a conversation to people.
package struct WireLine: Sendable, Hashable, Codable {
    /// The text: `>` begins what we sent, `<` what we received, `=` other events.
    package var text: String
    /// The octets that it shows; nil if it shows none, or the same as the line before.
    package var evidence: Evidence?

    /// Creates a line.
    package init(_ text: String, evidence: Evidence? = nil) {
        self.text = text
        self.evidence = evidence
    }
}
