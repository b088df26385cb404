import WSKernels
import WSProtocol
import WSScenario

/// Describes frames in words, for the lines of a wire log.
enum FrameText {
    /// The header of a received frame, and its position in the stream.
    struct Received {
        var header: FrameHeader
        var offset: UInt64
    }

    /// Describes a frame of the script as it is sent to a peer of this role.
    static func sent(_ spec: FrameToSend, to role: Role) -> String {
        var text = start(spec.opcode, fin: spec.fin, rsv: spec.rsv)
        switch (role, spec.masking) {
        case (.server, .none): text += " unmasked"
        case (.client, .key), (.client, .fresh): text += " masked"
        case (.server, _), (.client, .none), (.client, .ofRole): break
        }
        text += " \(OctetCount.text(spec.payload.count))"
        if let claimed = spec.claimedLength { text += " (header claims \(claimed))" }
        if spec.lengthEncoding != .minimal { text += " (length as \(spec.lengthEncoding.rawValue))" }
        if spec.opcode == .close { return text + closing(spec.payload.octets) }
        var payload: [UInt8] = []
        spec.payload.append(0..<min(spec.payload.count, WireLog.textLength + 1), to: &payload)
        return text + " " + WireLog.quoted(payload)
    }

    /// Describes a well-formed control frame that we sent.
    static func sent(_ opcode: Opcode, _ payload: [UInt8]) -> String {
        start(opcode, fin: true, rsv: 0) + " \(OctetCount.text(payload.count))" + content(opcode, payload)
    }

    /// Describes a received control frame, with the bits and the length of its header where that was kept.
    static func received(
        _ opcode: Opcode,
        _ payload: [UInt8],
        _ last: Received?,
        _ evidence: Evidence?,
        _ subject: Case
    ) -> String {
        guard let last, last.offset == evidence?.offset else { return sent(opcode, payload) }
        var text = start(opcode, fin: last.header.fin, rsv: last.header.rsv)
        switch (subject.roleUnderTest, last.header.maskingKey) {
        case (.server, .some): text += " masked"
        case (.client, .none): text += " unmasked"
        case (.server, .none), (.client, .some): break
        }
        return text + " \(OctetCount.text(last.header.payloadLength))" + content(opcode, payload)
    }

    /// Describes the opcode and the bits of octet 0.
    private static func start(_ opcode: Opcode, fin: Bool, rsv: UInt8) -> String {
        var text = opcode.name
        if fin { text += " FIN" }
        for (bit, name) in [(4, "RSV1"), (2, "RSV2"), (1, "RSV3")] where Int(rsv) & bit != 0 { text += " \(name)" }
        return text
    }

    private static func content(_ opcode: Opcode, _ payload: [UInt8]) -> String {
        opcode == .close ? closing(payload) : " " + WireLog.quoted(payload)
    }

    private static func closing(_ payload: [UInt8]) -> String {
        let body = CloseBody.decode(payload)
        guard let code = body.code else { return payload.isEmpty ? "" : " " + WireLog.quoted(payload) }
        return body.reason.isEmpty ? " \(code)" : " \(code) \(WireLog.quoted(body.reason))"
    }
}
