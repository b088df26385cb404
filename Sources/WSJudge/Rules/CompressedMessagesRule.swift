import WSDeflate
import WSKernels
import WSProtocol
import WSScenario

extension Judge {
    /// Compressed messages are what RFC 7692, 7.2.1 has a sender make, and keep to what was agreed on.
    ///
    /// 1. Each kind of fault is reported once, at its first message.
    /// 2. A stream that cannot be inflated is a finding of the rule `framing`.
    /// 3. A message whose octets show that it was not compressed, not marked or cut wrongly is a finding of its own, in
    ///    place of what else would be said of it.
    /// 4. The end of a message is an exception to the rule that only keywords make failures: where it is not as the
    ///    algorithm of 7.2.1 leaves it, no receiver can inflate the next message that refers to it.
    static let compressedMessagesRule = Rule(
        name: "compressed-messages",
        requirements: [
            "RFC7692-7.2.1-02", "RFC7692-7.2.1-03", "RFC7692-7.2.1-07", "RFC7692-7.2.1-12", "RFC7692-7.2.1-16",
            "RFC7692-7.2.1-01", "RFC7692-7.2.1-08", "RFC7692-6.1-01", "RFC7692-6.1-02",
        ],
        clientRequirements: [
            "RFC7692-7.2.1-02", "RFC7692-7.2.1-03", "RFC7692-7.2.1-07", "RFC7692-7.2.1-10", "RFC7692-7.2.1-14",
            "RFC7692-7.2.1-01", "RFC7692-7.2.1-08", "RFC7692-6.1-01", "RFC7692-6.1-02",
        ],
        part: .compression
    ) { subject in
        guard let agreed = subject.timeline.negotiation.compression else { return [] }
        var seen: Set<CompressionFault> = []
        let mistake = subject.compressionMistake.map { mistake in
            Finding(
                rule: "compressed-messages",
                axis: .behaviour,
                verdict: .fail,
                requirement: mistake.requirement,
                reason: mistake.sentence,
                evidence: [mistake.evidence],
                key: .compressed,
                kind: mistake.name
            )
        }
        return [mistake].compactMap(\.self)
            + subject.timeline.entries.flatMap { entry -> [Finding] in
                guard case .message(let message) = entry.kind, let deflated = message.deflated else { return [] }
                return CompressionFault.allCases.compactMap { fault in
                    guard let reason = fault.reason(deflated, agreed, sender: subject.roleUnderTest),
                        seen.insert(fault).inserted
                    else { return nil }
                    return Finding(
                        rule: "compressed-messages",
                        axis: .behaviour,
                        verdict: fault == .tooLarge ? .informational : .fail,
                        requirement: fault.requirement(sender: subject.roleUnderTest),
                        reason: reason,
                        evidence: [entry.evidence].compactMap(\.self),
                        key: .compressed,
                        kind: fault.rawValue
                    )
                }
            }
    }
}

/// What can be wrong with a compressed message that can be inflated.
private enum CompressionFault: String, CaseIterable {
    case tailLeft = "tail-left"
    case noEmptyBlock = "no-empty-block"
    case padding
    case window
    case context
    case tooLarge = "too-large"

    func requirement(sender: Role) -> String {
        switch self {
        case .tailLeft: "RFC7692-7.2.1-03"
        case .noEmptyBlock: "RFC7692-7.2.1-02"
        case .padding: "RFC7692-7.2.1-07"
        case .window: sender == .server ? "RFC7692-7.2.1-16" : "RFC7692-7.2.1-14"
        case .context: sender == .server ? "RFC7692-7.2.1-12" : "RFC7692-7.2.1-10"
        case .tooLarge: "RFC7692-7.2.1-01"
        }
    }

    /// What the message has of this fault, in words; nil if it does not have it.
    func reason(_ message: DeflatedMessage, _ agreed: DeflateParameters, sender: Role) -> String? {
        let side = sender == .server ? "server" : "client"
        switch self {
        case .tailLeft:
            guard message.ending == .border, message.endsWithEmptyStored else { return nil }
            return "left 00 00 FF FF at the end of a compressed message, which a sender removes (RFC 7692, 7.2.1)"
        case .noEmptyBlock:
            guard message.ending == .border, !message.endsWithEmptyStored else { return nil }
            return "ended a compressed message without the header of an empty stored block (RFC 7692, 7.2.1)"
        case .padding:
            return message.paddingFault.map {
                "filled the last octet of a block with BFINAL set with other bits than zeros, from bit \($0) on "
                    + "(RFC 7692, 7.2.1)"
            }
        case .window:
            let bits = agreed.windowBits(of: sender)
            return message.overrun.map {
                "referred \(OctetCount.text($0.distance)) back at bit \($0.bit) of a message, although "
                    + "\(side)_max_window_bits=\(bits) allows \(1 << bits) (RFC 7692, 7.2.1)"
            }
        case .context:
            guard !agreed.keepsContext(of: sender), message.reach > 0 else { return nil }
            return "referred \(OctetCount.text(message.reach)) back into earlier messages, although "
                + "\(side)_no_context_takeover was agreed on (RFC 7692, 7.2.1)"
        case .tooLarge:
            guard message.failure?.kind == .contentLimit else { return nil }
            return "sent a message of \(OctetCount.text(message.payloadLength)) that has more than "
                + "\(message.contentLength) inflated, and was not read any further"
        }
    }
}

extension DeflatedMessage {
    /// Whether the last block is an empty stored one.
    fileprivate var endsWithEmptyStored: Bool {
        guard blockCount == blocks.count, let last = blocks.last else { return blockCount > blocks.count }
        return last.type == .stored && last.contentLength == 0
    }
}
