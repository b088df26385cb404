import WSProtocol
package import WSTranscript

/// The frames of a connection of HTTP/2 with a server in words, as they move.
package struct CarrierLines: Sendable {
    private var record = CarrierRecord(stream: 1, testing: .server)

    /// Creates the lines of a connection on which nothing has moved.
    package init() {}

    /// The frames that these octets complete, a line each.
    package mutating func take(_ parts: [CarrierPart], isSent: Bool) -> [String] {
        record.take(parts, isSent: isSent)
        return record.takeLines().map(\.text)
    }
}
