package import WSProtocol

/// The settings of a model server.
package struct ModelServerSettings: Sendable, Hashable {
    /// The version in the Server field of its answers.
    package var version: String
    /// The subprotocols that it supports; it chooses the first offered one that is among them.
    package var subprotocols: [String]
    /// The answers to offers of permessage-deflate that it supports, in its order of preference; none to decline them.
    package var compression: [DeflateAnswer]
    /// The longest message it echoes; a longer one gets Close 1009 (RFC 6455 section 7.4.1).
    package var maximumMessageLength: Int
    /// The most octets that may wait for a client that does not read; with more, the connection is dropped.
    package var maximumBacklog: Int
    /// Its defects.
    package var defects: Set<ModelDefect>

    /// Creates settings; the defaults are those of the command line.
    package init(
        version: String = "0.1.0",
        subprotocols: [String] = [],
        compression: [DeflateAnswer] = [DeflateAnswer()],
        maximumMessageLength: Int = 32 * 1024 * 1024,
        maximumBacklog: Int = 128 * 1024 * 1024,
        defects: Set<ModelDefect> = []
    ) {
        self.version = version
        self.subprotocols = subprotocols
        self.compression = compression
        self.maximumMessageLength = maximumMessageLength
        self.maximumBacklog = maximumBacklog
        self.defects = defects
    }
}
