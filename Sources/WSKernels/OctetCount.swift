/// Numbers of octets in words.
package enum OctetCount {
    /// The number with its noun: `1 octet`, `2 octets`.
    package static func text(_ count: some BinaryInteger) -> String { count == 1 ? "1 octet" : "\(count) octets" }
}
