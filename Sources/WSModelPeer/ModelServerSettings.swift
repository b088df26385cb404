/// What a model server is made to be.
package struct ModelServerSettings: Sendable, Hashable {
    /// The version in the Server field of its answers.
    package var version: String
    /// The subprotocols it speaks; of those a client asks for it picks the first that is among them.
    package var subprotocols: [String]
    /// The longest message it echoes; a longer one gets Close 1009 (RFC 6455 section 7.4.1).
    package var maximumMessageLength: Int
    /// How many octets may wait for a client that does not read them before it is dropped.
    package var maximumBacklog: Int
    /// What it does otherwise than a correct server.
    package var defects: Set<ModelDefect>

    /// Creates settings; the defaults are those of the command line.
    package init(
        version: String = "0.1.0",
        subprotocols: [String] = [],
        maximumMessageLength: Int = 32 * 1024 * 1024,
        maximumBacklog: Int = 128 * 1024 * 1024,
        defects: Set<ModelDefect> = []
    ) {
        self.version = version
        self.subprotocols = subprotocols
        self.maximumMessageLength = maximumMessageLength
        self.maximumBacklog = maximumBacklog
        self.defects = defects
    }
}
