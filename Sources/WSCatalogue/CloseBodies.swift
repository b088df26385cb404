import WSScenario

extension Payload {
    /// The body of a Close frame: a code in network order, then a reason (RFC 6455, 5.5.1).
    static func closeBody(_ code: UInt16, reason: [UInt8] = []) -> Payload {
        .octets([UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + reason)
    }
}
