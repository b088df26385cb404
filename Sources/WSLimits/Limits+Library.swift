/// Limits on what the library keeps between calls.
extension Limits {
    /// Targets of single cases about which something is remembered.
    package static let rememberedTargets = Limit(
        "remembered-targets",
        .count,
        64,
        of: "targets of single cases about which the library remembers something",
        then: "what is known of the one that was used least recently is found out again"
    )
    /// How long something is remembered about a target of single cases.
    package static let memory = Limit(
        "memory",
        .time,
        2_000,
        of: "what the library remembers about a target after its last case",
        then: "it is found out again, because another server may listen there now"
    )

    static let ofLibrary: [Limit] = [rememberedTargets, memory]
}
