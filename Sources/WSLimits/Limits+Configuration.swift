/// Limits on configuration files.
extension Limits {
    /// A configuration file.
    package static let configurationFile = Limit(
        "configuration-file",
        .memory,
        256 * kibi,
        of: "a configuration file (`wsconform.json`) that is read",
        then: "it is refused"
    )
    /// Nesting in a configuration file.
    package static let configurationDepth = Limit(
        "configuration-depth",
        .count,
        8,
        of: "values within values of a configuration file",
        then: "it is refused"
    )

    static let ofConfiguration: [Limit] = [configurationFile, configurationDepth]
}
