/// Limits on the spec files of Autobahn|Testsuite.
extension Limits {
    // MARK: - What a run reads for TLS

    /// A file with certificates or a private key.
    package static let certificateFile = Limit(
        "certificate-file",
        .memory,
        4 * mebi,
        of: "a file with certificates or a private key",
        then: "the run does not begin, in one line that names the file"
    )

    /// A spec file.
    package static let specFile = Limit(
        "spec-file",
        .memory,
        mebi,
        of: "a spec file of Autobahn's that is read",
        then: "it is refused"
    )
    /// Nesting in a spec file.
    package static let specDepth = Limit(
        "spec-depth",
        .count,
        16,
        of: "lists within lists of a spec file of Autobahn's that is read",
        then: "it is refused"
    )
    /// Servers of a spec file.
    package static let specServers = Limit(
        "spec-servers",
        .count,
        256,
        of: "servers of a spec file of Autobahn's",
        then: "it is refused"
    )
    /// Lines about a spec file.
    package static let specNotes = Limit(
        "spec-notes",
        .count,
        50,
        of: "lines about keys and values of a spec file of Autobahn's",
        then: "the others are counted"
    )

    static let ofSpecs: [Limit] = [specFile, specDepth, specServers, specNotes]
}
