extension Catalogue {
    /// The SHA-256 of all scenarios as JSON, in lower-case hexadecimal digits: two builds that agree try the same.
    ///
    /// It is recorded, not computed: encoding everything would take as long as many a run. A test holds it to the
    /// scenarios.
    package static let digest = String(
        decoding: PackageResources.digest_txt.filter { $0 != UInt8(ascii: "\n") },
        as: UTF8.self
    )
}
