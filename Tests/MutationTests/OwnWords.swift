import WSProtocol

extension String {
    /// Names that stand in our sources alone, and placeholders: a sentence for people has none of them.
    var ownWords: [String] {
        Self.names.filter { contains($0) } + ["{", "}"].filter { contains($0) }
    }

    private static let names: [String] = {
        let rules =
            ViolationRule.allCases.map(\.rawValue) + HandshakeRule.allCases.map(\.rawValue)
            + HTTPRule.allCases.map(\.rawValue)
        return rules.filter { $0.contains("-") } + ["RFC6455-", "RFC9110-", "RFC9112-"]
    }()
}
