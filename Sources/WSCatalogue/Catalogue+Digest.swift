extension Catalogue {
    /// The SHA-256 of all scenarios as JSON, in lower-case hexadecimal digits; equal in builds with equal scenarios.
    ///
    /// It is recorded, because computing it would take as long as many a run. A test compares it with the scenarios.
    package static let digest = String(
        decoding: PackageResources.digest_txt.filter { $0 != UInt8(ascii: "\n") },
        as: UTF8.self
    )
}
