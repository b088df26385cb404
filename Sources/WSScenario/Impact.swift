/// What it means for others if a requirement is violated, the worst first.
package enum Impact: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// An attacker gains something: access, another's data, or the service for nothing.
    case security
    /// Peers that are right do not work with it.
    case interoperability
    /// It falls over or hangs, or loses the connections or messages of others.
    case robustness
    /// None of these: it is only not as the text has it.
    case hygiene

    /// Orders impacts from the worst.
    package static func < (left: Self, right: Self) -> Bool {
        left.place < right.place
    }

    private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}
